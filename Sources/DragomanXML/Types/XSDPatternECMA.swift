// SPDX-License-Identifier: Apache-2.0
// A pattern of XML Schema in ECMA's syntax, for JSON Schemas: `[a-z-[aeiou]]+` becomes
// `^(?:(?![aeiou])[a-z])+$`.

enum XSDPatternECMA {
    /// The whole pattern, anchored; nil where it is too long to be of use.
    static func translate(_ tree: XSDPatternTree) -> String? {
        guard isSayable(tree) else { return nil }
        let body = text(tree)
        guard body.utf8.count < 20_000 else { return nil }
        if case .alternatives = tree { return "^(?:\(body))$" }
        return "^\(body)$"
    }

    /// `\I` and `\C` among other things in brackets have no counterpart.
    private static func isSayable(_ tree: XSDPatternTree) -> Bool {
        switch tree {
        case .empty: true
        case .set(let set): isSayable(set)
        case .sequence(let parts), .alternatives(let parts): parts.allSatisfy(isSayable)
        case .repeated(let part, _, _): isSayable(part)
        }
    }

    private static func isSayable(_ set: XSDCharacterSet) -> Bool {
        let isPlain = set.items.count == 1 && !set.isNegated
        let hasNegated = set.items.contains {
            switch $0 {
            case .nameStart(true), .nameCharacter(true): true
            default: false
            }
        }
        return (isPlain || !hasNegated) && set.subtracted.allSatisfy(isSayable)
    }

    /// Text that matches itself.
    static func quoted(_ value: String) -> String {
        value.unicodeScalars.map { literal($0.value, inClass: false) }.joined()
    }

    private static func text(_ tree: XSDPatternTree) -> String {
        switch tree {
        case .empty: return ""
        case .set(let set): return text(set)
        case .sequence(let parts):
            return parts.map { part in
                if case .alternatives = part { "(?:\(text(part)))" } else { text(part) }
            }.joined()
        case .alternatives(let branches): return branches.map(text).joined(separator: "|")
        case .repeated(let part, let min, let max):
            return atom(part) + quantity(min, max)
        }
    }

    private static func atom(_ tree: XSDPatternTree) -> String {
        if case .set(let set) = tree, set.subtracted.isEmpty { return text(set) }
        return "(?:\(text(tree)))"
    }

    private static func quantity(_ min: Int, _ max: Int?) -> String {
        switch (min, max) {
        case (0, 1): "?"
        case (0, nil): "*"
        case (1, nil): "+"
        case (_, nil): "{\(min),}"
        case (_, let max?): min == max ? "{\(min)}" : "{\(min),\(max)}"
        }
    }

    private static func text(_ set: XSDCharacterSet) -> String {
        var body = ""
        if !set.isNegated, set.items.count == 1, case .range(let low, let high) = set.items[0],
            low == high
        {
            body = literal(low, inClass: false)
        } else if !set.isNegated, set.items.count == 1, let short = short(set.items[0]) {
            body = short
        } else {
            let inner = set.items.map { item($0) }.joined()
            body = "[\(set.isNegated ? "^" : "")\(inner)]"
        }
        guard let subtracted = set.subtracted.first else { return body }
        return "(?!\(text(subtracted)))\(body)"
    }

    /// An item that needs no brackets.
    private static func short(_ item: XSDCharacterSet.Item) -> String? {
        switch item {
        case .category, .digit: self.item(item)
        case .space(let isNegated): "[\(isNegated ? "^" : "")\(space)]"
        case .word(let isNegated): "[\(isNegated ? "" : "^")\(noWord)]"
        case .nameStart(let isNegated): "[\(isNegated ? "^" : "")\(nameStart)]"
        case .nameCharacter(let isNegated): "[\(isNegated ? "^" : "")\(nameCharacter)]"
        default: nil
        }
    }

    private static let space = " \\t\\n\\r"
    private static let noWord = "\\p{P}\\p{Z}\\p{C}"
    private static let nameStart =
        ":A-Z_a-z\\u{C0}-\\u{D6}\\u{D8}-\\u{F6}\\u{F8}-\\u{2FF}\\u{370}-\\u{37D}"
        + "\\u{37F}-\\u{1FFF}\\u{200C}-\\u{200D}\\u{2070}-\\u{218F}\\u{2C00}-\\u{2FEF}"
        + "\\u{3001}-\\u{D7FF}\\u{F900}-\\u{FDCF}\\u{FDF0}-\\u{FFFD}\\u{10000}-\\u{EFFFF}"
    private static let nameCharacter =
        nameStart + "\\-.0-9\\u{B7}\\u{300}-\\u{36F}\\u{203F}-\\u{2040}"

    /// An item inside of brackets. Negated escapes there become what they leave.
    private static func item(_ item: XSDCharacterSet.Item) -> String {
        switch item {
        case .range(let low, let high):
            if low == high { return literal(low, inClass: true) }
            return "\(literal(low, inClass: true))-\(literal(high, inClass: true))"
        case .outside(let low, let high):
            let before = low == 0 ? "" : "\\u{0}-\(literal(low - 1, inClass: true))"
            return before + "\(literal(high + 1, inClass: true))-\\u{10FFFF}"
        case .category(let name, let isNegated): return "\\\(isNegated ? "P" : "p"){\(name)}"
        case .digit(let isNegated): return "\\\(isNegated ? "P" : "p"){Nd}"
        case .space(let isNegated):
            return isNegated ? "\\u{0}-\\u{8}\\u{B}\\u{C}\\u{E}-\\u{1F}!-\\u{10FFFF}" : space
        case .word(let isNegated):
            return isNegated ? noWord : "\\p{L}\\p{M}\\p{N}\\p{S}"
        case .nameStart: return nameStart
        case .nameCharacter: return nameCharacter
        }
    }

    private static func literal(_ value: UInt32, inClass: Bool) -> String {
        switch value {
        case 0x0A: return "\\n"
        case 0x0D: return "\\r"
        case 0x09: return "\\t"
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x2028, 0x2029, 0xD800...0xDFFF:
            return "\\u{\(String(value, radix: 16, uppercase: true))}"
        default: break
        }
        guard let scalar = Unicode.Scalar(value) else { return "\\u{FFFD}" }
        let special = inClass ? "\\]^-[" : "\\^$.*+?()[]{}|/"
        let isSpecial = special.unicodeScalars.contains(scalar)
        return isSpecial ? "\\\(scalar)" : String(Character(scalar))
    }
}
