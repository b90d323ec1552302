// SPDX-License-Identifier: Apache-2.0
// A plain XML reply, as its bytes arrive, into a Document: by the contract's global elements, or
// without a contract as `{"@xml": "…"}`.

package import DragomanDocument

/// Reads the replies of one `xml` backend, one after the other. Belongs to one event loop.
package final class XMLReplyReader {
    private let root: RootReader
    private let parser: XMLPushParser
    private var status = 200
    private var fedBytes = 0
    /// Nothing is read of it: the call answers nothing, or has failed.
    private var isIgnored = false
    private var refusal: TranslationError?
    private var mediaType = ReplyMediaType()

    /// `contract`: nil for bodies without a contract.
    package init(contract: XMLServiceContract?, limits: XMLLimits = XMLLimits()) {
        let plans = contract?.plans ?? XMLReplyReader.noPlans
        root = RootReader(contract: contract, reader: PlanReader(plans: plans))
        let events = RootEvents()
        events.root = root
        parser = XMLPushParser(handler: events, limits: limits)
    }

    private static let noPlans = PlanCompiler(
        schemas: SchemaSet(resolver: { _, _ in nil }, problems: ContractProblems())
    ).finish()

    package var options: ReadOptions {
        get { root.reader.options }
        set { root.reader.options = newValue }
    }

    package var mismatches: [String] { root.reader.mismatches }

    package var limits: XMLLimits {
        get { parser.limits }
        set { parser.limits = newValue }
    }

    /// Starts a reply, whatever became of the last one.
    /// `expected`: what the operation answers with.
    package func begin(
        expecting expected: XMLOperationPlan.Reply = .anyElement, status: Int,
        contentType: UnsafeRawBufferPointer?, into document: Document
    ) {
        self.status = status
        fedBytes = 0
        isIgnored = if case .nothing = expected { true } else { !(200..<300).contains(status) }
        document.removeAll()
        root.begin(document, expected)
        if isIgnored { return refusal = nil }
        mediaType.read(contentType)
        refusal = mediaType.refusal(status: status, what: "XML")
        parser.begin(encoding: mediaType.charset, isUTF8: mediaType.isUTF8)
    }

    /// As `SOAPReplyReader.stream`.
    package func stream(to drain: DocumentDrain, from bytes: Int) {
        root.drain = drain
        root.drainFrom = bytes
    }

    package func feed(_ bytes: UnsafeRawBufferPointer) throws(TranslationError) {
        if isIgnored { return }
        fedBytes += bytes.count
        if let refusal { throw refusal }
        try parser.feed(bytes)
    }

    /// Ends the reply; an empty one is `{}`.
    package func finish() throws(TranslationError) {
        guard (200..<300).contains(status) else {
            throw TranslationError(
                .message, "The backend answered with HTTP status \(status).")
        }
        if fedBytes == 0 { return root.finishEmpty() }
        try parser.finish()
        root.finish()
    }
}

/// Hands a parser's events to the reader of the root element.
private final class RootEvents: XMLEventHandler {
    var root: RootReader?

    override func takeStart(_ tag: XMLStartTag) throws(TranslationError) -> Bool {
        guard let root else { return false }
        return try root.takeStart(tag)
    }

    override func takeText(_ bytes: UnsafeRawBufferPointer, isPlain: Bool) -> Bool {
        root?.takeText(bytes, isPlain: isPlain) ?? false
    }

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        try root?.startElement(tag, in: parser)
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        try root?.text(bytes, in: parser)
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        try root?.endElement(in: parser)
    }
}

private final class RootReader {
    let contract: XMLServiceContract?
    let reader: PlanReader
    private var document = Document(tapeCapacity: 16, textCapacity: 64)
    private var expected = XMLOperationPlan.Reply.anyElement
    private var isInside = false
    var drain: DocumentDrain?
    var drainFrom = Int.max

    init(contract: XMLServiceContract?, reader: PlanReader) {
        self.contract = contract
        self.reader = reader
    }

    func begin(_ document: Document, _ expected: XMLOperationPlan.Reply) {
        self.document = document
        self.expected = expected
        isInside = false
        drain = nil
        drainFrom = Int.max
    }

    func finishEmpty() {
        document.beginObject()
        document.endObject()
    }

    func finish() {
        if contract == nil { document.endObject() }
    }

    func takeStart(_ tag: XMLStartTag) throws(TranslationError) -> Bool {
        isInside ? try reader.takeStart(tag) : false
    }

    func takeText(_ bytes: UnsafeRawBufferPointer, isPlain: Bool) -> Bool {
        isInside && reader.takeText(bytes, isPlain: isPlain)
    }

    func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        if isInside { return try reader.start(tag, in: parser) }
        isInside = true
        guard let contract else {
            document.beginObject()
            document.key("@xml")
            return try reader.beginAny(tag, in: parser, into: document)
        }
        try reader.begin(try element(tag, contract, parser), tag, in: parser, into: document)
    }

    /// What the root element is read as.
    private func element(
        _ tag: XMLStartTag, _ contract: XMLServiceContract, _ parser: XMLPushParser
    ) throws(TranslationError) -> ElementPlan {
        switch expected {
        case .content(let element): return element
        case .element(let element):
            if reader.matches(element, tag, in: parser) { return element }
            throw TranslationError(
                .message,
                "The backend answered with \(tag.name), where the contract has "
                    + "\(contract.plans.name(of: element)).", path: "/\(tag.name.local)")
        case .anyElement, .nothing:
            let found = contract.elements.first {
                reader.matches($0.element, tag, in: parser)
            }
            if let found { return found.element }
            throw TranslationError(
                .message,
                "The backend answered with \(tag.name), which the contract does not declare.",
                path: "/\(tag.name.local)")
        }
    }

    func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        if isInside { try reader.text(bytes, in: parser) }
    }

    func endElement(in parser: XMLPushParser) throws(TranslationError) {
        guard isInside else { return }
        let isOver = try reader.end(in: parser)
        guard !isOver, reader.document.bytesUsed > drainFrom, let drain,
            try reader.mayDrain(drain)
        else { return }
        drain.drain(document)
        if drain.hasBegun { drainFrom = DocumentDrain.pieceBytes }
    }
}
