// SPDX-License-Identifier: Apache-2.0
// Bytes of a contract into a tree of `XMLElement`, behind the same fence as messages.

internal import DragomanDocument

package enum XMLTreeReader {
    /// The code of a problem that is a DOCTYPE.
    static let doctypeCode = "doctype"

    /// `file`: how the document is named in problems.
    /// Throws a problem located in the file: bytes that are no XML, a DOCTYPE, a bound.
    package static func read(
        _ bytes: UnsafeRawBufferPointer, file: String
    ) throws(ContractProblem) -> XMLElement {
        let builder = XMLTreeBuilder()
        let parser = XMLPushParser(handler: builder, limits: .contract)
        parser.begin()
        do throws(TranslationError) {
            try parser.feed(bytes)
            try parser.finish()
        } catch {
            let failure = parser.failure
            if let failure, failure.isDoctype {
                throw ContractProblem(
                    .error, code: doctypeCode, file: file, line: failure.line,
                    column: failure.column,
                    "a DOCTYPE is refused, in contracts too: take it out of this file, and where "
                        + "the file uses an entity that it declares, write the entity's text")
            }
            throw ContractProblem(
                .error, code: "xml", file: file, line: failure?.line ?? 0,
                column: failure?.column ?? 0, failure?.message ?? error.detail)
        }
        guard let root = builder.root else {
            throw ContractProblem(
                .error, code: "xml", file: file, line: 1, column: 1, "the document is empty")
        }
        return root
    }

    package static func read(
        _ bytes: [UInt8], file: String
    ) throws(ContractProblem) -> XMLElement {
        try bytes.withUnsafeBytes { all -> Result<XMLElement, ContractProblem> in
            do throws(ContractProblem) {
                return .success(try read(all, file: file))
            } catch {
                return .failure(error)
            }
        }.get()
    }
}

/// Builds the tree from events; an element is made when its end tag has come.
private final class XMLTreeBuilder: XMLEventHandler {
    struct Open {
        let name: XMLName
        let prefix: String
        let attributes: [XMLAttribute]
        let namespaces: XMLNamespaceScope
        let line: Int
        let column: Int
        var content: [XMLContent] = []
        var text: [UInt8] = []

        mutating func closeText() {
            guard !text.isEmpty else { return }
            content.append(.text(String(decoding: text, as: UTF8.self)))
            text = []
        }
    }

    var stack: [Open] = []
    var root: XMLElement?

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        if !stack.isEmpty { stack[stack.count - 1].closeText() }
        var scope = stack.last?.namespaces ?? XMLNamespaceScope(declared: [], parent: nil)
        if tag.namespaceCount > 0 {
            let declared = (0..<tag.namespaceCount).map { index in
                let (prefix, uri) = tag.namespace(index)
                return (prefix: XMLText.string(prefix), uri: XMLText.string(uri))
            }
            scope = XMLNamespaceScope(declared: declared, parent: scope)
        }
        let attributes = (0..<tag.attributeCount).map { index in
            let attribute = tag.attribute(index)
            return XMLAttribute(
                name: XMLName(XMLText.string(attribute.uri), XMLText.string(attribute.local)),
                value: String(decoding: attribute.value, as: UTF8.self))
        }
        let position = parser.position
        stack.append(
            Open(
                name: tag.name, prefix: XMLText.string(tag.prefix), attributes: attributes,
                namespaces: scope, line: position.line, column: position.column))
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        guard var open = stack.popLast() else { return }
        open.closeText()
        let element = XMLElement(
            name: open.name, prefix: open.prefix, attributes: open.attributes,
            content: open.content, namespaces: open.namespaces, line: open.line,
            column: open.column)
        if stack.isEmpty {
            root = element
        } else {
            stack[stack.count - 1].content.append(.element(element))
        }
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        guard !stack.isEmpty else { return }
        stack[stack.count - 1].text.append(contentsOf: bytes)
    }
}
