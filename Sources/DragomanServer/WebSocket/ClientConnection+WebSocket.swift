// SPDX-License-Identifier: Apache-2.0
// A connection that has become a WebSocket: messages to its handler and back, signs of life, and
// the closing handshake (RFC 6455).

internal import DragomanGateway
internal import DragomanHTTP
internal import NIOCore

/// What a connection keeps while it is a WebSocket.
struct WebSocketState {
    var reader: WebSocketReader
    /// Our Close frame is on its way: only the client's is waited for.
    var isClosing = false
    /// Pings since anything came.
    var pingsUnanswered = 0
}

extension ClientConnection {
    private static let pingInterval = TimeAmount.seconds(15)

    func acceptWebSocket(_ fields: HeaderFields, messageBytesMax: Int) {
        guard let context, !response.isHeadSent, case .answering = state else { return }
        var buffer = context.channel.allocator.buffer(capacity: 512)
        response.writeSwitch(fields: fields, date: worker.date(), to: &buffer)
        write(buffer)
        flushSoon()
        webSocket = WebSocketState(reader: WebSocketReader(messageBytesMax: messageBytesMax))
        state = .webSocket
        arm(Self.pingInterval)
    }

    func sendMessage(_ text: UnsafeRawBufferPointer) {
        guard let webSocket, !webSocket.isClosing else { return }
        write(WebSocketFrame.text(text))
        flushSoon()
    }

    func closeWebSocket(code: UInt16, reason: String) {
        guard let webSocket, !webSocket.isClosing else { return }
        sayClose(code, reason)
        response.isComplete = true
        if !isInsideRead { releaseHandler() }
        readAgainIfWanted()
    }

    /// The client answers with its own, which ends the connection; but not for long.
    private func sayClose(_ code: UInt16, _ reason: String) {
        webSocket?.isClosing = true
        isBodyPaused = false
        write(WebSocketFrame.close(code, reason))
        flushSoon()
        arm(limits.linger)
    }

    func readFrames(_ bytes: inout ByteBuffer) {
        webSocket?.pingsUnanswered = 0
        do throws(WebSocketError) {
            while case .webSocket = state, let event = try webSocket?.reader.next(&bytes) {
                take(event)
            }
        } catch {
            // Where frames begin is not known any more: what still comes is thrown away.
            if webSocket?.isClosing == false {
                write(WebSocketFrame.close(error.code, error.reason))
            }
            clientLeft()
            return linger()
        }
        if webSocket?.isClosing == true, response.isComplete { releaseHandler() }
    }

    private func take(_ event: WebSocketReader.Event) {
        let isClosing = webSocket?.isClosing ?? true
        switch event {
        case .message(let message):
            if !isClosing { handler?.receivedMessage(message) }
        case .ping(let payload):
            if !isClosing { write(WebSocketFrame.pong(payload)) }
        case .pong: break
        case .close(let code):
            if isClosing { return closeAfterFlush() }
            webSocket?.isClosing = true
            write(WebSocketFrame.close(code, ""))
            clientLeft()
            closeAfterFlush()
        }
    }

    /// The client ends what is under way.
    private func clientLeft() {
        let last = handler
        handler = nil
        last?.clientGone()
        last?.released()
    }

    /// A sign of life is due, or the end of the wait for the client's Close.
    func beat() {
        guard let webSocket, !webSocket.isClosing else { return closeNow() }
        if webSocket.pingsUnanswered >= 2, !isBodyPaused { return closeNow() }
        self.webSocket?.pingsUnanswered += 1
        write(WebSocketFrame.ping)
        flushIfNeeded()
        arm(Self.pingInterval)
    }

    /// The server stops.
    func goAway() {
        guard case .webSocket = state, webSocket?.isClosing == false else { return }
        write(WebSocketFrame.close(1001, ""))
        flushIfNeeded()
    }
}
