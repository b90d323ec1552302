// SPDX-License-Identifier: Apache-2.0
// Making the nghttp2 session of a server, the functions it calls, and what they record.

internal import CNGHTTP2
internal import DragomanHTTP
internal import NIOCore

/// The session that the library's user data points to; it lives while the library runs.
private func session(_ user: UnsafeMutableRawPointer?) -> ServerSession? {
    user.map { Unmanaged<ServerSession>.fromOpaque($0).takeUnretainedValue() }
}

/// Nil when there is no memory.
func makeServerHandle() -> OpaquePointer? {
    var callbacks: OpaquePointer?
    var option: OpaquePointer?
    // Each gives 0 or NGHTTP2_ERR_NOMEM.
    guard nghttp2_session_callbacks_new(&callbacks) == 0 else { return nil }
    defer { nghttp2_session_callbacks_del(callbacks) }
    guard nghttp2_option_new(&option) == 0 else { return nil }
    defer { nghttp2_option_del(option) }
    nghttp2_option_set_no_closed_streams(option, 1)
    dragoman_option_set_flood_limits(option)
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
        frame.flatMap { session(user)?.recordHeadersBegin($0) } ?? 0
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) {
        _, _, name, nameCount, value, valueCount, _, user in
        session(user)?.recordField(
            UnsafeRawBufferPointer(start: name, count: nameCount),
            UnsafeRawBufferPointer(start: value, count: valueCount)) ?? 0
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
        frame.flatMap { session(user)?.recordFrame($0) } ?? 0
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
        _, _, id, data, count, user in
        session(user)?.recordData(id, UnsafeRawBufferPointer(start: data, count: count)) ?? 0
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, _, user in
        session(user)?.streams[id] = nil
        return 0
    }
    nghttp2_session_callbacks_set_send_data_callback(callbacks) {
        _, _, header, length, source, user in
        guard let header, let stream = stream(source) else { return 0 }
        return session(user)?.copyResponse(stream, header, length) ?? 0
    }
    var handle: OpaquePointer?
    guard nghttp2_session_server_new2(&handle, callbacks, nil, option) == 0 else { return nil }
    return handle
}

private func stream(_ source: UnsafeMutablePointer<nghttp2_data_source>?) -> ServerStream? {
    source?.pointee.ptr.map { Unmanaged<ServerStream>.fromOpaque($0).takeUnretainedValue() }
}

/// Given to `nghttp2_submit_response` with the stream as its source; the stream is in the
/// session's table as long as the library has it.
let readResponseCallback: nghttp2_data_source_read_callback = {
    library, id, _, length, flags, source, _ in
    guard let stream = stream(source), let library else { return 0 }
    let count = min(length, stream.outbound.byteCount)
    var raised: UInt32 = count > 0 ? NGHTTP2_DATA_FLAG_NO_COPY.rawValue : 0
    if count == stream.outbound.byteCount {
        raised |= NGHTTP2_DATA_FLAG_EOF.rawValue
        if let trailers = stream.outbound.trailers {
            raised |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
            submitTrailers(library, id, trailers)
        }
    }
    flags?.pointee |= raised
    return count
}

extension ServerSession {
    func recordHeadersBegin(_ frame: UnsafePointer<nghttp2_frame>) -> Int32 {
        let id = frame.pointee.hd.stream_id
        if let stream = streams[id] {
            stream.request.trailers = HeaderFields()
            recording = stream
        } else {
            let stream = ServerStream(id)
            streams[id] = stream
            recording = stream
        }
        return 0
    }

    func recordField(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) -> Int32 {
        guard let recording else { return 0 }
        recording.fieldsBytes += name.count + value.count + 32
        if recording.fieldsBytes > limits.fieldsBytesMax
            || recording.request.fields.count >= limits.fieldsMax
        {
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
        if name.equals(":method") {
            recording.request.method = String(decoding: value, as: UTF8.self)
        } else if name.equals(":path") {
            recording.request.path = String(decoding: value, as: UTF8.self)
        } else if name.equals(":authority") {
            recording.request.authority = String(decoding: value, as: UTF8.self)
        } else if name.first != 0x3A {
            if recording.isHeadSeen {
                recording.request.trailers?.append(name: name, value: value)
            } else {
                recording.request.fields.append(name: name, value: value)
            }
        }
        return 0
    }

    func recordFrame(_ frame: UnsafePointer<nghttp2_frame>) -> Int32 {
        let header = frame.pointee.hd
        let kind = UInt32(header.type)
        guard kind == NGHTTP2_HEADERS.rawValue || kind == NGHTTP2_DATA.rawValue,
            let stream = streams[header.stream_id]
        else { return 0 }
        recording = nil
        stream.isHeadSeen = true
        if header.flags & 1 != 0 {
            whole.append(stream.request)
            stream.request.body = ByteBuffer()
        }
        return 0
    }

    func recordData(_ id: Int32, _ bytes: UnsafeRawBufferPointer) -> Int32 {
        guard let stream = streams[id] else { return 0 }
        if stream.request.body.readableBytes + bytes.count > limits.bodyBytesMax {
            reset(id, code: NGHTTP2_ENHANCE_YOUR_CALM.rawValue)
            stream.request.body = ByteBuffer()
            return 0
        }
        stream.request.body.writeBytes(bytes)
        return 0
    }

    func copyResponse(
        _ stream: ServerStream, _ frameHeader: UnsafePointer<UInt8>, _ length: Int
    ) -> Int32 {
        output.writeBytes(UnsafeRawBufferPointer(start: frameHeader, count: 9))
        stream.outbound.take(length, into: &output)
        return 0
    }
}
