// SPDX-License-Identifier: Apache-2.0
// Decompresses gzip and deflate by zlib: messages of a gRPC backend, bodies of clients. Bounded, so
// that a few bytes do not become gigabytes.

internal import CZlib
internal import DragomanDocument

/// Why bytes can not be decompressed.
enum InflateError: Error {
    /// More than the bound would come out.
    case tooLarge
    /// They are neither gzip nor deflate, are damaged, or stop too early.
    case malformed
    /// There is no memory.
    case memory
}

/// One stream of compressed bytes after another. Owns zlib's state; one event loop's own.
final class MessageInflater {
    /// Allocated once and never moved: zlib keeps its address.
    private let stream: UnsafeMutablePointer<z_stream>
    private var isReady = false
    /// The end of the compressed data has been seen.
    private(set) var isComplete = false

    init() {
        stream = .allocate(capacity: 1)
        stream.initialize(to: z_stream())
    }

    deinit {
        if isReady { inflateEnd(stream) }
        stream.deinitialize(count: 1)
        stream.deallocate()
    }

    /// The next bytes are the first of a stream.
    func begin() throws(InflateError) {
        isComplete = false
        if isReady {
            // Possible return codes: Z_OK; Z_STREAM_ERROR where the state is none, which it is.
            inflateReset(stream)
            return
        }
        // Z_OK; Z_MEM_ERROR; Z_VERSION_ERROR where header and library do not match.
        guard dragoman_inflate_init(stream, 15 + 32) == Z_OK else { throw .memory }
        isReady = true
    }

    /// Decompresses more of the stream to the end of `output`, which may hold `bytesMax` in all.
    /// What follows the end of a gzip stream must be another one.
    func feed(
        _ input: UnsafeRawBufferPointer, into output: OutputBuffer, bytesMax: Int
    ) throws(InflateError) {
        guard input.count > 0, let start = input.baseAddress else { return }
        if isComplete { try begin() }
        stream.pointee.next_in = UnsafeMutablePointer(
            mutating: start.assumingMemoryBound(to: UInt8.self))
        stream.pointee.avail_in = UInt32(truncatingIfNeeded: input.count)
        repeat {
            let code = step(output)
            if output.count > bytesMax { throw .tooLarge }
            switch code {
            case Z_OK: break
            case Z_STREAM_END:
                if stream.pointee.avail_in == 0 {
                    isComplete = true
                    return
                }
                inflateReset(stream)
            // No progress: all input is used and all output written.
            case Z_BUF_ERROR: return
            case Z_MEM_ERROR: throw .memory
            // Z_DATA_ERROR, Z_NEED_DICT; Z_STREAM_ERROR can not be.
            default: throw .malformed
            }
        } while stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0
    }

    private func step(_ output: OutputBuffer) -> Int32 {
        let room = min(max(4096, Int(stream.pointee.avail_in) * 4), 1 << 18)
        var code: Int32 = Z_OK
        output.append(atMost: room) { place in
            stream.pointee.next_out = place
            stream.pointee.avail_out = UInt32(truncatingIfNeeded: room)
            code = CZlib.inflate(stream, Z_NO_FLUSH)
            return room - Int(stream.pointee.avail_out)
        }
        return code
    }

    /// Decompresses one whole stream into `output`, which is empty.
    func inflate(
        _ input: UnsafeRawBufferPointer, into output: OutputBuffer, bytesMax: Int
    ) throws(InflateError) {
        try begin()
        try feed(input, into: output, bytesMax: bytesMax)
        if !isComplete { throw .malformed }
    }
}
