// SPDX-License-Identifier: Apache-2.0
// Escapes and classes of a pattern.

extension PatternParser {
    mutating func escape() throws(PatternError) -> (PatternNode, Bool) {
        guard let scalar = next else {
            throw PatternError(message: "a backslash stands at the end")
        }
        switch scalar {
        case 0x62, 0x42:
            position += 1
            return (.wordBoundary(inverted: scalar == 0x42), false)
        case 0x31...0x39:
            var number = 0
            while let digit = next, digit >= 0x30, digit <= 0x39 {
                number = min(number * 10 + Int(digit - 0x30), 100_000)
                position += 1
            }
            highestReference = max(highestReference, number)
            return (.backreference(number), true)
        case 0x6B:
            position += 1
            guard take(0x3C) else { throw PatternError(message: "\\k without a group's name") }
            let name = try groupName()
            guard let number = names[name] else {
                throw PatternError(message: "no group has the name \(name)")
            }
            return (.backreference(number), true)
        default:
            if let set = try classEscape() { return (set.node, true) }
            return (.set(ScalarSet(try characterEscape(inClass: false))), true)
        }
    }

    /// `\d`, `\w`, `\s`, `\p{…}` and their opposites; nil (and nothing taken) for others.
    private mutating func classEscape() throws(PatternError) -> ClassContent? {
        guard let scalar = next else { return nil }
        let set: ScalarSet
        switch scalar {
        case 0x64: set = .digits
        case 0x44: set = ScalarSet.digits.inverted
        case 0x77: set = .word
        case 0x57: set = ScalarSet.word.inverted
        case 0x73: set = .space
        case 0x53: set = ScalarSet.space.inverted
        case 0x70, 0x50:
            position += 1
            return try property(inverted: scalar == 0x50)
        default: return nil
        }
        position += 1
        return ClassContent(set: set)
    }

    private mutating func property(inverted: Bool) throws(PatternError) -> ClassContent {
        guard take(0x7B) else { throw PatternError(message: "\\p without a property's name") }
        var name = ""
        while let scalar = next, scalar != 0x7D {
            append(scalar, to: &name)
            position += 1
        }
        guard take(0x7D) else { throw PatternError(message: "a '{' is never closed") }
        switch UnicodeProperty.named(name) {
        case .set(let set): return ClassContent(set: inverted ? set.inverted : set)
        case .table(let table):
            return ClassContent(properties: [PropertySet(name: table, inverted: inverted)])
        case nil: throw PatternError(message: "ECMA-262 has no property \(name)")
        }
    }

    private mutating func characterEscape(inClass: Bool) throws(PatternError) -> UInt32 {
        guard let scalar = next else {
            throw PatternError(message: "a backslash stands at the end")
        }
        position += 1
        switch scalar {
        case 0x74: return 0x09
        case 0x6E: return 0x0A
        case 0x76: return 0x0B
        case 0x66: return 0x0C
        case 0x72: return 0x0D
        case 0x62 where inClass: return 0x08
        case 0x30 where !(next.map { $0 >= 0x30 && $0 <= 0x39 } ?? false): return 0
        case 0x63:
            guard let letter = next, letter | 0x20 >= 0x61, letter | 0x20 <= 0x7A else {
                throw PatternError(message: "\\c without a letter")
            }
            position += 1
            return letter & 0x1F
        case 0x78:
            guard let value = hexadecimal(2) else {
                throw PatternError(message: "\\x without two hexadecimal digits")
            }
            return value
        case 0x75: return try unicodeEscape()
        case 0x20...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E: return scalar
        default:
            var text = "\\"
            append(scalar, to: &text)
            throw PatternError(message: "ECMA-262 has no escape \(text)")
        }
    }

    private mutating func hexadecimal(_ digits: Int) -> UInt32? {
        var value: UInt32 = 0
        for offset in 0..<digits {
            guard let digit = at(position + offset).flatMap(PatternParser.digit) else { return nil }
            value = value << 4 | digit
        }
        position += digits
        return value
    }

    private static func digit(_ scalar: UInt32) -> UInt32? {
        switch scalar {
        case 0x30...0x39: scalar - 0x30
        case 0x41...0x46: scalar - 0x37
        case 0x61...0x66: scalar - 0x57
        default: nil
        }
    }

    private mutating func unicodeEscape() throws(PatternError) -> UInt32 {
        if take(0x7B) {
            var value: UInt32 = 0
            var digits = 0
            while let digit = next.flatMap(PatternParser.digit) {
                value = min(value << 4 | digit, 0x200000)
                position += 1
                digits += 1
            }
            guard take(0x7D), digits > 0, value <= ScalarSet.scalarMax else {
                throw PatternError(message: "\\u{ without a code point")
            }
            return value
        }
        guard let high = hexadecimal(4) else {
            throw PatternError(message: "\\u without four hexadecimal digits")
        }
        guard high >= 0xD800, high < 0xDC00, at(position) == 0x5C, at(position + 1) == 0x75 else {
            return high
        }
        let back = position
        position += 2
        if let low = hexadecimal(4), low >= 0xDC00, low < 0xE000 {
            return 0x10000 + (high - 0xD800) << 10 + (low - 0xDC00)
        }
        position = back
        return high
    }
}

// MARK: Classes

extension PatternParser {
    /// What a class has gathered so far.
    struct ClassContent {
        var set = ScalarSet()
        var properties: [PropertySet] = []

        var node: PatternNode {
            properties.isEmpty ? .set(set) : .properties(properties, set, inverted: false)
        }
    }

    mutating func characterClass() throws(PatternError) -> PatternNode {
        let inverted = take(0x5E)
        var content = ClassContent()
        while true {
            guard let scalar = next else { throw PatternError(message: "a '[' is never closed") }
            if scalar == 0x5D { break }
            try classMember(into: &content)
        }
        position += 1
        if content.properties.isEmpty {
            return .set(inverted ? content.set.inverted : content.set)
        }
        return .properties(content.properties, content.set, inverted: inverted)
    }

    private mutating func classMember(into content: inout ClassContent) throws(PatternError) {
        guard let first = try classAtom(into: &content) else { return }
        guard next == 0x2D, let after = at(position + 1), after != 0x5D else {
            content.set.insert(first, first)
            return
        }
        position += 1
        guard let last = try classAtom(into: &content) else {
            // A range that ends in a class: without the flag the hyphen stands for itself.
            content.set.insert(first, first)
            content.set.insert(0x2D, 0x2D)
            return
        }
        guard first <= last else {
            throw PatternError(message: "the ends of a range in a class are out of order")
        }
        content.set.insert(first, last)
    }

    /// One character, or nil where a whole set was added.
    private mutating func classAtom(
        into content: inout ClassContent
    ) throws(PatternError) -> UInt32? {
        guard let scalar = next else { throw PatternError(message: "a '[' is never closed") }
        position += 1
        guard scalar == 0x5C else { return scalar }
        if let set = try classEscape() {
            content.set.formUnion(set.set)
            content.properties += set.properties
            return nil
        }
        return try characterEscape(inClass: true)
    }
}
