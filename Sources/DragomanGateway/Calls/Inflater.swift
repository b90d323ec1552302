// SPDX-License-Identifier: Apache-2.0
// Content codings undone as bytes arrive (RFC 9110, 8.4.1): gzip and deflate, bounded in size and
// in ratio, so that a small answer can not become a large one.

internal import CZlib

/// Inflates one entity. Belongs to one event loop.
final class Inflater {
    enum Failure: Error {
        /// Not what the coding says.
        case broken
        case tooLarge
        /// More came out of the bytes than anything but a bomb has in it.
        case ratio
    }

    /// Bytes out for each byte in; real documents stay well below.
    private static let ratioMax = 200
    /// Below so many bytes out the ratio does not matter.
    private static let ratioFloor = 1 << 20

    private var stream = z_stream()
    private let bytesMax: Int
    private var bytesIn = 0
    private(set) var bytesOut = 0
    private var isStarted = false
    private var isEnded = false
    private let isGzip: Bool
    private var chunk: [UInt8]

    /// `isGzip`: gzip; else deflate, with or without zlib's header.
    /// `bytesMax`: what may come out.
    init(isGzip: Bool, bytesMax: Int) {
        self.isGzip = isGzip
        self.bytesMax = bytesMax
        chunk = [UInt8](repeating: 0, count: 1 << 15)
    }

    deinit { if isStarted { inflateEnd(&stream) } }

    /// Calls `body` with what comes out, piece by piece.
    func feed<BodyError: Error>(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(BodyError) -> Void
    ) throws -> Void {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        if !isStarted { try begin(bytes[0]) }
        bytesIn += bytes.count
        // zlib reads what next_in points at and never writes there.
        stream.next_in = UnsafeMutablePointer(
            mutating: start.assumingMemoryBound(to: UInt8.self))
        stream.avail_in = UInt32(bytes.count)
        repeat {
            if isEnded {
                // What follows a gzip member is another one, or padding.
                guard isGzip, stream.avail_in > 0, stream.next_in[0] == 0x1F else { return }
                inflateReset(&stream)
                isEnded = false
            }
            let (code, produced) = step()
            bytesOut += produced
            guard bytesOut <= bytesMax else { throw Failure.tooLarge }
            guard bytesOut <= Self.ratioFloor || bytesOut / Self.ratioMax <= bytesIn else {
                throw Failure.ratio
            }
            if produced > 0 {
                try chunk.withUnsafeBytes { all in
                    try body(UnsafeRawBufferPointer(rebasing: all[0..<produced]))
                }
            }
            switch code {
            case Z_STREAM_END: isEnded = true
            case Z_OK: break
            case Z_BUF_ERROR: if stream.avail_in == 0 || produced == 0 { return }
            default: throw Failure.broken
            }
        } while stream.avail_in > 0 || stream.avail_out == 0
    }

    /// The entity must be whole.
    func finish() throws(Failure) {
        if isStarted, !isEnded { throw .broken }
    }

    private func begin(_ first: UInt8) throws(Failure) {
        // zlib's header has 8 in its low half; without one it is raw deflate, which servers send.
        let isRaw = !isGzip && first & 0x0F != 8
        guard dragoman_inflate_init(&stream, isGzip ? 15 + 16 : isRaw ? -15 : 15) == Z_OK else {
            throw .broken
        }
        isStarted = true
    }

    private func step() -> (code: Int32, produced: Int) {
        chunk.withUnsafeMutableBufferPointer { buffer in
            stream.next_out = buffer.baseAddress
            stream.avail_out = UInt32(buffer.count)
            let code = inflate(&stream, Z_NO_FLUSH)
            return (code, buffer.count - Int(stream.avail_out))
        }
    }
}
