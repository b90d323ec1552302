// SPDX-License-Identifier: Apache-2.0
// XML compared as infoset: prefixes, attribute order, white space between elements, comments and
// redundant xsi:type do not count.

@testable import DragomanXML

enum Infoset {
    /// A canonical text; nil where the bytes are no XML.
    static func text(_ xml: String, below local: String? = nil) -> String? {
        guard var root = try? XMLTreeReader.read(Array(xml.utf8), file: "message") else {
            return nil
        }
        if let local {
            guard let found = find(local, in: root) else { return nil }
            root = found
        }
        return canonical(root, 0)
    }

    static func find(_ local: String, in element: XMLElement) -> XMLElement? {
        if element.name.local == local { return element }
        for child in element.elements {
            if let found = find(local, in: child) { return found }
        }
        return nil
    }

    /// The value, its prefix replaced where it is SOAP encoding's arrayType.
    private static func value(_ attribute: XMLAttribute, _ element: XMLElement) -> String {
        guard attribute.name.local == "arrayType",
            let bracket = attribute.value.firstIndex(of: "["),
            let name = element.resolve(String(attribute.value[..<bracket]))
        else { return attribute.value }
        return "\(name)\(attribute.value[bracket...])"
    }

    private static func canonical(_ element: XMLElement, _ depth: Int) -> String {
        let indent = String(repeating: " ", count: depth)
        let ignored = ["type", "schemaLocation", "noNamespaceSchemaLocation"]
        let attributes = element.attributes.filter {
            $0.name.namespace != XMLNamespace.instance || !ignored.contains($0.name.local)
        }
        .filter { $0.name.local != "encodingStyle" }
        .map { " \($0.name)=\"\(value($0, element))\"" }.sorted().joined()
        var text = "\(indent)\(element.name)\(attributes)\n"
        let children = element.elements
        if children.isEmpty {
            let own = XMLCharacters.trim(element.text)
            if !own.isEmpty { text += "\(indent) '\(own)'\n" }
        }
        for child in children { text += canonical(child, depth + 1) }
        return text
    }
}
