// SPDX-License-Identifier: Apache-2.0
// What `call` names: an operation of the mapping's own contract, or of another mapping's.

internal import DragomanDocument

/// Finds the operation of a route.
struct OperationResolver {
    let load: LoadContext
    let mapping: MappingFile
    let backend: MappedBackend

    /// The backend that is called and its operation; nil where there is none, which is reported.
    func resolve(_ route: MappingRoute) -> (MappedBackend, OperationContract)? {
        let file = backend.source
        if case .http(let path) = backend.contract {
            if let call = route.call, let other = elsewhere(call.text) {
                return resolve(other.name, call, in: other.backend, written: route)
            }
            return (backend, http(route, path))
        }
        if case .xml(let contract) = backend.contract, route.call == nil, contract.needsNoCall {
            return (backend, contract.bare("\(route.method) \(route.template.text)"))
        }
        guard let call = route.call else {
            if MappingShapes.route.isMisspelt("call", in: route.node.pairs ?? []) { return nil }
            file.report(
                .error, "missing-key", route.key, "the route has no `call`",
                expected: "`call`: one of "
                    + NameList.listed(names(backend)))
            return nil
        }
        if let found = operation(call.text, in: backend) { return (backend, found) }
        if let other = elsewhere(call.text) {
            return resolve(other.name, call, in: other.backend, written: route)
        }
        let isOwn = qualified(call.text, names(backend)) != nil
        if !isElsewhereUnread(call.text), isOwn || !reportUnknownService(call) {
            reportUnknown(call, call.text, backend)
        }
        return nil
    }

    /// `service.operation` of a mapping that could not be loaded, for which there are messages
    /// already.
    private func isElsewhereUnread(_ text: String) -> Bool {
        guard !load.isComplete, let dot = text.firstIndex(of: ".") else { return false }
        return load.backends[String(text[..<dot])] == nil
    }

    /// `service.operation` whose service is no mapping's: nearly one, or the text is like nothing
    /// that the route's own contract has. Whether it was said.
    private func reportUnknownService(_ call: LocatedText) -> Bool {
        guard let dot = call.text.firstIndex(of: ".") else { return false }
        let service = String(call.text[..<dot])
        let operation = String(call.text[call.text.index(after: dot)...])
        let services = load.backends.keys.sorted()
        var meant = NearestName.find(service, in: services).map { $0 + call.text[dot...] }
        if meant == nil {
            let isOwn = NearestName.find(call.text, in: names(backend)) != nil
            guard !isOwn, ScalarKind.serviceName.accepts(service), !operation.isEmpty,
                !operation.contains("/")
            else { return false }
            let bearers = services.filter { name in
                load.backends[name].map { names($0).contains(operation) } ?? false
            }
            if bearers.count == 1 { meant = "\(bearers[0]).\(operation)" }
        }
        backend.source.report(
            .error, "unknown-operation", call.node, "no mapping has the service `\(service)`",
            expected: "one of " + NameList.listed(services), suggestion: meant)
        return true
    }

    /// The steps with what they call; nil where one names nothing that there is.
    func resolve(steps: [MappingStep], of route: MappingRoute) -> [ResolvedStep]? {
        guard !steps.isEmpty else {
            backend.source.report(
                .error, "missing-key", route.key, "the route has no steps", expected: "a step")
            return nil
        }
        let resolved = steps.compactMap { step -> ResolvedStep? in
            guard step.node["call"] != nil else { return nil }
            var alone = route
            alone.key = step.name.node
            alone.call = step.call
            guard let (backend, operation) = resolve(alone) else { return nil }
            return ResolvedStep(step: step, backend: backend, operation: operation)
        }
        return resolved.count == steps.count ? resolved : nil
    }

    private func resolve(
        _ name: String, _ call: LocatedText, in other: MappedBackend, written: MappingRoute
    ) -> (MappedBackend, OperationContract)? {
        if let found = operation(name, in: other) { return (other, found) }
        reportUnknown(call, name, other)
        return nil
    }

    /// `service.operation` of another mapping.
    private func elsewhere(_ text: String) -> (backend: MappedBackend, name: String)? {
        guard let dot = text.firstIndex(of: ".") else { return nil }
        guard let other = load.backends[String(text[..<dot])] else { return nil }
        return (other, String(text[text.index(after: dot)...]))
    }

    private func operation(_ name: String, in backend: MappedBackend) -> OperationContract? {
        switch backend.contract {
        case .grpc(let contract): contract.operation(named: name)
        case .soap(let contract): contract.operation(named: name)
        case .xml(let contract): contract.operation(named: name)
        case .http: name.contains(" ") ? OperationContract(name: name, target: .http) : nil
        }
    }

    private func http(_ route: MappingRoute, _ path: String) -> OperationContract {
        let written = route.call?.text ?? "\(route.method) \(route.template.text)"
        return OperationContract(name: written, target: .http)
    }

    private func names(_ backend: MappedBackend) -> [String] {
        switch backend.contract {
        case .grpc(let contract): contract.names
        case .soap(let contract): contract.names
        case .xml(let contract): contract.names
        case .http: []
        }
    }

    private func reportUnknown(_ call: LocatedText, _ name: String, _ backend: MappedBackend) {
        let names = names(backend)
        self.backend.source.report(
            .error, "unknown-operation", call.node, "the contract has no operation `\(name)`",
            expected: NameList.oneOf(names),
            suggestion: qualified(name, names) ?? NearestName.find(name, in: names))
    }

    /// `Service.Method` and `package.Service.Method`, as other tools write them.
    private func qualified(_ name: String, _ names: [String]) -> String? {
        let slashed = name.split(whereSeparator: { $0 == "." || $0 == "/" }).map(String.init)
        guard slashed.count > 1, let method = slashed.last else { return nil }
        let path = slashed.dropLast().joined(separator: ".") + "/" + method
        let found = names.filter { $0 == path || $0.hasSuffix("." + path) }
        return found.count == 1 ? found[0] : nil
    }
}
