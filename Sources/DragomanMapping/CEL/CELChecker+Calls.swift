// SPDX-License-Identifier: Apache-2.0
// Operators, calls, macros over lists and maps: which overload is meant, and what it gives.

internal import DragomanDocument
internal import DragomanSchema

extension CELChecker {
    // MARK: Operators

    mutating func unary(
        _ syntax: CELSyntax, _ operation: CELOperator, _ operand: CELSyntax
    ) -> CELChecked {
        let value = check(operand)
        if value.hasFailed { return .failed }
        if operation == .not {
            guard let type = result(CELFunctions.operators[.not] ?? [], [value.type]) else {
                return noOverload(syntax, "!", [value.type])
            }
            return CELChecked(code: .not(value.code), type: type)
        }
        guard let type = result(CELFunctions.negation, [value.type]) else {
            return noOverload(syntax, "-", [value.type])
        }
        return CELChecked(code: .negate(value.code), type: type)
    }

    mutating func binary(
        _ syntax: CELSyntax, _ operation: CELOperator, _ left: CELSyntax, _ right: CELSyntax
    ) -> CELChecked {
        var first = check(left)
        var second = check(right)
        if first.hasFailed || second.hasFailed { return .failed }
        checkComparison(operation, (left, first), (right, second))
        if isMapping, operation != .in { widen(&first, &second) }
        let code = CELCode.binary(operation, first.code, second.code)
        switch operation {
        case .equal where !checkStatus(left, right), .notEqual where !checkStatus(left, right):
            return .failed
        case .equal, .notEqual:
            // Unchecked, values of different types are merely different.
            if isLenient || CELType.isComparable(first.type, second.type) {
                return CELChecked(code: code, type: .bool)
            }
        case .less, .lessOrEqual, .greater, .greaterOrEqual:
            if CELType.isComparable(first.type, second.type), isOrdered(first.type),
                isOrdered(second.type)
            {
                return CELChecked(code: code, type: .bool)
            }
        case .in:
            switch second.type.plain {
            case .list(let item) where CELType.isComparable(first.type, item),
                .map(let item, _) where CELType.isComparable(first.type, item):
                return CELChecked(code: code, type: .bool)
            case .dyn, .parameter: return CELChecked(code: code, type: .bool)
            default: break
            }
        default:
            if let type = result(
                CELFunctions.operators[operation] ?? [], [first.type, second.type])
            {
                return CELChecked(code: code, type: type)
            }
        }
        return noOverload(syntax, operation.rawValue, [first.type, second.type])
    }

    private func isOrdered(_ type: CELType) -> Bool {
        switch type.plain {
        case .list, .map, .null, .type, .optional, .message: false
        default: true
        }
    }

    /// Beside a double an integer literal is one.
    private func widen(_ left: inout CELChecked, _ right: inout CELChecked) {
        if isDouble(right.type) { widen(&left) }
        if isDouble(left.type) { widen(&right) }
    }

    private func widen(_ value: inout CELChecked) {
        guard case .constant(let constant) = value.code else { return }
        switch constant {
        case .int(let whole) where Int64(exactly: Double(whole)) == whole:
            value = CELChecked(code: .constant(.double(Double(whole))), type: .double)
        default: break
        }
    }

    private func isDouble(_ type: CELType) -> Bool {
        if case .double = type.plain { true } else { false }
    }

    mutating func noOverload(
        _ syntax: CELSyntax, _ operation: String, _ types: [CELType]
    ) -> CELChecked {
        let names = types.map(\.name).joined(separator: " and ")
        var expected: String?
        if types.count == 2 {
            switch (types[0].plain, types[1].plain) {
            case (.int, .double), (.uint, .double), (.double, .int), (.double, .uint):
                expected = "both of one type: double(…) or int(…) converts"
            case (.string, .int), (.string, .double), (.string, .uint), (.string, .bool):
                expected = "both of one type: string(…) makes a text, int(…) and double(…) read one"
            case (.int, .string), (.double, .string), (.uint, .string), (.bool, .string):
                expected = "both of one type: string(…) makes a text, int(…) and double(…) read one"
            default: break
            }
        }
        return report(
            "no-overload", syntax.start, syntax.end, "`\(operation)` does not take \(names)",
            expected: expected)
    }

    // MARK: Calls

    mutating func call(
        _ syntax: CELSyntax, _ name: CELName, _ receiver: CELSyntax?, _ arguments: [CELSyntax]
    ) -> CELChecked {
        if let special = special(syntax, name, receiver, arguments) { return special }
        if let receiver, let namespaced = namespaced(receiver, name) {
            return apply(syntax, name, namespaced, receiver: nil, arguments)
        }
        let declaration =
            CELFunctions.standard[name.text]
            ?? (isMapping ? CELFunctions.mapping[name.text] : nil)
        guard let declaration else { return unknown(name, receiver, arguments) }
        return apply(syntax, name, declaration, receiver: receiver, arguments)
    }

