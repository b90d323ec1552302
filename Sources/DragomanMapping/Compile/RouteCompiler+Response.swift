// SPDX-License-Identifier: Apache-2.0
// The way back: answers, their status and headers, and the rules for errors.

internal import DragomanDocument
internal import DragomanSchema

extension RouteCompiler {
    func responsePlan(errorsReadRequest: Bool) -> ResponsePlan? {
        let scope = scope(.response)
        let before = load.collector.errorCount
        var body = ResponsePlan.Body.reply
        if isTransparent {
            body = .passedThrough
        } else if let node = route.response {
            let program = TemplateCompiler.compile(node, target: returns?.shape, scope)
            body = program.map { .template($0) } ?? .empty
        } else if case .steps = operation.target {
            body = .template(results())
        } else if operation.isOneWay {
            body = .empty
        } else {
            checkReply()
        }
        let status = route.status.flatMap { self.status($0, scope) }
        checkBodiless(status)
        let headers = TextCompiler.named(route.headers, isMetadata: false, scope)
        let produced = producedBody(body, scope)
        guard load.collector.errorCount == before else { return nil }
        let refuses = route.onMismatch.map { $0 == .refuse } ?? (returns != nil)
        var schema = returns?.lazy
        if schema == nil {
            if case .reply = body { schema = operation.replySchema }
            if load.describes, let node = route.response { schema = outline(node) }
        }
        var isGRPC = false
        var isHTTPBody = false
        if case .grpc(let call) = operation.target {
            isGRPC = true
            if case .reply = body { isHTTPBody = call.answersHTTPBody }
        }
        return ResponsePlan(
            body: body, status: status ?? .constant(operation.isOneWay ? 202 : 200),
            headers: headers, returns: returns?.lazy, schema: schema,
            mismatch: refuses ? .refuse : .report,
            // A gRPC backend may speak of the request's fields afterwards.
            readsRequest: scope.readsRequest || errorsReadRequest || isGRPC,
            hasStatus: status != nil, isHTTPBody: isHTTPBody, produced: produced)
    }

    /// Warns of a `response` that never goes out, or holds nothing.
    private func checkBodiless(_ status: ResponsePlan.Status?) {
        guard let response = route.node.pair("response") else { return }
        if case .constant(let number)? = status, number == 204 || number == 304 {
            file.report(
                .warning, "unsent-body", response.key,
                "an answer with the status \(number) has no body: `response` is never sent",
                expected: "another status, or no `response`")
        } else if response.value.text == "" {
            file.report(
                .warning, "empty-value", response.key,
                "`response` is empty: the answer is `null`",
                expected: "a template; `{}`; or no `response`, for the backend's own reply")
        }
    }

    /// What the template makes; what is wrong with it has been reported already.
    private func outline(_ node: YAMLNode) -> LazySchema {
        let silent = MappingSource(source: file.source, collector: DiagnosticCollector())
        let document = Document(tapeCapacity: 64, textCapacity: 512)
        ResponseOutline(scope: scope(.response, silent), document: document).value(node)
        return load.library.lazy(derived: document)
    }

    /// The results of all steps by name.
    private func results() -> TemplateProgram {
        var compiler = TemplateCompiler(scope: scope(.response))
        compiler.emit(.beginObject)
        for variable in variables where variable.name != StepNames.overview {
            let key = Int32(truncatingIfNeeded: compiler.text(variable.name))
            compiler.parts.references.append(
                Reference(slot: variable.slot, steps: [], arena: load.arena))
            compiler.emit(.reference, key: key, a: compiler.parts.references.count - 1)
        }
        compiler.emit(.endObject)
        return TemplateProgram(compiler.parts, arena: load.arena)
    }

    /// A reply that goes out as it is must be able to be what `returns` says.
    private func checkReply() {
        guard let returns, let reply = operation.reply, let node = route.returns?.node else {
            return
        }
        ShapeFit.check(reply, returns.shape, at: ExpressionPlace(node: node, offset: 0), file)
    }

    func status(_ node: YAMLNode, _ scope: TemplateScope) -> ResponsePlan.Status? {
        guard let text = node.text else {
            reportStatus(node)
            return nil
        }
        guard let split = TextCompiler.split(node, text, file) else { return nil }
        if split.whole != nil {
            guard let compiled = TextCompiler.whole(node, scope) else { return nil }
            if let shape = compiled.shape, shape.types.isDisjoint(with: [.integer, .string]) {
                reportStatus(node)
                return nil
            }
            if compiled.mayBeAbsent {
                file.report(
                    .warning, "may-be-absent", node,
                    "this may be absent, and an answer without a status is a 500",
                    expected: "default(…, …) around it")
            }
            return .expression(compiled.expression)
        }
        guard let constant = split.constant, let number = Int(constant),
            (200...599).contains(number)
        else {
            reportStatus(node)
            return nil
        }
        return .constant(number)
    }

    private func reportStatus(_ node: YAMLNode) {
        file.report(
            .error, "wrong-value", node, "`status` cannot be \(node.kindDescription)",
            expected: "a number from 200 to 599, or one `${…}` that gives one")
    }

    /// The route's own rules, then the file's.
    func errorRules() -> (rules: [ErrorRulePlan], readRequest: Bool) {
        let scope = scope(.errors)
        let rules = [route.errors, mapping.errors].flatMap { node in
            (node?.items ?? []).map { errorRule($0, scope) }
        }
        return (rules, scope.readsRequest)
    }

    private func errorRule(_ node: YAMLNode, _ scope: TemplateScope) -> ErrorRulePlan {
        var condition: Expression?
        if let when = node["when"] { condition = self.condition(when, scope) }
        let texts = ["type", "title", "detail"].map { name in
            node[name].flatMap { TextCompiler.text($0, scope) }
        }
        let members = node["members"].flatMap {
            TemplateCompiler.compile($0, target: nil, scope)
        }
        return ErrorRulePlan(
            condition: condition, status: node["status"].flatMap { status($0, scope) },
            type: texts[0], title: texts[1], detail: texts[2], members: members)
    }

    private func condition(_ node: YAMLNode, _ scope: TemplateScope) -> Expression? {
        if case .boolean(let value) = node.value {
            return load.arena.constant { $0.append(value) }.map { .constant($0) }
        }
        guard let text = node.text, let split = TextCompiler.split(node, text, file) else {
            return nil
        }
        guard split.whole != nil else {
            file.report(
                .error, "wrong-type", node, "`when` is no condition", expected: "one `${…}`",
                suggestion: split.isConstant ? "${\(text)}" : nil)
            return nil
        }
        return TextCompiler.whole(node, scope, as: .condition)?.expression
    }
}
