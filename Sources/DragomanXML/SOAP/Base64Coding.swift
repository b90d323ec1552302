// SPDX-License-Identifier: Apache-2.0
// Base64 between attachments, which are bytes, and JSON, which has text (RFC 4648, 4).

internal import DragomanDocument

enum Base64Coding {
    private static let alphabet: StaticString =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

    /// Appends the text of `bytes`, padded.
    static func encode(_ bytes: UnsafeRawBufferPointer, to output: OutputBuffer) {
        let digits = alphabet.utf8Start
        output.append(atMost: (bytes.count + 2) / 3 * 4) { place in
            var target = 0
            var index = 0
            while index < bytes.count {
                let left = bytes.count - index
                let second = left > 1 ? bytes[index + 1] : 0
                let third = left > 2 ? bytes[index + 2] : 0
                let bits = UInt32(bytes[index]) << 16 | UInt32(second) << 8 | UInt32(third)
                place[target] = digits[Int(bits >> 18 & 63)]
                place[target + 1] = digits[Int(bits >> 12 & 63)]
                place[target + 2] = left > 1 ? digits[Int(bits >> 6 & 63)] : 0x3D
                place[target + 3] = left > 2 ? digits[Int(bits & 63)] : 0x3D
                target += 4
                index += 3
            }
            return target
        }
    }

    /// Appends the bytes that a text stands for, white space in it skipped.
    /// - Returns: false where it is no base64.
    static func decode(_ text: UnsafeRawBufferPointer, to output: OutputBuffer) -> Bool {
        var bits: UInt32 = 0
        var count = 0
        var padding = 0
        for byte in text {
            let digit: UInt32
            switch byte {
            case 0x41...0x5A: digit = UInt32(byte - 0x41)
            case 0x61...0x7A: digit = UInt32(byte - 0x47)
            case 0x30...0x39: digit = UInt32(byte + 4)
            case 0x2B: digit = 62
            case 0x2F: digit = 63
            case 0x3D:
                padding += 1
                continue
            case 0x20, 0x09, 0x0A, 0x0D: continue
            default: return false
            }
            if padding > 0 { return false }
            bits = bits << 6 | digit
            count += 1
            if count == 4 {
                output.append(UInt8(truncatingIfNeeded: bits >> 16))
                output.append(UInt8(truncatingIfNeeded: bits >> 8))
                output.append(UInt8(truncatingIfNeeded: bits))
                (bits, count) = (0, 0)
            }
        }
        switch count {
        case 0: return padding == 0
        case 2:
            output.append(UInt8(truncatingIfNeeded: bits >> 4))
            return padding == 2
        case 3:
            output.append(UInt8(truncatingIfNeeded: bits >> 10))
            output.append(UInt8(truncatingIfNeeded: bits >> 2))
            return padding == 1
        default: return false
        }
    }
}
