// SPDX-License-Identifier: Apache-2.0
// Where the transport and a document disagree about its encoding.

extension XMLPushParser {
    /// Enough has come to begin: of a document that may have to be overruled, its declaration.
    func isHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4 && (!isUTF8Said || bytes.count >= 200 || bytes.contains(0x3E))
    }

    /// What the transport says of the encoding wins over the declaration (RFC 7303, 3): of a
    /// document that is declared to be something else than UTF-8, where the transport says UTF-8.
    func overrule(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.starts(with: "<?xml".utf8) else { return }
        let declaration = String(
            decoding: bytes.prefix(200).prefix { $0 != 0x3E }, as: UTF8.self
        ).lowercased()
        guard let name = declaration.firstRange(of: "encoding") else { return }
        let value = declaration[name.upperBound...]
        if !value.contains("utf-8"), !value.contains("utf8") { encoding = "UTF-8" }
    }
}
