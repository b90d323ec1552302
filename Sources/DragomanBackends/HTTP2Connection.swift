// SPDX-License-Identifier: Apache-2.0
// One HTTP/2 connection to a backend: the pool's and the calls' view of a client session.

package import DragomanHTTP
package import DragomanHTTP2
package import NIOCore

/// Carries many calls at a time.
final class HTTP2Connection: BackendConnection {
    private let session: ClientSession
    private var handler: ClientHandler?

    init(channel: any Channel, limits: UpstreamLimits, isTLS: Bool, session: ClientSession) {
        self.session = session
        super.init(channel: channel, limits: limits, isTLS: isTLS)
    }

    /// Nil when there is no memory for a session.
    static func make(
        channel: any Channel, limits: UpstreamLimits, isTLS: Bool, streamsAssumed: Int
    ) -> HTTP2Connection? {
        var bounds = SessionLimits()
        bounds.fieldsBytesMax = limits.fieldsBytesMax
        bounds.fieldsMax = limits.fieldsMax
        bounds.streamsMax = limits.streamsMax
        bounds.streamWindowBytes = limits.streamWindowBytes
        bounds.connectionWindowBytes = limits.connectionWindowBytes
        return ClientSession(limits: bounds, streamsAssumed: streamsAssumed).map { session in
            if isTLS { session.partBytesMin = .max }
            return HTTP2Connection(
                channel: channel, limits: limits, isTLS: isTLS, session: session)
        }
    }

    override var callsMore: Int { session.requestsMore }
    override var isSettling: Bool { !session.isPeerSettled && !session.isGoingAway }
    override var streamsAllowed: Int? { session.isPeerSettled ? session.peerStreamsMax : nil }
    override var isEnding: Bool { session.isGoingAway || session.failure != nil }
    override var isMultiplexed: Bool { true }

    override func install() throws {
        let times = ConnectionTimes(
            idleTimeout: limits.idleTimeout, pingInterval: limits.pingInterval,
            pingTimeout: limits.pingTimeout)
        let handler = ClientHandler(session: session, times: times, observer: self)
        try channel.pipeline.syncOperations.addHandler(handler)
        self.handler = handler
    }

    // MARK: Calls

    override func begin(_ call: BackendCall) {
        call.began(on: self)
        let request = call.request
        let head = ClientRequestHead(
            method: request.method, path: request.path,
            authority: request.authority ?? call.pool.endpoint.authority, isTLS: isTLS,
            contentLength: request.announcesLength ? request.body.length : nil)
        let body: OutboundQueue?
        switch request.body {
        case .none: body = nil
        case .bytes(let bytes): body = bytes.readableBytes > 0 ? OutboundQueue(bytes) : nil
        case .stream: body = call.takeEarly()
        }
        handler?.scheduleTurn()
        guard
            let stream = session.submit(
                head, fields: request.fields, body: body, receiver: call)
        else {
            return call.deliverFailureLater(
                BackendFailure(
                    .closed, "the connection takes no more requests", mayHaveBeenProcessed: false))
        }
        call.stream = stream
        call.isTransportWritable = stream.isWritable
        if call.isReadingPaused { session.pause(stream) }
    }

    override func send(_ bytes: ByteBuffer, for call: BackendCall) {
        guard let stream = call.stream else { return }
        session.send(bytes, on: stream)
        call.isTransportWritable = stream.isWritable
        handler?.scheduleTurn()
    }

    override func finish(trailers: HeaderFields?, for call: BackendCall) {
        guard let stream = call.stream else { return }
        session.finish(trailers: trailers, on: stream)
        handler?.scheduleTurn()
    }

    override func cancel(_ call: BackendCall) {
        guard let stream = call.stream else { return }
        session.cancel(stream)
        handler?.scheduleTurn()
    }

    override func timedOut(_ call: BackendCall) {
        cancel(call)
        handler?.suspect()
    }

    override func pauseReading(_ call: BackendCall) {
        guard let stream = call.stream else { return }
        session.pause(stream)
    }

    override func resumeReading(_ call: BackendCall) {
        guard let stream = call.stream else { return }
        session.resume(stream)
        handler?.scheduleTurn()
    }

    // MARK: The end

    override func drain() {
        session.drain()
        pool?.connectionIsFull(self)
        handler?.scheduleTurn()
    }

    override func closeNow() {
        guard let handler else { return channel.close(promise: nil) }
        handler.close(StreamFailure(.closed, "the pool is closed"))
    }
}

extension HTTP2Connection: ClientConnectionObserver {
    func clientConnectionChanged() {
        if session.requestsMore > 0 {
            pool?.connectionHasRoom(self)
        } else {
            pool?.connectionIsFull(self)
        }
    }

    func clientConnectionEnded() {
        // The session stays for calls whose whole answer waits for a slow client.
        pool?.connectionEnded(self)
    }
}

extension BackendRequest.Body {
    /// Bytes in all, where known; none for no body.
    fileprivate var length: Int? {
        switch self {
        case .none: nil
        case .bytes(let bytes): bytes.readableBytes
        case .stream(let length): length
        }
    }
}

extension BackendCall: ClientStreamReceiver {
    package func streamReceivedHead(status: Int, fields: HeaderFields) {
        deliverHead(status: status, fields: fields)
    }

    package func streamReceivedData(_ bytes: ByteBuffer) { deliverBody(bytes) }

    package func streamReceivedEnd(trailers: HeaderFields?) { deliverEnd(trailers: trailers) }

    package func streamBecameWritable() { deliverWritability() }

    package func streamFailed(_ failure: StreamFailure) {
        let kind: BackendFailure.Kind
        switch failure.kind {
        case .reset: kind = .reset
        case .refused, .closed: kind = .closed
        case .violation: kind = .protocolViolation
        case .fieldsTooLarge: kind = .tooLarge
        }
        deliverFailure(
            BackendFailure(
                kind, failure.detail, mayHaveBeenProcessed: failure.mayHaveBeenProcessed,
                http2Code: failure.code))
    }
}
