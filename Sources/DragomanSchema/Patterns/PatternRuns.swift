// SPDX-License-Identifier: Apache-2.0
// Patterns that count: a start, classes with bounds, an end, where what follows a class can not be
// mistaken for more of it. Taking as much as each may have is then the only way to match, however
// large the bounds are (`^[a-z]{1,63}@.{1,255}$`), and nothing is ever given back.

/// One class of such a pattern, and how many of it.
struct PatternRun {
    /// The ASCII characters of the class.
    let low: UInt64
    let high: UInt64
    /// The ranges of the class, sorted; those beyond ASCII are looked up here.
    let ranges: UnsafePointer<ScalarRange>
    let rangeCount: Int
    let least: Int
    let most: Int

    @inline(__always)
    func holds(_ scalar: UInt32) -> Bool {
        if scalar < 64 { return low &>> UInt64(scalar) & 1 != 0 }
        if scalar < 128 { return high &>> UInt64(scalar &- 64) & 1 != 0 }
        var first = 0
        var end = rangeCount
        while first < end {
            let middle = (first &+ end) &>> 1
            if scalar < ranges[middle].first {
                end = middle
            } else if scalar > ranges[middle].last {
                first = middle &+ 1
            } else {
                return true
            }
        }
        return false
    }
}

enum PatternRuns {
    /// The runs of a pattern; nil where it is of another shape.
    static func runs(_ node: PatternNode, _ arena: ProgramArena) -> [PatternRun]? {
        guard case .sequence(let nodes) = node, nodes.count >= 3, case .start? = nodes.first,
            case .end? = nodes.last
        else { return nil }
        var items: [(set: ScalarSet, least: Int, most: Int)] = []
        for node in nodes.dropFirst().dropLast() {
            switch node {
            case .set(let set): items.append((set, 1, 1))
            case .repeated(.set(let set), let least, let most, _):
                items.append((set, least, most ?? Int.max))
            default: return nil
            }
        }
        for (position, item) in items.enumerated() where item.least != item.most {
            for next in items[(position + 1)...] {
                if !item.set.isDisjoint(with: next.set) { return nil }
                if next.least > 0 { break }
            }
        }
        return items.map { run($0.set, $0.least, $0.most, arena) }
    }

    private static func run(
        _ set: ScalarSet, _ least: Int, _ most: Int, _ arena: ProgramArena
    ) -> PatternRun {
        var low: UInt64 = 0
        var high: UInt64 = 0
        for range in set.ranges where range.first < 128 {
            for scalar in range.first...min(range.last, 127) {
                if scalar < 64 {
                    low |= 1 << UInt64(scalar)
                } else {
                    high |= 1 << UInt64(scalar - 64)
                }
            }
        }
        return PatternRun(
            low: low, high: high, ranges: arena.copy(set.ranges), rangeCount: set.ranges.count,
            least: least, most: most)
    }

    /// `text` is well-formed UTF-8.
    static func match(
        _ runs: UnsafePointer<PatternRun>, _ count: Int, _ text: UnsafeRawBufferPointer
    ) -> Bool {
        var index = 0
        for number in 0..<count {
            let run = runs + number
            var taken = 0
            while taken < run.pointee.most, index < text.count {
                var next = index
                guard run.pointee.holds(scalar(text, &next)) else { break }
                index = next
                taken &+= 1
            }
            if taken < run.pointee.least { return false }
        }
        return index == text.count
    }

    @inline(__always)
    private static func scalar(_ text: UnsafeRawBufferPointer, _ index: inout Int) -> UInt32 {
        let first = text[index]
        index &+= 1
        if first < 0x80 { return UInt32(first) }
        let more = first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3
        var value = UInt32(first) & (0x3F &>> UInt32(more))
        for _ in 0..<more where index < text.count {
            value = value &<< 6 | UInt32(text[index] & 0x3F)
            index &+= 1
        }
        return value
    }
}
