// SPDX-License-Identifier: Apache-2.0
// The grammar of XML Schema's patterns (XSD 1.0 part 2, F.1), read by descent with a bound on
// nesting.

struct XSDPatternParser {
    private let scalars: [Unicode.Scalar]
    private var index = 0
    private var depth = 0

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    private var next: Unicode.Scalar? { index < scalars.count ? scalars[index] : nil }

    private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard next == scalar else { return false }
        index += 1
        return true
    }

    mutating func parse() throws(XSDPatternError) -> XSDPatternTree {
        let tree = try alternatives()
        guard index == scalars.count else {
            throw XSDPatternError(reason: "\")\" without \"(\"")
        }
        return tree
    }

    private mutating func alternatives() throws(XSDPatternError) -> XSDPatternTree {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100 else { throw XSDPatternError(reason: "it nests too deep") }
        var branches = [try sequence()]
        while take("|") { branches.append(try sequence()) }
        return branches.count == 1 ? branches[0] : .alternatives(branches)
    }

    private mutating func sequence() throws(XSDPatternError) -> XSDPatternTree {
        var parts: [XSDPatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" {
            parts.append(try quantified(try atom()))
        }
        return parts.isEmpty ? .empty : parts.count == 1 ? parts[0] : .sequence(parts)
    }

    private mutating func quantified(
        _ atom: XSDPatternTree
    ) throws(XSDPatternError) -> XSDPatternTree {
        switch next {
        case "?":
            index += 1
            return .repeated(atom, min: 0, max: 1)
        case "*":
            index += 1
            return .repeated(atom, min: 0, max: nil)
        case "+":
            index += 1
            return .repeated(atom, min: 1, max: nil)
        case "{":
            index += 1
            guard let least = number() else { throw XSDPatternError(reason: "a bad quantity") }
            var most: Int? = least
            if take(",") { most = next == "}" ? nil : number() }
            guard take("}"), most.map({ $0 >= least }) ?? true else {
                throw XSDPatternError(reason: "a bad quantity")
            }
            return .repeated(atom, min: least, max: most)
        default: return atom
        }
    }

    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, scalar >= "0", scalar <= "9" {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1_000_000)
            index += 1
        }
        return value
    }

    private mutating func atom() throws(XSDPatternError) -> XSDPatternTree {
        guard let scalar = next else { return .empty }
        index += 1
        switch scalar {
        case "(":
            // Not of XSD's grammar, but written by those who know other languages.
            if next == "?", index + 1 < scalars.count, scalars[index + 1] == ":" { index += 2 }
            let tree = try alternatives()
            guard take(")") else { throw XSDPatternError(reason: "\"(\" without \")\"") }
            return tree
        case "[": return .set(try characterClass())
        case "\\": return .set(XSDCharacterSet(items: [try escape()]))
        case ".":
            return .set(
                XSDCharacterSet(
                    items: [.range(0x0A, 0x0A), .range(0x0D, 0x0D)], isNegated: true))
        case "?", "*", "+", "{", "}", "]":
            if scalar == "}" || scalar == "]" { fallthrough }
            throw XSDPatternError(reason: "\"\(scalar)\" with nothing before it")
        default: return .set(XSDCharacterSet(items: [.range(scalar.value, scalar.value)]))
        }
    }

    // MARK: Character classes

    private mutating func characterClass() throws(XSDPatternError) -> XSDCharacterSet {
        depth += 1
        defer { depth -= 1 }
        guard depth < 100 else { throw XSDPatternError(reason: "it nests too deep") }
        var set = XSDCharacterSet(items: [], isNegated: take("^"))
        var isFirst = true
        while let scalar = next {
            if scalar == "]", !isFirst {
                index += 1
                return set
            }
            if scalar == "-", index + 1 < scalars.count, scalars[index + 1] == "[" {
                index += 2
                set.subtracted = [try characterClass()]
                guard take("]") else { break }
                return set
            }
            index += 1
            let item: XSDCharacterSet.Item =
                scalar == "\\" ? try escape() : .range(scalar.value, scalar.value)
            set.items.append(try range(from: item))
            isFirst = false
        }
        throw XSDPatternError(reason: "\"[\" without \"]\"")
    }

    /// The item, or the range that it begins.
    private mutating func range(
        from item: XSDCharacterSet.Item
    ) throws(XSDPatternError) -> XSDCharacterSet.Item {
        guard case .range(let low, _) = item, next == "-", index + 1 < scalars.count,
            scalars[index + 1] != "]", scalars[index + 1] != "["
        else { return item }
        index += 1
        guard let scalar = next else { return item }
        index += 1
        var high = scalar.value
        if scalar == "\\" {
            guard case .range(let escaped, _) = try escape() else {
                throw XSDPatternError(reason: "a range that ends in a class")
            }
            high = escaped
        }
        guard low <= high else { throw XSDPatternError(reason: "a range that goes down") }
        return .range(low, high)
    }

    private mutating func escape() throws(XSDPatternError) -> XSDCharacterSet.Item {
        guard let scalar = next else { throw XSDPatternError(reason: "it ends in \"\\\"") }
        index += 1
        switch scalar {
        case "n": return .range(0x0A, 0x0A)
        case "r": return .range(0x0D, 0x0D)
        case "t": return .range(0x09, 0x09)
        case "s", "S": return .space(scalar == "S")
        case "i", "I": return .nameStart(scalar == "I")
        case "c", "C": return .nameCharacter(scalar == "C")
        case "d", "D": return .digit(scalar == "D")
        case "w", "W": return .word(scalar == "W")
        case "p", "P": return try property(isNegated: scalar == "P")
        case _
        where ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar)
            || ("0"..."9").contains(scalar):
            throw XSDPatternError(reason: "the escape \"\\\(scalar)\" is not known")
        default: return .range(scalar.value, scalar.value)
        }
    }

    private mutating func property(
        isNegated: Bool
    ) throws(XSDPatternError) -> XSDCharacterSet.Item {
        guard take("{") else { throw XSDPatternError(reason: "\"\\p\" without \"{\"") }
        var name = ""
        while let scalar = next, scalar != "}" {
            name.unicodeScalars.append(scalar)
            index += 1
        }
        guard take("}") else { throw XSDPatternError(reason: "\"\\p{\" without \"}\"") }
        if name.hasPrefix("Is") {
            guard let (low, high) = XSDCharacterSet.blocks[String(name.dropFirst(2))] else {
                throw XSDPatternError(reason: "the block \"\(name)\" is not known")
            }
            return isNegated ? .outside(low, high) : .range(low, high)
        }
        guard XSDCharacterSet.isCategory(name) else {
            throw XSDPatternError(reason: "the category \"\(name)\" is not known")
        }
        return .category(name, isNegated)
    }
}
