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

    /// The messages of one direction, and before them the file of what they share. No operation's
    /// file begins with `_`.
    private func shared(_ direction: Direction) -> [MessageSchemaFile] {
        let common = commonNames(direction)
        let file = "_types.\(direction.rawValue).json"
        let types = Document()
        types.beginObject()
        types.key("$schema")
        types.append(string: "https://json-schema.org/draft/2020-12/schema")
        types.key("$defs")
        types.beginObject()
        var written: Set<String> = []
        var files: [MessageSchemaFile] = []
        for route in routes {
            guard let document = document(route, direction) else { continue }
            let message = Document()
            withExtendedLifetime(document) {
                guard let root = document.root else { return }
                let sharing = DefinitionSharing(common: common, file: file, message: message)
                sharing.copy(root: root)
                for (key, definition) in DefinitionSharing.definitions(of: root)
                where common.contains(key) && written.insert(key).inserted {
                    types.key(definition.name.bytes)
                    types.append(copy: definition.value)
                }
            }
            files.append(
                MessageSchemaFile(
                    name: name(route, direction), text: MessageSchemas.text(message)))
        }
        types.endObject()
        types.endObject()
        if !written.isEmpty {
            files.insert(MessageSchemaFile(name: file, text: MessageSchemas.text(types)), at: 0)
        }
        return files
    }

    /// Definitions that say the same in every message, with all that they refer to; by name as
    /// references spell it.
    private func commonNames(_ direction: Direction) -> Set<String> {
        var texts: [String: String] = [:]
        var references: [String: Set<String>] = [:]
        var different: Set<String> = []
        for route in routes {
            guard let document = document(route, direction) else { continue }
            withExtendedLifetime(document) {
                guard let root = document.root else { return }
                for (name, definition) in DefinitionSharing.definitions(of: root) {
                    let text = definition.value.json
                    if let first = texts[name] {
                        if first != text { different.insert(name) }
                        continue
                    }
                    texts[name] = text
                    var found: Set<String> = []
                    DefinitionSharing.collect(definition.value, &found)
                    references[name] = found
                }
            }
        }
        var common = Set(texts.keys).subtracting(different)
        while true {
            let unsafe = common.filter { !(references[$0] ?? []).isSubset(of: common) }
            if unsafe.isEmpty { return common }
            common.subtract(unsafe)
        }
    }
}

/// Copies one message's schema without the definitions that are elsewhere.
private struct DefinitionSharing {
    let common: Set<String>
    /// Where the common definitions are.
    let file: String
    let message: Document

    private static let prefix = "#/$defs/"

    /// By name as references spell it.
    static func definitions(of root: Node) -> [(key: String, member: Member)] {
        guard let definitions = root.member("$defs") else { return [] }
        return definitions.members.map { (JSONSchemaBuilder.fragment($0.name.string), $0) }
    }

    /// The definition that a `$ref` names; nil for what is no such reference.
    private static func target(_ name: Node, _ value: Node) -> String? {
        guard name.textEquals("$ref"), value.isString else { return nil }
        let text = value.string
        guard text.hasPrefix(prefix) else { return nil }
        return String(text.dropFirst(prefix.count))
    }

    static func collect(_ node: Node, _ found: inout Set<String>) {
        if node.isObject {
            var members = node.members
            while let member = members.next() {
                if let target = target(member.name, member.value) { found.insert(target) }
                collect(member.value, &found)
            }
        } else if node.isArray {
            var items = node.items
            while let item = items.next() { collect(item, &found) }
        }
    }

    func copy(root: Node) {
        message.beginObject()
        var members = root.members
        while let member = members.next() {
            guard member.name.textEquals("$defs") else {
                copy(member.name, member.value)
                continue
            }
            var isOpen = false
            for (key, definition) in DefinitionSharing.definitions(of: root) {
                if common.contains(key) { continue }
                if !isOpen {
                    message.key(member.name.bytes)
                    message.beginObject()
                    isOpen = true
                }
                copy(definition.name, definition.value)
            }
            if isOpen { message.endObject() }
        }
        message.endObject()
    }

    private func copy(_ name: Node, _ value: Node) {
        message.key(name.bytes)
        if let target = DefinitionSharing.target(name, value), common.contains(target) {
            message.append(string: file + value.string)
        } else {
            copy(value)
        }
    }

    private func copy(_ node: Node) {
        if node.isObject {
            message.beginObject()
            var members = node.members
            while let member = members.next() { copy(member.name, member.value) }
            message.endObject()
        } else if node.isArray {
            message.beginArray()
            var items = node.items
            while let item = items.next() { copy(item) }
            message.endArray()
        } else {
            message.append(copy: node)
        }
    }
}
