// SPDX-License-Identifier: Apache-2.0
// The grammar of the Common Expression Language, by recursive descent of bounded depth.

internal import DragomanDocument

/// Parses one expression.
struct CELParser {
    /// How deep an expression may nest: evaluation recurses as deep.
    static let depthMax = 250
    /// How many parts it may have.
    static let partsMax = 20_000

    private let tokens: [CELToken]
    private var position = 0
    private var depth = 0
    private var parts = 0
    /// `default` is a macro.
    let isMapping: Bool

    static func parse(
        _ source: String, isMapping: Bool
    ) throws(CELSyntaxError) -> CELSyntax {
        var parser = CELParser(
            tokens: try CELLexer.tokens(source), isMapping: isMapping)
        if parser.token.kind == .end {
            throw CELSyntaxError(message: "there is no expression here", start: 0, end: 1)
        }
        let expression = try parser.expression()
        guard parser.token.kind == .end else { throw parser.unexpected() }
        return expression
    }

    private init(tokens: [CELToken], isMapping: Bool) {
        self.tokens = tokens
        self.isMapping = isMapping
    }

    private var token: CELToken { tokens[position] }

    private func isSign(_ sign: String) -> Bool { token.kind == .sign(sign) }

    private mutating func take(_ sign: String) -> Bool {
        guard isSign(sign) else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ sign: String) throws(CELSyntaxError) {
        guard take(sign) else { throw unexpected(expected: "`\(sign)`") }
    }

    private var lastEnd: Int { position == 0 ? 0 : tokens[position - 1].end }

    private func unexpected(expected: String? = nil) -> CELSyntaxError {
        var message = "this is not expected here"
        var suggestion: String?
        switch token.kind {
        case .end: message = "the expression ends too early"
        case .name("and"): (message, suggestion) = ("`and` is no operator", "&&")
        case .name("or"): (message, suggestion) = ("`or` is no operator", "||")
        case .name(let name): message = "`\(name)` is not expected here"
        case .sign(let sign): message = "`\(sign)` is not expected here"
        case .string: message = "a string is not expected here"
        default: break
        }
        return CELSyntaxError(
            message: message, start: token.start, end: max(token.end, token.start + 1),
            expected: expected, suggestion: suggestion)
    }

    private mutating func make(
        _ kind: CELSyntax.Kind, from start: Int
    ) throws(CELSyntaxError) -> CELSyntax {
        parts += 1
        if parts > Self.partsMax {
            throw CELSyntaxError(
                message: "this expression has more than \(Self.partsMax) parts", start: start,
                end: start + 1)
        }
        return CELSyntax(kind: kind, start: start, end: lastEnd)
    }

    private mutating func nested<Result>(
        _ body: (inout CELParser) throws(CELSyntaxError) -> Result
    ) throws(CELSyntaxError) -> Result {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthMax {
            throw CELSyntaxError(
                message: "this expression nests deeper than \(Self.depthMax)",
                start: token.start, end: token.start + 1)
        }
        return try body(&self)
    }

    private mutating func expression() throws(CELSyntaxError) -> CELSyntax {
        try nested { parser throws(CELSyntaxError) in
            let start = parser.token.start
            let condition = try parser.binary(level: 0)
            guard parser.take("?") else { return condition }
            let first = try parser.expression()
            try parser.expect(":")
            let second = try parser.expression()
            return try parser.make(.conditional(condition, first, second), from: start)
        }
    }

    private static let levels: [[CELOperator]] = [
        [.or], [.and],
        [.equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual, .in],
        [.add, .subtract], [.multiply, .divide, .modulo],
    ]

    private func operation(_ level: Int) -> CELOperator? {
        let text: String
        switch token.kind {
        case .sign(let sign): text = sign
        case .name("in"): text = "in"
        default: return nil
        }
        return Self.levels[level].first { $0.rawValue == text }
    }

