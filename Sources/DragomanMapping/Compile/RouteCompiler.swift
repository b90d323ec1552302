// SPDX-License-Identifier: Apache-2.0
// One route of a mapping file against its contract: from what is written to a plan, with all that
// is wrong on the way reported.

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

/// Compiles one route that a mapping writes, or that stands for one that a contract implies.
struct RouteCompiler {
    let load: LoadContext
    /// The mapping that the route stands in.
    let file: MappingSource
    let mapping: MappingFile
    /// What the route calls: the mapping's own backend, or another one's.
    let backend: MappedBackend
    let route: MappingRoute
    let operation: OperationContract
    let policy: PolicySet
    let slots: SlotAllocator
    let parameters: ParameterCollector
    let bodyUsage: BodyUsage?
    /// What becomes of a body whose schema the mapping writes; nil where it is derived.
    let acceptedUsage: BodyUsage?
    let accepts: UserSchema?
    let returns: UserSchema?
    /// The schemas that the route names could be used.
    private let hasSchemas: Bool
    let isStep: Bool
    /// All expressions of the route, its steps' too.
    let log: ExpressionLog
    /// The names of steps.
    var variables: [TemplateScope.Variable] = []

    /// A step of a route: names, slots and body are the route's.
    init(
        _ step: MappingRoute, of outer: RouteCompiler, backend: MappedBackend,
        operation: OperationContract
    ) {
        load = outer.load
        file = outer.file
        mapping = outer.mapping
        self.backend = backend
        route = step
        self.operation = operation
        policy = outer.load.configuration.policy(
            upstream: backend.settings, file: outer.mapping.policy, route: step.policy)
        slots = outer.slots
        log = outer.log
        parameters = outer.parameters
        accepts = outer.accepts
        returns = nil
        bodyUsage = outer.bodyUsage
        acceptedUsage = outer.acceptedUsage
        hasSchemas = true
        isStep = true
    }

    init(
        _ route: MappingRoute, mapping: MappingFile, file: MappingSource,
        backend: MappedBackend, operation: OperationContract, load: LoadContext
    ) {
        self.load = load
        self.file = file
        self.mapping = mapping
        self.backend = backend
        self.route = route
        self.operation = operation
        slots = SlotAllocator()
        log = ExpressionLog()
        policy = load.configuration.policy(
            upstream: backend.settings, file: mapping.policy, route: route.policy)
        load.configuration.checkUse(route.policy, file: file.path, into: file.collector)
        parameters = ParameterCollector(
            variables: route.template.variables.map(\.name), slots: slots, library: load.library)
        let annotates = policy.format == .annotate
        var isWhole = true
        func user(_ reference: SchemaReference?) -> UserSchema? {
            guard let reference else { return nil }
            let schema = load.schema(reference, annotates: annotates, in: file)
            if schema == nil { isWhole = false }
            return schema
        }
        accepts = user(route.accepts)
        returns = user(route.returns)
        bodyUsage = route.accepts == nil ? BodyUsage() : nil
        acceptedUsage = route.accepts == nil ? nil : BodyUsage()
        hasSchemas = isWhole
        isStep = false
    }

    /// Bytes pass unread: an http route that says nothing of the messages.
    var isTransparent: Bool {
        guard case .http = operation.target, !isStep else { return false }
        return route.accepts == nil && route.request == nil && route.response == nil
            && route.returns == nil && route.parameters.isEmpty && route.consumes.isEmpty
            && route.produces == nil
    }

    /// The method carries a body that has a meaning: the route's, or the one that a step's call of
    /// an http backend names.
    var takesBody: Bool {
        var method = route.method
        if isStep, case .http = operation.target, let call = route.call?.text {
            let named = call.split(separator: " ").first ?? ""
            method = String(named.split(separator: ".").last ?? named)
        }
        return !["GET", "HEAD", "DELETE", "OPTIONS", "TRACE"].contains(method)
    }

