// SPDX-License-Identifier: Apache-2.0
// Expressions to programs: names are found, members are checked against what is known of their
// values, and whatever is wrong is placed inside the scalar.

internal import DragomanDocument
internal import DragomanSchema

/// How an expression stands in its template.
enum ExpressionUse {
    /// As the whole value of a member, item or header.
    case whole(target: SchemaShape?, isRequired: Bool)
    /// Inside an operator, a text or a condition.
    case operand
    /// As the list of a comprehension.
    case list
    /// As what `${*}` spreads.
    case spread(target: SchemaShape?, hidden: [String])
    /// Asked for by `has`.
    case presence
}

/// An expression and what is known of its value.
struct CompiledExpression {
    let expression: Expression
    let shape: SchemaShape?
    /// What is used of it, where it is a value of the body.
    var usage: BodyUsage?
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
        do throws(ExpressionSyntaxError) {
            return compiler.compile(try ExpressionParser.parse(source), use)
        } catch {
            compiler.report(error, source)
            return nil
        }
    }

    private func report(_ error: ExpressionSyntaxError, _ source: String) {
        var suggestion: String?
        let trimmed = source.split(separator: " ").joined()
        for root in ["header.", "cookie.", "query.", "reply_headers."]
        where trimmed.hasPrefix(root) && trimmed.contains("-") {
            let name = trimmed.dropFirst(root.count)
            if name.allSatisfy({ $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }) {
                suggestion = "${\(root.dropLast())[\"\(name)\"]}"
            }
        }
        scope.file.report(
            .error, error.isUnsupported ? "expression-not-supported" : "expression-syntax",
            place.node, offset: place.offset + error.offset, error.message,
            expected: error.isUnsupported
                ? "a reference, a literal, has(), default(), ==, !=, !, && and ||" : nil,
            suggestion: suggestion)
    }

    private func compile(_ syntax: ExpressionSyntax, _ use: ExpressionUse) -> CompiledExpression? {
        switch syntax {
        case .reference(let reference): return resolve(reference, use)
        case .string(let text): return constant { $0.append(string: text) }
        case .number(let text, let isInteger):
            return constant { document in
                var text = text
                text.withUTF8 {
                    document.append(number: UnsafeRawBufferPointer($0), isInteger: isInteger)
                }
            }
        case .bool(let value): return constant { $0.append(value) }
        case .null: return constant { $0.appendNull() }
        case .has(let reference):
            guard let found = resolve(reference, .presence),
                case .reference(let compiled) = found.expression
            else { return nil }
            return CompiledExpression(expression: .has(compiled), shape: nil)
        case .defaulted(let first, let second):
            var inner = use
            if case .whole(let target, _) = use {
                inner = .whole(target: target, isRequired: false)
            }
            guard let first = compile(first, inner), let second = compile(second, use) else {
                return nil
            }
            return CompiledExpression(
                expression: .defaulted(first.expression, second.expression), shape: nil,
                usage: first.usage)
        case .not(let operand):
            guard let operand = compile(operand, .operand) else { return nil }
            return CompiledExpression(expression: .not(operand.expression), shape: nil)
        case .equal(let left, let right): return pair(left, right, Expression.equal)
        case .and(let left, let right): return pair(left, right, Expression.and)
        case .or(let left, let right): return pair(left, right, Expression.or)
        }
    }

    private func pair(
        _ left: ExpressionSyntax, _ right: ExpressionSyntax,
        _ make: (Expression, Expression) -> Expression
    ) -> CompiledExpression? {
        let left = compile(left, .operand)
        let right = compile(right, .operand)
        guard let left, let right else { return nil }
        return CompiledExpression(
            expression: make(left.expression, right.expression), shape: nil)
    }

    private func constant(_ build: (Document) -> Void) -> CompiledExpression? {
        guard let node = scope.arena.constant(build) else { return nil }
        return CompiledExpression(expression: .constant(node), shape: nil)
    }

    /// Finds what a reference means.
    func resolve(_ syntax: ReferenceSyntax, _ use: ExpressionUse) -> CompiledExpression? {
        if let variable = scope.variable(syntax.root) {
            return walk(
                syntax, from: 0, slot: variable.slot, shape: variable.shape,
                usage: variable.usage, use)
        }
        guard let slot = RootSlot.allCases.first(where: { $0.name == syntax.root }),
            let root = scope.roots[slot]
        else {
            reportRoot(syntax)
            return nil
        }
        switch slot {
        case .path, .query, .header, .cookie: return parameter(syntax, slot, use)
        case .body:
            scope.noteRequestRead()
            var shape: SchemaShape?
            if case .known(let known) = root { shape = known }
            return walk(
                syntax, from: 0, slot: slot.rawValue, shape: shape, usage: scope.bodyUsage, use)
        case .claims, .consumer: scope.noteRequestRead()
        default: break
        }
        switch root {
        case .known(let shape):
            return walk(syntax, from: 0, slot: slot.rawValue, shape: shape, usage: nil, use)
        case .later(let shape):
            return walk(syntax, from: 0, slot: slot.rawValue, shape: shape(), usage: nil, use)
        case .members(let names):
            guard checkName(syntax, names) else { return nil }
            fallthrough
        case .anything:
            return walk(syntax, from: 0, slot: slot.rawValue, shape: nil, usage: nil, use)
        }
    }

    private func checkName(_ syntax: ReferenceSyntax, _ names: [String]) -> Bool {
        guard let first = syntax.steps.first, case .member(let name) = first.step,
            !names.contains(name)
        else { return true }
        scope.file.report(
            .error, "unknown-member", place.node, offset: place.offset + first.offset,
            width: first.width, "`\(syntax.root)` has no member `\(name)`",
            expected: "one of " + names.joined(separator: ", "),
            suggestion: NearestName.find(name, in: names))
        return false
    }

    private func reportRoot(_ syntax: ReferenceSyntax) {
        let name = syntax.root
        var message = "there is no `\(name)` here"
        if RootSlot.allCases.contains(where: { $0.name == name }) {
            switch (name, scope.stage) {
            case ("reply", .errors): message = "a call that failed has no `reply`"
            case ("reply", .request), ("reply_headers", .request):
                message = "`\(name)` is there only after the call"
            case ("fault", _), ("grpc", _), ("status", _):
                message = "`\(name)` is there only in `errors`"
            case ("body", _): message = "this route takes no body"
            default: break
            }
        }
        scope.file.report(
            .error, "unknown-root", place.node, offset: place.offset + syntax.offset,
            width: name.unicodeScalars.count, message,
            expected: "one of " + scope.rootNames.joined(separator: ", "),
            suggestion: NearestName.find(name, in: scope.rootNames))
    }

    /// Follows the steps behind a value, as far as something is known of it.
    func walk(
        _ syntax: ReferenceSyntax, from first: Int, slot: Int, shape: SchemaShape?,
        usage: BodyUsage?, _ use: ExpressionUse
    ) -> CompiledExpression? {
        var shape = shape
        var usage = usage
        var steps: [ReferenceStep] = []
        for placed in syntax.steps[first...] {
            switch placed.step {
            case .member(let name):
                let absent = shape?.message.flatMap { message in
                    scope.arena.constant { message.appendDefault(of: name, to: $0) }
                }
                steps.append(.member(scope.arena.text(name), absent: absent))
                usage = usage?.member(name)
                switch shape?.member(name) {
                case .known(let next): shape = next
                case .anything, nil: shape = nil
                case .refused:
                    reportMember(name, placed, shape)
                    return nil
                }
            case .item(let position):
                steps.append(.item(position, scope.arena.text("")))
                usage = usage?.anyItem()
                shape = shape?.items
            }
        }
        note(use, usage)
        let reference = Reference(slot: slot, steps: steps, arena: scope.arena)
        return CompiledExpression(
            expression: .reference(reference), shape: shape, usage: usage)
    }

    private func note(_ use: ExpressionUse, _ usage: BodyUsage?) {
        guard let usage else { return }
        switch use {
        case .whole(let target, let isRequired):
            // What an answer makes of a value says nothing about what may be sent.
            let isSent = scope.stage == .request
            usage.stands(at: isSent ? target : nil, isRequired: isSent && isRequired)
        case .operand: usage.isAnything = true
        case .list: _ = usage.anyItem()
        case .spread(let target, let hidden): usage.spreads(into: target, hidden: hidden)
        case .presence: break
        }
    }

    private func reportMember(
        _ name: String, _ step: ReferenceSyntax.PlacedStep, _ shape: SchemaShape?
    ) {
        guard let shape else { return }
        let names = shape.memberNames
        let message =
            shape.types.contains(.object)
            ? "`\(shape.name)` has no member `\(name)` here"
            : "what stands before `\(name)` is no object in `\(shape.name)`"
        scope.file.report(
            .error, "unknown-member", place.node, offset: place.offset + step.offset,
            width: step.width, message,
            expected: names.isEmpty ? nil : "one of " + names.prefix(30).joined(separator: ", "),
            suggestion: NearestName.find(name, in: names))
    }
}
