// SPDX-License-Identifier: Apache-2.0
// Stands between a backend and an exchange, and keeps what the backend answered: what
// `dragoman test --record` writes into examples.

internal import DragomanBackends
package import DragomanHTTP
internal import NIOCore

/// A backend's answer as it was on the wire.
package struct RecordedReply: Sendable {
    package var status = 0
    package var fields = HeaderFields()
    package var body: [UInt8] = []
    package var trailers = HeaderFields()
    package var isWhole = false
}

final class ReplyRecorder: BackendReceiver {
    private(set) var recorded = RecordedReply()
    private let exchange: Exchange

    init(_ exchange: Exchange) { self.exchange = exchange }

    func backendReceivedHead(status: Int, fields: HeaderFields) {
        recorded.status = status
        recorded.fields = fields
        exchange.backendReceivedHead(status: status, fields: fields)
    }

    func backendReceivedBody(_ bytes: ByteBuffer) {
        recorded.body += bytes.readableBytesView
        exchange.backendReceivedBody(bytes)
    }

    func backendReceivedEnd(trailers: HeaderFields?) {
        recorded.trailers = trailers ?? HeaderFields()
        recorded.isWhole = true
        exchange.backendReceivedEnd(trailers: trailers)
    }

    func backendFailed(_ failure: BackendFailure) { exchange.backendFailed(failure) }

    func backendBecameWritable() { exchange.backendBecameWritable() }
}
