// SPDX-License-Identifier: Apache-2.0
// A file that holds one value, in JSON or in YAML, with the places of everything in it: schemas,
// and documents that are held against them.

package import DragomanDocument

/// Why a file could not be read as a value. Columns in Unicode scalars, as diagnostics have them.
package struct ValueSyntaxError: Error {
    package let position: SourcePosition
    package let detail: String
}

package struct ValueFile {
    package let document: Document
    package let source: SourceText
    private let yaml: YAMLNode?

    /// Reads YAML where the path ends so, else JSON.
    package static func read(
        _ bytes: [UInt8], path: String
    ) throws(ValueSyntaxError) -> ValueFile {
        let source = SourceText(path: path, bytes: bytes)
        if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
            let collector = DiagnosticCollector()
            let node = YAMLReader.read(source, into: collector)
            if let node, !collector.hasErrors {
                return ValueFile(document: YAMLDocument.make(node), source: source, yaml: node)
            }
            let first = collector.diagnostics.first
            throw ValueSyntaxError(
                position: first?.position ?? .start, detail: first?.message ?? "this is no YAML")
        }
        let document = Document(
            tapeCapacity: bytes.count / 8 + 16, textCapacity: bytes.count + 64)
        source.bytes.withUnsafeBytes { document.append(source: $0) }
        do throws(JSONSyntaxError) { try document.readJSON() } catch {
            throw ValueSyntaxError(
                position: source.position(atOffset: error.offset),
                detail: "this is no JSON: \(error.detail)")
        }
        return ValueFile(document: document, source: source, yaml: nil)
    }

    /// Where the value that a JSON Pointer names, or the nearest one around it, stands: a member
    /// by its name.
    package func position(of pointer: String) -> SourcePosition {
        if let yaml { return YAMLDocument.node(at: pointer, in: yaml).position }
        return SchemaPlaces.position(of: pointer, in: document)
    }

    /// Where a value, or a member by its name, stands.
    package func position(of place: DocumentPlace) -> SourcePosition {
        if yaml != nil { return position(of: document.pointer(to: place) ?? "") }
        return document.sourceOffset(of: place).map(source.position(atOffset:)) ?? .start
    }
}
