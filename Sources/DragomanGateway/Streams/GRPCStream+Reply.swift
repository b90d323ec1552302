// SPDX-License-Identifier: Apache-2.0
// The backend's messages on their way to the client, in the form that it has asked for, and no
// faster than it reads.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

extension GRPCStream {
    // MARK: What comes

    func receivedHead(_ status: Int, _ fields: HeaderFields) {
        guard !isOver else { return }
        do throws(ReplyError) {
            try exchange.checkGRPCHead(call, status, fields)
        } catch {
            return fail(error)
        }
        reader.compression = GRPCCompression(encoding: fields.first("grpc-encoding"))
        self.fields = fields
    }

    func receivedReply(_ bytes: ByteBuffer) {
        guard !isOver else { return }
        active()
        if isHolding {
            var bytes = bytes
            pending.writeBuffer(&bytes)
        } else {
            process(bytes)
        }
    }

    /// Takes messages out of `bytes` until they are used up or the client is full.
    private func process(_ bytes: ByteBuffer) {
        var used = 0
        do throws(ReplyError) {
            used = try bytes.withUnsafeReadableBytes { octets -> Result<Int, ReplyError> in
                do throws(ReplyError) {
                    return .success(try process(octets))
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            return fail(error)
        }
        guard !isOver else { return }
        flush()
        guard !isOver, exchange.client?.isWritable == false else { return }
        isHolding = true
        exchange.call?.pauseReading()
        if used < bytes.readableBytes,
            let rest = bytes.getSlice(
                at: bytes.readerIndex + used, length: bytes.readableBytes - used)
        {
            pending = rest
        }
    }

    /// - Returns: bytes used.
    private func process(_ octets: UnsafeRawBufferPointer) throws(ReplyError) -> Int {
        var piece = octets
        while let message = try exchange.nextMessage(&reader, &piece) {
            try take(message)
            if isOver { break }
            if exchange.output.count >= Self.pieceBytes || form == .webSocket {
                flush()
                if isOver || exchange.client?.isWritable == false { break }
            }
        }
        return octets.count - piece.count
    }

    /// The client has room again.
    func clientBecameWritable() {
        guard !isOver, isHolding else { return }
        isHolding = false
        active()
        let waiting = pending
        pending = ByteBuffer()
        if waiting.readableBytes > 0 { process(waiting) }
        guard !isOver, !isHolding else { return }
        if let failure = pendingFailure { return fail(.backend(failure)) }
        exchange.call?.resumeReading()
    }

    private func take(_ message: GRPCMessage) throws(ReplyError) {
        replyCount += 1
        if replyCount == 1 { watchGaps() }
        let bytes = try exchange.plain(message, reader.compression)
        if form == .bytes { return try takeBytes(bytes) }
        guard answersStream || replyCount == 1 else {
            throw .invalid("The backend sent more than one message.")
        }
        exchange.replyDocument.removeAll()
        try exchange.readReply(bytes, call)
        exchange.context.set(.reply, exchange.replyDocument.root)
        // One answer is made once its status is known.
        guard answersStream else { return }
        try sendHeadIfDue()
        if isOver { return }
        do throws(TranslationError) {
            exchange.context.beginMessage()
            exchange.answer.removeAll()
            if let node = try exchange.answerNode(route) { try write(node) }
        } catch {
            throw error.reason == .message ? .translation(error) : .mapping(error)
        }
    }

    private func takeBytes(_ bytes: UnsafeRawBufferPointer) throws(ReplyError) {
        guard let body = HTTPBodyMessage(bytes) else {
            throw .invalid("The backend sent a google.api.HttpBody that is not whole.")
        }
        try sendHeadIfDue(contentType: body.contentType)
        if !isOver { exchange.output.append(body.data) }
    }

    // MARK: What goes

    private func write(_ node: Node) throws(TranslationError) {
        let output = exchange.output
        switch form {
        case .array:
            // The bracket has gone out with the head.
            if isItemWritten { output.append(0x2C) }
            isItemWritten = true
            JSONWriter.write(node, to: output)
        case .lines:
            JSONWriter.write(node, to: output)
            output.append(0x0A)
        case .events:
            output.append("data: ")
            JSONWriter.write(node, to: output)
            output.append("\n\n")
        case .webSocket:
            output.removeAll()
            JSONWriter.write(node, to: output)
            exchange.client?.sendMessage(output.bytes)
            output.removeAll()
        case .produced:
            if let produced = route.response.produced {
                try exchange.writeProduced(node, produced)
            }
        case .bytes, .single: break
        }
    }

    func flush() {
        let output = exchange.output
        guard output.count > 0, isHeadSent else { return }
        exchange.client?.sendBody(ByteBuffer(bytes: output.bytes))
        output.removeAll(keepingAtMost: Self.pieceBytes * 4)
    }

    /// 200, or what the mapping says, once it is known that the call goes well. `contentType`: the
    /// first message's, where the messages say it.
    private func sendHeadIfDue(contentType: String? = nil) throws(ReplyError) {
        guard !isHeadSent else { return }
        var head = HeaderFields()
        var status = 200
        if let fields {
            exchange.setReplyHeaders(fields)
            if let index = fields.firstIndex("retry-after") {
                head.append(fieldAt: index, of: fields)
            }
        }
        do throws(TranslationError) {
            if let type = form.contentType {
                head.append("content-type", type)
            } else if let contentType, HeaderFields.isValidValue(contentType), contentType != "" {
                head.append("content-type", contentType)
            } else if form == .produced, let produced = route.response.produced {
                try exchange.setMediaType(produced, &head)
            }
            if form == .events { head.append("cache-control", "no-cache" as StaticString) }
            try exchange.setFields(route.response.headers, into: &head)
            status = try route.response.answerStatus(exchange.context)
        } catch {
            if error.keyword == "header" { throw .problem(exchange.requestProblem(error)) }
            // Without a message there may be nothing to make a status of.
            if replyCount > 0 { throw .mapping(error) }
        }
        isHeadSent = true
        exchange.output.removeAll()
        guard form != .webSocket else { return }
        exchange.client?.sendHead(status: status, fields: head, length: nil)
        if exchange.head.method == .head { return endHead() }
        if form == .array { exchange.output.append(0x5B) }
    }

    /// HEAD: what GET would begin with is known.
    private func endHead() {
        finish()
        exchange.call?.cancel()
        exchange.call = nil
        exchange.stage = .answered
        exchange.client?.sendEnd()
    }

    /// The second without a message is over, or fifteen more are.
    func beat() {
        guard !isOver else { return }
        do throws(ReplyError) {
            try sendHeadIfDue()
        } catch {
            return fail(error)
        }
        guard !isOver else { return }
        if form == .events {
            if !isHolding { exchange.output.append(": still here\n\n") }
            exchange.worker.pool.timers.add(pulse, deadline: .now() + Self.pulseInterval)
        }
        flush()
    }

    // MARK: The end

    func receivedEnd(_ trailers: HeaderFields?) {
        guard !isOver else { return }
        let all = fields ?? HeaderFields()
        if let compression, Exchange.takes(compression, all, trailers) == false {
            exchange.worker.plainUpstreams.insert(call.upstream)
        }
        do throws(ReplyError) {
            if let problem = try exchange.statusProblem(call, all, trailers) {
                return fail(.problem(problem))
            }
            do throws(GRPCFrameError) { try reader.finish() } catch {
                throw .invalid("The backend's answer is not whole: \(error.detail).")
            }
            if answersStream {
                try endStream()
            } else {
                try endSingle(exchange.withTrailers(all, trailers))
            }
        } catch {
            fail(error)
        }
    }

    private func endStream() throws(ReplyError) {
        try sendHeadIfDue()
        guard !isOver else { return }
        if form == .array { exchange.output.append(0x5D) }
        flush()
        finish()
        exchange.stage = .answered
        if form == .webSocket {
            exchange.client?.closeWebSocket(code: 1000, reason: "")
        } else {
            exchange.client?.sendEnd()
        }
    }

    private func endSingle(_ fields: HeaderFields) throws(ReplyError) {
        guard replyCount == 1 else {
            throw .invalid("The backend said OK and sent no message.")
        }
        guard form == .webSocket else {
            finish()
            return try exchange.answerReply(fields)
        }
        do throws(TranslationError) {
            exchange.setReplyHeaders(fields)
            exchange.answer.removeAll()
            if let node = try exchange.answerNode(route) { try write(node) }
        } catch {
            throw error.reason == .message ? .translation(error) : .mapping(error)
        }
        finish()
        exchange.stage = .answered
        exchange.client?.closeWebSocket(code: 1000, reason: "")
    }
}
