// SPDX-License-Identifier: Apache-2.0
// The canonical octets of elements that are signed (Exclusive XML Canonicalization 1.0, without
// comments), taken from a message's events in one pass.

package import DragomanDocument

/// Reads a SOAP message and keeps the canonical form of the elements that are asked for. Only
/// elements at places where a signature may look are found by their identifier: the Body, header
/// blocks, what stands in a Security block, and SignedInfo; so nothing can be smuggled in.
package final class CanonicalReader {
    /// An element as it was found.
    package struct Found {
        package let name: XMLName
        /// Names from the root on, the element's own included.
        package let path: [XMLName]
        package let octets: [UInt8]
    }

    /// How an element is made canonical.
    package enum Form: Sendable {
        /// Of these prefixes the namespaces are written wherever they are in scope.
        case exclusive(prefixes: [String])
        /// All namespaces in scope are written (Canonical XML 1.0).
        case inclusive
    }

    private let events = CanonicalEvents()

    package init() {}

    /// `wanted`: forms by identifier (`wsu:Id`, `Id`); SignedInfo goes by an empty one.
    package func read(
        _ bytes: UnsafeRawBufferPointer, wanted: [String: Form]
    ) throws(TranslationError) -> [String: Found] {
        events.begin(wanted)
        let parser = XMLPushParser(handler: events, limits: XMLLimits(depthMax: 200))
        parser.begin()
        try parser.feed(bytes)
        try parser.finish()
        return events.found
    }
}

private final class CanonicalEvents: XMLEventHandler {
    private struct Capture {
        let id: String
        let form: CanonicalReader.Form
        let depth: Int
        let path: [XMLName]
        let output = OutputBuffer(capacity: 512)
        /// Namespaces written so far, by the depth of their element.
        var rendered: [(depth: Int, prefix: String, uri: String)] = []
    }

    private var wanted: [String: CanonicalReader.Form] = [:]
    private var open: [(name: XMLName, qualified: String)] = []
    private var captures: [Capture] = []
    private(set) var found: [String: CanonicalReader.Found] = [:]

    func begin(_ wanted: [String: CanonicalReader.Form]) {
        self.wanted = wanted
        open = []
        captures = []
        found = [:]
    }

    override func startElement(
        _ tag: XMLStartTag, in parser: XMLPushParser
    ) throws(TranslationError) {
        let prefix = XMLText.string(tag.prefix)
        let local = XMLText.string(tag.local)
        open.append((tag.name, prefix.isEmpty ? local : "\(prefix):\(local)"))
        if let id = identifier(tag), let form = wanted[id] {
            guard found[id] == nil, !captures.contains(where: { $0.id == id }) else {
                throw TranslationError(
                    .message, keyword: "signature",
                    "Two elements of the message have the identifier \"\(id)\".")
            }
            captures.append(
                Capture(id: id, form: form, depth: open.count, path: open.map(\.name)))
        }
        for index in captures.indices { write(tag, prefix, to: &captures[index], parser) }
    }

    override func text(
        _ bytes: UnsafeRawBufferPointer, in parser: XMLPushParser
    ) throws(TranslationError) {
        for capture in captures { CanonicalText.write(bytes, isAttribute: false, capture.output) }
    }

    override func endElement(in parser: XMLPushParser) throws(TranslationError) {
        let depth = open.count
        guard let element = open.last else { return }
        for index in captures.indices {
            captures[index].output.append("</\(element.qualified)>")
            captures[index].rendered.removeAll { $0.depth == depth }
        }
        captures.removeAll { capture in
            guard capture.depth == depth else { return false }
            found[capture.id] = CanonicalReader.Found(
                name: element.name, path: capture.path, octets: Array(capture.output.bytes))
            return true
        }
        open.removeLast()
    }

