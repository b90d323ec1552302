// SPDX-License-Identifier: Apache-2.0
// The client's side of one HTTP/2 connection (RFC 9113): bytes in, events out, bytes out. Owns an
// nghttp2_session and does no I/O.
//
// The library calls back while it reads or writes; the callbacks only record (see
// ClientSession+Recording). When it has returned, `actOnEvents` tells the receivers, which may
// use the session at will.

internal import CNGHTTP2
package import NIOCore

/// The pseudo-fields of a request, and the length where it is told.
package struct ClientRequestHead {
    package var method: String
    package var path: String
    package var authority: String
    package var isTLS: Bool
    package var contentLength: Int?

    package init(
        method: String, path: String, authority: String, isTLS: Bool, contentLength: Int? = nil
    ) {
        self.method = method
        self.path = path
        self.authority = authority
        self.isTLS = isTLS
        self.contentLength = contentLength
    }
}

package final class ClientSession {
    /// Set once, in `init`; nghttp2 holds an unretained pointer to self until `deinit`.
    let handle: OpaquePointer
    package let limits: SessionLimits
    /// Frames to send, but for the data of `parts`; see `takeOutput`.
    package var output: ByteBuffer
    /// Data of large bodies, as it was given: each goes out when so many bytes of `output` have.
    var parts: [(offset: Int, data: ByteBuffer)] = []
    private var partBytes = 0
    /// Data frames from this size on are not copied to `output`. Over TLS all are, so that they
    /// share its records.
    package var partBytesMin = 8 * 1024
    /// Streams that the library has, and those whose receiver has not got all of them.
    var streams: [ClientStream] = []
    var spare: [ClientStream] = []
    var vector = FieldVector()

    // Recorded while the library runs:
    var events: [SessionEvent] = []
    /// Start of the bytes that the library is reading; meaningless outside.
    var inputBase: UnsafeRawPointer?
    /// The stream whose header block is being read.
    var recording: Unmanaged<ClientStream>?
    var lastHeadersSent: Int32 = 0
    var libraryMessage: String?
    /// Data of this read, to be given back to the connection's window.
    var receivedBytes = 0

    // What is known of the connection:
    package internal(set) var isPeerSettled = false
    package internal(set) var streamsOpen = 0
    /// No more requests: GOAWAY came, stream identifiers are used up, or `drain` was called.
    package internal(set) var isGoingAway = false
    package internal(set) var pingsUnanswered = 0
    /// Why the connection cannot go on.
    package internal(set) var failure: StreamFailure?
    /// `requestsMore` may have changed since whoever watches has set this to false.
    package var hasChanged = false
    /// Code and text of the peer's GOAWAY.
    var goAwayDetail: String?
    /// Requests from this stream on have not left us.
    var unsentFrom: Int32 = 1
    /// Assumed until the peer's SETTINGS have come.
    package internal(set) var peerStreamsMax: Int
    private var isFirstRead = true
    var resumed: [ClientStream] = []
    var isActing = false

    /// Nil when there is no memory for a session. `streamsAssumed`: what the peer is thought to
    /// allow until it says; 100 is the least it should (RFC 9113 section 6.5.2).
    package init?(limits: SessionLimits = SessionLimits(), streamsAssumed: Int = 100) {
        self.limits = limits
        peerStreamsMax = streamsAssumed
        output = ByteBufferAllocator().buffer(capacity: 16 * 1024)
        // nghttp2_session_client_new2 gives 0 or NGHTTP2_ERR_NOMEM.
        guard let handle = makeClientHandle() else { return nil }
        self.handle = handle
        nghttp2_session_set_user_data(handle, Unmanaged.passUnretained(self).toOpaque())
        submitSettings()
    }

    deinit { nghttp2_session_del(handle) }

    private func submitSettings() {
        let settings: [nghttp2_settings_entry] = [
            entry(NGHTTP2_SETTINGS_ENABLE_PUSH, 0),
            entry(NGHTTP2_SETTINGS_INITIAL_WINDOW_SIZE, limits.streamWindowBytes),
            entry(NGHTTP2_SETTINGS_MAX_HEADER_LIST_SIZE, limits.fieldsBytesMax),
        ]
        // Both fail for want of memory or for values out of range only; either way the library's
        // defaults hold, and the connection works.
        _ = nghttp2_submit_settings(handle, 0, settings, settings.count)
        _ = nghttp2_session_set_local_window_size(
            handle, 0, 0, Int32(truncatingIfNeeded: limits.connectionWindowBytes))
    }

    // MARK: The connection

    /// Asks the peer for a sign of life.
    package func ping() {
        pingsUnanswered += 1
        // NOMEM.
        _ = nghttp2_submit_ping(handle, 0, nil)
    }

    /// Takes no more requests and says so.
    package func drain() {
        guard !isGoingAway else { return }
        isGoingAway = true
        // NOMEM, or NGHTTP2_ERR_INVALID_STATE after a GOAWAY of ours.
        _ = nghttp2_submit_goaway(handle, 0, 0, NGHTTP2_NO_ERROR.rawValue, nil, 0)
    }

    /// Nothing is left to read or write; the connection is to be closed.
    package var isFinished: Bool {
        failure != nil || (isGoingAway && streams.isEmpty)
            || (nghttp2_session_want_read(handle) == 0 && nghttp2_session_want_write(handle) == 0)
    }

    /// Frames can be sent now, the windows allowing.
    package var wantsToSend: Bool { nghttp2_session_want_write(handle) != 0 }

    /// Reads what came and acts on it.
    package func receive(_ bytes: ByteBuffer) {
        guard failure == nil else { return }
        if isFirstRead {
            isFirstRead = false
            failure = Foreigner.recognise(bytes)
            if failure != nil { return failAll() }
        }
        receivedBytes = 0
        libraryMessage = nil
        let read = bytes.withUnsafeReadableBytes { input in
            inputBase = input.baseAddress
            return nghttp2_session_mem_recv(
                handle, input.baseAddress?.assumingMemoryBound(to: UInt8.self), input.count)
        }
        inputBase = nil
        if receivedBytes > 0 {
            // NOMEM; NGHTTP2_ERR_INVALID_STATE can not be, automatic updates are off.
            _ = nghttp2_session_consume_connection(handle, receivedBytes)
        }
        // Fatal codes: NGHTTP2_ERR_NOMEM, CALLBACK_FAILURE (ours, `failure` says why), FLOODED.
        if read < 0 {
            fail(.violation, String(cString: nghttp2_strerror(Int32(truncatingIfNeeded: read))))
        }
        actOnEvents(bytes)
    }

    /// Bytes to send.
    package var outputBytes: Int { output.readableBytes + partBytes }

    /// Moves frames to the output until there are none or it holds more than `bytesMax`.
    package func fillOutput(bytesMax: Int) {
        while outputBytes < bytesMax, takeFrame() {}
    }

    func add(part: ByteBuffer) {
        parts.append((output.readableBytes, part))
        partBytes += part.readableBytes
    }

    /// Hands what is to be sent to `body`, in order, and forgets it.
    package func takeOutput(_ body: (ByteBuffer) -> Void) {
        if parts.isEmpty {
            body(output)
        } else {
            for (offset, data) in parts {
                let count = offset - output.readerIndex
                if count > 0, let frames = output.readSlice(length: count) { body(frames) }
                body(data)
            }
            if output.readableBytes > 0 { body(output) }
            parts.removeAll(keepingCapacity: true)
            partBytes = 0
        }
        output.clear()
        outputSent()
    }

    /// The output has been handed to the socket.
    private func outputSent() {
        unsentFrom = Int32(
            truncatingIfNeeded: min(nghttp2_session_get_next_stream_id(handle), 0x7fff_ffff))
    }

    func takeFrame() -> Bool {
        var frame: UnsafePointer<UInt8>?
        let count = nghttp2_session_mem_send(handle, &frame)
        if count < 0 {
            fail(.closed, String(cString: nghttp2_strerror(Int32(truncatingIfNeeded: count))))
        }
        guard count > 0, let frame else { return false }
        output.writeBytes(UnsafeRawBufferPointer(start: frame, count: count))
        return true
    }

    func fail(_ kind: StreamFailure.Kind, _ detail: String, code: UInt32? = nil) {
        guard failure == nil else { return }
        failure = StreamFailure(kind, detail, code: code)
    }

    /// The channel is gone, or is to be closed for that reason: every stream fails.
    package func connectionEnded(_ failure: StreamFailure) {
        if self.failure == nil { self.failure = failure }
        failAll()
    }

    /// Waits for `actOnEvents` to end where that is under way. The library still points to the
    /// streams, so they stay; an answer held back whole is still delivered.
    func failAll() {
        guard let failure, !isActing else { return }
        isGoingAway = true
        hasChanged = true
        for stream in streams {
            guard let receiver = stream.receiver, !stream.isEndHeld else { continue }
            stream.receiver = nil
            stream.held.removeAll()
            var own = stream.violation ?? failure
            if stream.id >= unsentFrom { own.mayHaveBeenProcessed = false }
            receiver.streamFailed(own)
        }
    }
}
