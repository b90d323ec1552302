// SPDX-License-Identifier: Apache-2.0
// JSON Schemas of many documents as the components of one: every reference leads to
// `#/components/schemas/NAME`, older drafts are written in the terms of 2020-12, which is what
// OpenAPI 3.1 speaks.

internal import DragomanDocument
internal import DragomanSchema

/// The schemas of one OpenAPI document. What is referred to is remembered, and written at the end.
final class OpenAPISchemas {
    private struct Waiting {
        let name: String
        /// What the component would be called if its name could have all letters; nil where it is
        /// called so.
        var title: String?
        let definition: SchemaTwins.Definition
    }

    private let documents: SchemaDocuments
    private var names: [String: String] = [:]
    private var taken: Set<String> = []
    private var waiting: [Waiting] = []
    private var written = 0
    /// By URI.
    private var files: [String: SchemaDocumentFile] = [:]
    /// The members of `$defs` by name, by URI.
    private var definitions: [String: [String: Node]] = [:]
    /// Components of one wanted name.
    private var alike: [String: [Waiting]] = [:]
    private lazy var twins = SchemaTwins { [unowned self] reference, file in
        resolve(reference, from: file).map(definition)
    }

    init(_ documents: SchemaDocuments) { self.documents = documents }

    /// Keeps a name for a component that is not a schema of the directory.
    func reserve(_ name: String) { taken.insert(name) }

    /// Appends the schema where it is used.
    func append(_ source: SchemaSource, to output: Document) {
        guard let node = source.node else { return output.append(true) }
        let file = file(of: source)
        if file.needsIdentity {
            return appendReference(
                to: SchemaSource(document: source.document, uri: source.uri), output)
        }
        writer(file, output).schema(node)
    }

    /// Appends the schema of a parameter, whose text can be anything but null.
    /// `absent`: what it is read as where it is not sent.
    func append(parameter source: SchemaSource, absent: Node? = nil, to output: Document) {
        let types = typesButNull(source)
        guard let node = source.node, types != nil || absent != nil,
            !SchemaDocumentFile(source).needsIdentity
        else { return append(source, to: output) }
        var writer = writer(SchemaDocumentFile(source), output)
        writer.types = types
        writer.addition = absent.map { node in
            OpenAPISchemaWriter.Addition(name: "default") { $0.append(copy: node) }
        }
        if absent != nil { writer.inline = { _ in nil } }
        writer.schema(node)
    }

    /// The types of a schema that lets null in, without it; nil where it does not, or where its
    /// types are not written at its head.
    private func typesButNull(_ source: SchemaSource) -> [String]? {
        guard !SchemaDocumentFile(source).needsIdentity, let node = followed(source)?.node,
            node.isObject
        else { return nil }
        if let types = node.member(named: "type") {
            let names = types.isArray ? types.items.map(\.string) : []
            return names.contains("null") && names.count > 1 ? names.filter { $0 != "null" } : nil
        }
        // A closed enum of protobuf: names and numbers.
        let values = node.member(named: "enum").flatMap { $0.isArray ? Array($0.items) : nil } ?? []
        return values.contains { $0.kind == .null } ? ["string", "integer"] : nil
    }

    /// A reference that leads nowhere was refused when the schema was compiled.
    private func writer(_ file: SchemaDocumentFile, _ output: Document) -> OpenAPISchemaWriter {
        OpenAPISchemaWriter(
            vocabulary: .draft(file.draft), output: output,
            rewrite: { [self] text in resolve(text, from: file).map { reference(to: $0) } },
            inline: { [self] node in
                inlined(node, file).map { part in
                    { [self] in writer(self.file(of: part.source), output).schema(part.node) }
                }
            })
    }

    /// What a reference leads to that is no definition but a part of one: it has no name to be a
    /// component by.
    private func inlined(
        _ node: Node, _ file: SchemaDocumentFile
    ) -> (source: SchemaSource, node: Node)? {
        guard node.count == 1, let text = node.member(named: "$ref"), text.isString,
            let source = resolve(text.string, from: file), let target = self.node(source)
        else { return nil }
        // What stands in the mapping itself has no name either.
        if source.pointer.isEmpty {
            let isInline = SchemaLibrary.isInline(source.uri) && !SchemaLibrary.isUsers(file.base)
            return isInline ? (source, target) : nil
        }
        let isDefinition = ["/$defs/", "/definitions/", "/components/schemas/"].contains {
            source.pointer.hasPrefix($0) && !source.pointer.dropFirst($0.count).contains("/")
        }
        return isDefinition ? nil : (source, target)
    }

    /// `{ "$ref": … }` to a schema, which becomes a component.
    func appendReference(to source: SchemaSource, _ output: Document) {
        output.object { output.member("$ref", reference(to: source)) }
    }

    func reference(to source: SchemaSource) -> String {
        let key = text(source) ?? source.uri + "#" + source.pointer
        if let known = names[key] { return "#/components/schemas/\(known)" }
        let (wanted, title) = ComponentName.make(source)
        let definition = definition(source)
        let twin = alike[wanted]?.first { twins.areSame($0.definition, definition) }
        let name = twin?.name ?? unused(wanted)
        names[key] = name
        if twin == nil {
            let made = Waiting(name: name, title: title, definition: definition)
            waiting.append(made)
            alike[wanted, default: []].append(made)
        }
        return "#/components/schemas/\(name)"
    }

    private static let scalarKeywords: Set = [
        "type", "enum", "minimum", "maximum", "pattern", "format", "title", "description",
        "contentEncoding", "deprecated", "x-expects",
    ]

