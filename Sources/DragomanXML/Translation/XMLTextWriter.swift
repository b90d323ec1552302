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

    /// The high bit of each byte that is not written as it is: controls, markup, the quotation
    /// mark, and 0xEF, which begins U+FFFE and U+FFFF. Bytes after the first hit may be marked
    /// wrongly; the first never is.
    @inline(__always)
    private static func specials(_ word: UInt64) -> UInt64 {
        // One bit tells `<` from `>`, and one `&` from the quotation mark.
        let hits =
            ((word &- (ones &* 0x20)) & ~word) | equals(word & ~(ones &* 0x02), 0x3C)
            | equals(word & ~(ones &* 0x04), 0x22)
        return (word & highs == 0 ? hits : hits | equals(word, 0xEF)) & highs
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
            let hits = specials(word)
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

    /// Appends `<p:Name`, `>`, well-formed UTF-8 as character data, `</p:Name>`. The text stands
    /// in a Document or a plan, so that bytes behind it may be read.
    /// - Returns: as `append`; nothing is behind the text then.
    static func appendElement(
        _ open: ConstantText, _ bytes: UnsafeRawBufferPointer, _ close: ConstantText,
        to output: OutputBuffer
    ) -> Bool {
        let count = bytes.count
        var stop = 0
        output.append(atMost: open.count &+ count &+ close.count &+ 1 &+ slack) { start in
            let first = UnsafeMutableRawPointer(start)
            copy(open, to: first)
            first.storeBytes(of: 0x3E, toByteOffset: open.count, as: UInt8.self)
            let place = first + (open.count &+ 1)
            if let text = bytes.baseAddress { stop = copyPlain(text, count, to: place) }
            if stop < count { return open.count &+ 1 &+ stop }
            copy(close, to: place + count)
            return open.count &+ 1 &+ count &+ close.count
        }
        if stop == count { return true }
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            appendRest(base, stop, count, to: output, inAttribute: false)
        else { return false }
        output.append(close)
        return true
    }

    /// How many bytes copying by words may write too much.
    private static let slack = 32

    /// - Returns: how many bytes are written as they are, up to the first that is not.
    @inline(__always)
    private static func copyPlain(
        _ text: UnsafeRawPointer, _ count: Int, to place: UnsafeMutableRawPointer
    ) -> Int {
        var index = 0
        while index < count {
            let word = text.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            place.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
            var hits = specials(UInt64(littleEndian: word))
            let left = count &- index
            if left < 8 { hits &= (1 &<< UInt64(left &* 8)) &- 1 }
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        return count
    }

    /// By words, because a text of a plan is short and has bytes behind it.
    @inline(__always)
    private static func copy(_ text: ConstantText, to place: UnsafeMutableRawPointer) {
        guard let source = text.bytes.baseAddress else { return }
        guard text.count <= 32 else {
            return place.copyMemory(from: source, byteCount: text.count)
        }
        var index = 0
        repeat {
            place.storeBytes(
                of: source.loadUnaligned(fromByteOffset: index, as: UInt64.self),
                toByteOffset: index, as: UInt64.self)
            index &+= 8
        } while index < text.count
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
