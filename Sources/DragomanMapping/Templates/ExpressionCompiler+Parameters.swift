// SPDX-License-Identifier: Apache-2.0
// References to parameters: `path.code`, `query.limit`, `header["x-tenant"]`.

internal import DragomanDocument
internal import DragomanSchema

extension ExpressionCompiler {
    func parameter(
        _ syntax: ReferenceSyntax, _ slot: RootSlot, _ use: ExpressionUse
    ) -> CompiledExpression? {
        scope.noteRequestRead()
        guard let first = syntax.steps.first, case .member(let written) = first.step else {
            scope.file.report(
                .error, "expression-not-supported", place.node,
                offset: place.offset + syntax.offset, width: syntax.root.unicodeScalars.count,
                "`\(syntax.root)` can not be taken as a whole", expected: "one of its members")
            return nil
        }
        var name = written
        var consumed = 1
        let source: ParameterPlan.Source
        switch slot {
        case .path:
            source = .path
            guard let found = variable(syntax) else {
                reportVariable(written, first)
                return nil
            }
            (name, consumed) = found
        case .query: source = .query
        case .header:
            source = .header
            guard checkHeader(written, first) else { return nil }
        default: source = .cookie
        }
        guard checkDeclared(name, first, source) else { return nil }
        let entry: ParameterCollector.Entry
        if consumed == syntax.steps.count, scope.stage == .request,
            case .whole(let target?, let isRequired) = use
        {
            entry = scope.parameters.use(source, name, at: target, isRequired: isRequired)
        } else {
            entry = scope.parameters.use(source, name)
        }
        return walk(
            syntax, from: consumed, slot: entry.slot, shape: entry.shape, usage: nil, use)
    }

    /// The template's variable: `{order.id}` is `path.order.id`.
    private func variable(_ syntax: ReferenceSyntax) -> (name: String, steps: Int)? {
        var names: [String] = []
        for placed in syntax.steps {
            guard case .member(let name) = placed.step else { break }
            names.append(name)
        }
        while !names.isEmpty {
            let joined = names.joined(separator: ".")
            if scope.parameters.variables.contains(joined) { return (joined, names.count) }
            names.removeLast()
        }
        return nil
    }

    private func reportVariable(_ name: String, _ step: ReferenceSyntax.PlacedStep) {
        let names = scope.parameters.variables
        scope.file.report(
            .error, "unknown-member", place.node, offset: place.offset + step.offset,
            width: step.width, "the route's path has no variable `\(name)`",
            expected: names.isEmpty ? nil : "one of " + names.joined(separator: ", "),
            suggestion: NearestName.find(name, in: names))
    }

    /// Header names are lower case in expressions.
    private func checkHeader(_ name: String, _ step: ReferenceSyntax.PlacedStep) -> Bool {
        let lower = name.lowercased()
        guard lower != name else { return true }
        scope.file.report(
            .error, "unknown-member", place.node, offset: place.offset + step.offset,
            width: step.width, "header names are in lower case", suggestion: lower)
        return false
    }

    /// A name that is not declared, beside one so near that it was meant, is a slip.
    private func checkDeclared(
        _ name: String, _ step: ReferenceSyntax.PlacedStep, _ source: ParameterPlan.Source
    ) -> Bool {
        let declared = scope.parameters.declared(source)
        guard !declared.contains(name), let near = NearestName.find(name, in: declared) else {
            return true
        }
        scope.file.report(
            .error, "unknown-member", place.node, offset: place.offset + step.offset,
            width: step.width, "`parameters` has no \(source.name) parameter `\(name)`",
            suggestion: near)
        return false
    }
}
