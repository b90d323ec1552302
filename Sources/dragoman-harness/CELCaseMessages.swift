// SPDX-License-Identifier: Apache-2.0
// The messages that cases name: the suite's TestAllTypes, as its fields are called, and those of
// google.protobuf.

internal import DragomanDocument
internal import DragomanMapping

enum CELCaseMessages {
    private typealias Field = CELMessageType.Field

    static let types: [String: CELMessageType] = {
        var types: [String: CELMessageType] = [:]
        for package in ["cel.expr.conformance.proto2", "cel.expr.conformance.proto3"] {
            let all = package + ".TestAllTypes"
            let made = [
                CELMessageType(name: all, fields: testAllTypes(all)),
                CELMessageType(
                    name: package + ".NestedTestAllTypes",
                    fields: [
                        "child": .message(package + ".NestedTestAllTypes"),
                        "payload": .message(all),
                    ]),
                CELMessageType(
                    name: all + ".NestedMessage", fields: ["bb": .int(bits32: true)]),
            ]
            for type in made { types[type.name] = type }
        }
        return types
    }()

    /// Scalars by the name that their fields end in.
    private static let scalars: [(String, Field)] = [
        ("int32", .int(bits32: true)), ("int64", .int(bits32: false)),
        ("uint32", .uint(bits32: true)), ("uint64", .uint(bits32: false)),
        ("sint32", .int(bits32: true)), ("sint64", .int(bits32: false)),
        ("fixed32", .uint(bits32: true)), ("fixed64", .uint(bits32: false)),
        ("sfixed32", .int(bits32: true)), ("sfixed64", .int(bits32: false)),
        ("float", .double(isFloat: true)), ("double", .double(isFloat: false)),
        ("bool", .bool), ("string", .string), ("bytes", .bytes),
    ]

    private static let wellKnown: [(String, Field)] = [
        ("any", .any), ("duration", .duration), ("timestamp", .timestamp),
        ("struct", .structure), ("value", .value), ("null_value", .null),
    ]

    private static func testAllTypes(_ name: String) -> [String: Field] {
        let nested = Field.message(name + ".NestedMessage")
        var kinds = scalars + wellKnown
        kinds += [("nested_message", nested), ("nested_enum", .enumeration)]
        for (scalar, field) in scalars where !scalar.contains("fixed") && scalar.first != "s" {
            kinds.append((scalar + "_wrapper", .wrapper(field)))
        }
        kinds.append(("string_wrapper", .wrapper(.string)))
        var fields: [String: Field] = [
            "list_value": .listValue, "null_value": .null, "optional_null_value": .null,
            "optional_bool": .bool, "optional_string": .string,
            "standalone_message": nested, "standalone_enum": .enumeration, "in": .bool,
        ]
        for (kind, field) in kinds {
            fields["single_" + kind] = field
            fields["repeated_" + kind] = .list(field)
            for key in ["bool", "int32", "int64", "uint32", "uint64", "string"] {
                fields["map_\(key)_\(kind)"] = .map(field)
            }
        }
        return fields
    }

    /// `singleInt64` of ProtoJSON is the field single_int64.
    static func snake(_ name: String) -> String {
        var snake = ""
        for character in name {
            if character.isUppercase { snake += "_" }
            snake += character.lowercased()
        }
        return snake
    }

    private static func camel(_ name: String) -> String {
        let parts = name.split(separator: "_")
        return parts.dropFirst().reduce(into: String(parts.first ?? "")) {
            $0 += $1.prefix(1).uppercased() + $1.dropFirst()
        }
    }

