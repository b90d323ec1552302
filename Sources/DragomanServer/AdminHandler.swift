// SPDX-License-Identifier: Apache-2.0
// The admin listener: whether the process lives, whether it wants requests, what it serves.

internal import DragomanDocument
internal import DragomanGateway
internal import DragomanHTTP
internal import NIOCore
internal import Synchronization

/// Whether the gateway takes requests; told to load balancers by `/readyz`.
final class Readiness: Sendable {
    enum State: Int, Sendable { case starting, ready, draining }
    private let value = Atomic<Int>(State.starting.rawValue)

    var state: State {
        get { State(rawValue: value.load(ordering: .acquiring)) ?? .starting }
        set { value.store(newValue.rawValue, ordering: .releasing) }
    }
}

/// Answers the admin listener's requests on one event loop.
final class AdminHandlers: RequestHandlerSource {
    private let readiness: Readiness
    private let token: String?
    private let description: Description
    private let loop: any EventLoop

    init(
        readiness: Readiness, token: String?, description: Description, loop: any EventLoop
    ) {
        self.readiness = readiness
        self.token = token
        self.description = description
        self.loop = loop
    }

    func handler() -> any RequestHandler {
        AdminHandler(
            readiness: readiness, token: token, description: description, loop: loop)
    }

    func refuse(_ client: any ClientSide, status: Int, limit: String?, detail: String) {
        Problem(.http(status), status: status, detail: detail).send(to: client)
    }
}

/// One request. Bodies are read to their end, and not looked at.
final class AdminHandler: RequestHandler {
    private let readiness: Readiness
    private let token: String?
    private let description: Description
    private let loop: any EventLoop
    private var client: (any ClientSide)?
    private var head = RequestHead()

    init(
        readiness: Readiness, token: String?, description: Description, loop: any EventLoop
    ) {
        self.readiness = readiness
        self.token = token
        self.description = description
        self.loop = loop
    }

    func begin(_ head: RequestHead, client: any ClientSide) {
        self.head = head
        self.client = client
    }

    func receivedBody(_ bytes: ByteBuffer) {}

    func receivedEnd() {
        guard let client else { return }
        let path = head.path
        // Probes carry no secrets and bear none: they answer without the token.
        if path == "/livez" { return answer("live", 200, client) }
        if path == "/readyz" { return answerReadiness(client) }
        if !isAuthorized {
            var fields = HeaderFields()
            fields.append("www-authenticate", "Bearer" as StaticString)
            return client.sendResponse(
                status: 401, fields: fields, body: .init(start: nil, count: 0))
        }
        if path == "/openapi.json" { return answerDescription() }
        Problem(.notFound, detail: "There is no such path here.").send(to: client)
    }

    /// The client may be gone by the time the description is there.
    private func answerDescription() {
        description.text(on: loop) { [weak self] text in
            guard let client = self?.client else { return }
            guard let text else {
                return Problem(.mapping, detail: "The directory can not be described.")
                    .send(to: client)
            }
            ServedDescription.send(text, to: client)
        }
    }

    private func answerReadiness(_ client: any ClientSide) {
        switch readiness.state {
        case .starting: answer("starting", 503, client)
        case .ready: answer("ready", 200, client)
        case .draining: answer("draining", 503, client)
        }
    }

    private func answer(_ state: String, _ status: Int, _ client: any ClientSide) {
        var fields = HeaderFields()
        fields.append("content-type", "application/json" as StaticString)
        fields.append("cache-control", "no-store" as StaticString)
        let body = Array("{\"status\":\"\(state)\"}\n".utf8)
        body.withUnsafeBytes { client.sendResponse(status: status, fields: fields, body: $0) }
    }

    /// Compared in full whatever the difference, so that time tells nothing of the token.
    private var isAuthorized: Bool {
        guard let token else { return true }
        let given = Array((head.fields.first("authorization") ?? "").utf8)
        let wanted = Array("Bearer \(token)".utf8)
        guard given.count == wanted.count else { return false }
        return zip(given, wanted).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }

    func clientGone() { client = nil }
    func clientWritabilityChanged() {}
    func released() { client = nil }
}
