// SPDX-License-Identifier: Apache-2.0
// Eight bytes at a time over text: where the next byte is that JSON treats specially, and
// whether bytes are UTF-8 (RFC 3629).

package enum TextScan {
    static let ones: UInt64 = 0x0101_0101_0101_0101
    static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The high bit of each byte that is a quotation mark, a backslash or a control character.
    /// Bytes after the first hit may be marked wrongly; the first never is.
    @inline(__always)
    static func escapes(_ word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        let hits =
            ((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((word &- (ones &* 0x20)) & ~word)
        return hits & highs
    }

    /// The high bit of each byte that ends a plain run of a JSON text: a quotation mark, a
    /// backslash, a control character, or a byte that is not ASCII. Bytes after the first hit may
    /// be marked wrongly; the first never is.
    @inline(__always)
    static func stops(_ word: UInt64) -> UInt64 {
        // What is not ASCII is a hit by itself, so each difference needs no second look at it.
        let quote = (word ^ (ones &* 0x22)) &- ones
        let backslash = (word ^ (ones &* 0x5C)) &- ones
        return (quote | backslash | (word &- (ones &* 0x20)) | word) & highs
    }

    @inline(__always)
    static func load(_ base: UnsafePointer<UInt8>, _ index: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
    }

    /// Index of the next quotation mark or backslash; UTF-8 is checked on the way there. A NUL
    /// with 32 readable bytes from there on must stand behind the text.
    static func endOfText(
        _ base: UnsafePointer<UInt8>, from start: Int
    ) throws(JSONFault) -> Int {
        var index = start
        while true {
            let hits = stops(load(base, index))
            if hits == 0 {
                index = plainEnd(base, from: index &+ 8)
                continue
            }
            index &+= hits.trailingZeroBitCount &>> 3
            let byte = base[index]
            if byte == 0x22 || byte == 0x5C { return index }
            if byte < 0x20 { throw JSONFault(.control, index) }
            index = try endOfMultibyte(base, from: index)
        }
    }

    /// Goes on by 32 bytes as long as none of them is a stop.
    @inline(__always)
    private static func plainEnd(_ base: UnsafePointer<UInt8>, from start: Int) -> Int {
        var index = start
        while true {
            let first = stops(load(base, index)) | stops(load(base, index &+ 8))
            let second = stops(load(base, index &+ 16)) | stops(load(base, index &+ 24))
            if first | second != 0 { return first != 0 ? index : index &+ 16 }
            index &+= 32
        }
    }

    /// Index of the next ASCII byte, from one that is not.
    @inline(__always)
    static func endOfMultibyte(
        _ base: UnsafePointer<UInt8>, from start: Int
    ) throws(JSONFault) -> Int {
        var index = start
        repeat {
            // Bits of the lead byte stand lowest. RFC 3629: no overlong form, no surrogate,
            // nothing above U+10FFFF.
            let word = UInt32(
                littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt32.self))
            if word & 0xC0E0 == 0x80C0, word & 0x1E != 0 {
                index &+= 2
            } else if word & 0xC0_C0F0 == 0x80_80E0, word & 0x200F != 0,
                word & 0x200F != 0x200D
            {
                index &+= 3
            } else if word & 0xC0C0_C0F8 == 0x8080_80F0, word & 0x3007 != 0,
                word & 0x04 == 0 || word & 0x3003 == 0
            {
                index &+= 4
            } else {
                throw JSONFault(.encoding, index)
            }
        } while base[index] >= 0x80
        return index
    }

    /// The high bit of each byte that is not the one that `pattern` repeats; exact for each byte.
    @inline(__always)
    private static func differing(_ word: UInt64, _ pattern: UInt64) -> UInt64 {
        let difference = word ^ pattern
        return ((difference & ~highs) &+ ~highs) | difference
    }

    /// Index of the next byte that is no white space.
    @inline(never)
    static func endOfSpace(_ base: UnsafePointer<UInt8>, from start: Int) -> Int {
        var index = start
        while true {
            let word = load(base, index)
            let others = word ^ ones &* 0x20
            if others == 0 {
                index &+= 8
                continue
            }
            // Mostly spaces lead to what is none.
            let end = index &+ others.trailingZeroBitCount &>> 3
            if base[end] > 0x20 { return end }
            let hits =
                differing(word, ones &* 0x20) & differing(word, ones &* 0x0A)
                & differing(word, ones &* 0x0D) & differing(word, ones &* 0x09) & highs
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
    }

    /// The high bit of each byte that is no digit; exact for each byte.
    @inline(__always)
    static func others(_ word: UInt64) -> UInt64 {
        let low = word & ~highs
        let isAbove = low &+ ones &* 0x46
        let isFrom = low &+ ones &* 0x50
        return (isAbove | ~isFrom | word) & highs
    }

    /// Index of the next byte that is no digit.
    @inline(__always)
    static func endOfDigits(_ base: UnsafePointer<UInt8>, from start: Int) -> Int {
        var index = start
        while true {
            // A digit neither falls below zero nor rises above 127; what stands behind the first
            // that does may be marked wrongly.
            let word = load(base, index)
            let hits = ((word &+ ones &* 0x46) | (word &- ones &* 0x30)) & highs
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
    }

    /// Index of the first byte at or after `start` that must be escaped in JSON, else `count`.
    package static func firstEscape(
        _ base: UnsafePointer<UInt8>, from start: Int, count: Int
    ) -> Int {
        var index = start
        while index &+ 8 <= count {
            let hits = escapes(load(base, index))
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < count {
            let byte = base[index]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { return index }
            index &+= 1
        }
        return count
    }

    /// What a text is to a writer of JSON.
    package enum Form: UInt8 {
        /// No UTF-8.
        case broken
        /// Some byte needs an escape, or may.
        case escaped
        /// No byte needs an escape.
        case plain
    }

    /// Checks UTF-8 and looks for escapes in one go.
    package static func form(_ bytes: UnsafeRawBufferPointer) -> Form {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return .plain
        }
        let count = bytes.count
        var hits: UInt64 = 0
        var all: UInt64 = 0
        if count >= 8 {
            // The last word may overlap the one before it.
            let last = count &- 8
            var index = 0
            while index < last {
                let word = load(base, index)
                hits |= escapes(word)
                all |= word
                index &+= 8
            }
            let word = load(base, last)
            hits |= escapes(word)
            all |= word
        } else if count > 0 {
            all = shortWord(base, count)
            hits = escapes(all)
        }
        if all & highs != 0, firstInvalidUTF8(bytes) != nil { return .broken }
        return hits == 0 ? .plain : .escaped
    }

    /// All of one to seven bytes, some of them twice, and spaces where three do not fill a word.
    @inline(__always)
    private static func shortWord(_ base: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        if count >= 4 {
            let start = UnsafeRawPointer(base)
            let first = start.loadUnaligned(as: UInt32.self)
            let last = start.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            return UInt64(first) | UInt64(last) &<< 32
        }
        let three =
            UInt64(base[0]) | UInt64(base[count &>> 1]) &<< 8 | UInt64(base[count &- 1]) &<< 16
        return three | 0x2020_2020_2000_0000
    }

    /// No byte needs an escape in JSON.
    package static func isPlain(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return true }
        return firstEscape(base, from: 0, count: bytes.count) == bytes.count
    }

    /// Length of the UTF-8 sequence that starts at `pointer`, or 0 if it is not well-formed
    /// (RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF). Reads no byte after
    /// the first that is wrong, so a NUL behind the text is end enough.
    package static func sequenceLength(_ pointer: UnsafePointer<UInt8>) -> Int {
        let first = pointer[0]
        if first < 0x80 { return 1 }
        if first < 0xC2 || first > 0xF4 { return 0 }
        let second = pointer[1]
        if first < 0xE0 { return second & 0xC0 == 0x80 ? 2 : 0 }
        var low: UInt8 = 0x80
        var high: UInt8 = 0xBF
        switch first {
        case 0xE0: low = 0xA0
        case 0xED: high = 0x9F
        case 0xF0: low = 0x90
        case 0xF4: high = 0x8F
        default: break
        }
        if second < low || second > high || pointer[2] & 0xC0 != 0x80 { return 0 }
        if first < 0xF0 { return 3 }
        return pointer[3] & 0xC0 == 0x80 ? 4 : 0
    }

    /// Index of the first byte that is not well-formed UTF-8, or nil.
    package static func firstInvalidUTF8(_ bytes: UnsafeRawBufferPointer) -> Int? {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return nil }
        let count = bytes.count
        var index = 0
        while index < count {
            while index &+ 8 <= count, load(base, index) & highs == 0 { index &+= 8 }
            if index == count { return nil }
            if base[index] < 0x80 {
                index &+= 1
                continue
            }
            let left = count &- index
            if left >= 4 {
                let length = sequenceLength(base + index)
                if length == 0 { return index }
                index &+= length
            } else {
                guard let length = tailLength(base + index, left) else { return index }
                index &+= length
            }
        }
        return nil
    }

    /// The last bytes of a buffer, copied where a NUL follows them.
    private static func tailLength(_ pointer: UnsafePointer<UInt8>, _ count: Int) -> Int? {
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4) { copy in
            for index in 0..<4 { copy[index] = index < count ? pointer[index] : 0 }
            guard let base = copy.baseAddress else { return nil }
            let length = sequenceLength(UnsafePointer(base))
            return length == 0 ? nil : length
        }
    }

    /// Unicode scalars in well-formed UTF-8.
    package static func scalarCount(_ bytes: UnsafeRawBufferPointer) -> Int {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else { return 0 }
        var index = 0
        var continuations = 0
        while index &+ 8 <= bytes.count {
            let word = load(base, index)
            continuations &+= (word & ~(word &<< 1) & highs).nonzeroBitCount
            index &+= 8
        }
        while index < bytes.count {
            if base[index] & 0xC0 == 0x80 { continuations &+= 1 }
            index &+= 1
        }
        return bytes.count &- continuations
    }
}
