// SPDX-License-Identifier: Apache-2.0
// Compresses gRPC messages where they stand, in front of their prefix.

internal import DragomanDocument
internal import DragomanProtobuf

/// One message after another; one event loop's own.
final class MessageDeflater {
    /// Below this a message is not worth it.
    static let bytesMin = 1024
    /// Beyond this what was compressed is not kept for the next message.
    private static let bytesKept = 1 << 18

    private lazy var gzip = ZlibStream()
    private lazy var zlib = ZlibStream()
    private let packed = OutputBuffer(capacity: 64)

    /// Compresses what stands in `output` from `start` on, if it becomes smaller.
    ///
    /// - Returns: whether it has.
    func deflate(
        _ output: OutputBuffer, from start: Int, _ compression: GRPCCompression
    ) -> Bool {
        let plain = UnsafeRawBufferPointer(rebasing: output.bytes[start...])
        guard plain.count >= Self.bytesMin else { return false }
        let stream: ZlibStream
        let isReady: Bool
        switch compression {
        case .gzip:
            stream = gzip
            isReady = stream.beginDeflating(.gzip)
        case .deflate:
            stream = zlib
            isReady = stream.beginDeflating(.zlib)
        case .identity, .other: return false
        }
        guard isReady else { return false }
        packed.removeAll(keepingAtMost: Self.bytesKept)
        // More is no gain, and less room to write to.
        let room = min(stream.boundDeflated(plain.count), plain.count - 1)
        var isWhole = false
        stream.read(plain)
        packed.append(atMost: room) { place in
            let (step, produced) = stream.step(into: place, room: room)
            isWhole = step == .ended
            return produced
        }
        guard isWhole else { return false }
        output.truncate(to: start)
        output.append(packed.bytes)
        return true
    }
}
