// SPDX-License-Identifier: Apache-2.0
// The sample shop's backends, listening on loopback in this process: orders over gRPC, stock over
// SOAP, the catalogue as JSON over HTTP/2.

internal import DragomanBackends
internal import DragomanGateway
internal import DragomanHTTP2
internal import NIOCore
internal import NIOPosix

struct DemoBackends: Sendable {
    private let group: MultiThreadedEventLoopGroup
    private let channels: [any Channel]
    /// By upstream name.
    let urls: [String: String]

    static func start() async throws -> DemoBackends {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let orders = try await http2(group) { try DemoOrders() }
        let catalogue = try await http2(group) { DemoCatalogue() }
        let stock = try await soap(group, loop)
        func url(_ channel: any Channel, _ path: String) -> String {
            "http://127.0.0.1:\(channel.localAddress?.port ?? 0)\(path)"
        }
        return DemoBackends(
            group: group, channels: [orders, catalogue, stock],
            urls: [
                "orders": url(orders, ""), "catalogue": url(catalogue, ""),
                "stock": url(stock, "/stock"),
            ])
    }

    private static func http2<Service: DemoHTTP2Service>(
        _ group: MultiThreadedEventLoopGroup, _ make: @escaping @Sendable () throws -> Service
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let service = try make()
                    guard let session = ServerSession() else {
                        throw ChannelError.ioOnClosedChannel
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        ServerHandler(session: session) { request, reply in
                            reply.send(service.answer(request))
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    private static func soap(
        _ group: MultiThreadedEventLoopGroup, _ loop: any EventLoop
    ) async throws -> any Channel {
        let worker = try await loop.submit {
            NIOLoopBound(
                ServerWorker(
                    loop: loop, timers: TimerWheel(loop: loop), requests: DemoStockHandlers()),
                eventLoop: loop)
        }.get()
        return try await ServerBootstrap(group: group)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        ClientConnection(
                            worker: worker.value, limits: ConnectionLimits(), isTLS: false))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func stop() async {
        for channel in channels { try? await channel.close() }
        try? await group.shutdownGracefully()
    }
}

/// A backend of the demo that speaks HTTP/2; one for each connection.
protocol DemoHTTP2Service {
    func answer(_ request: ServerRequest) -> ServerResponse
}

/// The shop's clock stands still, so that every answer is as it is printed.
enum DemoClock {
    static let now = "2026-11-21T09:00:00Z"
}
