// SPDX-License-Identifier: Apache-2.0
// What a reply's Content-Type tells before a byte of it is read. A backend sends the same one again
// and again: it is taken apart when it changes.

internal import DragomanDocument

struct ReplyMediaType {
    private var bytes: [UInt8] = []
    /// In lower case, without parameters; empty where nothing is said.
    private var type = ""
    /// The charset parameter where it is not UTF-8, which is the rule.
    private(set) var charset: String?
    /// The charset parameter is there and says UTF-8.
    private(set) var isUTF8 = false

    /// `contentType`: the header's value; nil for none.
    mutating func read(_ contentType: UnsafeRawBufferPointer?) {
        let given = contentType ?? UnsafeRawBufferPointer(start: nil, count: 0)
        guard !bytes.withUnsafeBytes({ Bytes.equal($0, given) }) else { return }
        bytes = Array(given)
        let text = String(decoding: bytes, as: UTF8.self)
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        type = XMLCharacters.trim(String(parts.first ?? "")).lowercased()
        charset = nil
        isUTF8 = false
        for part in parts.dropFirst() {
            let pair = part.split(separator: "=", maxSplits: 1).map {
                XMLCharacters.trim(String($0))
            }
            guard pair.count == 2, pair[0].lowercased() == "charset" else { continue }
            let value = pair[1].filter { $0 != "\"" && $0 != "'" }
            isUTF8 = ["utf-8", "utf8"].contains(value.lowercased())
            charset = isUTF8 || value.isEmpty ? nil : value
            return
        }
    }

    /// The type is that of a web page.
    var isPage: Bool { type == "text/html" || type == "application/xhtml+xml" }

    /// Why a message of this type is not read; nil where it is worth trying: servers label SOAP
    /// as text/plain and worse.
    func refusal(status: Int, what: String = "a SOAP message") -> TranslationError? {
        let said: String
        if isPage {
            said = "an HTML page (HTTP status \(status))"
        } else if type == "application/json" || type == "application/problem+json" {
            said = "JSON (HTTP status \(status))"
        } else if type.hasPrefix("multipart/") {
            said = "several parts (\(type))"
        } else {
            return nil
        }
        return TranslationError(
            .message, keyword: "mediaType",
            "The backend answered with \(said), not with \(what).")
    }
}
