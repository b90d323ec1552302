// SPDX-License-Identifier: Apache-2.0
// XML that a client sends inside of JSON: read behind the same fence as messages and written anew
// from its events, so that it can be one element and nothing else.

package import DragomanDocument

/// Copies strings of XML, one after the other, on one loop.
package final class FragmentReader {
    private let copier = FragmentCopier()
    private let parser: XMLPushParser

    package init() {
        parser = XMLPushParser(handler: copier)
    }

    /// Appends the element that the string holds.
    /// - Returns: its name.
    package func copy(
        _ node: Node, to output: OutputBuffer
    ) throws(TranslationError) -> XMLName {
        copier.output = output
        copier.name = nil
        copier.serializer.begin()
        parser.begin(encoding: "UTF-8")
        do throws(TranslationError) {
            try parser.feed(node.bytes)
            try parser.finish()
        } catch {
            throw TranslationError(
                .value, keyword: error.reason == .message ? "contract" : error.keyword,
                error.detail, at: node)
        }
        guard let name = copier.name else {
            throw TranslationError(.value, "the string holds no element", at: node)
        }
        return name
    }
}

private final class FragmentCopier: XMLEventHandler {
    var output = OutputBuffer(capacity: 64)
    var serializer = FragmentSerializer()
    var name: XMLName?

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        if name == nil { name = tag.name }
        serializer.start(tag, in: parser, to: output)
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        serializer.end(to: output)
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        if serializer.depth > 0 { serializer.text(bytes, in: parser, to: output) }
    }
}