    /// The element's identifier where it stands at a place that may be signed; empty for
    /// SignedInfo; nil for all else.
    private func identifier(_ tag: XMLStartTag) -> String? {
        let isHeader = open.count >= 3 && open[1].name.local == "Header"
        switch open.count {
        case 2 where open[1].name.local == "Body": break
        case 3 where isHeader: break
        case 4 where isHeader && open[2].name.local == "Security": break
        case 5 where isHeader && open[3].name.local == "Signature":
            return open[4].name.local == "SignedInfo" ? "" : nil
        default: return nil
        }
        var id: String?
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            guard XMLText.equals(attribute.local, "Id") || XMLText.equals(attribute.local, "ID")
            else { continue }
            let space = XMLText.string(attribute.uri)
            if space.isEmpty || space == WSSecurityNames.utility {
                id = String(decoding: attribute.value, as: UTF8.self)
            }
        }
        return id.flatMap { $0.isEmpty ? nil : $0 }
    }

    // MARK: Writing

    private func write(
        _ tag: XMLStartTag, _ prefix: String, to capture: inout Capture, _ parser: XMLPushParser
    ) {
        let output = capture.output
        output.append("<\(open[open.count - 1].qualified)")
        var declarations = utilized(tag, prefix)
        switch capture.form {
        case .exclusive(let prefixes):
            for prefix in prefixes { add(prefix, to: &declarations, parser) }
        case .inclusive:
            parser.forEachNamespace { name, _ in
                self.add(XMLText.string(name), to: &declarations, parser)
            }
        }
        for entry in declarations.sorted(by: {
            $0.prefix.utf8.lexicographicallyPrecedes($1.prefix.utf8)
        }) {
            let last = capture.rendered.last { $0.prefix == entry.prefix }
            if (last?.uri ?? "") == entry.uri { continue }
            capture.rendered.append((open.count, entry.prefix, entry.uri))
            output.append(entry.prefix.isEmpty ? " xmlns=\"" : " xmlns:\(entry.prefix)=\"")
            CanonicalText.write(entry.uri, isAttribute: true, output)
            output.append("\"")
        }
        writeAttributes(tag, output)
        output.append(">")
    }

    private func utilized(
        _ tag: XMLStartTag, _ prefix: String
    ) -> [(prefix: String, uri: String)] {
        var declarations = [(prefix: prefix, uri: XMLText.string(tag.uri))]
        for index in 0..<tag.attributeCount {
            let attribute = tag.attribute(index)
            let prefix = XMLText.string(attribute.prefix)
            guard !prefix.isEmpty, !declarations.contains(where: { $0.prefix == prefix }) else {
                continue
            }
            declarations.append((prefix, XMLText.string(attribute.uri)))
        }
        return declarations.filter { $0.prefix != "xml" }
    }

    private func add(
        _ prefix: String, to declarations: inout [(prefix: String, uri: String)],
        _ parser: XMLPushParser
    ) {
        let prefix = prefix == "#default" ? "" : prefix
        guard prefix != "xml", !declarations.contains(where: { $0.prefix == prefix }) else {
            return
        }
        var name = prefix
        let uri = name.withUTF8 { parser.namespace(UnsafeRawBufferPointer($0)) }
        guard uri.isDeclared else { return }
        declarations.append((prefix, XMLText.string(uri.uri)))
    }

    private func writeAttributes(_ tag: XMLStartTag, _ output: OutputBuffer) {
        let attributes = (0..<tag.attributeCount).map { tag.attribute($0) }.sorted { one, other in
            let spaces = (XMLText.string(one.uri), XMLText.string(other.uri))
            if spaces.0 != spaces.1 {
                return spaces.0.utf8.lexicographicallyPrecedes(spaces.1.utf8)
            }
            return XMLText.string(one.local).utf8.lexicographicallyPrecedes(
                XMLText.string(other.local).utf8)
        }
        for attribute in attributes { CanonicalText.writeAttribute(attribute, output) }
    }
}

/// Character data as Canonical XML spells it (Canonical XML 1.0, 2.3).
package enum CanonicalText {
    /// ` prefix:name="value"`
    static func writeAttribute(_ attribute: XMLAttributeView, _ output: OutputBuffer) {
        let prefix = XMLText.string(attribute.prefix)
        output.append(prefix.isEmpty ? " " : " \(prefix):")
        output.append(XMLText.string(attribute.local))
        output.append("=\"")
        write(attribute.value, isAttribute: true, output)
        output.append("\"")
    }

    static func write(
        _ bytes: UnsafeRawBufferPointer, isAttribute: Bool, _ output: OutputBuffer
    ) {
        for byte in bytes {
            switch byte {
            case 0x26: output.append("&amp;")
            case 0x3C: output.append("&lt;")
            case 0x3E where !isAttribute: output.append("&gt;")
            case 0x22 where isAttribute: output.append("&quot;")
            case 0x09 where isAttribute: output.append("&#x9;")
            case 0x0A where isAttribute: output.append("&#xA;")
            case 0x0D: output.append("&#xD;")
            default: output.append(byte)
            }
        }
    }

    package static func write(_ text: String, isAttribute: Bool, _ output: OutputBuffer) {
        var text = text
        text.withUTF8 { write(UnsafeRawBufferPointer($0), isAttribute: isAttribute, output) }
    }
}

/// Namespaces of WS-Security and what it builds on.
package enum WSSecurityNames {
    private static let base = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"
    package static let `extension` = base + "wssecurity-secext-1.0.xsd"
    package static let utility = base + "wssecurity-utility-1.0.xsd"
    package static let tokens = base + "username-token-profile-1.0"
    package static let certificates = base + "x509-token-profile-1.0"
    package static let message = base + "soap-message-security-1.0"
    package static let message11 =
        "http://docs.oasis-open.org/wss/oasis-wss-soap-message-security-1.1"
    package static let signature = "http://www.w3.org/2000/09/xmldsig#"
    package static let exclusive = "http://www.w3.org/2001/10/xml-exc-c14n#"
    package static let inclusive = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
    package static let addressing = "http://www.w3.org/2005/08/addressing"
}
