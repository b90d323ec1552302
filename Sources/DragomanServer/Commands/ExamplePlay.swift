// SPDX-License-Identifier: Apache-2.0
// Runs examples of mapping files one after another: what `dragoman test` reports on and what
// `dragoman check` warns of.

internal import DragomanGateway
internal import DragomanMapping
internal import NIOCore
internal import NIOPosix

struct ExamplePlay {
    let plan: GatewayPlan
    /// The real backends are called.
    var sends = false

    /// Throws where upstreams can not be set up, as `serve` would not start.
    func run(_ examples: [(RoutePlan, RouteExample)]) async throws -> [ExampleOutcome] {
        let upstreams = try plan.backendConfigurations()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let sends = sends
        let explainer = try await loop.submit {
            NIOLoopBound(
                Explainer(loop: loop, plan: plan, upstreams: upstreams), eventLoop: loop)
        }.get()
        var outcomes: [ExampleOutcome] = []
        for (route, example) in examples {
            let result = loop.makePromise(of: ExampleOutcome.self)
            loop.execute {
                explainer.value.run(example, of: route, sends: sends) { result.succeed($0) }
            }
            outcomes.append(try await result.futureResult.get())
        }
        try await loop.submit { explainer.value.close() }.get()
        try? await group.shutdownGracefully()
        return outcomes
    }
}
