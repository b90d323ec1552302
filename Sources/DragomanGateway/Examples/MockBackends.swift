// SPDX-License-Identifier: Apache-2.0
// `serve --mock`: backends that are not there answer as the mappings' examples say. Of a route's
// examples the one is taken that is nearest to the request; the whole translation runs as ever.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

final class MockBackends: CallInterceptor {
    private let loop: any EventLoop
    /// By the place of the route in the plan.
    private var examples: [Int: [RouteExample]] = [:]

    init(loop: any EventLoop) { self.loop = loop }

    func noted(_ mismatches: [String], of exchange: Exchange) {}

    func receiver(
        of request: BackendRequest, _ upstream: Int, _ exchange: Exchange
    ) -> (any BackendReceiver)? {
        let whole = exchange.stepCall?.run.exchange ?? exchange
        guard let route = whole.route else { return nil }
        let known = examples[route.index] ?? route.examples
        examples[route.index] = known
        let backend = exchange.describe(request, isSent: true)
        let example = Self.nearest(known, to: whole, backend, step: exchange.stepCall)
        let life = exchange.lifeNumber
        // As a real answer does, this one comes when the exchange has done all else.
        loop.assumeIsolated().execute {
            guard exchange.lifeNumber == life, exchange.isWaiting else { return }
            Self.answer(exchange, example)
        }
        return nil
    }

    private static func answer(_ exchange: Exchange, _ example: RouteExample?) {
        if let reply = example?.reply(to: exchange.stepCall) {
            _ = exchange.play(ExplainReply(reply))
        } else if exchange.stepCall == nil, let responds = example?.responds {
            var fields = HeaderFields()
            for (key, value) in responds.headers { fields.append(key.text ?? "", value) }
            if responds.body != nil, !fields.contains("content-type") {
                fields.append("content-type", "application/json" as StaticString)
            }
            (responds.body ?? []).withUnsafeBytes {
                exchange.respond(status: responds.status ?? 200, fields: fields, body: $0)
            }
        } else if exchange.stream != nil {
            exchange.backendFailed(
                BackendFailure(
                    .connect, "no example of the route says what the backend answers",
                    mayHaveBeenProcessed: false))
        } else {
            exchange.fail(
                .problem(
                    exchange.upstreamProblem(
                        .noConnection,
                        "No example of the route says what the backend answers (--mock).")))
        }
    }

    // MARK: Choice

    private static func nearest(
        _ examples: [RouteExample], to exchange: Exchange, _ backend: Explanation.Backend,
        step: StepCall?
    ) -> RouteExample? {
        var best: (example: RouteExample, score: Int)?
        for example in examples {
            let answers = example.reply(to: step) != nil
            guard answers || example.responds != nil else { continue }
            var score = answers ? 1 : 0
            if exchange.isRequest(of: example) { score += 4 }
            if exchange.isCall(of: example, backend, step) { score += 8 }
            if score > best?.score ?? -1 { best = (example, score) }
        }
        return best?.example
    }
}

extension RouteExample {
    /// What the backend answers to a call; nil where the example does not say.
    fileprivate func reply(to step: StepCall?) -> Reply? {
        guard let step else { return receives.first { $0.step == nil } }
        return receives.first { $0.step == step.name && $0.item == step.item && step.isOfList }
            ?? receives.first { $0.step == step.name && $0.item == nil }
    }
}

extension Exchange {
    /// Whether the client asks what an example asks.
    fileprivate func isRequest(of example: RouteExample) -> Bool {
        let target = head.withOrigin { String(decoding: $0, as: UTF8.self) }
        guard target == example.target else { return false }
        guard let wanted = example.body else { return body.root == nil }
        guard let sent = body.root, let document = JSONExample.document(wanted) else {
            return false
        }
        return withExtendedLifetime(document) {
            document.root.map {
                JSONDifference.find(expected: $0, actual: sent).isEmpty
            } ?? false
        }
    }

    /// Whether the backend gets what an example sends.
    fileprivate func isCall(
        of example: RouteExample, _ backend: Explanation.Backend, _ step: StepCall?
    ) -> Bool {
        guard let route else { return false }
        return example.sends.contains { wanted in
            guard wanted.step == step?.name, wanted.item == nil || wanted.item == step?.item,
                case .success(let differences) = MessageComparison.compare(
                    wanted.bytes, backend, route.call)
            else { return false }
            return differences.isEmpty
        }
    }
}

extension GatewayWorker {
    /// From now on backends answer from examples.
    package func mockBackends() { interceptor = MockBackends(loop: loop) }
}
