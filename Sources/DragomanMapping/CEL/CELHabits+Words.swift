// SPDX-License-Identifier: Apache-2.0
// Words of other languages: operators that are spelt out, conditions, loops, declarations.

extension CELHabits {
    private static let operators: [String: String] = [
        "and": "&&", "or": "||", "AND": "&&", "OR": "||", "And": "&&", "Or": "||", "mod": "%",
        "div": "/", "eq": "==", "ne": "!=", "lt": "<", "gt": ">", "le": "<=", "ge": ">=",
    ]

    func name(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        // Where a member is named, or a call begins, it is no operator.
        if isSign(index - 1, ".") || isSign(index - 1, "?.") { return nil }
        let isBetween = index > 0 && index + 1 < words.count
        if isBetween, let meant = Self.operators[word.text],
            !isSign(index + 1, "(") || endsValue(index - 1)
        {
            return replaced(index, by: meant)
        }
        switch word.text {
        case "not", "NOT": return not(index, word)
        case "is" where isBetween, "IS" where isBetween: return `is`(index, word)
        case "if": return condition(index, word)
        case "for" where index > 0: return loop(index, word)
        case "lambda": return lambda(index, word)
        case "return" where index == 0:
            return habit(
                word, "an expression is its value, and needs no `return`",
                mended: text(word.end, end).trimmed)
        case "new":
            let isDate = isName(index + 1, "Date")
            return habit(
                word, "nothing is made with `new`", expected: isDate ? "now()" : nil,
                mended: isDate && isSign(index + 2, "(") && isSign(index + 3, ")")
                    ? replacing(word.start, words[index + 3].end, "now()") : nil)
        case "let", "var", "const":
            guard isName(index + 1) else { return nil }
            return habit(
                word, "there are no variables", expected: "cel.bind(name, value, expression)")
        case "function":
            return habit(word, "there are no functions of one's own")
        case "typeof" where !isSign(index + 1, "("):
            return habit(
                word, "`typeof` is no operator", expected: "type(x) == string, for example")
        case "instanceof" where isBetween:
            return habit(
                word, "`instanceof` is no operator", expected: "type(x) == string, for example")
        case "like" where isBetween, "LIKE" where isBetween:
            return habit(
                word, "`\(word.text)` is no operator",
                expected: "x.startsWith(y), x.contains(y) or x.matches(pattern)")
        case "exists" where isBetween || index == words.count - 1 && index > 0:
            let start = words[chainStart(index)].start
            return habit(
                word, "`exists` follows nothing", expected: "has(x)",
                mended: replacing(
                    start, word.end, "has(\(text(start, words[index - 1].end)))"))
        case "in" where isBetween: return list(index)
        default: return nil
        }
    }

    private func endsValue(_ index: Int) -> Bool {
        guard words.indices.contains(index) else { return false }
        let word = words[index]
        return word.kind != .sign || [")", "]", "}"].contains(word.text)
    }

    /// `not x`, `x not in y`.
    private func not(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        if isName(index + 1, "in"), index > 0 {
            let behind = words[index + 1].end
            let start = words[chainStart(index)].start
            return habit(
                word, "`not in` is no operator", expected: "!(x in list)",
                mended: text(0, start) + "!(" + text(start, words[index - 1].end) + " in"
                    + text(behind, end) + ")")
        }
        guard index + 1 < words.count else { return habit(word, "`not` is no operator") }
        let rest = text(words[index + 1].start, end)
        let isOne = !rest.contains(" ")
        return habit(
            word, "`\(word.text)` is no operator", expected: "`!`",
            mended: text(0, word.start) + (isOne ? "!\(rest)" : "!(\(rest))"))
    }

    /// `x is null`, `x is not None`.
    private func `is`(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        let isNot = isName(index + 1, "not") || isName(index + 1, "NOT")
        let value = isNot ? index + 2 : index + 1
        guard words.indices.contains(value) else { return replaced(index, by: "==") }
        let nothings = ["None", "null", "nil", "NULL", "undefined", "defined"]
        let other = nothings.contains(words[value].text) ? "null" : words[value].text
        return habit(
            word, "`is` is no operator", expected: isNot ? "`!=`, or has(x)" : "`==`, or !has(x)",
            mended: replacing(
                word.start, words[value].end, (isNot ? "!= " : "== ") + other))
    }

    /// `if c then a else b`, `a if c else b`.
    private func condition(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        let expected = "condition ? one : other"
        let message = "`if` is no word of expressions"
        guard let other = words.firstIndex(where: { $0.text == "else" && $0.kind == .name }),
            other > index + 1, other + 1 < words.count
        else {
            return habit(word, message, expected: expected + ", or `${if condition}:` as a key")
        }
        let no = text(words[other].end, end).trimmed
        if index > 0 {
            let yes = text(0, word.start).trimmed
            let test = text(word.end, words[other].start).trimmed
            return habit(
                word, message, expected: expected, mended: "\(test) ? \(yes) : \(no)")
        }
        var middle = words.firstIndex { $0.text == "then" && $0.kind == .name }
        var isThen = true
        if middle == nil, isSign(1, "(") {
            isThen = false
            var depth = 0
            middle = words.indices.dropFirst().first { place in
                if words[place].text == "(" { depth += 1 }
                if words[place].text == ")" { depth -= 1 }
                return depth == 0
            }
        }
        guard let middle, middle > 0, middle < other else {
            return habit(word, message, expected: expected)
        }
        let test = text(word.end, isThen ? words[middle].start : words[middle].end).trimmed
        let yes = text(words[middle].end, words[other].start).trimmed
        return habit(word, message, expected: expected, mended: "\(test) ? \(yes) : \(no)")
    }

    /// `[x.name for x in list if c]`.
    private func loop(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        let expected = "list.map(item, item.name) or list.filter(item, item.price > 5)"
        guard isSign(0, "["), isSign(words.count - 1, "]"), isName(index + 1),
            isName(index + 2, "in"), index + 3 < words.count - 1
        else { return habit(word, "`for` is no word of expressions", expected: expected) }
        let made = text(words[0].end, word.start).trimmed
        let name = words[index + 1].text
        let test = words.firstIndex { $0.text == "if" && $0.kind == .name }
        let close = words[words.count - 1].start
        let list = text(words[index + 2].end, test.map { words[$0].start } ?? close).trimmed
        var call = list
        if let test { call += ".filter(\(name), \(text(words[test].end, close).trimmed))" }
        if made != name || test == nil { call += ".map(\(name), \(made))" }
        return habit(
            word, "`for` is no word of expressions", expected: expected, mended: call)
    }

    private func lambda(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        let colon = words[index...].firstIndex { $0.text == ":" }
        return habit(
            word, "there is no `lambda`: a macro names its variable first",
            expected: "for example list.map(item, item.name)",
            mended: colon.map {
                text(0, word.start) + text(word.end, words[$0].start).trimmed + ","
                    + text(words[$0].end, end)
            })
    }

    /// `x in (a, b)`.
    private func list(_ index: Int) -> CELHabit? {
        guard isSign(index + 1, "("),
            let close = words[(index + 1)...].firstIndex(where: { $0.text == ")" }),
            words[(index + 1)..<close].contains(where: { $0.text == "," })
        else { return nil }
        let open = words[index + 1]
        return habit(
            open, "a list stands in brackets",
            mended: replacing(
                open.start, words[close].end, "[\(text(open.end, words[close].start))]"))
    }
}
