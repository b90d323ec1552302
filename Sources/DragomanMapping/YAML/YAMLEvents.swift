// SPDX-License-Identifier: Apache-2.0
// libyaml's event parser, which comes with Yams as its module CYaml. Composing Yams' own nodes
// costs sixteen times as much (120 ms against 7 ms for 1,000 routes), gives up at the first
// duplicate key, and hashes what aliases stand for as often as they are named.

internal import CYaml
// CYaml belongs to this product.
internal import Yams

/// A position as libyaml counts it: from 0, in characters.
struct YAMLMark {
    var line: Int
    var column: Int

    init(_ mark: yaml_mark_t) {
        line = Int(mark.line)
        column = Int(mark.column)
    }

    var position: SourcePosition { SourcePosition(line: line + 1, column: column + 1) }
}

/// What stopped the parser.
struct YAMLSyntaxError: Error {
    var problem: String
    var position: SourcePosition
    var context: String?
    var contextPosition: SourcePosition?
}

/// Owns one parser over bytes that its maker keeps alive and unmoved.
struct YAMLEvents: ~Copyable {
    // libyaml stores the parser's own address in it, so it must not move.
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let bytes: UnsafeBufferPointer<UInt8>

    /// `bytes` outlive this value.
    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        parser = .allocate(capacity: 1)
        parser.initialize(to: yaml_parser_t())
        self.bytes = bytes
        // Returns 0 when there is no memory; the next parse then reports it.
        _ = yaml_parser_initialize(parser)
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deinitialize(count: 1)
        parser.deallocate()
    }

    /// Calls `body` with the next event, which is deleted afterwards.
    func next<Result>(
        _ body: (yaml_event_t) -> Result
    ) throws(YAMLSyntaxError) -> Result {
        var event = yaml_event_t()
        // Possible return codes: 1 for an event; 0 for an error that the parser describes.
        guard yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { yaml_event_delete(&event) }
        return body(event)
    }

    private func failure() -> YAMLSyntaxError {
        let state = parser.pointee
        let problem = state.problem.map { String(cString: $0) } ?? "cannot be read"
        switch state.error {
        case YAML_READER_ERROR:
            // The reader has no mark yet, only the offset of the byte.
            let offset = min(Int(state.problem_offset), bytes.count)
            let source = SourceText(path: "", bytes: Array(bytes))
            return YAMLSyntaxError(
                problem: problem, position: source.position(atOffset: offset))
        case YAML_SCANNER_ERROR, YAML_PARSER_ERROR:
            return YAMLSyntaxError(
                problem: problem, position: YAMLMark(state.problem_mark).position,
                context: state.context.map { String(cString: $0) },
                contextPosition: state.context.map { _ in
                    YAMLMark(state.context_mark).position
                })
        default:
            return YAMLSyntaxError(
                problem: state.error == YAML_MEMORY_ERROR ? "there is no memory" : problem,
                position: .start)
        }
    }
}
