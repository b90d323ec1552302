// SPDX-License-Identifier: Apache-2.0
// The way in: what a route takes of the request and what message it makes of it.

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

extension RouteCompiler {
    /// How the message is made; nil where something is wrong.
    func requestPlan(_ scope: TemplateScope) -> RequestPlan? {
        if isTransparent { return RequestPlan.none }
        if let node = route.request {
            if let messages = node.items, isClientStream {
                return openedRequest(messages, node, scope)
            }
            return TemplateCompiler.compile(node, target: operation.request, scope)
                .map { .template($0) }
        }
        // Made last, when it is known which parameters are read elsewhere.
        if boundMethod != nil {
            parameters.message = operation.request
            for name in parameters.variables { _ = parameters.use(.path, name) }
            return RequestPlan.none
        }
        return impliedRequest(scope)
    }

    /// The client's body is several messages.
    var isClientStream: Bool {
        if case .grpc(let call) = operation.target { call.method.isClientStreaming } else { false }
    }

    /// A list: all but the last are sent once, before the messages that the last one makes.
    private func openedRequest(
        _ messages: [YAMLNode], _ node: YAMLNode, _ scope: TemplateScope
    ) -> RequestPlan? {
        let programs = messages.map {
            TemplateCompiler.compile($0, target: operation.request, scope)
        }
        guard let last = programs.last else {
            file.report(
                .error, "wrong-value", node, "the list of messages is empty",
                expected: "the messages that the stream begins with, then the one of each element")
            return nil
        }
        let openings = programs.dropLast().compactMap(\.self)
        guard let last, openings.count == programs.count - 1 else { return nil }
        return openings.isEmpty ? .template(last) : .opened(openings, last)
    }

    /// Path and query alone make the method's message, as google.api.http binds them: `a.b=1`,
    /// `labels[k]=v`. Nil where something else says what the message is.
    var boundMethod: GRPCOperation? {
        guard case .grpc(let method) = operation.target, !isStep, !takesBody,
            route.request == nil, accepts == nil, !method.takesHTTPBody,
            route.parameters.allSatisfy({ $0.place == .header || $0.place == .cookie })
        else { return nil }
        return method
    }

    func boundRequest(_ bound: GRPCOperation) -> RequestPlan? {
        let contract = bound.shared.contract
        let message = bound.method.input
        let variables = route.template.variables.map(\.name)
        let unknown = variables.filter { contract.fields(along: $0, of: message, .members) == nil }
        for name in unknown {
            let known = operation.request?.memberNames ?? []
            file.reportNoMember(
                .path, name, of: contract.messages[message].fullName, known: known, at: route.key)
        }
        guard unknown.isEmpty else { return nil }
        do throws(ContractLoadError) {
            return .assembly(
                try RequestAssembly(
                    contract, message: message, pathVariables: variables, body: .none,
                    unknown: unknownParameters, names: .members, bound.shared.options))
        } catch {
            for problem in error.problems {
                file.report(.error, "path-parameter", route.key, problem.description)
            }
            return nil
        }
    }

    /// What the query may hold that is no field: what the route says, and what it reads.
    private var unknownParameters: UnknownParameters {
        let names = parameters.entries.filter { $0.source == .query }.map(\.name)
        let written = route.unknownParameters ?? mapping.unknownParameters
        return (written ?? .refuse).fields(besides: names)
    }

