// SPDX-License-Identifier: Apache-2.0
// A pattern as a graph over bytes of UTF-8: the step between its tree and its table. Only what is
// regular has one; look-arounds, word boundaries, back-references and Unicode's tables do not.

/// States and the ways between them.
struct PatternGraph {
    enum State {
        case byte(low: UInt8, high: UInt8, next: Int)
        case either(Int, Int)
        /// Free only before the first byte.
        case atStart(Int)
        /// Free only after the last byte.
        case atEnd(Int)
        case accept
        /// Leads nowhere: an empty set.
        case dead
    }

    private(set) var states: [State] = [.accept]
    private(set) var entry = 0
    static let statesMax = 3000

    /// nil where the pattern is not regular, or its graph is too large.
    init?(_ pattern: PatternNode) {
        guard let first = add(pattern, then: 0) else { return nil }
        entry = first
    }

    private mutating func push(_ state: State) -> Int? {
        guard states.count < PatternGraph.statesMax else { return nil }
        states.append(state)
        return states.count - 1
    }

    /// Adds `node` so that what follows it is `next`; the state that it starts with.
    private mutating func add(_ node: PatternNode, then next: Int) -> Int? {
        switch node {
        case .empty: return next
        case .set(let set): return add(set, then: next)
        case .sequence(let nodes):
            var target = next
            for node in nodes.reversed() {
                guard let first = add(node, then: target) else { return nil }
                target = first
            }
            return target
        case .alternatives(let nodes):
            var target: Int?
            for node in nodes.reversed() {
                guard let first = add(node, then: next) else { return nil }
                if let other = target {
                    guard let both = push(.either(first, other)) else { return nil }
                    target = both
                } else {
                    target = first
                }
            }
            return target
        case .repeated(let node, let least, let most, _):
            return add(repeating: node, least, most, then: next)
        case .start: return push(.atStart(next))
        case .end: return push(.atEnd(next))
        case .capture(_, let node): return add(node, then: next)
        case .properties, .wordBoundary, .backreference, .look: return nil
        }
    }

    private mutating func add(
        repeating node: PatternNode, _ least: Int, _ most: Int?, then next: Int
    ) -> Int? {
        var target = next
        if let most {
            guard most <= PatternGraph.statesMax else { return nil }
            for _ in 0..<max(0, most - least) {
                guard let first = add(node, then: target),
                    let choice = push(.either(first, next))
                else { return nil }
                target = choice
            }
        } else {
            guard let loop = push(.dead), let first = add(node, then: loop) else { return nil }
            states[loop] = .either(first, next)
            target = loop
        }
        guard least <= PatternGraph.statesMax else { return nil }
        for _ in 0..<least {
            guard let first = add(node, then: target) else { return nil }
            target = first
        }
        return target
    }

    // MARK: Sets

    private mutating func add(_ set: ScalarSet, then next: Int) -> Int? {
        guard set.ranges.count <= 64 else { return nil }
        var target: Int?
        for range in set.ranges.reversed() {
            for sequence in Self.sequences(range.first, range.last).reversed() {
                var first = next
                for bytes in sequence.reversed() {
                    guard
                        let state = push(.byte(low: bytes.low, high: bytes.high, next: first))
                    else { return nil }
                    first = state
                }
                if let other = target {
                    guard let both = push(.either(first, other)) else { return nil }
                    target = both
                } else {
                    target = first
                }
            }
        }
        return target ?? push(.dead)
    }

    struct ByteRange {
        let low: UInt8
        let high: UInt8
    }

    /// The UTF-8 of a range of scalars, as sequences of ranges of bytes.
    private static func sequences(_ first: UInt32, _ last: UInt32) -> [[ByteRange]] {
        for bound: UInt32 in [0x7F, 0x7FF, 0xFFFF] where first <= bound && last > bound {
            return sequences(first, bound) + sequences(bound + 1, last)
        }
        if last <= 0x7F { return [[ByteRange(low: UInt8(first), high: UInt8(last))]] }
        for shift: UInt32 in [6, 12, 18] {
            let mask: UInt32 = (1 << shift) - 1
            guard first & ~mask != last & ~mask else { continue }
            if first & mask != 0 {
                return sequences(first, first | mask) + sequences((first | mask) + 1, last)
            }
            if last & mask != mask {
                return sequences(first, (last & ~mask) - 1) + sequences(last & ~mask, last)
            }
        }
        let low = encoded(first)
        let high = encoded(last)
        return [zip(low, high).map { ByteRange(low: $0, high: $1) }]
    }

    private static func encoded(_ scalar: UInt32) -> [UInt8] {
        Unicode.Scalar(scalar).map { Array(UTF8.encode($0) ?? UTF8.encodedReplacementCharacter) }
            ?? []
    }
}
