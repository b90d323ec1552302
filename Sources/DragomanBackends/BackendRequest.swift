// SPDX-License-Identifier: Apache-2.0
// One request to a backend, protocol-neutral: HTTP/2 and HTTP/1.1 write it each in their way.

package import DragomanHTTP
package import NIOCore

/// What to send to a backend.
package struct BackendRequest {
    package enum Body {
        case none
        /// Whole, so that it can be sent again.
        case bytes(ByteBuffer)
        /// Comes by `BackendCall.send` and `finish`. `length` nil: not known.
        case stream(length: Int?)
    }

    package var method: String
    /// Path and query as they stand on the wire.
    package var path: String
    /// Nil: the endpoint's.
    package var authority: String?
    /// Without `host`, `content-length` and hop-by-hop fields, but `te: trailers` for gRPC; valid
    /// by `HeaderFields.isValidName` and `isValidValue`.
    package var fields: HeaderFields
    package var body: Body
    /// Whether HTTP/2 says how long the body is, where that is known (HTTP/1.1 always does). gRPC
    /// does not.
    package var announcesLength: Bool
    /// Whether sending it twice does no harm (RFC 9110 section 9.2.2): then it is sent again
    /// when a connection used before ends without an answer.
    package var isIdempotent: Bool
    /// How long the wait for a connection may take, where that is less than the upstream's own
    /// bound; then the call fails with `.connectTimeout`.
    package var connectTimeout: TimeAmount?
    /// When the call fails with `.timeout`, the wait for a connection included.
    package var deadline: NIODeadline?

    package init(
        method: String, path: String, authority: String? = nil,
        fields: HeaderFields = HeaderFields(), body: Body = .none, announcesLength: Bool = true,
        isIdempotent: Bool = false, deadline: NIODeadline? = nil
    ) {
        self.method = method
        self.path = path
        self.authority = authority
        self.fields = fields
        self.body = body
        self.announcesLength = announcesLength
        self.isIdempotent = isIdempotent
        self.deadline = deadline
    }
}
