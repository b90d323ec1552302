// SPDX-License-Identifier: Apache-2.0
// The library's callbacks of a client session: one-line trampolines into methods that record and
// never call the library's reading or writing functions, nor a receiver.

internal import CNGHTTP2
internal import DragomanHTTP
internal import NIOCore

extension ClientSession {
    func recordHeadersBegin(_ frame: UnsafePointer<nghttp2_frame>) -> Int32 {
        let id = frame.pointee.hd.stream_id
        guard let pointer = nghttp2_session_get_stream_user_data(handle, id) else {
            recording = nil
            return 0
        }
        let stream = Unmanaged<ClientStream>.fromOpaque(pointer)
        recording = stream
        stream._withUnsafeGuaranteedRef { stream in
            stream.fieldsBytes = 0
            if stream.isFinalHeadSeen {
                stream.trailers = HeaderFields(reservingFields: 4, bytes: 96)
            } else {
                stream.status = 0
                stream.fields = HeaderFields(reservingFields: 8, bytes: 256)
            }
        }
        return 0
    }

    func recordField(
        _ name: UnsafeRawBufferPointer, _ value: UnsafeRawBufferPointer
    ) -> Int32 {
        guard let recording else { return 0 }
        return recording._withUnsafeGuaranteedRef { stream in
            stream.fieldsBytes += name.count + value.count + 32
            if stream.fieldsBytes > limits.fieldsBytesMax
                || stream.fields.count >= limits.fieldsMax
            {
                stream.violation = StreamFailure(
                    .fieldsTooLarge,
                    "header fields over \(limits.fieldsBytesMax) bytes or \(limits.fieldsMax)")
                return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
            }
            if name.first == 0x3A {
                // The library lets only `:status` of three digits through, and only in a head.
                if value.count == 3 {
                    stream.status = value.reduce(0) { $0 * 10 + Int($1 &- 0x30) }
                }
            } else if stream.isFinalHeadSeen {
                stream.trailers?.append(name: name, value: value.withoutOuterSpace)
            } else {
                stream.fields.append(name: name, value: value.withoutOuterSpace)
            }
            return 0
        }
    }

    /// A field whose name or value has octets that none may have.
    func recordInvalidField(_ name: UnsafeRawBufferPointer) -> Int32 {
        guard let recording else { return 0 }
        return recording._withUnsafeGuaranteedRef { stream in
            let shown = String(decoding: name.prefix(64), as: UTF8.self)
            stream.violation = StreamFailure(.violation, "invalid header field '\(shown)'")
            return NGHTTP2_ERR_TEMPORAL_CALLBACK_FAILURE.rawValue
        }
    }

    func recordFrame(_ frame: UnsafePointer<nghttp2_frame>) -> Int32 {
        let header = frame.pointee.hd
        switch UInt32(header.type) {
        case NGHTTP2_HEADERS.rawValue:
            guard let recording else { return 0 }
            recordHeadersEnd(recording, isLast: header.flags & 1 != 0)
        case NGHTTP2_DATA.rawValue where header.flags & 1 != 0:
            guard let stream = stream(header.stream_id) else { return 0 }
            stream._withUnsafeGuaranteedRef { $0.isRemoteEnded = true }
            events.append(SessionEvent(kind: .end, stream: stream))
        case NGHTTP2_RST_STREAM.rawValue:
            stream(header.stream_id)?._withUnsafeGuaranteedRef { $0.isResetByPeer = true }
        case NGHTTP2_SETTINGS.rawValue where header.flags & 1 == 0:
            events.append(SessionEvent(kind: .settings))
        case NGHTTP2_PING.rawValue where header.flags & 1 != 0:
            events.append(SessionEvent(kind: .pingAnswered))
        case NGHTTP2_GOAWAY.rawValue:
            let goAway = frame.pointee.goaway
            let text = UnsafeBufferPointer(
                start: goAway.opaque_data, count: min(goAway.opaque_data_len, 128))
            goAwayDetail = StreamFailure.name(goAway.error_code)
            if !text.isEmpty {
                goAwayDetail? += " '\(String(decoding: text, as: UTF8.self))'"
            }
            events.append(SessionEvent(kind: .goingAway))
        default: break
        }
        return 0
    }

