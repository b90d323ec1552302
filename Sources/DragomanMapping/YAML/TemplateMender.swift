// SPDX-License-Identifier: Apache-2.0
// YAML reads `{`, `[`, `: ` and ` #` inside an unquoted `${…}` as its own signs, and its complaint
// then names neither cause nor cure. Here the line is quoted where that helps:
//
//     request: { id: ${path.id} }     →     request: { id: "${path.id}" }
//     note: ${body.a ? "x: y" : ""}   →     note: '${body.a ? "x: y" : ""}'

enum TemplateMender {
    struct Mended {
        var source: SourceText
        var lineNumber: Int
        /// Where the mended line first differs.
        var column: Int
        var line: String
    }

    /// The file with the line quoted that `error` comes from; nil where quoting does not help.
    static func mend(_ source: SourceText, _ error: YAMLSyntaxError) -> Mended? {
        let last = error.position.line
        let first = max(1, min(error.contextPosition?.line ?? last, last - 1), last - 20)
        // A bracket of an earlier line can only be open where the parser speaks of one.
        let depths = error.context?.contains("flow") == true ? [0, 1] : [0]
        for number in (first...last).reversed() {
            guard let range = source.lineRange(number) else { continue }
            let line = Array(source.bytes[range])
            for depth in depths {
                guard let mended = LineMender.mend(line, flowDepth: depth) else { continue }
                var bytes = source.bytes
                bytes.replaceSubrange(range, with: mended)
                let candidate = SourceText(path: source.path, bytes: bytes)
                if let next = YAMLReader.syntaxError(candidate), next.position.line <= last {
                    continue
                }
                return Mended(
                    source: candidate, lineNumber: number, column: firstDifference(line, mended),
                    line: String(decoding: mended, as: UTF8.self))
            }
        }
        return nil
    }

    private static func firstDifference(_ left: [UInt8], _ right: [UInt8]) -> Int {
        let common = zip(left, right).prefix { $0 == $1 }.count
        return left[..<common].count { $0 & 0xC0 != 0x80 } + 1
    }

    static func diagnostic(_ mended: Mended, in source: SourceText) -> Diagnostic {
        Diagnostic(
            code: "yaml-template-quotes", file: source.path,
            position: SourcePosition(line: mended.lineNumber, column: mended.column),
            message: "YAML takes this expression apart: it wants quotes around `${…}` inside "
                + "`{ }` and `[ ]`, and where an expression holds `: ` or ` #`",
            suggestion: mended.line)
    }

    /// A plain scalar whose `${` is not closed because ` #` began a comment.
    static func commentProblem(_ node: YAMLNode, _ source: SourceText) -> Diagnostic? {
        guard let text = node.text, hasOpenExpression(text) else {
            return nil
        }
        guard let line = source.lineRange(node.position.line).map({ Array(source.bytes[$0]) }),
            let mended = LineMender.mend(line, flowDepth: 0)
        else { return nil }
        return diagnostic(
            Mended(
                source: source, lineNumber: node.position.line, column: node.position.column,
                line: String(decoding: mended, as: UTF8.self)),
            in: source)
    }

    private static func hasOpenExpression(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        var index = 0
        while index + 1 < bytes.count {
            guard bytes[index] == 0x24, bytes[index + 1] == 0x7B else {
                index += 1
                continue
            }
            if index > 0, bytes[index - 1] == 0x24 {
                index += 2
                continue
            }
            guard let end = LineMender.expressionEnd(bytes, index) else { return true }
            index = end
        }
        return false
    }
}

/// Quotes what YAML would take apart on one line.
private struct LineMender {
    private let line: [UInt8]
    private var output: [UInt8] = []
    private var index = 0
    private var flowDepth: Int
    private var isAtToken = true
    private var hasChanged = false

    /// The line with quotes, or nil where none are wanting. `flowDepth`: in how many brackets
    /// of earlier lines it begins.
    static func mend(_ line: [UInt8], flowDepth: Int) -> [UInt8]? {
        guard line.count < 10_000 else { return nil }
        var mender = LineMender(line: line, flowDepth: flowDepth)
        mender.run()
        return mender.hasChanged ? mender.output : nil
    }

