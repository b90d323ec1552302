// SPDX-License-Identifier: Apache-2.0
// Patterns of XML Schema (XSD 1.0 part 2, F): matched as a whole, by walking all alternatives at
// once, so that the cost is the product of text and pattern and never more; and translated to
// ECMA's syntax for JSON Schemas.

internal import DragomanDocument

/// Why a pattern could not be read.
package struct XSDPatternError: Error, Equatable {
    package let reason: String
}

/// A compiled pattern; immutable.
package final class XSDPattern: Sendable {
    package let source: String
    /// The same for ECMA (u flag), anchored; nil where ECMA can not say it.
    package let ecma: String?

    enum Step: Sendable {
        case set(Int)
        case split(Int, Int)
        case jump(Int)
        case match
    }

    private let steps: [Step]
    private let sets: [XSDCharacterSet]

    static let stepsMax = 20_000

    package init(_ source: String) throws(XSDPatternError) {
        self.source = source
        var parser = XSDPatternParser(source)
        let tree = try parser.parse()
        var program = XSDPatternProgram()
        try program.compile(tree)
        program.steps.append(.match)
        steps = program.steps
        sets = program.sets
        ecma = XSDPatternECMA.translate(tree)
    }

    /// Whether the whole of `text`, well-formed UTF-8, matches.
    package func matches(_ text: UnsafeRawBufferPointer) -> Bool {
        var current: [Int] = []
        var next: [Int] = []
        var marks = [Int](repeating: -1, count: steps.count)
        var position = 0
        add(0, to: &current, &marks, position)
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            position += 1
            next.removeAll(keepingCapacity: true)
            for place in current {
                if case .set(let set) = steps[place], sets[set].contains(scalar) {
                    add(place + 1, to: &next, &marks, position)
                }
            }
            swap(&current, &next)
            if current.isEmpty { return false }
        }
        return current.contains {
            if case .match = steps[$0] { true } else { false }
        }
    }

    package func matches(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { matches(UnsafeRawBufferPointer($0)) }
    }

    /// Adds a place and all that it leads to without reading.
    private func add(
        _ start: Int, to list: inout [Int], _ marks: inout [Int], _ position: Int
    ) {
        var waiting = [start]
        while let place = waiting.popLast() {
            guard marks[place] != position else { continue }
            marks[place] = position
            switch steps[place] {
            case .jump(let target): waiting.append(target)
            case .split(let first, let second):
                waiting.append(second)
                waiting.append(first)
            default: list.append(place)
            }
        }
    }
}

/// A pattern's syntax tree.
indirect enum XSDPatternTree {
    case empty
    case set(XSDCharacterSet)
    case sequence([XSDPatternTree])
    case alternatives([XSDPatternTree])
    case repeated(XSDPatternTree, min: Int, max: Int?)
}

/// The tree as steps.
struct XSDPatternProgram {
    var steps: [XSDPattern.Step] = []
    var sets: [XSDCharacterSet] = []

    mutating func compile(_ tree: XSDPatternTree) throws(XSDPatternError) {
        guard steps.count <= XSDPattern.stepsMax else {
            throw XSDPatternError(reason: "it repeats too much")
        }
        switch tree {
        case .empty: break
        case .set(let set):
            sets.append(set)
            steps.append(.set(sets.count - 1))
        case .sequence(let parts): for part in parts { try compile(part) }
        case .alternatives(let branches): try compile(branches: branches)
        case .repeated(let part, let min, let max):
            for _ in 0..<min { try compile(part) }
            if let max {
                var splits: [Int] = []
                for _ in min..<Swift.max(min, max) {
                    splits.append(steps.count)
                    steps.append(.split(steps.count + 1, 0))
                    try compile(part)
                }
                for place in splits { steps[place] = .split(place + 1, steps.count) }
            } else {
                let start = steps.count
                steps.append(.split(start + 1, 0))
                try compile(part)
                steps.append(.jump(start))
                steps[start] = .split(start + 1, steps.count)
            }
        }
    }

    private mutating func compile(branches: [XSDPatternTree]) throws(XSDPatternError) {
        var jumps: [Int] = []
        for (index, branch) in branches.enumerated() {
            guard index < branches.count - 1 else {
                try compile(branch)
                break
            }
            let split = steps.count
            steps.append(.split(split + 1, 0))
            try compile(branch)
            jumps.append(steps.count)
            steps.append(.jump(0))
            steps[split] = .split(split + 1, steps.count)
        }
        for place in jumps { steps[place] = .jump(steps.count) }
    }
}