    /// The plan; nil where something is wrong, which has been reported.
    func compile() -> RouteParts? {
        let before = load.collector.errorCount
        beginSlips()
        declareParameters()
        let requestScope = scope(.request)
        var request = requestPlan(requestScope)
        let call = callPlan(requestScope)
        let (errors, errorsReadRequest) = errorRules()
        let response = responsePlan(errorsReadRequest: errorsReadRequest)
        if let method = boundMethod { request = boundRequest(method) }
        checkUnused(isRight: load.collector.errorCount == before)
        guard hasSchemas, load.collector.errorCount == before, let request, let call, let response
        else {
            return nil
        }
        var made = parts(request: request, kind: call, response: response, errors: errors)
        made.body = takingForms(made.body)
        return made
    }

    /// The plan of a route of several calls; nil where something is wrong, which has been reported.
    mutating func compile(_ steps: [ResolvedStep]) -> RouteParts? {
        let before = load.collector.errorCount
        beginSlips()
        declareParameters()
        for step in steps {
            file.slips.definitions.append(
                .init(name: step.step.name.text, node: step.step.name.node))
        }
        let names = StepNames(
            steps.map { ($0.step, $0.operation) }, slots: slots, library: load.library)
        variables = names.variables
        let (errors, _) = errorRules()
        let compiled = StepsCompiler(outer: self, steps: steps, names: names).compile(errors)
        let response = responsePlan(errorsReadRequest: true)
        checkUnused(isRight: load.collector.errorCount == before)
        guard hasSchemas, load.collector.errorCount == before, let compiled, let response else {
            return nil
        }
        var parts = parts(
            request: .none, kind: .steps(compiled.plan), response: response, errors: errors)
        parts.body = takingForms(compiled.body ?? parts.body)
        return parts
    }

    func parts(
        request: RequestPlan, kind: RoutePlan.Kind, response: ResponsePlan,
        errors: [ErrorRulePlan]
    ) -> RouteParts {
        RouteParts(
            service: mapping.service.text, method: route.method, template: route.template,
            hosts: mapping.hosts, conditions: route.conditions, operation: operation.name,
            texts: texts, policy: policy,
            limits: load.configuration.limits.overlaid(by: policy.limits),
            isIdempotent: isIdempotent, parameters: isStep ? .none : parameterPlan(),
            body: isStep && !isWhole(request) ? .refused : bodyPlan(request), request: request,
            kind: kind, response: response,
            errors: errors, slotCount: slots.count, arena: load.arena, keyNode: route.key)
    }

    private func isWhole(_ request: RequestPlan) -> Bool {
        if case .body = request { true } else { false }
    }

    private var texts: RouteTexts {
        var texts = RouteTexts(
            summary: route.summary, description: route.description, file: file.path,
            position: route.key.position, node: route.node,
            policies: (route.policy.use ?? mapping.policy.use ?? load.configuration.defaults.use
                ?? []).map(\.text), expressions: log.expressions)
        if let bound = boundMethod {
            texts.message = bound.shared.replySchema(bound.method.input)
            texts.bindsQuery = true
            texts.setFields = route.template.variables.map {
                bound.shared.written($0.name, of: bound.method.input, .members)
            }
        }
        return texts
    }

    private var isIdempotent: Bool {
        if let written = route.idempotent { return written }
        if operation.isIdempotent { return true }
        guard case .http = operation.target else { return false }
        return ["GET", "HEAD", "PUT", "DELETE"].contains(route.method)
    }

    // MARK: Names

