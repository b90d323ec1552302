// SPDX-License-Identifier: Apache-2.0
// One translation, step by step: the very exchange that serves requests, between a client that
// only listens and a backend that only writes down what it is asked.

package import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
package import DragomanMapping
package import NIOCore

/// Explains requests on one event loop.
package final class Explainer {
    private let worker: GatewayWorker
    private let loop: any EventLoop

    package init(
        loop: any EventLoop, plan: GatewayPlan, upstreams: [UpstreamConfiguration]
    ) {
        self.loop = loop
        worker = GatewayWorker(
            loop: loop, plan: plan, upstreams: upstreams, log: GatewayLog { _ in })
    }

    package func close() { worker.pool.close() }

    /// `done`: called on the loop, once, with the outcome.
    package func explain(
        _ request: ExplainRequest, done: @escaping (Explanation) -> Void
    ) {
        var parser = RequestParser()
        let octets = Self.octets(of: request)
        let bodyBytes = request.body ?? []
        do throws(ParseError) {
            try octets.withUnsafeBytes { bytes -> Result<Void, ParseError> in
                do throws(ParseError) {
                    _ = try parser.nextHead(bytes)
                    return .success(())
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            var explanation = Explanation()
            explanation.refusal = error.detail
            explanation.response = .init(status: error.status, headers: [], body: [])
            return done(explanation)
        }
        let exchange = Exchange(worker: worker)
        let client = ExplainClient()
        let tap = CallTap(request)
        worker.interceptor = tap
        exchange.context.given = (request.given ?? GivenValues()).fixed
        exchange.begin(parser.head, client: client)
        if let claims = request.claims, client.response == nil { exchange.setClaims(claims) }
        if client.response == nil, !bodyBytes.isEmpty {
            exchange.receivedBody(ByteBuffer(bytes: bodyBytes))
        }
        if client.response == nil { exchange.receivedEnd() }
        if request.sends, client.response == nil {
            client.ended = { [self] in done(finish(exchange, client, tap)) }
            return
        }
        tap.play(request) { client.response == nil }
        done(finish(exchange, client, tap))
    }

    private func finish(
        _ exchange: Exchange, _ client: ExplainClient, _ tap: CallTap
    ) -> Explanation {
        var explanation = Explanation()
        if let route = exchange.route {
            explanation.route = .init(
                method: route.method, path: route.template.text, service: route.service,
                operation: route.operation, file: route.texts.file,
                line: route.texts.position.line)
            explanation.parameters = exchange.context.parameterValues(route.parameters)
            if case .assembly = route.request {
                let known = Set(explanation.parameters.map(\.name))
                explanation.parameters += exchange.boundParameters(route).filter {
                    !known.contains($0.name)
                }
            }
        }
        explanation.violations = exchange.explainedViolations
        explanation.failure = exchange.context.failed.map {
            Explanation.Failure(
                source: $0.source, file: $0.file, line: $0.position.line,
                column: $0.position.column)
        }
        explanation.others = exchange.otherRoutes()
        explanation.calls = tap.finished
        if !tap.calls.isEmpty {
            let isGood = client.response.map { $0.status < 400 } ?? false
            let secrets = tap.calls.flatMap(\.backend.secrets)
            explanation.values = exchange.shownValues(hasAnswer: isGood).map { value in
                var value = value
                value.value = SecretMask.hidden(value.value, secrets)
                return value
            }
        }
        explanation.routeIndex = exchange.route?.index
        explanation.response = client.response
        worker.interceptor = nil
        client.ended = nil
        return explanation
    }

    private static func octets(of request: ExplainRequest) -> [UInt8] {
        var head = "\(request.method) \(request.target) HTTP/1.1\r\n"
        let names = request.headers.map { $0.name.lowercased() }
        if !names.contains("host") { head += "Host: localhost\r\n" }
        for (name, value) in request.headers { head += "\(name): \(value)\r\n" }
        if let body = request.body {
            head += "Content-Length: \(body.count)\r\n"
            if !names.contains("content-type") { head += "Content-Type: application/json\r\n" }
        }
        return Array((head + "\r\n").utf8)
    }
}

/// A client that listens.
private final class ExplainClient: ClientSide {
    var response: Explanation.Response?
    var ended: (() -> Void)?
    let address = "127.0.0.1"
    let localAddress = "127.0.0.1:0"
    let isTLS = false
    let isWritable = true

    func sendContinue() {}
    func pauseBody() {}
    func resumeBody() {}
    func setBodyIdle(_ time: TimeAmount?) {}
    func acceptWebSocket(_ fields: HeaderFields, messageBytesMax: Int) {}
    func sendMessage(_ text: UnsafeRawBufferPointer) {}
    func closeWebSocket(code: UInt16, reason: String) { ended?() }

    func sendResponse(status: Int, fields: HeaderFields, body: UnsafeRawBufferPointer) {
        let sent = Self.hasBody(status) ? Array(body) : []
        response = .init(status: status, headers: fields.pairs, body: sent)
        ended?()
    }

    func sendHead(status: Int, fields: HeaderFields, length: Int?) {
        response = .init(status: status, headers: fields.pairs, body: [])
    }

    func sendBody(_ bytes: ByteBuffer) {
        guard let status = response?.status, Self.hasBody(status) else { return }
        response?.body += bytes.readableBytesView
    }

    /// RFC 9110, 15.3.5 and 15.4.5.
    private static func hasBody(_ status: Int) -> Bool { status != 204 && status != 304 }

    func sendEnd() { ended?() }
    func breakOff() {
        response?.breaksOff = true
        ended?()
    }
}

extension HeaderFields {
    /// Names and values, in order.
    package var pairs: [(name: String, value: String)] {
        indices.map { (name(at: $0), value(at: $0)) }
    }
}
