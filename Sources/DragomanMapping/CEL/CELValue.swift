// SPDX-License-Identifier: Apache-2.0
// Values while an expression is evaluated. What was sent or answered stays where it is, as a
// Node; only what is computed becomes a value of its own.

package import DragomanDocument

/// A value of the Common Expression Language.
package enum CELValue {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    /// Compared by its UTF-8, never as Swift compares Strings (which takes é for e and ´).
    case string(String)
    case bytes([UInt8])
    case list([CELValue])
    case map(CELMap)
    /// Nanoseconds since 1970 in UTC, within the years 1 to 9999.
    case timestamp(Int128)
    /// Nanoseconds.
    case duration(Int128)
    /// A type, by its name.
    case type(String)
    indirect case optional(CELValue?)
    case message(CELMessage)
    /// A value of a Document that outlives the evaluation.
    case node(Node, CELReading)
}

/// What a text or number of a Document is, where its contract says more than JSON can.
package enum CELScalar: UInt8, Sendable {
    /// As JSON has it; a number is a double.
    case plain
    case int, uint, double, bytes, timestamp, duration
}

/// How a Node is read, and its items or members.
package struct CELReading: Sendable, Equatable {
    var own: CELScalar = .plain
    var element: CELScalar = .plain
    package static let plain = CELReading()
}

/// A message of protobuf that an expression made, or a binding of the conformance suite.
package final class CELMessage {
    package let type: CELMessageType
    /// Those that are set.
    package var fields: [String: CELValue]

    package init(type: CELMessageType, fields: [String: CELValue]) {
        self.type = type
        self.fields = fields
    }
}

/// A key of a map: whole numbers are equal across int and uint.
package enum CELKey: Hashable, Sendable {
    case bool(Bool)
    case int(Int64)
    /// Above the range of `int`.
    case uint(UInt64)
    case string([UInt8])

    /// Nil for what can be no key of any map.
    init?(_ value: CELValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int(let value): self = .int(value)
        case .uint(let value): self = Int64(exactly: value).map(CELKey.int) ?? .uint(value)
        case .double(let value):
            if let exact = Int64(exactly: value) {
                self = .int(exact)
            } else if let exact = UInt64(exactly: value) {
                self = .uint(exact)
            } else {
                return nil
            }
        case .string(let text): self = .string(Array(text.utf8))
        default: return nil
        }
    }
}

/// An entry of a map.
package struct CELPair {
    package let key: CELValue
    package let value: CELValue

    package init(key: CELValue, value: CELValue) {
        self.key = key
        self.value = value
    }
}

/// A map that an expression made; keeps the order of its entries.
package struct CELMap {
    package private(set) var entries: [CELPair] = []
    private var places: [CELKey: Int] = [:]

    package init() {}

    package subscript(key: CELKey) -> CELValue? { places[key].map { entries[$0].value } }

    /// False where the key is there already.
    package mutating func insert(_ key: CELKey, _ name: CELValue, _ value: CELValue) -> Bool {
        guard places[key] == nil else { return false }
        places[key] = entries.count
        entries.append(CELPair(key: name, value: value))
        return true
    }

    package var count: Int { entries.count }
}

/// Why an evaluation has no value.
package struct CELFailure: Error {
    package enum Kind: Sendable {
        /// CEL's no-such-key and no-such-field.
        case absent
        case failure
        /// The bound on costs was reached: nothing absorbs this.
        case cost
    }

    package let kind: Kind
    package let message: String

    package init(_ message: String, _ kind: Kind = .failure) {
        self.kind = kind
        self.message = message
    }

    static func noSuchKey(_ key: String) -> CELFailure {
        CELFailure("no such key: \(key)", .absent)
    }

    static func noSuchField(_ name: String) -> CELFailure {
        CELFailure("no such field: \(name)", .absent)
    }

    static func overload(_ operation: String, _ values: [CELValue]) -> CELFailure {
        let types = values.map(\.typeName).joined(separator: ", ")
        return CELFailure("no such overload: \(operation) of (\(types))")
    }
}

extension CELValue {
    /// The name of the value's type, as `type(x)` gives it.
    package var typeName: String {
        switch self {
        case .null: "null_type"
        case .bool: "bool"
        case .int: "int"
        case .uint: "uint"
        case .double: "double"
        case .string: "string"
        case .bytes: "bytes"
        case .list: "list"
        case .map: "map"
        case .timestamp: "google.protobuf.Timestamp"
        case .duration: "google.protobuf.Duration"
        case .type: "type"
        case .optional: "optional_type"
        case .message(let message): message.type.name
        case .node(let node, let reading): CELValue.typeName(node, reading)
        }
    }

    private static func typeName(_ node: Node, _ reading: CELReading) -> String {
        switch node.kind {
        case .array: return "list"
        case .object: return "map"
        default:
            let value = CELValue.scalar(node, reading.own)
            if case .node = value { return "string" }
            return value.typeName
        }
    }

    /// The value itself, where it is no list and no map of a Document.
    var native: CELValue {
        guard case .node(let node, let reading) = self else { return self }
        switch node.kind {
        case .array, .object: return self
        default: return CELValue.scalar(node, reading.own)
        }
    }

    private static func scalar(_ node: Node, _ scalar: CELScalar) -> CELValue {
        switch node.kind {
        case .null: return .null
        case .true: return .bool(true)
        case .false: return .bool(false)
        case .integer, .decimal: return number(node, scalar)
        case .string: return text(node, scalar)
        default: return .node(node, .plain)
        }
    }

    private static func number(_ node: Node, _ scalar: CELScalar) -> CELValue {
        switch scalar {
        case .int:
            if let value = node.int64 { return .int(value) }
            if let value = node.uint64 { return .uint(value) }
        case .uint: if let value = node.uint64 { return .uint(value) }
        default: break
        }
        return .double(node.double ?? .nan)
    }

    private static func text(_ node: Node, _ scalar: CELScalar) -> CELValue {
        let text = node.string
        switch scalar {
        case .plain: return .string(text)
        case .int: return Int64(text).map(CELValue.int) ?? .string(text)
        case .uint: return UInt64(text).map(CELValue.uint) ?? .string(text)
        case .double:
            switch text {
            case "NaN": return .double(.nan)
            case "Infinity", "INF": return .double(.infinity)
            case "-Infinity", "-INF": return .double(-.infinity)
            default: return Double(text).map(CELValue.double) ?? .string(text)
            }
        case .bytes: return CELBase64.decode(text).map(CELValue.bytes) ?? .string(text)
        case .timestamp: return CELTime.timestamp(text).map(CELValue.timestamp) ?? .string(text)
        case .duration: return CELTime.duration(text).map(CELValue.duration) ?? .string(text)
        }
    }
}

extension CELReading {
    /// The reading of an item or a member.
    var inner: CELReading { CELReading(own: element, element: .plain) }
}
