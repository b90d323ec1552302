// SPDX-License-Identifier: Apache-2.0
// Calls to gRPC backends: one message out, one message back, and a status in the trailers.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

extension Exchange {
    func makeGRPC(_ call: GRPCCall, _ node: Node?) throws(TranslationError) -> BackendRequest {
        let start = GRPCFrame.begin(output)
        if let node { try call.request.write(node, to: output, call.options) }
        let compression = compression(of: call)
        let isCompressed = endFrame(output, start, compression)
        let body = BackendRequest.Body.bytes(ByteBuffer(bytes: output.bytes))
        guard isCompressed, let compression else { return try grpcRequest(call, body: body) }
        let request = try grpcRequest(call, body: body, compression)
        compressed = CompressedCall(
            request: request, upstream: call.upstream, compression: compression)
        return request
    }

    /// A stream has a deadline only where the client names one. `compression`: of the messages
    /// that say they are compressed; nil where none does.
    func grpcRequest(
        _ call: GRPCCall, body: BackendRequest.Body, _ compression: GRPCCompression? = nil
    ) throws(TranslationError) -> BackendRequest {
        var fields = HeaderFields(reservingFields: 9, bytes: 288)
        fields.append("content-type", "application/grpc" as StaticString)
        fields.append("te", "trailers" as StaticString)
        fields.append("grpc-accept-encoding", "identity,deflate,gzip" as StaticString)
        if let compression { fields.append("grpc-encoding", compression.name) }
        if let end = stream == nil ? callDeadline() : clientDeadline {
            let left = max((end - .now()).nanoseconds, 1_000_000)
            fields.append("grpc-timeout", GRPCTimeout.format(nanoseconds: left))
        }
        Forwarding.trace(head.fields, into: &fields)
        try setFields(call.metadata, into: &fields, isMetadata: true)
        return BackendRequest(
            method: "POST", path: call.path.string, fields: fields, body: body,
            announcesLength: false)
    }

    func receiveGRPCHead(
        _ call: GRPCCall, _ status: Int, _ fields: HeaderFields
    ) throws(ReplyError) {
        try checkGRPCHead(call, status, fields)
        messages = GRPCMessageReader(messageBytesMax: route?.limits.reply ?? 0)
        messages.compression = GRPCCompression(encoding: fields.first("grpc-encoding"))
        reply = .grpc(fields)
    }

    /// - Throws: where the answer is no gRPC.
    func checkGRPCHead(
        _ call: GRPCCall, _ status: Int, _ fields: HeaderFields
    ) throws(ReplyError) {
        backendStatus = status
        if status != 200, !fields.contains("grpc-status") {
            throw .problem(grpcProblem(GRPCStatus(httpStatus: status), call))
        }
        let isGRPC =
            fields.firstIndex("content-type").map { index in
                fields.withValue(at: index) { value in
                    let type = MediaType.essence(value)
                    return type.equals("application/grpc") || type.hasGRPCPrefix
                }
            } ?? false
        if !isGRPC, !fields.contains("grpc-status") {
            throw .invalid(
                "The backend answered with \(fields.first("content-type") ?? "no type"), "
                    + "not with gRPC.")
        }
    }

    func receiveGRPCBody(_ bytes: ByteBuffer) throws(ReplyError) {
        guard case .grpc(let call) = route?.call else { return }
        try bytes.withUnsafeReadableBytes { octets -> Result<Void, ReplyError> in
            var piece = octets
            do throws(ReplyError) {
                while let message = try nextMessage(&messages, &piece) {
                    try take(message, call)
                }
                return .success(())
            } catch {
                return .failure(error)
            }
        }.get()
    }

    func nextMessage(
        _ reader: inout GRPCMessageReader, _ piece: inout UnsafeRawBufferPointer
    ) throws(ReplyError) -> GRPCMessage? {
        do throws(GRPCFrameError) {
            return try reader.next(from: &piece)
        } catch {
            if case .tooLarge = error {
                throw .translation(
                    TranslationError(.size, "The backend sent \(error.detail)."))
            }
            throw .invalid("The backend sent \(error.detail).")
        }
    }

    private func take(_ message: GRPCMessage, _ call: GRPCCall) throws(ReplyError) {
        guard messages.messageCount == 1 else {
            throw .invalid("The backend sent more than one message.")
        }
        let bytes = try plain(message, messages.compression)
        let buffer = message.isCompressed ? nil : message.buffer
        if takeLarge(bytes, call, buffer) { return messages.letGo() }
        try readReply(bytes, call)
    }

    /// A message's bytes, decompressed where they have to be; valid until the next message.
    func plain(
        _ message: GRPCMessage, _ compression: GRPCCompression
    ) throws(ReplyError) -> UnsafeRawBufferPointer {
        guard message.isCompressed else { return message.bytes }
        let plain = worker.inflated
        plain.removeAll()
        let bytesMax = route?.limits.reply ?? 0
        do throws(InflateError) {
            try worker.inflater.inflate(message.bytes, into: plain, bytesMax: bytesMax)
        } catch {
            switch error {
            case .tooLarge:
                throw .translation(
                    TranslationError(
                        .size,
                        "The backend sent a compressed message of more than \(bytesMax) bytes."))
            case .malformed, .memory:
                throw .invalid("The backend sent a compressed message that is damaged.")
            }
        }
        return plain.bytes
    }

