// SPDX-License-Identifier: Apache-2.0
// A gateway directory, loaded: configuration, mappings and contracts become one plan, and
// everything that is wrong with them a list.

internal import DragomanDocument
internal import DragomanXML

package enum GatewayLoader {
    /// Loads the directory that a configuration file lies in.
    ///
    /// - Parameters:
    ///   - configurationFile: as it can be opened.
    ///   - name: as diagnostics name it; nil for the same.
    ///   - upstreams: `--upstream NAME=URL`: where named upstreams are instead.
    ///   - describes: what templates make is worked out too, for the OpenAPI document.
    ///   - environment: what a variable holds.
    /// - Returns: the plan, and everything that is wrong.
    package static func load(
        configurationFile: String, name: String? = nil, upstreams: [String: UpstreamURL] = [:],
        describes: Bool = false, environment: @escaping (String) -> String? = { _ in nil }
    ) -> GatewayLoad {
        let collector = DiagnosticCollector()
        let directory = FileAccess.directory(of: configurationFile)
        let configuration = GatewayReader.load(
            path: configurationFile, name: name, environment: environment,
            into: collector)
        let (mappings, files, isComplete) = MappingLoader.load(
            directory: directory, into: collector)
        let load = LoadContext(
            configuration: configuration, files: files, overrides: upstreams,
            collector: collector)
        load.isComplete = isComplete
        load.describes = describes || configuration.openAPIPath != nil
        var compiler = DirectoryCompiler(load: load)
        return compiler.compile(mappings)
    }
}

/// Compiles the mappings of one directory.
struct DirectoryCompiler {
    let load: LoadContext
    private var parts: [RouteParts] = []

    init(load: LoadContext) { self.load = load }

    mutating func compile(_ mappings: [MappingFile]) -> GatewayLoad {
        let backends = mappings.map(backend)
        if backends.contains(where: { $0 == nil }) { load.isComplete = false }
        for backend in backends {
            if let backend { load.backends[backend.mapping.service.text] = backend }
        }
        for (mapping, backend) in zip(mappings, backends) {
            guard let backend else { continue }
            load.configuration.checkUse(
                mapping.policy, file: mapping.path, into: load.collector)
            routes(of: mapping, backend)
        }
        load.upstreams.checkOverrides()
        if !load.collector.hasErrors, !mappings.isEmpty { load.upstreams.checkUnused() }
        return finish()
    }

    /// Contract and upstream of a mapping; nil where something is wrong with them.
    private func backend(_ mapping: MappingFile) -> MappedBackend? {
        let source =
            load.collector.source(mapping.path) ?? SourceText(path: mapping.path, text: "")
        let file = MappingSource(source: source, collector: load.collector)
        file.contract = mapping.backend.contractNode.map {
            file.related($0, "the contract is named here")
        }
        NamingDiagnostics.checkOptions(mapping, file)
        NamingDiagnostics.noteTypes(mapping, file)
        file.uncertainNames = NamingDiagnostics.uncertain(mapping)
        let contract: BackendContract
        var address: String?
        switch mapping.backend.kind {
        case .grpc(let backend):
            guard let made = load.contracts.grpc(backend, mapping, file) else { return nil }
            contract = .grpc(made)
        case .soap(let backend):
            guard let made = load.contracts.soap(backend, mapping, file) else { return nil }
            contract = .soap(made)
            address = made.contract.address
        case .http(let path): contract = .http(path: path?.text ?? "")
        case .xml(let backend):
            guard let made = load.contracts.xml(backend, mapping, file) else { return nil }
            contract = .xml(made)
            address = made.contract?.address
        }
        guard let settings = load.upstreams.settings(of: mapping, address: address) else {
            return nil
        }
        return MappedBackend(
            mapping: mapping, source: file, contract: contract, settings: settings,
            upstream: load.upstreams.index(settings, for: mapping.backend.kind))
    }

    private mutating func routes(of mapping: MappingFile, _ backend: MappedBackend) {
        let resolver = OperationResolver(load: load, mapping: mapping, backend: backend)
        guard let routes = mapping.routes else {
            return derived(mapping, backend, resolver, except: [])
        }
        for route in routes {
            compile(route, mapping, backend, resolver)
        }
        backend.source.slips.report(
            tables: mapping.tables.map { .init(name: $0.0.text, node: $0.0.node) },
            into: backend.source, isRight: !load.collector.hasErrors)
        if mapping.keepsAnnotated { derived(mapping, backend, resolver, except: routes) }
    }