    /// Without `request`: body and parameters by name, in the contract's JSON form.
    private func impliedRequest(_ scope: TemplateScope) -> RequestPlan? {
        let takesBody = takesBody || accepts != nil
        let hasParameters = !parameters.variables.isEmpty || !parameters.entries.isEmpty
        if takesBody, !hasParameters, accepts == nil { return RequestPlan.body }
        guard let target = operation.request else {
            // An http backend without a contract: its own query and path, the body as it is.
            return takesBody ? RequestPlan.body : RequestPlan.none
        }
        var message = ImpliedMessage(scope: scope, target: target, key: route.key)
        for name in parameters.variables { message.add(.path, name, at: name) }
        for entry in parameters.entries where entry.isDeclared && entry.source != .path {
            // Headers and cookies are declared for other ends as well.
            if entry.source != .query, case .refused = target.member(entry.name) { continue }
            message.add(entry.source, entry.name, at: entry.name)
        }
        if !takesBody {
            for name in target.memberNames { message.addQuery(name) }
        }
        if takesBody, message.isEmpty {
            if let accepts {
                let place = ExpressionPlace(node: route.accepts?.node ?? route.key, offset: 0)
                ShapeFit.check(accepts.shape, target, at: place, file)
                acceptedUsage?.stands(at: target, isRequired: true)
            }
            return RequestPlan.body
        }
        guard target.types.contains(.object) else {
            file.report(
                .error, "missing-key", route.key,
                "the message is \(TypeNames.article(target.types)), which parameters can not make",
                expected: "`request`")
            return nil
        }
        if let accepts, takesBody {
            let place = ExpressionPlace(node: route.accepts?.node ?? route.key, offset: 0)
            ShapeFit.checkMembers(accepts.shape, target, hidden: message.names, at: place, file)
        }
        return message.program(spreadsBody: takesBody).map { .template($0) }
    }

    // MARK: Body

    func bodyPlan(_ request: RequestPlan) -> BodyPlan {
        if isTransparent { return .passedThrough }
        if let accepts {
            var plan = JSONBodyPlan(accepts: accepts.lazy, isExplicit: true, empty: load.empty)
            plan.published = load.describes ? published(accepts) : nil
            return .json(plan)
        }
        if case .body = request { return wholeBody() }
        guard let usage = bodyUsage, takesBody || !usage.isUnused else { return .refused }
        return .json(
            derivedBody {
                usage.appendSchema(to: $0)
            } closedWhenEmpty: {
                usage.isUnused
            })
    }

    /// What `accepts` and the contract let in together; nil where `accepts` says it all.
    private func published(_ accepts: UserSchema) -> LazySchema? {
        guard let usage = acceptedUsage, let source = accepts.lazy.source,
            let narrowing = BodyNarrowing.make(usage, accepts.shape)
        else { return nil }
        let document = Document(tapeCapacity: 64, textCapacity: 512)
        narrowing.append(beside: source, to: document)
        return load.library.lazy(derived: document)
    }

    /// The body is the message: the contract's own schema judges it.
    private func wholeBody() -> BodyPlan {
        if case .grpc(let call) = operation.target, call.takesHTTPBody {
            return .json(
                JSONBodyPlan(
                    accepts: nil, isExplicit: false, empty: load.empty, isHTTPBody: true))
        }
        return .json(
            JSONBodyPlan(
                accepts: operation.bodySchema, isExplicit: false, empty: load.empty))
    }

    private func derivedBody(
        _ build: (Document) -> Void, closedWhenEmpty isUnused: () -> Bool
    ) -> JSONBodyPlan {
        let document = Document(tapeCapacity: 64, textCapacity: 512)
        if isUnused() {
            document.beginObject()
            document.key("type")
            document.append(string: "object")
            document.key("additionalProperties")
            document.append(false)
            document.endObject()
        } else {
            build(document)
        }
        return JSONBodyPlan(
            accepts: load.library.lazy(derived: document), isExplicit: false, empty: load.empty)
    }
}

extension MappingSource {
    /// A parameter that the message has no place for. `step`: the part of its name that leads
    /// nowhere, where it has several.
    fileprivate func reportNoMember(
        _ source: ParameterPlan.Source, _ name: String, meaning step: String? = nil,
        of message: String, known: [String], at key: YAMLNode
    ) {
        report(
            .error, "unknown-member", key,
            "the \(source.name) parameter `\(name)` is no member of `\(message)`",
            expected: "`request`, or one of " + NameList.listed(known),
            suggestion: NearestName.find(step ?? name, in: known), about: [name])
    }
}

