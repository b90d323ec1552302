// SPDX-License-Identifier: Apache-2.0
// Octet classes of RFC 9110 and RFC 9112, and the loops over many octets that the parsers and
// the field storage share.

#if canImport(Glibc)
    internal import Glibc
#endif

/// Octets with a name of their own in the grammar of HTTP.
@usableFromInline
enum Octet {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let space: UInt8 = 0x20
    static let quote: UInt8 = 0x22
    static let hash: UInt8 = 0x23
    static let percent: UInt8 = 0x25
    static let asterisk: UInt8 = 0x2A
    static let plus: UInt8 = 0x2B
    static let comma: UInt8 = 0x2C
    static let hyphen: UInt8 = 0x2D
    static let dot: UInt8 = 0x2E
    static let slash: UInt8 = 0x2F
    static let zero: UInt8 = 0x30
    static let colon: UInt8 = 0x3A
    static let semicolon: UInt8 = 0x3B
    static let equals: UInt8 = 0x3D
    static let question: UInt8 = 0x3F
    static let at: UInt8 = 0x40
    static let backslash: UInt8 = 0x5C
    static let underscore: UInt8 = 0x5F
    static let delete: UInt8 = 0x7F

    /// A letter in lower case; every other octet unchanged.
    @inline(__always)
    static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    @inline(__always)
    static func isSpaceOrTab(_ byte: UInt8) -> Bool { byte == space || byte == tab }

    /// The value of a hexadecimal digit, or nil.
    @inline(__always)
    static func hex(_ byte: UInt8) -> UInt8? {
        if byte &- 0x30 < 10 { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : nil
    }
}

/// For each octet its lower case if it may stand in a token (RFC 9110 section 5.6.2), else 0.
///
/// Proof for `nonisolated(unsafe)`: the 256 octets are written here, before the pointer can be
/// read, and neither changed nor freed afterwards.
nonisolated(unsafe) let tokenTable: UnsafePointer<UInt8> = {
    let table = UnsafeMutablePointer<UInt8>.allocate(capacity: 256)
    table.initialize(repeating: 0, count: 256)
    for byte in UInt8(0x61)...0x7A {
        table[Int(byte)] = byte
        table[Int(byte) - 0x20] = byte
    }
    for byte in UInt8(0x30)...0x39 { table[Int(byte)] = byte }
    for byte in "!#$%&'*+-.^_`|~".utf8 { table[Int(byte)] = byte }
    return UnsafePointer(table)
}()

/// Eight octets at a time.
enum OctetScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    @inline(__always)
    private static func load(_ base: UnsafePointer<UInt8>, _ index: Int) -> UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt64.self))
    }

    /// Index of the first octet from `start` on that may not stand in a field value (a control
    /// other than HTAB; RFC 9110 section 5.5), else `end`.
    @inline(__always)
    static func firstControl(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index &+ 8 <= end {
            let word = load(base, index)
            let delete = word ^ (ones &* 0x7F)
            let below = (word &- (ones &* 0x20)) & ~word
            let hits = (below | ((delete &- ones) & ~delete)) & highs
            if hits == 0 {
                index &+= 8
                continue
            }
            index &+= hits.trailingZeroBitCount &>> 3
            if base[index] != Octet.tab { return index }
            index &+= 1
        }
        while index < end {
            let byte = base[index]
            if byte < 0x20 ? byte != Octet.tab : byte == Octet.delete { return index }
            index &+= 1
        }
        return end
    }

    /// Index of the first octet from `start` on that may not stand in a request target: space,
    /// control, anything that is not ASCII, and `#` (a fragment is never sent); else `end`.
    @inline(__always)
    static func firstOutsideTarget(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index &+ 8 <= end {
            let word = load(base, index)
            let delete = word ^ (ones &* 0x7F)
            let hash = word ^ (ones &* 0x23)
            let low = word &- (ones &* 0x21)
            let hits = (low | word | (delete &- ones) | ((hash &- ones) & ~hash)) & highs
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < end {
            let byte = base[index]
            if byte <= 0x20 || byte >= 0x7F || byte == Octet.hash { return index }
            index &+= 1
        }
        return end
    }

    /// Index of the first `%` or `.` from `start` on, else `end`.
    @inline(__always)
    static func firstPercentOrDot(_ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int) -> Int {
        var index = start
        while index &+ 8 <= end {
            let word = load(base, index)
            let percent = word ^ (ones &* 0x25)
            let dot = word ^ (ones &* 0x2E)
            let hits =
                (((percent &- ones) & ~percent) | ((dot &- ones) & ~dot)) & highs
            if hits != 0 { return index &+ hits.trailingZeroBitCount &>> 3 }
            index &+= 8
        }
        while index < end {
            if base[index] == Octet.percent || base[index] == Octet.dot { return index }
            index &+= 1
        }
        return end
    }

    /// Index of the first `byte` in `start..<end`, else nil.
    @inline(__always)
    static func first(
        _ byte: UInt8, _ base: UnsafePointer<UInt8>, _ start: Int, _ end: Int
    ) -> Int? {
        guard start < end, let hit = memchr(base + start, Int32(byte), end - start) else {
            return nil
        }
        return UnsafeRawPointer(hit) - UnsafeRawPointer(base)
    }

    /// Whether two runs of the same length hold the same octets.
    @inline(__always)
    static func equal(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ count: Int
    ) -> Bool {
        memcmp(first, second, count) == 0
    }

    /// The same, letters compared without case.
    static func equalIgnoringCase(
        _ first: UnsafePointer<UInt8>, _ second: UnsafePointer<UInt8>, _ count: Int
    ) -> Bool {
        for index in 0..<count where Octet.lower(first[index]) != Octet.lower(second[index]) {
            return false
        }
        return true
    }
}
