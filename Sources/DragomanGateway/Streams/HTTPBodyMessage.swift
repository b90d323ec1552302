// SPDX-License-Identifier: Apache-2.0
// google.api.HttpBody on the wire: its bytes pass without becoming JSON.

internal import DragomanDocument

/// `content_type` = 1 and `data` = 2 of one message; `extensions` are passed over.
struct HTTPBodyMessage {
    static let fullName = "google.api.HttpBody"

    private(set) var contentType = ""
    /// Stands in the bytes that it was read from.
    private(set) var data = UnsafeRawBufferPointer(start: nil, count: 0)

    /// Nil where the bytes are no message.
    init?(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        func number() -> UInt64? {
            var value: UInt64 = 0
            var shift: UInt64 = 0
            while index < bytes.count, shift < 70 {
                let byte = bytes[index]
                index += 1
                if shift < 64 { value |= UInt64(byte & 0x7F) << shift }
                if byte & 0x80 == 0 { return value }
                shift += 7
            }
            return nil
        }
        while index < bytes.count {
            guard let tag = number() else { return nil }
            switch tag & 7 {
            case 0: guard number() != nil else { return nil }
            case 1: index += 8
            case 5: index += 4
            case 2:
                guard let length = number(), length <= UInt64(bytes.count - index) else {
                    return nil
                }
                let end = index + Int(length)
                let value = UnsafeRawBufferPointer(rebasing: bytes[index..<end])
                if tag >> 3 == 1 { contentType = String(decoding: value, as: UTF8.self) }
                if tag >> 3 == 2 { data = value }
                index = end
            default: return nil
            }
            if index > bytes.count { return nil }
        }
    }

    /// Appends a message; without `contentType` where that is nil.
    static func write(
        contentType: String?, data: UnsafeRawBufferPointer, to output: OutputBuffer
    ) {
        if let contentType {
            output.append(0x0A)
            length(contentType.utf8.count, to: output)
            output.append(contentType)
        }
        output.append(0x12)
        length(data.count, to: output)
        output.append(data)
    }

    private static func length(_ length: Int, to output: OutputBuffer) {
        var rest = UInt64(length)
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }
}
