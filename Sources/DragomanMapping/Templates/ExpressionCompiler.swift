// SPDX-License-Identifier: Apache-2.0
// Expressions of a mapping: parsed, checked against what is known of their values, and placed
// inside the scalar that they stand in.

internal import DragomanDocument
internal import DragomanSchema

/// How an expression stands in its template.
enum ExpressionUse {
    /// As the whole value of a member, item or header.
    case whole(target: SchemaShape?, isRequired: Bool)
    /// In a text.
    case operand
    /// As what decides: there, what is absent is false.
    case condition
    /// As the list of a comprehension.
    case list
    /// As what `${*}` spreads; `isCertain`: under no condition.
    case spread(target: SchemaShape?, hidden: [String], isCertain: Bool)
}

/// An expression and what is known of its value.
struct CompiledExpression {
    let expression: Expression
    let type: CELType
    /// The value is one that a message may lack.
    var mayBeAbsent = false
    /// What is used of it, where it is a value of the body.
    var usage: BodyUsage?
    /// Of a condition: what is there where it holds, and where it does not.
    var guards: (whenTrue: [String], whenFalse: [String]) = ([], [])
    /// What it may be whatever is sent.
    var literals: [ExpressionLiteral] = []
    var lookups: [ExpressionLookup] = []

    /// The schema of a value that is moved as it is.
    var shape: SchemaShape? {
        if case .json(let shape, _) = type { shape } else { nil }
    }

    /// The schema of its items, where it is a list of such values.
    var itemShape: SchemaShape? {
        switch type {
        case .json(let shape, _): shape.items
        case .list(.json(let shape, _)): shape
        default: nil
        }
    }

    /// What JSON can hold of it; nil where that is not known.
    var jsonTypes: SchemaTypes? { type.jsonTypes }
}

/// An expression's place: a scalar, and where in its text the expression begins.
struct ExpressionPlace {
    let node: YAMLNode
    /// UTF-8 bytes.
    let offset: Int
}

struct ExpressionCompiler {
    let scope: TemplateScope
    let place: ExpressionPlace

    /// The program; nil where something is wrong, which has been reported.
    static func compile(
        _ source: String, at place: ExpressionPlace, _ use: ExpressionUse, _ scope: TemplateScope
    ) -> CompiledExpression? {
        let compiler = ExpressionCompiler(scope: scope, place: place)
        do throws(CELSyntaxError) {
            return compiler.compile(try CELParser.parse(source, isMapping: true), source, use)
        } catch {
            let error = CELHabits.explained(error, source)
            compiler.report(
                CELProblem(
                    code: "expression-syntax", start: error.start, end: error.end,
                    message: error.message, expected: error.expected,
                    suggestion: error.suggestion), source)
            return nil
        }
    }

    private func report(_ problem: CELProblem, _ source: String) {
        if problem.severity == .error, let near = problem.suggestion {
            let bytes = source.utf8.dropFirst(problem.start).prefix(problem.end - problem.start)
            let wanted = String(decoding: bytes, as: UTF8.self)
            scope.file.slips.noteMiss(wanted.filter { !".\"'[] ".contains($0) }, near: near)
        }
        scope.file.report(
            problem.severity, problem.code, place.node, offset: place.offset + problem.start,
            width: ExpressionCompiler.width(source, problem), problem.message,
            expected: problem.expected,
            suggestion: (problem.severity == .error ? ExpressionCompiler.hyphenated(source) : nil)
                ?? problem.suggestion, about: problem.about)
    }

    /// Unicode scalars of the first line of what is wrong.
    private static func width(_ source: String, _ problem: CELProblem) -> Int {
        let bytes = source.utf8.dropFirst(problem.start).prefix(problem.end - problem.start)
        let text = String(decoding: bytes, as: UTF8.self)
        return max(1, text.prefix { $0 != "\n" }.unicodeScalars.count)
    }

    /// `header.x-tenant` is a subtraction; what was meant is `header["x-tenant"]`.
    private static func hyphenated(_ source: String) -> String? {
        let trimmed = source.trimmed
        guard trimmed.contains("-"), let dot = trimmed.lastIndex(of: ".") else { return nil }
        let name = trimmed[trimmed.index(after: dot)...]
        let root = trimmed[..<dot]
        guard !root.contains("-"), !root.contains(" "), !name.hasPrefix("-"),
            name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" })
        else { return nil }
        return "${\(root)[\"\(name)\"]}"
    }

    private func compile(
        _ syntax: CELSyntax, _ source: String, _ use: ExpressionUse
    ) -> CompiledExpression? {
        let names = ExpressionNames(scope: scope, use: use)
        var checker = CELChecker(names: names, pool: scope.arena)
        checker.tables = scope.tables
        // So it does where no list has no items.
        switch use {
        case .condition, .list: checker.isTolerant = true
        default: break
        }
        checker.guards = scope.guards
        let checked = checker.check(syntax, .whole)
        let errors = checker.problems.filter { $0.severity == .error }
        for problem in errors.isEmpty ? checker.problems : errors { report(problem, source) }
        scope.file.slips.noteRead(tables: checker.tablesRead)
        if let claims = names.claims {
            scope.file.slips.note(
                claims: SlipLog.Mention(
                    root: claims.text, name: "", node: place.node,
                    offset: place.offset + claims.start, width: claims.end - claims.start))
        }
        for mention in names.mentions {
            scope.file.slips.note(
                SlipLog.Mention(
                    root: mention.root.name, name: mention.name, node: place.node,
                    offset: place.offset + mention.step.start,
                    width: mention.step.end - mention.step.start))
        }
        guard errors.isEmpty else { return nil }
        var guards: (whenTrue: [String], whenFalse: [String]) = ([], [])
        if case .condition = use {
            guards.whenTrue = CELGuards.needed(syntax)
            guards.whenFalse = CELGuards.known(syntax, whenTrue: false)
        }
        return CompiledExpression(
            expression: expression(checked, source), type: checked.type,
            mayBeAbsent: checked.mayBeAbsent, usage: names.usage,
            guards: guards, literals: ExpressionLiteral.outcomes(of: syntax),
            lookups: ExpressionLookup.outcomes(of: syntax))
    }

    private func expression(_ checked: CELChecked, _ source: String) -> Expression {
        switch checked.code {
        case .reference(let reference, _): return .reference(reference)
        case .constant(let constant):
            if let node = scope.arena.constant({ constant.append(to: $0) }) {
                return .constant(node)
            }
        default: break
        }
        let origin = ExpressionOrigin(
            source: source, file: scope.file.path, position: place.node.position)
        return .program(CELProgram(checked.code, origin: origin))
    }
}
