// SPDX-License-Identifier: Apache-2.0
// An expression, compiled: names are slots, calls are functions, macros are loops. Immutable,
// shared by all exchanges of its route.

internal import DragomanDocument

/// A literal.
enum CELConstant: Sendable {
    case null
    case bool(Bool)
    case int(Int64)
    case uint(UInt64)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case type(String)

    var value: CELValue {
        switch self {
        case .null: .null
        case .bool(let value): .bool(value)
        case .int(let value): .int(value)
        case .uint(let value): .uint(value)
        case .double(let value): .double(value)
        case .string(let value): .string(value)
        case .bytes(let value): .bytes(value)
        case .type(let name): .type(name)
        }
    }
}

indirect enum CELCode: Sendable {
    case constant(CELConstant)
    /// A value of the exchange, as its contract has it.
    case reference(Reference, CELReading)
    /// A variable of a macro.
    case local(Int)
    /// What was bound by that name, with none of a mapping's roots: in the conformance suite.
    case binding(String)
    case select(CELCode, CELMember, isOptional: Bool)
    case has(CELCode, ConstantText, isLenient: Bool)
    /// `has` of what is no member: whether there is a value.
    case isPresent(CELCode)
    case hasReference(Reference)
    case defaulted(CELCode, CELCode)
    case index(CELCode, CELCode, isOptional: Bool)
    case call(CELFunction, [CELCode])
    case binary(CELOperator, CELCode, CELCode)
    case negate(CELCode)
    case not(CELCode)
    case and(CELCode, CELCode)
    case or(CELCode, CELCode)
    case conditional(CELCode, CELCode, CELCode)
    case list([CELListItem])
    case map([CELMapEntry])
    case message(CELMessageType, [CELMessageField])
    case comprehension(CELComprehension)
    case bind(Int, CELCode, CELCode)
    case optionalMap(CELCode, Int, CELCode, isFlat: Bool)
    /// `or` and `orValue`, whose argument is evaluated only where it is wanted.
    case optionalOr(CELCode, CELCode, isValue: Bool)
    case matches(CELCode, CELPattern)
    case lookup(CELTable, CELCode)
    /// What is wrong, where nothing was checked before.
    case failing(String)
}

/// A member that is selected, and what is known of it.
struct CELMember: Sendable {
    let name: ConstantText
    var reading = CELReading.plain
    /// What it reads as where it is not there: a protobuf field without presence has its default.
    var absent: ConstantNode?
}

struct CELListItem: Sendable {
    let value: CELCode
    let isOptional: Bool
}

struct CELMapEntry: Sendable {
    let key: CELCode
    let value: CELCode
    let isOptional: Bool
}

struct CELMessageField: Sendable {
    let name: String
    let field: CELMessageType.Field
    let value: CELCode
    let isOptional: Bool
}

struct CELComprehension: Sendable {
    let kind: CELComprehensionKind
    let range: CELCode
    let first: Int
    let second: Int?
    let filter: CELCode?
    /// Nil: the item itself.
    let body: CELCode?
}

/// A function and all its overloads; which one is meant, its arguments say.
final class CELFunction: Sendable {
    typealias Body =
        @Sendable (inout CELEvaluator, [CELValue]) throws(CELFailure) -> CELValue

    let name: String
    let body: Body

    init(name: String, body: @escaping Body) {
        self.name = name
        self.body = body
    }
}

/// A table of a mapping, by keys as texts.
package final class CELTable: @unchecked Sendable {
    // Sendable: the nodes stand in a Document that was finished before this was made and that
    // nobody writes again.
    let name: String
    private let values: [[UInt8]: Node]
    private let document: Document
    /// All values are strings, or all are whole numbers.
    let holdsTexts: Bool
    let holdsIntegers: Bool

    /// `document`: an object, whose members are the entries.
    init(name: String, document: Document) {
        self.name = name
        self.document = document
        var values: [[UInt8]: Node] = [:]
        if let root = document.root {
            var members = root.members
            while let member = members.next() {
                values[Array(member.name.bytes)] = member.value
            }
        }
        self.values = values
        holdsTexts = !values.isEmpty && values.values.allSatisfy(\.isString)
        holdsIntegers = !values.isEmpty && values.values.allSatisfy { $0.kind == .integer }
    }

    /// How a value is read.
    var reading: CELReading { CELReading(own: holdsIntegers ? .int : .plain, element: .plain) }

    func value(_ key: [UInt8]) -> Node? { values[key] }

    /// By key.
    var entries: [(key: String, value: Node)] {
        values.map { (String(decoding: $0.key, as: UTF8.self), $0.value) }.sorted { $0.0 < $1.0 }
    }

    /// Its keys, for messages.
    var names: [String] { values.keys.map { String(decoding: $0, as: UTF8.self) }.sorted() }
}
