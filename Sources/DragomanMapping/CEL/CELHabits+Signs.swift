// SPDX-License-Identifier: Apache-2.0
// Signs of other languages: operators, arrows, paths with wildcards, quotes of word processors.

extension CELHabits {
    private static let operators: [String: String] = [
        "===": "==", "!==": "!=", "<>": "!=", "~": "+", "++": "+", "&": "&&", "::": ".",
        "\\": ".", "?.": ".", "..": ".", "–": "-", "—": "-", "−": "-", "×": "*", "÷": "/",
        "≠": "!=", "≤": "<=", "≥": ">=",
    ]

    func sign(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        switch word.text {
        case "??", "?:", "||=", "??=":
            return habit(
                word, "`\(word.text)` is no operator",
                expected: "default(x, y): y where x is absent",
                mended: called(index) { "default(\($0), \($1))" })
        case "=>", "->": return arrow(index, word)
        case "=~", "~=", "!~":
            let not = word.text == "!~" ? "!" : ""
            return habit(
                word, "`\(word.text)` is no operator", expected: "x.matches(pattern)",
                mended: called(index) { "\(not)\($0).matches(\($1))" })
        case "**", "^":
            return habit(word, "there are no powers", expected: "x * x")
        case "+=", "-=", "*=", "/=":
            return habit(
                word, "nothing is assigned in an expression", expected: "the new value alone")
        case "++" where index == words.count - 1, "--":
            return habit(
                word, "nothing is counted up or down in an expression", expected: "x + 1 or x - 1")
        case "=":
            return replaced(index, by: "==", "`=` is no operator: nothing is assigned here")
        case "|": return pipe(index, word)
        case "$", "@", "#": return sigil(index, word)
        case ";":
            let rest = index == words.count - 1 ? text(0, word.start).trimmed : nil
            return habit(
                word, "one expression stands here, and nothing ends with `;`", mended: rest)
        case "“", "”", "„", "‘", "’", "‚", "«", "»", "″":
            return quotes(word)
        default:
            guard let meant = Self.operators[word.text] else { return nil }
            if word.text == "~" || word.text == "++" {
                return replaced(
                    index, by: "+", "`\(word.text)` is no operator: texts are joined with `+`")
            }
            return replaced(index, by: meant)
        }
    }

    /// `x => …`, `(a, b) => …`.
    private func arrow(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        let message = "`\(word.text)` is no operator: a macro names its variable first"
        let expected = "for example list.map(item, item.name) or list.filter(item, item.price > 5)"
        if isName(index - 1), index >= 2, isSign(index - 2, "(") {
            return habit(
                word, message, expected: expected,
                mended: replacing(words[index - 1].end, word.end, ","))
        }
        if isSign(index - 1, ")"), let open = words[..<index].lastIndex(where: { $0.text == "(" }) {
            let names = text(words[open].end, words[index - 1].start)
            return habit(
                word, message, expected: expected,
                mended: replacing(words[open].start, word.end, names + ","))
        }
        if word.text == "->" { return replaced(index, by: ".") }
        return habit(word, message, expected: expected)
    }

    /// `x | filter` of templates.
    private func pipe(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        guard index + 1 < words.count, isName(index + 1),
            let (left, _) = operands(index),
            isSign(index + 2, "(") || isSign(index + 2, ":") || index + 2 >= words.count
                || isSign(index + 2, "|")
        else { return replaced(index, by: "||") }
        let filter = words[index + 1]
        let value = text(left.lowerBound, left.upperBound)
        var end = filter.end
        var arguments = ""
        if isSign(index + 2, "(") {
            let close = words[(index + 2)...].firstIndex { $0.text == ")" } ?? words.count - 1
            arguments = text(words[index + 2].end, words[close].start)
            end = words[close].end
        } else if isSign(index + 2, ":") {
            let next = words[(index + 2)...].firstIndex { $0.text == "|" } ?? words.count
            arguments = text(words[index + 2].end, words[next - 1].end).trimmed
            end = words[next - 1].end
        }
        let name = CELForeignNames.meant[filter.text] ?? filter.text
        let isFunction = [
            "size", "string", "int", "double", "timestamp", "default", "uint", "bool",
        ]
        .contains(name)
        let call =
            isFunction
            ? "\(name)(\([value, arguments].filter { !$0.isEmpty }.joined(separator: ", ")))"
            : "\(value).\(name)(\(arguments))"
        return habit(
            word, "there are no filters behind `|`: functions are called",
            expected: "for example x.upperAscii(), size(x) or default(x, y)",
            mended: replacing(left.lowerBound, end, call))
    }

    /// `$.body.a`, `$body`, `@body`, `${body.a}` inside an expression.
    private func sigil(_ index: Int, _ word: CELHabitWord) -> CELHabit {
        if word.text == "$", isSign(index + 1, "{") {
            let close = words[index...].firstIndex { $0.text == "}" && $0.kind == .sign }
            return habit(
                word, "this is an expression already, and no `${…}` stands in it",
                mended: close.map {
                    text(0, word.start) + text(words[index + 1].end, words[$0].start).trimmed
                        + text(words[$0].end, end)
                })
        }
        let isDotted = isSign(index + 1, ".")
        return habit(
            word, "names have no `\(word.text)` before them",
            expected: "a root and its members, such as body.a",
            mended: replacing(word.start, isDotted ? words[index + 1].end : word.end, ""))
    }

