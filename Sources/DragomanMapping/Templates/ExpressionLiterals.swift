// SPDX-License-Identifier: Apache-2.0
// Literals that an expression may give as they are: `FETCH` of `default(body.verb, 'FETCH')`. One
// that its target never takes is the mapping's mistake, and no client's.

internal import DragomanDocument

/// A literal in an expression, and where: UTF-8 bytes from the expression's beginning.
struct ExpressionLiteral {
    let value: YAMLValue
    let start: Int
    let end: Int

    /// The literals that the whole expression may be: itself, the branches of a condition, what
    /// stands in for something absent.
    static func outcomes(of syntax: CELSyntax) -> [ExpressionLiteral] {
        let value: YAMLValue
        switch syntax.kind {
        case .string(let text): value = .string(text)
        case .bool(let truth): value = .boolean(truth)
        case .int(let number): value = .integer("\(number)")
        case .uint(let number): value = .integer("\(number)")
        case .conditional(_, let first, let second), .defaulted(let first, let second):
            return outcomes(of: first) + outcomes(of: second)
        default: return []
        }
        return [ExpressionLiteral(value: value, start: syntax.start, end: syntax.end)]
    }
}

extension TemplateCompiler {
    /// Whether the target takes every literal that the expression may be; says so where not.
    func check(
        _ literals: [ExpressionLiteral], _ target: SchemaShape, at place: ExpressionPlace
    ) -> Bool {
        var isRight = true
        for literal in literals {
            guard let problem = scope.constants.problem(literal.value, target) else { continue }
            isRight = false
            var suggestion: String?
            if case .string(let text) = literal.value {
                suggestion = NearestName.find(text, in: problem.alternatives).map { "'\($0)'" }
            }
            scope.file.report(
                .error, "wrong-value", place.node, offset: place.offset + literal.start,
                width: literal.end - literal.start,
                "this is not what \(target.name) wants here: \(problem.detail)",
                expected: problem.alternatives.isEmpty
                    ? nil : "one of " + NameList.listed(problem.alternatives),
                suggestion: suggestion)
        }
        return isRight
    }
}
