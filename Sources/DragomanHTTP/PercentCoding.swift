// SPDX-License-Identifier: Apache-2.0
// Percent-encoding (RFC 3986 section 2.1): decoding what a client sent, encoding what goes into
// a URL. One value in, one component out; nothing that separates components survives encoding.

package import DragomanDocument

package enum PercentCoding {
    /// Decodes every escape into `output`. `plusIsSpace` as in queries and forms, never in paths.
    ///
    /// - Returns: false for a malformed escape, a NUL, or octets that are no UTF-8; what was
    ///   appended then is to be thrown away.
    package static func decode(
        _ text: UnsafeRawBufferPointer, plusIsSpace: Bool, into output: inout [UInt8]
    ) -> Bool {
        let start = output.count
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case Octet.percent:
                guard index + 1 < text.count, let high = Octet.hex(text[index]),
                    let low = Octet.hex(text[index + 1])
                else { return false }
                if high == 0, low == 0 { return false }
                output.append(high << 4 | low)
                index += 2
            case Octet.plus where plusIsSpace: output.append(Octet.space)
            case 0: return false
            default: output.append(byte)
            }
        }
        return output.withUnsafeBytes { all in
            let decoded = UnsafeRawBufferPointer(rebasing: all[start...])
            return TextScan.firstInvalidUTF8(decoded) == nil
        }
    }

    /// The decoded text, or nil as `decode` says.
    package static func decoded(
        _ text: UnsafeRawBufferPointer, plusIsSpace: Bool
    ) -> String? {
        var octets: [UInt8] = []
        octets.reserveCapacity(text.count)
        guard decode(text, plusIsSpace: plusIsSpace, into: &octets) else { return nil }
        return String(decoding: octets, as: UTF8.self)
    }

    /// Decodes all escapes but those of reserved characters (RFC 3986 section 2.2), which stay
    /// as they are: for a variable of several path segments (google.api.http).
    ///
    /// - Returns: as `decode`.
    package static func decodeKeepingReserved(
        _ text: UnsafeRawBufferPointer, into output: inout [UInt8]
    ) -> Bool {
        let start = output.count
        var index = 0
        while index < text.count {
            let byte = text[index]
            guard byte == Octet.percent else {
                if byte == 0 { return false }
                output.append(byte)
                index += 1
                continue
            }
            guard index + 2 < text.count, let high = Octet.hex(text[index + 1]),
                let low = Octet.hex(text[index + 2])
            else { return false }
            let decoded = high << 4 | low
            if decoded == 0 { return false }
            if isReserved(decoded) {
                output.append(contentsOf: text[index..<(index + 3)])
            } else {
                output.append(decoded)
            }
            index += 3
        }
        return output.withUnsafeBytes { all in
            let decoded = UnsafeRawBufferPointer(rebasing: all[start...])
            return TextScan.firstInvalidUTF8(decoded) == nil
        }
    }

    /// Writes the octets with everything but unreserved characters escaped: right for a path
    /// segment and for a name or value of a query alike.
    package static func encode(_ text: UnsafeRawBufferPointer, into output: OutputBuffer) {
        for byte in text {
            if isUnreserved(byte) { output.append(byte) } else { escape(byte, into: output) }
        }
    }

    package static func encode(_ text: String, into output: OutputBuffer) {
        var text = text
        text.withUTF8 { encode(UnsafeRawBufferPointer($0), into: output) }
    }

    /// As `encode`, but slashes stay: for a value of several path segments. Escapes that are
    /// there already are escaped again.
    package static func encodeSegments(
        _ text: UnsafeRawBufferPointer, into output: OutputBuffer
    ) {
        for byte in text {
            if isUnreserved(byte) || byte == Octet.slash {
                output.append(byte)
            } else {
                escape(byte, into: output)
            }
        }
    }

    package static func encoded(_ text: String) -> String {
        let output = OutputBuffer(capacity: text.utf8.count + 16)
        encode(text, into: output)
        return output.string
    }

    private static func escape(_ byte: UInt8, into output: OutputBuffer) {
        let digits: StaticString = "0123456789ABCDEF"
        output.append(Octet.percent)
        output.append(digits.utf8Start[Int(byte >> 4)])
        output.append(digits.utf8Start[Int(byte & 15)])
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case Octet.hyphen, Octet.dot, Octet.underscore, 0x7E: true
        default: false
        }
    }

    /// gen-delims and sub-delims.
    private static func isReserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x3A, 0x2F, 0x3F, 0x23, 0x5B, 0x5D, 0x40: true
        case 0x21, 0x24, 0x26, 0x27, 0x28, 0x29, 0x2A, 0x2B, 0x2C, 0x3B, 0x3D: true
        default: false
        }
    }
}
