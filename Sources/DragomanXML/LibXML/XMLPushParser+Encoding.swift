// SPDX-License-Identifier: Apache-2.0
// Where the transport and a document disagree about its encoding.

extension XMLPushParser {
    /// Enough has come to begin: of a document that may have to be overruled, its declaration.
    func isHead(_ bytes: UnsafeRawBufferPointer) -> Bool {
        bytes.count >= 4
            && (!isUTF8Said || bytes.count >= XMLDeclarationBytes.countMax
                || bytes.contains(0x3E))
    }

    /// What the transport says of the encoding wins over the declaration (RFC 7303, 3): of a
    /// document that is declared to be something else than UTF-8, where the transport says UTF-8.
    func overrule(_ bytes: UnsafeRawBufferPointer) {
        if XMLDeclarationBytes(bytes).namesOtherThanUTF8 { encoding = "UTF-8" }
    }
}

/// The beginning of a document, byte by byte: every answer passes here.
private struct XMLDeclarationBytes {
    static let countMax = 200

    /// `<?xml …` up to its end; empty where the document has no declaration.
    private let bytes: UnsafeRawBufferPointer

    init(_ document: UnsafeRawBufferPointer) {
        let head = UnsafeRawBufferPointer(rebasing: document.prefix(Self.countMax))
        guard head.count >= 5, head[0] == 0x3C, head[1] == 0x3F, head[2] == 0x78,
            head[3] == 0x6D, head[4] == 0x6C
        else {
            bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        var end = 5
        while end < head.count, head[end] != 0x3E { end += 1 }
        bytes = UnsafeRawBufferPointer(rebasing: head[..<end])
    }

    var namesOtherThanUTF8: Bool {
        guard let name = end(of: "encoding", from: 5) else { return false }
        return end(of: "utf-8", from: name) == nil && end(of: "utf8", from: name) == nil
    }

    /// Where the first such word ends, in any case of its letters. `word` is in lower case.
    private func end(of word: StaticString, from start: Int) -> Int? {
        let count = word.utf8CodeUnitCount
        var place = start
        while place + count <= bytes.count {
            var index = 0
            while index < count {
                var byte = bytes[place + index]
                if byte >= 0x41, byte <= 0x5A { byte |= 0x20 }
                guard byte == word.utf8Start[index] else { break }
                index += 1
            }
            if index == count { return place + count }
            place += 1
        }
        return nil
    }
}
