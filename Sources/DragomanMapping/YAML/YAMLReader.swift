// SPDX-License-Identifier: Apache-2.0
// Reads one YAML document into nodes of our own. Strict where YAML is a trap (PRODUCT.md):
// duplicate keys, merge keys, tags and several documents are errors, and aliases are bounded. Every
// problem is reported; only broken syntax ends the reading of a file.

internal import CYaml
internal import Glibc

package struct YAMLReader {
    /// Sequences and mappings inside one another.
    package static let depthMax = 128
    /// Nodes that aliases may add to those that are written out: a few lines of aliases of aliases
    /// would otherwise stand for billions.
    package static let aliasedNodesMax = 100_000
    static let scanMax = 16
    /// Lines of one file that are mended to find what else is wrong.
    static let mendsMax = 20

    let source: SourceText
    /// Held back until the whole file is read: after a mend it is read again.
    var problems: [Diagnostic] = []
    var anchors: [String: Anchor] = [:]
    var openAnchors: Set<String> = []
    var aliasedNodes = 0
    var depth = 0
    var hasFailed = false

    struct Anchor {
        var node: YAMLNode
        var nodes: Int
        var height: Int
    }

    /// What one event says, copied out of libyaml's hands.
    enum Event {
        /// `mayHoldExpression`: whether there is a `$` in it.
        case scalar(String, YAMLNode.Style, Start, mayHoldExpression: Bool)
        case alias(String, Start)
        case sequenceStart(Start)
        case mappingStart(Start)
        case end(YAMLMark)
        case documentStart(YAMLMark)
        case documentEnd
        case streamStart
        case streamEnd
    }

    struct Start {
        var mark: YAMLMark
        var width: Int
        var anchor: String?
        var hasTag: Bool
        var isFlow = false

        var position: SourcePosition { mark.position }
    }

    /// A node with the nodes in it, aliases counted in full, and its height.
    struct Built {
        var node: YAMLNode
        var nodes: Int
        var height: Int
    }

    private init(_ source: SourceText) {
        self.source = source
    }

    /// Reads a document. Nil where the syntax is broken beyond mending; otherwise a tree, and
    /// whether it may be used is for the collector's errors to say. An empty file is null.
    package static func read(
        _ source: SourceText, into collector: DiagnosticCollector
    ) -> YAMLNode? {
        collector.remember(source)
        var text = source
        var mends = 0
        while true {
            var reader = YAMLReader(text)
            do throws(YAMLSyntaxError) {
                let node = try reader.readDocument()
                reader.problems.forEach(collector.report)
                return reader.hasFailed ? nil : node
            } catch {
                guard mends < Self.mendsMax, let mended = TemplateMender.mend(text, error) else {
                    reader.report(error, source)
                    reader.problems.forEach(collector.report)
                    return nil
                }
                mends += 1
                collector.report(TemplateMender.diagnostic(mended, in: source))
                text = mended.source
            }
        }
    }

    /// Whether the syntax holds, and if not, what breaks it.
    static func syntaxError(_ source: SourceText) -> YAMLSyntaxError? {
        source.bytes.withUnsafeBufferPointer { bytes -> YAMLSyntaxError? in
            let events = YAMLEvents(bytes)
            do throws(YAMLSyntaxError) {
                while try !events.next({ $0.type == YAML_STREAM_END_EVENT }) {}
                return nil
            } catch {
                return error
            }
        }
    }
}

extension YAMLReader {
    private mutating func readDocument() throws(YAMLSyntaxError) -> YAMLNode {
        let result: Result<YAMLNode, YAMLSyntaxError> = source.bytes.withUnsafeBufferPointer {
            bytes in
            let events = YAMLEvents(bytes)
            do throws(YAMLSyntaxError) {
                return .success(try readStream(events))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private mutating func readStream(
        _ events: borrowing YAMLEvents
    ) throws(YAMLSyntaxError) -> YAMLNode {
        var root: YAMLNode?
        while true {
            switch try next(events) {
            case .streamEnd: return root ?? YAMLNode(.scalar(""), style: .plain)
            case .streamStart, .documentEnd, .end: continue
            case .documentStart(let mark):
                if root != nil {
                    problem(
                        "yaml-documents", mark.position, "a second document begins here",
                        expected: "one document in each file")
                    hasFailed = false
                    return root ?? YAMLNode(.scalar(""), style: .plain)
                }
            case let event:
                root = try build(event, events).node
                if hasFailed { return YAMLNode(.scalar(""), style: .plain) }
            }
        }
    }

    func next(_ events: borrowing YAMLEvents) throws(YAMLSyntaxError) -> Event {
        try events.next { event in
            switch event.type {
            case YAML_SCALAR_EVENT:
                let scalar = event.data.scalar
                let bytes = UnsafeBufferPointer(start: scalar.value, count: Int(scalar.length))
                let text = String(decoding: bytes, as: UTF8.self)
                let start = Self.start(event, anchor: scalar.anchor, tag: scalar.tag)
                let hasDollar = memchr(scalar.value, 0x24, bytes.count) != nil
                return .scalar(
                    text, Self.style(scalar.style), start, mayHoldExpression: hasDollar)
            case YAML_ALIAS_EVENT:
                let name = event.data.alias.anchor
                return .alias(Self.string(name) ?? "", Self.start(event, anchor: nil, tag: nil))
            case YAML_SEQUENCE_START_EVENT:
                let data = event.data.sequence_start
                var start = Self.start(event, anchor: data.anchor, tag: data.tag)
                start.isFlow = data.style == YAML_FLOW_SEQUENCE_STYLE
                return .sequenceStart(start)
            case YAML_MAPPING_START_EVENT:
                let data = event.data.mapping_start
                var start = Self.start(event, anchor: data.anchor, tag: data.tag)
                start.isFlow = data.style == YAML_FLOW_MAPPING_STYLE
                return .mappingStart(start)
            case YAML_SEQUENCE_END_EVENT, YAML_MAPPING_END_EVENT:
                return .end(YAMLMark(event.start_mark))
            case YAML_DOCUMENT_START_EVENT: return .documentStart(YAMLMark(event.start_mark))
            case YAML_DOCUMENT_END_EVENT: return .documentEnd
            case YAML_STREAM_END_EVENT: return .streamEnd
            default: return .streamStart
            }
        }
    }

    private static func string(_ text: UnsafePointer<yaml_char_t>?) -> String? {
        text.map { String(cString: $0) }
    }

    private static func start(
        _ event: yaml_event_t, anchor: UnsafePointer<yaml_char_t>?,
        tag: UnsafePointer<yaml_char_t>?
    ) -> Start {
        let isOneLine = event.start_mark.line == event.end_mark.line
        let width = isOneLine ? Int(event.end_mark.column) - Int(event.start_mark.column) : 1
        return Start(
            mark: YAMLMark(event.start_mark), width: width, anchor: string(anchor),
            hasTag: tag != nil)
    }

    private static func style(_ style: yaml_scalar_style_t) -> YAMLNode.Style {
        switch style {
        case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
        case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
        case YAML_LITERAL_SCALAR_STYLE: .literal
        case YAML_FOLDED_SCALAR_STYLE: .folded
        default: .plain
        }
    }
}
