// SPDX-License-Identifier: Apache-2.0
// Which of some names, known when a schema is compiled, a text is: by length and bytes, eight at
// a time, through a table in which no two names share a slot unless they must.

/// A text in two words: with its length they are all of it up to sixteen bytes. Eight bytes must
/// be readable at its address, as at that of every text of a Document or a plan.
struct NameWords: BitwiseCopyable, Equatable {
    let first: UInt64
    let last: UInt64

    /// The bits of a word that belong to a text of so many bytes.
    @inline(__always)
    static func mask(_ count: Int) -> UInt64 {
        count >= 8 ? UInt64.max : (1 &<< UInt64(truncatingIfNeeded: count &* 8)) &- 1
    }

    @inline(__always)
    init(_ base: UnsafeRawPointer, _ count: Int) {
        let mask = NameWords.mask(count)
        first = base.loadUnaligned(as: UInt64.self) & mask
        last = base.loadUnaligned(fromByteOffset: max(count &- 8, 0), as: UInt64.self) & mask
    }
}

/// One name of a `NameIndex` and what it stands for.
struct NameEntry: BitwiseCopyable {
    let words: NameWords
    let base: UnsafeRawPointer
    let count: Int
    /// The bits of its words that count.
    let mask: UInt64
    /// The lists of the schema of the member of that name; nil in tables of mere names, and where
    /// patterns have something to say about it too.
    var lists: UnsafeMutablePointer<OperationList>?
    /// The same, whatever patterns say.
    var own: UnsafeMutablePointer<OperationList>?
    /// 1 where the member is required.
    var required: Int32 = 0
    /// `properties` has the name; else only its presence matters.
    var isProperty = false

    init(_ name: UnsafeRawBufferPointer) {
        // An empty name has no address; one that is never read stands for it.
        base = name.baseAddress ?? NameEntry.nowhere
        count = name.count
        mask = NameWords.mask(count)
        words = NameWords(base, count)
    }

    /// An entry that is no name's: it ends a table.
    init() {
        base = NameEntry.nowhere
        count = -1
        mask = 0
        words = NameWords(base, 0)
    }

    /// Where an empty text that has no address stands.
    static var nowhere: UnsafeRawPointer {
        UnsafeRawPointer(("        " as StaticString).utf8Start)
    }

    /// `entry` is this name. Works on the place, for a copy of it would cost more than the answer.
    @inline(__always)
    static func isName(
        _ entry: UnsafeMutablePointer<NameEntry>, _ other: UnsafeRawBufferPointer
    ) -> Bool {
        let count = other.count
        guard count == entry.pointee.count, let start = other.baseAddress else { return false }
        let mask = entry.pointee.mask
        let first = start.loadUnaligned(as: UInt64.self) & mask
        let last = start.loadUnaligned(fromByteOffset: max(count &- 8, 0), as: UInt64.self) & mask
        return first == entry.pointee.words.first && last == entry.pointee.words.last
            && (count <= 16 || equalsMiddle(entry.pointee.base, start, count))
    }

    @inline(__always)
    func matches(_ words: NameWords, _ base: UnsafeRawPointer, _ count: Int) -> Bool {
        guard count == self.count, words == self.words else { return false }
        return count <= 16 || NameEntry.equalsMiddle(self.base, base, count)
    }

    /// Texts of `count` bytes, more than 16, are equal between their first and last eight.
    @inline(never)
    private static func equalsMiddle(
        _ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        var index = 8
        while index < count &- 8 {
            let at = min(index, count &- 8)
            if left.loadUnaligned(fromByteOffset: at, as: UInt64.self)
                != right.loadUnaligned(fromByteOffset: at, as: UInt64.self)
            {
                return false
            }
            index &+= 8
        }
        return true
    }
}

/// A table of names. What it points at belongs to an arena.
struct NameIndex: BitwiseCopyable {
    /// Followed by one that is no name's.
    let entries: UnsafeMutablePointer<NameEntry>
    let count: Int
    /// Entry numbers from 1, 0 for none; open addressing.
    private let slots: UnsafePointer<UInt32>
    private let mask: Int
    private let factor: UInt64
    /// For each length of a name, up to 63 or more, a bit.
    private let lengths: UInt64

