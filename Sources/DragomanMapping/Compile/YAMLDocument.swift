// SPDX-License-Identifier: Apache-2.0
// A YAML tree as a Document, by YAML's core schema: inline JSON Schemas and constants are read
// through the same tape as everything else.

package import DragomanDocument

package enum YAMLDocument {
    /// The tree as a value of its own.
    package static func make(_ node: YAMLNode) -> Document {
        let document = Document(tapeCapacity: 64, textCapacity: 256)
        append(node, to: document)
        return document
    }

    /// Appends the tree. Infinities and NaN have no JSON; they become strings, as ProtoJSON and
    /// XML's JSON form spell them.
    static func append(_ node: YAMLNode, to document: Document) {
        switch node.content {
        case .scalar:
            guard let value = node.value else { return document.appendNull() }
            append(value, to: document)
        case .sequence(let items):
            document.beginArray()
            for item in items { append(item, to: document) }
            document.endArray()
        case .mapping(let pairs):
            document.beginObject()
            for pair in pairs {
                document.key(pair.name)
                append(pair.value, to: document)
            }
            document.endObject()
        }
    }

    static func append(_ value: YAMLValue, to document: Document) {
        switch value {
        case .null: document.appendNull()
        case .boolean(let truth): document.append(truth)
        case .integer(let text): append(number: text, isInteger: true, to: document)
        case .number(let text): append(number: text, isInteger: false, to: document)
        case .infinity(let isNegative): document.append(string: isNegative ? "-INF" : "INF")
        case .notANumber: document.append(string: "NaN")
        case .string(let text): document.append(string: text)
        }
    }

    private static func append(number text: String, isInteger: Bool, to document: Document) {
        var text = text
        text.withUTF8 {
            document.append(number: UnsafeRawBufferPointer($0), isInteger: isInteger)
        }
    }

    /// Where a message about the node at a pointer is best placed: at its key, where the value
    /// begins on a later line.
    static func place(of pointer: String, in root: YAMLNode) -> YAMLNode {
        var node = root
        var place = root
        for token in JSONPointer.tokens(pointer) ?? [] {
            switch node.content {
            case .mapping:
                guard let pair = node.pair(token) else { return place }
                node = pair.value
                place = node.position.line > pair.key.position.line ? pair.key : node
            case .sequence(let items):
                guard let index = Int(token), items.indices.contains(index) else { return place }
                node = items[index]
                place = node
            case .scalar: return place
            }
        }
        return place
    }

    /// The node that a JSON Pointer names, or the nearest one around it.
    package static func node(at pointer: String, in root: YAMLNode) -> YAMLNode {
        var node = root
        for token in JSONPointer.tokens(pointer) ?? [] {
            switch node.content {
            case .mapping:
                guard let pair = node.pair(token) else { return node }
                node = pair.value
            case .sequence(let items):
                guard let index = Int(token), items.indices.contains(index) else { return node }
                node = items[index]
            case .scalar: return node
            }
        }
        return node
    }
}
