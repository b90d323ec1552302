// SPDX-License-Identifier: Apache-2.0
// The events of a reply Envelope: which part of it one is in, and who reads that part. The body
// goes to the operation's plan, a Fault to FaultCollector, header blocks to Documents of their own.

internal import DragomanDocument

/// Knows Envelope, Header, Body and Fault of SOAP 1.1 and 1.2; either is accepted whatever was
/// sent, as servers answer in their own.
final class EnvelopeReader: XMLEventHandler {
    let reader: PlanReader
    let headers = Document(tapeCapacity: 16, textCapacity: 64)
    private(set) var notes: [String] = []
    private(set) var hasBegun = false
    var isFinished = false

    private enum State {
        case start, envelope, header, headerBlock, body
        /// The Body itself is read by the plan, and has no child yet, or has some.
        case bodyContent(hasChild: Bool)
        case reply, fault, faultDetail
        case end
    }

    private var state = State.start
    /// Elements open inside one that is passed over; 0 for none.
    var skipped = 0
    var operation: OperationPlan?
    var document = Document(tapeCapacity: 16, textCapacity: 64)
    private var hasBody = false
    private var bodyChildren = 0
    private var bodyName: UnsafePointer<UInt8>?
    private var fault = FaultCollector()
    private var blocks = AnnexReader()
    var isFault = false
    /// Receives what is complete of a reply that grows beyond `drainFrom` bytes; nil to hold it,
    /// and then no reply grows so far.
    var drain: DocumentDrain?
    var drainFrom = Int.max
    /// What `xop:Include` refers to; nil for a reply of one part.
    var attachments: MultipartMessage?
    let included = OutputBuffer(capacity: 64)

    init(reader: PlanReader) {
        self.reader = reader
        super.init()
    }

    func begin(_ operation: OperationPlan, into document: Document) {
        self.operation = operation
        self.document = document
        state = .start
        skipped = 0
        hasBody = false
        hasBegun = false
        isFinished = false
        bodyChildren = 0
        isFault = false
        bodyName = nil
        if !notes.isEmpty { notes.removeAll() }
        if !headers.isEmpty { headers.removeAll() }
        blocks.removeAll()
        fault.removeAll()
        attachments = nil
        drain = nil
        drainFrom = Int.max
    }

    /// After the last event.
    func finish(
        _ acceptLanguage: UnsafeRawBufferPointer?
    ) throws(TranslationError) -> SOAPReplyReader.Outcome {
        guard hasBody else {
            throw TranslationError(.message, "The reply's SOAP Envelope has no Body.")
        }
        isFinished = true
        if isFault {
            fault.write(to: document, acceptLanguage: acceptLanguage)
            finishHeaders()
            return .fault
        }
        if operation?.isOneWay ?? false {
            answerNothing()
        } else {
            addAttachments()
            finishHeaders()
        }
        return .reply
    }

    func finishHeaders() {
        headers.removeAll()
        headers.beginObject()
        blocks.write(to: headers)
        headers.endObject()
    }

    func note(_ sentence: @autoclosure () -> String) {
        if notes.count < 20 { notes.append(sentence()) }
    }

    // MARK: Events

    override func takeStart(_ tag: XMLStartTag) throws(TranslationError) -> Bool {
        guard case .reply = state, skipped == 0, attachments == nil else { return false }
        return try reader.takeStart(tag)
    }

