// SPDX-License-Identifier: Apache-2.0
// libxml2's handler table: each C function recovers the parser and calls one method of it. Nothing
// throws across C: the parser parks the error and stops libxml2.

internal import CLibXML2

extension XMLPushParser {
    /// SAX2 (`xmlSAXHandler`, version 2) without what builds trees or knows DTDs: a handler that
    /// is not set is not called.
    static func handlerTable() -> xmlSAXHandler {
        var table = xmlSAXHandler()
        table.initialized = UInt32(XML_SAX2_MAGIC)
        table.internalSubset = { data, _, _, _ in XMLPushParser.with(data) { $0.foundDoctype() } }
        table.startDocument = { data in XMLPushParser.with(data) { $0.declared() } }
        table.startElementNs = {
            data, local, prefix, uri, namespaceCount, namespaces, attributeCount, _, attributes in
            guard let local else { return }
            let tag = XMLStartTag(
                local: local, uri: uri, prefix: prefix, namespaces: namespaces,
                namespaceCount: Int(namespaceCount), attributes: attributes,
                attributeCount: Int(attributeCount))
            XMLPushParser.with(data) { $0.started(tag) }
        }
        table.endElementNs = { data, _, _, _ in XMLPushParser.with(data) { $0.ended() } }
        table.characters = { data, text, count in
            let bytes = UnsafeRawBufferPointer(start: text, count: Int(count))
            XMLPushParser.with(data) { $0.characters(bytes) }
        }
        table.ignorableWhitespace = table.characters
        table.cdataBlock = table.characters
        table.serror = { (data, error: dragoman_xml_error?) in
            guard let error else { return }
            XMLPushParser.with(data) { $0.reported(error.pointee) }
        }
        return table
    }

    @inline(__always)
    private static func with(
        _ data: UnsafeMutableRawPointer?, _ body: (XMLPushParser) -> Void
    ) {
        guard let data else { return }
        // The context dies with its parser, so the parser is alive whenever libxml2 calls.
        Unmanaged<XMLPushParser>.fromOpaque(data)._withUnsafeGuaranteedRef { body($0) }
    }
}