    private func quotes(_ word: CELHabitWord) -> CELHabit {
        let marks: Set<Character> = ["“", "”", "„", "‘", "’", "‚", "«", "»", "″"]
        return habit(
            word, "`\(word.text)` is a quote of word processors", expected: "\" or '",
            mended: String(source.map { marks.contains($0) ? "\"" : $0 }))
    }

    // MARK: Members and items

    /// Signs that are right elsewhere: brackets, dots and colons.
    func place(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        switch word.text {
        case "[": return bracket(index, word)
        case ".": return dot(index, word)
        case "!" where index > 0 && (index == words.count - 1 || isSign(index + 1, ".")):
            return habit(
                word, "nothing stands behind a value to say that it is there",
                mended: replacing(word.start, word.end, ""))
        case ":":
            guard isName(index - 1), isName(index + 1),
                !words[..<index].contains(where: { ["?", "{", "["].contains($0.text) })
            else { return nil }
            return replaced(index, by: ".", "`:` does not take a member")
        default: return nil
        }
    }

    /// `[*]`, `[]`, `[a:b]`.
    private func bracket(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        let isEach = index > 0 && isSign(index + 1, "*") && isSign(index + 2, "]")
        let isEmpty =
            index > 0 && isSign(index + 1, "]")
            && (isName(index - 1) || isSign(index - 1, "]"))
        if isEach || isEmpty {
            return each(index, behind: isEach ? index + 3 : index + 2)
        }
        guard let close = words[index...].firstIndex(where: { $0.text == "]" }),
            let colon = words[index..<close].firstIndex(where: { $0.text == ":" }),
            index > 0, !words[index..<close].contains(where: { ["{", "?"].contains($0.text) })
        else { return nil }
        let from = text(word.end, words[colon].start).trimmed
        let to = text(words[colon].end, words[close].start).trimmed
        let arguments = [from.isEmpty ? "0" : from, to].filter { !$0.isEmpty }
        return habit(
            words[colon], "there are no slices", expected: "x.substring(from, to) of a text",
            mended: replacing(
                word.start, words[close].end,
                ".substring(\(arguments.joined(separator: ", ")))"))
    }

    /// All items of a list, and what is taken of each.
    private func each(_ index: Int, behind next: Int) -> CELHabit {
        let start = words[chainStart(index)].start
        let list = text(start, words[index - 1].end)
        var last = next
        while isSign(last, "."), isName(last + 1), !isSign(last + 2, "(") { last += 2 }
        let rest = last > next ? text(words[next].start, words[last - 1].end) : ""
        let end = last > 0 && last - 1 < words.count ? words[last - 1].end : self.end
        let call = rest.isEmpty ? list : "\(list).map(item, item\(rest))"
        return CELHabit(
            start: words[index].start, end: words[min(next, words.count) - 1].end,
            message: "there is no wildcard for all items",
            expected: "list.map(item, item.name)", mended: replacing(start, end, call))
    }

    /// `.*`, `.0`, `.[0]`, `."a b"`, letters that no name may have.
    private func dot(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        guard index > 0, index + 1 < words.count else { return nil }
        let next = words[index + 1]
        if isSign(index + 1, "*") { return each(index, behind: index + 2) }
        if isSign(index + 1, "[") {
            return habit(
                word, "an index follows its list directly",
                mended: replacing(word.start, word.end, ""))
        }
        switch next.kind {
        case .number where next.text.allSatisfy(\.isNumber):
            return habit(
                next, "an item is taken in brackets",
                mended: replacing(word.start, next.end, "[\(next.text)]"))
        case .string:
            return habit(
                next, "a name in quotes stands in brackets",
                mended: replacing(word.start, next.end, "[\(next.text)]"))
        case .name where !next.text.utf8.allSatisfy(CELLexer.isNameByte):
            return habit(
                next, "a name of other than ASCII letters stands in brackets",
                mended: replacing(word.start, next.end, "[\"\(next.text)\"]"))
        default: return nil
        }
    }

    // MARK: Texts

    func string(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        if !word.isClosed { return habit(word, "this text has no closing quote") }
        guard isName(index - 1, "f"), words[index - 1].end == word.start else { return nil }
        return habit(
            words[index - 1], "there are no f-strings",
            expected: "\"a \" + string(x), or `${…}` beside other text")
    }

    func quoted(_ index: Int, _ word: CELHabitWord) -> CELHabit? {
        guard !isSign(index - 1, ".") else { return nil }
        let inner = word.text.filter { $0 != "`" }
        let hasParts = inner.contains("${")
        return habit(
            word, "back quotes hold no text",
            expected: hasParts ? "`${…}` beside other text: \(inner)" : "quotes: \" or '",
            mended: hasParts || inner.contains("\"")
                ? nil : replacing(word.start, word.end, "\"\(inner)\""))
    }
}