    private mutating func binary(level: Int) throws(CELSyntaxError) -> CELSyntax {
        guard level < Self.levels.count else { return try unary() }
        let start = token.start
        let outer = depth
        defer { depth = outer }
        var left = try binary(level: level + 1)
        while let operation = operation(level) {
            position += 1
            // A chain of operators nests as deep as it is long.
            depth += 1
            if depth > Self.depthMax { return try nested { _ throws(CELSyntaxError) in left } }
            let right = try binary(level: level + 1)
            left = try make(.binary(operation, left, right), from: start)
        }
        return left
    }

    private mutating func unary() throws(CELSyntaxError) -> CELSyntax {
        let start = token.start
        if take("!") {
            let operand = try nested { parser throws(CELSyntaxError) in try parser.unary() }
            return try make(.unary(.not, operand), from: start)
        }
        guard isSign("-") else { return try member() }
        switch tokens[position + 1].kind {
        case .int, .double: return try member()
        default: break
        }
        position += 1
        let operand = try nested { parser throws(CELSyntaxError) in try parser.unary() }
        return try make(.unary(.subtract, operand), from: start)
    }

    private mutating func member() throws(CELSyntaxError) -> CELSyntax {
        let start = token.start
        let outer = depth
        defer { depth = outer }
        var value = try primary()
        while true {
            depth += 1
            if depth > Self.depthMax { return try nested { _ throws(CELSyntaxError) in value } }
            if take(".") {
                let isOptional = take("?")
                let name = try fieldName()
                if !isOptional, isSign("("), tokens[position - 1].isPlainName {
                    value = try call(name, receiver: value, from: start)
                } else {
                    value = try make(
                        .select(value, name, isOptional: isOptional), from: start)
                }
            } else if take("[") {
                let isOptional = take("?")
                let key = try expression()
                try expect("]")
                value = try make(.index(value, key, isOptional: isOptional), from: start)
            } else if isSign("{"), let (name, isGlobal) = Self.messageName(value) {
                value = try message(name, isGlobal, from: start)
            } else {
                return value
            }
        }
    }

    private static func messageName(_ value: CELSyntax) -> (String, isGlobal: Bool)? {
        switch value.kind {
        case .identifier(let name, let isGlobal): return (name, isGlobal)
        case .select(let operand, let name, isOptional: false):
            guard let (prefix, isGlobal) = messageName(operand) else { return nil }
            return (prefix + "." + name.text, isGlobal)
        default: return nil
        }
    }

    private mutating func fieldName() throws(CELSyntaxError) -> CELName {
        let token = token
        switch token.kind {
        case .name(let text) where !CELWords.isKeyword(text), .quotedName(let text):
            position += 1
            return CELName(text: text, start: token.start, end: token.end)
        default: throw unexpected(expected: "a name")
        }
    }

    private mutating func arguments() throws(CELSyntaxError) -> [CELSyntax] {
        try expect("(")
        var arguments: [CELSyntax] = []
        while !isSign(")") {
            arguments.append(try expression())
            if !take(",") { break }
            if isSign(")") { throw unexpected(expected: "an argument") }
        }
        guard take(")") else { throw unexpected(expected: "`,` or `)`") }
        return arguments
    }

    private mutating func call(
        _ name: CELName, receiver: CELSyntax?, from start: Int
    ) throws(CELSyntaxError) -> CELSyntax {
        let arguments = try arguments()
        let macros = CELMacros(isMapping: isMapping)
        let kind =
            try macros.expand(name, receiver, arguments)
            ?? .call(name, receiver: receiver, arguments)
        return try make(kind, from: start)
    }

    private mutating func primary() throws(CELSyntaxError) -> CELSyntax {
        let start = token.start
        if isSign("(") {
            position += 1
            let inner = try expression()
            try expect(")")
            return inner
        }
        if isSign("[") { return try list() }
        if isSign("{") { return try map() }
        if let literal = try literal() { return try make(literal, from: start) }
        let isGlobal = take(".")
        guard case .name(let text) = token.kind, !CELWords.isKeyword(text) else {
            throw unexpected(expected: "a value")
        }
        guard !CELWords.reserved.contains(text) else {
            throw CELSyntaxError(
                message: "`\(text)` is a reserved word", start: token.start, end: token.end,
                expected: CELForeignNames.words[text])
        }
        let name = CELName(text: text, start: token.start, end: token.end)
        position += 1
        if isSign("(") { return try call(name, receiver: nil, from: start) }
        return try make(.identifier(text, isGlobal: isGlobal), from: start)
    }

