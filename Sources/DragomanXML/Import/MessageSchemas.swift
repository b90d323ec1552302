// SPDX-License-Identifier: Apache-2.0
// The JSON Schemas of a service's messages, as import writes them to be read: each whole by itself,
// or, where that would repeat a large contract's types in every one, with the types in a file that
// they share.

internal import DragomanDocument

/// A schema document to be written; `name` is a file's, below the service's `json` folder.
struct MessageSchemaFile {
    let name: String
    let text: String
}

struct MessageSchemas {
    let routes: [DerivedRoute]
    /// Bytes of the contract's own files.
    let contractBytes: Int

    /// Whole schemas are written up to this many bytes for each of the contract's.
    private static let factorMax = 4
    /// And up to this many in any case.
    private static let bytesMax = 1 << 20

    private enum Direction: String, CaseIterable { case request, reply }

    func files() -> [MessageSchemaFile] {
        let bound = max(MessageSchemas.bytesMax, contractBytes * MessageSchemas.factorMax)
        var files: [MessageSchemaFile] = []
        var total = 0
        for route in routes {
            for direction in Direction.allCases {
                guard let document = document(route, direction) else { continue }
                let text = MessageSchemas.text(document)
                total += text.utf8.count
                if total > bound { return Direction.allCases.flatMap(shared) }
                files.append(MessageSchemaFile(name: name(route, direction), text: text))
            }
        }
        return files
    }

    private func name(_ route: DerivedRoute, _ direction: Direction) -> String {
        "\(route.fileStem).\(direction.rawValue).json"
    }

    private func document(_ route: DerivedRoute, _ direction: Direction) -> Document? {
        let document = Document()
        switch direction {
        case .request: route.operation.appendRequestSchema(to: document)
        case .reply: route.operation.appendReplySchema(to: document)
        }
        return document.isEmpty ? nil : document
    }

    private static func text(_ document: Document) -> String {
        // A node does not keep its Document alive.
        withExtendedLifetime(document) { (document.root?.indentedJSON ?? "{}") + "\n" }
    }

    // MARK: Shared types

    /// The messages of one direction, and before them the file of the types that they share. No
    /// operation's file begins with `_`.
    private func shared(_ direction: Direction) -> [MessageSchemaFile] {
        guard let plans = routes.first?.operation.plans else { return [] }
        let messages = routes.compactMap { route -> (name: String, element: ElementPlan?)? in
            switch direction {
            case .request: (route.fileStem, route.operation.requestElement)
            case .reply: route.operation.replyElement.map { (route.fileStem, $0) }
            }
        }
        let whole = Document()
        JSONSchemaWriter.append(
            messages: messages, of: plans, form: direction == .request ? .request : .reply,
            to: whole)
        return withExtendedLifetime(whole) {
            guard let root = whole.root else { return [] }
            var files: [MessageSchemaFile] = []
            let types = "_types.\(direction.rawValue).json"
            if let definitions = root.member("$defs") {
                let document = MessageSchemas.document(root) { document in
                    document.key("$defs")
                    document.append(copy: definitions)
                }
                files.append(MessageSchemaFile(name: types, text: MessageSchemas.text(document)))
            }
            for message in messages {
                guard let schema = root.member("properties")?.member(named: message.name) else {
                    continue
                }
                let document = MessageSchemas.document(root) { document in
                    let copy = ReferringCopy(file: types, document: document)
                    var members = schema.members
                    while let member = members.next() { copy.append(member) }
                }
                files.append(
                    MessageSchemaFile(
                        name: "\(message.name).\(direction.rawValue).json",
                        text: MessageSchemas.text(document)))
            }
            return files
        }
    }

    /// A schema document of the same draft as `root`.
    private static func document(_ root: Node, _ members: (Document) -> Void) -> Document {
        let document = Document()
        document.beginObject()
        if let draft = root.member("$schema") {
            document.key("$schema")
            document.append(copy: draft)
        }
        members(document)
        document.endObject()
        return document
    }
}

/// Copies a schema whose definitions are in another file.
private struct ReferringCopy {
    let file: String
    let document: Document

    func append(_ member: Member) {
        document.key(member.name.bytes)
        let value = member.value
        if member.name.textEquals("$ref"), value.isString, value.string.hasPrefix("#/$defs/") {
            document.append(string: file + value.string)
        } else {
            append(value)
        }
    }

    private func append(_ node: Node) {
        if node.isObject {
            document.beginObject()
            var members = node.members
            while let member = members.next() { append(member) }
            document.endObject()
        } else if node.isArray {
            document.beginArray()
            var items = node.items
            while let item = items.next() { append(item) }
            document.endArray()
        } else {
            document.append(copy: node)
        }
    }
}
