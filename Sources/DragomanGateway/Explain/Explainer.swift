// SPDX-License-Identifier: Apache-2.0
// One translation, step by step: the very exchange that serves requests, between a client that
// only listens and a backend that only writes down what it is asked.

package import DragomanBackends
internal import DragomanDocument
package import DragomanHTTP
package import DragomanMapping
package import NIOCore

/// The request to explain, and the answer that the backend is taken to give.
package struct ExplainRequest: Sendable {
    package var method: String
    /// Path and query.
    package var target: String
    package var headers: [(name: String, value: String)] = []
    package var body: [UInt8]?
    /// A JSON object: what authentication would have found.
    package var claims: [UInt8]?
    /// What `now()` and `uuid()` give; nil: as while serving.
    package var given: GivenValues?
    package var reply: ExplainReply?
    /// The call is really made.
    package var sends = false

    package init(method: String, target: String) {
        self.method = method
        self.target = target
    }
}

package struct ExplainReply: Sendable {
    /// A message, an Envelope or what its Body holds; nil: none.
    package var bytes: [UInt8]?
    /// HTTP's; of gRPC its code.
    package var status: Int?
    package var headers: [(name: String, value: String)] = []

    package init() {}
}

/// What became of it. Values are as they were on the wire.
package struct Explanation: Sendable {
    package struct Route: Sendable {
        package var method: String
        package var path: String
        package var service: String
        package var operation: String
        package var file: String
        package var line: Int
    }

    package struct Backend: Sendable {
        package var protocolName: String
        package var upstream: String
        package var method: String
        package var path: String
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
        /// Of gRPC: the message as ProtoJSON, indented.
        package var message: String?
    }

    package struct Response: Sendable {
        package var status: Int
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]
    }

    package var route: Route?
    /// Its place in the plan.
    package var routeIndex: Int?
    package var parameters: [(name: String, value: String)] = []
    package var violations: [RequestViolation] = []
    package var backend: Backend?
    package var response: Response?
    /// What the backend really answered.
    package var recorded: RecordedReply?
    /// Why what the backend was taken to answer can not be its answer.
    package var replyProblem: String?
    /// What the request's head broke of the rules of HTTP.
    package var refusal: String?

    /// The request was refused before a backend was called.
    package var isRefused: Bool { backend == nil }
}

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
        exchange.context.given = request.given
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
        var replyProblem: String?
        if tap.call != nil, let reply = request.reply, client.response == nil {
            replyProblem = exchange.play(reply)
        }
        var explanation = finish(exchange, client, tap)
        explanation.replyProblem = replyProblem
        done(explanation)
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
                explanation.parameters += exchange.boundParameters(route)
            }
        }
        explanation.violations = exchange.context.violations
        if let call = tap.call { explanation.backend = exchange.describe(call) }
        explanation.recorded = tap.recorder?.recorded
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

/// Writes the call down; lets it through only where it is to be sent.
private final class CallTap: CallInterceptor {
    let sends: Bool
    var call: BackendRequest?
    var recorder: ReplyRecorder?

    init(_ request: ExplainRequest) { sends = request.sends }

    func receiver(
        of request: BackendRequest, _ upstream: Int, _ exchange: Exchange
    ) -> (any BackendReceiver)? {
        call = request
        guard sends else { return nil }
        let recorder = ReplyRecorder(exchange)
        self.recorder = recorder
        return recorder
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
        response = .init(status: status, headers: fields.pairs, body: Array(body))
        ended?()
    }

    func sendHead(status: Int, fields: HeaderFields, length: Int?) {
        response = .init(status: status, headers: fields.pairs, body: [])
    }

    func sendBody(_ bytes: ByteBuffer) { response?.body += bytes.readableBytesView }
    func sendEnd() { ended?() }
    func breakOff() { ended?() }
}

extension HeaderFields {
    /// Names and values, in order.
    package var pairs: [(name: String, value: String)] {
        indices.map { (name(at: $0), value(at: $0)) }
    }
}