    override func takeText(_ bytes: UnsafeRawBufferPointer, isPlain: Bool) -> Bool {
        guard case .reply = state, skipped == 0 else { return false }
        return reader.takeText(bytes, isPlain: isPlain)
    }

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        if skipped > 0 {
            skipped += 1
            return
        }
        if attachments != nil, try include(tag, parser) { return }
        switch state {
        case .reply: try reader.start(tag, in: parser)
        case .body: try startBodyChild(tag, parser)
        case .bodyContent(let hasChild):
            if !hasChild, isSOAP(tag.uri), XMLText.equals(tag.local, "Fault") {
                document.removeAll()
                return startFault()
            }
            state = .bodyContent(hasChild: true)
            try reader.start(tag, in: parser)
        case .headerBlock: blocks.start(tag, reader, parser)
        case .faultDetail: fault.annexes.start(tag, reader, parser)
        case .fault:
            if fault.start(tag) == .detailChild { startDetail(tag, parser) }
        case .header: try startHeaderBlock(tag, parser)
        case .envelope: try startPart(tag, parser)
        case .start: try startEnvelope(tag)
        case .end: skipped = 1
        }
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        guard skipped == 0 else { return }
        switch state {
        case .reply, .bodyContent: try reader.text(bytes, in: parser)
        case .headerBlock: blocks.text(bytes, reader, parser)
        case .faultDetail: fault.annexes.text(bytes, reader, parser)
        case .fault: fault.text(bytes)
        case .body where !bytes.allSatisfy(XMLCharacters.isSpace): try refuseText()
        default: break
        }
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        if skipped > 0 {
            skipped -= 1
            return
        }
        switch state {
        case .reply: if try endReply(parser) { state = .body }
        case .bodyContent: if try endReply(parser) { state = .envelope }
        case .headerBlock: if blocks.end(reader, parser) { endHeaderBlock() }
        case .faultDetail:
            if fault.annexes.end(reader, parser) {
                noteFailure(of: &fault.annexes)
                state = .fault
            }
        case .fault: if fault.end(parser) { state = .body }
        case .body:
            if bodyChildren == 0 { try readEmptyBody(parser) }
            state = .envelope
        case .header: state = .envelope
        case .envelope: state = .end
        case .start, .end: break
        }
    }

    /// Where a drain is set, what is complete of a large reply goes out at once.
    @inline(__always)
    private func endReply(_ parser: XMLPushParser) throws(TranslationError) -> Bool {
        let isOver = try reader.end(in: parser)
        if !isOver, reader.document.bytesUsed > drainFrom { try drainReply() }
        return isOver
    }

    @inline(never)
    private func drainReply() throws(TranslationError) {
        guard let drain, try reader.mayDrain(drain) else { return }
        drain.drain(document)
        if drain.hasBegun { drainFrom = DocumentDrain.pieceBytes }
    }

    // MARK: Parts

    private func isSOAP(_ uri: UnsafePointer<UInt8>?) -> Bool {
        guard let uri else { return false }
        return XMLText.equals(uri, "http://schemas.xmlsoap.org/soap/envelope/")
            || XMLText.equals(uri, "http://www.w3.org/2003/05/soap-envelope")
    }

    private func startEnvelope(_ tag: XMLStartTag) throws(TranslationError) {
        guard XMLText.equals(tag.local, "Envelope") else {
            let name = tag.name
            let what =
                name.local.lowercased() == "html"
                ? "an HTML page" : "XML whose root element is \(name)"
            throw TranslationError(
                .message, "The backend answered with \(what), not with a SOAP Envelope.")
        }
        guard isSOAP(tag.uri) else {
            throw TranslationError(
                .message,
                "The reply's Envelope is in the namespace \"\(XMLText.string(tag.uri))\", "
                    + "which is neither SOAP 1.1's nor SOAP 1.2's.")
        }
        hasBegun = true
        state = .envelope
    }

    private func startPart(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        if isSOAP(tag.uri), XMLText.equals(tag.local, "Header"), !hasBody {
            state = .header
        } else if isSOAP(tag.uri), XMLText.equals(tag.local, "Body"), !hasBody {
            hasBody = true
            bodyName = tag.local
            state = .body
            guard let operation, !operation.isOneWay, operation.reply.placement == .body else {
                return
            }
            state = .bodyContent(hasChild: false)
            try reader.begin(
                operation.reply.element, bare(tag.local), in: parser, into: document)
        } else {
            skipped = 1
        }
    }

    /// The Body's tag without its attributes, which belong to SOAP and not to the contract.
    func bare(_ local: UnsafePointer<UInt8>) -> XMLStartTag {
        XMLStartTag(
            local: local, uri: nil, prefix: nil, namespaces: nil, namespaceCount: 0,
            attributes: nil, attributeCount: 0)
    }

    private func startBodyChild(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        bodyChildren += 1
        if bodyChildren == 1, XMLText.equals(tag.local, "Fault"), isSOAP(tag.uri) {
            return startFault()
        }
        guard let operation, !operation.isOneWay, bodyChildren == 1 else {
            if !(operation?.isOneWay ?? true) {
                let sentence = "The reply's Body holds a second element, \(tag.name)."
                guard reader.options.reportsMismatch else {
                    throw TranslationError(.message, sentence, path: "/Envelope/Body")
                }
                note(sentence)
            }
            skipped = 1
            return
        }
        let reply = operation.reply
        if !reply.isWrapper, !reader.matches(reply.element, tag, in: parser) {
            throw TranslationError(
                .message,
                "The reply's Body holds \(tag.name), where the contract has "
                    + "\(operation.plans.name(of: reply.element)).", path: "/Envelope/Body")
        }
        state = .reply
        try reader.begin(reply.element, tag, in: parser, into: document)
        reader.takesFirst = reply.isWrapper && reply.isEncoded
    }

    /// Text in place of the reply's element is no empty reply.
    private func refuseText() throws(TranslationError) {
        guard let operation, !operation.isOneWay, bodyChildren == 0 else { return }
        throw TranslationError(
            .message,
            "The reply's Body holds text, where the contract has "
                + "\(operation.plans.name(of: operation.reply.element)).", path: "/Envelope/Body")
    }

    /// An empty Body is read as if it held the reply's element, empty.
    private func readEmptyBody(_ parser: XMLPushParser) throws(TranslationError) {
        guard let operation, !operation.isOneWay, let bodyName else { return }
        try reader.begin(operation.reply.element, bare(bodyName), in: parser, into: document)
        _ = try reader.end(in: parser)
        note("The reply's Body is empty.")
    }

    private func startFault() {
        isFault = true
        fault.begin(operation?.faults ?? [])
        state = .fault
    }

    private func startDetail(_ tag: XMLStartTag, _ parser: XMLPushParser) {
        let declared = operation?.faults.firstIndex { reader.matches($0.element, tag, in: parser) }
        let part = declared.flatMap { operation?.faults[$0] }
        if fault.annexes.begin(part, tag, reader, parser) {
            state = .faultDetail
        } else {
            skipped = 1
        }
    }

    // MARK: Header blocks

    private func startHeaderBlock(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) {
        let part = operation?.replyHeaders.first { reader.matches($0.element, tag, in: parser) }
        if part == nil, mustUnderstand(tag), !isUnderstood(tag.uri) {
            throw TranslationError(
                .message, keyword: "mustUnderstand",
                "The reply has a header block \(tag.name) that must be understood, "
                    + "and the contract does not declare it.", path: "/Envelope/Header")
        }
        if blocks.begin(part, tag, reader, parser) {
            state = .headerBlock
        } else {
            skipped = 1
        }
    }

    private func endHeaderBlock() {
        noteFailure(of: &blocks)
        state = .header
    }

    private func noteFailure(of annexes: inout AnnexReader) {
        if let failure = annexes.takeFailure() { note(failure) }
    }

    /// The block must be understood, and by us: its actor or role is absent, next, or the
    /// ultimate receiver.
    private func mustUnderstand(_ tag: XMLStartTag) -> Bool {
        var must = false
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            guard isSOAP(attribute.uri) else { continue }
            let value = String(decoding: attribute.value, as: UTF8.self)
            if XMLText.equals(attribute.local, "mustUnderstand") {
                must = value == "1" || value == "true"
            } else if XMLText.equals(attribute.local, "actor")
                || XMLText.equals(attribute.local, "role")
            {
                let ours = [
                    "", SOAPNames.next11, SOAPNames.next12, SOAPNames.ultimateReceiver12,
                ]
                if !ours.contains(value) { return false }
            }
        }
        return must
    }

    private func isUnderstood(_ uri: UnsafePointer<UInt8>?) -> Bool {
        SOAPNames.understood.contains(XMLText.string(uri))
    }
}