    /// A table of `names`, which are all different.
    init(_ names: [UnsafeRawBufferPointer], _ arena: ProgramArena) {
        count = names.count
        entries = arena.allocate(NameEntry.self, names.count + 1)
        (entries + names.count).initialize(to: NameEntry())
        for (position, name) in names.enumerated() {
            (entries + position).initialize(to: NameEntry(name))
        }
        var size = 4
        while size < names.count * 2 { size *= 2 }
        var best = (collisions: Int.max, factor: UInt64(0), size: size)
        // A few factors, then a table twice as large: enough for a perfect one in practice, and
        // where not, probing goes on.
        search: for wanted in [size, size * 2] {
            for attempt: UInt64 in 0..<24 {
                let factor = (0x9E37_79B9_7F4A_7C15 &+ attempt &* 0xD1B5_4A32_D192_ED04) | 1
                let collisions = NameIndex.collisions(entries, count, wanted, factor)
                if collisions < best.collisions { best = (collisions, factor, wanted) }
                if collisions == 0 { break search }
                if names.count > 256 { break search }
            }
        }
        lengths = names.reduce(0) { $0 | 1 << UInt64(min($1.count, 63)) }
        mask = best.size - 1
        factor = best.factor
        let table = arena.allocate(UInt32.self, best.size)
        for index in 0..<best.size { (table + index).initialize(to: 0) }
        for position in 0..<count {
            let entry = entries[position]
            var slot = NameIndex.slot(entry.words, entry.count, best.factor) & mask
            while table[slot] != 0 { slot = (slot &+ 1) & mask }
            table[slot] = UInt32(position + 1)
        }
        slots = UnsafePointer(table)
    }

    private static func collisions(
        _ entries: UnsafeMutablePointer<NameEntry>, _ count: Int, _ size: Int, _ factor: UInt64
    ) -> Int {
        var used = [Bool](repeating: false, count: size)
        var collisions = 0
        for position in 0..<count {
            let entry = entries[position]
            let slot = NameIndex.slot(entry.words, entry.count, factor) & (size - 1)
            if used[slot] { collisions += 1 }
            used[slot] = true
        }
        return collisions
    }

    @inline(__always)
    private static func slot(_ words: NameWords, _ count: Int, _ factor: UInt64) -> Int {
        let mixed =
            words.first ^ (words.last &<< 7 | words.last &>> 57)
            &+ UInt64(
                truncatingIfNeeded: count)
        let product = mixed &* factor
        return Int(truncatingIfNeeded: (product ^ product &>> 29) &>> 24)
    }

    /// No name is of that length.
    @inline(__always)
    func lacks(_ length: Int) -> Bool {
        lengths &>> UInt64(truncatingIfNeeded: min(length, 63)) & 1 == 0
    }

    /// The number of the entry that has that name, or -1.
    @inline(__always)
    private func find(_ words: NameWords, _ base: UnsafeRawPointer, _ length: Int) -> Int {
        var slot = NameIndex.slot(words, length, factor) & mask
        while true {
            let number = Int(truncatingIfNeeded: slots[slot])
            if number == 0 { return -1 }
            if entries[number &- 1].matches(words, base, length) { return number &- 1 }
            slot = (slot &+ 1) & mask
        }
    }

    /// Whether it has that name. A few are looked at one by one, which is cheaper than a hash.
    @inline(__always)
    static func contains(
        _ index: UnsafePointer<NameIndex>, _ name: UnsafeRawBufferPointer
    ) -> Bool {
        let count = index.pointee.count
        if count > 4 { return entry(index, name).pointee.count >= 0 }
        let entries = index.pointee.entries
        for position in 0..<count where NameEntry.isName(entries + position, name) { return true }
        return false
    }

    /// The entry that has that name, or the one that is no name's.
    @inline(never)
    static func entry(
        _ index: UnsafePointer<NameIndex>, _ name: UnsafeRawBufferPointer
    ) -> UnsafeMutablePointer<NameEntry> {
        let position = index.pointee.find(name)
        return index.pointee.entries + (position < 0 ? index.pointee.count : position)
    }

    /// The number of the entry that has that name, or -1.
    @inline(__always)
    func find(_ name: UnsafeRawBufferPointer) -> Int {
        if lacks(name.count) { return -1 }
        let base = name.baseAddress ?? UnsafeRawPointer(entries)
        return find(NameWords(base, name.count), base, name.count)
    }
}
