// SPDX-License-Identifier: Apache-2.0
// Breaks of a mapping file that are certainly wrong, found by what the file's lines say: names
// misspelt, needed lines dropped, types changed, paths and roots that lead nowhere.

import Foundation

/// One break: a line of a mapping file and what stands there instead.
struct LineBreak: CustomStringConvertible, Sendable {
    let kind: String
    /// From 1.
    let line: Int
    let from: String
    /// Nil: the line is dropped.
    let to: String?
    /// What the diagnostic must suggest; nil where no name is near.
    var suggestion: String?

    var description: String {
        "\(kind), line \(line): \(from.trimmed) → \(to?.trimmed ?? "(dropped)")"
    }

    func applied(to text: String) -> String {
        var lines = text.components(separatedBy: "\n")
        if let to { lines[line - 1] = to } else { lines.remove(at: line - 1) }
        return lines.joined(separator: "\n")
    }
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}

/// Finds the breaks of one file.
struct BreakFinder {
    private let lines: [String]
    private(set) var breaks: [LineBreak] = []
    /// Names that expressions of the file may begin with.
    private let variables: Set<String>

    /// Keys of the language, which nothing else in the recipes is called at the start of a line.
    private static let keys = [
        "service", "backend", "base", "naming", "types", "tables", "errors", "routes", "summary",
        "call", "parameters", "request", "response", "headers", "steps", "each", "parallel",
        "optional", "timeout", "fallback", "idempotent", "metadata", "accepts", "limits",
        "examples", "rename", "omit", "unwrap", "sends", "receives", "responds", "members",
        "detail", "when",
    ]

