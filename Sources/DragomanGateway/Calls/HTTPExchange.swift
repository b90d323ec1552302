// SPDX-License-Identifier: Apache-2.0
// Calls to http backends: bytes passed on as they come, both ways, where nothing looks into them;
// else JSON, reshaped.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

extension Exchange {
    // MARK: Bytes passed on

    /// The request goes out with its first bytes, so that one whose body is all there goes whole.
    func beginPassing(_ route: RoutePlan) {
        if !route.parameters.isEmpty, !route.parameters.finish(context) {
            return refuse(violationsProblem())
        }
        if head.expectsContinue { client?.sendContinue() }
    }

    /// A piece of the request's body, for the backend.
    func passOn(_ bytes: ByteBuffer) {
        guard let route else { return }
        bodyBytes += bytes.readableBytes
        if bodyBytes > route.limits.body {
            if case .passing = stage { return fail(.invalid("The body grew beyond its limit.")) }
            return refuse(bodyTooLarge(route))
        }
        if let call {
            call.send(bytes)
            if !call.isWritable { client?.pauseBody() }
            return
        }
        if head.framing == .length(bytes.readableBytes) {
            pass(.bytes(bytes))
        } else {
            var length: Int?
            if case .length(let announced) = head.framing { length = announced }
            pass(.stream(length: length))
            call?.send(bytes)
        }
    }

    /// The request's body is whole.
    func passEnd() {
        if call == nil { pass(.none) } else { call?.finish() }
    }

    private func pass(_ body: BackendRequest.Body) {
        guard case .http(let plan) = route?.call else { return }
        do throws(TranslationError) {
            var request = try httpRequest(plan, body: body)
            if case .length(0) = head.framing, case .none = body {
                request.body = .bytes(ByteBuffer())
            }
            send(request, upstream: plan.upstream)
        } catch {
            refuse(requestProblem(error))
        }
    }

    /// What they say is of the client's body, and of bytes that pass as they are.
    private static let bodyFields = [
        "accept-encoding", "content-type", "content-encoding", "content-md5", "digest",
    ]

    private func httpRequest(
        _ plan: HTTPCall, body: BackendRequest.Body, isReshaped: Bool = false
    ) throws(TranslationError) -> BackendRequest {
        guard let client = client ?? stepCall?.run.exchange.client else {
            throw TranslationError(.value, "the client is gone")
        }
        var fields = HeaderFields(reservingFields: head.fields.count + 5, bytes: 512)
        let isTrusted = self.plan?.configuration.trusts(client.address) ?? false
        Forwarding.request(head, client: client, isTrusted: isTrusted, into: &fields)
        if isReshaped { for name in Self.bodyFields { fields.remove(name) } }
        try setFields(plan.headers, into: &fields)
        output.removeAll()
        let isWhole = try head.withOrigin { origin -> Result<Bool, TranslationError> in
            do throws(TranslationError) {
                return .success(
                    try plan.writeTarget(received: origin, context, to: output))
            } catch {
                return .failure(error)
            }
        }.get()
        guard isWhole else {
            throw TranslationError(
                .value, keyword: "mapping", "a value of the backend's path is absent")
        }
        return BackendRequest(
            method: plan.method?.string ?? head.methodText, path: output.string,
            fields: fields, body: body)
    }

    func passHead(_ status: Int, _ fields: HeaderFields) {
        var forwarded = HeaderFields(reservingFields: fields.count, bytes: 512)
        Forwarding.response(fields, into: &forwarded)
        let length = fields.first("content-length").flatMap { Int($0) }
        stage = .passing
        client?.sendHead(status: status, fields: forwarded, length: length)
    }

    func passBody(_ bytes: ByteBuffer) {
        guard let client else { return }
        client.sendBody(bytes)
        if !client.isWritable { call?.pauseReading() }
    }

    // MARK: JSON, reshaped

    func makeHTTP(
        _ plan: HTTPCall, _ node: Node?
    ) throws(TranslationError) -> BackendRequest {
        var request = try httpRequest(plan, body: .none, isReshaped: true)
        guard let node else { return request }
        output.removeAll()
        JSONWriter.write(node, to: output)
        if !request.fields.contains("content-type") {
            request.fields.append("content-type", "application/json" as StaticString)
        }
        request.body = .bytes(ByteBuffer(bytes: output.bytes))
        return request
    }

    /// What an http backend answers is reshaped where it succeeded, and else passes as it is, where
    /// no rule for errors says what the client is told.
    func receiveHTTPHead(
        _ route: RoutePlan, _ status: Int, _ fields: HeaderFields
    ) throws(ReplyError) {
        let isReshaped = if case .passedThrough = route.response.body { false } else { true }
        if isRepeated(afterStatus: status) { return }
        if !(200..<300).contains(status) { try receiveFailure(route, status, fields) }
        guard isReshaped, (200..<300).contains(status) else { return passHead(status, fields) }
        reply = .json(fields)
        guard let index = fields.firstIndex("content-type") else { return }
        let isJSON = fields.withValue(at: index) { MediaType.isJSON($0) }
        if !isJSON, status != 204 {
            throw .invalid("The backend answered with \(fields.value(at: index)), not with JSON.")
        }
    }

    /// Throws where the client, or the route of this step, is told of a problem.
    private func receiveFailure(
        _ route: RoutePlan, _ status: Int, _ fields: HeaderFields
    ) throws(ReplyError) {
        guard stepCall != nil || status >= 400 && !route.errors.isEmpty else { return }
        var problem = upstreamProblem(.backendStatus, "The backend answered \(status).")
        if status >= 400 { problem.status = status }
        setReplyHeaders(fields)
        let ruled = ruled(problem)
        if stepCall != nil || ruled.isRuled { throw .problem(ruled) }
    }

    func receiveJSONEnd(_ route: RoutePlan, _ fields: HeaderFields) throws(ReplyError) {
        if replyDocument.sourceCount > 0 {
            do throws(JSONSyntaxError) {
                try replyDocument.readJSON(
                    DocumentLimits(depthMax: route.limits.depth, membersMax: Int(UInt32.max)))
            } catch {
                throw .invalid(
                    "The backend's JSON is broken at line \(error.line), column "
                        + "\(error.column): \(error.detail).")
            }
        }
        context.set(.reply, replyDocument.root)
        try answerReply(fields)
    }
}
