// SPDX-License-Identifier: Apache-2.0
// Making the nghttp2 session of a client, and the functions it calls.

internal import CNGHTTP2

/// Lends the session that the library's user data points to; it lives while the library runs, so
/// it is not retained for the call.
@inline(__always)
private func within(
    _ user: UnsafeMutableRawPointer?, _ body: (ClientSession) -> Int32
) -> Int32 {
    guard let user else { return 0 }
    return Unmanaged<ClientSession>.fromOpaque(user)._withUnsafeGuaranteedRef(body)
}

func entry(_ setting: nghttp2_settings_id, _ value: Int) -> nghttp2_settings_entry {
    nghttp2_settings_entry(
        settings_id: Int32(setting.rawValue), value: UInt32(truncatingIfNeeded: value))
}

/// Nil when there is no memory.
func makeClientHandle() -> OpaquePointer? {
    var callbacks: OpaquePointer?
    var option: OpaquePointer?
    // Each gives 0 or NGHTTP2_ERR_NOMEM.
    guard nghttp2_session_callbacks_new(&callbacks) == 0 else { return nil }
    defer { nghttp2_session_callbacks_del(callbacks) }
    guard nghttp2_option_new(&option) == 0 else { return nil }
    defer { nghttp2_option_del(option) }
    nghttp2_option_set_no_auto_window_update(option, 1)
    nghttp2_option_set_no_closed_streams(option, 1)
    nghttp2_option_set_max_reserved_remote_streams(option, 0)
    nghttp2_option_set_max_settings(option, 32)
    nghttp2_option_set_max_outbound_ack(option, 1000)
    // White space around values is taken off here rather than the answer refused.
    nghttp2_option_set_no_rfc9113_leading_and_trailing_ws_validation(option, 1)
    dragoman_option_set_flood_limits(option)
    setClientCallbacks(callbacks)
    var handle: OpaquePointer?
    guard nghttp2_session_client_new2(&handle, callbacks, nil, option) == 0 else { return nil }
    return handle
}

private func setClientCallbacks(_ callbacks: OpaquePointer?) {
    nghttp2_session_callbacks_set_on_begin_headers_callback(callbacks) { _, frame, user in
        guard let frame else { return 0 }
        return within(user) { $0.recordHeadersBegin(frame) }
    }
    nghttp2_session_callbacks_set_on_header_callback(callbacks) {
        _, _, name, nameCount, value, valueCount, _, user in
        within(user) {
            $0.recordField(
                UnsafeRawBufferPointer(start: name, count: nameCount),
                UnsafeRawBufferPointer(start: value, count: valueCount))
        }
    }
    nghttp2_session_callbacks_set_on_invalid_header_callback(callbacks) {
        _, _, name, nameCount, _, _, _, user in
        within(user) {
            $0.recordInvalidField(UnsafeRawBufferPointer(start: name, count: nameCount))
        }
    }
    nghttp2_session_callbacks_set_on_frame_recv_callback(callbacks) { _, frame, user in
        guard let frame else { return 0 }
        return within(user) { $0.recordFrame(frame) }
    }
    nghttp2_session_callbacks_set_on_data_chunk_recv_callback(callbacks) {
        _, _, id, data, count, user in
        guard let data else { return 0 }
        return within(user) { $0.recordData(id, data, count) }
    }
    nghttp2_session_callbacks_set_on_stream_close_callback(callbacks) { _, id, code, user in
        within(user) { $0.recordClose(id, code: code) }
    }
    nghttp2_session_callbacks_set_on_frame_send_callback(callbacks) { _, frame, user in
        guard let frame else { return 0 }
        return within(user) { $0.recordSent(frame) }
    }
    nghttp2_session_callbacks_set_send_data_callback(callbacks) {
        _, _, header, length, source, user in
        guard let header, let stream = source?.pointee.ptr else { return 0 }
        return within(user) { $0.copyOutbound(.fromOpaque(stream), header, length) }
    }
    nghttp2_session_callbacks_set_error_callback2(callbacks) { _, _, message, length, user in
        guard let message else { return 0 }
        return within(user) { $0.recordMessage(message, length) }
    }
}

/// Given to `nghttp2_submit_request` with the stream as its source.
let readOutboundCallback: nghttp2_data_source_read_callback = {
    _, _, _, length, flags, source, user in
    guard let stream = source?.pointee.ptr else { return 0 }
    return Int(within(user) { $0.offerOutbound(.fromOpaque(stream), length, flags) })
}

extension ClientSession {
    func recordMessage(_ message: UnsafePointer<CChar>, _ length: Int) -> Int32 {
        let text = UnsafeRawBufferPointer(start: message, count: min(length, 256))
        libraryMessage = String(decoding: text, as: UTF8.self)
        return 0
    }
}