    private func recordHeadersEnd(_ recording: Unmanaged<ClientStream>, isLast: Bool) {
        self.recording = nil
        recording._withUnsafeGuaranteedRef { stream in
            if !stream.isFinalHeadSeen {
                if stream.status < 200 { return }
                stream.isFinalHeadSeen = true
                events.append(SessionEvent(kind: .head, stream: recording))
            }
            if isLast {
                stream.isRemoteEnded = true
                events.append(SessionEvent(kind: .end, stream: recording))
            }
        }
    }

    func recordData(_ id: Int32, _ data: UnsafePointer<UInt8>, _ count: Int) -> Int32 {
        receivedBytes &+= count
        guard let stream = stream(id), let inputBase else { return 0 }
        events.append(
            SessionEvent(
                kind: .data, offset: UnsafeRawPointer(data) - inputBase, count: count,
                stream: stream))
        return 0
    }

    func recordClose(_ id: Int32, code: UInt32) -> Int32 {
        if let stream = stream(id) {
            events.append(SessionEvent(kind: .closed, code: code, stream: stream))
        }
        return 0
    }

    /// Only a GOAWAY of ours tells that the library gave the connection up, and why.
    func recordSent(_ frame: UnsafePointer<nghttp2_frame>) -> Int32 {
        let header = frame.pointee.hd
        if UInt32(header.type) == NGHTTP2_HEADERS.rawValue {
            lastHeadersSent = header.stream_id
        } else if UInt32(header.type) == NGHTTP2_GOAWAY.rawValue,
            frame.pointee.goaway.error_code != NGHTTP2_NO_ERROR.rawValue
        {
            let code = frame.pointee.goaway.error_code
            let message = libraryMessage.map { ": \($0)" } ?? ""
            fail(
                .violation, "the backend broke HTTP/2, \(StreamFailure.name(code))\(message)",
                code: code)
        }
        return 0
    }

    /// How much of a stream's body goes into the next DATA frame; `copyOutbound` then moves it.
    func offerOutbound(
        _ unmanaged: Unmanaged<ClientStream>, _ length: Int,
        _ flags: UnsafeMutablePointer<UInt32>?
    ) -> Int32 {
        unmanaged._withUnsafeGuaranteedRef { stream in
            let waiting = stream.outbound.byteCount
            let count = min(length, waiting)
            let isLast = stream.outbound.isFinished && count == waiting
            if count == 0, !isLast {
                stream.isDeferred = true
                return NGHTTP2_ERR_DEFERRED.rawValue
            }
            var raised: UInt32 = 0
            if count > 0 { raised |= NGHTTP2_DATA_FLAG_NO_COPY.rawValue }
            if isLast {
                stream.isLocalEnded = true
                raised |= NGHTTP2_DATA_FLAG_EOF.rawValue
                if let trailers = stream.outbound.trailers, !trailers.isEmpty {
                    raised |= NGHTTP2_DATA_FLAG_NO_END_STREAM.rawValue
                    submitTrailers(handle, stream.id, trailers)
                }
            }
            flags?.pointee |= raised
            return Int32(truncatingIfNeeded: count)
        }
    }

    func copyOutbound(
        _ unmanaged: Unmanaged<ClientStream>, _ frameHeader: UnsafePointer<UInt8>,
        _ length: Int
    ) -> Int32 {
        output.writeBytes(UnsafeRawBufferPointer(start: frameHeader, count: 9))
        unmanaged._withUnsafeGuaranteedRef { stream in
            if length >= partBytesMin, let data = stream.outbound.takeSlice(length) {
                add(part: data)
            } else {
                stream.outbound.take(length, into: &output)
            }
            if !stream.isWritable, stream.outbound.byteCount <= ClientStream.queueBytesLow {
                events.append(SessionEvent(kind: .writable, stream: unmanaged))
            }
        }
        return 0
    }

    private func stream(_ id: Int32) -> Unmanaged<ClientStream>? {
        nghttp2_session_get_stream_user_data(handle, id).map {
            Unmanaged<ClientStream>.fromOpaque($0)
        }
    }
}

/// Copied by the library: trailers go out at some later time.
func submitTrailers(_ handle: OpaquePointer, _ id: Int32, _ trailers: HeaderFields) {
    var vector = FieldVector(isCopied: true)
    vector.removeAll(roomFor: trailers.count, bytes: trailers.byteCount)
    vector.append(contentsOf: trailers)
    // NOMEM; NGHTTP2_ERR_INVALID_ARGUMENT for stream 0, which this is not.
    _ = nghttp2_submit_trailer(handle, id, vector.entries, vector.count)
}
