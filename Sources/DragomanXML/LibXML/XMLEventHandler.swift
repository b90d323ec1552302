// SPDX-License-Identifier: Apache-2.0
// Who receives the events of a push parser: a class to be overridden, so that one C handler table
// serves every reader and an event costs one call through a method table.

package import DragomanDocument

/// Receives events of one document in order. Override what is of interest; an error that is
/// thrown ends the document, and `XMLPushParser.feed` throws it.
package class XMLEventHandler {
    init() {}

    package func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {}

    /// Asked before `startElement` for tags without attributes and namespace declarations, which
    /// most are: true where the element has been begun. Where it has not, nothing has happened.
    /// Names of any length come here.
    func takeStart(_ tag: XMLStartTag) throws(TranslationError) -> Bool { false }

    /// Asked before `text`, in the same way. `isPlain`: no byte needs an escape in JSON.
    func takeText(_ bytes: UnsafeRawBufferPointer, isPlain: Bool) -> Bool { false }

    /// Each start tag's end, in order; libxml2 has checked that the names match.
    package func endElement(in parser: XMLPushParser) throws(TranslationError) {}

    /// Character data, references resolved, CDATA sections included. One run of text may come in
    /// any number of pieces; each is well-formed UTF-8.
    package func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {}
}

/// Bounds on a document that somebody sent; libxml2's own (256 levels, names of 50,000 bytes,
/// attributes of 10 MB) stand behind them.
package struct XMLLimits: Sendable, Equatable {
    /// Elements inside one another.
    package var depthMax: Int
    /// Attributes of one element, namespace declarations not counted.
    package var attributesMax: Int
    /// Bytes of one local name.
    package var nameBytesMax: Int

    package init(depthMax: Int = 110, attributesMax: Int = 256, nameBytesMax: Int = 1024) {
        self.depthMax = depthMax
        self.attributesMax = attributesMax
        self.nameBytesMax = nameBytesMax
    }

    /// For contracts of the gateway's own directory.
    package static let contract = XMLLimits(
        depthMax: 250, attributesMax: 4096, nameBytesMax: 10_000)
}
