// SPDX-License-Identifier: Apache-2.0
// References to parameters: `path.code`, `query.limit`, `header["x-tenant"]`.

internal import DragomanDocument
internal import DragomanSchema

extension ExpressionNames {
    func parameter(
        _ chain: CELChain, _ slot: RootSlot, _ use: CELUse, _ checker: inout CELChecker
    ) -> (CELChecked, Int)? {
        scope.noteRequestRead()
        let failed = (CELChecked.failed, chain.steps.count)
        guard let first = chain.steps.first, case .member(let written) = first.kind else {
            reportWhole(chain.root, &checker)
            return failed
        }
        var name = written
        var consumed = 1
        let source: ParameterPlan.Source
        switch slot {
        case .path:
            source = .path
            guard let found = variable(chain) else {
                reportVariable(written, first, &checker)
                return failed
            }
            (name, consumed) = found
        case .query: source = .query
        case .header:
            source = .header
            guard checkHeader(written, first, &checker) else { return failed }
        default: source = .cookie
        }
        guard checkDeclared(name, first, source, &checker) else { return failed }
        let isUncertain = source != .path && scope.parameters.isUncertain(name)
        if source != .path, !isUncertain, !scope.parameters.knows(source, name) {
            mention(chain, slot)
            checkElsewhere(name, slot, first, &checker)
        }
        scope.file.slips.noteRead(name)
        let entry: ParameterCollector.Entry
        if consumed == chain.steps.count, let (target, isRequired) = target(use) {
            entry = scope.parameters.use(source, name, at: target, isRequired: isRequired)
        } else {
            entry = scope.parameters.use(source, name)
        }
        if entry.shape == nil, !isUncertain, consumed < chain.steps.count,
            case .member(let inner) = chain.steps[consumed].kind
        {
            let step = chain.steps[consumed]
            _ = checker.report(
                "unknown-member", step.start, step.end,
                "what stands before `\(inner)` is a text, and no object",
                expected: "a schema under `parameters`, if it is something else", about: [inner])
            return failed
        }
        var start = Start(entry.slot, entry.shape, nil)
        start.mayBeAbsent = !(source == .path || entry.isRequired || entry.absent != nil)
        let (value, total) = walk(chain, from: consumed, start, use, &checker)
        // A parameter that nothing types is a text.
        guard entry.shape == nil, !isUncertain, consumed == chain.steps.count else {
            return (value, total)
        }
        return (
            CELChecked(code: value.code, type: .string, mayBeAbsent: value.mayBeAbsent), total
        )
    }

    private func reportWhole(_ root: CELName, _ checker: inout CELChecker) {
        _ = checker.report(
            "expression-not-supported", root.start, root.end,
            "`\(root.text)` can not be taken as a whole", expected: "one of its members")
    }

    /// The template's variable: `{order.id}` is `path.order.id`.
    private func variable(_ chain: CELChain) -> (name: String, steps: Int)? {
        var names: [String] = []
        for step in chain.steps {
            guard case .member(let name) = step.kind else { break }
            names.append(name)
        }
        while !names.isEmpty {
            let joined = names.joined(separator: ".")
            if scope.parameters.variables.contains(joined) { return (joined, names.count) }
            names.removeLast()
        }
        return nil
    }

    private func reportVariable(
        _ name: String, _ step: CELChain.Step, _ checker: inout CELChecker
    ) {
        let names = scope.parameters.variables
        _ = checker.report(
            "unknown-member", step.start, step.end, "the route's path has no variable `\(name)`",
            expected: names.isEmpty ? nil : "one of " + names.joined(separator: ", "),
            suggestion: NearestName.find(name, in: names), about: [name])
    }

    /// Header names are lower case in expressions.
    private func checkHeader(
        _ name: String, _ step: CELChain.Step, _ checker: inout CELChecker
    ) -> Bool {
        let lower = name.lowercased()
        guard lower != name else { return true }
        _ = checker.report(
            "unknown-member", step.start, step.end, "header names are in lower case",
            suggestion: lower, about: [])
        return false
    }

    /// A name that is not declared, beside one so near that it was meant, is a slip.
    private func checkDeclared(
        _ name: String, _ step: CELChain.Step, _ source: ParameterPlan.Source,
        _ checker: inout CELChecker
    ) -> Bool {
        let declared = scope.parameters.declared(source)
        guard !declared.contains(name), let near = NearestName.find(name, in: declared) else {
            return true
        }
        _ = checker.report(
            "unknown-member", step.start, step.end,
            "`parameters` has no \(source.name) parameter `\(name)`", suggestion: near,
            about: [name])
        return false
    }
}
