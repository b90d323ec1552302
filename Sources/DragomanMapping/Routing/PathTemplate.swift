// SPDX-License-Identifier: Apache-2.0
// A path template as google.api.http has it:
//
//     template = "/" [ segments ] [ ":" verb ]        /v1/{name=shops/*/orders/**}:cancel
//     verb     = literal { ":" literal }
//     segments = segment { "/" segment }
//     segment  = "*" | "**" | literal | variable
//     variable = "{" field { "." field } [ "=" segments ] "}"
//
// `**` stands once at most, and only literals come after it: what it matches is never in doubt.

internal import DragomanDocument

package struct PathTemplate: Sendable, Hashable {
    package enum Segment: Sendable, Hashable {
        /// In the canonical form of `PathText`.
        case literal([UInt8])
        /// `*`: one segment that is not empty.
        case single
        /// `**`: any number of segments, also none.
        case rest
    }

    package struct Variable: Sendable, Hashable {
        /// `order.id` is `["order", "id"]`.
        package var fieldPath: [String]
        /// The segments it covers, as indexes into `segments`.
        package var segments: Range<Int>
        /// Whether it covers more than one segment or `**`: then reserved characters stay encoded.
        package var isMultiple: Bool

        package var name: String { fieldPath.joined(separator: ".") }
    }

    /// As written.
    package let text: String
    package let segments: [Segment]
    /// In the canonical form of `PathText`; without the colon.
    package let verb: [UInt8]?
    /// In the order of the template.
    package let variables: [Variable]

    /// The index of `**`.
    package var restIndex: Int? { segments.firstIndex(of: .rest) }

    package init(_ text: String) throws(PathTemplateError) {
        var parser = PathTemplateParser(text)
        try parser.parse()
        self.text = text
        segments = parser.segments
        verb = parser.verb
        variables = parser.variables
    }

    /// `base` and `text` as one template: `/v1` and `/orders` are `/v1/orders`, `/v1` and `/` are
    /// `/v1`.
    package static func join(base: String, _ text: String) -> String {
        text == "/" && !base.isEmpty ? base : base + text
    }
}

package struct PathTemplateError: Error, Equatable {
    /// In UTF-8 bytes from the template's beginning.
    package let offset: Int
    package let message: String
}

/// One pass from left to right.
private struct PathTemplateParser {
    static let bytesMax = 4_096
    static let segmentsMax = 100

    let bytes: [UInt8]
    var index = 0
    var segments: [PathTemplate.Segment] = []
    var variables: [PathTemplate.Variable] = []
    var verb: [UInt8]?
    private var hasRest = false

    init(_ text: String) {
        bytes = Array(text.utf8)
    }

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func failure(_ message: String, at offset: Int? = nil) -> PathTemplateError {
        PathTemplateError(offset: offset ?? index, message: message)
    }

    mutating func parse() throws(PathTemplateError) {
        guard bytes.count <= Self.bytesMax else {
            throw failure("a template has at most \(Self.bytesMax) bytes")
        }
        guard byte == UInt8(ascii: "/") else { throw failure("a template begins with `/`") }
        index += 1
        if byte == nil { return }
        try parseSegments(inVariable: false)
        if byte == UInt8(ascii: ":") { try parseVerb() }
        if let byte {
            let sign = byte < 0x80 ? "`\(Unicode.Scalar(byte))`" : "this"
            throw failure("\(sign) cannot stand here; a variable is a whole segment")
        }
    }

    private mutating func parseSegments(inVariable: Bool) throws(PathTemplateError) {
        while true {
            guard segments.count < Self.segmentsMax else {
                throw failure("a template has at most \(Self.segmentsMax) segments")
            }
            try parseSegment(inVariable: inVariable)
            guard byte == UInt8(ascii: "/") else { return }
            index += 1
        }
    }

