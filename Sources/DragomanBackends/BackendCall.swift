// SPDX-License-Identifier: Apache-2.0
// One call to a backend: the gateway's handle on it, and the connection's way to its receiver.
// Confined to the event loop of its pool.

package import DragomanHTTP
internal import DragomanHTTP2
package import NIOCore

/// A call under way. Kept alive by its connection (or by the pool while it waits for one) until
/// its receiver has got the last event.
package final class BackendCall: TimedEntry {
    /// Bytes of a streamed body not yet taken by the transport above which `isWritable` is false.
    static let waitingBytesMax = 128 * 1024

    /// Sent again on a retry; fields and body are let go when no retry can follow.
    var request: BackendRequest
    private(set) var receiver: (any BackendReceiver)?
    /// Nil while the call waits for a connection, and after its end.
    private(set) var connection: BackendConnection?
    /// The stream on an HTTP/2 connection.
    var stream: ClientStream?
    /// What was sent before there was a connection; the transport takes it when it begins.
    private var early = OutboundQueue()
    /// Whether the transport takes more of a streamed body. The transport sets it to false while
    /// the body is sent, and back to true by `deliverWritability`.
    var isTransportWritable = true
    private(set) var isReadingPaused = false
    private(set) var isHeadDelivered = false
    private(set) var attempts = 0
    private var isSentAgain = false
    /// While it waits for a connection; nil where only the deadline bounds that.
    private var connectBy: NIODeadline?
    /// Where it is now; another endpoint's when the first has no connection.
    var pool: EndpointPool
    var endpointsTried = 0
    /// Kept by the pool: counted among those that wait for a connection.
    var isWaiting = false

    init(request: BackendRequest, receiver: any BackendReceiver, pool: EndpointPool) {
        self.request = request
        self.receiver = receiver
        self.pool = pool
        pool.callsUnderWay += 1
    }

    /// Another endpoint has it.
    func move(to other: EndpointPool) {
        pool.callsUnderWay -= 1
        pool = other
        other.callsUnderWay += 1
    }

    /// Begins to watch the time: the deadline, or before it the end of the wait for a connection.
    func armClock() {
        var end = request.deadline
        if let time = request.connectTimeout {
            let soon = NIODeadline.now() + time
            connectBy = soon
            end = min(end ?? soon, soon)
        }
        if let end { pool.timers.add(self, deadline: end) }
    }

    /// Neither ended nor failed nor cancelled.
    package var isActive: Bool { receiver != nil }

    // MARK: The gateway's side

    /// More of a streamed body. Taken whatever `isWritable` says; ask it to keep memory bounded.
    package func send(_ bytes: ByteBuffer) {
        guard isActive, bytes.readableBytes > 0 else { return }
        if let connection {
            connection.send(bytes, for: self)
        } else {
            early.append(bytes)
        }
    }

    /// A streamed body is whole. Trailers reach HTTP/2 backends, and HTTP/1.1 ones in chunks.
    package func finish(trailers: HeaderFields? = nil) {
        guard isActive else { return }
        if let connection {
            connection.finish(trailers: trailers, for: self)
        } else {
            early.finish(trailers: trailers)
        }
    }

    /// Ends the call: RST_STREAM with CANCEL on HTTP/2, the connection closed on HTTP/1.1. No
    /// event follows.
    package func cancel() {
        guard isActive else { return }
        let connection = connection
        end()
        if let connection { connection.cancel(self) } else { pool.waitingCallEnded(self) }
        stream = nil
    }

    /// Whether a streamed body should go on now.
    package var isWritable: Bool {
        connection == nil ? early.byteCount < Self.waitingBytesMax : isTransportWritable
    }

    /// No body or end comes from now on, and the backend is held back when the window is full.
    package func pauseReading() {
        guard isActive, !isReadingPaused else { return }
        isReadingPaused = true
        connection?.pauseReading(self)
    }

    package func resumeReading() {
        guard isActive, isReadingPaused else { return }
        isReadingPaused = false
        connection?.resumeReading(self)
    }

    // MARK: The connection's side

    /// A connection has taken the call.
    func began(on connection: BackendConnection) {
        self.connection = connection
        isTransportWritable = true
        attempts += 1
        guard connectBy != nil else { return }
        connectBy = nil
        if let deadline = request.deadline {
            pool.timers.add(self, deadline: deadline)
        } else {
            pool.timers.remove(self)
        }
    }

    /// The start of a streamed body, sent before there was a connection.
    func takeEarly() -> OutboundQueue {
        let taken = early
        early = OutboundQueue()
        return taken
    }

    func deliverHead(status: Int, fields: HeaderFields) {
        isHeadDelivered = true
        letGoOfRequest()
        receiver?.backendReceivedHead(status: status, fields: fields)
    }

    func deliverBody(_ bytes: ByteBuffer) {
        receiver?.backendReceivedBody(bytes)
    }

    func deliverWritability() {
        guard !isTransportWritable else { return }
        isTransportWritable = true
        receiver?.backendBecameWritable()
    }

    /// The answer is whole; the connection has let go of the call.
    func deliverEnd(trailers: HeaderFields?) {
        let last = receiver
        end()
        stream = nil
        last?.backendReceivedEnd(trailers: trailers)
    }

    /// The connection has let go of the call without an answer. Goes on a fresh connection, once,
    /// where that is safe.
    func deliverFailure(_ failure: BackendFailure) {
        guard isActive else { return }
        if canBeSentAgain(after: failure) {
            connection = nil
            stream = nil
            isSentAgain = true
            pool.startAgain(self)
            return
        }
        let last = receiver
        end()
        stream = nil
        last?.backendFailed(failure)
    }

    /// As `deliverFailure`, from inside `BackendConnection.begin`.
    func deliverFailureLater(_ failure: BackendFailure) { pool.failLater(self, failure) }

    private func canBeSentAgain(after failure: BackendFailure) -> Bool {
        if failure.mayHaveBeenProcessed || isHeadDelivered { return false }
        if attempts == 0 || isSentAgain || pool.isClosed { return false }
        if case .stream = request.body { return false }
        return true
    }

    private func end() {
        if receiver != nil { pool.callsUnderWay -= 1 }
        receiver = nil
        connection = nil
        letGoOfRequest()
        early = OutboundQueue()
        pool.timers.remove(self)
    }

    private func letGoOfRequest() {
        request.fields = HeaderFields()
        request.body = .none
    }

    /// The deadline, from the pool's timers.
    public override func timeReached() {
        guard isActive else { return }
        let last = receiver
        let connection = connection
        end()
        if let connection { connection.timedOut(self) } else { pool.waitingCallEnded(self) }
        stream = nil
        if connection == nil, attempts == 0, let connectBy, connectBy <= .now() {
            last?.backendFailed(
                BackendFailure(
                    .connectTimeout, "no connection in time", mayHaveBeenProcessed: false))
            return
        }
        last?.backendFailed(
            BackendFailure(
                .timeout, "no answer in time",
                mayHaveBeenProcessed: connection != nil || attempts > 0))
    }
}
