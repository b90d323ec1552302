// SPDX-License-Identifier: Apache-2.0
// Where the gateway meets the client's connection: what an exchange may do to its client, and
// what a connection tells whoever answers its requests. Everything on one event loop.

package import DragomanHTTP
package import NIOCore

/// A client's connection as the one answering a request sees it.
package protocol ClientSide: AnyObject {
    /// The client's address without port, for forwarding and logs; `unix` for a local socket.
    var address: String { get }
    /// The address that the client connected to, with its port.
    var localAddress: String { get }
    var isTLS: Bool { get }
    /// Whether more of a streamed answer should be sent now.
    var isWritable: Bool { get }

    /// 100 (Continue), where the client waits for it; else nothing.
    func sendContinue()
    /// A whole answer. Date, framing and Connection are the connection's own business.
    func sendResponse(status: Int, fields: HeaderFields, body: UnsafeRawBufferPointer)
    /// The head of a streamed answer. `length` nil: not known.
    func sendHead(status: Int, fields: HeaderFields, length: Int?)
    func sendBody(_ bytes: ByteBuffer)
    func sendEnd()
    /// A streamed answer can not be finished: what was written goes out, then the connection
    /// closes without the last chunk.
    func breakOff()
    /// How long the client may be silent within the request's body; nil: someone else watches.
    func setBodyIdle(_ time: TimeAmount?)
    /// Holds back the rest of the request's body, and lets it go on.
    func pauseBody()
    func resumeBody()

    /// Answers the handshake with 101: from now on the connection is a WebSocket, and the handler
    /// gets `receivedMessage`. A longer message ends it with the code 1009.
    func acceptWebSocket(_ fields: HeaderFields, messageBytesMax: Int)
    /// One text message.
    func sendMessage(_ text: UnsafeRawBufferPointer)
    /// The last frame; ends the exchange as `sendEnd` does.
    func closeWebSocket(code: UInt16, reason: String)
}

/// Whoever answers one request. The connection calls `begin`, then `receivedBody` and
/// `receivedEnd` unless the answer is complete by then; `clientGone` at any point ends it all.
package protocol RequestHandler: AnyObject {
    func begin(_ head: RequestHead, client: any ClientSide)
    /// Never empty.
    func receivedBody(_ bytes: ByteBuffer)
    /// The body is whole; follows `begin` at once where there is none.
    func receivedEnd()
    /// The client has ended its sending side after the request.
    ///
    /// - Returns: whether the answer is worth going on with.
    func inputClosed() -> Bool
    /// A text message of a WebSocket, UTF-8 or empty.
    func receivedMessage(_ bytes: ByteBuffer)
    /// The body broke the rules of HTTP, came too slowly, or broke off; the connection answers
    /// itself, if nothing was sent, and closes.
    func clientGone()
    /// `isWritable` of the client has changed.
    func clientWritabilityChanged()
    /// The answer has been sent and the connection has let go of the handler.
    func released()
}

extension RequestHandler {
    package func inputClosed() -> Bool { true }
    package func receivedMessage(_ bytes: ByteBuffer) {}
}

/// Makes handlers, for the connections of one event loop.
package protocol RequestHandlerSource: AnyObject {
    func handler() -> any RequestHandler
    /// The whole answer to a request that broke the rules of HTTP or came too slowly.
    func refuse(_ client: any ClientSide, status: Int, limit: String?, detail: String)
}
