// SPDX-License-Identifier: Apache-2.0
// Percent-encoding of URLs (RFC 3986, 2.1): decoding what a client sent, encoding what goes into an
// address. One value in, one component out; nothing that separates components survives encoding.

package enum PercentCoding {
    /// Which escapes stay as they are.
    package enum Decoding: Sendable, Hashable {
        /// Every escape is decoded; what a variable of one segment takes.
        case all
        /// Escapes of reserved characters (`!#$&'()*+,/:;=?@[]`) stay; a variable of several
        /// segments takes this, so that `/` and `%2F` are told apart.
        case allButReserved
        /// Only `%2F` stays.
        case allButSlash

        /// Whether the escape of that octet stays.
        package func keeps(_ byte: UInt8) -> Bool {
            switch self {
            case .all: return false
            case .allButSlash: return byte == 0x2F
            case .allButReserved:
                switch byte {
                case 0x21, 0x23, 0x24, 0x26...0x2C, 0x2F, 0x3A, 0x3B, 0x3D, 0x3F, 0x40, 0x5B, 0x5D:
                    return true
                default: return false
                }
            }
        }
    }

    /// Appends `bytes`, everything but unreserved characters escaped: right for a path segment and
    /// for a name or value of a query alike.
    package static func encode(_ bytes: UnsafeRawBufferPointer, to buffer: OutputBuffer) {
        for byte in bytes {
            if isUnreserved(byte) {
                buffer.append(byte)
            } else {
                buffer.append(0x25)
                buffer.append(digit(byte >> 4))
                buffer.append(digit(byte & 15))
            }
        }
    }

    /// Appends `bytes` with escapes resolved, but for those of `keeping`. `plusIsSpace`: as in
    /// queries and forms, never in paths. False where an escape is malformed or the text is not
    /// UTF-8; what was appended then is to be thrown away.
    package static func decode(
        _ bytes: UnsafeRawBufferPointer, plusIsSpace: Bool, keeping: Decoding,
        to buffer: OutputBuffer
    ) -> Bool {
        let start = buffer.count
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if byte == 0x2B, plusIsSpace {
                buffer.append(0x20)
            } else if byte == 0x25 {
                guard let value = escape(bytes, index - 1) else { return false }
                if keeping.keeps(value) {
                    buffer.append(0x25)
                    buffer.append(bytes[index])
                    buffer.append(bytes[index + 1])
                } else {
                    buffer.append(value)
                }
                index += 2
            } else {
                buffer.append(byte)
            }
        }
        let written = UnsafeRawBufferPointer(rebasing: buffer.bytes[start...])
        return TextScan.firstInvalidUTF8(written) == nil
    }

    /// The decoded text; nil as `decode` says, and where it holds a NUL.
    package static func decoded(
        _ bytes: UnsafeRawBufferPointer, plusIsSpace: Bool
    ) -> String? {
        let buffer = OutputBuffer(capacity: bytes.count + 8)
        guard decode(bytes, plusIsSpace: plusIsSpace, keeping: .all, to: buffer),
            !buffer.bytes.contains(0)
        else { return nil }
        return buffer.string
    }

    /// The octet that the escape at `index` stands for; nil where it is none.
    @inline(__always)
    package static func escape(_ source: UnsafeRawBufferPointer, _ index: Int) -> UInt8? {
        guard index + 2 < source.count, let high = hexValue(source[index + 1]),
            let low = hexValue(source[index + 2])
        else { return nil }
        return high << 4 | low
    }

    /// `ALPHA / DIGIT / "-" / "." / "_" / "~"`
    @inline(__always)
    package static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    /// The capital hexadecimal digit of a number below 16.
    @inline(__always)
    package static func digit(_ value: UInt8) -> UInt8 { value + (value > 9 ? 0x37 : 0x30) }

    @inline(__always)
    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }
}
