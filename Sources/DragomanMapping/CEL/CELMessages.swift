// SPDX-License-Identifier: Apache-2.0
// Messages of protobuf that expressions make. Those of google.protobuf that stand for a value
// become that value at once: a wrapper is its scalar, a Struct is a map.

internal import DragomanDocument
internal import DragomanSchema

extension CELMessageType {
    /// google.protobuf's types that expressions can make.
    static func wellKnown(_ name: String) -> CELMessageType? { known[name] }

    private static let known: [String: CELMessageType] = {
        let wrappers: [(String, Field)] = [
            ("BoolValue", .bool), ("BytesValue", .bytes), ("DoubleValue", .double(isFloat: false)),
            ("FloatValue", .double(isFloat: true)), ("Int32Value", .int(bits32: true)),
            ("Int64Value", .int(bits32: false)), ("StringValue", .string),
            ("UInt32Value", .uint(bits32: true)), ("UInt64Value", .uint(bits32: false)),
        ]
        var fields = wrappers.map { ($0.0, ["value": $0.1]) }
        let whole = Field.int(bits32: false)
        fields += [
            ("Timestamp", ["seconds": whole, "nanos": .int(bits32: true)]),
            ("Duration", ["seconds": whole, "nanos": .int(bits32: true)]),
            ("Struct", ["fields": .map(.value)]), ("ListValue", ["values": .list(.value)]),
            (
                "Value",
                [
                    "null_value": .null, "number_value": .double(isFloat: false),
                    "string_value": .string, "bool_value": .bool, "struct_value": .structure,
                    "list_value": .listValue,
                ]
            ),
            ("Any", ["type_url": .string, "value": .bytes]), ("Empty", [:]),
        ]
        var known: [String: CELMessageType] = [:]
        for (name, fields) in fields {
            let full = "google.protobuf." + name
            known[full] = CELMessageType(name: full, fields: fields)
        }
        return known
    }()

    /// The type that an expression sees in place of the message.
    var valueType: CELType {
        guard CELMessageType.wellKnown(name) != nil else { return .message(self) }
        switch name.dropFirst(16) {
        case "Timestamp": return .timestamp
        case "Duration": return .duration
        case "Struct": return .map(.string, .dyn)
        case "ListValue": return .list(.dyn)
        case "Value", "Any": return .dyn
        case "Empty": return .message(self)
        default: return .wrapper(fields["value"]?.type ?? .dyn)
        }
    }
}

extension CELMessageType.Field {
    var type: CELType {
        switch self {
        case .int, .enumeration: .int
        case .uint: .uint
        case .double: .double
        case .bool: .bool
        case .string: .string
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        case .null: .null
        case .value, .any, .message: .dyn
        case .structure: .map(.string, .dyn)
        case .listValue: .list(.dyn)
        case .wrapper(let inner): .wrapper(inner.type)
        case .list(let inner): .list(inner.type)
        case .map(let inner): .map(.dyn, inner.type)
        }
    }

    /// `has` tells whether it was set, even to its default.
    package var hasPresence: Bool {
        switch self {
        case .wrapper, .message, .timestamp, .duration, .value, .structure, .listValue, .any: true
        default: false
        }
    }

    /// What it reads as where it is not set.
    var unset: CELValue? {
        switch self {
        case .int, .enumeration: .int(0)
        case .uint: .uint(0)
        case .double: .double(0)
        case .bool: .bool(false)
        case .string: .string("")
        case .bytes: .bytes([])
        case .timestamp: .timestamp(0)
        case .duration: .duration(0)
        case .null, .value, .any, .wrapper: .null
        case .structure, .map: .map(CELMap())
        case .listValue, .list: .list([])
        case .message(let name):
            .message(CELMessage(type: CELMessageType(name: name, fields: [:]), fields: [:]))
        }
    }

