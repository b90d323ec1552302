// SPDX-License-Identifier: Apache-2.0
// Reads gateway.yaml. Everything that is wrong is reported; what comes back then holds defaults in
// the place of what was wrong, so that mapping files can be checked as well.

package struct GatewayReader {
    let file: String
    private let externals: ExternalValues
    let collector: DiagnosticCollector

    /// Reads the file at `path`, named `name` in messages. `environment`: what a variable holds.
    package static func load(
        path: String, name: String? = nil, environment: @escaping (String) -> String?,
        into collector: DiagnosticCollector
    ) -> GatewayConfiguration {
        let shown = name ?? path
        switch FileAccess.read(path) {
        case .failure(let error):
            collector.report(
                Diagnostic(
                    code: "missing-file", file: shown,
                    message: "the configuration cannot be read: \(error.message)"))
            return .unread
        case .success(let bytes):
            return read(
                SourceText(path: shown, bytes: bytes), directory: FileAccess.directory(of: path),
                environment: environment, into: collector)
        }
    }

    /// Reads the text of a file that lies in `directory`.
    package static func read(
        _ source: SourceText, directory: String, environment: @escaping (String) -> String?,
        into collector: DiagnosticCollector
    ) -> GatewayConfiguration {
        guard let root = YAMLReader.read(source, into: collector) else {
            collector.conceal(valuesOf: ["password", "token"], in: source.path)
            return .unread
        }
        let reader = GatewayReader(
            file: source.path,
            externals: ExternalValues(directory: directory, environment: environment),
            collector: collector)
        return reader.configuration(root)
    }

    private func configuration(_ root: YAMLNode) -> GatewayConfiguration {
        let checker = ShapeChecker(file: file, collector: collector, externals: externals)
        let node = checker.check(root, .object(GatewayShapes.gateway), name: "gateway.yaml")
        let checked = CheckedNode(node: node)
        var configuration = GatewayConfiguration()
        configuration.file = file
        if let listen = node["listen"] { configuration.listeners = listeners(listen) }
        if let admin = node["admin"] { configuration.admin = adminSettings(admin) }
        configuration.trustedProxies = (checked["trusted_proxies"].texts ?? [])
            .compactMap { AddressRange($0) }
        configuration.upstreams = (node["upstreams"]?.pairs ?? []).compactMap(upstream)
        let keys = ["upstreams", "policies"]
        configuration.isUnread = keys.contains { name in
            node[name] == nil && GatewayShapes.gateway.isMisspelt(name, in: node.pairs ?? [])
        }
        configuration.limits = GatewayLimits(checked["limits"])
        configuration.exposeErrors = checked["expose_errors"].boolean ?? true
        configuration.drain.wait = checked["drain"]["wait"].duration ?? .zero
        configuration.drain.limit = checked["drain"]["limit"].duration ?? .seconds(30)
        for pair in node["policies"]?.pairs ?? [] {
            configuration.policies[pair.name] = PolicyReader.read(pair.value, file, collector)
        }
        configuration.defaults = PolicyReader.read(node["defaults"], file, collector)
        configuration.checkUse(configuration.defaults, file: file, into: collector)
        configuration.openAPIPath = checked["openapi"].text
        return configuration
    }

    // MARK: - Listeners

    private func listeners(_ node: YAMLNode) -> [ListenerSettings] {
        let nodes = node.items ?? [node]
        if nodes.isEmpty {
            collector.error(
                "wrong-value", file, node, "`listen` is an empty list",
                expected: "at least one address")
        }
        return nodes.compactMap(listener)
    }

    private func listener(_ node: YAMLNode) -> ListenerSettings? {
        let text = node.text ?? node["address"]?.text
        guard let address = text.flatMap({ ListenAddress($0) }) else { return nil }
        return ListenerSettings(address, tls: node["tls"].flatMap(listenerTLS))
    }

    private func listenerTLS(_ node: YAMLNode) -> ListenerTLS? {
        let certificate = path(node["certificate"])
        let key = path(node["key"])
        let clientCA = path(node["client_ca"])
        guard let certificate, let key else { return nil }
        return ListenerTLS(certificate: certificate, key: key, clientCA: clientCA)
    }

    private func adminSettings(_ node: YAMLNode) -> AdminSettings? {
        guard let listener = listener(node) else { return nil }
        let token = node["token"]?.text
        if let token, token.isEmpty, let place = node["token"] {
            collector.error(
                "wrong-value", file, place, "`token` is empty", expected: "a secret")
        }
        if !listener.address.isLoopback, token == nil {
            collector.error(
                "admin-token", file, node["address"] ?? node,
                "the admin listener can be reached from other machines and has no token",
                expected: "`admin: { address, token }`, or an address of this machine alone",
                suggestion: "admin: { address: \(node["address"]?.text ?? node.text ?? ""), "
                    + "token: { env: ADMIN_TOKEN } }")
        }
        return AdminSettings(listener: listener, token: token)
    }

    /// A file as it can be opened; it must be there.
    func path(_ node: YAMLNode?) -> String? {
        guard let node, let text = node.text, !text.isEmpty else { return nil }
        let path = FileAccess.join(externals.directory, text)
        if !FileAccess.exists(path) {
            // What is named from outside may be the secret itself, by mistake.
            let name = node.style == .external ? "of the name that was found there" : "`\(text)`"
            collector.error("missing-file", file, node, "there is no file \(name)")
        }
        return path
    }

    // MARK: - Upstreams

    private func upstream(_ pair: YAMLNode.Pair) -> UpstreamSettings? {
        let node = pair.value
        NotYetSupported.check(node, NotYetSupported.upstreamKeys, file, collector)
        guard let location = location(node) else {
            return collector.hasErrors ? .placeholder(pair.name, pair.key) : nil
        }
        let checked = CheckedNode(node: node)
        var upstream = UpstreamSettings(name: pair.name, location: location, node: pair.key)
        upstream.version = checked["protocol"].text.flatMap(UpstreamSettings.Version.init)
        upstream.tls = node["tls"].flatMap { upstreamTLS($0, location) }
        upstream.timeout = checked["timeout"].duration
        upstream.retry = PolicyReader.retry(checked["retry"])
        upstream.balance =
            checked["balance"].text.flatMap(UpstreamSettings.Balance.init) ?? .leastRequest
        if let breaker = node["breaker"] {
            upstream.breaker = breakerSettings(CheckedNode(node: breaker))
        }
        upstream.health = node["health"].flatMap(healthSettings)
        upstream.credentials = node["credentials"].flatMap(credentials)
        upstream.headers = headers(node["headers"])
        let places = [node["url"]].compactMap(\.self) + (node["endpoints"]?.items ?? [])
        upstream.isLocationExternal = places.contains { $0.style == .external }
        upstream.security = node["security"].flatMap(security)
        upstream.compression =
            checked["compression"].text.flatMap(UpstreamSettings.Compression.init)
        return upstream
    }

    private func headers(_ node: YAMLNode?) -> [(name: String, value: String)] {
        (node?.pairs ?? []).compactMap { pair in
            pair.value.text.map { (pair.name.lowercased(), $0) }
        }
    }

    private func location(_ node: YAMLNode) -> UpstreamSettings.Location? {
        if let url = node["url"]?.text.flatMap({ UpstreamURL($0) }) { return .urls([url]) }
        if let endpoints = node["endpoints"] { return endpointsLocation(endpoints) }
        if let text = node["dns"]?.text, let (host, port) = HostPort.split(text), let port {
            return .dns(host: host, port: port)
        }
        if let name = node["srv"]?.text { return .srv(name) }
        return path(node["file"]).map { .file($0) }
    }

    private func endpointsLocation(_ node: YAMLNode) -> UpstreamSettings.Location? {
        let places = (node.items ?? []).compactMap { item in
            item.text.flatMap { UpstreamURL($0) }.map { (item, $0) }
        }
        guard let first = places.first else {
            if node.items?.isEmpty == true {
                collector.error(
                    "wrong-value", file, node, "`endpoints` is an empty list",
                    expected: "at least one URL")
            }
            return nil
        }
        for (item, url) in places.dropFirst()
        where url.isSecure != first.1.isSecure || url.path != first.1.path {
            collector.error(
                "wrong-value", file, item, "the endpoints differ in scheme or path",
                expected: "URLs that differ in host and port alone")
        }
        return .urls(places.map(\.1))
    }

    private func upstreamTLS(
        _ node: YAMLNode, _ location: UpstreamSettings.Location
    ) -> UpstreamTLS {
        if case .urls(let urls) = location, urls.allSatisfy({ !$0.isSecure }) {
            collector.error(
                "tls-without-https", file, node, "`tls` says nothing of an upstream without TLS",
                expected: "a URL that begins with https://")
        }
        let tls = UpstreamTLS(
            ca: path(node["ca"]), certificate: path(node["certificate"]), key: path(node["key"]),
            serverName: node["server_name"]?.text)
        if (tls.certificate == nil) != (tls.key == nil) {
            collector.error(
                "missing-key", file, node, "`certificate` and `key` belong together",
                expected: "both, or neither")
        }
        return tls
    }

    private func breakerSettings(_ node: CheckedNode) -> BreakerSettings {
        var breaker = BreakerSettings()
        breaker.failureRatio = node["failure_ratio"].ratio ?? breaker.failureRatio
        breaker.minimum = node["minimum"].integer ?? breaker.minimum
        breaker.window = node["window"].duration ?? breaker.window
        breaker.open = node["open"].duration ?? breaker.open
        return breaker
    }

    private func healthSettings(_ node: YAMLNode) -> HealthSettings? {
        guard node.pairs != nil else { return nil }
        let checked = CheckedNode(node: node)
        var health = HealthSettings(probe: .connect)
        if let path = checked["path"].text { health.probe = .http(path: path) }
        if let grpc = node["grpc"], checked["grpc"].boolean != false {
            let service = checked["grpc"].boolean == true ? "" : grpc.text ?? ""
            health.probe = .grpc(service: service)
            if let path = node.pair("path") {
                collector.error(
                    "too-many-keys", file, path.key, "`health` has `grpc` and `path`",
                    expected: "one of them")
            }
        }
        health.interval = checked["interval"].duration ?? health.interval
        health.timeout = checked["timeout"].duration ?? health.timeout
        health.healthy = checked["healthy"].integer ?? health.healthy
        health.unhealthy = checked["unhealthy"].integer ?? health.unhealthy
        return health
    }
}
