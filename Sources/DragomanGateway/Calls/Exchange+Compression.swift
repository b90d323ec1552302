// SPDX-License-Identifier: Apache-2.0
// Compressed messages to gRPC backends, where an upstream has `compression`; and what is done about
// a backend that does not take them: it is asked once more without, and from then on never with.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

/// A call whose message went out compressed.
struct CompressedCall {
    let request: BackendRequest
    let upstream: Int
    let compression: GRPCCompression
    /// It has been made again, uncompressed.
    var isRepeated = false
}

extension Exchange {
    /// How messages of that call are compressed; nil where they are not.
    func compression(of call: GRPCCall) -> GRPCCompression? {
        guard let compression = call.compression, worker.interceptor == nil,
            !worker.plainUpstreams.contains(call.upstream)
        else { return nil }
        return compression
    }

    /// Ends the message that began at `start`. - Returns: whether it is compressed.
    @discardableResult
    func endFrame(_ output: OutputBuffer, _ start: Int, _ compression: GRPCCompression?) -> Bool {
        guard let compression else {
            GRPCFrame.end(output, start)
            return false
        }
        let isCompressed = worker.deflater.deflate(output, from: start, compression)
        GRPCFrame.end(output, start, isCompressed: isCompressed)
        return isCompressed
    }

    /// The status of a call has come. - Returns: whether the call is made again, because the
    /// backend could not read what was sent.
    func isRepeatedPlain(_ head: HeaderFields, _ trailers: HeaderFields?) -> Bool {
        guard let sent = compressed else { return false }
        let status = trailers?.first("grpc-status") ?? head.first("grpc-status")
        let isUnimplemented = status == "12"
        if sent.isRepeated {
            // It was the compression, then.
            if !isUnimplemented { worker.plainUpstreams.insert(sent.upstream) }
            return false
        }
        let isTaken = Self.takes(sent.compression, head, trailers)
        if isTaken == false { worker.plainUpstreams.insert(sent.upstream) }
        guard isUnimplemented, isTaken != true, let plain = plainRequest(sent.request) else {
            return false
        }
        giveBackReply()
        replyDocument.removeAll()
        send(plain, upstream: sent.upstream)
        compressed?.isRepeated = true
        return true
    }

    /// What the backend says it takes; nil where it says nothing.
    static func takes(
        _ compression: GRPCCompression, _ head: HeaderFields, _ trailers: HeaderFields?
    ) -> Bool? {
        let name = "grpc-accept-encoding"
        guard let fields = [head, trailers].compactMap({ $0 }).first(where: { $0.contains(name) })
        else { return nil }
        return fields.values(name).contains { line in
            line.split(separator: ",").contains { item in
                item.trimmingSpaces() == String(describing: compression.name)
            }
        }
    }

    /// The same call with its message as it was; nil where that can not be had.
    private func plainRequest(_ request: BackendRequest) -> BackendRequest? {
        guard case .bytes(let body) = request.body, body.readableBytes > GRPCFrame.prefixCount
        else { return nil }
        let plain = OutputBuffer()
        let start = GRPCFrame.begin(plain)
        let isWhole = body.withUnsafeReadableBytes { bytes -> Bool in
            let message = UnsafeRawBufferPointer(rebasing: bytes[GRPCFrame.prefixCount...])
            do throws(InflateError) {
                try worker.inflater.begin()
                try worker.inflater.feed(message, into: plain, bytesMax: Int.max)
                return worker.inflater.isComplete
            } catch {
                return false
            }
        }
        guard isWhole else { return nil }
        GRPCFrame.end(plain, start)
        var again = request
        again.fields.remove("grpc-encoding")
        let left = max((callDeadline() - .now()).nanoseconds, 1_000_000)
        again.fields.set("grpc-timeout", GRPCTimeoutText.text(left))
        again.body = .bytes(ByteBuffer(bytes: plain.bytes))
        return again
    }
}

extension Substring {
    fileprivate func trimmingSpaces() -> Substring {
        let start = drop { $0 == " " || $0 == "\t" }
        guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
        return start[...last]
    }
}