    /// Reads a message of the backend into `replyDocument`, which is empty.
    func readReply(_ bytes: UnsafeRawBufferPointer, _ call: GRPCCall) throws(ReplyError) {
        do throws(TranslationError) {
            try call.reply.read(
                bytes, into: replyDocument, call.options,
                limits: DocumentLimits(
                    depthMax: route?.limits.depth ?? 100, membersMax: Int(UInt32.max)))
        } catch {
            throw .translation(error)
        }
    }

    func receiveGRPCEnd(
        _ call: GRPCCall, _ head: HeaderFields, _ trailers: HeaderFields?
    ) throws(ReplyError) {
        if compressed != nil, isRepeatedPlain(head, trailers) { return }
        if let problem = try statusProblem(call, head, trailers) {
            throw .problem(problem)
        }
        do throws(GRPCFrameError) { try messages.finish() } catch {
            throw .invalid("The backend's answer is not whole: \(error.detail).")
        }
        guard messages.messageCount == 1 else {
            throw .invalid("The backend said OK and sent no message.")
        }
        let fields = withTrailers(head, trailers)
        if let largeReply {
            largeReply.fields = fields
            return continueLargeReply()
        }
        context.set(.reply, replyDocument.root)
        try answerReply(fields)
    }

    /// What the status of a call that has ended says; nil where it is OK.
    ///
    /// - Throws: where there is none.
    func statusProblem(
        _ call: GRPCCall, _ head: HeaderFields, _ trailers: HeaderFields?
    ) throws(ReplyError) -> Problem? {
        let fields = trailers.flatMap { $0.contains("grpc-status") ? $0 : nil } ?? head
        if let index = fields.firstIndex("grpc-status"), fields.valueEquals(at: index, "0") {
            return nil
        }
        guard
            let status = GRPCStatus(
                status: fields.first("grpc-status"), message: fields.first("grpc-message"),
                details: fields.first("grpc-status-details-bin"))
        else { throw .backend(noStatus()) }
        if route?.errors.isEmpty == false { setReplyHeaders(withTrailers(head, trailers)) }
        return grpcProblem(status, call, fields)
    }

    /// `reply_headers` of a gRPC call are its initial metadata and its trailing one.
    func withTrailers(_ fields: HeaderFields, _ trailers: HeaderFields?) -> HeaderFields {
        guard let route, let trailers,
            route.response.mayReadReplyHeaders || !route.errors.isEmpty
        else { return fields }
        var all = fields
        all.append(contentsOf: trailers)
        return all
    }

    private func noStatus() -> BackendFailure {
        BackendFailure(
            .closed, "the stream ended without a grpc-status", mayHaveBeenProcessed: true)
    }

    private func grpcProblem(
        _ status: GRPCStatus, _ call: GRPCCall, _ fields: HeaderFields = HeaderFields()
    ) -> Problem {
        let details = GRPCStatusDetails(status)
        statusCode = status.code.rawValue
        var problem = Problem(.grpc(status.code.name, status: status.code.httpStatus))
        let text = clipped(status.message)
        if !text.isEmpty { problem.detail = text }
        if problem.status >= 500 { problem.upstream = upstreamName }
        problem.errors = details.fieldViolations.map { violation in
            let found = context.place(
                ofField: violation.field, call, message: message, body: body,
                isOneOfMany: call.method.isClientStreaming)
            let place: ProblemEntry.Place =
                switch found.place {
                case .pointer(let pointer): .pointer(pointer)
                case .parameter(let name): .parameter(name)
                }
            // Where the place can not say which field it is, the text does.
            let detail =
                found.isExact || violation.field.isEmpty
                ? violation.description : "\(violation.field): \(violation.description)"
            return ProblemEntry(place, keyword: "contract", detail: detail)
        }
        for text in details.debugInfo(call.contract) {
            record(problem, "google.rpc.DebugInfo of \(call.method.operation): \(text)")
        }
        if let retryAfter = fields.first("retry-after") {
            problem.fields.append("retry-after", retryAfter)
        } else if let seconds = details.retryAfterSeconds {
            problem.fields.append("retry-after", String(seconds))
        }
        if status.code == .unauthenticated {
            problem.fields.append("www-authenticate", "Bearer" as StaticString)
        }
        let shown = Document()
        shown.beginObject()
        shown.key("code")
        shown.append(Int64(status.code.rawValue))
        shown.key("status")
        shown.append(string: status.code.name)
        shown.key("message")
        shown.append(string: text)
        shown.key("details")
        details.append(to: shown, call.contract, call.options)
        shown.endObject()
        statusDocument = shown
        context.set(.grpc, shown.root)
        problem.members.append { document in
            guard let root = shown.root else { return }
            document.key("grpc")
            document.append(copy: root)
        }
        return problem
    }
}

extension UnsafeRawBufferPointer {
    /// `application/grpc+proto` and its like.
    fileprivate var hasGRPCPrefix: Bool {
        count > 17
            && UnsafeRawBufferPointer(rebasing: prefix(17)).equals("application/grpc+")
    }
}
