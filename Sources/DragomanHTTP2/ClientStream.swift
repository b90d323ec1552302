// SPDX-License-Identifier: Apache-2.0
// One request and its answer on a client session.

package import DragomanHTTP
package import NIOCore

/// Gets what comes on a stream, on the session's event loop and after the library has returned:
/// from the handler's channel events or at the end of a turn, never from inside a method of the
/// session. Nothing comes after the end or a failure; the stream is another's then.
package protocol ClientStreamReceiver: AnyObject {
    /// The final head; interim ones are dropped.
    func streamReceivedHead(status: Int, fields: HeaderFields)
    /// Never empty. Shares the memory of what was read.
    func streamReceivedData(_ bytes: ByteBuffer)
    func streamReceivedEnd(trailers: HeaderFields?)
    func streamFailed(_ failure: StreamFailure)
    /// The queue of a streamed body is short again.
    func streamBecameWritable()
}

/// State of one stream. Objects are used again by their session for later streams, so whoever
/// holds one lets go of it at the stream's end, failure or reset.
package final class ClientStream {
    /// Queued bytes at which `isWritable` turns false, and at which it turns true again.
    static let queueBytesMax = 128 * 1024
    static let queueBytesLow = 32 * 1024

    package internal(set) var id: Int32 = 0
    /// Index in the session's list of streams.
    var slot = 0
    var receiver: (any ClientStreamReceiver)?
    var outbound = OutboundQueue()
    /// The library was told that there is no data for now.
    var isDeferred = false
    package internal(set) var isWritable = true
    /// The request is on its way with its end.
    var isLocalEnded = false

    // Written while the library reads:
    var status = 0
    var isFinalHeadSeen = false
    var fields = HeaderFields()
    var trailers: HeaderFields?
    var fieldsBytes = 0
    /// END_STREAM has been seen.
    var isRemoteEnded = false
    var isResetByPeer = false
    /// Why we end it ourselves.
    var violation: StreamFailure?

    // Written while the recorded events are acted on:
    var isPaused = false
    /// What came while paused, or after until that is delivered.
    var held: [ByteBuffer] = []
    var isEndHeld = false
    /// Stands in the session's list of streams to go on with.
    var isResumed = false
    /// The library has closed it.
    var isClosed = false

    init() {}

    /// As new, but for the capacity of its arrays.
    func reset() {
        id = 0
        receiver = nil
        outbound = OutboundQueue()
        isDeferred = false
        isWritable = true
        isLocalEnded = false
        status = 0
        isFinalHeadSeen = false
        fields = HeaderFields()
        trailers = nil
        fieldsBytes = 0
        isRemoteEnded = false
        isResetByPeer = false
        violation = nil
        isPaused = false
        held.removeAll(keepingCapacity: true)
        isEndHeld = false
        isResumed = false
        isClosed = false
    }
}
