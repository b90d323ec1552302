// SPDX-License-Identifier: Apache-2.0
// Joins a client session to a channel: what is read goes into the session at once, what the
// session wants sent goes out once a turn of the event loop, however many requests made it.

package import NIOCore

/// Watches one connection, on its event loop.
package protocol ClientConnectionObserver: AnyObject {
    /// `requestsMore`, `isPeerSettled` or `isGoingAway` of the session may have changed.
    func clientConnectionChanged()
    /// The channel is gone, all streams have been told. Comes once.
    func clientConnectionEnded()
}

/// How long a connection may be silent or unused.
package struct ConnectionTimes: Sendable {
    package var idleTimeout: TimeAmount
    package var pingInterval: TimeAmount
    package var pingTimeout: TimeAmount

    package init(idleTimeout: TimeAmount, pingInterval: TimeAmount, pingTimeout: TimeAmount) {
        self.idleTimeout = idleTimeout
        self.pingInterval = pingInterval
        self.pingTimeout = pingTimeout
    }
}

package final class ClientHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// What goes to the socket in one write.
    private static let writeBytesMax = 128 * 1024

    package let session: ClientSession
    private let times: ConnectionTimes
    /// Let go at the end, as are the tasks below; each holds this handler meanwhile.
    private var observer: (any ClientConnectionObserver)?
    private var context: ChannelHandlerContext?
    private var loop: (any EventLoop)?
    /// Made once; each turn's end runs it.
    private var turnTask: (@Sendable () -> Void)?
    private var silenceWatch: Scheduled<Void>?
    private var useWatch: Scheduled<Void>?
    private var isTurnScheduled = false
    private var isEnded = false
    private var hasRead = false
    private var wasUsed = false
    private var pingDue: Scheduled<Void>?
    private var lastSuspicion: NIODeadline?

    package init(
        session: ClientSession, times: ConnectionTimes, observer: any ClientConnectionObserver
    ) {
        self.session = session
        self.times = times
        self.observer = observer
    }

    // MARK: The holder's side

    /// Sends what the session has to send, and acts on its events, at the end of this turn of
    /// the event loop.
    package func scheduleTurn() {
        guard !isTurnScheduled, let loop else { return }
        isTurnScheduled = true
        wasUsed = true
        if let turnTask {
            loop.execute(turnTask)
        } else {
            // After the end, for an answer held back whole.
            loop.assumeIsolated().execute { self.turn() }
        }
    }

    /// A call got no answer in time. Asks for a sign of life, not more often than the interval.
    package func suspect() {
        let now = NIODeadline.now()
        if let lastSuspicion, now - lastSuspicion < times.pingInterval { return }
        lastSuspicion = now
        ping()
    }

    /// Closes now; streams fail with that.
    package func close(_ failure: StreamFailure) {
        end(failure)
        context?.close(promise: nil)
    }

    // MARK: The channel's side

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop = context.eventLoop
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        turnTask = { bound.value.turn() }
        watchSilence()
        watchUse()
        if context.channel.isActive { scheduleTurn() }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        end(StreamFailure(.closed, "the connection was closed"))
        self.context = nil
    }

    package func channelActive(context: ChannelHandlerContext) {
        scheduleTurn()
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        hasRead = true
        session.receive(unwrapInboundIn(data))
        afterEvents()
        scheduleTurn()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { scheduleTurn() }
        context.fireChannelWritabilityChanged()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        end(StreamFailure(.closed, "the backend closed the connection"))
        context.fireChannelInactive()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        close(StreamFailure(.reset, "the connection broke: \(error)"))
    }

    // MARK: Details

    /// Acting opens windows and may start and end calls, sending records what has been sent.
    private func turn() {
        isTurnScheduled = false
        session.actOnEvents()
        guard let context, !isEnded else { return }
        sendOutput(context)
        session.actOnEvents()
        afterEvents()
        if isEnded || isTurnScheduled { return }
        if session.isFinished {
            context.close(promise: nil)
        } else if session.wantsToSend, context.channel.isWritable {
            scheduleTurn()
        }
    }

    /// Frames stay in the session while the socket is full.
    private func sendOutput(_ context: ChannelHandlerContext) {
        while context.channel.isWritable {
            session.fillOutput(bytesMax: Self.writeBytesMax)
            guard session.outputBytes > 0 else { return }
            session.takeOutput { context.write(wrapOutboundOut($0), promise: nil) }
            context.flush()
        }
    }

    private func afterEvents() {
        guard session.hasChanged else { return }
        session.hasChanged = false
        if session.pingsUnanswered == 0, let pingDue {
            pingDue.cancel()
            self.pingDue = nil
        }
        observer?.clientConnectionChanged()
    }

    private func end(_ failure: StreamFailure) {
        guard !isEnded else { return }
        isEnded = true
        for task in [pingDue, silenceWatch, useWatch] { task?.cancel() }
        pingDue = nil
        silenceWatch = nil
        useWatch = nil
        turnTask = nil
        session.connectionEnded(failure)
        observer?.clientConnectionEnded()
        observer = nil
    }

    // MARK: Time

    /// Two slow clocks for a connection; a call leaves only flags for them, so silence and disuse
    /// are noticed after one to two of their intervals.
    private func watchSilence() {
        guard !isEnded, let loop else { return }
        if silenceWatch != nil, !hasRead, session.streamsOpen > 0 { ping() }
        hasRead = false
        silenceWatch = loop.assumeIsolated().scheduleTask(in: times.pingInterval) {
            self.watchSilence()
        }
    }

    private func watchUse() {
        guard !isEnded, let loop else { return }
        if useWatch != nil, !wasUsed, session.streamsOpen == 0 {
            session.drain()
            session.hasChanged = true
            afterEvents()
            scheduleTurn()
        }
        wasUsed = false
        useWatch = loop.assumeIsolated().scheduleTask(in: times.idleTimeout) { self.watchUse() }
    }

    private func ping() {
        guard pingDue == nil, !isEnded, let loop else { return }
        session.ping()
        scheduleTurn()
        pingDue = loop.assumeIsolated().scheduleTask(in: times.pingTimeout) { self.pingMissed() }
    }

    private func pingMissed() {
        pingDue = nil
        guard session.pingsUnanswered > 0 else { return }
        close(StreamFailure(.closed, "the backend does not answer PING"))
    }
}

@available(*, unavailable)
extension ClientHandler: Sendable {}
