// SPDX-License-Identifier: Apache-2.0
// Large messages of gRPC backends: read in slices of about a millisecond, between which the loop
// serves others, and above `buffer` sent while they are read (MAPPING.md, "Streams"). The call's
// status is known before the first of it is sent; what is wrong with the message after that
// breaks the answer off.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

/// One message, and how far it has been read. Belongs to its exchange.
final class LargeReply {
    /// What is read between two looks at the clock.
    private static let stepBytes = 1 << 15

    private let reader: PieceReader
    /// Holds the message's bytes.
    private let message: OutputBuffer
    /// Of the answer; once the call has ended.
    var fields = HeaderFields()
    /// The client has no room for what has been read.
    var isWaiting = false
    /// Bytes of JSON that gather before they are sent; nil where the answer is made of the whole.
    private let drainsFrom: Int?

    init(
        _ call: GRPCCall, _ message: OutputBuffer, into document: Document,
        limits: DocumentLimits, drainsFrom: Int?
    ) {
        self.message = message
        self.drainsFrom = drainsFrom
        reader = PieceReader(
            call.reply, message.bytes, into: document, call.options, limits: limits)
    }

    var isFinished: Bool { reader.isFinished }

    /// Reads on until the slice is over. - Returns: whether what `drain` holds is to be sent.
    func read(_ drain: DocumentDrain, _ document: Document) throws(TranslationError) -> Bool {
        let end = NIODeadline.now() + LoopSlice.length
        repeat {
            try reader.read(about: Self.stepBytes)
            guard let drainsFrom, reader.mayDrain else { continue }
            if document.bytesUsed > DocumentDrain.pieceBytes { drain.drain(document) }
            if drain.output.count > drainsFrom { return true }
        } while !reader.isFinished && .now() < end
        return false
    }
}

extension Exchange {
    /// Whether a message is read in slices, once the call has ended well.
    func takeLarge(
        _ bytes: UnsafeRawBufferPointer, _ call: GRPCCall, _ partial: OutputBuffer?
    ) -> Bool {
        guard bytes.count > LoopSlice.bytesMin, worker.interceptor == nil,
            call.reply.canBeReadInPieces, let route
        else { return false }
        let message: OutputBuffer
        if let partial {
            message = partial
        } else {
            message = OutputBuffer(capacity: bytes.count)
            message.append(bytes)
        }
        largeReply = LargeReply(
            call, message, into: replyDocument,
            limits: DocumentLimits(
                depthMax: route.limits.depth, membersMax: Int(UInt32.max)),
            drainsFrom: route.response.isHTTPBody ? nil : drainsFrom)
        return true
    }

    /// The call has ended well: its message becomes the answer, slice by slice.
    func continueLargeReply() {
        guard let large = largeReply, isTranslating, !large.isWaiting else { return }
        do throws(ReplyError) {
            var isDue = false
            do throws(TranslationError) {
                isDue = try large.read(drain, replyDocument)
            } catch {
                throw .translation(error)
            }
            if large.isFinished { return try endLargeReply(large) }
            if isDue || isPassing {
                try sendDrained()
                if client?.isWritable == false {
                    large.isWaiting = true
                    return
                }
            }
        } catch {
            largeReply = nil
            return fail(error)
        }
        afterOthers { $0.continueLargeReply() }
    }

    private func endLargeReply(_ large: LargeReply) throws(ReplyError) {
        largeReply = nil
        if isPassing { return try sendDrainedEnd() }
        guard drain.hasBegun else {
            context.set(.reply, replyDocument.root)
            // What the mapping makes of it is a slice of its own.
            return afterOthers { exchange in
                do throws(ReplyError) {
                    try exchange.answerReply(large.fields)
                } catch {
                    exchange.fail(error)
                }
            }
        }
        drain.finish(replyDocument)
        try respondDrained(large.fields)
    }

    /// The client has room again.
    func resumeLargeReply() {
        guard let largeReply, largeReply.isWaiting, client?.isWritable == true else { return }
        largeReply.isWaiting = false
        afterOthers { $0.continueLargeReply() }
    }
}