    private mutating func parseSegment(inVariable: Bool) throws(PathTemplateError) {
        switch byte {
        case UInt8(ascii: "*"):
            let start = index
            index += 1
            let isRest = byte == UInt8(ascii: "*")
            if isRest { index += 1 }
            guard !hasRest else {
                throw failure("after `**` there may only be literals", at: start)
            }
            hasRest = isRest
            segments.append(isRest ? .rest : .single)
        case UInt8(ascii: "{"):
            guard !inVariable else { throw failure("a variable cannot stand in a variable") }
            try parseVariable()
        default:
            let start = index
            let literal = try literalText()
            guard !literal.isEmpty else {
                throw failure(
                    byte == nil ? "a template does not end with `/`" : "a segment is empty")
            }
            if literal == [0x2E] || literal == [0x2E, 0x2E] {
                throw failure("no request has `.` or `..` as a segment", at: start)
            }
            segments.append(.literal(literal))
        }
    }

    /// Whether two hexadecimal digits follow the `%` at `index`.
    private var hasEscape: Bool {
        bytes.withUnsafeBytes { PercentCoding.escape($0, index) != nil }
    }

    /// What may stand in a literal, in canonical form; ends before a sign of the grammar.
    private mutating func literalText() throws(PathTemplateError) -> [UInt8] {
        let start = index
        while let byte, !"/:{}=*".utf8.contains(byte) {
            if byte <= 0x20 || byte == 0x7F || byte == UInt8(ascii: "?")
                || byte == UInt8(ascii: "#")
            {
                if byte == UInt8(ascii: "?") {
                    throw failure(
                        "`?` cannot stand in a path: query parameters are read as ${query.name}")
                }
                throw failure("`\(Unicode.Scalar(byte))` cannot stand in a path")
            }
            if byte == UInt8(ascii: "%"), !hasEscape {
                throw failure("`%` wants two hexadecimal digits")
            }
            index += 1
        }
        return PathText.canonical(bytes[start..<index])
    }

    private mutating func parseVariable() throws(PathTemplateError) {
        let start = index
        index += 1
        var fieldPath = [try identifier()]
        while byte == UInt8(ascii: ".") {
            index += 1
            fieldPath.append(try identifier())
        }
        let first = segments.count
        if byte == UInt8(ascii: "=") {
            index += 1
            try parseSegments(inVariable: true)
        } else if hasRest {
            throw failure("after `**` there may only be literals", at: start)
        } else {
            segments.append(.single)
        }
        guard byte == UInt8(ascii: "}") else {
            throw failure("the variable that begins here has no `}`", at: start)
        }
        index += 1
        if variables.contains(where: { $0.fieldPath == fieldPath }) {
            throw failure(
                "the variable `\(fieldPath.joined(separator: "."))` is here twice", at: start)
        }
        let covered = first..<segments.count
        variables.append(
            PathTemplate.Variable(
                fieldPath: fieldPath, segments: covered,
                isMultiple: covered.count > 1 || segments[first] == .rest))
    }

    private mutating func identifier() throws(PathTemplateError) -> String {
        let start = index
        while let byte, isNameByte(byte, isFirst: index == start) { index += 1 }
        guard index > start else {
            throw failure("a variable's name is letters, digits and `_`")
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private func isNameByte(_ byte: UInt8, isFirst: Bool) -> Bool {
        switch byte {
        case 0x41...0x5A, 0x61...0x7A, 0x5F: true
        case 0x30...0x39: !isFirst
        default: false
        }
    }

    private mutating func parseVerb() throws(PathTemplateError) {
        let start = index
        index += 1
        var text = try literalText()
        guard !text.isEmpty else { throw failure("the verb after `:` is empty", at: start) }
        while byte == UInt8(ascii: ":") {
            index += 1
            let more = try literalText()
            guard !more.isEmpty else { throw failure("the verb ends with `:`") }
            text += [UInt8(ascii: ":")] + more
        }
        verb = text
    }
}
