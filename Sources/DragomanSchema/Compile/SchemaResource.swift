// SPDX-License-Identifier: Apache-2.0
// Documents that hold schemas, and the resources in them: what `$id` and anchors name.
internal import DragomanDocument

/// A schema and everything in it up to the next `$id`.
final class SchemaResource {
    /// Without a fragment; absolute where the document was loaded by an absolute URI.
    let uri: String
    let base: URIReference
    let file: SchemaFile
    let root: Node
    let rules: DialectRules
    /// Different for each resource of one compiler.
    let number: Int
    /// Nodes by the names that `$anchor` and `$dynamicAnchor` give them.
    var anchors: [String: Node] = [:]
    var dynamicAnchors: [String: Node] = [:]

    init(_ uri: String, _ file: SchemaFile, _ root: Node, _ rules: DialectRules, _ number: Int) {
        self.uri = uri
        base = URIReference(uri)
        self.file = file
        self.root = root
        self.rules = rules
        self.number = number
    }

    /// The name under which `$recursiveAnchor: true` is kept among the dynamic anchors; no
    /// `$dynamicAnchor` can have it.
    static let recursiveAnchor = "#"
}

/// A document that was loaded, which nobody changes from then on.
final class SchemaFile {
    let uri: String
    let document: Document
    let root: Node
    /// What is wrong with it as a whole, told to everyone who refers to it.
    var problems: [SchemaProblem] = []
    /// For each index on the tape, the number of the resource whose schema stands there, else -1.
    private var resources: [Int32] = []
    /// Members of large objects by name, made when first asked for.
    private var members: [Int: [TextKey: Node]] = [:]
    /// For each index on the tape, the schema that was read there.
    private var schemas: [Subschema?] = []

    init(_ uri: String, _ document: Document, _ root: Node) {
        self.uri = uri
        self.document = document
        self.root = root
    }

    /// The number of the resource that the schema at `node` belongs to; nil where none is known.
    func resource(at node: Node) -> Int? {
        guard node.index < resources.count, resources[node.index] >= 0 else { return nil }
        return Int(resources[node.index])
    }

    func setResource(_ number: Int, at node: Node) {
        while resources.count <= node.index {
            resources.append(contentsOf: repeatElement(-1, count: max(64, resources.count)))
        }
        resources[node.index] = Int32(number)
    }

    func schema(at node: Node) -> Subschema? {
        node.index < schemas.count ? schemas[node.index] : nil
    }

    func setSchema(_ schema: Subschema, at node: Node) {
        while schemas.count <= node.index {
            schemas.append(contentsOf: repeatElement(nil, count: max(64, schemas.count)))
        }
        schemas[node.index] = schema
    }

    /// Lets go of all schemas, which keep this file.
    func removeSchemas() { schemas = [] }

    /// What the token of a JSON Pointer names in `node`.
    func value(_ token: String, in node: Node) -> Node? {
        guard node.kind == .object, node.count > 24 else {
            return node.value(at: "/" + JSONPointer.escape(token))
        }
        if let known = members[node.index] { return TextKey.with(token) { known[$0] } }
        var table: [TextKey: Node] = [:]
        table.reserveCapacity(node.count)
        for member in node.members { table[TextKey(member.name)] = member.value }
        members[node.index] = table
        return TextKey.with(token) { table[$0] }
    }

    /// The JSON Pointer of `node` within the document.
    func pointer(to node: Node) -> String { document.pointer(to: DocumentPlace(node)) ?? "" }
}
