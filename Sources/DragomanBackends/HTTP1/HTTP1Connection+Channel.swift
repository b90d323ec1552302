// SPDX-License-Identifier: Apache-2.0
// What the channel of an HTTP/1.1 connection tells it: bytes of the answer, and the end.

internal import DragomanHTTP
internal import NIOCore

extension HTTP1Connection {
    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// NIO tells no `channelInactive` where a channel closes inside its connect promise.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        isInputEnded = true
        channelEnded()
        process()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        if received.readableBytes == 0 {
            received = bytes
        } else {
            received.writeBuffer(&bytes)
        }
        process()
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInputEnded = true
        channelEnded()
        process()
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed = event as? ChannelEvent {
            isInputEnded = true
            process()
            if current == nil { retire() }
        }
        context.fireUserInboundEventTriggered(event)
    }

    /// After an error nothing that comes can be trusted to be whole.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if lastError == nil { lastError = error }
        context.close(promise: nil)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        writabilityChanged()
        context.fireChannelWritabilityChanged()
    }

    func read(context: ChannelHandlerContext) {
        if current?.isReadingPaused == true {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    func readIfHeld() {
        guard isReadHeld, current?.isReadingPaused != true else { return }
        isReadHeld = false
        context?.read()
    }

    // MARK: The answer

    /// Tells the current call what has been received, as far as it lets us.
    func process() {
        while let call = current, !call.isReadingPaused {
            if parser.isComplete {
                completeCall()
            } else if received.readableBytes == 0 {
                break
            } else if parser.isHeadRead {
                readBody(call)
            } else {
                readHead(call)
            }
        }
        if let call = current {
            if isInputEnded, !call.isReadingPaused { endInput(call) }
        } else if received.readableBytes > 0 {
            received.clear()
            retire()
        }
        if received.readableBytes == 0 { received = ByteBuffer() }
    }

    private func readHead(_ call: BackendCall) {
        let result = received.withUnsafeReadableBytes { octets in
            Result { () throws(ParseError) in try parser.nextHead(octets) }
        }
        switch result {
        case .failure(let error): abandon(violation(error))
        case .success(let step):
            received.moveReaderIndex(forwardBy: step.consumed)
            guard step.event == .complete else { return }
            call.deliverHead(status: parser.head.status, fields: parser.head.fields)
        }
    }

    private func readBody(_ call: BackendCall) {
        let result = received.withUnsafeReadableBytes { octets in
            Result { () throws(ParseError) in try parser.nextBody(octets) }
        }
        switch result {
        case .failure(let error): abandon(violation(error))
        case .success(let step):
            let start = received.readerIndex + step.payload.lowerBound
            let payload = received.getSlice(at: start, length: step.payload.count)
            received.moveReaderIndex(forwardBy: step.consumed)
            if let payload, payload.readableBytes > 0 { call.deliverBody(payload) }
        }
    }

    /// All that was received has been looked at, and no more will come.
    private func endInput(_ call: BackendCall) {
        let hasStarted = parser.hasStarted
        if lastError == nil, (try? parser.inputEnded()) != nil { return completeCall() }
        let kind: BackendFailure.Kind = lastError is IOError ? .reset : .closed
        let detail =
            hasStarted
            ? "the connection ended inside the answer" : "the connection ended without an answer"
        abandon(
            BackendFailure(
                kind, lastError.map { "\(detail): \($0)" } ?? detail,
                mayHaveBeenProcessed: hasStarted || mayHaveBeenProcessed(call)))
    }

    /// False only where sending the request again is right: nothing of it has left; or a
    /// connection kept from before ended without a byte, and twice does no harm.
    private func mayHaveBeenProcessed(_ call: BackendCall) -> Bool {
        if isUnsent { return false }
        if case .stream = call.request.body { return true }
        return !(isReused && call.attempts == 1 && call.request.isIdempotent)
    }

    private func violation(_ error: ParseError) -> BackendFailure {
        let isLimit = error.kind == .headersTooLarge || error.kind == .tooManyHeaders
        return BackendFailure(
            isLimit ? .tooLarge : .protocolViolation, "not an answer: \(error.detail)",
            mayHaveBeenProcessed: true)
    }
}
