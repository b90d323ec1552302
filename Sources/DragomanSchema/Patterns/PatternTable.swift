// SPDX-License-Identifier: Apache-2.0
// A pattern as a table: one look-up for each byte, no going back, no memory. Made at load by the
// subset construction, and only where it stays small; the rest is PCRE2's.

/// The tables of one pattern. State 0: nothing can match any more; state 1: it has matched,
/// whatever follows.
struct PatternTables {
    /// For each byte, its class.
    var classes: [UInt8]
    var classCount: Int
    /// For each state and class, the next state.
    var rows: [UInt16]
    /// For each state, whether the text may end there.
    var accepting: [Bool]
    var start: Int

    static let dead = 0
    static let matched = 1
}

struct PatternTableBuilder {
    private let graph: PatternGraph
    private var classes = [UInt8](repeating: 0, count: 256)
    private var classCount = 0
    private var numbers: [[Int32]: Int] = [:]
    /// For each state of the table, the states of the graph that it stands for.
    private var sets: [[Int32]] = []
    private var rows: [UInt16] = []
    private var accepting: [Bool] = []

    private static let cellsMax = 24_000
    /// Marks of sets: one that has matched, and the one before the first byte.
    private static let matchedMark: Int32 = -1
    private static let startMark: Int32 = -2

    private init(_ graph: PatternGraph) {
        self.graph = graph
        sets = [[], [Self.matchedMark]]
        numbers = [[]: PatternTables.dead, [Self.matchedMark]: PatternTables.matched]
        accepting = [false, true]
    }

    /// nil where the table would be too large.
    static func build(_ graph: PatternGraph) -> PatternTables? {
        var builder = PatternTableBuilder(graph)
        builder.classify()
        let first = builder.closure([graph.entry], atStart: true, atEnd: false)
        let start = builder.number(of: first, atStart: true)
        var next = 0
        while next < builder.sets.count {
            guard builder.sets.count * builder.classCount <= cellsMax else { return nil }
            builder.expand(next)
            next += 1
        }
        return PatternTables(
            classes: builder.classes, classCount: builder.classCount, rows: builder.rows,
            accepting: builder.accepting, start: start)
    }

    /// Bytes that no state tells apart are one class.
    private mutating func classify() {
        var starts = [Bool](repeating: false, count: 257)
        starts[0] = true
        for case .byte(let low, let high, _) in graph.states {
            starts[Int(low)] = true
            starts[Int(high) + 1] = true
        }
        for byte in 0..<256 {
            if starts[byte] { classCount += 1 }
            classes[byte] = UInt8(classCount - 1)
        }
    }

    /// All states that can be reached without a byte: those that wait for one, or for the end,
    /// or accept. Sorted, so that the accepting one, 0, comes first.
    private func closure(_ from: [Int], atStart: Bool, atEnd: Bool) -> [Int32] {
        var isSeen = Set<Int>()
        var pending = from
        var result: [Int32] = []
        while let state = pending.popLast() {
            guard isSeen.insert(state).inserted else { continue }
            switch graph.states[state] {
            case .either(let first, let second):
                pending.append(first)
                pending.append(second)
            case .atStart(let next): if atStart { pending.append(next) }
            case .atEnd(let next):
                if atEnd { pending.append(next) }
                result.append(Int32(state))
            case .byte, .accept: result.append(Int32(state))
            case .dead: break
            }
        }
        return result.sorted()
    }

    private mutating func number(of set: [Int32], atStart: Bool = false) -> Int {
        // Once it accepts, nothing that follows can change that.
        if set.first == 0 { return PatternTables.matched }
        let key = atStart && !set.isEmpty ? [Self.startMark] + set : set
        if let known = numbers[key] { return known }
        numbers[key] = sets.count
        sets.append(set)
        let last = closure(set.map(Int.init), atStart: atStart, atEnd: true)
        accepting.append(last.first == 0)
        return sets.count - 1
    }

    private mutating func expand(_ state: Int) {
        guard state > PatternTables.matched else {
            rows += [UInt16](repeating: UInt16(state), count: classCount)
            return
        }
        // A match may start at every byte.
        var reached = [[Int]](repeating: [graph.entry], count: classCount)
        for state in sets[state] {
            guard case .byte(let low, let high, let next) = graph.states[Int(state)] else {
                continue
            }
            for number in classes[Int(low)]...classes[Int(high)] {
                reached[Int(number)].append(next)
            }
        }
        for index in 0..<classCount {
            let target = number(of: closure(reached[index], atStart: false, atEnd: false))
            rows.append(UInt16(truncatingIfNeeded: target))
        }
    }
}
