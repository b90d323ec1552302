// SPDX-License-Identifier: Apache-2.0
// Puts what was recorded into a mapping file: of an example only `sends`, `receives` and what
// belongs to it are written anew; every other line stays as it is, comments and all.

/// What one call was seen to send and to be answered.
package struct ExampleRecording: Sendable {
    package var step: String?
    /// Of a step with `each`.
    package var item: Int?
    package var sends: String
    package var receives: String?
    /// Where the message does not say it itself.
    package var status: Int?
    package var headers: [(name: String, value: String)]

    package init(
        sends: String, receives: String?, status: Int? = nil,
        headers: [(name: String, value: String)] = []
    ) {
        self.sends = sends
        self.receives = receives
        self.status = status
        self.headers = headers
    }

    /// Keys in the order of MAPPING.md, each with its value as YAML text.
    fileprivate static func entries(
        _ recordings: [ExampleRecording]
    ) -> [(key: String, value: RecordedValue)] {
        let all: [(key: String, value: (ExampleRecording) -> RecordedValue?)] = [
            ("sends", { .text($0.sends) }), ("receives", { $0.receives.map { .text($0) } }),
            ("receives_status", { $0.status.map { .plain(String($0)) } }),
            ("receives_headers", { $0.headers.isEmpty ? nil : .plain(fields($0.headers)) }),
        ]
        return all.compactMap { key, value in
            let values = recordings.map { ($0, value($0)) }
            if values.allSatisfy({ $0.1 == nil }) { return nil }
            if values.count == 1, values[0].0.step == nil, let only = values[0].1 {
                return (key, only)
            }
            return (key, .steps(byStep(values)))
        }
    }

    private static func fields(_ headers: [(name: String, value: String)]) -> String {
        let pairs = headers.map { "\($0.name): \(RecordedValue.quoted($0.value))" }
        return "{ " + pairs.joined(separator: ", ") + " }"
    }

    private static func byStep(
        _ values: [(ExampleRecording, RecordedValue?)]
    ) -> [(step: String, value: RecordedValue)] {
        var steps: [(step: String, value: RecordedValue)] = []
        for (recording, value) in values {
            guard let step = recording.step, let value else { continue }
            guard recording.item != nil else {
                steps.append((step, value))
                continue
            }
            if let index = steps.firstIndex(where: { $0.step == step }),
                case .list(let items) = steps[index].value
            {
                steps[index].value = .list(items + [value])
            } else {
                steps.append((step, .list([value])))
            }
        }
        return steps
    }
}

private indirect enum RecordedValue {
    case text(String)
    case plain(String)
    case steps([(step: String, value: RecordedValue)])
    /// One for each item.
    case list([RecordedValue])

    /// On one line, for flow mappings and for what no block can hold.
    var inline: String {
        switch self {
        case .plain(let text): text
        case .text(let text): Self.quoted(text)
        case .steps(let steps):
            "{ " + steps.map { "\($0.step): \($0.value.inline)" }.joined(separator: ", ") + " }"
        case .list(let items): "[ " + items.map(\.inline).joined(separator: ", ") + " ]"
        }
    }

    /// A JSON string is a YAML string.
    static func quoted(_ text: String) -> String { JSONText.string(text).text() }

    /// As lines behind a key that stands at `indent`.
    func lines(key: String, indent: String) -> [String] { lines(head: "\(indent)\(key):", indent) }

    private func lines(head: String, _ indent: String) -> [String] {
        switch self {
        case .plain: return ["\(head) \(inline)"]
        case .text(let text):
            guard let rows = Self.rows(text) else { return ["\(head) \(inline)"] }
            return ["\(head) |"] + rows.map { $0.isEmpty ? "" : "\(indent)  \($0)" }
        case .steps(let steps):
            return [head] + steps.flatMap { $0.value.lines(key: $0.step, indent: indent + "  ") }
        case .list(let items):
            return [head] + items.flatMap { $0.lines(head: indent + "  -", indent + "  ") }
        }
    }

    /// The lines of a block; nil of a text that no block can hold.
    private static func rows(_ text: String) -> [Substring]? {
        let isPrintable = text.unicodeScalars.allSatisfy {
            ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) && $0 != "\u{FEFF}")
                || $0 == "\n" || $0 == "\t"
        }
        var rows = text.split(separator: "\n", omittingEmptySubsequences: false)
        while rows.last?.isEmpty == true { rows.removeLast() }
        guard isPrintable, let first = rows.first, first.first != " ", !first.isEmpty else {
            return nil
        }
        return rows
    }
}

package enum ExampleRewriter {
    static let keys = ["sends", "receives", "receives_status", "receives_headers"]

    /// `examples` stand in this text, at the places that they know.
    package static func rewrite(
        _ text: String, _ examples: [(example: RouteExample, recordings: [ExampleRecording])]
    ) -> String {
        var text = text
        // From below, so that the places above stay true.
        for (example, recordings) in examples.sorted(by: {
            $0.example.node.position > $1.example.node.position
        }) {
            guard let pairs = example.node.pairs else { continue }
            let entries = ExampleRecording.entries(recordings)
            if example.node.style == .flow {
                text = FlowRewriter(text, example.node.position).rewrite(entries)
            } else {
                var rewriter = BlockRewriter(text, pairs)
                rewriter.rewrite(entries)
                text = rewriter.text
            }
        }
        return text
    }
}

