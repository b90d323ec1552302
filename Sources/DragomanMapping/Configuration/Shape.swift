// SPDX-License-Identifier: Apache-2.0
// The shape of a configuration file, said once: from these tables come the checks at load
// (ShapeChecker) and the JSON Schemas that editors complete from (ShapeSchema).

internal import DragomanDocument

package indirect enum Shape: Sendable {
    case scalar(ScalarKind)
    case boolean
    case integer(ClosedRange<Int>)
    /// One of these strings.
    case choice([String])
    /// The value `false`, where true would say nothing.
    case never
    case list(Shape)
    case map(keys: ScalarKind, values: Shape)
    case object(ObjectShape)
    /// One of several that differ in kind: scalar, list, mapping.
    case either([Shape])
    /// Looked at by the compiler of mappings: templates, JSON Schemas, constants.
    case anything(String)
    /// The same, but a list of something or a mapping of something.
    case anyMapping(String)

    /// Whether a scalar may stand here.
    var takesScalar: Bool {
        switch self {
        case .scalar, .boolean, .integer, .choice, .never: true
        case .either(let shapes): shapes.contains { $0.takesScalar }
        case .list, .map, .object, .anything, .anyMapping: false
        }
    }

    /// For messages: `a duration such as 300ms`.
    var expected: String {
        switch self {
        case .scalar(let kind): return kind.expected
        case .boolean: return "true or false"
        case .integer(let range):
            if range.upperBound == Int.max {
                return "a whole number, at least \(range.lowerBound)"
            }
            return "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .choice(let names): return Self.alternatives(names.map { "`\($0)`" })
        case .never: return "`false`"
        case .list(let item): return "a list, each item " + item.expected
        case .map(_, let values): return "a mapping from names to " + values.expected
        case .object(let object): return "a mapping with " + object.keysDescription
        case .either(let shapes): return Self.alternatives(shapes.map(\.expected))
        case .anything(let text): return text
        case .anyMapping(let text): return text
        }
    }

    static func alternatives(_ names: [String]) -> String {
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}

/// A scalar with a grammar of its own.
package final class ScalarKind: Sendable {
    /// Names its definition in the JSON Schema.
    let name: String
    /// For messages.
    let expected: String
    /// The grammar for editors; what decides is `accepts`.
    let pattern: String?
    let examples: [String]
    /// Whether a plain number is taken by its text: sizes, ports, statuses, versions.
    let allowsNumbers: Bool
    /// Nothing of it is ever shown.
    let isSecret: Bool
    let accepts: @Sendable (String) -> Bool

    init(
        _ name: String, expected: String, pattern: String? = nil, examples: [String] = [],
        allowsNumbers: Bool = false, isSecret: Bool = false,
        accepts: @escaping @Sendable (String) -> Bool = { _ in true }
    ) {
        self.name = name
        self.expected = expected
        self.pattern = pattern
        self.examples = examples
        self.allowsNumbers = allowsNumbers
        self.isSecret = isSecret
        self.accepts = accepts
    }
}

/// A mapping with known keys.
package final class ObjectShape: Sendable {
    package final class Key: Sendable {
        let name: String
        let shape: Shape
        let description: String
        /// Written, else what the shape shows.
        let example: JSONText?
        let isRequired: Bool

        init(
            _ name: String, _ shape: Shape, _ description: String, _ example: JSONText?,
            isRequired: Bool
        ) {
            self.name = name
            self.shape = shape
            self.description = description
            self.example = example ?? shape.example
            self.isRequired = isRequired
        }
    }

    /// Names its definition in the JSON Schema, and itself in messages: `a route`.
    let name: String
    let description: String
    let keys: [Key]
    /// Of these keys one must be there, and only one.
    let exactlyOne: [String]
    /// Whether nothing at all is the same as an empty mapping.
    let isNullable: Bool
    private let indexes: [String: Int]

    init(
        _ name: String, _ description: String, exactlyOne: [String] = [],
        isNullable: Bool = false, keys: [Key]
    ) {
        self.name = name
        self.description = description
        self.keys = keys
        self.exactlyOne = exactlyOne
        self.isNullable = isNullable
        indexes = Dictionary(
            keys.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { $1 })
    }

    func key(_ name: String) -> Key? { indexes[name].map { keys[$0] } }

    /// One of the keys is unknown, and was most likely meant to be this one: which is then said
    /// of it, and that is enough.
    func isMisspelt(_ name: String, in pairs: [YAMLNode.Pair]) -> Bool {
        pairs.contains {
            key($0.name) == nil && NearestName.find($0.name, in: keys.map(\.name)) == name
        }
    }

    var keysDescription: String {
        let names = keys.map { "`\($0.name)`" }
        return names.count == 1
            ? "the key " + names[0] : "the keys " + names.joined(separator: ", ")
    }
}

extension ObjectShape.Key {
    /// A key that may be absent.
    static func optional(
        _ name: String, _ shape: Shape, _ description: String, example: JSONText? = nil
    ) -> ObjectShape.Key {
        ObjectShape.Key(name, shape, description, example, isRequired: false)
    }

    static func required(
        _ name: String, _ shape: Shape, _ description: String, example: JSONText? = nil
    ) -> ObjectShape.Key {
        ObjectShape.Key(name, shape, description, example, isRequired: true)
    }
}
