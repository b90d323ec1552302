// SPDX-License-Identifier: Apache-2.0
// Which upstream each mapping calls: the one it names, else the one of its service's name, else
// (SOAP) an implicit one at the contract's own address (PRODUCT.md, Protocols).

internal import DragomanDocument

/// Finds upstreams for mappings, and hands out their places in the plan.
final class UpstreamTable {
    private(set) var plans: [UpstreamPlan] = []
    private let configuration: GatewayConfiguration
    private var overrides: [String: UpstreamURL]
    private var used: Set<String> = []
    private var indexes: [String: Int] = [:]
    private let collector: DiagnosticCollector

    init(
        configuration: GatewayConfiguration, overrides: [String: UpstreamURL],
        collector: DiagnosticCollector
    ) {
        self.configuration = configuration
        self.overrides = overrides
        self.collector = collector
        used = Set(configuration.upstreams.map(\.name))
    }

    /// The upstream of a mapping; nil where there is none, which has been reported. `address` is
    /// the contract's own, for SOAP and XML.
    func settings(of mapping: MappingFile, address: String?) -> UpstreamSettings? {
        let names = configuration.upstreams.map(\.name)
        if configuration.isUnread { return .placeholder(mapping.service.text) }
        if let named = mapping.upstream {
            if let settings = configuration.upstream(named.text) {
                return usable(settings, mapping, named.node)
            }
            collector.error(
                "unknown-upstream", mapping.path, named.node,
                "gateway.yaml has no upstream `\(named.text)`",
                expected: names.isEmpty
                    ? "an upstream in gateway.yaml"
                    : "one of " + NameList.listed(names),
                suggestion: NearestName.find(named.text, in: names))
            return nil
        }
        let service = mapping.service.text
        if let settings = configuration.upstream(service) {
            return usable(settings, mapping, mapping.backend.node)
        }
        if mapping.backend.isXML {
            checkName(service, mapping)
            used.insert(service)
            if let moved = overrides[service] {
                return UpstreamSettings(name: service, url: moved)
            }
            if let address, var url = UpstreamURL(UpstreamTable.withoutQuery(address)) {
                // The contract's own path and query are kept.
                url.path = nil
                return UpstreamSettings(name: service, url: url)
            }
        }
        collector.error(
            "unknown-upstream", mapping.path, mapping.service.node,
            "`\(service)` has no upstream: gateway.yaml has none of that name",
            expected: "`upstream: NAME` beside the contract, or an upstream `\(service)`",
            suggestion: NearestName.find(service, in: names))
        return nil
    }

    /// A WSDL has an address of its own, which may hide that gateway.yaml's was meant.
    private func checkName(_ service: String, _ mapping: MappingFile) {
        let names = configuration.upstreams.map(\.name)
        guard overrides[service] == nil, let near = NearestName.find(service, in: names) else {
            return
        }
        collector.warning(
            "unknown-upstream", mapping.path, mapping.service.node,
            "gateway.yaml has no upstream `\(service)`: the contract's own address is called",
            expected: "`upstream: \(near)` beside the contract, if that is meant",
            suggestion: near)
    }

    /// Where it is, if the mapping's backend can be called there.
    private func usable(
        _ settings: UpstreamSettings, _ mapping: MappingFile, _ node: YAMLNode
    ) -> UpstreamSettings? {
        guard speaks(settings, mapping, node) else { return nil }
        let settings = moved(settings)
        return isPrefix(settings, mapping, node) ? settings : nil
    }

    /// Where the address is put before paths, it can have no query.
    private func isPrefix(
        _ settings: UpstreamSettings, _ mapping: MappingFile, _ node: YAMLNode
    ) -> Bool {
        switch mapping.backend.kind {
        case .soap: return true
        case .xml(let xml) where xml.path == nil: return true
        case .xml, .grpc, .http: break
        }
        guard settings.path?.contains("?") == true else { return true }
        collector.error(
            "wrong-upstream", mapping.path, node,
            "the address of the upstream `\(settings.name)` has a query, and paths are put behind "
                + "it",
            expected: "an address without a query; a key may stand in `headers` of the upstream, "
                + "or in the query of a route's `call`")
        return false
    }

