// SPDX-License-Identifier: Apache-2.0
// What a stream ends with when no whole answer came.

internal import CNGHTTP2

package struct StreamFailure: Error, Sendable {
    package enum Kind: Sendable {
        /// RST_STREAM from the peer.
        case reset
        /// REFUSED_STREAM, or a GOAWAY whose last stream is below this one.
        case refused
        /// The connection ended.
        case closed
        /// What the peer sent is not HTTP/2, or not a valid answer.
        case violation
        /// A header block over its bound.
        case fieldsTooLarge
    }

    package var kind: Kind
    package var detail: String
    /// False: the peer says that it has not acted on the request, or was never sent it.
    package var mayHaveBeenProcessed: Bool
    /// RFC 9113 section 7.
    package var code: UInt32?

    package init(
        _ kind: Kind, _ detail: String, mayHaveBeenProcessed: Bool = true, code: UInt32? = nil
    ) {
        self.kind = kind
        self.detail = detail
        self.mayHaveBeenProcessed = mayHaveBeenProcessed
        self.code = code
    }

    /// The registered name of an error code, `0x2a` for one without.
    package static func name(_ code: UInt32) -> String {
        if code <= NGHTTP2_HTTP_1_1_REQUIRED.rawValue, let text = nghttp2_http2_strerror(code) {
            return String(cString: text)
        }
        return "0x" + String(code, radix: 16)
    }
}
