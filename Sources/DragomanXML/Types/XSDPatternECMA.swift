// SPDX-License-Identifier: Apache-2.0
// A pattern of XML Schema in ECMA's syntax, for JSON Schemas: `[a-z-[aeiou]]+` becomes
// `^(?:(?![aeiou])[a-z])+$`. What several dialects of regular expressions share is used where it
// says the same, since validators of OpenAPI read patterns with what their language has: ranges
// rather than `\p`, and `\uXXXX` rather than `\u{X}`.

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
        case .category: self.item(item)
        case .digit(let isNegated): isNegated ? "[^0-9]" : "[0-9]"
        case .space(let isNegated): "[\(isNegated ? "^" : "")\(space)]"
        case .word(let isNegated): "[\(isNegated ? "" : "^")\(noWord)]"
        case .nameStart(let isNegated): "[\(isNegated ? "^" : "")\(nameStart)]"
        case .nameCharacter(let isNegated): "[\(isNegated ? "^" : "")\(nameCharacter)]"
        default: nil
        }
    }

    private static let space = " \\t\\n\\r"
    /// The last code point, as it is: no escape of one beyond the BMP is known to all dialects.
    private static let last = "\u{10FFFF}"
    /// What comes before the space, as far as XML has it.
    private static let low = "\\t\\n\\r"
    /// Punctuation, separators and controls; of those outside of Latin-1 the common ones. The
    /// writer knows them all.
    private static let noWord =
        "\(low) -#%-*,-\\/:;?@\\[-\\]_{}\\u007F-\\u00A1\\u00AB\\u00AD\\u00B7\\u00BB\\u00BF\\u2000-\\u2027\\u2030-\\u2043"
        + "\\u2045-\\u2051\\u2053-\\u205E\\u3000-\\u3003\\u3008-\\u3011"
    private static let word =
        "$+<=>\\^`|~0-9A-Za-z"
        + "\\u00A2-\\u00A6\\u00A8-\\u00AA\\u00AC\\u00AE-\\u00B5\\u00B8-\\u00BA"
        + "\\u00BC-\\u00BE\\u00D7\\u00F7\\u20AC"
        + scripts
    /// Letters that names may begin with in every edition of XML 1.0, of the scripts in wide use.
    private static let letters = "A-Za-z_" + scripts
    private static let scripts =
        "\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u0131\\u0134-\\u013E\\u0141-\\u0148"
        + "\\u014A-\\u017E\\u0180-\\u01C3\\u0388-\\u038A\\u038E-\\u03A1\\u03A3-\\u03CE"
        + "\\u0401-\\u040C\\u040E-\\u044F\\u0451-\\u045C\\u045E-\\u0481\\u0531-\\u0556"
        + "\\u0561-\\u0586\\u05D0-\\u05EA\\u0621-\\u063A\\u0641-\\u064A\\u0905-\\u0939"
        + "\\u0E01-\\u0E2E\\u10A0-\\u10C5\\u10D0-\\u10F6\\u1E00-\\u1E9B\\u1EA0-\\u1EF9"
        + "\\u3041-\\u3094\\u30A1-\\u30FA\\u4E00-\\u9FA5\\uAC00-\\uD7A3"
    private static let afterLetters =
        ".0-9\\-"
        + "\\u00B7\\u0300-\\u0345\\u0901-\\u0903\\u093E-\\u094D\\u0E34-\\u0E3A"
        + "\\u30FC-\\u30FE"
    private static let nameStart = ":\(letters)"
    private static let nameCharacter = nameStart + afterLetters

    /// A name without a colon, one with colons, and one that may begin with any of its characters.
    static let colonlessName = "[\(letters)][\(letters)\(afterLetters)]*"
    static let name = "[\(nameStart)][\(nameCharacter)]*"
    static let nameToken = "[\(nameCharacter)]+"

    /// An item inside of brackets. Negated escapes there become what they leave.
    private static func item(_ item: XSDCharacterSet.Item) -> String {
        switch item {
        case .range(let low, let high):
            if low == high { return literal(low, inClass: true) }
            return range(low, high)
        case .outside(let low, let high):
            let before = low == 0 ? "" : range(0, low - 1)
            return before + "\(literal(high + 1, inClass: true))-\(last)"
        case .category(let name, let isNegated): return "\\\(isNegated ? "P" : "p"){\(name)}"
        // Digits of other scripts, which XML Schema's `\d` takes as well, are nobody's intent.
        case .digit(let isNegated): return isNegated ? "\(low) -\\/:-\(last)" : "0-9"
        case .space(let isNegated):
            return isNegated ? "!-\(last)" : space
        case .word(let isNegated):
            return isNegated ? noWord : word
        case .nameStart: return nameStart
        case .nameCharacter: return nameCharacter
        }
    }

    /// Of what stands before the space XML has three.
    private static func range(_ low: UInt32, _ high: UInt32) -> String {
        guard low <= 0x09, high >= 0x20 else {
            return "\(literal(low, inClass: true))-\(literal(high, inClass: true))"
        }
        return "\(XSDPatternECMA.low) -\(literal(high, inClass: true))"
    }

    private static func literal(_ value: UInt32, inClass: Bool) -> String {
        switch value {
        case 0x0A: return "\\n"
        case 0x0D: return "\\r"
        case 0x09: return "\\t"
        case 0..<0x20, 0x7F..<0xA0, 0xAD, 0x2028, 0x2029, 0xD800...0xDFFF:
            let digits = String(value, radix: 16, uppercase: true)
            return "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
        default: break
        }
        guard let scalar = Unicode.Scalar(value) else { return "\\uFFFD" }
        let special = inClass ? "\\]^-[" : "\\^$.*+?()[]{}|/"
        let isSpecial = special.unicodeScalars.contains(scalar)
        return isSpecial ? "\\\(scalar)" : String(Character(scalar))
    }
}
