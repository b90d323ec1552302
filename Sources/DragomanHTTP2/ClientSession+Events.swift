// SPDX-License-Identifier: Apache-2.0
// Acting on what was recorded while the library ran: the receivers hear of it, and may use the
// session meanwhile.

internal import CNGHTTP2
internal import DragomanHTTP
package import NIOCore

extension ClientSession {
    /// Tells receivers what was recorded since the last call. `bytes`: what the library has read,
    /// which data events point into.
    package func actOnEvents(_ bytes: ByteBuffer? = nil) {
        guard !isActing else { return }
        isActing = true
        var index = 0
        while index < events.count {
            act(on: events[index], bytes)
            index &+= 1
        }
        events.removeAll(keepingCapacity: true)
        if !resumed.isEmpty { deliverHeld() }
        isActing = false
        if failure != nil { failAll() }
    }

    private func act(on event: SessionEvent, _ bytes: ByteBuffer?) {
        switch event.kind {
        case .settings:
            isPeerSettled = true
            peerStreamsMax = Int(
                nghttp2_session_get_remote_settings(
                    handle, NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS))
            hasChanged = true
        case .goingAway:
            isGoingAway = true
            hasChanged = true
        case .pingAnswered: pingsUnanswered = 0
        case .head, .data, .end, .closed, .writable:
            guard let stream = event.stream?.takeUnretainedValue() else { return }
            act(on: event, of: stream, bytes)
        }
    }

    private func act(on event: SessionEvent, of stream: ClientStream, _ bytes: ByteBuffer?) {
        switch event.kind {
        case .head:
            guard let receiver = stream.receiver else { return }
            let fields = stream.fields
            stream.fields = HeaderFields()
            receiver.streamReceivedHead(status: stream.status, fields: fields)
        case .data:
            guard let bytes,
                let part = bytes.getSlice(
                    at: bytes.readerIndex + event.offset, length: event.count)
            else { return }
            receive(part, on: stream)
        case .end:
            if stream.isPaused || !stream.held.isEmpty {
                stream.isEndHeld = true
            } else {
                deliverEnd(stream)
            }
        case .closed: close(stream, code: event.code)
        case .writable:
            // One turn may record it several times.
            guard !stream.isWritable else { return }
            stream.isWritable = true
            stream.receiver?.streamBecameWritable()
        case .settings, .goingAway, .pingAnswered: break
        }
    }

    private func receive(_ part: ByteBuffer, on stream: ClientStream) {
        guard let receiver = stream.receiver else { return }
        if stream.isPaused || !stream.held.isEmpty {
            stream.held.append(part)
        } else {
            receiver.streamReceivedData(part)
            consume(part.readableBytes, of: stream)
        }
    }

    /// Opens the stream's window again; without use once all has come.
    private func consume(_ count: Int, of stream: ClientStream) {
        guard !stream.isRemoteEnded, !stream.isClosed else { return }
        // NOMEM; NGHTTP2_ERR_INVALID_ARGUMENT for stream 0, which this is not.
        _ = nghttp2_session_consume_stream(handle, stream.id, count)
    }

    private func deliverHeld() {
        let again = resumed
        resumed.removeAll(keepingCapacity: true)
        for stream in again {
            // Still marked as resumed, so that no receiver's cancelling gives it to another.
            var index = 0
            while index < stream.held.count, !stream.isPaused, let receiver = stream.receiver {
                let part = stream.held[index]
                index += 1
                receiver.streamReceivedData(part)
                consume(part.readableBytes, of: stream)
            }
            stream.held.removeFirst(min(index, stream.held.count))
            stream.isResumed = false
            if stream.held.isEmpty, stream.isEndHeld, !stream.isPaused { deliverEnd(stream) }
            if stream.isClosed, stream.receiver == nil { recycle(stream) }
        }
    }

    private func deliverEnd(_ stream: ClientStream) {
        guard let receiver = stream.receiver else { return }
        let trailers = stream.trailers
        stream.receiver = nil
        // The peer has answered without waiting for the rest of the request.
        if !stream.isLocalEnded, !stream.isClosed { cancel(stream) }
        receiver.streamReceivedEnd(trailers: trailers)
    }

    private func close(_ stream: ClientStream, code: UInt32) {
        streamsOpen -= 1
        hasChanged = true
        stream.isClosed = true
        if let receiver = stream.receiver, !stream.isEndHeld {
            stream.receiver = nil
            receiver.streamFailed(failureOnClose(stream, code: code))
        }
        if stream.receiver == nil, !stream.isResumed { recycle(stream) }
    }

    private func failureOnClose(_ stream: ClientStream, code: UInt32) -> StreamFailure {
        if let violation = stream.violation { return violation }
        let name = StreamFailure.name(code)
        if stream.isResetByPeer {
            if code == NGHTTP2_REFUSED_STREAM.rawValue {
                return StreamFailure(
                    .refused, "the backend refused the stream", mayHaveBeenProcessed: false,
                    code: code)
            }
            return StreamFailure(.reset, "the backend reset the stream: \(name)", code: code)
        }
        if code == NGHTTP2_REFUSED_STREAM.rawValue {
            let detail = goAwayDetail.map { ": \($0)" } ?? ""
            return StreamFailure(
                .refused, "the backend is going away\(detail)", mayHaveBeenProcessed: false,
                code: code)
        }
        let message = libraryMessage.map { ": \($0)" } ?? ""
        return StreamFailure(
            .violation, "the backend's answer is not valid HTTP/2, \(name)\(message)", code: code)
    }

    func recycle(_ stream: ClientStream) {
        let last = streams.count - 1
        guard stream.slot <= last, streams[stream.slot] === stream else { return }
        streams.swapAt(stream.slot, last)
        streams[stream.slot].slot = stream.slot
        streams.removeLast()
        stream.reset()
        if spare.count < 256 { spare.append(stream) }
    }
}
