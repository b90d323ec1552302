// SPDX-License-Identifier: Apache-2.0
// A server that sends what a test tells it to, octet by octet, and a pool that calls it; both on
// one event loop, so that nothing depends on time.

import DragomanBackends
import DragomanHTTP
import NIOCore
import NIOPosix

/// One connection as the server sees it. Used on the loop only.
final class Peer: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    /// From 0, in order of arrival.
    let index: Int
    var received = ""
    var onReceive: ((Peer) -> Void)?
    var channel: (any Channel)?
    var isOpen: Bool { channel?.isActive ?? false }

    init(index: Int) { self.index = index }

    func channelActive(context: ChannelHandlerContext) { channel = context.channel }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        received += String(buffer: unwrapInboundIn(data))
        onReceive?(self)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func send(_ text: String) {
        channel?.writeAndFlush(ByteBuffer(string: text), promise: nil)
    }

    func close() { channel?.close(promise: nil) }

    /// Closes with RST instead of FIN.
    func reset() {
        guard let channel else { return }
        let linger = linger(l_onoff: 1, l_linger: 0)
        (channel as? any SocketOptionProvider)?.setSoLinger(linger).assumeIsolated()
            .whenComplete { _ in channel.close(promise: nil) }
    }

    func later(_ delay: TimeAmount, _ body: @escaping () -> Void) {
        channel?.eventLoop.assumeIsolated().scheduleTask(in: delay, body)
    }

    /// Answers each whole head without a body in turn.
    func answerEachHead(_ answer: @escaping (Peer, String) -> Void) {
        onReceive = { peer in
            while let end = peer.received.range(of: "\r\n\r\n") {
                let head = String(peer.received[..<end.upperBound])
                peer.received = String(peer.received[end.upperBound...])
                answer(peer, head)
            }
        }
    }
}

extension String {
    fileprivate func range(of text: String) -> Range<Index>? { ranges(of: text).first }
}

/// What a call ended with.
struct Answer: Sendable {
    var status = 0
    var fields = HeaderFields()
    var body = ByteBuffer()
    var trailers: HeaderFields?
    var failure: BackendFailure?
    var heads = 0

    var text: String { String(buffer: body) }
}

final class Receiver: BackendReceiver {
    var answer = Answer()
    var call: BackendCall?
    let promise: EventLoopPromise<Answer>
    var onHead: (() -> Void)?
    var onBody: (() -> Void)?
    var onWritable: (() -> Void)?

    init(_ promise: EventLoopPromise<Answer>) { self.promise = promise }

    func backendReceivedHead(status: Int, fields: HeaderFields) {
        answer.status = status
        answer.fields = fields
        answer.heads += 1
        onHead?()
    }

    func backendReceivedBody(_ bytes: ByteBuffer) {
        answer.body.writeImmutableBuffer(bytes)
        onBody?()
    }

    func backendReceivedEnd(trailers: HeaderFields?) {
        answer.trailers = trailers
        promise.succeed(answer)
    }

    func backendFailed(_ failure: BackendFailure) {
        answer.failure = failure
        promise.succeed(answer)
    }

    func backendBecameWritable() { onWritable?() }
}

/// Proof for `@unchecked Sendable`: everything mutable is touched on `loop` only; each method
/// gets there first.
final class Stage: @unchecked Sendable {
    let loop: any EventLoop
    private let group: MultiThreadedEventLoopGroup
    private var listener: (any Channel)?
    private(set) var peers: [Peer] = []
    private(set) var pool: BackendPool?

    /// Runs `body` with a server of that behaviour and an HTTP/1.1 upstream to it.
    static func run(
        limits: UpstreamLimits = .patient,
        _ behaviour: @escaping @Sendable (Peer) -> Void,
        _ body: (Stage) async throws -> Void
    ) async throws {
        let stage = Stage()
        try await stage.start(limits, behaviour)
        do { try await body(stage) } catch {
            try await stage.stop()
            throw error
        }
        try await stage.stop()
    }

    private init() {
        group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        loop = group.next()
    }

    private func start(
        _ limits: UpstreamLimits, _ behaviour: @escaping @Sendable (Peer) -> Void
    ) async throws {
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let peer = Peer(index: self.peers.count)
                    self.peers.append(peer)
                    behaviour(peer)
                    try channel.pipeline.syncOperations.addHandler(peer)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let port = listener.localAddress?.port ?? 0
        try await loop.submit {
            self.listener = listener
            self.pool = BackendPool(
                loop: self.loop,
                upstreams: [
                    UpstreamConfiguration(
                        name: "raw", endpoints: [Endpoint(.host("127.0.0.1", port: port))],
                        backendProtocol: .http1, limits: limits)
                ])
        }.get()
    }

    private func stop() async throws {
        try await loop.flatSubmit { () -> EventLoopFuture<Void> in
            self.pool?.close()
            return self.pool?.shutdown() ?? self.loop.makeSucceededVoidFuture()
        }.get()
        try await loop.submit { self.pool = nil }.get()
        try await listener?.close().get()
        try await group.shutdownGracefully()
    }

    /// Makes a call on the loop; `control` runs right after it has begun.
    func call(
        _ request: @escaping @Sendable () -> BackendRequest,
        control: @escaping @Sendable (BackendCall, Receiver) -> Void = { _, _ in }
    ) async throws -> Answer {
        try await loop.flatSubmit { () -> EventLoopFuture<Answer> in
            let receiver = Receiver(self.loop.makePromise())
            guard let pool = self.pool else { return receiver.promise.futureResult }
            let call = pool.start(request(), upstream: 0, receiver: receiver)
            receiver.call = call
            control(call, receiver)
            return receiver.promise.futureResult
        }.get()
    }

    func get(_ path: String = "/", isIdempotent: Bool = true) async throws -> Answer {
        try await call { BackendRequest(method: "GET", path: path, isIdempotent: isIdempotent) }
    }

    /// From the loop, on it.
    func later(_ delay: TimeAmount, _ body: @escaping () -> Void) {
        loop.assumeIsolated().scheduleTask(in: delay, body)
    }

    /// On the loop.
    func see<Value: Sendable>(_ look: @escaping @Sendable (Stage) -> Value) async throws -> Value {
        try await loop.submit { look(self) }.get()
    }

    /// Waits until the server has seen the end of that connection.
    func peerClosed(_ index: Int) async throws {
        try await loop.flatSubmit { () -> EventLoopFuture<Void> in
            self.peers[index].channel?.closeFuture ?? self.loop.makeSucceededVoidFuture()
        }.get()
    }
}
