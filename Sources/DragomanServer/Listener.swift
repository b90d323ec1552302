// SPDX-License-Identifier: Apache-2.0
// Accepts connections on one address, and gives each to the worker of its event loop.

internal import DragomanMapping
internal import NIOCore
internal import NIOPosix
internal import NIOSSL
internal import Synchronization

/// How many connections the process has, and may have.
final class ConnectionCount: Sendable {
    private let count = Atomic<Int>(0)
    let connectionsMax: Int

    init(connectionsMax: Int) { self.connectionsMax = connectionsMax }

    var current: Int { count.load(ordering: .relaxed) }

    /// - Returns: false where the bound is reached; then nothing was counted.
    func take() -> Bool {
        if count.wrappingAdd(1, ordering: .relaxed).newValue <= connectionsMax { return true }
        count.wrappingSubtract(1, ordering: .relaxed)
        return false
    }

    func giveBack() { count.wrappingSubtract(1, ordering: .relaxed) }
}

/// One bound address.
package struct Listener: Sendable {
    let channel: any Channel
    let address: ListenAddress
    let isTLS: Bool

    /// As the log says it, with the port that was really bound.
    package var url: String {
        if case .unix(let path) = address { return "unix:\(path)" }
        guard let bound = channel.localAddress, let host = bound.ipAddress, let port = bound.port
        else { return "" }
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(isTLS ? "https" : "http")://\(name):\(port)"
    }

    package var port: Int? { channel.localAddress?.port }

    static func bind(
        _ address: ListenAddress, tls: NIOSSLContext?, group: MultiThreadedEventLoopGroup,
        workers: WorkerTable, count: ConnectionCount, limits: ConnectionLimits
    ) async throws -> Listener {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelOption(.maxMessagesPerRead, value: 64)
            .childChannelOption(.maxMessagesPerRead, value: 4)
            // TLS says by itself what a client has ended.
            .childChannelOption(.allowRemoteHalfClosure, value: tls == nil)
            .childChannelInitializer { channel in
                guard count.take() else { return Turnaway.refuse(channel, count, tls != nil) }
                channel.closeFuture.whenComplete { _ in count.giveBack() }
                return channel.eventLoop.makeCompletedFuture {
                    if case .host = address {
                        try channel.syncOptions?.setOption(.tcpOption(.tcp_nodelay), value: 1)
                    }
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ClientConnection(
                            worker: workers.worker(of: channel.eventLoop), limits: limits,
                            isTLS: tls != nil))
                }
            }
        let channel: any Channel
        switch address {
        case .host(let host, let port):
            channel = try await bootstrap.bind(
                host: host.isEmpty ? "0.0.0.0" : host, port: port
            ).get()
        case .unix(let path):
            channel = try await bootstrap.bind(
                unixDomainSocketPath: path, cleanupExistingSocketFile: true
            ).get()
        }
        return Listener(channel: channel, address: address, isTLS: tls != nil)
    }
}

/// The workers of all loops, each to be had on its own loop only.
struct WorkerTable: Sendable {
    private let workers: [ObjectIdentifier: NIOLoopBound<ServerWorker>]
    let loops: [any EventLoop]

    init(_ workers: [(any EventLoop, NIOLoopBound<ServerWorker>)]) {
        self.workers = Dictionary(
            uniqueKeysWithValues: workers.map { (ObjectIdentifier($0.0), $0.1) })
        loops = workers.map(\.0)
    }

    /// The worker of the loop that this is called on.
    func worker(of loop: any EventLoop) -> ServerWorker {
        guard let bound = workers[ObjectIdentifier(loop)] else {
            // Channels are only ever made on loops of the group that the table was made from.
            preconditionFailure("a channel on a loop without a worker")
        }
        return bound.value
    }

    /// Runs `body` on every loop with its worker.
    func onEach<Result: Sendable>(
        _ body: @escaping @Sendable (ServerWorker) -> Result
    ) async throws -> [Result] {
        var results: [Result] = []
        for loop in loops {
            results.append(try await loop.submit { body(worker(of: loop)) }.get())
        }
        return results
    }
}
