// SPDX-License-Identifier: Apache-2.0
// A multipart/related reply (RFC 2387) taken apart: the root part, which is the message, and the
// parts beside it, which MTOM's includes and SOAP with Attachments' references name.

package import DragomanDocument

/// A whole message of several parts. Holds the bytes that its parts lie in.
package final class MultipartMessage {
    struct Part {
        /// As it stands in the field, without its angle brackets.
        var contentID = ""
        var contentLocation = ""
        var contentType = ""
        var transferEncoding = ""
        var content = 0..<0
    }

    private let bytes: OutputBuffer
    private(set) var parts: [Part] = []
    private var rootIndex = 0

    /// Parts that one message may have.
    private static let partsMax = 1_000

    /// Takes the message in `bytes` apart, which must not change any more.
    /// `contentType`: of the whole.
    package init(
        _ bytes: OutputBuffer, contentType: UnsafeRawBufferPointer
    ) throws(TranslationError) {
        self.bytes = bytes
        let type = String(decoding: contentType, as: UTF8.self)
        guard let boundary = MultipartMessage.parameter("boundary", of: type),
            !boundary.isEmpty, boundary.utf8.count <= 200
        else {
            throw TranslationError(
                .message, keyword: "multipart",
                "The backend's multipart answer names no boundary in its Content-Type.")
        }
        try split(Array("--\(boundary)".utf8))
        guard !parts.isEmpty else {
            throw TranslationError(
                .message, keyword: "multipart",
                "The backend's multipart answer has no part between its boundaries.")
        }
        if let start = MultipartMessage.parameter("start", of: type) {
            let name = MultipartMessage.bare(start)
            rootIndex = parts.firstIndex { $0.contentID == name } ?? 0
        }
    }

    /// The root part's own Content-Type; empty where it has none.
    package var rootContentType: String {
        let type = parts[rootIndex].contentType
        // The message's own type stands in a parameter (XOP 1.0, 5; charset goes with the part).
        guard type.lowercased().hasPrefix("application/xop+xml") else { return type }
        let charset = MultipartMessage.parameter("charset", of: type)
        return "text/xml" + (charset.map { "; charset=\($0)" } ?? "")
    }

    /// Calls `body` with the root part's bytes.
    package func withRoot<Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let content = OutputBuffer(capacity: 64)
        let part = parts[rootIndex]
        if part.transferEncoding.isEmpty { return try body(raw(part)) }
        _ = decode(part, to: content)
        try body(content.bytes)
    }

    // MARK: Attachments

    /// Appends, as base64, the part that a `cid:` URL or a location means.
    /// - Returns: false where there is no such part, or its encoding can not be undone.
    func appendBase64(of reference: String, to output: OutputBuffer) -> Bool {
        guard let part = part(reference) else { return false }
        return appendBase64(part, to: output)
    }

    func appendBase64(_ part: Part, to output: OutputBuffer) -> Bool {
        if part.transferEncoding.isEmpty {
            Base64Coding.encode(raw(part), to: output)
            return true
        }
        let content = OutputBuffer(capacity: 256)
        guard decode(part, to: content) else { return false }
        Base64Coding.encode(content.bytes, to: output)
        return true
    }

    private func part(_ reference: String) -> Part? {
        if reference.lowercased().hasPrefix("cid:") {
            let name = MultipartMessage.decodedURL(String(reference.dropFirst(4)))
            return parts.first { $0.contentID == name }
                ?? parts.first { $0.contentID == reference.dropFirst(4) }
        }
        return parts.first { !$0.contentLocation.isEmpty && $0.contentLocation == reference }
    }

    /// The attachment that stands for a part of the contract: by WS-I's Content-ID (`part=…`), a
    /// Content-ID or location of its name, else the one at its position.
    func part(named name: String, position: Int) -> Part? {
        let others = parts.indices.filter { $0 != rootIndex }.map { parts[$0] }
        return others.first { $0.contentID.hasPrefix("\(name)=") }
            ?? others.first { $0.contentID == name || $0.contentLocation == name }
            ?? (others.indices.contains(position) ? others[position] : nil)
    }

    private func raw(_ part: Part) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes.bytes[part.content])
    }

    private func decode(_ part: Part, to output: OutputBuffer) -> Bool {
        switch part.transferEncoding {
        case "base64": return Base64Coding.decode(raw(part), to: output)
        case "quoted-printable": return unquote(raw(part), to: output)
        default:
            output.append(raw(part))
            return true
        }
    }

    /// RFC 2045, 6.7.
    private func unquote(_ text: UnsafeRawBufferPointer, to output: OutputBuffer) -> Bool {
        var index = 0
        while index < text.count {
            guard text[index] == 0x3D else {
                output.append(text[index])
                index += 1
                continue
            }
            if index + 1 < text.count, text[index + 1] == 0x0A {
                index += 2
                continue
            }
            guard index + 2 < text.count else { return index + 1 >= text.count }
            if text[index + 1] == 0x0D, text[index + 2] == 0x0A {
                index += 3
                continue
            }
            let digits = String(decoding: text[(index + 1)...(index + 2)], as: UTF8.self)
            guard let byte = UInt8(digits, radix: 16) else { return false }
            output.append(byte)
            index += 3
        }
        return true
    }

    // MARK: Taking apart

    private func split(_ delimiter: [UInt8]) throws(TranslationError) {
        var start: Int?
        var index = 0
        while let found = next(delimiter, from: index) {
            if let start { try add(start..<max(start, lineEnd(before: found))) }
            var after = found + delimiter.count
            let isLast = after + 1 < bytes.count && byte(after) == 0x2D && byte(after + 1) == 0x2D
            if isLast { return }
            while after < bytes.count, byte(after) != 0x0A { after += 1 }
            start = after + 1
            index = after
        }
        throw TranslationError(
            .message, keyword: "multipart",
            "The backend's multipart answer ends without its closing boundary.")
    }

    private func byte(_ index: Int) -> UInt8 { bytes.bytes[index] }

    /// The next delimiter at the start of a line.
    private func next(_ delimiter: [UInt8], from start: Int) -> Int? {
        let all = bytes.bytes
        guard let base = all.baseAddress, all.count >= delimiter.count else { return nil }
        return delimiter.withUnsafeBytes { wanted -> Int? in
            guard let first = wanted.baseAddress else { return nil }
            var index = start
            while index + wanted.count <= all.count {
                if all[index] == 0x2D, index == 0 || all[index - 1] == 0x0A,
                    Bytes.equal(base + index, first, wanted.count)
                {
                    return index
                }
                index += 1
            }
            return nil
        }
    }

    private func lineEnd(before index: Int) -> Int {
        var end = index
        if end > 0, byte(end - 1) == 0x0A { end -= 1 }
        if end > 0, byte(end - 1) == 0x0D { end -= 1 }
        return end
    }

    private func add(_ range: Range<Int>) throws(TranslationError) {
        guard parts.count < MultipartMessage.partsMax else {
            throw TranslationError(
                .size, keyword: "multipart",
                "The backend's answer has more than \(MultipartMessage.partsMax) parts.")
        }
        var part = Part()
        var index = range.lowerBound
        var field: [UInt8] = []
        while index < range.upperBound {
            var end = index
            while end < range.upperBound, byte(end) != 0x0A { end += 1 }
            var line = Array(bytes.bytes[index..<end])
            if line.last == 0x0D { line.removeLast() }
            index = min(end + 1, range.upperBound)
            if let first = line.first, first == 0x20 || first == 0x09 {
                field += line
                continue
            }
            MultipartMessage.take(field, into: &part)
            field = line
            if line.isEmpty { break }
        }
        MultipartMessage.take(field, into: &part)
        part.content = index..<range.upperBound
        parts.append(part)
    }

    private static func take(_ field: [UInt8], into part: inout Part) {
        guard let colon = field.firstIndex(of: 0x3A) else { return }
        let name = String(decoding: field[..<colon], as: UTF8.self).lowercased()
        let value = XMLCharacters.trim(
            String(decoding: field[(colon + 1)...].prefix(4_096), as: UTF8.self))
        switch XMLCharacters.trim(name) {
        case "content-id": part.contentID = bare(value)
        case "content-location": part.contentLocation = value
        case "content-type": part.contentType = value
        case "content-transfer-encoding":
            let coding = value.lowercased()
            part.transferEncoding = ["binary", "8bit", "7bit"].contains(coding) ? "" : coding
        default: break
        }
    }

    /// Without angle brackets.
    private static func bare(_ name: String) -> String {
        name.hasPrefix("<") && name.hasSuffix(">") && name.count >= 2
            ? String(name.dropFirst().dropLast()) : name
    }

    private static func decodedURL(_ text: String) -> String {
        guard text.utf8.contains(0x25) else { return text }
        var decoded: [UInt8] = []
        let bytes = Array(text.utf8)
        var index = 0
        while index < bytes.count {
            if bytes[index] == 0x25, index + 2 < bytes.count,
                let byte = UInt8(
                    String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
            {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }

    /// A parameter of a media type, its quotes undone (RFC 9110, 5.6.6).
    static func parameter(_ name: String, of type: String) -> String? {
        let bytes = Array(type.utf8)
        var index = bytes.firstIndex(of: 0x3B) ?? bytes.count
        while index < bytes.count {
            index += 1
            let start = index
            while index < bytes.count, bytes[index] != 0x3D, bytes[index] != 0x3B { index += 1 }
            let key = XMLCharacters.trim(String(decoding: bytes[start..<index], as: UTF8.self))
            guard index < bytes.count, bytes[index] == 0x3D else { continue }
            index += 1
            var value: [UInt8] = []
            while index < bytes.count, bytes[index] == 0x20 { index += 1 }
            if index < bytes.count, bytes[index] == 0x22 {
                index += 1
                while index < bytes.count, bytes[index] != 0x22 {
                    if bytes[index] == 0x5C, index + 1 < bytes.count { index += 1 }
                    value.append(bytes[index])
                    index += 1
                }
                while index < bytes.count, bytes[index] != 0x3B { index += 1 }
            } else {
                while index < bytes.count, bytes[index] != 0x3B {
                    value.append(bytes[index])
                    index += 1
                }
            }
            if key.lowercased() == name {
                return XMLCharacters.trim(String(decoding: value, as: UTF8.self))
            }
        }
        return nil
    }

    /// Whether a Content-Type is multipart.
    package static func isMultipart(_ contentType: UnsafeRawBufferPointer) -> Bool {
        let name: StaticString = "multipart/"
        guard contentType.count >= name.utf8CodeUnitCount else { return false }
        return (0..<name.utf8CodeUnitCount).allSatisfy {
            contentType[$0] | 0x20 == name.utf8Start[$0] | 0x20
        }
    }
}
