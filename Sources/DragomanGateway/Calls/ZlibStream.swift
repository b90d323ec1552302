// SPDX-License-Identifier: Apache-2.0
// The one owner of a z_stream: its memory, which never moves, and its state, which is let go of
// with it. What is inflated or deflated, and how much of it, is for those who use it.

internal import CZlib

/// One stream of zlib's at a time, used again from stream to stream. Belongs to one event loop.
final class ZlibStream {
    enum Coding: Int32 {
        case gzip = 31
        case zlib = 15
        /// Without a header.
        case raw = -15
        /// gzip or zlib, as the first bytes say; for inflating.
        case gzipOrZlib = 47
    }

    enum Step {
        /// More of it is to come, or to be written.
        case going
        case ended
        /// Nothing could be done: all input is used and all output written.
        case stuck
        case malformed
        case memory
    }

    private enum Direction { case none, inflating, deflating }

    /// Better than the fastest, and half the time of the usual 6.
    private static let level: Int32 = 4

    /// Allocated once and never moved: zlib keeps its address.
    private let state: UnsafeMutablePointer<z_stream>
    private var direction = Direction.none

    init() {
        state = .allocate(capacity: 1)
        state.initialize(to: z_stream())
    }

    deinit {
        end()
        state.deinitialize(count: 1)
        state.deallocate()
    }

    private func end() {
        // Z_OK; Z_DATA_ERROR where a deflated stream was not finished, which is as good.
        switch direction {
        case .none: break
        case .inflating: inflateEnd(state)
        case .deflating: deflateEnd(state)
        }
        direction = .none
    }

    /// The next bytes are the first of a compressed stream. False where there is no memory.
    func beginInflating(_ coding: Coding) -> Bool {
        if case .inflating = direction {
            // Z_OK; Z_STREAM_ERROR where there is no state, which there is.
            return inflateReset2(state, coding.rawValue) == Z_OK
        }
        end()
        // Z_OK; Z_MEM_ERROR; Z_VERSION_ERROR where header and library do not match.
        guard dragoman_inflate_init(state, coding.rawValue) == Z_OK else { return false }
        direction = .inflating
        return true
    }

    /// The next bytes are the first to be compressed; always in the same coding. False where there
    /// is no memory.
    func beginDeflating(_ coding: Coding) -> Bool {
        // As above.
        if case .deflating = direction { return deflateReset(state) == Z_OK }
        end()
        guard dragoman_deflate_init(state, Self.level, coding.rawValue) == Z_OK else {
            return false
        }
        direction = .deflating
        return true
    }

    /// What is read next; stays where it is until it has been used.
    func read(_ bytes: UnsafeRawBufferPointer) {
        // zlib reads what next_in points at and never writes there.
        state.pointee.next_in = bytes.baseAddress.map {
            UnsafeMutablePointer(mutating: $0.assumingMemoryBound(to: UInt8.self))
        }
        state.pointee.avail_in = UInt32(truncatingIfNeeded: bytes.count)
    }

    /// Bytes given and not yet used.
    var unreadCount: Int { Int(state.pointee.avail_in) }

    /// The first of them.
    var nextByte: UInt8? { unreadCount > 0 ? state.pointee.next_in[0] : nil }

    /// The last step filled all the room that it had.
    var isRoomUsed: Bool { state.pointee.avail_out == 0 }

    /// Bytes that a stream of so many may take, compressed.
    func boundDeflated(_ count: Int) -> Int {
        Int(truncatingIfNeeded: deflateBound(state, UInt(count)))
    }

    /// Inflates, or deflates to the end of the stream, into at most `room` bytes at `place`.
    func step(into place: UnsafeMutablePointer<UInt8>?, room: Int) -> (step: Step, produced: Int) {
        state.pointee.next_out = place
        state.pointee.avail_out = UInt32(truncatingIfNeeded: room)
        let code: Int32
        switch direction {
        case .none: return (.malformed, 0)
        case .inflating: code = inflate(state, Z_NO_FLUSH)
        case .deflating: code = deflate(state, Z_FINISH)
        }
        let produced = room - Int(state.pointee.avail_out)
        switch code {
        case Z_OK: return (.going, produced)
        case Z_STREAM_END: return (.ended, produced)
        case Z_BUF_ERROR: return (.stuck, produced)
        case Z_MEM_ERROR: return (.memory, produced)
        // Z_DATA_ERROR, Z_NEED_DICT; Z_STREAM_ERROR can not be.
        default: return (.malformed, produced)
        }
    }
}
