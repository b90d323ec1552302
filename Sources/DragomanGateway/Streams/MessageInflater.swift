// SPDX-License-Identifier: Apache-2.0
// Decompresses gzip and deflate by zlib: messages of a gRPC backend, bodies of clients. Bounded, so
// that a few bytes do not become gigabytes.

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

/// One stream of compressed bytes after another; one event loop's own.
final class MessageInflater {
    private let stream = ZlibStream()
    /// The end of the compressed data has been seen.
    private(set) var isComplete = false

    /// The next bytes are the first of a stream.
    func begin() throws(InflateError) {
        isComplete = false
        guard stream.beginInflating(.gzipOrZlib) else { throw .memory }
    }

    /// Decompresses more of the stream to the end of `output`, which may hold `bytesMax` in all.
    /// What follows the end of a gzip stream must be another one.
    func feed(
        _ input: UnsafeRawBufferPointer, into output: OutputBuffer, bytesMax: Int
    ) throws(InflateError) {
        guard input.count > 0 else { return }
        if isComplete { try begin() }
        stream.read(input)
        repeat {
            let step = step(output)
            if output.count > bytesMax { throw .tooLarge }
            switch step {
            case .going: break
            case .ended:
                if stream.unreadCount == 0 {
                    isComplete = true
                    return
                }
                try begin()
            case .stuck: return
            case .memory: throw .memory
            case .malformed: throw .malformed
            }
        } while stream.unreadCount > 0 || stream.isRoomUsed
    }

    private func step(_ output: OutputBuffer) -> ZlibStream.Step {
        let room = min(max(4096, stream.unreadCount * 4), 1 << 18)
        var step = ZlibStream.Step.stuck
        output.append(atMost: room) { place in
            let (reached, produced) = stream.step(into: place, room: room)
            step = reached
            return produced
        }
        return step
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
