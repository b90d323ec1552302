// SPDX-License-Identifier: Apache-2.0
// What the holder of a client session does with requests.

internal import CNGHTTP2
package import DragomanHTTP
package import NIOCore

extension ClientSession {
    /// How many more requests the peer and our own bound allow now.
    package var requestsMore: Int {
        isGoingAway || failure != nil ? 0 : min(limits.streamsMax, peerStreamsMax) - streamsOpen
    }

    /// Sends a request; its head is in `output` on return. `body` nil: there is none. Nil when the
    /// session takes no more requests, which `requestsMore` tells beforehand but for the use of
    /// the last stream identifier.
    package func submit(
        _ head: ClientRequestHead, fields: HeaderFields, body: OutboundQueue?,
        receiver: any ClientStreamReceiver
    ) -> ClientStream? {
        guard requestsMore > 0 else { return nil }
        fillVector(head, fields: fields)
        let stream = spare.popLast() ?? ClientStream()
        let pointer = Unmanaged.passUnretained(stream).toOpaque()
        let id: Int32
        if let body {
            stream.isWritable = body.byteCount < ClientStream.queueBytesMax
            stream.outbound = body
            var provider = nghttp2_data_provider()
            provider.source.ptr = pointer
            provider.read_callback = readOutboundCallback
            id = nghttp2_submit_request(
                handle, nil, vector.entries, vector.count, &provider, pointer)
        } else {
            stream.isLocalEnded = true
            id = nghttp2_submit_request(handle, nil, vector.entries, vector.count, nil, pointer)
        }
        // NGHTTP2_ERR_STREAM_ID_NOT_AVAILABLE: 2^30 requests have gone this way. NGHTTP2_ERR_NOMEM
        // is treated alike: this connection takes no more.
        guard id > 0 else { return refuse(stream) }
        stream.id = id
        stream.receiver = receiver
        stream.slot = streams.count
        streams.append(stream)
        streamsOpen += 1
        // The head is written while the vector still holds its text. The library writes heads
        // before data, and holds none back while `requestsMore` was positive.
        while lastHeadersSent != id, takeFrame() {}
        if lastHeadersSent != id {
            nghttp2_submit_rst_stream(handle, 0, id, NGHTTP2_CANCEL.rawValue)
            stream.receiver = nil
            isGoingAway = true
            return nil
        }
        if id >= Int32.max - 2 { isGoingAway = true }
        return stream
    }

    private func refuse(_ stream: ClientStream) -> ClientStream? {
        stream.reset()
        spare.append(stream)
        isGoingAway = true
        return nil
    }

    private func fillVector(_ head: ClientRequestHead, fields: HeaderFields) {
        vector.removeAll(
            roomFor: fields.count + 5,
            bytes: fields.byteCount + head.method.utf8.count + head.path.utf8.count
                + head.authority.utf8.count + 20)
        switch head.method {
        case "POST": vector.append(":method", "POST")
        case "GET": vector.append(":method", "GET")
        default: vector.append(":method", head.method)
        }
        if head.isTLS {
            vector.append(":scheme", "https")
        } else {
            vector.append(":scheme", "http")
        }
        vector.append(":path", head.path)
        vector.append(":authority", head.authority)
        vector.append(contentsOf: fields)
        if let length = head.contentLength {
            vector.append("content-length", String(length), isIndexed: false)
        }
    }

    /// More of a streamed body.
    package func send(_ bytes: ByteBuffer, on stream: ClientStream) {
        stream.outbound.append(bytes)
        if stream.outbound.byteCount >= ClientStream.queueBytesMax { stream.isWritable = false }
        resumeOutbound(stream)
    }

    package func finish(trailers: HeaderFields?, on stream: ClientStream) {
        stream.outbound.finish(trailers: trailers)
        resumeOutbound(stream)
    }

    private func resumeOutbound(_ stream: ClientStream) {
        guard stream.isDeferred, !stream.isClosed else { return }
        stream.isDeferred = false
        // NGHTTP2_ERR_INVALID_ARGUMENT when the stream is gone or has no data deferred; NOMEM.
        _ = nghttp2_session_resume_data(handle, stream.id)
    }

    /// Ends a stream from our side, CANCEL unless told otherwise. Its receiver hears no more.
    package func cancel(_ stream: ClientStream, code: UInt32 = 8) {
        stream.receiver = nil
        stream.outbound = OutboundQueue()
        stream.held.removeAll()
        if stream.isClosed {
            if !stream.isResumed { recycle(stream) }
        } else {
            // NOMEM, or an identifier of 0, which this is not.
            _ = nghttp2_submit_rst_stream(handle, 0, stream.id, code)
        }
    }

    /// From now on data of the stream is kept here, and its window stays as full as it is.
    package func pause(_ stream: ClientStream) { stream.isPaused = true }

    /// What was kept is delivered by the next `actOnEvents`.
    package func resume(_ stream: ClientStream) {
        stream.isPaused = false
        guard !stream.isResumed, !stream.held.isEmpty || stream.isEndHeld else { return }
        stream.isResumed = true
        resumed.append(stream)
    }
}
