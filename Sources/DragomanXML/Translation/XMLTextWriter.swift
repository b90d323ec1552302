// SPDX-License-Identifier: Apache-2.0
// Text into XML: escaped so that it can never become markup and comes back equal, eight bytes at
// a time where nothing needs an escape.

package import DragomanDocument

package enum XMLTextWriter {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    private static func equals(_ word: UInt64, _ byte: UInt64) -> UInt64 {
        let difference = word ^ (ones &* byte)
        return (difference &- ones) & ~difference
    }

    /// Index of the first byte that is not written as it is, else `count`.
    @inline(__always)
    private static func firstSpecial(
        _ base: UnsafePointer<UInt8>, from start: Int, count: Int
    ) -> Int {
        var index = start
        while index &+ 8 <= count {
            let word = UInt64(
                littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
            // Controls, markup, the quotation mark, and 0xEF, which begins U+FFFE and U+FFFF.
            let hits =
                (((word &- (ones &* 0x20)) & ~word) | equals(word, 0x3C) | equals(word, 0x3E)
                    | equals(word, 0x26) | equals(word, 0x22) | equals(word, 0xEF)) & highs
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count {
            let byte = base[index]
            if byte < 0x20 || byte == 0x3C || byte == 0x3E || byte == 0x26 || byte == 0x22
                || byte == 0xEF
            {
                return index
            }
            index &+= 1
        }
        return count
    }

    /// Appends well-formed UTF-8 as character data or as an attribute's value.
    /// - Returns: whether every character has a place in XML 1.0; if not, nothing more is written.
    @inline(__always)
    package static func append(
        _ bytes: UnsafeRawBufferPointer, to output: OutputBuffer, inAttribute: Bool
    ) -> Bool {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return true
        }
        let stop = firstSpecial(base, from: 0, count: bytes.count)
        output.append(base, count: stop)
        if stop == bytes.count { return true }
        return appendRest(base, stop, bytes.count, to: output, inAttribute: inAttribute)
    }

    @inline(never)
    private static func appendRest(
        _ base: UnsafePointer<UInt8>, _ start: Int, _ count: Int, to output: OutputBuffer,
        inAttribute: Bool
    ) -> Bool {
        var stop = start
        while stop < count {
            switch base[stop] {
            case 0x3C: output.append("&lt;")
            case 0x3E: output.append("&gt;")
            case 0x26: output.append("&amp;")
            case 0x0D: output.append("&#13;")
            case 0x22 where inAttribute: output.append("&quot;")
            case 0x09 where inAttribute: output.append("&#9;")
            case 0x0A where inAttribute: output.append("&#10;")
            case 0x22, 0x09, 0x0A: output.append(base[stop])
            case 0xEF:
                if stop + 2 < count, base[stop + 1] == 0xBF, base[stop + 2] >= 0xBE {
                    return false
                }
                output.append(base[stop])
            default: return false
            }
            let next = firstSpecial(base, from: stop + 1, count: count)
            output.append(base + stop + 1, count: next - stop - 1)
            stop = next
        }
        return true
    }
}
