// SPDX-License-Identifier: Apache-2.0
// Reads patterns by ECMA-262's grammar with the flag `u`. Beyond that grammar, as every browser
// does without the flag: a backslash before punctuation, and brackets that close or open nothing.

struct PatternParser {
    private let scalars: [UInt32]
    var position = 0
    private var depth = 0
    private var captures = 0
    var names: [String: Int] = [:]
    private var named: [(String, Int)] = []
    var highestReference = 0

    private static let depthMax = 100
    private static let scalarsMax = 100_000

    private init(_ pattern: String) {
        scalars = pattern.unicodeScalars.map(\.value)
    }

    static func parse(_ pattern: String) throws(PatternError) -> PatternNode {
        var parser = PatternParser(pattern)
        guard parser.scalars.count <= scalarsMax else {
            throw PatternError(message: "it is longer than \(scalarsMax) characters")
        }
        parser.findGroupNames()
        let node = try parser.disjunction()
        guard parser.position == parser.scalars.count else {
            throw PatternError(message: "a ')' closes nothing")
        }
        if parser.highestReference > parser.captures {
            throw PatternError(message: "\\\(parser.highestReference) refers to no group")
        }
        return node
    }

    /// Names may be referred to before their groups.
    private mutating func findGroupNames() {
        var index = 0
        var number = 0
        var inClass = false
        while index < scalars.count {
            switch scalars[index] {
            case 0x5C: index += 1
            case 0x5B: inClass = true
            case 0x5D: inClass = false
            case 0x28 where !inClass:
                if at(index + 1) != 0x3F {
                    number += 1
                } else if at(index + 2) == 0x3C, at(index + 3) != 0x3D, at(index + 3) != 0x21 {
                    number += 1
                    var name = ""
                    var end = index + 3
                    while let scalar = at(end), scalar != 0x3E {
                        append(scalar, to: &name)
                        end += 1
                    }
                    names[name] = number
                }
            default: break
            }
            index += 1
        }
    }

    func at(_ index: Int) -> UInt32? { index < scalars.count ? scalars[index] : nil }
    var next: UInt32? { at(position) }

    func append(_ scalar: UInt32, to text: inout String) {
        if let scalar = Unicode.Scalar(scalar) { text.unicodeScalars.append(scalar) }
    }

    mutating func take(_ scalar: UInt32) -> Bool {
        guard next == scalar else { return false }
        position += 1
        return true
    }

    mutating func take(_ text: StaticString) -> Bool {
        var index = position
        for offset in 0..<text.utf8CodeUnitCount {
            guard at(index) == UInt32(text.utf8Start[offset]) else { return false }
            index += 1
        }
        position = index
        return true
    }

    // MARK: Structure

    private mutating func disjunction() throws(PatternError) -> PatternNode {
        depth += 1
        defer { depth -= 1 }
        guard depth <= PatternParser.depthMax else {
            throw PatternError(message: "more than \(PatternParser.depthMax) groups in one another")
        }
        var branches: [PatternNode] = []
        repeat { branches.append(try alternative()) } while take(0x7C)
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func alternative() throws(PatternError) -> PatternNode {
        var terms: [PatternNode] = []
        while let scalar = next, scalar != 0x7C, scalar != 0x29 {
            let (atom, isRepeatable) = try term()
            terms.append(try quantified(atom, isRepeatable))
        }
        if terms.isEmpty { return .empty }
        return terms.count == 1 ? terms[0] : .sequence(terms)
    }

    private mutating func term() throws(PatternError) -> (PatternNode, Bool) {
        guard let scalar = next else { return (.empty, false) }
        position += 1
        switch scalar {
        case 0x5E: return (.start, false)
        case 0x24: return (.end, false)
        case 0x2E: return (.set(ScalarSet.lineEnds.inverted), true)
        case 0x28: return try group()
        case 0x5B: return (try characterClass(), true)
        case 0x5C: return try escape()
        case 0x2A, 0x2B, 0x3F: throw PatternError(message: "a quantifier follows nothing")
        case 0x7B where braces(at: position) != nil:
            throw PatternError(message: "a quantifier follows nothing")
        default: return (.set(ScalarSet(scalar)), true)
        }
    }

    private mutating func group() throws(PatternError) -> (PatternNode, Bool) {
        if take("?:") { return (try closed(try disjunction()), true) }
        if take("?=") { return (.look(isAhead: true, inverted: false, try inner()), false) }
        if take("?!") { return (.look(isAhead: true, inverted: true, try inner()), false) }
        if take("?<=") { return (.look(isAhead: false, inverted: false, try inner()), false) }
        if take("?<!") { return (.look(isAhead: false, inverted: true, try inner()), false) }
        if take("?<") {
            let name = try groupName()
            if named.contains(where: { $0.0 == name }) {
                throw PatternError(message: "two groups have the name \(name)")
            }
            named.append((name, captures + 1))
        } else if next == 0x3F {
            throw PatternError(message: "ECMA-262 has no group that starts like this: (?")
        }
        captures += 1
        let number = captures
        return (.capture(number, try inner()), true)
    }

    private mutating func inner() throws(PatternError) -> PatternNode {
        try closed(try disjunction())
    }

    private mutating func closed(_ node: PatternNode) throws(PatternError) -> PatternNode {
        guard take(0x29) else { throw PatternError(message: "a '(' is never closed") }
        return node
    }

    mutating func groupName() throws(PatternError) -> String {
        var name = ""
        while let scalar = next, scalar != 0x3E {
            append(scalar, to: &name)
            position += 1
        }
        guard take(0x3E), let first = name.unicodeScalars.first,
            first == "_" || first == "$" || first.properties.isIDStart,
            name.unicodeScalars.dropFirst().allSatisfy({
                $0 == "$" || $0 == "\u{200C}" || $0 == "\u{200D}" || $0.properties.isIDContinue
            })
        else { throw PatternError(message: "a group's name is not one") }
        return name
    }

    // MARK: Quantifiers

    private mutating func quantified(
        _ atom: PatternNode, _ isRepeatable: Bool
    ) throws(PatternError) -> PatternNode {
        var least = 0
        var most: Int?
        switch next {
        case 0x2A: position += 1
        case 0x2B:
            position += 1
            least = 1
        case 0x3F:
            position += 1
            most = 1
        case 0x7B:
            guard let (low, high, end) = braces(at: position + 1) else { return atom }
            position = end
            least = low
            most = high
        default: return atom
        }
        guard isRepeatable else {
            throw PatternError(message: "what a quantifier follows can not be repeated")
        }
        if let most, most < least {
            throw PatternError(message: "the numbers of a quantifier are out of order")
        }
        let isLazy = take(0x3F)
        return .repeated(atom, least: least, most: most, isLazy: isLazy)
    }

    /// The bounds of `{n}`, `{n,}`, `{n,m}` whose digits start at `start`, and where it ends.
    private func braces(at start: Int) -> (Int, Int?, Int)? {
        var index = start
        func number() -> Int? {
            var value: Int?
            while let scalar = at(index), scalar >= 0x30, scalar <= 0x39 {
                value = min((value ?? 0) * 10 + Int(scalar - 0x30), 1_000_000)
                index += 1
            }
            return value
        }
        guard let least = number() else { return nil }
        if at(index) == 0x7D { return (least, least, index + 1) }
        guard at(index) == 0x2C else { return nil }
        index += 1
        let most = number()
        guard at(index) == 0x7D else { return nil }
        return (least, most, index + 1)
    }
}
