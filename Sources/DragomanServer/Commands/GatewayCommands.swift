// SPDX-License-Identifier: Apache-2.0
// The commands that load a gateway directory: serve, check, routes.

internal import DragomanDocument
internal import DragomanGateway
package import DragomanMapping

/// Where the directory is, and what the command line puts in its place.
package struct GatewaySource: Sendable {
    package var configuration: String
    package var upstreams: [String: UpstreamURL]

    package init(configuration: String, upstreams: [String: UpstreamURL] = [:]) {
        self.configuration = configuration
        self.upstreams = upstreams
    }

    func load(describes: Bool = false) -> GatewayLoad {
        GatewayLoader.load(
            configurationFile: configuration, upstreams: upstreams, describes: describes,
            environment: Platform.environment)
    }

    /// The plan; where there is none, what is wrong has been said on standard error.
    func plan(describes: Bool = false) -> GatewayPlan? {
        let load = load(describes: describes)
        let report = DiagnosticReport(load)
        if !load.diagnostics.isEmpty { Console.error(report.text()) }
        return load.plan
    }
}

package struct ServeCommand: Sendable {
    package var source: GatewaySource
    package var listen: ListenAddress?
    package var admin: AdminOverride?
    package var workers: Int?
    /// `--mock`
    package var mocks = false

    /// `--admin ADDR|false`.
    package enum AdminOverride: Sendable {
        case off
        case address(ListenAddress)
    }

    package init(source: GatewaySource) { self.source = source }

    /// Serves until a signal ends it.
    package func run() async -> Int32 {
        guard let loaded = source.plan() else { return ExitCode.input }
        var configuration = loaded.configuration
        if let listen { configuration.listeners = [ListenerSettings(listen)] }
        switch admin {
        case .off: configuration.admin = nil
        case .address(let address):
            if !address.isLoopback, configuration.admin?.token == nil {
                Console.error(
                    "error: --admin \(address.text) is not loopback and needs a token; "
                        + "set `admin: { address, token }` in gateway.yaml")
                return ExitCode.input
            }
            configuration.admin = AdminSettings(
                listener: ListenerSettings(address), token: configuration.admin?.token)
        case nil: break
        }
        let plan = loaded.replacing(configuration)
        let signals = SignalQueue()
        do {
            let server = try await GatewayServer.start(
                plan,
                ServerOptions(workers: workers, mocks: mocks) { [source] in
                    source.load(describes: true).plan?.openAPI
                })
            server.announce()
            await signals.drain(server)
            return ExitCode.fine
        } catch {
            Console.error("error: \(error)")
            return ExitCode.input
        }
    }
}

extension GatewayServer {
    /// The first line of the log, once requests are taken.
    func announce() {
        if let admin {
            Log.info(
                "listening",
                ["listen": .list(listeners.map(\.url)), "admin": .text(admin.url)])
        } else {
            Log.info("listening", ["listen": .list(listeners.map(\.url)), "admin": .flag(false)])
        }
    }
}

package struct RoutesCommand: Sendable {
    package var source: GatewaySource
    package var format = OutputFormat.text

    package init(source: GatewaySource) { self.source = source }

    package func run() -> Int32 {
        guard let plan = source.plan() else { return ExitCode.input }
        if format == .json {
            Console.line(json(plan.routes))
        } else {
            for line in table(plan.routes) { Console.line(line) }
        }
        return ExitCode.fine
    }

    private func table(_ routes: [RoutePlan]) -> [String] {
        let rows = routes.map { route in
            [
                route.method,
                (route.hosts.first.map { "//" + $0 } ?? "") + route.template.text,
                route.service, route.operation, route.texts.policies.joined(separator: ","),
            ]
        }
        let widths = (0..<4).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            var line = ""
            for column in 0..<4 {
                let space = widths[column] - row[column].count + 2
                line += row[column] + String(repeating: " ", count: space)
            }
            line += row[4]
            while line.hasSuffix(" ") { line.removeLast() }
            return line
        }
    }

    private func json(_ routes: [RoutePlan]) -> String {
        let document = Document()
        document.beginArray()
        for route in routes {
            for host in route.hosts.isEmpty ? [nil] : route.hosts.map(Optional.some) {
                append(route, host, to: document)
            }
        }
        document.endArray()
        return document.root?.indentedJSON ?? "[]"
    }

    private func append(_ route: RoutePlan, _ host: String?, to document: Document) {
        document.beginObject()
        func member(_ name: String, _ value: String) {
            document.key(name)
            document.append(string: value)
        }
        member("method", route.method)
        member("path", route.template.text)
        if let host { member("host", host) }
        member("service", route.service)
        if route.operation.isEmpty {
            document.key("operation")
            document.appendNull()
        } else {
            member("operation", route.operation)
        }
        document.key("policies")
        document.beginArray()
        for policy in route.texts.policies { document.append(string: policy) }
        document.endArray()
        document.endObject()
    }
}
