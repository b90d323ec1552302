// SPDX-License-Identifier: Apache-2.0
// Content codings undone as bytes arrive (RFC 9110, 8.4.1): gzip and deflate, bounded in size and
// in ratio, so that a small answer can not become a large one.

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

    private let stream = ZlibStream()
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

    /// Calls `body` with what comes out, piece by piece.
    func feed<BodyError: Error>(
        _ bytes: UnsafeRawBufferPointer, _ body: (UnsafeRawBufferPointer) throws(BodyError) -> Void
    ) throws -> Void {
        guard bytes.count > 0 else { return }
        if !isStarted { try begin(bytes[0]) }
        bytesIn += bytes.count
        stream.read(bytes)
        repeat {
            if isEnded {
                // What follows a gzip member is another one, or padding.
                guard isGzip, stream.nextByte == 0x1F, stream.beginInflating(.gzip) else { return }
                isEnded = false
            }
            let (step, produced) = chunk.withUnsafeMutableBufferPointer {
                stream.step(into: $0.baseAddress, room: $0.count)
            }
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
            switch step {
            case .ended: isEnded = true
            case .going: break
            case .stuck: if stream.unreadCount == 0 || produced == 0 { return }
            case .malformed, .memory: throw Failure.broken
            }
        } while stream.unreadCount > 0 || stream.isRoomUsed
    }

    /// The entity must be whole.
    func finish() throws(Failure) {
        if isStarted, !isEnded { throw .broken }
    }

    private func begin(_ first: UInt8) throws(Failure) {
        // zlib's header has 8 in its low half; without one it is raw deflate, which servers send.
        let isRaw = !isGzip && first & 0x0F != 8
        guard stream.beginInflating(isGzip ? .gzip : isRaw ? .raw : .zlib) else { throw .broken }
        isStarted = true
    }
}
