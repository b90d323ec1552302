// SPDX-License-Identifier: Apache-2.0
// Hosts of routes: exact names and wildcards, found in one pass over the name from its end, where
// each dot is the beginning of a suffix that a wildcard may have.

package struct HostTable: Sendable {
    private struct Slot: Sendable {
        /// Backwards and in lower case; a wildcard's with its dot, `moc.elpmaxe.`.
        var name: [UInt8] = []
        var hash: UInt32 = 0
        var isWildcard = false
        var group = -1
    }

    /// What is still to be looked at: the exact name, then suffixes from the longest.
    struct Search {
        let name: UnsafeRawBufferPointer
        var isExactDone = false
        /// The next wildcard's suffix is shorter than this.
        var lengthMax: Int
    }

    /// DNS allows 253.
    private static let nameBytesMax = 255

    private var slots: [Slot] = []
    private var names: [String: Int] = [:]

    package var isEmpty: Bool { slots.isEmpty }

    /// The group of a pattern such as `*.example.com`, new or known.
    mutating func insert(_ pattern: String, group: () -> Int) -> Int {
        let pattern = pattern.lowercased()
        if let known = names[pattern] { return known }
        let new = group()
        names[pattern] = new
        return new
    }

    /// Lays out what was inserted.
    mutating func finish() {
        guard !names.isEmpty else { return }
        var capacity = 8
        while capacity < names.count * 2 { capacity *= 2 }
        slots = Array(repeating: Slot(), count: capacity)
        for (pattern, group) in names.sorted(by: { $0.key < $1.key }) {
            let isWildcard = pattern.hasPrefix("*.")
            let name = Array(pattern.utf8.dropFirst(isWildcard ? 1 : 0).reversed())
            let hash = name.reduce(Self.seed, Self.mix)
            var index = Int(hash) & (capacity - 1)
            while slots[index].group >= 0 { index = (index + 1) & (capacity - 1) }
            slots[index] = Slot(name: name, hash: hash, isWildcard: isWildcard, group: group)
        }
    }

    private static let seed: UInt32 = 0x811C_9DC5

    @inline(__always)
    private static func mix(_ hash: UInt32, _ byte: UInt8) -> UInt32 {
        (hash ^ UInt32(byte)) &* 0x0100_0193
    }

    @inline(__always)
    private static func lower(_ byte: UInt8) -> UInt8 {
        byte >= 0x41 && byte <= 0x5A ? byte | 0x20 : byte
    }

    /// Begins a search for an authority: a port and the dot of the root do not count.
    func search(_ authority: UnsafeRawBufferPointer) -> Search {
        var end = authority.count
        var index = end
        while index > 0, authority[index - 1] >= 0x30, authority[index - 1] <= 0x39 { index -= 1 }
        if index > 0, authority[index - 1] == 0x3A { end = index - 1 }
        if end > 0, authority[end - 1] == 0x2E { end -= 1 }
        if end > Self.nameBytesMax { end = 0 }
        return Search(
            name: UnsafeRawBufferPointer(rebasing: authority[..<end]), lengthMax: end)
    }

    /// The next group that the name belongs to, the most specific first.
    func next(_ search: inout Search) -> Int? {
        let name = search.name
        guard !name.isEmpty else { return nil }
        var hash = Self.seed
        var found: (group: Int, length: Int)?
        for length in 1...name.count {
            let byte = Self.lower(name[name.count - length])
            hash = Self.mix(hash, byte)
            if length == name.count, !search.isExactDone {
                search.isExactDone = true
                if let group = lookup(hash, name, length, isWildcard: false) { return group }
            }
            if byte == 0x2E, length < search.lengthMax,
                let group = lookup(hash, name, length, isWildcard: true)
            {
                found = (group, length)
            }
        }
        guard let found else { return nil }
        search.lengthMax = found.length
        return found.group
    }

    private func lookup(
        _ hash: UInt32, _ name: UnsafeRawBufferPointer, _ length: Int, isWildcard: Bool
    ) -> Int? {
        let mask = slots.count - 1
        var index = Int(hash) & mask
        while slots[index].group >= 0 {
            if slots[index].hash == hash, slots[index].isWildcard == isWildcard,
                slots[index].name.count == length
            {
                var isSame = true
                for offset in 0..<length {
                    let byte = Self.lower(name[name.count - 1 - offset])
                    if byte != slots[index].name[offset] {
                        isSame = false
                        break
                    }
                }
                if isSame { return slots[index].group }
            }
            index = (index + 1) & mask
        }
        return nil
    }
}