    /// A value as the field holds it.
    func converted(_ value: CELValue) throws(CELFailure) -> CELValue? {
        let value = value.native
        switch (self, value) {
        case (.wrapper, .null), (.message, .null), (.timestamp, .null), (.duration, .null),
            (.any, .null):
            return nil
        case (.wrapper(let inner), _): return try inner.converted(value)
        case (.int(bits32: true), .int(let whole)), (.enumeration, .int(let whole)):
            guard Int32(exactly: whole) != nil else { throw CELFailure("range error: int32") }
            return value
        case (.uint(bits32: true), .uint(let whole)):
            guard UInt32(exactly: whole) != nil else { throw CELFailure("range error: uint32") }
            return value
        case (.double(isFloat: true), .double(let number)): return .double(Double(Float(number)))
        case (.int, .int), (.uint, .uint), (.double, .double), (.bool, .bool),
            (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp),
            (.duration, .duration), (.null, .null), (.null, .int(0)), (.value, _), (.any, _),
            (.structure, .map), (.listValue, .list), (.message, .message):
            return value
        case (.list(let inner), .list(let items)):
            var converted: [CELValue] = []
            for item in items { converted.append(try inner.converted(item) ?? .null) }
            return .list(converted)
        case (.map(let inner), .map(let map)):
            var converted = CELMap()
            for pair in map.entries {
                let (name, item) = (pair.key, pair.value)
                try CELEvaluator.insert(name, try inner.converted(item) ?? .null, into: &converted)
            }
            return .map(converted)
        default: throw CELFailure.overload("a field of type \(type.name)", [value])
        }
    }
}

extension CELChecker {
    mutating func message(
        _ syntax: CELSyntax, _ name: String, _ isGlobal: Bool, _ fields: [CELField]
    ) -> CELChecked {
        let candidates = candidates(name, isGlobal: isGlobal)
        let found = candidates.lazy.compactMap { [messages] in
            messages[$0] ?? CELMessageType.wellKnown($0)
        }.first
        guard let type = found else {
            return report(
                "unknown-type", syntax.start, syntax.end, "there is no message type `\(name)`",
                suggestion: NearestName.find(name, in: Array(messages.keys)))
        }
        var made: [CELMessageField] = []
        for field in fields {
            let value = check(field.value)
            guard let known = type.fields[field.name.text] else {
                return report(
                    "unknown-member", field.name.start, field.name.end,
                    "`\(type.name)` has no field `\(field.name.text)`",
                    suggestion: NearestName.find(field.name.text, in: Array(type.fields.keys)))
            }
            made.append(
                CELMessageField(
                    name: field.name.text, field: known, value: value.code,
                    isOptional: field.isOptional))
        }
        return CELChecked(code: .message(type, made), type: type.valueType)
    }
}

extension CELEvaluator {
    mutating func message(
        _ type: CELMessageType, _ fields: [CELMessageField]
    ) throws(CELFailure) -> CELValue {
        var values: [String: CELValue] = [:]
        for field in fields {
            var value = try evaluate(field.value)
            if field.isOptional {
                guard case .optional(let inner) = value else {
                    throw CELFailure.overload("{?_: _}", [value])
                }
                guard let inner else { continue }
                value = inner
            }
            if let converted = try field.field.converted(value) {
                values[field.name] = converted
            }
        }
        guard CELMessageType.wellKnown(type.name) != nil else {
            return .message(CELMessage(type: type, fields: values))
        }
        return try CELEvaluator.wellKnown(type, values)
    }

    private static func wellKnown(
        _ type: CELMessageType, _ values: [String: CELValue]
    ) throws(CELFailure) -> CELValue {
        switch type.name.dropFirst(16) {
        case "Timestamp": return try CELArithmetic.timestamp(time(values))
        case "Duration": return try CELArithmetic.duration(time(values))
        case "Struct": return values["fields"] ?? .map(CELMap())
        case "ListValue": return values["values"] ?? .list([])
        case "Value": return values.values.first ?? .null
        case "Any", "Empty": return .message(CELMessage(type: type, fields: values))
        default: return values["value"] ?? type.fields["value"]?.unset ?? .null
        }
    }

    private static func time(_ values: [String: CELValue]) -> Int128 {
        var total: Int128 = 0
        if case .int(let seconds) = values["seconds"] { total += Int128(seconds) * CELTime.second }
        if case .int(let nanoseconds) = values["nanos"] { total += Int128(nanoseconds) }
        return total
    }
}
