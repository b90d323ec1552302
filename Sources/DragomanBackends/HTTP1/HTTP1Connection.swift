// SPDX-License-Identifier: Apache-2.0
// One HTTP/1.1 connection to a backend: a call at a time, kept for the next when the answer's end
// leaves no doubt where the next one starts.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanHTTP2
internal import NIOCore

/// Also the last handler of its channel. Octets go from the socket's buffer to the parser and,
/// as slices of that same buffer, to the receiver.
final class HTTP1Connection: BackendConnection, ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Bodies up to here are copied behind the head, into one write.
    private static let copiedBodyBytesMax = 8 * 1024

    var parser: ResponseParser
    /// The call under way; nil when idle.
    var current: BackendCall?
    var pending = HTTP1RequestWriter.Pending.nothing
    /// Bytes received and not yet looked at: while reading is paused.
    var received = ByteBuffer()
    /// The peer will send no more.
    var isInputEnded = false
    /// What went wrong with the channel, if anything did.
    var lastError: (any Error)?
    /// A read that the pipeline asked for while reading was paused.
    var isReadHeld = false
    var isResumeScheduled = false
    /// The current call's connection had carried another call before.
    var isReused = false
    /// Not one byte of the current call's request has left.
    var isUnsent = false
    var context: ChannelHandlerContext?

    private var isDraining = false
    private var isWritabilityScheduled = false
    private var hasEnded = false
    private let head = OutputBuffer(capacity: 512)
    private var writeBuffer = ByteBuffer()
    private let idleTimer = IdleTimer()
    private var timers: TimerWheel?

    override init(channel: any Channel, limits: UpstreamLimits, isTLS: Bool) {
        parser = ResponseParser(
            limits: HeadLimits(
                headerBytesMax: limits.fieldsBytesMax, headerCountMax: limits.fieldsMax))
        super.init(channel: channel, limits: limits, isTLS: isTLS)
        idleTimer.connection = self
    }

    deinit { timers?.remove(idleTimer) }

    override var pool: EndpointPool? {
        didSet {
            guard let pool else { return }
            timers = pool.timers
            if current == nil { becomeIdle() }
        }
    }

    override var callsMore: Int {
        current == nil && !isDraining && !isInputEnded && channel.isActive ? 1 : 0
    }

    override func install() throws {
        try channel.pipeline.syncOperations.addHandler(self)
    }

    // MARK: Calls

    override func begin(_ call: BackendCall) {
        call.began(on: self)
        timers?.remove(idleTimer)
        current = call
        isReused = isUsed
        let request = call.request
        let authority = request.authority ?? pool?.endpoint.authority ?? ""
        guard HTTP1RequestWriter.isSafe(request, authority: authority) else {
            let failure = BackendFailure(
                .protocolViolation, "the request's method, path or host can not be sent",
                mayHaveBeenProcessed: false)
            return abandon(failure)
        }
        parser.start(isHeadRequest: request.method == "HEAD")
        isUnsent = true
        head.removeAll()
        pending = HTTP1RequestWriter.writeHead(request, authority: authority, into: head)
        write(request.body)
        if case .stream = request.body { takeEarly(from: call) }
        guard current === call else { return }
        context?.flush()
        call.isTransportWritable = channel.isWritable
        // Otherwise the first write has found the connection gone.
        if channel.isActive { isUnsent = false }
    }

    private func write(_ body: BackendRequest.Body) {
        writeBuffer.clear()
        writeBuffer.writeBytes(head.bytes)
        var separate: ByteBuffer?
        if case .bytes(let bytes) = body, bytes.readableBytes > 0 {
            if bytes.readableBytes <= Self.copiedBodyBytesMax {
                writeBuffer.writeImmutableBuffer(bytes)
            } else {
                separate = bytes
            }
        }
        writeOut(writeBuffer)
        if let separate { writeOut(separate) }
    }

    private func takeEarly(from call: BackendCall) {
        var early = call.takeEarly()
        let isFinished = early.isFinished
        let trailers = early.trailers
        while let bytes = early.takeFirst(), current === call { writePiece(bytes) }
        if isFinished, current === call { endBody(trailers) }
    }

    private func writeOut(_ bytes: ByteBuffer) {
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    override func send(_ bytes: ByteBuffer, for call: BackendCall) {
        guard current === call else { return }
        writePiece(bytes)
        context?.flush()
        call.isTransportWritable = channel.isWritable
    }

    override func finish(trailers: HeaderFields?, for call: BackendCall) {
        guard current === call else { return }
        endBody(trailers)
        context?.flush()
    }

    private func writePiece(_ bytes: ByteBuffer) {
        let count = bytes.readableBytes
        switch pending {
        case .nothing:
            abandon(misuse("more of the request's body than was announced"))
        case .length(let left) where count > left:
            abandon(misuse("more of the request's body than was announced"))
        case .length(let left):
            pending = left == count ? .nothing : .length(left - count)
            writeOut(bytes)
        case .chunked:
            head.removeAll()
            head.appendChunkStart(count)
            writeOut(ByteBuffer(bytes: head.bytes))
            writeOut(bytes)
            writeOut(Self.lineEnd)
        }
    }

    private static let lineEnd = ByteBuffer(string: "\r\n")

    private func endBody(_ trailers: HeaderFields?) {
        switch pending {
        case .nothing: break
        case .length: abandon(misuse("less of the request's body than was announced"))
        case .chunked:
            pending = .nothing
            head.removeAll()
            head.appendLastChunk(trailers: trailers)
            writeOut(ByteBuffer(bytes: head.bytes))
        }
    }

    private func misuse(_ detail: String) -> BackendFailure {
        BackendFailure(.protocolViolation, detail, mayHaveBeenProcessed: true)
    }

    // MARK: Ends

    override func cancel(_ call: BackendCall) {
        guard current === call else { return }
        current = nil
        retire()
    }

    override func drain() {
        isDraining = true
        if current == nil { retire() }
    }

    /// Takes no more calls and closes. On TLS the close may take a while.
    func retire() {
        isDraining = true
        pool?.connectionIsFull(self)
        channel.close(promise: nil)
    }

    /// Ends the current call with a failure, told later, and the connection with it.
    func abandon(_ failure: BackendFailure) {
        guard let call = current else { return }
        current = nil
        retire()
        if failure.mayHaveBeenProcessed { return call.deliverFailureLater(failure) }
        // It may go again. A backend that restarts ends all its connections at once; by then the
        // loop has seen the ends of the others too, and the call does not go on one of those.
        // The pool is kept until then because the call does not keep it.
        let pool = call.pool
        channel.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(1)) {
            withExtendedLifetime(pool) { call.deliverFailure(failure) }
        }
    }

    /// The answer is whole.
    func completeCall() {
        guard let call = current else { return }
        current = nil
        let trailers = parser.trailers
        var isReusable = parser.head.keepAlive && !isDraining && !isInputEnded
        if case .nothing = pending {} else { isReusable = false }
        // Bytes behind an answer answer nothing that was asked.
        if received.readableBytes > 0 { isReusable = false }
        if isReusable, channel.isActive {
            becomeIdle()
            pool?.connectionHasRoom(self)
        } else {
            retire()
        }
        call.deliverEnd(trailers: trailers.isEmpty ? nil : trailers)
    }

    private func becomeIdle() {
        timers?.add(idleTimer, deadline: .now() + limits.idleTimeout)
    }

    /// The channel is gone.
    func channelEnded() {
        guard !hasEnded else { return }
        hasEnded = true
        timers?.remove(idleTimer)
        pool?.connectionEnded(self)
    }

    // MARK: Back-pressure

    /// Told at the end of the turn: the change may come from inside `send`.
    func writabilityChanged() {
        guard channel.isWritable, current != nil, !isWritabilityScheduled else { return }
        isWritabilityScheduled = true
        channel.eventLoop.assumeIsolated().execute {
            self.isWritabilityScheduled = false
            if self.channel.isWritable { self.current?.deliverWritability() }
        }
    }

    override func resumeReading(_ call: BackendCall) {
        guard current === call, !isResumeScheduled else { return }
        isResumeScheduled = true
        channel.eventLoop.assumeIsolated().execute {
            self.isResumeScheduled = false
            self.process()
            self.readIfHeld()
        }
    }
}

/// Closes a connection that nobody has used for a while.
private final class IdleTimer: TimedEntry {
    weak var connection: HTTP1Connection?

    override func timeReached() {
        guard let connection, connection.current == nil else { return }
        connection.drain()
    }
}
