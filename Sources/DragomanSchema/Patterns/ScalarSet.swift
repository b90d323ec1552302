// SPDX-License-Identifier: Apache-2.0
// Sets of Unicode scalars, as sorted ranges: what one place of a pattern may match.

struct ScalarRange: Equatable {
    let first: UInt32
    let last: UInt32
}

/// Sorted, without overlaps, without surrogates.
struct ScalarSet: Equatable {
    private(set) var ranges: [ScalarRange] = []

    static let scalarMax: UInt32 = 0x10FFFF

    init() {}

    init(_ ranges: [(UInt32, UInt32)]) {
        for (first, last) in ranges { insert(first, last) }
    }

    init(_ scalar: UInt32) { insert(scalar, scalar) }

    var isEmpty: Bool { ranges.isEmpty }

    /// Inserts a range less the surrogates in it, which no text holds.
    mutating func insert(_ first: UInt32, _ last: UInt32) {
        if first <= 0xDFFF && last >= 0xD800 {
            if first < 0xD800 { insert(first, 0xD7FF) }
            if last > 0xDFFF { insert(0xE000, last) }
            return
        }
        var merged = ScalarRange(first: first, last: last)
        var result: [ScalarRange] = []
        result.reserveCapacity(ranges.count + 1)
        var isPlaced = false
        for range in ranges {
            if range.last &+ 1 < merged.first {
                result.append(range)
            } else if range.first > merged.last &+ 1 {
                if !isPlaced { result.append(merged) }
                isPlaced = true
                result.append(range)
            } else {
                merged = ScalarRange(
                    first: min(range.first, merged.first), last: max(range.last, merged.last))
            }
        }
        if !isPlaced { result.append(merged) }
        ranges = result
    }

    mutating func formUnion(_ other: ScalarSet) {
        for range in other.ranges { insert(range.first, range.last) }
    }

    func isDisjoint(with other: ScalarSet) -> Bool {
        var mine = 0
        var theirs = 0
        while mine < ranges.count, theirs < other.ranges.count {
            if ranges[mine].last < other.ranges[theirs].first {
                mine += 1
            } else if other.ranges[theirs].last < ranges[mine].first {
                theirs += 1
            } else {
                return false
            }
        }
        return true
    }

    var inverted: ScalarSet {
        var result = ScalarSet()
        var next: UInt32 = 0
        for range in ranges {
            if range.first > next { result.insert(next, range.first - 1) }
            next = range.last + 1
        }
        if next <= ScalarSet.scalarMax { result.insert(next, ScalarSet.scalarMax) }
        return result
    }

    static let digits = ScalarSet([(0x30, 0x39)])
    static let word = ScalarSet([(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)])
    /// ECMA-262's WhiteSpace and LineTerminator.
    static let space = ScalarSet([
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A),
        (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ])
    static let lineEnds = ScalarSet([(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)])
    static let all = ScalarSet([(0, scalarMax)])
}
