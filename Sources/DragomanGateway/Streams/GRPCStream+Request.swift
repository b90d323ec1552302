// SPDX-License-Identifier: Apache-2.0
// The client's messages on their way to the backend: each is read, judged, translated and sent by
// itself, while the body still comes.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

extension GRPCStream {
    // MARK: A body that is one message

    /// The whole request is there: as in any other exchange, but that many messages answer.
    func requestIsWhole() {
        if let problem = exchange.validate(route, readsParameters: !isUpgraded) {
            return refuse(problem)
        }
        exchange.output.removeAll()
        do throws(TranslationError) {
            let node = try route.request.message(exchange.context, into: exchange.message)
            frames.removeAll()
            try frame(node)
            let request = try exchange.grpcRequest(
                call, body: .bytes(ByteBuffer(bytes: frames.bytes)), compression)
            frames.removeAll()
            isRequestEnded = true
            // The call's own time begins here, not with the body's first byte.
            watchFirst()
            start(request)
        } catch {
            return refuse(exchange.requestProblem(error))
        }
        guard !route.response.readsRequest else { return }
        exchange.message.removeAll()
        exchange.body.removeAll()
    }

    private func frame(_ node: Node?) throws(TranslationError) {
        let start = GRPCFrame.begin(frames)
        if let node { try call.request.write(node, to: frames, call.options) }
        exchange.endFrame(frames, start, compression)
    }

    // MARK: A body of many messages

    func receivedBody(_ bytes: ByteBuffer) {
        guard !isOver, !isRequestEnded else { return }
        active()
        switch intake {
        case .whole: return
        case .elements: bytes.withUnsafeReadableBytes { split($0) }
        case .bytes: bytes.withUnsafeReadableBytes { wrap($0) }
        case .upload: bytes.withUnsafeReadableBytes { takeForm($0) }
        }
        if !isOver { sendFrames() }
    }

    private func split(_ piece: UnsafeRawBufferPointer) {
        var index = 0
        do throws(ElementSplitter.Failure) {
            while try splitter.next(piece, from: &index, into: exchange.body) {
                takeElement()
                if isOver { return }
                if frames.count >= Self.pieceBytes { sendFrames() }
            }
        } catch {
            refuse(problem(of: error))
        }
    }

    /// A message of a WebSocket.
    func receivedMessage(_ bytes: ByteBuffer) {
        guard !isOver, !isRequestEnded else { return }
        active()
        if bytes.readableBytes == 0 { return receivedEnd() }
        bytes.withUnsafeReadableBytes { exchange.body.append(source: $0) }
        guard intake != .whole else { return receivedEnd() }
        takeElement()
        if !isOver { sendFrames() }
    }

    /// The element in `body` is complete.
    private func takeElement() {
        beginMessage()
        do throws(JSONSyntaxError) {
            try exchange.body.readJSON(route.limits.document)
        } catch {
            return refuse(syntaxProblem(error))
        }
        takeValue()
        if isOver { return }
        if isExplained { exchange.noteExplained(element: requestCount - 1) }
        // The Document is filled again; nobody must look into it meanwhile.
        exchange.context.set(.body, nil)
        exchange.body.removeAll()
    }

    /// The next of the client's messages is there.
    func beginMessage() {
        if requestCount == 0, replyCount == 0 { watchGaps() }
        requestCount += 1
        exchange.context.beginMessage()
        if requestCount > 1 { exchange.bindParametersAgain(route) }
        if isExplained, intake == .elements { exchange.explainedStream.element = requestCount - 1 }
    }

    /// Judges the value of `body`, and makes the backend's message of it: of the first one also
    /// those that the mapping puts before.
    func takeValue() {
        let context = exchange.context
        let body = exchange.body
        if case .json(let plan) = route.body, !plan.take(body, context) {
            return refuse(placed(exchange.violationsProblem()))
        }
        do throws(TranslationError) {
            if requestCount == 1 {
                for opening in route.request.openings {
                    exchange.message.removeAll()
                    try frame(try opening.message(context, into: exchange.message))
                }
            }
            exchange.message.removeAll()
            try frame(try route.request.message(context, into: exchange.message))
        } catch {
            return refuse(placed(exchange.requestProblem(error)))
        }
    }

    /// Bytes as they came, as one google.api.HttpBody; the type stands in the first.
    private func wrap(_ piece: UnsafeRawBufferPointer) {
        var rest = piece
        while !rest.isEmpty {
            if requestCount == 0, replyCount == 0 { watchGaps() }
            let part = UnsafeRawBufferPointer(rebasing: rest.prefix(route.limits.body))
            rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(part.count))
            requestCount += 1
            let type = requestCount == 1 ? exchange.head.fields.first("content-type") : nil
            let start = GRPCFrame.begin(frames)
            HTTPBodyMessage.write(contentType: type, data: part, to: frames)
            exchange.endFrame(frames, start, compression)
        }
    }

    func sendFrames() {
        guard frames.count > 0, !isExplained else { return }
        if exchange.call == nil { startCall() }
        guard !isOver, let call = exchange.call else { return }
        call.send(ByteBuffer(bytes: frames.bytes))
        frames.removeAll(keepingAtMost: Self.pieceBytes * 2)
        if !call.isWritable { exchange.client?.pauseBody() }
    }

    /// The client has said all.
    func receivedEnd() {
        guard !isOver, !isRequestEnded else { return }
        guard intake != .whole else { return requestIsWhole() }
        if intake == .upload {
            finishForm()
            if isOver { return }
        }
        if intake == .elements, form != .webSocket {
            do throws(ElementSplitter.Failure) {
                if try splitter.finish() { takeElement() }
            } catch {
                return refuse(problem(of: error))
            }
            if isOver { return }
        }
        isRequestEnded = true
        if exchange.call == nil {
            // Nothing has been sent, so that all of it is there.
            do throws(TranslationError) {
                start(
                    try exchange.grpcRequest(
                        call, body: .bytes(ByteBuffer(bytes: frames.bytes)), compression))
            } catch {
                return refuse(exchange.requestProblem(error))
            }
        } else {
            sendFrames()
            exchange.call?.finish()
        }
        frames.removeAll()
        if !answersStream { watchAnswer() }
    }
}

extension Exchange {
    /// google.api.http sets path variables and query parameters into every message of a stream.
    func bindParametersAgain(_ route: RoutePlan) {
        guard case .assembly(let assembly) = route.request else { return }
        context.beginAssembly(assembly)
        readParameters(route.parameters)
    }
}
