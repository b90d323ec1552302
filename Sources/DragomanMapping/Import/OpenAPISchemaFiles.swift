// SPDX-License-Identifier: Apache-2.0
// The schemas of an OpenAPI document as JSON Schema files: one for each component, one for each
// body that has none, with references between files.

internal import DragomanDocument
internal import DragomanXML

/// Writes schema files below `schemas/FOLDER/`.
final class OpenAPISchemaFiles {
    private let source: OpenAPISource
    private let folder: String
    private(set) var files: [ImportedFile] = []
    private(set) var notes: [String] = []
    private var components: [String: String] = [:]
    private var taken: Set<String> = []

    init(_ source: OpenAPISource, folder: String) {
        self.source = source
        self.folder = folder
        let schemas = source.root.member(named: "components")?.member(named: "schemas")
        guard let schemas, schemas.isObject else { return }
        for member in schemas.members {
            components[member.name.string] = fileName(member.name.string)
        }
        for member in schemas.members {
            guard let file = components[member.name.string] else { continue }
            write(member.value, to: file)
        }
    }

    /// The file of a body's schema, relative to `schemas/`.
    func file(for schema: Node, named name: String) -> String {
        if schema.count == 1, let reference = schema.member(named: "$ref"),
            let file = reference.isString ? self.file(of: reference.string) : nil
        {
            return "\(folder)/\(file)"
        }
        let file = fileName(name)
        write(schema, to: file)
        return "\(folder)/\(file)"
    }

    /// A parameter's schema on one line, or the file that has it.
    func inline(_ schema: Node, named name: String) -> String {
        let document = convert(schema, isFile: false)
        let text = withExtendedLifetime(document) { document.root?.json } ?? "{}"
        guard text.contains("\"$ref\"") || text.count > 160 else { return text }
        return file(for: schema, named: name)
    }

    private static let prefix = "#/components/schemas/"

    /// The name of the component's file, with what of it is meant; nil of anything else.
    private func file(of reference: String) -> String? {
        guard reference.hasPrefix(Self.prefix) else { return nil }
        let rest = reference.dropFirst(Self.prefix.count)
        let token = rest.prefix { $0 != "/" }
        let name = JSONPointer.tokens("/" + token)?.first ?? String(token)
        guard let file = components[name] else { return nil }
        let inner = rest.dropFirst(token.count)
        return inner.isEmpty ? file : "\(file)#\(inner)"
    }

    private func fileName(_ name: String) -> String {
        let safe = String(
            name.map { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) ? $0 : "_" }
        )
        var file = "\(safe).schema.json"
        var number = 1
        while !taken.insert(file.lowercased()).inserted {
            number += 1
            file = "\(safe)-\(number).schema.json"
        }
        return file
    }

    private func write(_ schema: Node, to file: String) {
        let document = convert(schema, isFile: true)
        let text = withExtendedLifetime(document) { document.root?.indentedJSON } ?? "true"
        files.append(
            ImportedFile(path: "schemas/\(folder)/\(file)", bytes: Array((text + "\n").utf8)))
    }

    private func convert(_ schema: Node, isFile: Bool) -> Document {
        let document = Document(tapeCapacity: 256, textCapacity: 2048)
        let writer = OpenAPISchemaWriter(
            vocabulary: source.isOld ? .openAPI30 : .draft(8), output: document,
            rewrite: { [self] reference in
                if let file = file(of: reference) { return file }
                notes.append("a reference is not carried: \(reference)")
                return nil
            })
        writer.schema(schema)
        return document
    }
}
