// SPDX-License-Identifier: Apache-2.0
// What people write who know another language well, and how CEL says it: an expression that can
// not be read is explained by the first such habit that it shows, mended where that is certain.

/// One habit, found in a text.
struct CELHabit {
    /// UTF-8 bytes.
    let start: Int
    let end: Int
    let message: String
    var expected: String?
    /// The whole text without the habit; nil where only its author knows.
    var mended: String?
}

struct CELHabits {
    /// An expression that shows more habits than this is not mended.
    private static let mendsMax = 8

    let source: String
    let words: [CELHabitWord]

    init(_ source: String) {
        self.source = source
        words = CELHabitWord.words(source)
    }

    /// The error in words of the language that was meant, where one is known.
    static func explained(_ error: CELSyntaxError, _ source: String) -> CELSyntaxError {
        guard source.utf8.count <= 4_000, let habit = CELHabits(source).first else { return error }
        var mended = habit.mended
        var count = 0
        while let text = mended, (try? CELParser.parse(text, isMapping: true)) == nil {
            count += 1
            mended = count < mendsMax ? CELHabits(text).first?.mended : nil
        }
        return CELSyntaxError(
            message: habit.message, start: habit.start, end: habit.end, expected: habit.expected,
            suggestion: mended.map { "${\($0)}" })
    }

    /// The first habit of the text.
    var first: CELHabit? {
        if let habit = wrapped { return habit }
        for index in words.indices {
            let word = words[index]
            let found =
                switch word.kind {
                case .name: name(index, word)
                case .sign: sign(index, word) ?? place(index, word)
                case .string: string(index, word)
                case .quoted: quoted(index, word)
                case .number: nil as CELHabit?
                }
            if let found { return found }
        }
        return beside
    }

    // MARK: Parts of the text

    func text(_ start: Int, _ end: Int) -> String {
        guard start < end else { return "" }
        return String(decoding: source.utf8.dropFirst(start).prefix(end - start), as: UTF8.self)
    }

    var end: Int { source.utf8.count }

    func isSign(_ index: Int, _ text: String) -> Bool {
        words.indices.contains(index) && words[index].kind == .sign && words[index].text == text
    }

    func isName(_ index: Int, _ text: String? = nil) -> Bool {
        guard words.indices.contains(index), words[index].kind == .name else { return false }
        return text == nil || words[index].text == text
    }

    /// The text with a part of it replaced.
    func replacing(_ start: Int, _ end: Int, _ other: String) -> String {
        text(0, start) + other + text(end, self.end)
    }

    func habit(
        _ word: CELHabitWord, _ message: String, expected: String? = nil, mended: String? = nil
    ) -> CELHabit {
        CELHabit(
            start: word.start, end: word.end, message: message, expected: expected,
            mended: mended)
    }

    /// A word that has another one in its place.
    func replaced(_ index: Int, by other: String, _ message: String? = nil) -> CELHabit {
        let word = words[index]
        let trimmed = other.trimmed
        return habit(
            word, message ?? "`\(word.text)` is no operator",
            expected: trimmed.isEmpty ? nil : "`\(trimmed)`",
            mended: replacing(word.start, word.end, other))
    }

    /// What stands at the same depth around a word, up to brackets, commas, `?` and `:`.
    func operands(_ index: Int) -> (left: Range<Int>, right: Range<Int>)? {
        var depth = 0
        var first = index - 1
        while first >= 0 {
            let text = words[first].kind == .sign ? words[first].text : ""
            if [")", "]", "}"].contains(text) { depth += 1 }
            if depth == 0, ["(", "[", "{", ",", "?", ":"].contains(text) { break }
            if ["(", "[", "{"].contains(text) { depth -= 1 }
            first -= 1
        }
        var last = index + 1
        depth = 0
        while last < words.count {
            let text = words[last].kind == .sign ? words[last].text : ""
            if ["(", "[", "{"].contains(text) { depth += 1 }
            if depth == 0, [")", "]", "}", ",", ":"].contains(text) { break }
            if [")", "]", "}"].contains(text) { depth -= 1 }
            last += 1
        }
        guard first + 1 < index, index + 1 < last else { return nil }
        return (
            words[first + 1].start..<words[index - 1].end,
            words[index + 1].start..<words[last - 1].end
        )
    }

    /// `default(left, right)`, or another call of the two.
    func called(_ index: Int, _ make: (String, String) -> String) -> String? {
        guard let (left, right) = operands(index) else { return nil }
        return replacing(
            left.lowerBound, right.upperBound,
            make(text(left.lowerBound, left.upperBound), text(right.lowerBound, right.upperBound)))
    }

    /// Index of the first word of the chain of names, indices and calls that ends before `index`.
    func chainStart(_ index: Int) -> Int {
        var first = index
        var depth = 0
        while first > 0 {
            let word = words[first - 1]
            let sign = word.kind == .sign ? word.text : ""
            if sign == ")" || sign == "]" {
                depth += 1
            } else if sign == "(" || sign == "[" {
                if depth == 0 { break }
                depth -= 1
            } else if depth == 0, sign != "." {
                let isJoined = first == index || words[first].kind == .sign
                guard word.kind != .sign, isJoined else { break }
            }
            first -= 1
        }
        return first
    }

    // MARK: Around the whole

    /// Braces and the like around the whole text.
    private var wrapped: CELHabit? {
        guard words.count >= 2, let first = words.first, let last = words.last else { return nil }
        if isSign(0, "{"), isSign(1, "%") {
            return habit(
                first, "there are no statements here",
                expected: "`${if condition}:` as a key, or `condition ? one : other`")
        }
        if isSign(0, "{"), isSign(1, "{"), words.count > 4, isSign(words.count - 1, "}"),
            isSign(words.count - 2, "}")
        {
            return habit(
                first, "`${…}` is enough: braces in it make a map",
                mended: text(words[1].end, words[words.count - 2].start).trimmed)
        }
        if isSign(0, "<"), isSign(words.count - 1, ">") {
            return habit(
                first, "`${…}` is enough", mended: text(first.end, last.start).trimmed)
        }
        if isSign(0, "/"), words.count > 1 {
            return habit(
                first, "a path into a value is written with dots", expected: "for example body.a",
                mended: text(first.end, end).split(separator: "/").joined(separator: "."))
        }
        return nil
    }

    /// Two values side by side.
    private var beside: CELHabit? {
        for index in words.indices.dropFirst() {
            let (left, right) = (words[index - 1], words[index])
            let endsValue = left.kind != .sign || [")", "]"].contains(left.text)
            guard endsValue, right.kind != .sign, left.text != "in", right.text != "in" else {
                continue
            }
            return habit(
                right, "`\(right.text)` follows a value, and no operator stands between them",
                expected: "`+` to join texts, `,` between arguments, or a `${…}` for each")
        }
        return nil
    }
}

extension StringProtocol {
    /// Without blanks around it.
    var trimmed: String {
        var text = Substring(self)
        while let first = text.first, first.isWhitespace { text = text.dropFirst() }
        while let last = text.last, last.isWhitespace { text = text.dropLast() }
        return String(text)
    }
}