    /// A field's value in ProtoJSON.
    static func value(
        _ node: Node, of field: CELMessageType.Field
    ) throws(CELCaseError) -> CELValue {
        switch field {
        case .int, .enumeration:
            if let value = Int64(node.string) { return .int(value) }
        case .uint: if let value = UInt64(node.string) { return .uint(value) }
        case .double: if let value = Double(node.string) { return .double(value) }
        case .bool: if let truth = node.bool { return .bool(truth) }
        case .string: if node.isString { return .string(node.string) }
        case .bytes:
            if let bytes = CELValue.bytes(base64: node.string) { return .bytes(bytes) }
        case .wrapper(let inner):
            return node.isNull ? .null : try value(node, of: inner)
        case .timestamp: return try wellKnown("google.protobuf.Timestamp", node)
        case .duration: return try wellKnown("google.protobuf.Duration", node)
        case .null: return .null
        case .value, .structure, .listValue: return json(node)
        case .list(let inner):
            var items: [CELValue] = []
            for item in node.items { items.append(try value(item, of: inner)) }
            return .list(items)
        case .map(let inner):
            var pairs: [CELPair] = []
            for member in node.members {
                pairs.append(
                    CELPair(
                        key: .string(member.name.string),
                        value: try value(member.value, of: inner)))
            }
            if let map = CELValue.map(pairs) { return map }
        case .message(let name):
            if let type = types[name] {
                var fields: [String: CELValue] = [:]
                for member in node.members {
                    let key = snake(member.name.string)
                    if let field = type.fields[key] {
                        fields[key] = try value(member.value, of: field)
                    }
                }
                return .message(CELMessage(type: type, fields: fields))
            }
        case .any: break
        }
        throw CELCaseError("a field's value can not be \(node.json)")
    }

    /// A message of google.protobuf, as the value that it stands for.
    static func wellKnown(_ name: String, _ node: Node) throws(CELCaseError) -> CELValue {
        switch name.dropFirst(16) {
        case "Timestamp":
            if let value = CELValue.timestamp(text: node.string) { return value }
        case "Duration": if let value = CELValue.duration(text: node.string) { return value }
        case "Struct", "Value", "ListValue": return json(node)
        case "BoolValue": return try value(node, of: .bool)
        case "BytesValue": return try value(node, of: .bytes)
        case "DoubleValue", "FloatValue": return try value(node, of: .double(isFloat: false))
        case "Int32Value", "Int64Value": return try value(node, of: .int(bits32: false))
        case "UInt32Value", "UInt64Value": return try value(node, of: .uint(bits32: false))
        case "StringValue": return try value(node, of: .string)
        default: break
        }
        throw CELCaseError("a \(name) can not be \(node.json)")
    }

    private static func json(_ node: Node) -> CELValue {
        switch node.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .integer, .decimal: return .double(node.double ?? .nan)
        case .array: return .list(node.items.map(json))
        case .object:
            let pairs = node.members.map {
                CELPair(key: .string($0.name.string), value: json($0.value))
            }
            return CELValue.map(pairs) ?? .null
        default: return .string(node.string)
        }
    }

    // MARK: Results

    /// Appends a message as google.protobuf.Any, in ProtoJSON.
    static func append(_ message: CELMessage, to document: Document) throws(CELCaseError) {
        document.key("objectValue")
        document.beginObject()
        CELCaseValues.string("@type", "type.googleapis.com/" + message.type.name, document)
        try appendFields(message, to: document)
        document.endObject()
    }

    private static func appendFields(
        _ message: CELMessage, to document: Document
    ) throws(CELCaseError) {
        for name in message.fields.keys.sorted() {
            guard let value = message.fields[name], let field = message.type.fields[name],
                field.hasPresence || !value.isZero
            else { continue }
            document.key(camel(name))
            if field.isNumber32, let number = Int64(value.text) {
                document.append(number)
            } else {
                try appendPlain(value, to: document)
            }
        }
    }

    private static func appendPlain(
        _ value: CELValue, to document: Document
    ) throws(CELCaseError) {
        switch value {
        case .null: document.appendNull()
        case .bool(let truth): document.append(truth)
        case .double(let number) where number.isFinite: document.append(number)
        case .list(let items):
            document.beginArray()
            for item in items { try appendPlain(item, to: document) }
            document.endArray()
        case .map(let map):
            document.beginObject()
            for pair in map.entries {
                document.key(pair.key.text)
                try appendPlain(pair.value, to: document)
            }
            document.endObject()
        case .message(let message):
            document.beginObject()
            try appendFields(message, to: document)
            document.endObject()
        case .optional, .node: throw CELCaseError("a field can not hold \(value.typeName)")
        default: document.append(string: value.text)
        }
    }
}

extension CELMessageType.Field {
    /// ProtoJSON writes it as a number, not as a string.
    fileprivate var isNumber32: Bool {
        switch self {
        case .int(bits32: true), .uint(bits32: true), .enumeration: true
        case .wrapper(let inner): inner.isNumber32
        default: false
        }
    }
}
