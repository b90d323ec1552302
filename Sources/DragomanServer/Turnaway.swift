// SPDX-License-Identifier: Apache-2.0
// Connections beyond `limits.connections`: each gets a 503 and is closed; the log says so, once a
// second at most.

internal import NIOCore
internal import Synchronization

enum Turnaway {
    /// Beyond so many at a time they are closed without a word.
    private static let politeMax = 64
    private static let linger = TimeAmount.seconds(1)
    private static let polite = Atomic<Int>(0)
    /// Second of the last line in the log, and how many were refused since.
    private static let loggedSecond = Atomic<UInt64>(0)
    private static let unlogged = Atomic<Int>(0)

    /// The child channel's initialiser, where there is no room for it.
    static func refuse(
        _ channel: any Channel, _ count: ConnectionCount, _ isTLS: Bool
    ) -> EventLoopFuture<Void> {
        log(count.connectionsMax)
        guard !isTLS, polite.wrappingAdd(1, ordering: .relaxed).newValue <= politeMax else {
            if !isTLS { polite.wrappingSubtract(1, ordering: .relaxed) }
            return channel.close()
        }
        channel.closeFuture.whenComplete { _ in polite.wrappingSubtract(1, ordering: .relaxed) }
        return channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(
                TurnawayHandler(connectionsMax: count.connectionsMax, linger: linger))
        }
    }

    private static func log(_ connectionsMax: Int) {
        let refused = unlogged.wrappingAdd(1, ordering: .relaxed).newValue
        let second = NIODeadline.now().uptimeNanoseconds / 1_000_000_000
        let last = loggedSecond.load(ordering: .relaxed)
        guard second > last,
            loggedSecond.compareExchange(expected: last, desired: second, ordering: .relaxed)
                .exchanged
        else { return }
        unlogged.store(0, ordering: .relaxed)
        Log.write(
            .warning, "connections refused",
            ["refused": .number(refused), "limit": .number(connectionsMax)])
    }
}

/// Says 503, reads what the client sends so that it sees that, and closes.
private final class TurnawayHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let connectionsMax: Int
    private let linger: TimeAmount

    init(connectionsMax: Int, linger: TimeAmount) {
        self.connectionsMax = connectionsMax
        self.linger = linger
    }

    func channelActive(context: ChannelHandlerContext) {
        let body =
            #"{"type":"urn:dragoman:problem:overloaded","title":"The gateway is at its limit","#
            + #""status":503,"detail":"There are as many connections as there may be.","#
            + #""limit":{"name":"connections","value":"\#(connectionsMax)"}}"#
        let head =
            "HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/problem+json\r\n"
            + "content-length: \(body.utf8.count)\r\nretry-after: 1\r\nconnection: close\r\n\r\n"
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: head + body)), promise: nil)
        context.close(mode: .output, promise: nil)
        let channel = context.channel
        context.eventLoop.scheduleTask(in: linger) { channel.close(promise: nil) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.inputClosed) = event as? ChannelEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}