    private mutating func literal() throws(CELSyntaxError) -> CELSyntax.Kind? {
        let start = token.start
        let isNegative = isSign("-")
        let token = tokens[isNegative ? position + 1 : position]
        let kind: CELSyntax.Kind
        switch token.kind {
        case .string(let text): kind = .string(text)
        case .bytes(let bytes): kind = .bytes(bytes)
        case .name("true"): kind = .bool(true)
        case .name("false"): kind = .bool(false)
        case .name("null"): kind = .null
        case .int(let digits): kind = .int(try CELWords.int(digits, isNegative, start, token.end))
        case .uint(let digits): kind = .uint(try CELWords.uint(digits, start, token.end))
        case .double(let digits):
            let value = Double(digits.hasPrefix(".") ? "0" + digits : digits) ?? .nan
            kind = .double(isNegative ? -value : value)
        default: return nil
        }
        position += isNegative ? 2 : 1
        return kind
    }

    private mutating func list() throws(CELSyntaxError) -> CELSyntax {
        let start = token.start
        try expect("[")
        var items: [CELItem] = []
        while !isSign("]") {
            let isOptional = take("?")
            items.append(CELItem(value: try expression(), isOptional: isOptional))
            if !take(",") { break }
        }
        guard take("]") else { throw unexpected(expected: "`,` or `]`") }
        return try make(.list(items), from: start)
    }

    private mutating func map() throws(CELSyntaxError) -> CELSyntax {
        let start = token.start
        try expect("{")
        var entries: [CELEntry] = []
        while !isSign("}") {
            let isOptional = take("?")
            let key = try expression()
            try expect(":")
            entries.append(CELEntry(key: key, value: try expression(), isOptional: isOptional))
            if !take(",") { break }
        }
        guard take("}") else { throw unexpected(expected: "`,` or `}`") }
        return try make(.map(entries), from: start)
    }

    private mutating func message(
        _ name: String, _ isGlobal: Bool, from start: Int
    ) throws(CELSyntaxError) -> CELSyntax {
        try expect("{")
        var fields: [CELField] = []
        while !isSign("}") {
            let isOptional = take("?")
            let name = try fieldName()
            try expect(":")
            fields.append(CELField(name: name, value: try expression(), isOptional: isOptional))
            if !take(",") { break }
        }
        guard take("}") else { throw unexpected(expected: "`,` or `}`") }
        return try make(.message(name, isGlobal: isGlobal, fields), from: start)
    }
}

extension CELToken {
    var isPlainName: Bool { if case .name = kind { true } else { false } }
}

/// Words that are no names, and literals of whole numbers.
enum CELWords {
    static let reserved: Set<String> = [
        "as", "break", "const", "continue", "else", "for", "function", "if", "import", "let",
        "loop", "package", "namespace", "return", "var", "void", "while",
    ]

    static func isKeyword(_ name: String) -> Bool {
        name == "true" || name == "false" || name == "null" || name == "in"
    }

    static func int(
        _ digits: String, _ isNegative: Bool, _ start: Int, _ end: Int
    ) throws(CELSyntaxError) -> Int64 {
        let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        let text = (isNegative ? "-" : "") + (isHexadecimal ? digits.dropFirst(2) : digits[...])
        guard let value = Int64(text, radix: isHexadecimal ? 16 : 10) else {
            throw CELSyntaxError(
                message: "this does not fit into an int of 64 bits", start: start, end: end)
        }
        return value
    }

    static func uint(_ digits: String, _ start: Int, _ end: Int) throws(CELSyntaxError) -> UInt64 {
        let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
        let text = isHexadecimal ? digits.dropFirst(2) : digits[...]
        guard let value = UInt64(text, radix: isHexadecimal ? 16 : 10) else {
            throw CELSyntaxError(
                message: "this does not fit into a uint of 64 bits", start: start, end: end)
        }
        return value
    }
}
