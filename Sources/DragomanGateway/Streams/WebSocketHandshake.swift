// SPDX-License-Identifier: Apache-2.0
// The opening handshake of a WebSocket (RFC 6455, section 4.2), and the streams that it leads to.

internal import Crypto
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

enum WebSocketHandshake {
    /// What browsers may ask for; what it stands for holds without it, too.
    static let protocolName = "dragoman.json"

    /// The request asks for a WebSocket.
    static func isAsked(_ head: RequestHead) -> Bool {
        head.hasUpgrade && head.method == .get && head.version == .http11
            && head.fields.listContains("upgrade", "websocket")
            && head.fields.listContains("connection", "upgrade")
            && (head.framing == .none || head.framing == .length(0))
    }

    /// The path leads to what does not stream.
    static var noStream: Problem {
        Problem(
            .malformedRequest,
            detail:
                "What is at this path does not stream, so that there is no WebSocket; ask for it "
                + "without Upgrade.")
    }

    enum Outcome {
        /// The fields of the answer.
        case accepted(HeaderFields)
        case refused(Problem)
    }

    static func answer(_ head: RequestHead) -> Outcome {
        guard head.fields.first("sec-websocket-version") == "13" else {
            var problem = Problem(
                .upgradeRequired, detail: "Only version 13 of the WebSocket protocol is spoken.")
            problem.fields.append("sec-websocket-version", "13" as StaticString)
            problem.fields.append("upgrade", "websocket" as StaticString)
            return .refused(problem)
        }
        let keys = head.fields.values("sec-websocket-key")
        guard keys.count == 1, let key = keys.first, isKey(key) else {
            return .refused(
                Problem(
                    .headerValue,
                    detail: "Sec-WebSocket-Key must be the base64 of sixteen bytes."))
        }
        var fields = HeaderFields()
        fields.append("upgrade", "websocket" as StaticString)
        fields.append("connection", "Upgrade" as StaticString)
        fields.append("sec-websocket-accept", answer(to: key))
        if head.fields.listContains("sec-websocket-protocol", "dragoman.json") {
            fields.append("sec-websocket-protocol", protocolName)
        }
        return .accepted(fields)
    }

    private static func isKey(_ key: String) -> Bool {
        let digits = Array(key.utf8)
        return digits.count == 24 && digits.suffix(2) == [0x3D, 0x3D]
            && digits.dropLast(2).allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2F: true
                default: false
                }
            }
    }

    /// Base64 of the SHA-1 of the key and the protocol's own identifier.
    static func answer(to key: String) -> String {
        var text = key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        var hash = Insecure.SHA1()
        text.withUTF8 { hash.update(bufferPointer: UnsafeRawBufferPointer($0)) }
        return base64(Array(hash.finalize()))
    }

    private static func base64(_ bytes: [UInt8]) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = (0..<3).reduce(0) { sum, index in
                sum << 8 | (start + index < bytes.count ? Int(bytes[start + index]) : 0)
            }
            for place in 0..<4 {
                let isPadding = start + place > bytes.count
                text.append(isPadding ? 0x3D : digits[group >> (18 - 6 * place) & 63])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension Exchange {
    /// A handshake finds the route of its path whatever method that has, if it streams.
    ///
    /// - Returns: false where there is none: then the request is an ordinary one.
    func beginWebSocket(_ plan: GatewayPlan) -> Bool {
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            let index = route(for: method, plan)
            guard let index, case .streaming(let call) = plan.routes[index].kind else { continue }
            let route = plan.routes[index]
            self.route = route
            deadline = .now() + TimeAmount(route.limits.timeout)
            if let problem = takeClientDeadline() {
                refuse(problem)
                return true
            }
            if let problem = originProblem(route) {
                refuse(problem)
                return true
            }
            context.begin(route)
            switch WebSocketHandshake.answer(head) {
            case .refused(let problem): refuse(problem)
            case .accepted(let fields):
                if !route.parameters.isEmpty { readParameters(route.parameters) }
                let stream = GRPCStream(self, route, call, .webSocket)
                self.stream = stream
                stream.begin(webSocket: fields)
            }
            return true
        }
        return false
    }

    private func originProblem(_ route: RoutePlan) -> Problem? {
        let origins = head.fields.values("origin")
        let mayOpen = WebSocketOrigin.mayOpen(
            origins, host: head.host, port: head.port, allowed: route.policy.webSocketOrigins)
        guard !mayOpen else { return nil }
        return Problem(
            .originNotAllowed,
            detail: "Pages of \(origins.joined(separator: ", ")) may not open this.")
    }

    private func route(for method: String, _ plan: GatewayPlan) -> Int? {
        var method = method
        captures.removeAll(keepingCapacity: true)
        let match = method.withUTF8 { method in
            head.withPath { path in
                head.withHost { host in
                    plan.table.match(
                        method: UnsafeRawBufferPointer(method), host: host, path: path,
                        captures: &captures
                    ) { head.fields.hasLine($0.name, equalTo: $0.value) }
                }
            }
        }
        if case .found(let index) = match { return index }
        return nil
    }
}