/// The template that stands for an absent `request`: each parameter at the member of its name,
/// and the body's members beside them.
struct ImpliedMessage {
    let scope: TemplateScope
    let target: SchemaShape
    let key: YAMLNode
    private var members: [(path: [String], reference: Reference)] = []

    init(scope: TemplateScope, target: SchemaShape, key: YAMLNode) {
        self.scope = scope
        self.target = target
        self.key = key
    }

    var isEmpty: Bool { members.isEmpty }
    /// Members of the message that parameters set.
    var names: [String] { Array(Set(members.compactMap(\.path.first))).sorted() }

    /// A parameter by name; `order.id` goes to the member `id` of `order`.
    mutating func add(_ source: ParameterPlan.Source, _ name: String, at dotted: String) {
        var shape = target
        let path = dotted.split(separator: ".").map(String.init)
        var isRequired = true
        for (index, part) in path.enumerated() {
            isRequired = isRequired && shape.isRequired(part)
            switch shape.member(part) {
            case .known(let next): shape = next
            case .anything:
                let entry = scope.parameters.use(source, name)
                return append(path, entry)
            case .refused:
                return scope.file.reportNoMember(
                    source, name, meaning: path[index], of: target.name, known: shape.memberNames,
                    at: key)
            }
        }
        append(
            path, scope.parameters.use(source, name, at: shape, isRequired: isRequired))
    }

    /// A member that a query parameter may set: of simple type, or a list of such.
    mutating func addQuery(_ name: String) {
        guard !members.contains(where: { $0.path.first == name }),
            case .known(let shape) = target.member(name), shape.isSimple
        else { return }
        append(
            [name],
            scope.parameters.use(
                .query, name, at: shape, isRequired: target.isRequired(name)))
    }

    private mutating func append(_ path: [String], _ entry: ParameterCollector.Entry) {
        members.append(
            (path, Reference(slot: entry.slot, steps: [], arena: scope.arena)))
    }

    /// The program; parameters win over the body's members of their names.
    func program(spreadsBody: Bool) -> TemplateProgram? {
        var compiler = TemplateCompiler(scope: scope)
        compiler.emit(.beginObject)
        if spreadsBody { spreadBody(&compiler) }
        emit(members.map { ($0.path[...], $0.reference) }, &compiler)
        compiler.emit(.endObject)
        return TemplateProgram(compiler.parts, arena: scope.arena)
    }

    private func spreadBody(_ compiler: inout TemplateCompiler) {
        let hidden = names
        let body = Reference(slot: RootSlot.body.rawValue, steps: [], arena: scope.arena)
        let usage = scope.bodyUsage ?? scope.acceptedUsage
        usage?.spreads(into: target, hidden: hidden)
        compiler.parts.filters.append(
            TemplateProgram.SpreadFilter(
                hidden: hidden.map { scope.arena.text($0) },
                allowed: target.isClosed
                    ? target.memberNames.map { scope.arena.text($0) } : nil))
        let expression = compiler.expression(.reference(body))
        compiler.emit(.spread, a: expression, b: compiler.parts.filters.count - 1)
    }

    private func emit(
        _ members: [(path: ArraySlice<String>, reference: Reference)],
        _ compiler: inout TemplateCompiler
    ) {
        var done: Set<String> = []
        for (path, reference) in members {
            guard let name = path.first, done.insert(name).inserted else { continue }
            let key = Int32(truncatingIfNeeded: compiler.text(name))
            let inner = members.filter { $0.path.first == name && $0.path.count > 1 }
            if inner.isEmpty {
                compiler.parts.references.append(reference)
                compiler.emit(.reference, key: key, a: compiler.parts.references.count - 1)
            } else {
                compiler.emit(.beginObject, key: key)
                emit(inner.map { ($0.path.dropFirst(), $0.reference) }, &compiler)
                compiler.emit(.endObject)
            }
        }
    }
}
