// SPDX-License-Identifier: Apache-2.0
// The gateway as a running thing: event loops, listeners, and the way from its first request to
// its last.

internal import DragomanBackends
internal import DragomanGateway
internal import DragomanHTTP
package import DragomanMapping
internal import NIOCore
internal import NIOPosix
internal import NIOSSL

/// What the command line says beside the configuration.
package struct ServerOptions: Sendable {
    /// Event loops; nil: one for each core.
    package var workers: Int?
    /// Backends are not called: they answer from the mappings' examples.
    package var mocks: Bool
    /// Makes the OpenAPI document of what is served; takes its time.
    package var describe: @Sendable () -> String?

    package init(
        workers: Int? = nil, mocks: Bool = false,
        describe: @escaping @Sendable () -> String? = { nil }
    ) {
        self.workers = workers
        self.mocks = mocks
        self.describe = describe
    }
}

/// Why a gateway can not start.
package struct StartError: Error, CustomStringConvertible {
    package let description: String
}

package final class GatewayServer: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let workers: WorkerTable
    private let adminWorkers: WorkerTable
    private let pools: [NIOLoopBound<BackendPool>]
    private let readiness: Readiness
    private let count: ConnectionCount
    private let drainSettings: DrainSettings
    /// Those of clients, as bound, then the admin one's, if there is one.
    package let listeners: [Listener]
    package let admin: Listener?

    private init(
        group: MultiThreadedEventLoopGroup, tables: LoopTables, readiness: Readiness,
        count: ConnectionCount, drain: DrainSettings, listeners: [Listener], admin: Listener?
    ) {
        self.group = group
        workers = tables.workers
        adminWorkers = tables.admin
        pools = tables.pools
        self.readiness = readiness
        self.count = count
        drainSettings = drain
        self.listeners = listeners
        self.admin = admin
    }

    /// Binds every address and serves. All or nothing: where one cannot be bound, none is.
    package static func start(
        _ plan: GatewayPlan, _ options: ServerOptions = ServerOptions()
    ) async throws -> GatewayServer {
        let configuration = plan.configuration
        let upstreams = try plan.backendConfigurations()
        let contexts = try configuration.listeners.map { try ListenerTLSContext.make($0.tls) }
        let adminTLS = try ListenerTLSContext.make(configuration.admin?.listener.tls)
        let loops = max(1, options.workers ?? System.coreCount)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: loops)
        let readiness = Readiness()
        let count = ConnectionCount(connectionsMax: configuration.limits.connections)
        var bound: [Listener] = []
        do {
            let tables = try await LoopTables.make(
                group, plan: plan, upstreams: upstreams, readiness: readiness,
                mocks: options.mocks, describe: options.describe)
            let limits = ConnectionLimits(configuration.limits)
            for (settings, tls) in zip(configuration.listeners, contexts) {
                bound.append(
                    try await bind(
                        settings.address, tls, group, tables.workers, count, limits))
            }
            var admin: Listener?
            if let settings = configuration.admin {
                admin = try await bind(
                    settings.listener.address, adminTLS, group, tables.admin,
                    ConnectionCount(connectionsMax: 1000), ConnectionLimits())
            }
            readiness.state = .ready
            return GatewayServer(
                group: group, tables: tables, readiness: readiness, count: count,
                drain: configuration.drain, listeners: bound, admin: admin)
        } catch {
            for listener in bound { try? await listener.channel.close() }
            try? await group.shutdownGracefully()
            throw error
        }
    }

    private static func bind(
        _ address: ListenAddress, _ tls: NIOSSLContext?, _ group: MultiThreadedEventLoopGroup,
        _ workers: WorkerTable, _ count: ConnectionCount, _ limits: ConnectionLimits
    ) async throws -> Listener {
        do {
            return try await Listener.bind(
                address, tls: tls, group: group, workers: workers, count: count, limits: limits)
        } catch {
            throw StartError(description: "cannot listen on \(address.text): \(error)")
        }
    }

    /// Ends well: `/readyz` says 503, the wait, no new connections, what is in flight ends.
    ///
    /// - Parameter waits: false leaves `drain.wait` out.
    package func drain(waits: Bool) async {
        readiness.state = .draining
        if waits, drainSettings.wait > .zero { try? await Task.sleep(for: drainSettings.wait) }
        for listener in listeners { try? await listener.channel.close() }
        _ = try? await workers.onEach { $0.drain() }
        let clock = ContinuousClock()
        let end = clock.now + drainSettings.limit
        while count.current > 0, clock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
        await stop()
    }

    private func stop() async {
        _ = try? await workers.onEach { $0.closeAll() }
        if let admin { try? await admin.channel.close() }
        _ = try? await adminWorkers.onEach { $0.closeAll() }
        for pool in pools {
            try? await pool.eventLoop.submit { pool.value.close() }.get()
        }
        try? await group.shutdownGracefully()
    }
}

