// SPDX-License-Identifier: Apache-2.0
// A YAML document as it is written: scalars keep their source text and how they were quoted,
// mappings keep their order, and everything knows its place. What a scalar means is decided by
// whoever reads it (`YAMLNode.value` is YAML's own answer), because a constant in a template takes
// its target's type.

/// Immutable. A class, because trees are walked and kept in parts: a copy is one reference.
package final class YAMLNode: Sendable {
    package enum Style: UInt8, Sendable {
        case plain
        case singleQuoted
        case doubleQuoted
        /// A block scalar after `|`.
        case literal
        /// A block scalar after `>`.
        case folded
        /// A sequence or mapping in brackets.
        case flow
        /// A sequence or mapping by indentation.
        case block
        /// From the environment or from a file: a scalar that takes the type it is wanted in.
        case external
    }

    package enum Content: Sendable {
        /// The text after unquoting and folding.
        case scalar(String)
        case sequence([YAMLNode])
        /// In the file's order; keys are scalars and differ.
        case mapping([Pair])
    }

    package struct Pair: Sendable {
        /// Always a scalar.
        package let key: YAMLNode
        package let value: YAMLNode

        package init(key: YAMLNode, value: YAMLNode) {
            self.key = key
            self.value = value
        }

        /// The key's text.
        package var name: String { key.text ?? "" }
    }

    package let content: Content
    package let style: Style
    private let lineNumber: UInt32
    private let columnNumber: UInt32
    private let widthCount: UInt32

    package init(
        _ content: Content, style: Style, position: SourcePosition = .start, width: Int = 1
    ) {
        self.content = content
        self.style = style
        lineNumber = UInt32(truncatingIfNeeded: position.line)
        columnNumber = UInt32(truncatingIfNeeded: position.column)
        widthCount = UInt32(truncatingIfNeeded: width)
    }

    /// Where it begins: its quote, bracket, anchor or first character. What an alias stands for
    /// is where the anchor is.
    package var position: SourcePosition {
        SourcePosition(line: Int(lineNumber), column: Int(columnNumber))
    }

    /// Unicode scalars on its first line, at least 1.
    package var width: Int { max(1, Int(widthCount)) }

    /// A scalar's text; nil for the others.
    package var text: String? {
        if case .scalar(let text) = content { text } else { nil }
    }

    package var items: [YAMLNode]? {
        if case .sequence(let items) = content { items } else { nil }
    }

    package var pairs: [Pair]? {
        if case .mapping(let pairs) = content { pairs } else { nil }
    }

    /// The value of a key of a mapping.
    package subscript(name: String) -> YAMLNode? {
        pair(name)?.value
    }

    /// A key of a mapping with its value.
    package func pair(_ name: String) -> Pair? {
        guard case .mapping(let pairs) = content else { return nil }
        return pairs.first { $0.key.text == name }
    }

    /// Quoted or a block: text whatever it looks like.
    package var isQuoted: Bool {
        switch style {
        case .singleQuoted, .doubleQuoted, .literal, .folded: true
        case .plain, .flow, .block, .external: false
        }
    }

    /// Whether it is a scalar that YAML reads as null: `null`, `~` or nothing.
    package var isNull: Bool {
        guard style == .plain, case .scalar(let text) = content else { return false }
        return text.isEmpty || text == "~" || text == "null"
    }

    /// For messages: `a list`, `the number 5`.
    package var kindDescription: String {
        switch content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar where style == .external: return "what was found there"
        case .scalar(let text):
            switch value {
            case .null: return "nothing"
            case .boolean(let value): return value ? "true" : "false"
            case .integer, .number, .infinity, .notANumber: return "the number \(text)"
            default: return "the string `\(text.prefix(40))`"
            }
        }
    }
}
