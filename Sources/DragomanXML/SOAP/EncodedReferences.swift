// SPDX-License-Identifier: Apache-2.0
// SOAP encoding's references (SOAP 1.1, 5.4.1; SOAP 1.2 part 2, 3.1): an element that refers to
// another by href and id becomes that element's copy, so that what is read is a plain tree.
//
//     <a href="#1"/> … <multiRef id="1" xsi:type="t:A"><x>5</x></multiRef>
//     →  <a xsi:type="t:A"><x>5</x></a>

internal import DragomanDocument

enum EncodedReferences {
    /// Whether a message may hold references at all: most do not, and need no second reading.
    static func mayOccur(in bytes: UnsafeRawBufferPointer) -> Bool {
        contains(bytes, "href=") || contains(bytes, ":ref=") || contains(bytes, "href =")
    }

    private static func contains(_ bytes: UnsafeRawBufferPointer, _ text: StaticString) -> Bool {
        let length = text.utf8CodeUnitCount
        guard bytes.count >= length, let base = bytes.baseAddress else { return false }
        let first = text.utf8Start[0]
        for index in 0...(bytes.count - length) where bytes[index] == first {
            if Bytes.equal(base + index, UnsafeRawPointer(text.utf8Start), length) { return true }
        }
        return false
    }

    /// The message with every reference replaced by a copy.
    /// `bytesMax`: bound on what comes out, since copies can multiply.
    /// `attachments`: what `cid:` references mean, as base64.
    static func inlined(
        _ bytes: UnsafeRawBufferPointer, bytesMax: Int, attachments: MultipartMessage? = nil,
        to output: OutputBuffer
    ) throws(TranslationError) {
        let root: XMLElement
        do {
            root = try XMLTreeReader.read(bytes, file: "reply")
        } catch {
            throw TranslationError(
                .message, keyword: "xml",
                "The XML is not well-formed at line \(error.line), column \(error.column): "
                    + "\(error.message).")
        }
        var writer = Inliner(output: output, bytesMax: bytesMax, attachments: attachments)
        writer.collect(root)
        try writer.write(root, as: root, parent: nil, isBody: false)
    }
}

private struct Inliner {
    let output: OutputBuffer
    let bytesMax: Int
    let attachments: MultipartMessage?
    var targets: [String: XMLElement] = [:]
    /// Identifiers of the targets that are being copied.
    var open: [String] = []

    init(output: OutputBuffer, bytesMax: Int, attachments: MultipartMessage?) {
        self.output = output
        self.bytesMax = bytesMax
        self.attachments = attachments
    }

    mutating func collect(_ element: XMLElement) {
        if let id = identifier(element) { targets[id] = element }
        for child in element.elements { collect(child) }
    }

    private func identifier(_ element: XMLElement) -> String? {
        element.attribute("id") ?? element.attribute("id", namespace: SOAPNames.encoding12)
    }

    private func reference(_ element: XMLElement) -> String? {
        if let href = element.attribute("href"), href.hasPrefix("#") {
            return String(href.dropFirst())
        }
        return element.attribute("ref", namespace: SOAPNames.encoding12)
    }

    /// `element`: whose name is written.
    /// `source`: whose attributes and content are.
    mutating func write(
        _ element: XMLElement, as source: XMLElement, parent: XMLNamespaceScope?, isBody: Bool
    ) throws(TranslationError) {
        if let id = reference(source) { return try copy(id, for: element, parent) }
        guard output.count <= bytesMax else {
            throw TranslationError(
                .size, "The reply's references unfold to more than \(bytesMax) bytes.")
        }
        let name = qualified(element)
        output.append("<")
        output.append(name)
        declare(element, source, parent)
        for attribute in source.attributes where !isPlumbing(attribute.name) {
            guard let prefix = prefix(of: attribute.name.namespace, in: source.namespaces) else {
                continue
            }
            output.append(prefix.isEmpty ? " " : " \(prefix):")
            output.append(attribute.name.local)
            output.append("=\"")
            output.append(XMLEscape.attribute(attribute.value))
            output.append("\"")
        }
        output.append(">")
        if !appendAttachment(source) { try writeContent(source, isBody: isBody) }
        output.append("</")
        output.append(name)
        output.append(">")
    }