/// What belongs to each event loop.
struct LoopTables: Sendable {
    let workers: WorkerTable
    let admin: WorkerTable
    let pools: [NIOLoopBound<BackendPool>]

    static func make(
        _ group: MultiThreadedEventLoopGroup, plan: GatewayPlan,
        upstreams: [UpstreamConfiguration], readiness: Readiness, mocks: Bool,
        describe: @escaping @Sendable () -> String?
    ) async throws -> LoopTables {
        let served = plan.configuration.openAPIPath.map {
            ServedDescription(path: $0, text: ByteBuffer(string: plan.openAPI + "\n"))
        }
        let description = Description(kept: served?.text, describe)
        var workers: [(any EventLoop, NIOLoopBound<ServerWorker>)] = []
        var admins: [(any EventLoop, NIOLoopBound<ServerWorker>)] = []
        var pools: [NIOLoopBound<BackendPool>] = []
        let token = plan.configuration.admin?.token
        for loop in group.makeIterator() {
            let (worker, admin, pool) = try await loop.submit {
                let gateway = GatewayWorker(
                    loop: loop, plan: plan, upstreams: upstreams, log: .standard,
                    description: served)
                if mocks { gateway.mockBackends() }
                let worker = ServerWorker(
                    loop: loop, timers: gateway.pool.timers, requests: gateway)
                let admin = ServerWorker(
                    loop: loop, timers: gateway.pool.timers,
                    requests: AdminHandlers(
                        readiness: readiness, token: token, description: description, loop: loop))
                return (
                    NIOLoopBound(worker, eventLoop: loop), NIOLoopBound(admin, eventLoop: loop),
                    NIOLoopBound(gateway.pool, eventLoop: loop)
                )
            }.get()
            workers.append((loop, worker))
            admins.append((loop, admin))
            pools.append(pool)
        }
        return LoopTables(
            workers: WorkerTable(workers), admin: WorkerTable(admins), pools: pools)
    }
}

extension GatewayLog {
    /// To standard error.
    static let standard = GatewayLog { record in
        Log.write(
            record.status >= 500 ? .warning : .info, "exchange failed",
            [
                "reason": .text(record.reason), "status": .number(record.status),
                "method": .text(record.method), "route": .text(record.route),
                "upstream": .text(record.upstream ?? ""), "detail": .text(record.detail),
            ])
    }
}

extension ConnectionLimits {
    init(_ limits: GatewayLimits) {
        head = HeadLimits(
            targetBytesMax: limits.url, headerBytesMax: limits.headers,
            headerCountMax: limits.headerCount)
        headerTimeout = TimeAmount(limits.headerTimeout)
        bodyIdle = TimeAmount(limits.bodyIdle)
        keepAlive = TimeAmount(limits.keepAlive)
    }
}

extension ListenAddress {
    var text: String {
        switch self {
        case .host(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
