// SPDX-License-Identifier: Apache-2.0
// Routes that a gRPC contract has of its own: one for each google.api.http binding, and
// `POST /package.Service/Method` for a method without one.

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

/// Compiles the annotated routes of one mapping.
struct AnnotatedRoutes {
    let load: LoadContext
    let mapping: MappingFile
    let backend: MappedBackend
    let contract: GRPCBackend

    private var file: MappingSource { backend.source }
    private var node: YAMLNode { mapping.backend.node }

    func compile() -> [RouteParts] {
        let services = contract.service.map { [$0] } ?? contract.contract.services
        let policy = load.configuration.policy(
            upstream: backend.settings, file: mapping.policy, route: PolicySet())
        let errors = sharedErrors()
        var parts: [RouteParts] = []
        for method in services.flatMap(\.methods) {
            for binding in contract.bindings(of: method) {
                if let made = route(method, binding, policy, errors) { parts.append(made) }
            }
        }
        return parts
    }

    /// The file's rules, which know no route's own path.
    private func sharedErrors() -> [ErrorRulePlan] {
        guard mapping.errors != nil, let method = contract.contract.services.first?.methods.first,
            let template = try? PathTemplate("/")
        else { return [] }
        let route = MappingRoute(key: node, method: "POST", template: template, node: node)
        return RouteCompiler(
            route, mapping: mapping, file: file, backend: backend,
            operation: contract.operation(method), load: load
        ).errorRules().rules
    }

    private func route(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ policy: PolicySet,
        _ errors: [ErrorRulePlan]
    ) -> RouteParts? {
        guard let template = template(method, binding) else { return nil }
        let operation = GRPCOperation(method: method, shared: contract.shared)
        let call = operation.call(
            upstream: backend.upstream, backend.settings, metadata: [],
            arena: load.arena)
        guard let message = message(method, binding, template),
            let response = response(method, binding)
        else { return nil }
        return RouteParts(
            service: mapping.service.text, method: binding.method.uppercased(),
            template: template, hosts: mapping.hosts, conditions: [],
            operation: method.operation, texts: texts(method, binding, template), policy: policy,
            limits: load.configuration.limits.overlaid(by: policy.limits),
            isIdempotent: isIdempotent(method, binding), parameters: message.parameters,
            body: message.body, request: message.request,
            kind: operation.isStreaming ? .streaming(call) : .unary(.grpc(call)),
            response: response, errors: errors, slotCount: RootSlot.count, arena: load.arena,
            keyNode: DerivedYAML(position: node.position).scalar(
                "\(binding.method.uppercased()) \(template.text)"))
    }

    private func isIdempotent(_ method: MethodDescriptor, _ binding: HTTPBinding) -> Bool {
        if method.idempotency != .unknown { return true }
        return ["GET", "HEAD", "PUT", "DELETE"].contains(binding.method.uppercased())
            && contract.isAnnotated(method)
    }

    private func texts(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ template: PathTemplate
    ) -> RouteTexts {
        var texts = RouteTexts(
            summary: nil, description: method.comment, file: file.path,
            position: node.position, node: nil,
            policies: (mapping.policy.use ?? load.configuration.defaults.use ?? []).map(\.text))
        texts.message = contract.shared.replySchema(method.input)
        texts.bindsQuery = binding.body != .whole
        texts.setFields = template.variables.map {
            contract.shared.written($0.name, of: method.input)
        }
        if case .field(let name) = binding.body {
            texts.setFields.append(contract.shared.written(name, of: method.input))
        }
        return texts
    }

    private func template(_ method: MethodDescriptor, _ binding: HTTPBinding) -> PathTemplate? {
        do throws(PathTemplateError) {
            return try PathTemplate(
                PathTemplate.join(base: mapping.base, binding.template))
        } catch {
            report(
                "path-template", method, binding, ", `\(binding.template)`: \(error.message)")
            return nil
        }
    }

    /// At the rule, where it stands in a file of its own; else at the contract's name.
    private func report(
        _ code: String, _ method: MethodDescriptor, _ binding: HTTPBinding, _ text: String
    ) {
        if let place = contract.shared.rules.place(of: method, binding) {
            place.file.report(.error, code, place.node, "the rule of \(method.operation)\(text)")
        } else {
            file.report(.error, code, node, "the annotation of \(method.operation)\(text)")
        }
    }

    // MARK: Message

    private struct Message {
        let parameters: ParameterPlan
        let body: BodyPlan
        let request: RequestPlan
    }

