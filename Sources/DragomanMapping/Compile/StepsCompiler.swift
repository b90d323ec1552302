// SPDX-License-Identifier: Apache-2.0
// A route of several calls: each step is compiled as a route of its own that shares names and
// slots with the route around it; what it refers to decides when it is called.

internal import DragomanDocument
internal import DragomanSchema

/// A step with what it calls.
struct ResolvedStep {
    let step: MappingStep
    let backend: MappedBackend
    let operation: OperationContract
}

/// Compiles the steps of one route.
struct StepsCompiler {
    let outer: RouteCompiler
    let steps: [ResolvedStep]
    let names: StepNames

    /// What the route makes of the steps and of the body; nil where something is wrong, which has
    /// been reported.
    struct Compiled {
        let plan: StepsPlan
        /// Of a step whose message is the body itself; nil where none is.
        let body: BodyPlan?
    }

    private struct Made {
        let step: ResolvedStep
        let parts: RouteParts
        let fallback: TemplateProgram?
        let each: EachPlan?
        var dependencies: Set<Int>
    }

    func compile(_ errors: [ErrorRulePlan]) -> Compiled? {
        var made: [Made] = []
        var body: BodyPlan?
        for step in steps {
            guard let compiled = compile(step, errors) else { continue }
            if case .body = compiled.parts.request, body == nil { body = compiled.parts.body }
            made.append(compiled)
        }
        guard made.count == steps.count else { return nil }
        keepOrder(&made)
        guard !reportCircle(made) else { return nil }
        let plans = made.enumerated().map { index, made in
            StepPlan(
                name: outer.load.arena.text(made.step.step.name.text),
                route: RoutePlan(made.parts, index: -1),
                slot: names.slot(made.step.step.name.text) ?? 0,
                dependencies: made.dependencies.sorted(),
                isOptional: made.step.step.isOptional, fallback: made.fallback, each: made.each)
        }
        return Compiled(
            plan: StepsPlan(steps: plans, slot: names.slot(StepNames.overview)), body: body)
    }

    // MARK: One step

    private func compile(_ step: ResolvedStep, _ errors: [ErrorRulePlan]) -> Made? {
        let written = step.step
        if written.fallback != nil, !written.isOptional {
            outer.file.report(
                .error, "misplaced-key", written.fallback ?? written.node,
                "only an optional step has a fallback", expected: "`optional: true` beside it")
        }
        if written.parallel != nil, written.each == nil {
            outer.file.report(
                .error, "misplaced-key", written.node["parallel"] ?? written.node,
                "`parallel` is for a step with `each`")
        }
        let listScope = scope(names.variables.filter { $0.name != written.name.text })
        let each = written.each.flatMap { self.each($0, step, listScope) }
        if written.each != nil, each == nil { return nil }
        let item = each.map { [$0.item] } ?? []
        var compiler = RouteCompiler(
            route(written), of: outer, backend: step.backend, operation: step.operation)
        compiler.variables = names.variables.filter { $0.name != written.name.text } + item
        let requestScope = compiler.scope(.request)
        let mentionCount = outer.file.slips.mentions.count
        let errorCount = outer.load.collector.errorCount
        let request = compiler.requestPlan(requestScope)
        let kind = compiler.callPlan(requestScope)
        if case .streaming = kind {
            outer.file.report(
                .error, "wrong-value", written.call.node,
                "`\(step.operation.name)` streams; a step has one answer")
            return nil
        }
        let fallback = written.fallback.flatMap {
            TemplateCompiler.compile(
                $0, target: names.variables.first { $0.name == written.name.text }?.shape,
                listScope)
        }
        if let each, !requestScope.used.contains(each.item.name), written.request != nil,
            outer.load.collector.errorCount == errorCount
        {
            outer.file.slips.reportUnread(
                each.item.name, "the list's", shape: each.item.shape, since: mentionCount,
                at: written.each ?? written.node, outer.file)
        }
        guard let request, let kind, written.fallback == nil || fallback != nil else { return nil }
        let used = listScope.used.union(requestScope.used)
        return Made(
            step: step,
            parts: compiler.parts(
                request: request, kind: kind, response: replyAsItIs(step), errors: errors),
            fallback: fallback, each: each?.plan, dependencies: dependencies(step, used))
    }

