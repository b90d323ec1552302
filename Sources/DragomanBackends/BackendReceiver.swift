// SPDX-License-Identifier: Apache-2.0
// Who gets the answer of a call, and what a call ends with when there is none.

package import DragomanHTTP
package import NIOCore

/// Gets the events of one call, on its event loop: a head, any number of bodies, then an end; or
/// at any point a failure instead of the rest. Nothing comes after the end, a failure or
/// `BackendCall.cancel`, nothing but a failure between `pauseReading` and `resumeReading`, and
/// never anything from inside a method of `BackendCall` or `BackendPool`. The call holds its
/// receiver until then.
package protocol BackendReceiver: AnyObject {
    /// The final status, at least 200, and its fields. Interim answers (1xx) are dropped.
    func backendReceivedHead(status: Int, fields: HeaderFields)
    /// Never empty. Shares the memory of what was read from the socket: copy it to keep it long.
    func backendReceivedBody(_ bytes: ByteBuffer)
    /// The answer is whole. `trailers` nil: none came.
    func backendReceivedEnd(trailers: HeaderFields?)
    func backendFailed(_ failure: BackendFailure)
    /// Streamed bodies only: `BackendCall.isWritable` was false after a `send`, and is true again.
    func backendBecameWritable()
}

extension BackendReceiver {
    package func backendBecameWritable() {}
}

/// Why there is no answer, or not all of it.
package struct BackendFailure: Error, Sendable {
    package enum Kind: String, Sendable {
        /// No connection: name not found, refused, unreachable, reset, TLS or ALPN failed.
        case connect
        case connectTimeout
        /// The deadline of the request.
        case timeout
        /// The backend reset the stream or the connection.
        case reset
        /// The connection ended in the middle, or the pool is shut down.
        case closed
        /// What came is not HTTP, or not an allowed answer.
        case protocolViolation
        /// The head or the trailers are over a limit.
        case tooLarge
        /// Too many calls wait for a connection.
        case overloaded
    }

    package var kind: Kind
    /// For logs: a sentence that names what came.
    package var detail: String
    /// False: the backend can not have acted on the request, so it may be sent again.
    package var mayHaveBeenProcessed: Bool
    /// The code of RST_STREAM or GOAWAY (RFC 9113 section 7), where one came.
    package var http2Code: UInt32?

    package init(
        _ kind: Kind, _ detail: String, mayHaveBeenProcessed: Bool, http2Code: UInt32? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.mayHaveBeenProcessed = mayHaveBeenProcessed
        self.http2Code = http2Code
    }
}
