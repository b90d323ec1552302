// SPDX-License-Identifier: Apache-2.0
// The part of a body that waits to be sent.

package import DragomanHTTP
package import NIOCore

/// Buffers in order, taken in pieces of any size, and how the body ends.
package struct OutboundQueue {
    private var first = ByteBuffer()
    private var rest: [ByteBuffer] = []
    private var restStart = 0
    /// Bytes not yet taken.
    package private(set) var byteCount = 0
    /// Nothing more will be added.
    package private(set) var isFinished = false
    package private(set) var trailers: HeaderFields?

    package init() {}

    /// A whole body.
    package init(_ bytes: ByteBuffer) {
        first = bytes
        byteCount = bytes.readableBytes
        isFinished = true
    }

    package mutating func append(_ bytes: ByteBuffer) {
        if byteCount == 0 {
            first = bytes
        } else {
            rest.append(bytes)
        }
        byteCount += bytes.readableBytes
    }

    package mutating func finish(trailers: HeaderFields?) {
        isFinished = true
        self.trailers = trailers
    }

    /// Moves `count` bytes, at most `byteCount`, to the end of `output`.
    package mutating func take(_ count: Int, into output: inout ByteBuffer) {
        var wanted = Swift.min(count, byteCount)
        byteCount -= wanted
        while wanted > 0 {
            let part = Swift.min(wanted, first.readableBytes)
            first.withUnsafeReadableBytes { bytes in
                _ = output.writeBytes(UnsafeRawBufferPointer(rebasing: bytes[..<part]))
            }
            first.moveReaderIndex(forwardBy: part)
            wanted -= part
            if first.readableBytes == 0 { advance() }
        }
    }

    /// Takes `count` bytes without copying them; nil where they do not stand in one buffer.
    package mutating func takeSlice(_ count: Int) -> ByteBuffer? {
        guard count > 0, let slice = first.readSlice(length: count) else { return nil }
        byteCount -= count
        if first.readableBytes == 0 { advance() }
        return slice
    }

    /// Takes the next buffer whole; nil when none is left.
    package mutating func takeFirst() -> ByteBuffer? {
        guard byteCount > 0 else { return nil }
        let taken = first
        byteCount -= taken.readableBytes
        advance()
        return taken
    }

    private mutating func advance() {
        if restStart < rest.count {
            first = rest[restStart]
            rest[restStart] = ByteBuffer()
            restStart += 1
        } else {
            first = ByteBuffer()
        }
        if restStart == rest.count {
            rest.removeAll(keepingCapacity: true)
            restStart = 0
        }
    }
}
