// SPDX-License-Identifier: Apache-2.0
// Runs an example through the very exchange that serves requests, with a backend that is not
// there, and says where what came differs from what is written (MAPPING.md, Examples are tests).

internal import DragomanDocument
package import DragomanMapping

/// One example and how it went.
package struct ExampleOutcome: Sendable {
    package let route: RoutePlan
    package let example: RouteExample
    package var differences: [ExampleDifference]
    package var explanation: Explanation
}

extension Explainer {
    /// `sends`: the real backend is called, whatever the example says that it answers. `done` is
    /// called on the loop, once.
    package func run(
        _ example: RouteExample, of route: RoutePlan, sends: Bool = false,
        done: @escaping (ExampleOutcome) -> Void
    ) {
        var request = ExplainRequest(method: route.method, target: example.target)
        request.headers = example.headers
        request.body = example.body
        request.claims = example.claims
        request.given = example.given
        request.sends = sends
        if !sends { request.replies = example.receives.map(ExplainReply.init) }
        explain(request) { explanation in
            let comparison = ExampleComparison(
                route: route, example: example, explanation: explanation, wasSent: sends)
            done(
                ExampleOutcome(
                    route: route, example: example, differences: comparison.differences(),
                    explanation: explanation))
        }
    }
}

extension ExplainReply {
    init(_ reply: RouteExample.Reply) {
        self.init()
        step = reply.step
        item = reply.item
        bytes = reply.bytes
        status = reply.status
        headers = reply.headers
    }
}

extension RoutePlan {
    /// The call of a step; without a name, the route's one call.
    func callPlan(of step: String?) -> CallPlan? {
        guard let step else { return call }
        guard case .steps(let plan) = kind else { return nil }
        return plan.steps.first { $0.name == step }?.route.call
    }
}

/// What is written against what came.
private struct ExampleComparison {
    let route: RoutePlan
    let example: RouteExample
    let explanation: Explanation
    let wasSent: Bool

    func differences() -> [ExampleDifference] {
        let place = example.node["request"]?.position ?? example.node.position
        if let refusal = explanation.refusal {
            return [ExampleDifference(.request, "is no HTTP request: \(refusal)", position: place)]
        }
        guard explanation.routeIndex == route.index else {
            let other = explanation.route.map {
                "another route: \($0.method) \($0.path) (\($0.file):\($0.line))"
            }
            return [
                ExampleDifference(
                    .request, "the request leads elsewhere",
                    expected: "\(route.method) \(route.template.text)",
                    actual: other ?? "no route at all", position: place)
            ]
        }
        return (wasSent ? [] : sent() + received()) + answered()
    }

    // MARK: What the backend gets

    private func sent() -> [ExampleDifference] {
        example.sends.flatMap { wanted in
            let calls = explanation.calls.filter { $0.step == wanted.step }
            let meant = calls.filter { wanted.item == nil || $0.item == wanted.item }
            if meant.isEmpty { return [notSent(wanted)] }
            return meant.flatMap { differences(wanted, $0) }
        }
    }

    private func notSent(_ wanted: RouteExample.Message) -> ExampleDifference {
        let status =
            explanation.calls.isEmpty
            ? explanation.response.map { "the answer is \($0.status) before any call" } : nil
        let message =
            wanted.step == nil
            ? "no backend is called"
            : wanted.item.map { "there is no call for item \($0)" } ?? "the step makes no call"
        return ExampleDifference(
            .sends, step: wanted.step, message, actual: status, position: wanted.node.position)
    }

    private func differences(
        _ wanted: RouteExample.Message, _ call: Explanation.Call
    ) -> [ExampleDifference] {
        switch MessageComparison.compare(
            wanted.bytes, call.backend, route.callPlan(of: wanted.step))
        {
        case .success(let differences):
            return differences.map { located($0, .sends, wanted.node, step: wanted.step) }
        case .failure(let problem):
            return [
                ExampleDifference(
                    .sends, step: wanted.step, problem.message, position: wanted.node.position)
            ]
        }
    }

    // MARK: What the backend answers

    private func received() -> [ExampleDifference] {
        explanation.calls.compactMap { call in
            if let problem = call.replyProblem {
                let reply = example.receives.first { $0.step == call.step }
                return ExampleDifference(
                    .receives, step: call.step, problem,
                    position: reply?.node?.position ?? example.node.position)
            }
            guard call.lacksReply, let responds = example.responds else { return nil }
            return ExampleDifference(
                .receives, step: call.step,
                "the backend is called, and nothing says what it answers",
                expected: "`receives`", position: responds.node.position)
        }
    }

    // MARK: What the client is told

    private func answered() -> [ExampleDifference] {
        guard let wanted = example.responds else { return [] }
        guard let response = explanation.response else { return [] }
        var found: [ExampleDifference] = []
        if let status = wanted.status, status != response.status {
            let place = wanted.node["status"]?.position ?? wanted.node.position
            found.append(
                ExampleDifference(
                    .responds, path: "status", "differs", expected: String(status),
                    actual: "\(response.status)\(reason(response))", position: place))
        }
        for (key, value) in wanted.headers {
            let name = (key.text ?? "").lowercased()
            let values = response.headers.filter { $0.name.lowercased() == name }.map(\.value)
            guard !values.contains(value) else { continue }
            found.append(
                ExampleDifference(
                    .responds, path: "headers/\(name)",
                    values.isEmpty ? "is missing" : "differs", expected: value,
                    actual: values.isEmpty ? nil : values.joined(separator: ", "),
                    position: key.position))
        }
        if let body = wanted.body, let node = wanted.bodyNode {
            found += MessageComparison.compareTexts(body, response.body).map {
                located($0, .responds, node)
            }
        }
        return found
    }

    /// What a problem says, so that a wrong status explains itself.
    private func reason(_ response: Explanation.Response) -> String {
        guard response.status >= 400, let document = JSONExample.document(response.body),
            let detail = document.root?.member("detail")?.string
        else { return "" }
        let first = document.root?.member("errors")?.item(0).map { ": \($0.json)" } ?? ""
        return " (\(detail)\(first))"
    }

    private func located(
        _ difference: ValueDifference, _ part: ExampleDifference.Part, _ node: YAMLNode,
        step: String? = nil
    ) -> ExampleDifference {
        ExampleDifference(
            part, step: step, path: difference.path, difference.message,
            expected: difference.expected,
            actual: difference.actual,
            position: YAMLDocument.node(at: difference.path, in: node).position)
    }
}
