// SPDX-License-Identifier: Apache-2.0
// A reply Envelope, as its bytes arrive, into a Document: the reply in the contract's JSON form,
// or the fault in the form of XML-FORM.md, "Faults".

package import DragomanDocument

/// Reads the replies of one contract's operations, one after the other. Belongs to one event
/// loop; used again by `begin`.
package final class SOAPReplyReader {
    package enum Outcome: Sendable, Equatable {
        case reply
        /// The Document is `{code, subcode, reason, node, role, detail}`.
        case fault
    }

    private let envelope: EnvelopeReader
    private let parser: XMLPushParser
    private var fedBytes = 0
    private var status = 200
    private var refusal: TranslationError?
    private var mediaType = ReplyMediaType()
    /// What is said where a message that is labelled as a web page turns out to be one.
    private var mislabelling: TranslationError?
    /// The whole message, where it is encoded and may hold references; else empty.
    private var held = OutputBuffer(capacity: 64)
    private var isHeld = false

    /// Bytes that an encoded reply may have once its references are replaced by copies.
    package var unfoldedBytesMax = 32 << 20

    package init(plans: PlanSet, limits: XMLLimits = XMLLimits()) {
        envelope = EnvelopeReader(reader: PlanReader(plans: plans))
        parser = XMLPushParser(handler: envelope, limits: limits)
    }

    /// How replies are judged; set before `begin`.
    package var options: ReadOptions {
        get { envelope.reader.options }
        set { envelope.reader.options = newValue }
    }

    package var limits: XMLLimits {
        get { parser.limits }
        set { parser.limits = newValue }
    }

    /// What did not fit the contract and was passed on all the same; bounded.
    package var mismatches: [String] { envelope.reader.mismatches + envelope.notes }

    /// The header blocks of the reply, an object by name, after `finish`.
    package var headers: Document { envelope.headers }

    /// Starts a reply of `operation`, whatever became of the last one.
    /// `status`: HTTP's.
    /// `contentType`: the field's value; nil where there is none.
    /// `document`: receives the reply or the fault; emptied first.
    /// `attachments`: the parts beside the Envelope, whose own type `contentType` then is.
    package func begin(
        _ operation: OperationPlan, status: Int, contentType: UnsafeRawBufferPointer?,
        attachments: MultipartMessage? = nil, into document: Document
    ) {
        fedBytes = 0
        self.status = status
        isHeld = operation.reply.isEncoded && !operation.isOneWay
        held.removeAll()
        document.removeAll()
        envelope.begin(operation, into: document)
        envelope.attachments = attachments
        refusal = nil
        mislabelling = nil
        mediaType.read(contentType)
        refusal = mediaType.refusal(status: status)
        if mediaType.isPage {
            // Servers that set no type send Envelopes as HTML: what it is shows when it is read.
            mislabelling = refusal
            refusal = nil
        }
        parser.begin(encoding: mediaType.charset, isUTF8: mediaType.isUTF8)
    }

    /// Lets the reply go out while it is read, once it takes more than `bytes` of memory: `drain`
    /// gets what is complete. After `begin`; an encoded reply is held whole all the same.
    package func stream(to drain: DocumentDrain, from bytes: Int) {
        guard !isHeld else { return }
        envelope.drain = drain
        envelope.drainFrom = bytes
    }

    /// Takes the next bytes of the entity.
    /// Throws what is wrong with the message; the rest of it need not be fed.
    package func feed(_ bytes: UnsafeRawBufferPointer) throws(TranslationError) {
        fedBytes += bytes.count
        if let refusal {
            if fedBytes > 0 { throw refusal }
            return
        }
        if isHeld { return held.append(bytes) }
        try parse(bytes)
    }

    private func parse(_ bytes: UnsafeRawBufferPointer) throws(TranslationError) {
        do {
            try parser.feed(bytes)
        } catch {
            throw explained(error)
        }
    }

    /// An encoded message is read once it is whole, with copies in place of references.
    private func parseHeld() throws(TranslationError) {
        guard EncodedReferences.mayOccur(in: held.bytes) else { return try parse(held.bytes) }
        let unfolded = OutputBuffer(capacity: held.count * 2)
        do {
            try EncodedReferences.inlined(
                held.bytes, bytesMax: unfoldedBytesMax, attachments: envelope.attachments,
                to: unfolded)
        } catch {
            throw mislabelling ?? error
        }
        try parse(unfolded.bytes)
    }

    /// Ends the reply.
    /// `acceptLanguage`: the client's Accept-Language, which chooses among the reasons
    ///   of a fault.
    package func finish(
        acceptLanguage: UnsafeRawBufferPointer? = nil
    ) throws(TranslationError) -> Outcome {
        if fedBytes == 0 { return try finishEmpty() }
        if let refusal { throw refusal }
        if isHeld { try parseHeld() }
        do {
            try parser.finish()
        } catch {
            throw explained(error)
        }
        let outcome = try envelope.finish(acceptLanguage)
        if outcome == .reply, !(200..<300).contains(status) {
            throw TranslationError(
                .message, "The backend answered with HTTP status \(status) and no SOAP fault.")
        }
        return outcome
    }

    private func finishEmpty() throws(TranslationError) -> Outcome {
        guard (200..<300).contains(status) else {
            throw TranslationError(
                .message, "The backend answered with HTTP status \(status) and no message.")
        }
        try envelope.finishEmpty(isSaid: status == 202 || status == 204, in: parser)
        return .reply
    }

    /// The parser's own sentence, with what the status says about it.
    private func explained(_ error: TranslationError) -> TranslationError {
        if !envelope.hasBegun, error.reason == .message, let mislabelling { return mislabelling }
        if envelope.isFinished || error.reason != .message { return error }
        if envelope.hasBegun || (200..<300).contains(status) { return error }
        return TranslationError(
            .message, keyword: error.keyword,
            "The backend answered with HTTP status \(status) and no SOAP message. "
                + error.detail, path: error.path)
    }
}
