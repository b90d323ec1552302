// SPDX-License-Identifier: Apache-2.0
// Joins a server session to a channel.

package import NIOCore

/// Answers one request, now or later, on the channel's event loop.
package struct ServerReply {
    fileprivate weak var handler: ServerHandler?
    package let streamID: Int32

    package func send(_ response: ServerResponse) {
        handler?.respond(response, to: streamID)
    }

    /// RST_STREAM instead of an answer.
    package func reset(code: UInt32) { handler?.reset(streamID, code: code) }

    /// GOAWAY for the whole connection.
    package func goAway(code: UInt32 = 0) { handler?.goAway(code: code) }

    package func closeConnection() { handler?.closeConnection() }
}

package final class ServerHandler: ChannelInboundHandler {
    package typealias InboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    private static let writeBytesMax = 256 * 1024

    private let session: ServerSession
    private let answer: (ServerRequest, ServerReply) -> Void
    private var context: ChannelHandlerContext?
    private var isReading = false
    /// Writing may make the channel tell of its writability from inside.
    private var isSending = false

    /// `answer` is called for each whole request.
    package init(
        session: ServerSession, answer: @escaping (ServerRequest, ServerReply) -> Void
    ) {
        self.session = session
        self.answer = answer
    }

    package func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { sendOutput() }
    }

    package func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

    package func channelActive(context: ChannelHandlerContext) {
        sendOutput()
        context.fireChannelActive()
    }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isReading = true
        for request in session.receive(unwrapInboundIn(data)) {
            answer(request, ServerReply(handler: self, streamID: request.streamID))
        }
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        sendOutput()
        context.fireChannelReadComplete()
    }

    package func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { sendOutput() }
        context.fireChannelWritabilityChanged()
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    fileprivate func respond(_ response: ServerResponse, to id: Int32) {
        session.respond(response, to: id)
        if !isReading { sendOutput() }
    }

    fileprivate func reset(_ id: Int32, code: UInt32) {
        session.reset(id, code: code)
        if !isReading { sendOutput() }
    }

    fileprivate func goAway(code: UInt32) {
        session.goAway(code: code)
        if !isReading { sendOutput() }
    }

    fileprivate func closeConnection() { context?.close(promise: nil) }

    private func sendOutput() {
        guard let context, !isSending else { return }
        isSending = true
        defer { isSending = false }
        while context.channel.isWritable {
            session.fillOutput(bytesMax: Self.writeBytesMax)
            guard session.output.readableBytes > 0 else { break }
            context.writeAndFlush(wrapOutboundOut(session.output), promise: nil)
            session.output.clear()
        }
        if session.isFinished { context.close(promise: nil) }
    }
}

@available(*, unavailable)
extension ServerHandler: Sendable {}
