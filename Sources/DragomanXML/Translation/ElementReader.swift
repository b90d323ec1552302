// SPDX-License-Identifier: Apache-2.0
// A whole XML document that is one element of the contract, without anything around it.

package import DragomanDocument

/// Reads documents whose root is one of given elements. Reused from document to document.
package final class ElementReader {
    package let reader: PlanReader
    private let handler: RootHandler
    private let parser: XMLPushParser

    /// `elements`: tried in order against the root's name.
    package init(plans: PlanSet, elements: [ElementPlan]) {
        reader = PlanReader(plans: plans)
        handler = RootHandler(reader: reader, elements: elements)
        parser = XMLPushParser(handler: handler)
    }

    /// Starts a document, whose JSON form goes to the end of `document`.
    package func begin(into document: Document, encoding: String? = nil) {
        reader.clearMismatches()
        handler.document = document
        handler.state = .outside
        parser.begin(encoding: encoding)
    }

    /// Takes the document's next bytes.
    package func feed(_ bytes: UnsafeRawBufferPointer) throws(TranslationError) {
        try parser.feed(bytes)
    }

    /// Ends the document; throws where it is not complete.
    package func finish() throws(TranslationError) { try parser.finish() }
}

private final class RootHandler: XMLEventHandler {
    enum State { case outside, inside, done }

    let reader: PlanReader
    let elements: [ElementPlan]
    var document = Document(tapeCapacity: 16, textCapacity: 64)
    var state = State.outside

    init(reader: PlanReader, elements: [ElementPlan]) {
        self.reader = reader
        self.elements = elements
    }

    override func takeStart(_ tag: XMLStartTag) throws(TranslationError) -> Bool {
        state == .inside ? try reader.takeStart(tag) : false
    }

    override func takeText(_ bytes: UnsafeRawBufferPointer, isPlain: Bool) -> Bool {
        state == .inside && reader.takeText(bytes, isPlain: isPlain)
    }

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        if state == .inside { return try reader.start(tag, in: parser) }
        state = .inside
        for element in elements where reader.matches(element, tag, in: parser) {
            return try reader.begin(element, tag, in: parser, into: document)
        }
        throw TranslationError(
            .message, "the root element <\(tag.name)> is not what is due here", path: "/")
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        guard state == .inside else { return }
        if try reader.end(in: parser) { state = .done }
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        if state == .inside { try reader.text(bytes, in: parser) }
    }
}