/// An example whose keys stand on lines of their own.
private struct BlockRewriter {
    private var lines: [String]
    private let pairs: [YAMLNode.Pair]
    /// Of the keys, from 0.
    private let column: Int

    var text: String { lines.joined(separator: "\n") }

    init(_ text: String, _ pairs: [YAMLNode.Pair]) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        self.pairs = pairs
        column = (pairs.first?.key.position.column ?? 1) - 1
    }

    mutating func rewrite(_ entries: [(key: String, value: RecordedValue)]) {
        let indent = String(repeating: " ", count: column)
        // New ones stand behind what is sent, before what the client is told.
        let anchor =
            pairs.last { ExampleRewriter.keys.contains($0.name) }
            ?? pairs.last { $0.name == "request" }
            ?? pairs.last { $0.name != "responds" }
        var place = anchor.map { end(of: $0) } ?? lines.count
        let old = pairs.filter { ExampleRewriter.keys.contains($0.name) }
        let isFirst = old.first?.key.position == pairs.first?.key.position
        let dash = old.first.map { prefix($0) } ?? ""
        for pair in old.reversed() {
            let start = pair.key.position.line - 1
            let range = start..<end(of: pair)
            lines.removeSubrange(range)
            if range.upperBound <= place { place -= range.count }
        }
        var fresh = entries.flatMap { $0.value.lines(key: $0.key, indent: indent) }
        if isFirst, !old.isEmpty, let first = fresh.first {
            // `- sends: …`: the dash before the first key stays.
            place = (pairs.first?.key.position.line ?? 1) - 1
            fresh[0] = dash + first.dropFirst(column)
        }
        lines.insert(contentsOf: fresh, at: min(place, lines.count))
    }

    /// What stands before the key in its line.
    private func prefix(_ pair: YAMLNode.Pair) -> String {
        let line = lines[pair.key.position.line - 1]
        return String(String.UnicodeScalarView(line.unicodeScalars.prefix(column)))
    }

    /// The line behind a key and its value.
    private func end(of pair: YAMLNode.Pair) -> Int {
        var end = pair.key.position.line
        var index = end
        let isList = pair.value.items != nil && pair.value.style == .block
        while index < lines.count {
            let line = lines[index]
            let indent = line.prefix { $0 == " " }.count
            let rest = line.dropFirst(indent)
            if rest.allSatisfy(\.isWhitespace) {
                index += 1
                continue
            }
            guard indent > column || (isList && indent == column && rest.hasPrefix("-")) else {
                break
            }
            index += 1
            end = index
        }
        return end
    }
}

/// An example in braces.
private struct FlowRewriter {
    private let scalars: [Unicode.Scalar]
    private let start: Int

    init(_ text: String, _ position: SourcePosition) {
        scalars = Array(text.unicodeScalars)
        var line = 1
        var offset = 0
        while line < position.line, offset < scalars.count {
            if scalars[offset] == "\n" { line += 1 }
            offset += 1
        }
        start = min(offset + position.column - 1, scalars.count)
    }

    func rewrite(_ entries: [(key: String, value: RecordedValue)]) -> String {
        let (parts, end) = members()
        guard let end else { return text(scalars[...]) }
        var kept = parts.map { trimmed(text(scalars[$0])) }.filter { part in
            !part.isEmpty && !ExampleRewriter.keys.contains { part.hasPrefix($0 + ":") }
        }
        let place = kept.firstIndex { $0.hasPrefix("responds:") } ?? kept.count
        kept.insert(contentsOf: entries.map { "\($0.key): \($0.value.inline)" }, at: place)
        return text(scalars[..<start]) + "{ " + kept.joined(separator: ", ") + " }"
            + text(scalars[end...])
    }

    /// The texts between the commas, and where the mapping ends.
    private func members() -> (parts: [Range<Int>], end: Int?) {
        var parts: [Range<Int>] = []
        var depth = 0
        var quote: Unicode.Scalar?
        var from = start + 1
        var index = start
        while index < scalars.count {
            let scalar = scalars[index]
            if let open = quote {
                if open == "\"", scalar == "\\" { index += 1 }
                if scalar == open { quote = nil }
            } else {
                switch scalar {
                case "\"", "'": if startsValue(index) { quote = scalar }
                case "{", "[": depth += 1
                case "}", "]":
                    depth -= 1
                    if depth == 0 {
                        parts.append(from..<index)
                        return (parts, index + 1)
                    }
                case "," where depth == 1:
                    parts.append(from..<index)
                    from = index + 1
                default: break
                }
            }
            index += 1
        }
        return (parts, nil)
    }

    /// A quote inside a plain scalar is only a character.
    private func startsValue(_ index: Int) -> Bool {
        var before = index - 1
        while before > start, scalars[before] == " " || scalars[before] == "\n" { before -= 1 }
        return "{[,:".unicodeScalars.contains(scalars[before])
    }

    private func text(_ part: ArraySlice<Unicode.Scalar>) -> String {
        String(String.UnicodeScalarView(part))
    }

    private func trimmed(_ text: String) -> String {
        var text = text[...]
        while text.first?.isWhitespace == true { text = text.dropFirst() }
        while text.last?.isWhitespace == true { text = text.dropLast() }
        return String(text)
    }
}
