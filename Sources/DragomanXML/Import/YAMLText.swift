// SPDX-License-Identifier: Apache-2.0
// The YAML that import writes: block style, plain scalars where YAML 1.2's core schema reads them
// as the string that is meant, quotes where not.

/// Writes lines of block YAML.
package struct YAMLText {
    private(set) var text = ""
    private var indent = 0

    mutating func comment(_ line: String) { self.line("# \(line)") }

    mutating func line(_ line: String) {
        text += String(repeating: " ", count: indent * 2) + line + "\n"
    }

    mutating func pair(_ key: String, _ value: String) {
        line("\(YAMLText.scalar(key)): \(YAMLText.scalar(value))")
    }

    /// A value that is an expression: `${…}` as it stands.
    mutating func pair(_ key: String, expression: String) {
        line("\(YAMLText.scalar(key)): ${\(expression)}")
    }

    mutating func block(_ key: String, _ body: (inout YAMLText) -> Void) {
        line("\(YAMLText.scalar(key)):")
        indent += 1
        body(&self)
        indent -= 1
    }

    /// A folded text of several lines.
    mutating func folded(_ key: String, _ value: String) {
        line("\(key): >-")
        indent += 1
        var row = ""
        for word in value.split(whereSeparator: \.isWhitespace) {
            if !row.isEmpty, row.count + word.count + 1 > 88 {
                line(row)
                row = ""
            }
            row += (row.isEmpty ? "" : " ") + word
        }
        if !row.isEmpty { line(row) }
        indent -= 1
    }

    /// The scalar, quoted where it must be.
    package static func scalar(_ text: String) -> String {
        isPlain(text) ? text : quoted(text)
    }

    private static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last,
            last != " ", last != ":"
        else { return false }
        let isNumberLike = ("0"..."9").contains(first) || first == "+" || first == "."
        guard !isNumberLike, !"-?:,[]{}#&*!|>'\"%@` =~".unicodeScalars.contains(first) else {
            return false
        }
        let words: Set<String> = ["null", "true", "false", "yes", "no", "on", "off", "y", "n"]
        if words.contains(text.lowercased()) { return false }
        var previous: Unicode.Scalar = " "
        for scalar in text.unicodeScalars {
            if scalar.value < 0x20 || scalar.value == 0x7F { return false }
            if scalar.value > 0x7E, !scalar.properties.isAlphabetic, !scalar.properties.isMath,
                scalar.properties.generalCategory == .control || scalar.value == 0xFEFF
                    || scalar.value == 0x2028 || scalar.value == 0x2029 || scalar.value == 0x85
            {
                return false
            }
            if scalar == "#", previous == " " { return false }
            if scalar == " ", previous == ":" { return false }
            previous = scalar
        }
        return true
    }

    package static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": quoted += "\\\""
            case "\\": quoted += "\\\\"
            case "\n": quoted += "\\n"
            case "\t": quoted += "\\t"
            case "\r": quoted += "\\r"
            default:
                let isPlain =
                    scalar.value >= 0x20 && scalar.value != 0x7F
                    && scalar.properties.generalCategory != .control && scalar.value != 0xFEFF
                    && scalar.value != 0x2028 && scalar.value != 0x2029
                if isPlain {
                    quoted.unicodeScalars.append(scalar)
                } else {
                    let digits = String(scalar.value, radix: 16, uppercase: true)
                    let width = digits.count > 4 ? 8 : 4
                    let zeros = String(repeating: "0", count: width - digits.count)
                    quoted += (width == 8 ? "\\U" : "\\u") + zeros + digits
                }
            }
        }
        return quoted + "\""
    }
}