    /// gRPC is HTTP/2 and nothing else.
    private func speaks(
        _ settings: UpstreamSettings, _ mapping: MappingFile, _ node: YAMLNode
    ) -> Bool {
        guard case .grpc = mapping.backend.kind, settings.version == .http1 else { return true }
        collector.error(
            "wrong-protocol", mapping.path, node,
            "gRPC goes over HTTP/2, and gateway.yaml has the upstream `\(settings.name)` speak "
                + "HTTP/1.1", expected: "an upstream without `protocol: http1`")
        return false
    }

    /// A contract's address may have a query, which no endpoint has; the path keeps it.
    static func withoutQuery(_ address: String) -> String {
        String(address.prefix { $0 != "?" && $0 != "#" })
    }

    private func moved(_ settings: UpstreamSettings) -> UpstreamSettings {
        guard let url = overrides[settings.name] else { return settings }
        var settings = settings
        settings.move(to: url)
        return settings
    }

    /// The place of an upstream in the plan.
    func index(_ settings: UpstreamSettings, for kind: MappingBackend.Kind) -> Int {
        let version: UpstreamSettings.Version
        var allowsHTTP1 = false
        switch kind {
        case .soap, .xml: version = settings.version ?? .http1
        case .grpc: version = settings.version ?? .http2
        case .http:
            version = settings.version ?? .http2
            allowsHTTP1 = settings.version == nil
        }
        let key = "\(settings.name)\n\(version.rawValue)\n\(allowsHTTP1)"
        if let known = indexes[key] { return known }
        let index = plans.count
        indexes[key] = index
        plans.append(
            UpstreamPlan(
                index: index, name: settings.name, settings: settings, version: version,
                allowsHTTP1: allowsHTTP1,
                isImplicit: configuration.upstream(settings.name) == nil))
        return index
    }

    /// Warns of upstreams of gateway.yaml that no mapping calls, where a mapping calls its
    /// contract's own address: one was most likely meant for the other. Call when all is right.
    func checkUnused() {
        let called = Set(plans.map(\.name))
        guard let stray = plans.first(where: { $0.isImplicit && overrides[$0.name] == nil }) else {
            return
        }
        for upstream in configuration.upstreams where !called.contains(upstream.name) {
            collector.warning(
                "unused-upstream", configuration.file, upstream.node,
                "no mapping calls the upstream `\(upstream.name)`, and `\(stray.name)` calls its "
                    + "contract's own address",
                expected: "`upstream: \(upstream.name)` beside the contract, if that is meant")
        }
    }

    /// Reports overrides that move nothing; call when all mappings have been looked at.
    func checkOverrides() {
        if configuration.isUnread { return }
        for name in overrides.keys.sorted() where !used.contains(name) {
            collector.report(
                Diagnostic(
                    code: "unknown-upstream", file: "--upstream",
                    message: "there is no upstream `\(name)` to move",
                    expected: used.isEmpty
                        ? nil : "one of " + used.sorted().joined(separator: ", "),
                    suggestion: NearestName.find(name, in: used.sorted())))
        }
    }
}

extension UpstreamSettings {
    /// The path of its URLs; nil where they have none, or there is no URL.
    var path: String? {
        guard case .urls(let urls) = location else { return nil }
        return urls.first?.path
    }

    /// `path` as a prefix: without the slash at its end.
    var prefix: String {
        guard let path else { return "" }
        return path.hasSuffix("/") ? String(path.dropLast()) : path
    }

    /// The URL of a path of its first endpoint.
    func address(_ path: String) -> String {
        guard case .urls(let urls) = location, let url = urls.first else { return path }
        return url.origin + path
    }
}
