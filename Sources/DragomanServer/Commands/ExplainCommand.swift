// SPDX-License-Identifier: Apache-2.0
// `dragoman explain`: one translation, step by step, as text for people or as JSON.

internal import DragomanDocument
package import DragomanGateway
internal import DragomanMapping
internal import NIOCore
internal import NIOPosix

package struct ExplainCommand: Sendable {
    package var source: GatewaySource
    package var request: ExplainRequest
    package var format = OutputFormat.text

    package init(source: GatewaySource, request: ExplainRequest) {
        self.source = source
        self.request = request
    }

    package func run() async -> Int32 {
        guard let plan = source.plan() else { return ExitCode.input }
        if let problem = unknownStep(plan) {
            Console.error("error: \(problem)")
            return ExitCode.usage
        }
        let explanation: Explanation
        do {
            explanation = try await explain(plan)
        } catch {
            Console.error("error: \(error)")
            return ExitCode.input
        }
        if format == .json {
            Console.line(ExplanationReport(explanation).json)
        } else {
            Console.line(ExplanationText(explanation, colored: Console.isColored).text)
        }
        for call in explanation.calls {
            guard let problem = call.replyProblem else { continue }
            Console.error("error: --reply\(call.step.map { " \($0)" } ?? ""): \(problem)")
            return ExitCode.input
        }
        return explanation.isRefused ? ExitCode.no : ExitCode.fine
    }

    /// What is wrong with `--reply STEP=`: no route has such a step.
    private func unknownStep(_ plan: GatewayPlan) -> String? {
        let names = plan.routes.flatMap { route -> [String] in
            guard case .steps(let steps) = route.kind else { return [] }
            return steps.steps.map(\.name)
        }
        for name in request.replies.compactMap(\.step) where !names.contains(name) {
            let nearest = NearestName.find(name, in: names)
            return "--reply: no route has a step `\(name)`"
                + (nearest.map { "; did you mean `\($0)`?" } ?? "")
        }
        return nil
    }

    /// The request, with an array for a step with `each` as one reply for each of its calls.
    private func byItem(_ plan: GatewayPlan) -> ExplainRequest {
        let lists = plan.routes.flatMap { route -> [String] in
            guard case .steps(let steps) = route.kind else { return [] }
            return steps.steps.filter { $0.each != nil }.map(\.name)
        }
        var request = request
        request.replies = request.replies.flatMap { reply -> [ExplainReply] in
            guard let step = reply.step, lists.contains(step) else { return [reply] }
            return reply.byItem
        }
        return request
    }

    private func explain(_ plan: GatewayPlan) async throws -> Explanation {
        let upstreams = try plan.backendConfigurations()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let request = byItem(plan)
        let result = loop.makePromise(of: Explanation.self)
        loop.execute {
            let explainer = Explainer(loop: loop, plan: plan, upstreams: upstreams)
            explainer.explain(request) { explanation in
                result.succeed(explanation)
                explainer.close()
            }
        }
        let explanation = try await result.futureResult.get()
        try? await group.shutdownGracefully()
        return explanation
    }
}
