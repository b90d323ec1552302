// SPDX-License-Identifier: Apache-2.0
// What a route calls, with the headers and metadata that it sets.

internal import DragomanDocument
internal import DragomanXML

extension RouteCompiler {
    func callPlan(_ scope: TemplateScope) -> RoutePlan.Kind? {
        let before = load.collector.errorCount
        checkKeys()
        let isGRPC = if case .grpc = operation.target { true } else { false }
        let headers = TextCompiler.named(route.metadata, isMetadata: isGRPC, scope)
        switch operation.target {
        case .grpc(let target):
            let call = target.call(
                upstream: backend.upstream, backend.settings, metadata: headers,
                arena: load.arena)
            guard load.collector.errorCount == before else { return nil }
            return target.isStreaming ? .streaming(call) : .unary(.grpc(call))
        case .soap(let target):
            checkHeaderParts(target.plan.headers.map(\.name))
            NamingDiagnostics.checkOmissions(target.plan, backend.mapping, backend.source)
            scope.headerParts = target.plan.headers.map { KebabCase.make($0.name) }
            let header = route.soapHeader.flatMap { node in
                TemplateCompiler.compile(node, target: target.headerShape, scope)
            }
            checkHeaderMembers(target)
            for part in header?.movedParts ?? [] {
                parameters.couple(part, required: target.headerRequirements[part.name] ?? [])
            }
            guard load.collector.errorCount == before else { return nil }
            return .unary(
                .soap(
                    target.call(
                        upstream: backend.upstream, settings: backend.settings, header: header,
                        headers: headers, arena: load.arena)))
        case .xml(let target):
            guard load.collector.errorCount == before, case .xml(let xml) = backend.contract
            else { return nil }
            return .unary(
                .xml(
                    xml.call(
                        target, upstream: backend.upstream, settings: backend.settings,
                        headers: headers, arena: load.arena)))
        case .http:
            guard let call = httpCall(scope, headers), load.collector.errorCount == before else {
                return nil
            }
            return .unary(.http(call))
        case .steps: return nil
        }
    }

    private func checkKeys() {
        if let node = route.soapHeader {
            if case .soap = operation.target {
            } else {
                file.report(
                    .error, "misplaced-key", node, "only SOAP backends have a `soap_header`",
                    expected: "`metadata`")
            }
        }
    }

    /// A part that is sent must be whole: what no template sets, no client can.
    private func checkHeaderMembers(_ target: SOAPOperation) {
        for pair in route.soapHeader?.pairs ?? [] {
            guard let required = target.headerRequirements[pair.name], !required.isEmpty,
                let members = pair.value.pairs, !members.isEmpty,
                members.allSatisfy({ Directive($0.key) == nil }),
                case .known(let part)? = target.headerShape?.member(pair.name),
                // A name that is none is told by itself, and may be the one that is missing.
                Set(members.map(\.name)).isSubset(of: part.memberNames)
            else { continue }
            let missing = required.subtracting(members.map(\.name)).sorted()
            guard !missing.isEmpty else { continue }
            let names = NameList.listed(missing.map { "`\($0)`" })
            file.report(
                .warning, "missing-member", pair.key,
                "the header part `\(pair.name)` wants \(names), which nothing sets: a request for "
                    + "which the part is made is refused",
                expected: names)
        }
    }

    /// A part of the Envelope's Header is none of HTTP's.
    private func checkHeaderParts(_ parts: [String]) {
        for pair in route.metadata?.pairs ?? [] {
            let name = pair.name.lowercased().filter { $0 != "-" && $0 != "_" }
            guard let part = parts.first(where: { $0.lowercased() == name }) else { continue }
            file.report(
                .warning, "misplaced-key", pair.key,
                "`metadata` sets HTTP's headers, and `\(part)` is a part of the SOAP header",
                expected: "`soap_header: { \(part): … }`")
        }
    }

    /// `call: METHOD /path/${…}`
    private func httpCall(
        _ scope: TemplateScope, _ headers: [NamedTemplate]
    ) -> HTTPCall? {
        var path = ""
        if case .http(let own) = backend.contract { path = own }
        let prefix =
            backend.settings.prefix + (path.hasSuffix("/") ? String(path.dropLast()) : path)
        guard let written = route.call else {
            return HTTPCall(
                upstream: backend.upstream, method: nil, path: nil,
                prefix: load.arena.text(prefix), headers: headers)
        }
        let node = written.node
        let text = written.text
        // `service.GET /items` is a call of another mapping's backend.
        let service = "\(backend.mapping.service.text)."
        let call = text.hasPrefix(service) ? text.dropFirst(service.count) : text[...]
        let method = String(call.prefix { $0 != " " })
        let rest = call.dropFirst(method.count).drop { $0 == " " }
        let isMethod = !method.isEmpty && method.utf8.allSatisfy { $0 >= 0x41 && $0 <= 0x5A }
        guard isMethod, rest.hasPrefix("/") else {
            file.report(
                .error, "wrong-value", node, "`\(text)` is no call of an http backend",
                expected: "METHOD /path, such as GET /items/${path.id}")
            return nil
        }
        guard let split = TextCompiler.split(node, text, file),
            let whole = TextCompiler.interpolation(split, node, scope)
        else { return nil }
        var pieces = whole.pieces
        guard case .text(let first) = pieces.first else { return nil }
        let start = text.utf8.count - rest.utf8.count
        pieces[0] = .text(load.arena.text(String(first.string.utf8.dropFirst(start)) ?? "/"))
        guard checkPath(pieces, node) else { return nil }
        return HTTPCall(
            upstream: backend.upstream, method: load.arena.text(method),
            path: Interpolation(pieces: pieces), prefix: load.arena.text(prefix),
            headers: headers)
    }

    /// What stands between the values must be a path and a query as they are sent.
    private func checkPath(
        _ pieces: ContiguousArray<Interpolation.Piece>, _ node: YAMLNode
    ) -> Bool {
        for case .text(let text) in pieces {
            let isURL = text.bytes.allSatisfy {
                $0 > 0x20 && $0 < 0x7F && !"\"<>\\^`{|}#".utf8.contains($0)
            }
            guard isURL else {
                file.report(
                    .error, "wrong-value", node, "the path holds what a URL can not hold",
                    expected: "percent-encoded text between the `${…}`")
                return false
            }
        }
        return true
    }
}