    /// What expressions may refer to.
    func scope(_ stage: TemplateScope.Stage, _ file: MappingSource? = nil) -> TemplateScope {
        var roots: [RootSlot: TemplateScope.Root] = [
            .path: .anything, .query: .anything, .header: .anything, .cookie: .anything,
            .claims: .anything, .consumer: .anything,
        ]
        if !isTransparent {
            roots[.body] = accepts.map { .known($0.shape) } ?? .anything
            if takesForms { roots[.parts] = .anything }
        }
        switch stage {
        case .request: break
        case .response:
            if case .steps = operation.target { break }
            roots[.reply] = .later { [operation] in operation.reply }
            roots[.replyHeaders] = .anything
        case .errors:
            roots[.replyHeaders] = .anything
            roots[.status] = .anything
            addErrorRoots(operation.target, to: &roots)
        }
        let scope = TemplateScope(
            file: file ?? self.file, stage: stage, arena: load.arena, slots: slots,
            parameters: parameters,
            bodyUsage: bodyUsage, acceptedUsage: acceptedUsage, constants: load.constants,
            roots: roots)
        if stage != .errors { scope.variables = variables }
        scope.log = log
        if route.request == nil, route.steps == nil, accepts == nil, stage != .request {
            scope.findBodyShape = { [operation, takesBody] in
                takesBody ? operation.request : nil
            }
        }
        scope.carriesBody =
            accepts != nil || !["GET", "HEAD"].contains(route.method)
        scope.isRepeated = variables.contains { $0.name == "item" }
        scope.tables = load.tables(of: mapping, self.file)
        scope.tableNode = { [mapping] table, key in mapping.tableNode(table, key) }
        return scope
    }

    private func addErrorRoots(
        _ target: OperationContract.Target, to roots: inout [RootSlot: TemplateScope.Root]
    ) {
        switch target {
        case .grpc:
            let names = ["code", "status", "message", "details"]
            roots[.grpc] = .members(names, certain: names)
        case .soap(let target):
            // Of several contracts none knows the others' faults.
            roots[.fault] =
                roots[.fault] == nil
                ? .later { target.backend.faultShape }
                : .members(
                    ["code", "subcode", "reason", "node", "role", "detail"],
                    certain: ["code", "reason"])
        case .xml, .http: break
        case .steps(let operations):
            for operation in operations { addErrorRoots(operation.target, to: &roots) }
        }
    }

    // MARK: Parameters

    private func declareParameters() {
        parameters.areUncertain = route.hasUnreadParameters
        for written in route.parameters {
            let name = written.name.text
            let place = written.place ?? (parameters.variables.contains(name) ? .path : .query)
            let source: ParameterPlan.Source
            switch place {
            case .path: source = .path
            case .query: source = .query
            case .header: source = .header
            case .cookie: source = .cookie
            }
            let entry = parameters.declare(
                source, source == .header ? name.lowercased() : name, node: written.name.node)
            entry.isRequired = written.isRequired ?? (source == .path)
            if let reference = written.schema {
                let schema = load.schema(
                    reference, annotates: policy.format == .annotate, in: file)
                entry.shape = schema?.shape
                entry.schema = schema?.lazy
                if schema == nil { parameters.uncertain.insert(name) }
            }
            if written.isUncertain { parameters.uncertain.insert(name) }
            if let node = written.defaultValue { entry.absent = defaultValue(node, entry) }
        }
    }

    private func defaultValue(
        _ node: YAMLNode, _ entry: ParameterCollector.Entry
    ) -> ConstantNode? {
        let types = entry.shape?.types ?? .string
        var constant: ConstantNode?
        if let text = node.text {
            if let value = ConstantTyping.value(node, text, types) {
                constant = load.arena.constant { YAMLDocument.append(value, to: $0) }
            }
        } else {
            constant = load.arena.constant { YAMLDocument.append(node, to: $0) }
        }
        guard let constant else {
            file.report(
                .error, "wrong-type", node,
                "the default can not be \(TypeNames.article(types))")
            return nil
        }
        if let program = entry.schema?.program,
            !program.isValid(constant.node, EvaluationContext())
        {
            let report = program.violations(of: constant.node, EvaluationContext())
            file.report(
                .error, "wrong-value", node,
                "the parameter's own schema refuses its default: "
                    + (report.violations.first?.detail ?? "it does not fit"),
                suggestion: node.text.flatMap { text in
                    NearestName.find(text, in: entry.shape?.alternatives ?? [])
                })
        }
        return constant
    }

    private func parameterPlan() -> ParameterPlan {
        let unknown =
            route.unknownParameters ?? mapping.unknownParameters
            ?? (isTransparent ? .ignore : .refuse)
        return parameters.plan(
            unknownQuery: unknown.query(load.arena), messageBindsQuery: boundMethod != nil,
            arena: load.arena)
    }
}