    /// The text of a schema of scalars, which is one component wherever it is written; nil of any
    /// other.
    private func text(_ source: SchemaSource) -> String? {
        guard let node = source.node, node.isObject,
            node.members.allSatisfy({ Self.scalarKeywords.contains($0.name.string) })
        else { return nil }
        return ComponentName.make(source).name + node.json
    }

    /// A schema that a reference in `file` names; nil where it names none.
    func resolve(_ reference: String, from file: SchemaDocumentFile) -> SchemaSource? {
        let (uri, fragment) = SchemaURI.split(
            SchemaURI.resolve(reference, against: file.base))
        let document = uri == file.base ? file.source.document : documents.document(uri)
        guard let document else { return nil }
        guard fragment.isEmpty || fragment.hasPrefix("/") else { return nil }
        let pointer = SchemaURI.decoded(fragment)
        let source = SchemaSource(document: document, uri: uri, pointer: pointer)
        return node(source) == nil ? nil : source
    }

    /// The document of a schema, looked at once.
    func file(of source: SchemaSource) -> SchemaDocumentFile {
        if let known = files[source.uri] { return known }
        let made = SchemaDocumentFile(source)
        files[source.uri] = made
        return made
    }

    private func definition(_ source: SchemaSource) -> SchemaTwins.Definition {
        SchemaTwins.Definition(
            key: source.uri + "#" + source.pointer, node: node(source), file: file(of: source))
    }

    /// The schema; of thousands of definitions one is found by its name.
    func node(_ source: SchemaSource) -> Node? {
        let folder = "/$defs/"
        guard source.pointer.hasPrefix(folder),
            !source.pointer.dropFirst(folder.count).contains(where: { "/~".contains($0) })
        else { return source.node }
        return definitions(of: source)[String(source.pointer.dropFirst(folder.count))]
    }

    private func definitions(of source: SchemaSource) -> [String: Node] {
        if let known = definitions[source.uri] { return known }
        var made: [String: Node] = [:]
        let all = source.document.root?.member(named: "$defs")
        if let all, all.isObject {
            for member in all.members { made[member.name.string] = member.value }
        }
        definitions[source.uri] = made
        return made
    }

    /// Appends the members of `components.schemas`: all that was referred to, and what that
    /// refers to.
    func appendComponents(to output: Document) {
        while written < waiting.count {
            let next = waiting[written]
            written += 1
            output.key(next.name)
            let file = next.definition.file
            guard let node = next.definition.node else {
                output.append(true)
                continue
            }
            if file.needsIdentity, next.definition.key.hasSuffix("#") {
                appendWhole(node, file, to: output)
            } else {
                var writer = writer(file, output)
                let hasTitle = node.isObject && node.member(named: "title") != nil
                if let title = next.title, !hasTitle {
                    writer.addition = OpenAPISchemaWriter.Addition(name: "title") {
                        $0.append(string: title)
                    }
                }
                writer.schema(node)
            }
        }
    }

    /// A document that names its own parts in ways of its own stays as it is, under its own URI.
    private func appendWhole(_ node: Node, _ file: SchemaDocumentFile, to output: Document) {
        guard node.isObject else { return output.append(copy: node) }
        output.object {
            if node.member(named: "$id") == nil { output.member("$id", file.base) }
            for member in node.members {
                output.key(member.name.bytes)
                output.append(copy: member.value)
            }
        }
    }

    // MARK: Names

    private func unused(_ wanted: String) -> String {
        var name = wanted
        var number = 1
        while !taken.insert(name).inserted {
            number += 1
            name = "\(wanted)_\(number)"
        }
        return name
    }
}

/// Finds schema documents by URI.
package struct SchemaDocuments: Sendable {
    let find: @Sendable (String) -> SchemaSource?

    func document(_ uri: String) -> Document? { find(uri)?.document }
}

/// What there is to know of the document that a schema stands in.
struct SchemaDocumentFile {
    let source: SchemaSource
    /// What its references are relative to.
    let base: String
    /// 4, 6, 7 or 8 for what came later.
    let draft: Int
    /// Parts of it are named by anchors or identifiers of their own: it can not be taken apart.
    let needsIdentity: Bool

    init(_ source: SchemaSource) {
        self.source = source
        let root = source.document.root
        let dialect = root?.member(named: "$schema")?.string ?? ""
        draft =
            dialect.contains("draft-04")
            ? 4 : dialect.contains("draft-06") ? 6 : dialect.contains("draft-07") ? 7 : 8
        let id = root?.member(named: "$id") ?? root?.member(named: "id")
        if let id, id.isString, !id.string.hasPrefix("#") {
            base =
                SchemaURI.split(
                    SchemaURI.resolve(id.string, against: source.uri)
                ).uri
        } else {
            base = source.uri
        }
        needsIdentity = root.map { SchemaDocumentFile.hasNames($0, isRoot: true, 0) } ?? false
    }

    private static let depthMax = 200
    private static let names: [StaticString] = [
        "$anchor", "$dynamicAnchor", "$dynamicRef", "$recursiveRef", "$recursiveAnchor",
    ]

    private static func hasNames(_ node: Node, isRoot: Bool, _ depth: Int) -> Bool {
        guard depth < depthMax else { return true }
        if node.isArray {
            for item in node.items where hasNames(item, isRoot: false, depth + 1) { return true }
            return false
        }
        guard node.isObject else { return false }
        for member in node.members {
            if names.contains(where: { member.name.textEquals($0) }), !member.value.isObject {
                return true
            }
            if !isRoot, member.name.textEquals("$id"), member.value.isString { return true }
            if hasNames(member.value, isRoot: false, depth + 1) { return true }
        }
        return false
    }
}
