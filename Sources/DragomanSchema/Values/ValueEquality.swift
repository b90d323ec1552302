// SPDX-License-Identifier: Apache-2.0
// Whether two values are the same value of the JSON data model: numbers by what they are worth,
// objects without regard to the order of their members.
internal import DragomanDocument

enum ValueEquality {
    /// Objects up to so many members are compared member by member.
    private static let smallObject = 16

    static func equal(_ left: Node, _ right: Node) -> Bool {
        let kind = left.kind
        let other = right.kind
        switch kind {
        case .integer, .decimal:
            guard other == .integer || other == .decimal else { return false }
            return equalNumbers(left, right)
        case .array: return other == .array && equalItems(left, right)
        case .object: return other == .object && equalMembers(left, right)
        case .string: return other == .string && Bytes.equal(left.bytes, right.bytes)
        default: return kind == other
        }
    }

    private static func equalNumbers(_ left: Node, _ right: Node) -> Bool {
        let a = left.bytes
        let b = right.bytes
        if Bytes.equal(a, b) { return true }
        // Two integers without a fraction or exponent differ as their texts do, but for -0.
        if left.kind == .integer && right.kind == .integer && a.count != b.count
            && a.count > 2 && b.count > 2
        {
            return false
        }
        return ExactNumber.compare(ExactNumber(a), ExactNumber(b)) == 0
    }

    private static func equalItems(_ left: Node, _ right: Node) -> Bool {
        guard left.count == right.count else { return false }
        var a = left.items
        var b = right.items
        while let item = a.next(), let other = b.next() {
            if !equal(item, other) { return false }
        }
        return true
    }

    private static func equalMembers(_ left: Node, _ right: Node) -> Bool {
        guard left.count == right.count else { return false }
        if left.count > smallObject { return equalLargeObjects(left, right) }
        var a = left.members
        var b = right.members
        while let member = a.next(), let expected = b.next() {
            if member.name.textEquals(expected.name.bytes) {
                if !equal(member.value, expected.value) { return false }
            } else {
                // The order differs from here on.
                guard let other = right.member(member.name.bytes) else { return false }
                if !equal(member.value, other) { return false }
            }
        }
        return true
    }

    /// Sorts both by name, so that no order of members makes it slow.
    private static func equalLargeObjects(_ left: Node, _ right: Node) -> Bool {
        let a = sorted(left)
        let b = sorted(right)
        for index in a.indices {
            if !a[index].name.textEquals(b[index].name.bytes) { return false }
            if !equal(a[index].value, b[index].value) { return false }
        }
        return true
    }

    private static func sorted(_ object: Node) -> [Member] {
        var members: [Member] = []
        members.reserveCapacity(object.count)
        for member in object.members { members.append(member) }
        members.sort { $0.name.bytes.lexicographicallyPrecedes($1.name.bytes) }
        return members
    }
}

/// Hashes that are equal for equal values, keyed with the process's own secret, so that no sender
/// can make values collide.
enum ValueHash {
    private static let secret = UInt64.random(in: 1...UInt64.max) | 1
    private static let prime: UInt64 = 0x9E37_79B9_7F4A_7C15

    @inline(__always)
    private static func mix(_ a: UInt64, _ b: UInt64) -> UInt64 {
        let product = (a ^ secret).multipliedFullWidth(by: b ^ prime)
        return product.high ^ product.low
    }

    static func hash(_ node: Node) -> UInt64 {
        let kind = node.kind
        switch kind {
        case .integer, .decimal: return hash(number: node.bytes)
        case .string: return hash(bytes: node.bytes, 5)
        case .array:
            var hash = mix(7, UInt64(node.count))
            var items = node.items
            while let item = items.next() { hash = mix(hash, ValueHash.hash(item)) }
            return hash
        case .object:
            var sum: UInt64 = 0
            var members = node.members
            while let member = members.next() {
                sum &+= mix(hash(bytes: member.name.bytes, 11), ValueHash.hash(member.value))
            }
            return mix(sum, UInt64(node.count) &+ 13)
        default: return mix(UInt64(kind.rawValue), 17)
        }
    }

    private static func hash(bytes: UnsafeRawBufferPointer, _ seed: UInt64) -> UInt64 {
        var hash = mix(seed, UInt64(bytes.count))
        var index = 0
        while index &+ 8 <= bytes.count {
            hash = mix(hash, bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self))
            index &+= 8
        }
        var rest: UInt64 = 0
        while index < bytes.count {
            rest = rest &<< 8 | UInt64(bytes[index])
            index &+= 1
        }
        return mix(hash, rest)
    }

    private static func hash(number text: UnsafeRawBufferPointer) -> UInt64 {
        let number = ExactNumber(text)
        if number.isZero { return mix(3, 0) }
        var hash = mix(number.isNegative ? 19 : 23, UInt64(bitPattern: Int64(number.exponent)))
        var word: UInt64 = 0
        var digits = 0
        number.forEachDigit { digit in
            word = word &* 10 &+ UInt64(digit)
            digits &+= 1
            if digits == 18 {
                hash = mix(hash, word)
                word = 0
                digits = 0
            }
        }
        return mix(hash, word)
    }
}