    init(_ text: String) {
        lines = text.components(separatedBy: "\n")
        variables = Set(
            Self.matches(#"^      (\w+):( *$| \{ call)"#, lines.joined(separator: "\n")).map(\.text)
        )
        var block: (name: String, indent: Int)?
        for (index, line) in lines.enumerated() where !line.trimmed.isEmpty {
            let indent = line.prefix { $0 == " " }.count
            if let known = block, indent <= known.indent { block = nil }
            if line.hasPrefix("#") { continue }
            if block == nil || block?.name == "examples" { keys(line, index, block?.name) }
            if block?.name != "examples" { find(line, index, block?.name) }
            for name in ["examples", "request", "response", "accepts", "fallback"]
            where block == nil && line.trimmed == "\(name):" {
                block = (name, indent)
            }
        }
    }

    private struct Match {
        let text: String
        let range: Range<String.Index>
    }

    private static func matches(_ pattern: String, _ line: String) -> [Match] {
        guard
            let expression = try? NSRegularExpression(
                pattern: pattern, options: [.anchorsMatchLines])
        else { return [] }
        let whole = NSRange(line.startIndex..., in: line)
        return expression.matches(in: line, range: whole).compactMap { match in
            Range(match.range(at: 1), in: line).map { Match(text: String(line[$0]), range: $0) }
        }
    }

    /// Two neighbours in the middle swapped.
    private static func misspelt(_ word: String) -> String? {
        var letters = Array(word)
        let middle = letters.count / 2
        for index in [middle - 1, middle, middle - 2, middle + 1]
        where letters.indices.contains(index) && letters.indices.contains(index + 1) {
            guard letters[index] != letters[index + 1] else { continue }
            letters.swapAt(index, index + 1)
            return String(letters)
        }
        return nil
    }

    private mutating func add(
        _ kind: String, _ index: Int, _ range: Range<String.Index>, _ new: String,
        _ suggestion: String? = nil
    ) {
        let line = lines[index]
        breaks.append(
            LineBreak(
                kind: kind, line: index + 1, from: line,
                to: line.replacingCharacters(in: range, with: new), suggestion: suggestion))
    }

    private mutating func misspell(
        _ kind: String, _ pattern: String, _ line: String, _ index: Int, least: Int = 3
    ) {
        for match in Self.matches(pattern, line) where match.text.count >= least {
            guard let word = Self.misspelt(match.text) else { continue }
            add(kind, index, match.range, word, match.text)
        }
    }

    // MARK: Keys

    private mutating func keys(_ line: String, _ index: Int, _ block: String?) {
        for match in Self.matches(#"^ *(?:- )?(\w+):(?: |$)"#, line)
        where Self.keys.contains(match.text) {
            let isOfExample = ["sends", "receives", "responds", "request"].contains(match.text)
            guard block == nil || isOfExample, let word = Self.misspelt(match.text) else {
                continue
            }
            add("misspelt key", index, match.range, word, match.text)
        }
        guard block == nil else { return }
        for key in ["call", "service", "backend"] where line.trimmed.hasPrefix("\(key): ") {
            breaks.append(
                LineBreak(kind: "dropped key", line: index + 1, from: line, to: nil))
        }
    }

    // MARK: Values and expressions

    private mutating func find(_ line: String, _ index: Int, _ block: String?) {
        misspell("misspelt contract", #"contract: ([\w-]+\.\w+)"#, line, index)
        misspell("misspelt backend", #"\{ (soap|grpc|http): \{"#, line, index)
        misspell("misspelt operation", #"call: (\w+)"#, line, index)
        for match in Self.matches(#"^  ([A-Z]{3,6}) /"#, line) {
            add(
                "misspelt method", index, match.range,
                String(match.text.prefix(2).reversed()) + match.text.dropFirst(2), match.text)
        }
        misspell("misspelt place", #"in: (query|header|path)"#, line, index)
        misspell("misspelt case", #"^naming: (\w+)"#, line, index)
        misspell("misspelt table", #"lookup\("(\w+)""#, line, index)
        misspell("misspelt function", #"[^\w.](default|lookup|has)\("#, line, index)
        misspell("misspelt function", #"\.(map|join|substring)\("#, line, index)
        misspell(
            "misspelt contract name", #"(?:rename: |omit: |unwrap: |as: )[\[{] ?(\w+)"#, line, index
        )
        types(line, index)
        members(line, index, block)
        roots(line, index, block)
        for match in Self.matches(#"(\$\{[^}]*\})"#, line) {
            add("unclosed", index, match.range, String(match.text.dropLast()))
        }
    }

    private mutating func types(_ line: String, _ index: Int) {
        for (pattern, value) in [
            (#"^    status: (\d+)"#, "created"), (#"^ *parallel: (\d+)"#, "many"),
            (#"timeout: (\d+\w+)"#, "soon"), (#"idempotent: (true)"#, "maybe"),
            (#"optional: (true)"#, "[1]"), (#"required: (true)"#, "7"),
            (#"limits: \{ body: (\w+)"#, "large"), (#"call: (\w+)"#, "[1]"),
            (#"schema: (\{ type: \w+)"#, "{ type: wrong"), (#"^base: (\S+)"#, "{ a: 1 }"),
            (#"^service: (\S+)"#, "Not A Name"), (#"default: (\d+)"#, "much"),
            (#"^    request: (\{ \w+: "\$\{[^}]*\}" \})"#, "7"),
            (#"^ *(?:- )?when: (\$\{.*\})$"#, "always"),
        ] {
            for match in Self.matches(pattern, line) {
                add("changed type", index, match.range, value)
            }
        }
    }

    /// Members of what the contract types: replies, faults, steps, messages.
    private mutating func members(_ line: String, _ index: Int, _ block: String?) {
        let names = (["reply", "fault.detail.\\w+", "path", "item"] + variables.sorted())
            .joined(separator: "|")
        misspell("misspelt member", "(?:\(names))\\.(\\w+)", line, index)
        for match in Self.matches("((?:\(names))\\.\\w+)(?![\\w(])", line)
        where !line.contains("for ") && !match.text.hasSuffix(".lines") {
            let isList = ["reply.books", "messages.subjects", "steps.messages"]
            guard !isList.contains(match.text), !match.text.hasPrefix("steps.") else { continue }
            add("wrong path", index, match.range, match.text + ".nothing")
        }
        guard block == "request" else { return }
        for match in Self.matches(#"^ {6}(\w+): "#, line) {
            guard let word = Self.misspelt(match.text) else { continue }
            add("misspelt member of the message", index, match.range, word, match.text)
        }
        for match in Self.matches(#"^ {6}\w+: (\$\{[^}]*\})$"#, line) {
            add("an object for a value", index, match.range, "{ a: 1 }")
            add("a list for a value", index, match.range, "[1]")
        }
    }

    private mutating func roots(_ line: String, _ index: Int, _ block: String?) {
        misspell(
            "misspelt root", #"[{( ,](reply|path|query|header|body|fault|item)[.\[]"#, line, index)
        for match in Self.matches(#"\$\{(?:\w+\()*(reply|path|query|header)[.\[]"#, line) {
            add("wrong root", index, match.range, "grpcs")
            if block == "request" { add("wrong root", index, match.range, "reply") }
            if block == "response" { add("wrong root", index, match.range, "fault") }
        }
        for match in Self.matches(#"(fault)\.detail"#, line) {
            add("wrong root", index, match.range, "reply")
            add("wrong root", index, match.range, "grpc")
        }
    }
}