    private init(line: [UInt8], flowDepth: Int) {
        self.line = line
        self.flowDepth = flowDepth
    }

    private mutating func run() {
        while index < line.count {
            let byte = line[index]
            switch byte {
            case UInt8(ascii: " "), UInt8(ascii: "\t"): copy(1)
            case UInt8(ascii: "#") where index == 0 || line[index - 1] == 0x20:
                copy(line.count - index)
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                copy(Self.quotedEnd(line, index) - index)
                isAtToken = false
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                flowDepth += 1
                isAtToken = true
                copy(1)
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                flowDepth = max(0, flowDepth - 1)
                isAtToken = false
                copy(1)
            case UInt8(ascii: ","), UInt8(ascii: ":"):
                isAtToken = true
                copy(1)
            case UInt8(ascii: "-") where flowDepth == 0 && isAtToken && isBlank(index + 1):
                copy(1)
            default: plainScalar()
            }
        }
    }

    private mutating func copy(_ count: Int) {
        output += line[index..<index + count]
        index += count
    }

    private func isBlank(_ index: Int) -> Bool {
        index >= line.count || line[index] == 0x20 || line[index] == 0x09
    }

    /// Copies a plain scalar, in quotes if it holds an expression that YAML would take apart.
    private mutating func plainScalar() {
        var end = index
        var hasExpression = false
        while end < line.count {
            let byte = line[end]
            if byte == UInt8(ascii: "$"), end + 1 < line.count, line[end + 1] == 0x7B,
                let after = Self.expressionEnd(line, end)
            {
                hasExpression = true
                end = after
                continue
            }
            if byte == UInt8(ascii: ":"), isBlank(end + 1) { break }
            if byte == UInt8(ascii: "#"), end > index, line[end - 1] == 0x20 { break }
            if flowDepth > 0, [0x2C, 0x5B, 0x5D, 0x7B, 0x7D].contains(byte) { break }
            end += 1
        }
        end = max(end, index + 1)
        var textEnd = end
        while textEnd > index + 1, line[textEnd - 1] == 0x20 { textEnd -= 1 }
        let text = line[index..<textEnd]
        if hasExpression, flowDepth > 0 || Self.holdsSigns(text) {
            output += Self.quoted(text)
            hasChanged = true
        } else {
            output += text
        }
        output += line[textEnd..<end]
        index = end
        isAtToken = false
    }

    private static func holdsSigns(_ text: ArraySlice<UInt8>) -> Bool {
        zip(text, text.dropFirst()).contains { pair in
            pair == (UInt8(ascii: ":"), 0x20) || pair == (0x20, UInt8(ascii: "#"))
        }
    }

    private static func quoted(_ text: ArraySlice<UInt8>) -> [UInt8] {
        let quote = UInt8(ascii: "\""), single = UInt8(ascii: "'")
        guard text.contains(quote) || text.contains(UInt8(ascii: "\\")) else {
            return [quote] + text + [quote]
        }
        return [single] + text.flatMap { $0 == single ? [single, single] : [$0] } + [single]
    }

    private static func quotedEnd(_ line: [UInt8], _ start: Int) -> Int {
        let quote = line[start]
        var index = start + 1
        while index < line.count {
            if line[index] == quote { return index + 1 }
            index += quote == UInt8(ascii: "\"") && line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return line.count
    }

    /// The end of the `${…}` that begins at `start`: braces balance outside of CEL's strings.
    static func expressionEnd(_ line: [UInt8], _ start: Int) -> Int? {
        var depth = 0
        var index = start + 1
        while index < line.count {
            switch line[index] {
            case UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "}"):
                depth -= 1
                if depth == 0 { return index + 1 }
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                index = celStringEnd(line, index)
                continue
            default: break
            }
            index += 1
        }
        return nil
    }

    private static func celStringEnd(_ line: [UInt8], _ start: Int) -> Int {
        var index = start + 1
        while index < line.count {
            if line[index] == line[start] { return index + 1 }
            index += line[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return line.count
    }
}
