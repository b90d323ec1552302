// SPDX-License-Identifier: Apache-2.0
// gRPC's length-prefixed messages: one flag byte, four bytes of length, the message.

package import DragomanDocument

/// Writing a message with its prefix into the buffer that is sent.
package enum GRPCFrame {
    package static let prefixCount = 5

    /// Keeps the prefix free. - Returns: where the message begins, for `end`.
    package static func begin(_ output: OutputBuffer) -> Int {
        output.append(atMost: 8) { place in
            UnsafeMutableRawPointer(place).storeBytes(of: 0, as: UInt64.self)
            return prefixCount
        }
        return output.count
    }

    /// Fills in the prefix of the message that began at `start` and ends here.
    package static func end(_ output: OutputBuffer, _ start: Int, isCompressed: Bool = false) {
        let length = UInt32(truncatingIfNeeded: output.count - start)
        let place = UnsafeMutableRawPointer(output.pointer(at: start - prefixCount))
        place.storeBytes(of: isCompressed ? 1 : 0, as: UInt8.self)
        place.storeBytes(of: length.bigEndian, toByteOffset: 1, as: UInt32.self)
    }
}

/// What `grpc-encoding` says of the messages whose flag is set.
package enum GRPCCompression: Sendable, Equatable {
    case identity, gzip, deflate
    case other

    /// `encoding`: the field's value; nil where there is none.
    package init(encoding: String?) {
        switch encoding {
        case nil, "identity": self = .identity
        case "gzip": self = .gzip
        case "deflate": self = .deflate
        default: self = .other
        }
    }

    /// As `grpc-encoding` and `grpc-accept-encoding` have it.
    package var name: StaticString {
        switch self {
        case .identity, .other: "identity"
        case .gzip: "gzip"
        case .deflate: "deflate"
        }
    }
}

/// Why bytes are no sequence of gRPC messages.
package enum GRPCFrameError: Error, Sendable, Equatable {
    /// A message is longer than allowed; its length and the bound, in bytes.
    case tooLarge(Int, messageBytesMax: Int)
    /// A compressed message, where `grpc-encoding` names no encoding, or one unknown here.
    case compressed
    /// A flag byte that is neither 0 nor 1.
    case flag(UInt8)
    /// The stream ends inside a message.
    case truncated

    package var detail: String {
        switch self {
        case .tooLarge(let length, let bound):
            "a message of \(length) bytes, where at most \(bound) are allowed"
        case .compressed: "a compressed message in an encoding that was not offered"
        case .flag(let flag): "a message with the flag \(flag), which gRPC does not have"
        case .truncated: "the stream ends inside a message"
        }
    }
}

/// One message of a stream.
package struct GRPCMessage {
    /// Valid until the reader's next call, and as long as the piece it came in.
    package let bytes: UnsafeRawBufferPointer
    /// In the encoding of the reader's `compression`.
    package let isCompressed: Bool
    /// Where it came in several pieces: what holds its bytes, until the reader's next call; after
    /// `letGo` as long as anyone likes.
    package var buffer: OutputBuffer?
}

/// Cuts a stream's bytes, which come in pieces of any size, into messages. A message that
/// comes whole in one piece is not copied.
package struct GRPCMessageReader {
    private let messageBytesMax: Int
    /// Set once the reply's headers are known.
    package var compression = GRPCCompression.identity
    private var prefix: (UInt8, UInt8, UInt8, UInt8, UInt8) = (0, 0, 0, 0, 0)
    private var prefixFilled = 0
    /// Bytes of the message whose prefix is complete; -1 while it is not.
    private var length = -1
    /// The first bytes of a message that did not come whole.
    private var partial: OutputBuffer?
    /// The message in `partial` has been handed out: the next call may overwrite it.
    private var isPartialUsed = false
    /// Messages handed out.
    package private(set) var messageCount = 0

    /// `messageBytesMax`: the longest message that is accepted, compressed or not.
    package init(messageBytesMax: Int) { self.messageBytesMax = messageBytesMax }

    /// The next message that `piece` completes; nil where it is used up first.
    ///
    /// Takes what it uses off the front of `piece`: call until nil, then with the next piece.
    package mutating func next(
        from piece: inout UnsafeRawBufferPointer
    ) throws(GRPCFrameError) -> GRPCMessage? {
        if length < 0 {
            guard fillPrefix(&piece) else { return nil }
            try readPrefix()
        }
        let kept = partial?.count ?? 0
        let wanted = length - kept
        if kept == 0, piece.count >= wanted {
            return finishMessage(take(wanted, from: &piece))
        }
        // Room for all of it at once, so that nothing is moved; the system gives the memory only as
        // it is written.
        let buffer = partial ?? OutputBuffer(capacity: length)
        partial = buffer
        buffer.reserve(length - buffer.count)
        buffer.append(take(min(wanted, piece.count), from: &piece))
        guard buffer.count == length else { return nil }
        var message = finishMessage(buffer.bytes)
        message.buffer = buffer
        isPartialUsed = true
        return message
    }

    /// The buffer of the message handed out last is its taker's.
    package mutating func letGo() {
        guard isPartialUsed else { return }
        partial = nil
        isPartialUsed = false
    }

    /// - Throws: where the stream has ended inside a message.
    package func finish() throws(GRPCFrameError) {
        if length >= 0 || prefixFilled > 0 { throw .truncated }
    }

    private mutating func finishMessage(_ bytes: UnsafeRawBufferPointer) -> GRPCMessage {
        length = -1
        messageCount += 1
        return GRPCMessage(bytes: bytes, isCompressed: prefix.0 == 1)
    }

    private func take(
        _ count: Int, from piece: inout UnsafeRawBufferPointer
    ) -> UnsafeRawBufferPointer {
        let taken = UnsafeRawBufferPointer(rebasing: piece.prefix(count))
        piece = UnsafeRawBufferPointer(rebasing: piece.dropFirst(count))
        return taken
    }

    private mutating func fillPrefix(_ piece: inout UnsafeRawBufferPointer) -> Bool {
        if isPartialUsed {
            partial?.removeAll()
            isPartialUsed = false
        }
        let count = min(GRPCFrame.prefixCount - prefixFilled, piece.count)
        let taken = take(count, from: &piece)
        withUnsafeMutableBytes(of: &prefix) { bytes in
            for index in 0..<count { bytes[prefixFilled + index] = taken[index] }
        }
        prefixFilled += count
        return prefixFilled == GRPCFrame.prefixCount
    }

    private mutating func readPrefix() throws(GRPCFrameError) {
        prefixFilled = 0
        let count =
            Int(prefix.1) << 24 | Int(prefix.2) << 16 | Int(prefix.3) << 8 | Int(prefix.4)
        guard prefix.0 <= 1 else { throw .flag(prefix.0) }
        if prefix.0 == 1, compression == .identity || compression == .other { throw .compressed }
        guard count <= messageBytesMax else {
            throw .tooLarge(count, messageBytesMax: messageBytesMax)
        }
        length = count
    }
}
