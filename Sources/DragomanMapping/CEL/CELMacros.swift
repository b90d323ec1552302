// SPDX-License-Identifier: Apache-2.0
// Macros: calls that are rewritten before anything is looked up, because one of their arguments
// is a name or is evaluated many times.

/// Recognizes the macros of the standard, of the extensions for bindings, optional values and
/// comprehensions of two variables, and `default` of mappings.
struct CELMacros {
    let isMapping: Bool

    /// What the call stands for; nil where it is no macro.
    func expand(
        _ name: CELName, _ receiver: CELSyntax?, _ arguments: [CELSyntax]
    ) throws(CELSyntaxError) -> CELSyntax.Kind? {
        guard let receiver else { return try global(name, arguments) }
        switch (name.text, arguments.count) {
        case ("bind", 3):
            guard case .identifier("cel", isGlobal: _) = receiver.kind else { return nil }
            return .bind(try variable(arguments[0]), arguments[1], arguments[2])
        case ("optMap", 2), ("optFlatMap", 2):
            return .optionalMap(
                receiver, try variable(arguments[0]), arguments[1],
                isFlat: name.text == "optFlatMap")
        case ("all", 2), ("exists", 2), ("exists_one", 2), ("existsOne", 2):
            return try quantifier(name.text, receiver, arguments[0], nil, arguments[1])
        case ("all", 3), ("exists", 3), ("exists_one", 3), ("existsOne", 3):
            return try quantifier(
                name.text, receiver, arguments[0], arguments[1], arguments[2])
        case ("map", 2), ("map", 3):
            return try comprehension(
                .list, receiver, arguments[0], nil,
                filter: arguments.count == 3 ? arguments[1] : nil, body: arguments.last)
        case ("filter", 2):
            return try comprehension(
                .list, receiver, arguments[0], nil, filter: arguments[1], body: nil)
        case ("transformList", 3), ("transformList", 4), ("transformMap", 3),
            ("transformMap", 4), ("transformMapEntry", 3), ("transformMapEntry", 4):
            let kind: CELComprehensionKind =
                switch name.text {
                case "transformList": .list
                case "transformMap": .map
                default: .mapEntries
                }
            return try comprehension(
                kind, receiver, arguments[0], arguments[1],
                filter: arguments.count == 4 ? arguments[2] : nil, body: arguments.last)
        default: return nil
        }
    }

    private func global(
        _ name: CELName, _ arguments: [CELSyntax]
    ) throws(CELSyntaxError) -> CELSyntax.Kind? {
        switch (name.text, arguments.count) {
        case ("has", 1):
            if !isMapping {
                guard case .select = arguments[0].kind else {
                    throw CELSyntaxError(
                        message: "`has` wants a field", start: arguments[0].start,
                        end: arguments[0].end, expected: "for example has(a.b)")
                }
            }
            return .has(arguments[0])
        case ("default", 2) where isMapping: return .defaulted(arguments[0], arguments[1])
        case ("has", _):
            throw CELSyntaxError(
                message: "`has` takes one argument", start: name.start, end: name.end,
                expected: "has(x)")
        case ("default", _) where isMapping:
            throw CELSyntaxError(
                message: "`default` takes two arguments", start: name.start, end: name.end,
                expected: "default(x, y)")
        default: return nil
        }
    }

    private func quantifier(
        _ name: String, _ range: CELSyntax, _ first: CELSyntax, _ second: CELSyntax?,
        _ body: CELSyntax
    ) throws(CELSyntaxError) -> CELSyntax.Kind {
        let kind: CELComprehensionKind =
            switch name {
            case "all": .all
            case "exists": .exists
            default: .existsOne
            }
        return try comprehension(kind, range, first, second, filter: nil, body: body)
    }

    private func comprehension(
        _ kind: CELComprehensionKind, _ range: CELSyntax, _ first: CELSyntax,
        _ second: CELSyntax?, filter: CELSyntax?, body: CELSyntax?
    ) throws(CELSyntaxError) -> CELSyntax.Kind {
        var other: CELName?
        let name = try variable(first)
        if let second {
            let found = try variable(second)
            if found.text == name.text {
                throw CELSyntaxError(
                    message: "both variables are called `\(name.text)`", start: found.start,
                    end: found.end)
            }
            other = found
        }
        return .comprehension(
            CELComprehensionSyntax(
                kind: kind, range: range, first: name, second: other, filter: filter, body: body))
    }

    private func variable(_ argument: CELSyntax) throws(CELSyntaxError) -> CELName {
        guard case .identifier(let name, isGlobal: false) = argument.kind else {
            throw CELSyntaxError(
                message: "a variable's name is wanted here", start: argument.start,
                end: argument.end, expected: "for example x")
        }
        return CELName(text: name, start: argument.start, end: argument.end)
    }
}
