// SPDX-License-Identifier: Apache-2.0
// The path of one request, read from top to bottom:
//
//     begin         route it, admit it, read its parameters
//     receivedBody  gather the body, or pass it on
//     receivedEnd   read it, validate it, translate it, call the backend
//     backend…      gather the answer, or pass it on
//     answer        translate it back, and send it
//
// Everything happens on one event loop, and nothing waits but for the client and the backend.
// What each protocol does differently is in Calls/, what goes wrong in Exchange+Problems.swift.

package import DragomanBackends
internal import DragomanDocument
package import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
package import NIOCore

/// One request and its answer. Its memory is lent: after `released` it serves another request.
package final class Exchange: TimedEntry, RequestHandler, BackendReceiver {
    enum Stage {
        /// Its memory waits for a request.
        case idle
        /// The request's body comes.
        case receiving
        /// The backend has been called.
        case calling
        /// The backend's bytes go to the client as they come.
        case passing
        /// What is complete of a large answer goes to the client as it is translated.
        case draining
        /// The client has its answer.
        case answered
    }

    unowned let worker: GatewayWorker
    var stage = Stage.idle
    var client: (any ClientSide)?
    var head = RequestHead()
    var route: RoutePlan?
    /// Held so that the route's memory stays, whatever is reloaded meanwhile.
    var plan: GatewayPlan?
    var call: BackendCall?
    var reply = ReplyState.none
    /// Cuts a gRPC answer into its messages.
    var messages = GRPCMessageReader(messageBytesMax: 0)
    /// Codings and parts around an XML answer; nil where there are none.
    var entity: ReplyEntity?
    /// A call that may be made again with the answer to a challenge, and its upstream.
    var challenged: (request: BackendRequest, upstream: Int)?
    /// A gRPC call whose message was compressed.
    var compressed: CompressedCall?
    /// A gRPC backend's message that is read in slices.
    var largeReply: LargeReply?
    /// When the whole exchange must have an answer.
    var deadline = NIODeadline.distantFuture
    var bodyBytes = 0
    var replyBytes = 0
    /// HTTP's, as the backend gave it; 0 before.
    var backendStatus = 0
    /// A gRPC status for the mapping's rules.
    var statusDocument: Document?
    var captures: [PathCapture] = []
    /// Of a route that streams.
    var stream: GRPCStream?
    /// Of a body with a Content-Encoding.
    var unpacker: BodyUnpacker?
    /// Of a body that is no JSON, while it comes.
    var form: FormIntake?
    /// What is known of a form's parts.
    var formInfo: Document?
    /// Of a route with `retry`.
    var repeatable: RepeatableCall?
    /// gRPC's, of a call that has failed.
    var statusCode: Int?
    /// What the client allows the backend, by `grpc-timeout`.
    var clientDeadline: NIODeadline?

    /// The calls of a route with several.
    var steps: StepsRun?
    /// Which step of another exchange this carries out; nil for a client's own.
    var stepCall: StepCall?

    /// `explain --claims`; nil while serving.
    var explainClaims: Document?
    /// The message of an explained call before it was encrypted; nil while serving.
    var plainMessage: [UInt8]?
    /// The backend is one that is not there, and speaks without security.
    var isReplyBare = false
    var explainedStream = ExplainedStream()
    /// Counts the requests that this memory has served: who answers later finds out whether the
    /// one that it means is over.
    var lifeNumber = 0

    // Memory that is used again from request to request.
    let context = TranslationContext()
    /// The client's body.
    let body = Document()
    /// The backend's message, as the mapping makes it.
    let message = Document()
    /// The backend's answer.
    let replyDocument = Document()
    /// What is complete of an answer too large to be held.
    let drain = DocumentDrain()
    /// The client's answer, as the mapping makes it.
    let answer = Document()
    /// The value of one header field.
    let fieldText = OutputBuffer(capacity: 256)
    /// `reply_headers`, where the mapping may read them.
    let replyHeaders = Document(tapeCapacity: 16, textCapacity: 64)
    /// SOAP header parts, as the mapping makes them.
    let headerDocument = Document()
    /// What is written: first the backend's message, then the client's answer.
    let output = OutputBuffer()

    init(worker: GatewayWorker) { self.worker = worker }

    // MARK: 1. Route, admit

    package func begin(_ head: RequestHead, client: any ClientSide) {
        self.head = head
        self.client = client
        stage = .receiving
        let plan = worker.plan
        self.plan = plan
        if let description = worker.description, isFor(description) {
            stage = .answered
            return ServedDescription.send(description.text, to: client)
        }
        if head.hasUpgrade, WebSocketHandshake.isAsked(head), beginWebSocket(plan) { return }
        let match = head.withPath { path in
            head.withHost { host in
                head.withMethod { method in
                    plan.table.match(
                        method: method, host: host, path: path, captures: &captures
                    ) { head.fields.hasLine($0.name, equalTo: $0.value) }
                }
            }
        }
        switch match {
        case _ where head.targetForm == .asterisk:
            // The server as a whole: it is there (RFC 9110, 9.3.7).
            respond(status: 204, fields: HeaderFields(), body: .init(start: nil, count: 0))
        case .found(let index): admit(plan.routes[index])
        case .notFound: refuse(.init(.notFound, detail: "There is no such path here."))
        case .methodNotAllowed(let allow): refuse(methodNotAllowed(allow))
        case .options(let allow):
            var fields = HeaderFields()
            fields.append("allow", allow)
            respond(status: 204, fields: fields, body: .init(start: nil, count: 0))
        }
    }

    private func isFor(_ description: ServedDescription) -> Bool {
        (head.methodText == "GET" || head.methodText == "HEAD") && head.path == description.path
    }

    /// What can be judged before the body is there, from the cheapest on.
    private func admit(_ route: RoutePlan) {
        self.route = route
        if head.hasUpgrade, WebSocketHandshake.isAsked(head), !route.isPassedThrough {
            return refuse(WebSocketHandshake.noStream)
        }
        deadline = .now() + TimeAmount(route.limits.timeout)
        client?.setBodyIdle(TimeAmount(route.limits.bodyIdle))
        if case .grpc = route.call, let problem = takeClientDeadline() { return refuse(problem) }
        context.begin(route)
        if case .streaming(let call) = route.kind { return beginStream(route, call) }
        if let problem = bodyProblem(route) ?? acceptProblem(route) { return refuse(problem) }
        if !route.parameters.isEmpty { readParameters(route.parameters) }
        if case .passedThrough = route.body { return beginPassing(route) }
        if head.expectsContinue { client?.sendContinue() }
        if head.framing != .none { worker.pool.timers.add(self, deadline: deadline) }
    }

    // MARK: 2. Gather the body

    package func receivedBody(_ bytes: ByteBuffer) {
        guard let route else { return }
        if case .passedThrough = route.body { return passOn(bytes) }
        if let unpacker { return receivedPacked(bytes, unpacker) }
        receivedPlain(bytes)
    }

    func receivedPlain(_ bytes: ByteBuffer) {
        guard let route else { return }
        if let stream, stream.intake != .whole { return stream.receivedBody(bytes) }
        switch stage {
        case .receiving:
            bodyBytes += bytes.readableBytes
            if bodyBytes > route.limits.body { return refuse(bodyTooLarge(route)) }
            if let form { return receivedForm(bytes, form) }
            bytes.withUnsafeReadableBytes { body.append(source: $0) }
        case .calling, .passing, .draining, .idle, .answered: break
        }
    }

    // MARK: 3. Read, validate, translate, call

    package func receivedEnd() {
        guard let route else { return }
        if case .passedThrough = route.body { return passEnd() }
        if let problem = packingProblem() { return refuseBody(problem) }
        if let stream {
            // A WebSocket's request never has a body.
            if stream.form != .webSocket { stream.receivedEnd() }
            return
        }
        guard case .receiving = stage else { return }
        worker.pool.timers.remove(self)
        let isLarge = (form == nil ? body.sourceCount : bodyBytes) > LoopSlice.bytesMin
        if isLarge, worker.interceptor == nil {
            return receivedLarge(route)
        }
        if let problem = validate(route) { return refuse(problem) }
        callAll(route)
    }

    func callAll(_ route: RoutePlan) {
        if case .steps(let plan) = route.kind { return beginSteps(plan) }
        translateAndCall()
    }

    func translateAndCall() {
        guard let route, let callPlan = route.call else { return }
        do throws(TranslationError) {
            let request = try translate(route, callPlan)
            send(request, upstream: callPlan.upstream)
        } catch {
            refuse(requestProblem(error))
        }
    }

    /// The client's JSON as the backend's request.
    private func translate(
        _ route: RoutePlan, _ call: CallPlan
    ) throws(TranslationError) -> BackendRequest {
        output.removeAll()
        let node = try route.request.message(context, into: message)
        switch call {
        case .grpc(let plan): return try makeGRPC(plan, node)
        case .soap(let plan): return try makeSOAP(plan, node)
        case .xml(let plan): return try makeXML(plan, node)
        case .http(let plan): return try makeHTTP(plan, node)
        }
    }

    func send(_ request: BackendRequest, upstream: Int) {
        var request = request
        request.isIdempotent = route?.isIdempotent ?? false
        request.deadline = callDeadline()
        limitConnecting(&request, upstream)
        authorize(&request, upstream)
        remember(request, upstream: upstream)
        stage = .calling
        if route?.response.readsRequest == false, worker.interceptor == nil {
            message.removeAll()
            body.removeAll()
        }
        call = worker.start(request, upstream: upstream, receiver: self)
    }

    // MARK: 4. Gather the answer

    package func backendReceivedHead(status: Int, fields: HeaderFields) {
        if let stream { return stream.receivedHead(status, fields) }
        if status == 401, repeatAuthorized(fields) { return }
        do throws(ReplyError) {
            try receiveHead(status, fields)
        } catch {
            fail(error)
        }
    }

    package func backendReceivedBody(_ bytes: ByteBuffer) {
        if let stream { return stream.receivedReply(bytes) }
        do throws(ReplyError) {
            try receiveBody(bytes)
        } catch {
            fail(error)
        }
    }

    package func backendReceivedEnd(trailers: HeaderFields?) {
        call = nil
        if let stream { return stream.receivedEnd(trailers) }
        do throws(ReplyError) {
            try receiveEnd(trailers)
        } catch {
            fail(error)
        }
    }

    package func backendFailed(_ failure: BackendFailure) {
        call = nil
        if let stream { return stream.backendFailed(failure) }
        fail(.backend(failure))
    }

    package func backendBecameWritable() { client?.resumeBody() }

    // MARK: 5. Translate back, answer

    /// The reply is in `context`; makes the client's answer of it.
    func answerReply(_ replyHeaders: HeaderFields?) throws(ReplyError) {
        guard let route else { return }
        if let stepCall { return stepAnswered(stepCall) }
        var fields = HeaderFields()
        let status: Int
        if let replyHeaders {
            setReplyHeaders(replyHeaders)
            if let index = replyHeaders.firstIndex("retry-after") {
                fields.append(fieldAt: index, of: replyHeaders)
            }
        }
        output.removeAll()
        do throws(TranslationError) {
            if let node = try answerNode(route) {
                if route.response.isHTTPBody {
                    try writeHTTPBody(node, &fields)
                } else if let produced = route.response.produced {
                    try writeProduced(node, produced, &fields)
                } else {
                    fields.append("content-type", "application/json" as StaticString)
                    JSONWriter.write(node, to: output)
                }
            }
            try setFields(route.response.headers, into: &fields)
            status = try route.response.answerStatus(context)
        } catch {
            if error.keyword == "header" { throw .problem(requestProblem(error)) }
            throw error.reason == .message ? .translation(error) : .mapping(error)
        }
        respond(status: status, fields: fields, body: output.bytes)
    }

    func respond(status: Int, fields: HeaderFields, body: UnsafeRawBufferPointer) {
        stage = .answered
        worker.pool.timers.remove(self)
        client?.sendResponse(status: status, fields: fields, body: body)
    }

    // MARK: The end

    package func clientGone() {
        stream?.abandoned()
        call?.cancel()
        call = nil
        steps?.cancel()
        stage = .answered
    }

    package func inputClosed() -> Bool { stream?.inputClosed() ?? true }

    package func receivedMessage(_ bytes: ByteBuffer) { stream?.receivedMessage(bytes) }

    package func released() {
        stream?.abandoned()
        stream = nil
        clientDeadline = nil
        unpacker = nil
        form = nil
        formInfo = nil
        repeatable = nil
        lifeNumber &+= 1
        call?.cancel()
        worker.pool.timers.remove(self)
        call = nil
        steps?.release()
        steps = nil
        stepCall = nil
        client = nil
        giveBackReply()
        challenged = nil
        compressed = nil
        route = nil
        plan = nil
        head = RequestHead()
        bodyBytes = 0
        stage = .idle
        context.end()
        body.removeAll()
        message.removeAll()
        replyDocument.removeAll()
        drain.removeAll()
        answer.removeAll()
        headerDocument.removeAll()
        replyHeaders.removeAll()
        output.removeAll(keepingAtMost: 1 << 16)
        worker.giveBack(self)
    }

    /// The client is too slow with its body; the backend's time is watched by the call.
    public override func timeReached() {
        if repeatable?.isWaiting == true { return callAgain() }
        guard case .receiving = stage else { return }
        refuse(tooSlow())
    }
}
