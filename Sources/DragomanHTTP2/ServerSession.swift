// SPDX-License-Identifier: Apache-2.0
// The server's side of one HTTP/2 connection, small and whole: for the demo's backends and for
// tests. Requests are held whole, answers are given whole.

internal import CNGHTTP2
package import DragomanHTTP
package import NIOCore

/// A request that has come in whole.
package struct ServerRequest {
    package internal(set) var streamID: Int32
    package internal(set) var method = ""
    package internal(set) var path = ""
    package internal(set) var authority = ""
    package internal(set) var fields = HeaderFields()
    package internal(set) var body = ByteBuffer()
    package internal(set) var trailers: HeaderFields?
}

package struct ServerResponse {
    package var status: Int
    package var fields: HeaderFields
    package var body: ByteBuffer
    package var trailers: HeaderFields?

    package init(
        status: Int, fields: HeaderFields = HeaderFields(), body: ByteBuffer = ByteBuffer(),
        trailers: HeaderFields? = nil
    ) {
        self.status = status
        self.fields = fields
        self.body = body
        self.trailers = trailers
    }
}

/// What the session keeps of one stream.
final class ServerStream {
    var request: ServerRequest
    var fieldsBytes = 0
    var isHeadSeen = false
    var outbound = OutboundQueue()

    init(_ id: Int32) { request = ServerRequest(streamID: id) }
}

/// Bytes in, requests out; responses in, bytes out. As the client session it acts only when the
/// library has returned.
package final class ServerSession {
    /// Set once; nghttp2 holds an unretained pointer to self until `deinit`.
    let handle: OpaquePointer
    let limits: SessionLimits
    package var output = ByteBuffer()
    var streams: [Int32: ServerStream] = [:]
    var recording: ServerStream?
    var whole: [ServerRequest] = []
    private var isBroken = false

    /// Nil when there is no memory for a session.
    package init?(limits: SessionLimits = SessionLimits()) {
        self.limits = limits
        guard let handle = makeServerHandle() else { return nil }
        self.handle = handle
        nghttp2_session_set_user_data(handle, Unmanaged.passUnretained(self).toOpaque())
        let settings: [nghttp2_settings_entry] = [
            entry(NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS, limits.streamsMax),
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.fieldsBytesMax),
        ]
        // Both fail for want of memory or for values out of range only; the defaults hold then.
        _ = nghttp2_submit_settings(handle, 0, settings, settings.count)
        _ = nghttp2_session_set_local_window_size(
            handle, 0, 0, Int32(truncatingIfNeeded: limits.connectionWindowBytes))
    }

    deinit { nghttp2_session_del(handle) }

    /// Reads what came; the requests that are whole now, in the order of their ends.
    package func receive(_ bytes: ByteBuffer) -> [ServerRequest] {
        let read = bytes.withUnsafeReadableBytes { input in
            nghttp2_session_mem_recv(
                handle, input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count)
        }
        // Fatal codes: NGHTTP2_ERR_BAD_CLIENT_MAGIC, FLOODED, NOMEM.
        if read < 0 { isBroken = true }
        let ready = whole
        whole.removeAll(keepingCapacity: true)
        return ready
    }

    /// Answers; nothing happens when the stream is gone.
    package func respond(_ response: ServerResponse, to id: Int32) {
        guard let stream = streams[id] else { return }
        var vector = FieldVector(isCopied: true)
        vector.removeAll(
            roomFor: response.fields.count + 1, bytes: response.fields.byteCount + 3)
        vector.append(":status", String(response.status))
        vector.append(contentsOf: response.fields)
        if response.body.readableBytes > 0 { stream.outbound.append(response.body) }
        stream.outbound.finish(trailers: response.trailers)
        if stream.outbound.byteCount == 0, response.trailers == nil {
            // NOMEM; NGHTTP2_ERR_DATA_EXIST for a second answer, which is dropped.
            _ = nghttp2_submit_response(handle, id, vector.entries, vector.count, nil)
            return
        }
        var provider = nghttp2_data_provider()
        provider.source.ptr = Unmanaged.passUnretained(stream).toOpaque()
        provider.read_callback = readResponseCallback
        _ = nghttp2_submit_response(handle, id, vector.entries, vector.count, &provider)
    }

    /// Ends a stream with that code.
    package func reset(_ id: Int32, code: UInt32) {
        _ = nghttp2_submit_rst_stream(handle, 0, id, code)
    }

    /// Says that no more streams are taken; those up to the last one seen go on.
    package func goAway(code: UInt32 = 0) {
        let last = nghttp2_session_get_last_proc_stream_id(handle)
        _ = nghttp2_submit_goaway(handle, 0, last, code, nil, 0)
    }

    package var isFinished: Bool {
        isBroken
            || (nghttp2_session_want_read(handle) == 0 && nghttp2_session_want_write(handle) == 0)
    }

    package func fillOutput(bytesMax: Int) {
        while output.readableBytes < bytesMax, !isBroken {
            var frame: UnsafePointer<UInt8>?
            let count = nghttp2_session_mem_send(handle, &frame)
            if count < 0 { isBroken = true }
            guard count > 0, let frame else { return }
            output.writeBytes(UnsafeRawBufferPointer(start: frame, count: count))
        }
    }
}

@available(*, unavailable)
extension ServerSession: Sendable {}