    private mutating func compile(
        _ route: MappingRoute, _ mapping: MappingFile, _ backend: MappedBackend,
        _ resolver: OperationResolver
    ) {
        if let steps = route.steps {
            guard let resolved = resolver.resolve(steps: steps, of: route) else { return }
            silence(backend.source, resolved.map(\.backend))
            defer { backend.source.silenced = .none }
            let several = OperationContract(
                name: "", target: .steps(resolved.map(\.operation)))
            var compiler = RouteCompiler(
                route, mapping: mapping, file: backend.source, backend: backend,
                operation: several, load: load)
            if let made = compiler.compile(resolved) { parts.append(made) }
            return
        }
        guard let (target, operation) = resolver.resolve(route) else { return }
        silence(backend.source, [target])
        defer { backend.source.silenced = .none }
        let compiler = RouteCompiler(
            route, mapping: mapping, file: backend.source, backend: target,
            operation: operation, load: load)
        if let made = compiler.compile() { parts.append(made) }
    }

    /// Where the names of a contract are not known, nothing is said of names.
    private func silence(_ file: MappingSource, _ backends: [MappedBackend]) {
        file.silenced = backends.reduce(.none) { $0.union($1.source.uncertainNames) }
    }

    /// The contract's own routes, but for those that have an explicit twin.
    private mutating func derived(
        _ mapping: MappingFile, _ backend: MappedBackend, _ resolver: OperationResolver,
        except explicit: [MappingRoute]
    ) {
        let node = mapping.backend.node
        func hasTwin(_ method: String, _ template: PathTemplate) -> Bool {
            explicit.contains {
                $0.method == method && $0.conditions.isEmpty
                    && $0.template.segments == template.segments
                    && $0.template.verb == template.verb
            }
        }
        switch backend.contract {
        case .http:
            backend.source.report(
                .error, "missing-key", node, "an http backend has no routes of its own",
                expected: "`routes`")
        case .xml(let xml) where xml.contract == nil:
            backend.source.report(
                .error, "missing-key", node,
                "an xml backend without a contract has no routes of its own",
                expected: "`routes`")
        case .xml(let xml):
            for route in xml.derivedRoutes(mapping, at: node)
            where !hasTwin(route.method, route.template) {
                compile(route, mapping, backend, resolver)
            }
        case .soap(let soap):
            for route in soap.derivedRoutes(mapping, at: node)
            where !hasTwin(route.method, route.template) {
                compile(route, mapping, backend, resolver)
            }
        case .grpc(let grpc):
            let compiler = AnnotatedRoutes(
                load: load, mapping: mapping, backend: backend, contract: grpc)
            for made in compiler.compile() where !hasTwin(made.method, made.template) {
                parts.append(made)
            }
        }
    }

    private func finish() -> GatewayLoad {
        let table = RouteTable(parts.map(\.entry))
        MappingLoader.report(table.conflicts, into: load.collector) { index in
            (parts[index].texts.file, parts[index].keyNode)
        }
        let collector = load.collector
        load.library.seal()
        var plan: GatewayPlan?
        if !collector.hasErrors {
            plan = GatewayPlan(
                configuration: load.configuration,
                routes: parts.enumerated().map { RoutePlan($0.element, index: $0.offset) },
                table: table, upstreams: load.upstreams.plans,
                schemas: load.library.publishedDocuments)
        }
        let diagnostics = collector.sorted
        var sources: [String: SourceText] = [:]
        for diagnostic in diagnostics {
            for file in [diagnostic.file] + diagnostic.related.map(\.file)
            where sources[file] == nil {
                sources[file] = collector.source(file)
            }
        }
        for part in parts where part.texts.node?["examples"] != nil {
            sources[part.texts.file] = collector.source(part.texts.file)
        }
        return GatewayLoad(
            plan: plan, diagnostics: diagnostics, sources: sources,
            omittedCount: collector.omittedCount)
    }
}