    /// The step as the route that it would be alone.
    private func route(_ step: MappingStep) -> MappingRoute {
        var route = outer.route
        route.key = step.name.node
        route.node = step.node
        route.call = step.call
        route.accepts = nil
        route.returns = nil
        route.produces = nil
        route.request = step.request
        route.metadata = step.metadata
        route.soapHeader = step.soapHeader
        route.response = nil
        route.status = nil
        route.headers = nil
        route.steps = nil
        route.idempotent = step.idempotent
        route.policy.timeout = step.timeout ?? route.policy.timeout
        route.policy.retry = step.retry ?? route.policy.retry
        return route
    }

    private func scope(_ variables: [TemplateScope.Variable]) -> TemplateScope {
        let scope = outer.scope(.request)
        scope.variables = variables
        return scope
    }

    private func replyAsItIs(_ step: ResolvedStep) -> ResponsePlan {
        ResponsePlan(
            body: .reply, status: .constant(200), headers: [], returns: nil, schema: nil,
            mismatch: outer.route.onMismatch == .refuse ? .refuse : .report, readsRequest: true,
            hasStatus: false)
    }

    private func each(
        _ node: YAMLNode, _ step: ResolvedStep, _ scope: TemplateScope
    ) -> (plan: EachPlan, item: TemplateScope.Variable)? {
        guard let text = node.text, let split = TextCompiler.split(node, text, outer.file),
            split.whole != nil
        else {
            outer.file.report(
                .error, "wrong-type", node, "`each` is no list", expected: "one `${…}`")
            return nil
        }
        guard let compiled = TextCompiler.whole(node, scope) else { return nil }
        if let types = compiled.jsonTypes, types.isDisjoint(with: .array) {
            outer.file.report(
                .error, "wrong-type", node,
                "`each` wants a list, and this is \(TypeNames.article(types))")
            return nil
        }
        let item = TemplateScope.Variable(
            name: "item", slot: outer.slots.take(), shape: compiled.itemShape, usage: nil)
        let isSafe = isIdempotent(step) || step.step.isUnordered
        let plan = EachPlan(
            list: compiled.expression, itemSlot: item.slot,
            parallelMax: step.step.parallel ?? (isSafe ? StepsCompiler.parallelUsual : 1))
        return (plan, item)
    }

    /// Calls at a time of a step over a list that does not say, and may be repeated.
    private static let parallelUsual = 8

    private func isIdempotent(_ step: ResolvedStep) -> Bool {
        step.step.idempotent ?? step.operation.isIdempotent
    }

    // MARK: Order

    /// The steps whose results this one reads.
    private func dependencies(_ step: ResolvedStep, _ used: Set<String>) -> Set<Int> {
        var found: Set<Int> = []
        for (index, other) in steps.enumerated() where other.step.name.text != step.step.name.text {
            let name = other.step.name.text
            let readsOverview =
                used.contains(StepNames.overview)
                && StepsCompiler.mentions(step.step.node, "\(StepNames.overview).\(name)")
            if used.contains(name) || readsOverview { found.insert(index) }
        }
        return found
    }

    private static func mentions(_ node: YAMLNode, _ text: String) -> Bool {
        switch node.content {
        case .scalar(let scalar): scalar.contains(text)
        case .sequence(let items): items.contains { mentions($0, text) }
        case .mapping(let pairs):
            pairs.contains { mentions($0.key, text) || mentions($0.value, text) }
        }
    }

    /// Calls that are not idempotent wait for those before them, unless they need not.
    private func keepOrder(_ made: inout [Made]) {
        var last: Int?
        for index in made.indices {
            let step = made[index].step
            if isIdempotent(step) || step.step.isUnordered { continue }
            // An order that the data forbids is not the one that is kept.
            if let last, !reaches(from: last, to: index, made) {
                made[index].dependencies.insert(last)
            }
            last = index
        }
    }

    private func reaches(from start: Int, to end: Int, _ made: [Made]) -> Bool {
        var seen: Set<Int> = []
        var open = [start]
        while let index = open.popLast() {
            if index == end { return true }
            if seen.insert(index).inserted { open.append(contentsOf: made[index].dependencies) }
        }
        return false
    }

    private func reportCircle(_ made: [Made]) -> Bool {
        for (index, step) in made.enumerated() {
            for dependency in step.dependencies where reaches(from: dependency, to: index, made) {
                outer.file.report(
                    .error, "circular-steps", step.step.step.name.node,
                    "`\(step.step.step.name.text)` waits for "
                        + "`\(made[dependency].step.step.name.text)`, which waits for it",
                    related: [
                        outer.file.related(made[dependency].step.step.name.node, "the other step")
                    ])
                return true
            }
        }
        return false
    }
}
