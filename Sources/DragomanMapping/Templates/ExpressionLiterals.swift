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

/// A table that an expression may give a value of.
struct ExpressionLookup {
    let table: String
    /// Where it is written out; nil for any.
    let key: String?

    /// As `ExpressionLiteral.outcomes`.
    static func outcomes(of syntax: CELSyntax) -> [ExpressionLookup] {
        switch syntax.kind {
        case .conditional(_, let first, let second), .defaulted(let first, let second):
            return outcomes(of: first) + outcomes(of: second)
        case .call(let name, receiver: nil, let arguments)
        where name.text == "lookup" && arguments.count == 2:
            var key: String?
            if case .string(let text) = arguments[1].kind { key = text }
            switch arguments[0].kind {
            case .identifier(let table, _), .string(let table):
                return [ExpressionLookup(table: table, key: key)]
            default: return []
            }
        default: return []
        }
    }
}

extension TemplateCompiler {
    private static let entriesMax = 8

    /// Warns of entries of tables that the target never takes: at the entry, which is what has to
    /// change.
    func check(
        _ lookups: [ExpressionLookup], _ target: SchemaShape, at place: ExpressionPlace
    ) {
        for lookup in lookups {
            guard let table = scope.tables[lookup.table] else { continue }
            typealias Wrong = (key: String, value: Node, problem: ConstantChecker.Problem)
            let wrong = table.entries.compactMap { key, value -> Wrong? in
                guard lookup.key == nil || lookup.key == key, let written = YAMLValue(value),
                    let problem = scope.constants.problem(written, target)
                else { return nil }
                return (key: key, value: value, problem: problem)
            }
            for (key, value, problem) in wrong.prefix(Self.entriesMax) {
                let more =
                    wrong.count > Self.entriesMax
                    ? " (as are \(wrong.count - 1) other entries)" : ""
                scope.file.report(
                    .warning, "wrong-entry", scope.tableNode(lookup.table, key) ?? place.node,
                    "`\(value.isString ? value.string : value.json)`, which the table "
                        + "`\(lookup.table)` has for `\(key)`, is not what \(target.name) wants "
                        + "where it is looked up: \(problem.detail)\(more)",
                    expected: NameList.oneOf(problem.alternatives),
                    suggestion: value.isString
                        ? NearestName.find(value.string, in: problem.alternatives) : nil,
                    related: [scope.file.related(place.node, "it is looked up here")])
            }
        }
    }

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

extension YAMLValue {
    /// A scalar; nil for objects and lists.
    init?(_ node: Node) {
        switch node.kind {
        case .null: self = .null
        case .string: self = .string(node.string)
        case .integer: self = .integer(node.json)
        case .decimal: self = .number(node.json)
        default:
            guard let truth = node.bool else { return nil }
            self = .boolean(truth)
        }
    }
}
