// SPDX-License-Identifier: Apache-2.0
// Types as they are known before an expression is evaluated.

internal import DragomanSchema

indirect enum CELType {
    case dyn
    case null, bool, int, uint, double, string, bytes, timestamp, duration
    /// A type itself.
    case type
    case list(CELType)
    case map(CELType, CELType)
    case optional(CELType)
    case message(CELMessageType)
    /// A wrapper of protobuf: a scalar or null.
    case wrapper(CELType)
    /// A value of JSON of which a schema is known.
    case json(SchemaShape, CELReading)
    /// In signatures: any type, the same wherever the letter stands.
    case parameter(String)

    /// As people write it.
    var name: String {
        switch self {
        case .dyn: "dyn"
        case .null: "null"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .timestamp: "timestamp"
        case .duration: "duration"
        case .type: "type"
        case .list(let item): "list(\(item.name))"
        case .map(let key, let value): "map(\(key.name), \(value.name))"
        case .optional(let value): "optional(\(value.name))"
        case .message(let message): message.name
        case .wrapper(let inner): "wrapper(\(inner.name))"
        case .json: plain.name
        case .parameter(let letter): letter
        }
    }

    var isDyn: Bool { if case .dyn = self { true } else { false } }
    var isJSON: Bool { if case .json = self { true } else { false } }

    /// The type in CEL's own terms: of a value of JSON what its schema makes of it, as far as
    /// that is one type.
    var plain: CELType {
        switch self {
        case .json(let shape, let reading): CELType.plain(shape, reading)
        case .wrapper(let inner): inner
        default: self
        }
    }

    private static func plain(_ shape: SchemaShape, _ reading: CELReading) -> CELType {
        if let scalar = reading.own.type { return scalar }
        // A value that may also be null is what it is when it is not.
        let types = shape.types.subtracting(.null)
        if types.isEmpty { return shape.types.contains(.null) ? .null : .dyn }
        if types == .string { return .string }
        if types == .boolean { return .bool }
        if types == .integer { return .int }
        if types.isSubset(of: .number) { return .double }
        if types == .array {
            guard let items = shape.items else { return .list(.dyn) }
            return .list(.json(items, reading.inner))
        }
        if types == .object { return .map(.string, .dyn) }
        return .dyn
    }

    /// The type of what stands in one of two places.
    static func join(_ left: CELType, _ right: CELType) -> CELType {
        switch (left, right) {
        case (.null, .null), (.bool, .bool), (.int, .int), (.uint, .uint), (.double, .double),
            (.string, .string), (.bytes, .bytes), (.timestamp, .timestamp),
            (.duration, .duration), (.type, .type):
            return left
        case (.list(let a), .list(let b)): return .list(join(a, b))
        case (.map(let a, let b), .map(let c, let d)): return .map(join(a, c), join(b, d))
        case (.optional(let a), .optional(let b)): return .optional(join(a, b))
        case (.message(let a), .message(let b)) where a.name == b.name: return left
        case (.json(let a, let reading), .json(let b, let other))
        where a === b && reading == other:
            return left
        case (.json, _), (_, .json):
            let (a, b) = (left.plain, right.plain)
            return a.isJSON || b.isJSON ? .dyn : join(a, b)
        default: return .dyn
        }
    }

    /// Whether values of both types can ever be equal or in order.
    static func isComparable(_ left: CELType, _ right: CELType) -> Bool {
        switch (left.plain, right.plain) {
        case (.dyn, _), (_, .dyn), (.null, _), (_, .null), (.parameter, _), (_, .parameter):
            return true
        case (.int, .int), (.int, .uint), (.int, .double), (.uint, .int), (.uint, .uint),
            (.uint, .double), (.double, .int), (.double, .uint), (.double, .double):
            return true
        case (.bool, .bool), (.string, .string), (.bytes, .bytes), (.type, .type),
            (.timestamp, .timestamp), (.duration, .duration):
            return true
        case (.list(let a), .list(let b)): return isComparable(a, b)
        case (.map(let a, let b), .map(let c, let d)):
            return isComparable(a, c) && isComparable(b, d)
        case (.optional(let a), .optional(let b)): return isComparable(a, b)
        case (.message(let a), .message(let b)): return a.name == b.name
        default: return false
        }
    }

    /// What JSON can hold of it; nil where that is not known.
    var jsonTypes: SchemaTypes? {
        switch self {
        case .dyn, .parameter: nil
        case .null: .null
        case .bool: .boolean
        case .int, .uint: .integer
        case .double: .number
        case .string, .bytes, .timestamp, .duration, .type: .string
        case .list: .array
        case .map, .message: .object
        case .optional(let inner): inner.jsonTypes
        case .wrapper(let inner): inner.jsonTypes.map { $0.union(.null) }
        case .json(let shape, _): shape.types.isEmpty ? nil : shape.types
        }
    }
}

extension CELScalar {
    var type: CELType? {
        switch self {
        case .plain: nil
        case .int: .int
        case .uint: .uint
        case .double: .double
        case .bytes: .bytes
        case .timestamp: .timestamp
        case .duration: .duration
        }
    }
}

/// A message of protobuf, as far as expressions make and read some.
package final class CELMessageType: Sendable {
    package enum Field: Sendable {
        /// One of CEL's scalars; `bits32`: refuses what does not fit into 32.
        case int(bits32: Bool), uint(bits32: Bool), double(isFloat: Bool)
        case bool, string, bytes, timestamp, duration, null
        case enumeration, value, structure, listValue, any
        indirect case wrapper(Field)
        case message(String)
        indirect case list(Field)
        indirect case map(Field)
    }

    package let name: String
    package let fields: [String: Field]

    package init(name: String, fields: [String: Field]) {
        self.name = name
        self.fields = fields
    }
}
