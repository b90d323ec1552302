// SPDX-License-Identifier: Apache-2.0
// Text of paths: when two segments are the same, and what a captured one says.
//
// A literal is compared in a canonical form (RFC 3986, 6.2.2): escapes of unreserved characters are
// decoded, other escapes have capital hexadecimal digits, and bytes that no path may hold bare are
// escaped. So `/caf%c3%a9` is `/café`, `%61` is `a`, and `%2F` stays apart from `/`.

package import DragomanDocument

package enum PathText {
    package typealias Decoding = PercentCoding.Decoding

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
            guard let decoded = PercentCoding.escape(source, index) else {
                isWhole = false
                output.append(byte)
                index += 1
                continue
            }
            if decoding.keeps(decoded) {
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
            guard index + 1 < end, let decoded = PercentCoding.escape(source, index - 1) else {
                return byte
            }
            index &+= 2
            if PercentCoding.isUnreserved(decoded) { return decoded }
            value = decoded
        }
        pending =
            UInt16(PercentCoding.digit(value >> 4)) << 8 | UInt16(PercentCoding.digit(value & 15))
        return 0x25
    }
}
