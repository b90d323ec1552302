// SPDX-License-Identifier: Apache-2.0
// The words of a text that is no expression, read so that nothing is refused: signs of other
// languages are words as well. For messages alone.

struct CELHabitWord {
    enum Kind {
        case name
        case number
        case string
        /// Between back quotes.
        case quoted
        case sign
    }

    let kind: Kind
    let text: String
    /// UTF-8 bytes.
    let start: Int
    let end: Int
    /// Of a string or a quoted name: its quote was found again.
    var isClosed = true

    /// Longer ones before those that they begin with.
    private static let signs = [
        "===", "!==", "||=", "??=", "...", "=>", "->", "??", "?:", "?.", "::", "..", "**", "++",
        "--", "+=", "-=", "*=", "/=", "=~", "!~", "~=", "<>", "==", "!=", "<=", ">=", "&&", "||",
    ]

    static func words(_ source: String) -> [CELHabitWord] {
        let bytes = Array(source.utf8)
        var words: [CELHabitWord] = []
        var index = 0
        while index < bytes.count {
            guard bytes[index] > 0x20 else {
                index += 1
                continue
            }
            let word = word(bytes, index)
            words.append(word)
            index = word.end
        }
        return words
    }

    private static func word(_ bytes: [UInt8], _ start: Int) -> CELHabitWord {
        let first = bytes[start]
        func made(_ kind: Kind, _ end: Int, isClosed: Bool = true) -> CELHabitWord {
            CELHabitWord(
                kind: kind, text: String(decoding: bytes[start..<end], as: UTF8.self),
                start: start, end: end, isClosed: isClosed)
        }
        switch first {
        case 0x22, 0x27, 0x60:
            var end = start + 1
            while end < bytes.count, bytes[end] != first {
                end += bytes[end] == 0x5C && first != 0x60 ? 2 : 1
            }
            let isClosed = end < bytes.count
            return made(
                first == 0x60 ? .quoted : .string, min(end + 1, bytes.count), isClosed: isClosed)
        case 0x30...0x39:
            var end = start
            while end < bytes.count, CELLexer.isNameByte(bytes[end]) || bytes[end] == 0x2E {
                end += 1
            }
            return made(.number, end)
        default: break
        }
        var end = start
        while end < bytes.count, CELLexer.isNameByte(bytes[end]) || isLetter(bytes, end) {
            end += bytes[end] < 0x80 ? 1 : length(bytes, end)
        }
        if end > start { return made(.name, min(end, bytes.count)) }
        for sign in signs where bytes[start...].starts(with: sign.utf8) {
            return made(.sign, start + sign.utf8.count)
        }
        return made(.sign, min(bytes.count, start + length(bytes, start)))
    }

    private static func length(_ bytes: [UInt8], _ index: Int) -> Int {
        switch bytes[index] {
        case 0xC0..<0xE0: 2
        case 0xE0..<0xF0: 3
        case 0xF0...: 4
        default: 1
        }
    }

    private static func isLetter(_ bytes: [UInt8], _ index: Int) -> Bool {
        guard bytes[index] >= 0x80 else { return false }
        let end = min(bytes.count, index + length(bytes, index))
        let text = String(decoding: bytes[index..<end], as: UTF8.self)
        return text.unicodeScalars.first?.properties.isAlphabetic ?? false
    }
}