    /// SOAP with Attachments: an element that refers to a part has its bytes.
    private func appendAttachment(_ source: XMLElement) -> Bool {
        guard let attachments, let href = source.attribute("href"),
            href.lowercased().hasPrefix("cid:")
        else { return false }
        return attachments.appendBase64(of: href, to: output)
    }

    private mutating func writeContent(
        _ source: XMLElement, isBody: Bool
    ) throws(TranslationError) {
        let isEnvelope = source.name.local == "Envelope"
        var hasResult = false
        for piece in source.content {
            switch piece {
            case .text(let text): output.append(XMLEscape.attribute(text))
            case .element(let child):
                // Beside the result, the Body holds targets, which stand where they are meant.
                if isBody,
                    hasResult
                        || child.attribute("root", namespace: SOAPNames.encoding11)
                            == "0"
                {
                    continue
                }
                hasResult = true
                try write(
                    child, as: child, parent: source.namespaces,
                    isBody: isEnvelope && child.name.local == "Body")
            }
        }
    }

    private mutating func copy(
        _ id: String, for element: XMLElement, _ parent: XMLNamespaceScope?
    ) throws(TranslationError) {
        guard let target = targets[id] else {
            throw TranslationError(
                .message, "The reply refers to \"#\(id)\", which is nowhere in it.")
        }
        guard !open.contains(id), open.count < 100 else {
            throw TranslationError(
                .message, "The reply's element \"\(id)\" holds itself, which JSON can not.")
        }
        open.append(id)
        defer { open.removeLast() }
        try write(element, as: target, parent: nil, isBody: false)
    }

    private func qualified(_ element: XMLElement) -> String {
        element.prefix.isEmpty ? element.name.local : "\(element.prefix):\(element.name.local)"
    }

    /// What the element itself declares; all that is in scope where it was moved.
    private func declare(
        _ element: XMLElement, _ source: XMLElement, _ parent: XMLNamespaceScope?
    ) {
        var seen: Set<String> = []
        // The element's own prefix must mean what it did where the element stands.
        if element !== source { declare(element.prefix, element.name.namespace, &seen) }
        var scope: XMLNamespaceScope? = source.namespaces
        while let current = scope, current !== parent {
            for entry in current.declared { declare(entry.prefix, entry.uri, &seen) }
            scope = current.parent
        }
    }

    private func declare(_ prefix: String, _ uri: String, _ seen: inout Set<String>) {
        guard seen.insert(prefix).inserted, !(uri.isEmpty && !prefix.isEmpty) else { return }
        output.append(prefix.isEmpty ? " xmlns=\"" : " xmlns:\(prefix)=\"")
        output.append(XMLEscape.attribute(uri))
        output.append("\"")
    }

    private func prefix(of namespace: String, in scope: XMLNamespaceScope) -> String? {
        if namespace.isEmpty { return "" }
        if namespace == XMLNamespace.xml { return "xml" }
        var current: XMLNamespaceScope? = scope
        while let level = current {
            for entry in level.declared
            where entry.uri == namespace && !entry.prefix.isEmpty
                && scope.uri(entry.prefix) == namespace
            {
                return entry.prefix
            }
            current = level.parent
        }
        return nil
    }

    private func isPlumbing(_ name: XMLName) -> Bool {
        switch name.namespace {
        case "": name.local == "id" || name.local == "href"
        case SOAPNames.encoding11: name.local == "root"
        case SOAPNames.encoding12: name.local == "id" || name.local == "ref"
        default: false
        }
    }
}
