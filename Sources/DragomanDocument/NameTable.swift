// SPDX-License-Identifier: Apache-2.0
// Which names an object has had so far, for objects too large to compare every pair.

package enum NameHash {
    /// A cheap hash of a name, for tables whose size no sender controls. At least eight bytes
    /// must be readable at the name's address.
    @inline(__always)
    static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
        guard let base = name.baseAddress else { return 0 }
        let count = name.count
        var word = base.loadUnaligned(as: UInt64.self)
        if count < 8 {
            word &= (1 &<< (UInt64(truncatingIfNeeded: count) &* 8)) &- 1
        } else {
            word ^= base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self) &* 31
        }
        word = (word ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        return word &>> 58
    }
}

/// The names of large objects of one Document: an open-addressing table over all of them, keyed
/// by object and name with the process's own secret, so that no sender can make names collide.
struct NameTable {
    /// Objects with up to so many members compare names pair by pair.
    static let smallestObject = 16

    private var slots: [UInt64] = []
    private var count = 0

    mutating func removeAll() {
        if count > 0 { slots = [] }
        count = 0
    }

    /// `isContinued`: the object's earlier names are in the table already.
    /// Returns whether the object has the name already.
    mutating func insert(_ name: Node, of object: Int, isContinued: Bool) -> Bool {
        if !isContinued {
            var index = object &+ 1
            while index < name.index {
                _ = insert(Node(name.tape, name.text, index), of: object)
                index = Entry.next(name.tape, index &+ 1)
            }
        }
        return insert(name, of: object)
    }

    private mutating func insert(_ name: Node, of object: Int) -> Bool {
        if count &* 2 >= slots.count { grow(name) }
        let mask = slots.count - 1
        var slot = hash(name, object) & mask
        while slots[slot] != 0 {
            let kept = slots[slot]
            if Int(kept &>> 32) == object {
                let other = Node(name.tape, name.text, Int(kept & 0xFFFF_FFFF))
                if other.textEquals(name.bytes) { return true }
            }
            slot = (slot + 1) & mask
        }
        // A name never stands at index 0, so no slot in use is zero.
        slots[slot] = UInt64(object) &<< 32 | UInt64(name.index)
        count += 1
        return false
    }

    private func hash(_ name: Node, _ object: Int) -> Int {
        var hasher = Hasher()
        hasher.combine(object)
        hasher.combine(bytes: name.bytes)
        return hasher.finalize()
    }

    private mutating func grow(_ any: Node) {
        let old = slots
        slots = [UInt64](repeating: 0, count: max(128, old.count * 4))
        let mask = slots.count - 1
        for kept in old where kept != 0 {
            let name = Node(any.tape, any.text, Int(kept & 0xFFFF_FFFF))
            var slot = hash(name, Int(kept &>> 32)) & mask
            while slots[slot] != 0 { slot = (slot + 1) & mask }
            slots[slot] = kept
        }
    }
}
