// SPDX-License-Identifier: Apache-2.0
// The part of CEL's grammar that needs no evaluator of its own: references, literals, `has`,
// `default`, equality and logic. What is beyond it is told apart from what is wrong.

/// An expression as written; offsets are UTF-8 bytes from the expression's beginning.
indirect enum ExpressionSyntax: Equatable, Sendable {
    case reference(ReferenceSyntax)
    case string(String)
    /// A number by its text, in JSON's grammar.
    case number(String, isInteger: Bool)
    case bool(Bool)
    case null
    case has(ReferenceSyntax)
    case defaulted(ExpressionSyntax, ExpressionSyntax)
    case equal(ExpressionSyntax, ExpressionSyntax)
    case not(ExpressionSyntax)
    case and(ExpressionSyntax, ExpressionSyntax)
    case or(ExpressionSyntax, ExpressionSyntax)
}

/// A root and the steps from it.
struct ReferenceSyntax: Equatable, Sendable {
    enum Step: Equatable, Sendable {
        case member(String)
        case item(Int)
    }

    struct PlacedStep: Equatable, Sendable {
        let step: Step
        let offset: Int
        let width: Int
    }

    var root: String
    var offset: Int
    var steps: [PlacedStep] = []
}

struct ExpressionSyntaxError: Error, Equatable {
    /// The language has it, this part of it does not.
    let isUnsupported: Bool
    let message: String
    let offset: Int
}

/// A parser by recursive descent, bounded in depth.
struct ExpressionParser {
    static let depthMax = 64

    private var tokens: ExpressionTokens
    private var depth = 0

    static func parse(_ source: String) throws(ExpressionSyntaxError) -> ExpressionSyntax {
        var parser = ExpressionParser(tokens: try ExpressionTokens(source))
        let syntax = try parser.disjunction()
        guard case .end = parser.tokens.current.token else {
            throw parser.unsupported()
        }
        return syntax
    }

    private mutating func disjunction() throws(ExpressionSyntaxError) -> ExpressionSyntax {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthMax else {
            throw ExpressionSyntaxError(
                isUnsupported: false, message: "this is nested too deeply",
                offset: tokens.current.offset)
        }
        var left = try conjunction()
        while tokens.take("||") { left = .or(left, try conjunction()) }
        return left
    }

    private mutating func conjunction() throws(ExpressionSyntaxError) -> ExpressionSyntax {
        var left = try relation()
        while tokens.take("&&") { left = .and(left, try relation()) }
        return left
    }

    private mutating func relation() throws(ExpressionSyntaxError) -> ExpressionSyntax {
        var left = try unary()
        while true {
            if tokens.take("==") {
                left = .equal(left, try unary())
            } else if tokens.take("!=") {
                left = .not(.equal(left, try unary()))
            } else {
                return left
            }
        }
    }

    private mutating func unary() throws(ExpressionSyntaxError) -> ExpressionSyntax {
        var negations = 0
        while tokens.take("!") { negations += 1 }
        let operand = try primary()
        if negations == 0 { return operand }
        return negations % 2 == 1 ? .not(operand) : .not(.not(operand))
    }

    private mutating func primary() throws(ExpressionSyntaxError) -> ExpressionSyntax {
        let start = tokens.current
        switch start.token {
        case .string(let text):
            tokens.advance()
            return try literal(.string(text))
        case .number(let text, let isInteger):
            tokens.advance()
            return try literal(.number(text, isInteger: isInteger))
        case .name(let name):
            tokens.advance()
            switch name {
            case "true", "false": return try literal(.bool(name == "true"))
            case "null": return try literal(.null)
            default: break
            }
            if tokens.current.isSign("(") { return try call(name, start.offset) }
            return .reference(try reference(name, start))
        case .sign("("):
            tokens.advance()
            let inner = try disjunction()
            try expect(")")
            return try literal(inner)
        case .sign("-"):
            tokens.advance()
            guard case .number(let text, let isInteger) = tokens.current.token else {
                throw unsupported(start)
            }
            tokens.advance()
            return try literal(.number("-" + text, isInteger: isInteger))
        default: throw unsupported(start)
        }
    }

    /// What stands alone here: methods and members of literals are beyond this parser.
    private func literal(
        _ syntax: ExpressionSyntax
    ) throws(ExpressionSyntaxError) -> ExpressionSyntax {
        if tokens.current.isSign(".") || tokens.current.isSign("[") { throw unsupported() }
        return syntax
    }

    private mutating func reference(
        _ root: String, _ start: ExpressionTokens.Placed
    ) throws(ExpressionSyntaxError) -> ReferenceSyntax {
        var reference = ReferenceSyntax(root: root, offset: start.offset)
        while true {
            if tokens.take(".") {
                let place = tokens.current
                guard case .name(let name) = place.token else {
                    if place.isSign("?") { throw unsupported(place) }
                    throw wrong("a member's name is wanted here", place)
                }
                tokens.advance()
                if tokens.current.isSign("(") { throw unsupported(place) }
                reference.steps.append(
                    .init(step: .member(name), offset: place.offset, width: place.width))
            } else if tokens.take("[") {
                let place = tokens.current
                switch place.token {
                case .string(let name):
                    tokens.advance()
                    reference.steps.append(
                        .init(step: .member(name), offset: place.offset, width: place.width))
                case .number(let text, true):
                    tokens.advance()
                    guard let position = Int(text) else {
                        throw wrong("no list is that long", place)
                    }
                    reference.steps.append(
                        .init(step: .item(position), offset: place.offset, width: place.width))
                default: throw unsupported(place)
                }
                if !tokens.current.isSign("]") { throw unsupported() }
                tokens.advance()
            } else {
                return reference
            }
        }
    }

    private mutating func call(
        _ name: String, _ offset: Int
    ) throws(ExpressionSyntaxError) -> ExpressionSyntax {
        let start = ExpressionTokens.Placed(
            token: .name(name), offset: offset, width: name.unicodeScalars.count)
        guard name == "has" || name == "default" else { throw unsupported(start) }
        tokens.advance()
        let first = try disjunction()
        if name == "has" {
            guard case .reference(let reference) = first, !reference.steps.isEmpty else {
                throw wrong("has() wants a member, such as has(body.note)", start)
            }
            try expect(")")
            return try literal(.has(reference))
        }
        try expect(",")
        let second = try disjunction()
        try expect(")")
        return try literal(.defaulted(first, second))
    }

    private mutating func expect(_ sign: String) throws(ExpressionSyntaxError) {
        guard !tokens.take(sign) else { return }
        if case .end = tokens.current.token {
            throw wrong("`\(sign)` is missing", tokens.current)
        }
        throw unsupported()
    }

    private func wrong(
        _ message: String, _ place: ExpressionTokens.Placed
    ) -> ExpressionSyntaxError {
        ExpressionSyntaxError(isUnsupported: false, message: message, offset: place.offset)
    }

    private func unsupported(_ place: ExpressionTokens.Placed? = nil) -> ExpressionSyntaxError {
        let place = place ?? tokens.current
        switch place.token {
        case .end: return wrong("the expression ends where a value is wanted", place)
        case .sign(")"), .sign("]"), .sign("}"), .sign(","):
            return wrong("`\(place.text)` does not belong here", place)
        default:
            return ExpressionSyntaxError(
                isUnsupported: true, message: "`\(place.text)` is not supported here",
                offset: place.offset)
        }
    }

    private init(tokens: ExpressionTokens) { self.tokens = tokens }
}
