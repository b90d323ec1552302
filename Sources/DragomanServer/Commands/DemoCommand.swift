// SPDX-License-Identifier: Apache-2.0
// `dragoman demo`: the sample shop in one process, and curl lines that show what it does.

internal import DragomanMapping

package struct DemoCommand: Sendable {
    package init() {}

    package func run() async -> Int32 {
        let signals = SignalQueue()
        do {
            let backends = try await DemoBackends.start()
            let upstreams = backends.urls.compactMapValues { UpstreamURL($0) }
            let load = GatewayLoader.load(files: DemoFiles.all, upstreams: upstreams)
            guard let plan = load.plan else {
                Console.error(DiagnosticReport(load).text())
                return ExitCode.input
            }
            let options = ServerOptions {
                GatewayLoader.load(
                    files: DemoFiles.all, upstreams: upstreams, describes: true
                ).plan?.openAPI
            }
            let server = try await start(plan, options)
            server.announce()
            guide(port: server.listeners.first?.port ?? 8080)
            await signals.drain(server)
            await backends.stop()
            return ExitCode.fine
        } catch {
            Console.error("error: \(error)")
            return ExitCode.input
        }
    }

    /// On the sample's own ports, or where those are taken on free ones.
    private func start(
        _ plan: GatewayPlan, _ options: ServerOptions
    ) async throws -> GatewayServer {
        do {
            return try await GatewayServer.start(plan, options)
        } catch is StartError {
            var configuration = plan.configuration
            configuration.listeners = [ListenerSettings(.host("127.0.0.1", port: 0))]
            configuration.admin = AdminSettings(
                listener: ListenerSettings(.host("127.0.0.1", port: 0)))
            return try await GatewayServer.start(plan.replacing(configuration), options)
        }
    }

    private func guide(port: Int) {
        let url = "http://127.0.0.1:\(port)"
        Console.line("\nThe sample shop is open at \(url). Try, in another terminal:")
        for example in DemoExample.all {
            Console.line("\n\(example.title)")
            Console.line("curl -s --max-time 5 \(example.arguments(url))")
            Console.line("    → \(example.status) \(example.answer)")
        }
        Console.line("\nCtrl-C closes the shop.")
    }
}