    /// `math.greatest` and its like, where `math` is no variable.
    private func namespaced(_ receiver: CELSyntax, _ name: CELName) -> CELDeclaration? {
        guard case .identifier(let space, _) = receiver.kind,
            !locals.contains(where: { $0.name == space })
        else { return nil }
        return CELFunctions.standard[space + "." + name.text]
    }

    private mutating func apply(
        _ syntax: CELSyntax, _ name: CELName, _ declaration: CELDeclaration,
        receiver: CELSyntax?, _ arguments: [CELSyntax]
    ) -> CELChecked {
        var values = receiver.map { [check($0)] } ?? []
        for argument in arguments { values.append(check(argument)) }
        if values.contains(where: \.hasFailed) { return .failed }
        let types = values.map(\.type)
        let code = CELCode.call(declaration.function, values.map(\.code))
        if declaration.isVariadic { return variadic(syntax, declaration, code, types) }
        let isReceiver = receiver != nil
        let candidates = declaration.overloads.filter { $0.isReceiver == isReceiver }
        if let type = result(candidates, types) { return CELChecked(code: code, type: type) }
        let given = isReceiver ? Array(types.dropFirst()) : types
        let call =
            (isReceiver ? types[0].name + "." : "") + name.text
            + "(" + given.map(\.name).joined(separator: ", ") + ")"
        let known = declaration.overloads.map { $0.call(declaration.function.name) }
        return report(
            "no-overload", syntax.start, syntax.end, "there is no \(call)",
            expected: known.joined(separator: ", "))
    }

    private mutating func variadic(
        _ syntax: CELSyntax, _ declaration: CELDeclaration, _ code: CELCode, _ types: [CELType]
    ) -> CELChecked {
        var members = types
        if types.count == 1, case .list(let item) = types[0].plain { members = [item] }
        let isGood = members.allSatisfy { result(declaration.overloads, [$0]) != nil }
        guard isGood, !members.isEmpty else {
            return report(
                "no-overload", syntax.start, syntax.end,
                "`\(declaration.function.name)` takes numbers, or one list of numbers")
        }
        let joined = members.dropFirst().reduce(members[0].plain) { .join($0, $1.plain) }
        return CELChecked(code: code, type: joined)
    }

    /// Calls that are not of a function's table.
    private mutating func special(
        _ syntax: CELSyntax, _ name: CELName, _ receiver: CELSyntax?, _ arguments: [CELSyntax]
    ) -> CELChecked? {
        switch (name.text, arguments.count) {
        case ("or", 1), ("orValue", 1):
            guard let receiver else { return nil }
            return optionalOr(syntax, receiver, arguments[0], isValue: name.text == "orValue")
        case ("matches", 1), ("matches", 2):
            guard (receiver == nil) == (arguments.count == 2),
                case .string(let source) = arguments[arguments.count - 1].kind
            else { return nil }
            return matches(syntax, receiver ?? arguments[0], source, arguments.last ?? syntax)
        case ("lookup", _) where isMapping && receiver == nil:
            return lookup(syntax, name, arguments)
        default: return nil
        }
    }

    private mutating func optionalOr(
        _ syntax: CELSyntax, _ receiver: CELSyntax, _ argument: CELSyntax, isValue: Bool
    ) -> CELChecked {
        let value = check(receiver)
        let other = check(argument)
        let code = CELCode.optionalOr(value.code, other.code, isValue: isValue)
        switch value.type {
        case .optional(let inner):
            let type = CELType.join(inner, isValue ? other.type : other.type.unwrapped)
            return CELChecked(code: code, type: isValue ? type : .optional(type))
        case .dyn: return CELChecked(code: code, type: .dyn)
        default: return noOverload(syntax, isValue ? "orValue" : "or", [value.type])
        }
    }

    /// A pattern that is written out is compiled once.
    private mutating func matches(
        _ syntax: CELSyntax, _ operand: CELSyntax, _ source: String, _ place: CELSyntax
    ) -> CELChecked {
        let value = check(operand)
        guard result([CELOverload("(string)bool")], [value.type]) != nil else {
            return noOverload(syntax, "matches", [value.type])
        }
        do throws(CELFailure) {
            return CELChecked(
                code: .matches(value.code, try CELPattern(source)), type: .bool)
        } catch {
            return report("wrong-pattern", place.start, place.end, error.message)
        }
    }

