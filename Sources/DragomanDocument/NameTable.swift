// SPDX-License-Identifier: Apache-2.0
// Whether the names of a large object are all different, in time that grows with their number and
// no faster: by hashes under the process's own secret, so that no sender can make names collide.

/// Hashes of texts that somebody sent.
struct SecretHash {
    private let first: UInt64
    private let second: UInt64

    static let shared = SecretHash()

    private init() {
        first = UInt64.random(in: 1...UInt64.max) | 1
        second = UInt64.random(in: 1...UInt64.max) | 1
    }

    @inline(__always)
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = a.multipliedFullWidth(by: b)
        return product.high ^ product.low
    }

    /// At least eight bytes must be readable behind `count`, as everywhere in a Document's text.
    @inline(__always)
    func hash(_ base: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
        var state = first ^ UInt64(truncatingIfNeeded: count)
        var index = 0
        while index &+ 16 < count {
            state = SecretHash.mix(
                TextScan.load(base, index) ^ second, TextScan.load(base, index &+ 8) ^ state)
            index &+= 16
        }
        let left = count &- index
        var low = TextScan.load(base, index)
        var high: UInt64 = 0
        if left < 8 {
            low &= (1 &<< UInt64(truncatingIfNeeded: left &* 8)) &- 1
        } else {
            high = TextScan.load(base, count &- 8)
        }
        return SecretHash.mix(SecretHash.mix(low ^ second, high ^ state), first)
    }
}

/// The names of one object, which is complete on the tape. A large object's names are first sorted
/// into shares by their hashes, so that each share's table stays in the processor's cache.
struct NameTable {
    let tape: UnsafePointer<UInt64>
    let text: UnsafePointer<UInt8>
    let object: Int
    let end: Int
    let count: Int
    /// Names compared byte by byte.
    private(set) var comparisons = 0

    /// Names of one share.
    private static let shareSize = 4096
    private static let sharesMax = 1024

    init(
        tape: UnsafePointer<UInt64>, text: UnsafePointer<UInt8>, object: Int, end: Int,
        count: Int
    ) {
        self.tape = tape
        self.text = text
        self.object = object
        self.end = end
        self.count = count
    }

    /// The index of the first entry that is an earlier name once more.
    mutating func firstTwice() -> Int? {
        var shares = 1
        while shares < NameTable.sharesMax, shares * NameTable.shareSize < count { shares *= 2 }
        return shares == 1 ? firstTwiceOfFew() : firstTwiceOfMany(shares)
    }

    private mutating func firstTwiceOfFew() -> Int? {
        withUnsafeTemporaryAllocation(of: UInt64.self, capacity: count) { records in
            var number = 0
            forEachName { record in
                records[number] = record
                number &+= 1
            }
            return firstTwice(among: UnsafeBufferPointer(records))
        }
    }

    private mutating func firstTwiceOfMany(_ shares: Int) -> Int? {
        let shift = UInt64(64 - shares.trailingZeroBitCount)
        let records = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
        let sorted = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: count)
        defer {
            records.deallocate()
            sorted.deallocate()
        }
        var starts = [Int](repeating: 0, count: shares + 1)
        starts.withUnsafeMutableBufferPointer { starts in
            var number = 0
            forEachName { record in
                records[number] = record
                number &+= 1
                starts[Int(truncatingIfNeeded: record &>> shift) &+ 1] &+= 1
            }
            for share in 1..<shares { starts[share + 1] &+= starts[share] }
            // From here on `starts` says where the next record of a share goes, and in the end
            // where the share after it begins.
            for record in records {
                let share = Int(truncatingIfNeeded: record &>> shift)
                sorted[starts[share]] = record
                starts[share] &+= 1
            }
        }
        var first: Int?
        var start = 0
        for share in 0..<shares {
            let few = UnsafeBufferPointer(rebasing: sorted[start..<starts[share]])
            if let twice = firstTwice(among: few) { first = min(first ?? twice, twice) }
            start = starts[share]
        }
        return first
    }

    /// Hands out each name as half its hash, above, and its index on the tape.
    @inline(__always)
    private func forEachName(_ body: (UInt64) -> Void) {
        let hash = SecretHash.shared
        var index = object &+ 1
        while index < end {
            let entry = tape[index]
            let half = hash.hash(text + Entry.offset(entry), Entry.length(entry)) &>> 32
            body(half &<< 32 | UInt64(truncatingIfNeeded: index))
            index = Entry.next(tape, index &+ 1)
        }
    }

    /// Records come in the order of their indices.
    private mutating func firstTwice(among records: UnsafeBufferPointer<UInt64>) -> Int? {
        var size = 32
        while size < records.count * 2 { size *= 2 }
        return withUnsafeTemporaryAllocation(of: UInt64.self, capacity: size) { slots in
            slots.initialize(repeating: 0)
            let mask = size - 1
            for record in records {
                // A name never stands at index 0, so no slot in use is zero.
                var slot = Int(truncatingIfNeeded: record &>> 32) & mask
                while slots[slot] != 0 {
                    if (slots[slot] ^ record) &>> 32 == 0, isSame(slots[slot], record) {
                        return Int(record & 0xFFFF_FFFF)
                    }
                    slot = (slot &+ 1) & mask
                }
                slots[slot] = record
            }
            return nil
        }
    }

    private mutating func isSame(_ left: UInt64, _ right: UInt64) -> Bool {
        comparisons &+= 1
        let name = Node(tape, text, Int(right & 0xFFFF_FFFF))
        return Node(tape, text, Int(left & 0xFFFF_FFFF)).textEquals(name.bytes)
    }
}

/// Memory for the frames of containers inside one another, kept from one reading to the next.
struct FrameStack {
    private var start: UnsafeMutablePointer<UInt64>?
    /// Frames that there is room for.
    private(set) var capacity = 0

    /// The first frame, with room for at least `wanted`; earlier frames keep their content.
    mutating func base(_ wanted: Int) -> UnsafeMutablePointer<UInt64> {
        if let start, capacity >= wanted { return start }
        let count = max(wanted, JSONCursor.framesAtFirst)
        let larger = UnsafeMutablePointer<UInt64>.allocate(
            capacity: count * JSONCursor.frameWords)
        if let start {
            larger.update(from: start, count: capacity * JSONCursor.frameWords)
            start.deallocate()
        }
        start = larger
        capacity = count
        return larger
    }

    /// Gives back what more than `bytesMax` bytes of frames take up.
    mutating func shrink(_ bytesMax: Int) {
        if capacity * JSONCursor.frameWords * 8 > bytesMax { release() }
    }

    mutating func release() {
        start?.deallocate()
        start = nil
        capacity = 0
    }
}
