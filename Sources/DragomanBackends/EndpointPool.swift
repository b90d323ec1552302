// SPDX-License-Identifier: Apache-2.0
// The connections of one event loop to one endpoint, and the calls that wait for one.

internal import NIOCore

/// Gives calls to connections: to the last that has room, so that few connections carry much
/// and the others can go idle. Opens a connection when none has room; for HTTP/2 only when the
/// peers of all open ones allow no more streams.
final class EndpointPool {
    let endpoint: Endpoint
    let configuration: UpstreamConfiguration
    let loop: any EventLoop
    let timers: TimerWheel
    weak var upstream: UpstreamPool?
    /// All that are open, for shutting down.
    private var connections: [BackendConnection] = []
    /// Those with room for a call more.
    private var withRoom: [BackendConnection] = []
    private var waiting = CircularBuffer<BackendCall>()
    /// Calls in `waiting` that have neither ended nor been cancelled.
    private var waitingCount = 0
    private var connecting = 0
    /// Calls given to this endpoint that have not ended.
    var callsUnderWay = 0
    /// What the last connection was; until there is one, several calls wait for the first.
    private var isMultiplexed = true
    /// Streams that the endpoint allowed on its last connection; until it says, the next is
    /// thought to allow as many.
    private var streamsAllowed = 100
    /// Failures of calls that must not be told from inside `start`.
    private var failing: [(BackendCall, BackendFailure)] = []
    private var shutdownPromise: EventLoopPromise<Void>?
    private(set) var isClosed = false

    private var limits: UpstreamLimits { configuration.limits }

    init(
        _ endpoint: Endpoint, configuration: UpstreamConfiguration, loop: any EventLoop,
        timers: TimerWheel
    ) {
        self.endpoint = endpoint
        self.configuration = configuration
        self.loop = loop
        self.timers = timers
    }

    // MARK: Calls

    func start(_ call: BackendCall) {
        if shutdownPromise != nil {
            let failure = BackendFailure(
                .closed, "the pool is shut down", mayHaveBeenProcessed: false)
            return failLater(call, failure)
        }
        call.armClock()
        give(call)
    }

    /// A call that failed before anything could have been done with it.
    func startAgain(_ call: BackendCall) { give(call) }

    private func give(_ call: BackendCall) {
        if isClosed {
            let failure = BackendFailure(
                .closed, "the pool is closed", mayHaveBeenProcessed: false)
            failLater(call, failure)
        } else if let connection = nextWithRoom() {
            begin(call, on: connection)
        } else if waitingCount >= limits.waitingMax {
            let failure = BackendFailure(
                .overloaded, "\(waitingCount) calls wait for a connection",
                mayHaveBeenProcessed: false)
            failLater(call, failure)
        } else {
            waiting.append(call)
            call.isWaiting = true
            waitingCount += 1
            connectIfNeeded()
        }
    }

    /// A peer's SETTINGS, acted on a moment ago, may have left a listed connection without room.
    private func nextWithRoom() -> BackendConnection? {
        while let connection = withRoom.last {
            if connection.callsMore > 0 { return connection }
            unlist(connection)
        }
        return nil
    }

    private func begin(_ call: BackendCall, on connection: BackendConnection) {
        connection.begin(call)
        connection.isUsed = true
        if connection.callsMore == 0 { unlist(connection) }
    }

    /// A waiting call was cancelled or timed out. It leaves the queue when its turn comes, or
    /// when most of the queue is such.
    func waitingCallEnded(_ call: BackendCall) {
        guard call.isWaiting else { return }
        call.isWaiting = false
        waitingCount -= 1
        if waiting.count > 2 * waitingCount + 64 { waiting.removeAll { !$0.isActive } }
    }

    func failLater(_ call: BackendCall, _ failure: BackendFailure) {
        failing.append((call, failure))
        guard failing.count == 1 else { return }
        loop.assumeIsolated().execute {
            let failing = self.failing
            self.failing = []
            for (call, failure) in failing { call.deliverFailure(failure) }
        }
    }

    private func popWaiting() -> BackendCall? {
        while let call = waiting.popFirst() {
            if call.isActive {
                call.isWaiting = false
                waitingCount -= 1
                return call
            }
        }
        return nil
    }

