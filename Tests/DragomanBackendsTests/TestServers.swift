// SPDX-License-Identifier: Apache-2.0
// Backends for the tests: HTTP/2 in this process, and ones that say bytes by hand.

import DragomanHTTP
import DragomanHTTP2
import NIOCore
import NIOPosix
import NIOSSL

/// A listener in this process and the connections it has taken.
final class TestServer: Sendable {
    let channel: any Channel
    let connections: NIOLoopBoundBox<[any Channel]>
    let loop: any EventLoop

    var port: Int { channel.localAddress?.port ?? 0 }

    private init(
        channel: any Channel, connections: NIOLoopBoundBox<[any Channel]>, loop: any EventLoop
    ) {
        self.channel = channel
        self.connections = connections
        self.loop = loop
    }

    enum Place {
        case ipv4(port: Int)
        case ipv6
        case unix(String)
    }

    /// Listens; `install` fills the pipeline of each connection.
    static func listen(
        _ place: Place = .ipv4(port: 0), tls: NIOSSLContext? = nil,
        _ install: @escaping @Sendable (any Channel, Int) throws -> Void
    ) async throws -> TestServer {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let connections = try await loop.submit {
            NIOLoopBoundBox<[any Channel]>([], eventLoop: loop)
        }.get()
        let bootstrap = ServerBootstrap(group: loop)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    connections.value.append(channel)
                    if let tls {
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLServerHandler(context: tls))
                    }
                    try install(channel, connections.value.count)
                }
            }
        let channel: any Channel
        switch place {
        case .ipv4(let port):
            channel = try await bootstrap.bind(host: "127.0.0.1", port: port).get()
        case .ipv6: channel = try await bootstrap.bind(host: "::1", port: 0).get()
        case .unix(let path):
            channel = try await bootstrap.bind(unixDomainSocketPath: path).get()
        }
        return TestServer(channel: channel, connections: connections, loop: loop)
    }

    /// HTTP/2; `answer` gets the connection's number, from 1.
    static func http2(
        _ place: Place = .ipv4(port: 0), tls: NIOSSLContext? = nil,
        limits: SessionLimits = SessionLimits(),
        answer: @escaping @Sendable (ServerRequest, ServerReply, Int) -> Void
    ) async throws -> TestServer {
        try await listen(place, tls: tls) { channel, number in
            guard let session = ServerSession(limits: limits) else { return }
            let handler = ServerHandler(session: session) { answer($0, $1, number) }
            try channel.pipeline.syncOperations.addHandler(handler)
        }
    }

    /// Answers every request with 200 and its own body.
    static func echo(
        _ place: Place = .ipv4(port: 0), tls: NIOSSLContext? = nil,
        limits: SessionLimits = SessionLimits()
    ) async throws -> TestServer {
        try await http2(place, tls: tls, limits: limits) { request, reply, _ in
            var fields = HeaderFields()
            fields.append("x-path", request.path)
            fields.append("x-authority", request.authority)
            reply.send(ServerResponse(status: 200, fields: fields, body: request.body))
        }
    }

    /// Says these bytes on the first that it reads, or on connecting.
    static func raw(
        _ bytes: [UInt8], atOnce: Bool = false, thenCloses: Bool = false
    ) async throws -> TestServer {
        try await listen { channel, _ in
            try channel.pipeline.syncOperations.addHandler(
                RawHandler(bytes, atOnce: atOnce, thenCloses: thenCloses))
        }
    }

    /// Connections taken, and how many of them are open.
    func counts() async throws -> (taken: Int, open: Int) {
        try await loop.submit { [connections] in
            (connections.value.count, connections.value.filter(\.isActive).count)
        }.get()
    }

    /// As a process that is killed: the listener and all connections at once.
    func stop() async throws {
        try? await channel.close()
        let all = try await loop.submit { [connections] in connections.value }.get()
        for connection in all { try? await connection.close() }
    }
}

private final class RawHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private var bytes: [UInt8]?
    private let atOnce: Bool
    private let thenCloses: Bool

    init(_ bytes: [UInt8], atOnce: Bool, thenCloses: Bool) {
        self.bytes = bytes
        self.atOnce = atOnce
        self.thenCloses = thenCloses
    }

    func channelActive(context: ChannelHandlerContext) { if atOnce { speak(context) } }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { speak(context) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func speak(_ context: ChannelHandlerContext) {
        guard let bytes else { return }
        self.bytes = nil
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        if thenCloses { context.close(promise: nil) }
    }
}

/// Frames by hand (RFC 9113 section 4.1).
func rawFrame(
    type: UInt8, flags: UInt8 = 0, stream: UInt8 = 0, _ payload: [UInt8] = []
) -> [UInt8] {
    [0, UInt8(payload.count >> 8), UInt8(payload.count & 255), type, flags, 0, 0, 0, stream]
        + payload
}
