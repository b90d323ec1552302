// SPDX-License-Identifier: Apache-2.0
// cel.expr.Value and cel.expr.Type as ProtoJSON: how the suite writes values, results and the
// types of names.

internal import DragomanDocument
internal import DragomanMapping

enum CELCaseValues {
    private static let depthMax = 100

    /// A value of the suite.
    static func value(_ node: Node, depth: Int = 0) throws(CELCaseError) -> CELValue {
        guard depth < depthMax else { throw CELCaseError("a value nests too deep") }
        var members = node.members
        guard let member = members.next() else { return .null }
        let content = member.value
        switch member.name.string {
        case "nullValue": return .null
        case "boolValue": return .bool(content.bool ?? false)
        case "int64Value":
            guard let value = Int64(text(content)) else { throw CELCaseError("no int64") }
            return .int(value)
        case "uint64Value":
            guard let value = UInt64(text(content)) else { throw CELCaseError("no uint64") }
            return .uint(value)
        case "doubleValue":
            guard let value = Double(text(content)) else { throw CELCaseError("no double") }
            return .double(value)
        case "stringValue": return .string(content.string)
        case "bytesValue":
            guard let bytes = CELValue.bytes(base64: content.string) else {
                throw CELCaseError("no base64")
            }
            return .bytes(bytes)
        case "typeValue": return .type(content.string)
        case "enumValue":
            guard let value = content.member("value").flatMap({ Int64(text($0)) }) else {
                return .int(0)
            }
            return .int(value)
        case "listValue":
            var items: [CELValue] = []
            for item in content.member("values")?.items.map({ $0 }) ?? [] {
                items.append(try value(item, depth: depth + 1))
            }
            return .list(items)
        case "mapValue": return try map(content, depth)
        case "objectValue": return try object(content, depth)
        default: throw CELCaseError("`\(member.name.string)` is no kind of value")
        }
    }

    private static func text(_ node: Node) -> String { node.string }

    private static func map(_ node: Node, _ depth: Int) throws(CELCaseError) -> CELValue {
        var pairs: [CELPair] = []
        for entry in node.member("entries")?.items.map({ $0 }) ?? [] {
            guard let key = entry.member("key"), let item = entry.member("value") else {
                throw CELCaseError("an entry has a key and a value")
            }
            pairs.append(
                CELPair(
                    key: try value(key, depth: depth + 1),
                    value: try value(item, depth: depth + 1)))
        }
        guard let map = CELValue.map(pairs) else { throw CELCaseError("a key is there twice") }
        return map
    }

    /// A message as google.protobuf.Any in ProtoJSON.
    private static func object(_ node: Node, _ depth: Int) throws(CELCaseError) -> CELValue {
        guard let url = node.member("@type")?.string else {
            throw CELCaseError("an objectValue has an @type")
        }
        let name = url.split(separator: "/").last.map(String.init) ?? url
        if name.hasPrefix("google.protobuf.") {
            return try CELCaseMessages.wellKnown(name, node.member("value") ?? node)
        }
        guard let type = CELCaseMessages.types[name] else {
            throw CELCaseError("there is no message type `\(name)`")
        }
        var fields: [String: CELValue] = [:]
        for member in node.members where member.name.string != "@type" {
            let field = CELCaseMessages.snake(member.name.string)
            guard let kind = type.fields[field] else {
                throw CELCaseError("`\(name)` has no field `\(member.name.string)`")
            }
            fields[field] = try CELCaseMessages.value(member.value, of: kind)
        }
        return .message(CELMessage(type: type, fields: fields))
    }

    // MARK: Types

    static func type(_ node: Node, depth: Int = 0) -> CELDeclaredType {
        var members = node.members
        guard depth < depthMax, let member = members.next() else { return .dyn }
        let content = member.value
        func inner(_ name: String) -> CELDeclaredType {
            content.member(named: name).map { type($0, depth: depth + 1) } ?? .dyn
        }
        switch member.name.string {
        case "null": return .null
        case "primitive": return primitive(content.string)
        case "wrapper": return .wrapper(primitive(content.string))
        case "wellKnown":
            switch content.string {
            case "TIMESTAMP": return .timestamp
            case "DURATION": return .duration
            default: return .dyn
            }
        case "listType": return .list(inner("elemType"))
        case "mapType": return .map(inner("keyType"), inner("valueType"))
        case "messageType": return .message(content.string)
        case "abstractType":
            guard content.member("name")?.string == "optional_type" else { return .dyn }
            let first = content.member("parameterTypes")?.item(0)
            return .optional(first.map { type($0, depth: depth + 1) } ?? .dyn)
        case "type": return .type
        default: return .dyn
        }
    }

    private static func primitive(_ name: String) -> CELDeclaredType {
        switch name {
        case "BOOL": .bool
        case "INT64": .int
        case "UINT64": .uint
        case "DOUBLE": .double
        case "STRING": .string
        case "BYTES": .bytes
        default: .dyn
        }
    }

    // MARK: Results

    /// Appends the value in the suite's form.
    static func append(
        _ value: CELValue, to document: Document, depth: Int = 0
    ) throws(CELCaseError) {
        guard depth < depthMax else { throw CELCaseError("the value nests too deep") }
        document.beginObject()
        switch value {
        case .null:
            document.key("nullValue")
            document.appendNull()
        case .bool(let truth):
            document.key("boolValue")
            document.append(truth)
        case .int(let whole): string("int64Value", String(whole), document)
        case .uint(let whole): string("uint64Value", String(whole), document)
        case .double(let number):
            if number.isFinite {
                document.key("doubleValue")
                document.append(number)
            } else {
                string("doubleValue", value.text, document)
            }
        case .string(let text): string("stringValue", text, document)
        case .bytes: string("bytesValue", value.text, document)
        case .type(let name): string("typeValue", name, document)
        case .list(let items):
            document.key("listValue")
            document.beginObject()
            if !items.isEmpty {
                document.key("values")
                document.beginArray()
                for item in items { try append(item, to: document, depth: depth + 1) }
                document.endArray()
            }
            document.endObject()
        case .map(let map): try append(map, to: document, depth)
        case .timestamp, .duration:
            document.key("objectValue")
            document.beginObject()
            string("@type", "type.googleapis.com/" + value.typeName, document)
            string("value", value.text, document)
            document.endObject()
        case .optional(let inner): try append(inner, to: document, depth)
        case .message(let message): try CELCaseMessages.append(message, to: document)
        case .node: throw CELCaseError("a value of a document")
        }
        document.endObject()
    }

    static func string(_ name: String, _ text: String, _ document: Document) {
        document.key(name)
        document.append(string: text)
    }

    private static func append(
        _ map: CELMap, to document: Document, _ depth: Int
    ) throws(CELCaseError) {
        document.key("mapValue")
        document.beginObject()
        if map.count > 0 {
            document.key("entries")
            document.beginArray()
            for pair in map.entries {
                document.beginObject()
                document.key("key")
                try append(pair.key, to: document, depth: depth + 1)
                document.key("value")
                try append(pair.value, to: document, depth: depth + 1)
                document.endObject()
            }
            document.endArray()
        }
        document.endObject()
    }

    /// Optional values have no form in cel.expr.Value: one that holds something is an object of
    /// its type.
    private static func append(
        _ inner: CELValue?, to document: Document, _ depth: Int
    ) throws(CELCaseError) {
        document.key("objectValue")
        document.beginObject()
        string("@type", "type.googleapis.com/optional_type", document)
        if let inner {
            document.key("value")
            try append(inner, to: document, depth: depth + 1)
        }
        document.endObject()
    }
}
