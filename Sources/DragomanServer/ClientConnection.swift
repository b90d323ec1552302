// SPDX-License-Identifier: Apache-2.0
// One client's connection: HTTP/1.1 requests in, in order, each given to a handler; answers out.
// Times out slow clients, and holds back those who send faster than they are served.

internal import DragomanBackends
internal import DragomanGateway
internal import DragomanHTTP
internal import NIOCore

/// What a connection may cost, from gateway.yaml's `limits`.
struct ConnectionLimits: Sendable {
    var head = HeadLimits()
    /// From the first byte of a head (or from the connection's start) to its last.
    var headerTimeout: TimeAmount = .seconds(10)
    /// Between two pieces of a body.
    var bodyIdle: TimeAmount = .seconds(15)
    /// Between an answer and the next request.
    var keepAlive: TimeAmount = .seconds(75)
    /// For the answer to begin after the client has ended its sending side.
    var halfOpen: TimeAmount = .seconds(1)
    /// For the client to read an answer that ends the connection while it still sends.
    var linger: TimeAmount = .seconds(2)
    /// Bytes of requests waiting behind the one that is answered, above which nothing is read.
    var pipelinedBytesMax = 64 * 1024
}

/// A handler at the end of the client's channel. Confined to the channel's event loop; it is its
/// own entry in the loop's timer wheel, for the one time-out that is running.
final class ClientConnection: TimedEntry, ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Never
    typealias OutboundOut = ByteBuffer

    enum State {
        /// Before a request, or inside a head.
        case head
        /// A handler has the request; its body still comes.
        case body
        /// The answer is complete; the rest of the request's body, which is here, is passed over.
        case skipping
        /// A handler has the whole request.
        case answering
        /// The client and a handler exchange messages (RFC 6455).
        case webSocket
        /// The last answer is sent; what the client still sends is thrown away.
        case lingering
        case closed
    }

    let limits: ConnectionLimits
    let worker: ServerWorker
    let isTLS: Bool
    var state = State.head
    var parser: RequestParser
    var handler: (any RequestHandler)?
    var context: ChannelHandlerContext?
    /// What came behind the request that is being answered.
    var waiting: ByteBuffer?
    private var isReadWanted = false
    var isBodyPaused = false
    /// All of the body has come with its head.
    var isBodyHere = false
    /// How long the body may be silent; nil: the handler watches that itself.
    var bodyIdle: TimeAmount?
    var webSocket: WebSocketState?
    var isInsideRead = false
    /// The client has ended its sending side.
    var isInputClosed = false
    /// Lingering: the last answer is with the kernel.
    var isWritten = false
    /// The client waits for 100 (Continue), which has not been sent.
    var owesContinue = false
    var response = ResponseState()
    var cachedAddress: String?
    var needsFlush = false
    var isFlushDue = false

    init(worker: ServerWorker, limits: ConnectionLimits, isTLS: Bool) {
        self.worker = worker
        self.limits = limits
        self.isTLS = isTLS
        parser = RequestParser(limits: limits.head)
    }

    // MARK: The channel's events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { opened() }
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        opened()
        context.fireChannelActive()
    }

    private func opened() {
        guard case .head = state else { return }
        worker.connections.insert(self)
        arm(limits.headerTimeout)
    }

    func channelInactive(context: ChannelHandlerContext) {
        let last = handler
        handler = nil
        state = .closed
        waiting = nil
        worker.timers.remove(self)
        worker.connections.remove(self)
        last?.clientGone()
        last?.released()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset, a failed TLS handshake: the connection is of no more use to anybody.
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { inputClosed() }
        context.fireUserInboundEventTriggered(event)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        isInsideRead = true
        defer { isInsideRead = false }
        if waiting != nil {
            waiting?.writeBuffer(&bytes)
        } else {
            process(&bytes)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        flushIfNeeded()
    }

    func read(context: ChannelHandlerContext) {
        if isReadingHeld {
            isReadWanted = true
        } else {
            context.read()
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        handler?.clientWritabilityChanged()
    }

    private var isReadingHeld: Bool {
        isBodyPaused || (waiting?.readableBytes ?? 0) > limits.pipelinedBytesMax
    }

    func readAgainIfWanted() {
        guard isReadWanted, !isReadingHeld else { return }
        isReadWanted = false
        context?.read()
    }

    // MARK: Requests

    /// Reads as many requests as there are, until one has to wait for its answer.
    func process(_ bytes: inout ByteBuffer) {
        while true {
            switch state {
            case .head:
                guard bytes.readableBytes > 0, readHead(&bytes) else { return }
            case .body:
                guard readBody(&bytes) else { return }
            case .skipping:
                guard skipBody(&bytes) else { return }
            case .answering:
                if bytes.readableBytes > 0 { waiting = bytes }
                return
            case .webSocket:
                return readFrames(&bytes)
            case .lingering, .closed:
                return
            }
        }
    }

    /// - Returns: whether to go on.
    private func readHead(_ bytes: inout ByteBuffer) -> Bool {
        let isFirst = parser.isBetweenRequests
        do throws(ParseError) {
            let step = try parser.nextHead(in: bytes)
            bytes.moveReaderIndex(forwardBy: step.consumed)
            guard step.isComplete else {
                if isFirst, !parser.isBetweenRequests { arm(limits.headerTimeout) }
                return false
            }
        } catch {
            refuse(error)
            return false
        }
        begin(bytesHere: bytes.readableBytes)
        return true
    }

    private func begin(bytesHere: Int) {
        let head = parser.head
        if case .length(let length) = head.framing { isBodyHere = length <= bytesHere }
        response = ResponseState(for: head)
        owesContinue = head.expectsContinue
        let handler = worker.requests.handler()
        self.handler = handler
        if head.framing == .none || head.framing == .length(0) {
            state = .answering
            worker.timers.remove(self)
            handler.begin(head, client: self)
            if isHandling(handler) { handler.receivedEnd() }
            finishIfComplete()
        } else {
            state = .body
            bodyIdle = limits.bodyIdle
            armBody()
            handler.begin(head, client: self)
            finishIfComplete()
        }
    }

    /// - Returns: whether to go on.
    private func skipBody(_ bytes: inout ByteBuffer) -> Bool {
        do throws(ParseError) {
            let step = try parser.nextBody(in: bytes)
            bytes.moveReaderIndex(forwardBy: step.consumed)
            guard step.isComplete else { return bytes.readableBytes > 0 }
        } catch {
            closeNow()
            return false
        }
        startNext()
        return true
    }

    private func isHandling(_ handler: any RequestHandler) -> Bool {
        self.handler === handler && !response.isComplete
    }

    /// - Returns: whether to go on.
    private func readBody(_ bytes: inout ByteBuffer) -> Bool {
        guard let handler else { return false }
        let step: BodyStep
        do throws(ParseError) {
            step = try parser.nextBody(in: bytes)
        } catch {
            refuse(error)
            return false
        }
        let payload = bytes.getSlice(
            at: bytes.readerIndex + step.payload.lowerBound, length: step.payload.count)
        bytes.moveReaderIndex(forwardBy: step.consumed)
        if step.consumed > 0 { owesContinue = false }
        if let payload, payload.readableBytes > 0 {
            if !step.isComplete { armBody() }
            handler.receivedBody(payload)
        }
        if step.isComplete, case .body = state {
            state = .answering
            worker.timers.remove(self)
            if isHandling(handler) { handler.receivedEnd() }
            finishIfComplete()
            return true
        }
        finishIfComplete()
        if case .body = state { return bytes.readableBytes > 0 }
        return true
    }

    /// A request that is no HTTP: answered where that can still be done, then the end.
    private func refuse(_ error: ParseError) {
        refuse(status: error.status, limit: error.limitName, detail: error.detail)
    }

    func refuse(status: Int, limit: String?, detail: String) {
        let last = handler
        handler = nil
        last?.clientGone()
        last?.released()
        if case .closed = state { return }
        guard !response.isHeadSent else { return closeNow() }
        if last == nil { response = ResponseState() }
        response.closesAfter = true
        worker.requests.refuse(self, status: status, limit: limit, detail: detail)
        finishIfComplete()
        flushIfNeeded()
    }

    override public func timeReached() { timeReachedNow() }
}
