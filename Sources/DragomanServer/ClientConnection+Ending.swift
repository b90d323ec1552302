// SPDX-License-Identifier: Apache-2.0
// How an answer, a connection, and the patience with a client end.

internal import DragomanBackends
internal import DragomanGateway
internal import DragomanHTTP
internal import NIOCore

extension ClientConnection {
    // MARK: The end of an answer

    /// Goes on to the next request once both the request and its answer are over.
    func finishIfComplete() {
        if response.isBrokenOff { return breakOffNow() }
        guard response.isComplete else { return }
        switch state {
        case .body where isBodyHere && !response.closesAfter:
            releaseHandler()
            state = .skipping
        case .head, .body:
            // The client still sends what nobody will read.
            releaseHandler()
            linger()
        case .answering:
            releaseHandler()
            startNext()
        case .skipping, .webSocket, .lingering, .closed:
            break
        }
    }

    /// The request is over and answered: the next one, or the end.
    func startNext() {
        if response.closesAfter { return closeAfterFlush() }
        response = ResponseState()
        state = .head
        isBodyHere = false
        parser.startNext()
        arm(limits.keepAlive)
        if worker.isDraining, waiting == nil { closeAfterFlush() }
    }

    func releaseHandler() {
        isBodyPaused = false
        let last = handler
        handler = nil
        last?.released()
    }

    /// The answer was completed outside a read: what waits behind it is next.
    func answeredLater() {
        finishIfComplete()
        if var bytes = waiting, case .head = state {
            waiting = nil
            isInsideRead = true
            process(&bytes)
            isInsideRead = false
        }
        if isInputClosed, case .head = state { return closeAfterFlush() }
        if !isFlushDue { flushIfNeeded() }
        readAgainIfWanted()
    }

    /// Ends the sending side, so that the answer is not lost to a reset while the client sends.
    func linger() {
        state = .lingering
        waiting = nil
        worker.timers.remove(self)
        afterWriting { connection in
            guard case .lingering = connection.state else { return }
            if connection.isInputClosed { return connection.closeNow() }
            connection.isWritten = true
            connection.arm(connection.limits.linger)
            if !connection.isTLS { connection.context?.close(mode: .output, promise: nil) }
            connection.readAgainIfWanted()
        }
    }

    /// What was written goes out, and the end of the connection tells that it is not all.
    func breakOffNow() {
        switch state {
        case .lingering, .closed: return
        case .answering where isTLS: closeAfterFlush()
        default: linger()
        }
        let last = handler
        handler = nil
        last?.released()
    }

    func closeAfterFlush() {
        state = .lingering
        waiting = nil
        worker.timers.remove(self)
        afterWriting { $0.closeNow() }
    }

    /// Calls `body` once everything written so far is with the kernel, however slowly the client
    /// reads; not if the connection breaks before.
    func afterWriting(_ body: @escaping (ClientConnection) -> Void) {
        guard let context else { return }
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { body(self) }
        needsFlush = false
        context.writeAndFlush(wrapOutboundOut(ByteBuffer()), promise: written)
    }

    /// The client has ended its sending side: it is gone, or says that this was its last request.
    /// Nothing but writing tells which, so an answer that is due soon is still given.
    func inputClosed() {
        isInputClosed = true
        switch state {
        case .answering where handler?.inputClosed() == true:
            if !response.isHeadSent { arm(limits.halfOpen) }
        // An answer may have been written a moment ago.
        case .head, .skipping: closeAfterFlush()
        case .lingering: if isWritten { closeNow() }
        case .body, .answering, .webSocket: closeNow()
        case .closed: break
        }
    }

    func closeNow() {
        context?.close(promise: nil)
    }

    /// Closes as soon as no request is under way.
    func drain() {
        if case .head = state, parser.isBetweenRequests, waiting == nil { closeNow() }
    }

    func write(_ bytes: ByteBuffer) {
        needsFlush = true
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    func flushIfNeeded() {
        isFlushDue = false
        guard needsFlush else { return }
        needsFlush = false
        context?.flush()
    }

    // MARK: Time

    /// The wait for more of the body.
    func armBody() {
        if let bodyIdle { arm(bodyIdle) } else { worker.timers.remove(self) }
    }

    func arm(_ time: TimeAmount) {
        worker.timers.add(self, deadline: .now() + time)
    }

    func timeReachedNow() {
        switch state {
        case .head:
            if parser.isBetweenRequests { return closeNow() }
            refuse(
                status: 408, limit: "header_timeout", detail: "The request's head came too slowly.")
        case .body:
            if isBodyPaused { return armBody() }
            refuse(status: 408, limit: "body_idle", detail: "The request's body came too slowly.")
        case .webSocket: beat()
        case .answering:
            // The answer was due to a client that may be gone.
            if !response.isHeadSent { closeNow() }
        case .skipping, .closed: break
        case .lingering: closeNow()
        }
    }
}
