// SPDX-License-Identifier: Apache-2.0
// Text of paths: when two segments are the same, and what a captured one says.
//
// A literal is compared in a canonical form (RFC 3986, 6.2.2): escapes of unreserved characters are
// decoded, other escapes have capital hexadecimal digits, and bytes that no path may hold bare are
// escaped. So `/caf%c3%a9` is `/café`, `%61` is `a`, and `%2F` stays apart from `/`.

package enum PathText {
    /// Which escapes stay as they are when a captured text is decoded.
    package enum Decoding: Sendable, Hashable {
        /// Every escape is decoded; what a variable of one segment takes.
        case all
        /// Escapes of reserved characters (`!#$&'()*+,/:;=?@[]`) stay; a variable of several
        /// segments takes this, so that `/` and `%2F` are told apart.
        case allButReserved
        /// Only `%2F` stays.
        case allButSlash
    }

    /// Appends the text that `source` stands for; `+` is itself. False where an escape is broken,
    /// which then stays as it is.
    @discardableResult
    package static func decode(
        _ source: UnsafeRawBufferPointer, _ decoding: Decoding, into output: inout [UInt8]
    ) -> Bool {
        var isWhole = true
        var index = 0
        while index < source.count {
            let byte = source[index]
            guard byte == 0x25 else {
                output.append(byte)
                index += 1
                continue
            }
            guard let decoded = escape(source, index) else {
                isWhole = false
                output.append(byte)
                index += 1
                continue
            }
            if keeps(decoded, decoding) {
                output.append(byte)
                output.append(source[index + 1])
                output.append(source[index + 2])
            } else {
                output.append(decoded)
            }
            index += 3
        }
        return isWhole
    }

    /// The same as a String, broken UTF-8 replaced; for messages and tests.
    package static func decoded(
        _ source: UnsafeRawBufferPointer, _ decoding: Decoding
    ) -> String {
        var bytes: [UInt8] = []
        decode(source, decoding, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private static func keeps(_ byte: UInt8, _ decoding: Decoding) -> Bool {
        switch decoding {
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

    /// The byte that the escape at `index` stands for; nil where it is none.
    @inline(__always)
    static func escape(_ source: UnsafeRawBufferPointer, _ index: Int) -> UInt8? {
        guard index + 2 < source.count, let high = hexValue(source[index + 1]),
            let low = hexValue(source[index + 2])
        else { return nil }
        return high << 4 | low
    }

    @inline(__always)
    private static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte &- 0x30
        case 0x41...0x46: byte &- 0x37
        case 0x61...0x66: byte &- 0x57
        default: nil
        }
    }

    /// `ALPHA / DIGIT / "-" / "." / "_" / "~"`
    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: true
        default: false
        }
    }

    /// The canonical form of a segment.
    package static func canonical(_ segment: some Sequence<UInt8>) -> [UInt8] {
        let source = Array(segment)
        var output: [UInt8] = []
        source.withUnsafeBytes { source in
            var walk = CanonicalBytes(source, 0, source.count)
            while let byte = walk.next() { output.append(byte) }
        }
        return output
    }
}

/// The bytes of a segment's canonical form, one after the other and nothing stored.
struct CanonicalBytes {
    private let source: UnsafeRawBufferPointer
    private var index: Int
    private let end: Int
    /// Two hexadecimal digits that are still to come, the first in the high byte.
    private var pending: UInt16 = 0

    @inline(__always)
    init(_ source: UnsafeRawBufferPointer, _ start: Int, _ end: Int) {
        self.source = source
        index = start
        self.end = end
    }

    @inline(__always)
    mutating func next() -> UInt8? {
        if pending != 0 { return nextPending() }
        guard index < end else { return nil }
        let byte = source[index]
        index &+= 1
        if byte > 0x20, byte < 0x7F, byte != 0x25 { return byte }
        return escaped(byte)
    }

    private mutating func nextPending() -> UInt8 {
        let first = UInt8(truncatingIfNeeded: pending >> 8)
        if first != 0 {
            pending &= 0xFF
            return first
        }
        let second = UInt8(truncatingIfNeeded: pending)
        pending = 0
        return second
    }

    /// An escape, or a byte that must be one.
    private mutating func escaped(_ byte: UInt8) -> UInt8 {
        var value = byte
        if byte == 0x25 {
            guard index + 1 < end, let decoded = PathText.escape(source, index - 1) else {
                return byte
            }
            index &+= 2
            if PathText.isUnreserved(decoded) { return decoded }
            value = decoded
        }
        pending = UInt16(Self.digit(value >> 4)) << 8 | UInt16(Self.digit(value & 15))
        return 0x25
    }

    private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? 0x30 + value : 0x37 + value
    }
}