    private func serveWaiting() {
        while waitingCount > 0, let connection = nextWithRoom(), let call = popWaiting() {
            begin(call, on: connection)
        }
        if waitingCount > 0 { connectIfNeeded() } else { drainIfShutDown() }
    }

    // MARK: Connections

    private func connectIfNeeded() {
        let most: Int
        switch configuration.backendProtocol {
        case .http1: most = min(limits.http1ConnectionsMax - connections.count, waitingCount)
        case .negotiated where !isMultiplexed:
            most = min(limits.http1ConnectionsMax - connections.count, waitingCount)
        case .http2, .negotiated:
            let isSettling = connections.contains { $0.isSettling }
            let room = limits.http2ConnectionsMax - connections.count
            most = isSettling ? 0 : min(room, 1)
        }
        for _ in 0..<max(0, most - connecting) { connect() }
    }

    private func connect() {
        connecting += 1
        if let allowed = connections.last(where: { $0.streamsAllowed != nil })?.streamsAllowed {
            streamsAllowed = allowed
        }
        let connector = Connector(
            endpoint: endpoint, configuration: configuration, loop: loop,
            streamsAssumed: streamsAllowed)
        connector.connect { result in
            self.connecting -= 1
            switch result {
            case .success(let connection): self.connected(connection)
            case .failure(let failure): self.connectFailed(failure)
            }
        }
    }

    private func connected(_ connection: BackendConnection) {
        connections.append(connection)
        connection.pool = self
        if isClosed { return connection.closeNow() }
        isMultiplexed = connection.isMultiplexed
        connectionHasRoom(connection)
        drainIfShutDown()
    }

    /// Who waits while no connection can come to have room has nothing to wait for.
    private func connectFailed(_ failure: BackendFailure) {
        if connecting == 0, !connections.contains(where: { !$0.isEnding }) {
            let left = waiting
            waiting.removeAll()
            waitingCount = 0
            for call in left where call.isActive {
                call.isWaiting = false
                upstream?.moveOn(call, failure)
            }
        }
        finishShutdownIfDone()
    }

    /// A call more fits on a connection that had no room.
    func connectionHasRoom(_ connection: BackendConnection) {
        guard !connection.isListed, connection.callsMore > 0 else { return }
        connection.isListed = true
        withRoom.append(connection)
        serveWaiting()
    }

    /// A connection takes no more calls, though some may be under way.
    func connectionIsFull(_ connection: BackendConnection) {
        unlist(connection)
        if waitingCount > 0 { connectIfNeeded() }
    }

    func connectionEnded(_ connection: BackendConnection) {
        unlist(connection)
        if let allowed = connection.streamsAllowed { streamsAllowed = allowed }
        connections.removeAll { $0 === connection }
        connection.pool = nil
        if waitingCount > 0 { connectIfNeeded() }
        finishShutdownIfDone()
    }

    private func unlist(_ connection: BackendConnection) {
        guard connection.isListed else { return }
        connection.isListed = false
        if let index = withRoom.lastIndex(where: { $0 === connection }) {
            withRoom.remove(at: index)
        }
    }

    // MARK: The end

    func shutdown() -> EventLoopFuture<Void> {
        if let shutdownPromise { return shutdownPromise.futureResult }
        let promise = loop.makePromise(of: Void.self)
        shutdownPromise = promise
        drainIfShutDown()
        finishShutdownIfDone()
        return promise.futureResult
    }

    func close() {
        isClosed = true
        _ = shutdown()
        let failure = BackendFailure(
            .closed, "the pool is closed", mayHaveBeenProcessed: false)
        while let call = popWaiting() { failLater(call, failure) }
        for connection in connections { connection.closeNow() }
    }

    /// Calls that wait are served first.
    private func drainIfShutDown() {
        guard shutdownPromise != nil, waitingCount == 0 else { return }
        for connection in connections { connection.drain() }
    }

    private func finishShutdownIfDone() {
        guard let shutdownPromise, connections.isEmpty, connecting == 0 else { return }
        shutdownPromise.succeed()
    }
}