    private mutating func lookup(
        _ syntax: CELSyntax, _ name: CELName, _ arguments: [CELSyntax]
    ) -> CELChecked {
        guard arguments.count == 2 else {
            return report(
                "no-overload", syntax.start, syntax.end, "`lookup` takes a table and a key",
                expected: "lookup(table, key)")
        }
        let table: String
        switch arguments[0].kind {
        case .identifier(let name, _): table = name
        case .string(let name): table = name
        default:
            return report(
                "unknown-table", arguments[0].start, arguments[0].end,
                "the name of a table is wanted here", expected: "one of `tables`")
        }
        let key = check(arguments[1])
        guard let found = tables[table] else {
            let names = tables.keys.sorted()
            return report(
                "unknown-table", arguments[0].start, arguments[0].end,
                "there is no table `\(table)`",
                expected: names.isEmpty
                    ? "a table under `tables`" : "one of " + names.joined(separator: ", "),
                suggestion: NearestName.find(table, in: names))
        }
        tablesRead.insert(table)
        checkKeys(of: found, named: table, key, arguments[1])
        let type: CELType = found.holdsTexts ? .string : found.holdsIntegers ? .int : .dyn
        return CELChecked(code: .lookup(found, key.code), type: type)
    }

    /// Warns where the only values that a key may have are not all in the table.
    private mutating func checkKeys(
        of table: CELTable, named name: String, _ key: CELChecked, _ syntax: CELSyntax
    ) {
        guard isMapping, !isTolerant, case .json(let shape, _) = key.type else { return }
        let missing = shape.alternatives.filter { table.value(Array($0.utf8)) == nil }
        guard let first = missing.first else { return }
        problems.append(
            CELProblem(
                severity: .warning, code: "missing-entry", start: syntax.start, end: syntax.end,
                message: "this may be `\(first)`, which the table `\(name)` does not have",
                expected: "an entry for each value, or default(lookup(…), …)",
                suggestion: NearestName.find(first, in: table.names)))
    }

    // MARK: Overloads

    /// The type of the call; nil where no overload takes these. Where several do, dyn.
    func result(_ overloads: [CELOverload], _ types: [CELType]) -> CELType? {
        var results: [CELType] = []
        for overload in overloads where overload.arguments.count == types.count {
            var bound: [String: CELType] = [:]
            var fits = true
            for (wanted, given) in zip(overload.arguments, types) where fits {
                fits = CELChecker.accepts(wanted, given, &bound)
            }
            if fits { results.append(CELChecker.resolved(overload.result, bound)) }
        }
        guard let first = results.first else { return nil }
        return results.dropFirst().reduce(first) { .join($0, $1) }
    }

    private static func accepts(
        _ wanted: CELType, _ given: CELType, _ bound: inout [String: CELType]
    ) -> Bool {
        if case .parameter(let letter) = wanted {
            bound[letter] = bound[letter].map { .join($0, given) } ?? given
            return true
        }
        switch (wanted, given.plain) {
        case (_, .dyn), (.dyn, _), (_, .parameter): return true
        case (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double),
            (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp),
            (.duration, .duration), (.type, .type), (.null, .null):
            return true
        case (.list(let a), .list(let b)): return accepts(a, b, &bound)
        case (.map(let a, let b), .map(let c, let d)):
            return accepts(a, c, &bound) && accepts(b, d, &bound)
        case (.optional(let a), .optional(let b)): return accepts(a, b, &bound)
        default: return false
        }
    }

    private static func resolved(_ type: CELType, _ bound: [String: CELType]) -> CELType {
        switch type {
        case .parameter(let letter): bound[letter] ?? .dyn
        case .list(let inner): .list(resolved(inner, bound))
        case .map(let key, let value): .map(resolved(key, bound), resolved(value, bound))
        case .optional(let inner): .optional(resolved(inner, bound))
        default: type
        }
    }

    // MARK: Macros

    mutating func comprehension(_ loop: CELComprehensionSyntax) -> CELChecked {
        let range = check(loop.range, .range)
        var first = CELType.dyn
        var second = CELType.dyn
        switch range.type.plain {
        case .list(let item): (first, second) = loop.second == nil ? (item, .dyn) : (.int, item)
        case .map(let key, let value):
            (first, second) = (key, value)
        case .dyn, .parameter: break
        default:
            return report(
                "wrong-type", loop.range.start, loop.range.end,
                "this is \(range.type.name), and no list or map to go over")
        }
        var variables = [(loop.first, first)]
        if let other = loop.second { variables.append((other, second)) }
        return with(variables) { checker, slots in
            let filter = loop.filter.map { checker.condition($0, "a filter") }
            var body: CELChecked?
            if let syntax = loop.body {
                switch loop.kind {
                case .all, .exists, .existsOne: body = checker.condition(syntax, "a macro")
                default: body = checker.check(syntax)
                }
            }
            let type: CELType =
                switch loop.kind {
                case .all, .exists, .existsOne: .bool
                case .list: .list(body?.type ?? first)
                case .map: .map(first, body?.type ?? .dyn)
                case .mapEntries: body?.type ?? .dyn
                }
            let code = CELComprehension(
                kind: loop.kind, range: range.code, first: slots[0],
                second: slots.count > 1 ? slots[1] : nil, filter: filter?.code,
                body: body?.code)
            return CELChecked(code: .comprehension(code), type: type)
        }
    }
}