    private func message(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ template: PathTemplate
    ) -> Message? {
        let isWhole = binding.body == .whole && template.variables.isEmpty
        if isWhole {
            return Message(
                parameters: ParameterPlan([], unknownQuery: unknownParameters.query(load.arena)),
                body: body(method, binding, template), request: .body)
        }
        do throws(ContractLoadError) {
            let assembly = try RequestAssembly(
                contract.contract, message: method.input,
                pathVariables: template.variables.map(\.name), body: binding.body,
                unknown: unknownParameters.fields(), contract.shared.options)
            return Message(
                parameters: ParameterPlan(
                    [], unknownQuery: .ignore, messageBindsQuery: true),
                body: body(method, binding, template), request: .assembly(assembly))
        } catch {
            for problem in error.problems {
                report("annotation", method, binding, ": \(problem.description)")
            }
            return nil
        }
    }

    /// What the file says; annotations say nothing of it.
    private var unknownParameters: MappingRoute.UnknownParameters {
        mapping.unknownParameters ?? .refuse
    }

    /// What the body goes into is a google.api.HttpBody.
    private func takesHTTPBody(_ method: MethodDescriptor, _ binding: HTTPBinding) -> Bool {
        switch binding.body {
        case .none: return false
        case .whole: return contract.contract.isHTTPBody(method.input)
        case .field(let path):
            return contract.contract.isHTTPBody(field: path, of: method.input)
        }
    }

    private var httpBody: BodyPlan {
        .json(
            JSONBodyPlan(
                accepts: nil, isExplicit: false, empty: load.empty, isHTTPBody: true))
    }

    private func json(_ schema: LazySchema) -> BodyPlan {
        .json(
            JSONBodyPlan(accepts: schema, isExplicit: false, empty: load.empty))
    }

    private func body(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ template: PathTemplate
    ) -> BodyPlan {
        if takesHTTPBody(method, binding) { return httpBody }
        switch binding.body {
        case .none: return .refused
        case .whole:
            let set = template.variables.map(\.name)
            return json(
                contract.shared.bodySchema(method.input, set.isEmpty ? .whole : .without(set)))
        case .field(let name):
            let set = template.variables.map(\.name).filter { $0.hasPrefix(name + ".") }
            return json(
                contract.shared.bodySchema(
                    method.input,
                    .member(name, without: set.map { String($0.dropFirst(name.count + 1)) })))
        }
    }

    // MARK: Response

    private func response(
        _ method: MethodDescriptor, _ binding: HTTPBinding
    ) -> ResponsePlan? {
        var body = ResponsePlan.Body.reply
        if let name = binding.responseBody {
            guard let program = replyField(method, binding, name) else { return nil }
            body = .template(program)
        }
        return ResponsePlan(
            body: body, status: .constant(200), headers: [], returns: nil,
            schema: replySchema(method, binding), mismatch: .report, readsRequest: true,
            hasStatus: false,
            isHTTPBody: binding.responseBody.map {
                contract.contract.isHTTPBody(field: $0, of: method.output)
            } ?? contract.contract.isHTTPBody(method.output))
    }

    /// What the answer is: the reply, or the one field of it that `response_body` names.
    private func replySchema(_ method: MethodDescriptor, _ binding: HTTPBinding) -> LazySchema {
        let reply = contract.shared.replySchema(method.output)
        guard let name = binding.responseBody,
            let field = contract.contract.messages[method.output].field(named: name)
        else { return reply }
        let shown = field.writtenName(contract.shared.options.names)
        return LazySchema { [library = load.library] in
            guard let source = reply.source,
                let pointer = SchemaPointers.property(
                    shown, in: source.document, at: source.pointer)
            else { return nil }
            return library.compiled("\(source.uri)#\(SchemaShape.fragment(pointer))")
        }
    }

    /// `response_body`: one field of the reply, its default where it is unset.
    private func replyField(
        _ method: MethodDescriptor, _ binding: HTTPBinding, _ name: String
    ) -> TemplateProgram? {
        let message = contract.contract.messages[method.output]
        guard let field = message.field(named: name) else {
            report(
                "annotation", method, binding,
                ": \(message.fullName) has no field \(name) to be the response_body")
            return nil
        }
        let options = contract.shared.options
        let shown = field.writtenName(options.names)
        var absent = load.arena.constant {
            ProtoShape.appendDefault(of: field, contract.contract, options, to: $0)
        }
        if absent == nil { absent = load.arena.constant { $0.appendNull() } }
        var parts = TemplateProgram.Parts()
        parts.references.append(
            Reference(
                slot: RootSlot.reply.rawValue,
                steps: [.member(load.arena.text(shown), absent: absent)], arena: load.arena))
        parts.instructions.append(.init(operation: .reference))
        return TemplateProgram(parts, arena: load.arena)
    }
}
