// SPDX-License-Identifier: Apache-2.0
// A shape as JSON Schema 2020-12, for editors: `dragoman schema gateway|mapping`. Objects and
// scalar grammars become definitions; every key has its description.

struct ShapeSchema {
    private var definitions: [(name: String, value: JSONText)] = []
    private var known: Set<String> = []
    private let allowsExternals: Bool

    /// The schema of a file that is `object`. `allowsExternals`: scalars may be `{ env }` and
    /// `{ file }`.
    static func text(
        _ object: ObjectShape, identifier: String, title: String, allowsExternals: Bool
    ) -> String {
        var builder = ShapeSchema(allowsExternals: allowsExternals)
        var members: [(name: String, value: JSONText)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
            ("$id", .string(identifier)),
            ("title", .string(title)),
        ]
        members += builder.objectMembers(object)
        if allowsExternals { builder.define("external", external) }
        members.append(("$defs", .object(builder.definitions.sorted { $0.name < $1.name })))
        return JSONText.object(members).text(indented: true) + "\n"
    }

    private init(allowsExternals: Bool) {
        self.allowsExternals = allowsExternals
    }

    private static func externalMember(_ description: String, _ example: String) -> JSONText {
        .object([
            ("description", .string(description)), ("type", .string("string")),
            ("examples", .array([.string(example)])),
        ])
    }

    private static let external = JSONText.object([
        ("description", .string("A value from the environment or from a file")),
        ("type", .string("object")),
        (
            "properties",
            .object([
                ("env", externalMember("A variable of the environment", "API_TOKEN")),
                ("file", externalMember("A file, whose text it is", "secrets/token")),
            ])
        ),
        ("additionalProperties", .boolean(false)),
        ("minProperties", .integer(1)),
        ("maxProperties", .integer(1)),
    ])

    private mutating func define(_ name: String, _ value: @autoclosure () -> JSONText) {
        guard known.insert(name).inserted else { return }
        let index = definitions.count
        definitions.append((name, .null))
        definitions[index].value = value()
    }

    private static func reference(_ name: String) -> JSONText {
        .object([("$ref", .string("#/$defs/" + name))])
    }

    private mutating func schema(_ shape: Shape) -> JSONText {
        guard allowsExternals, shape.takesScalar else { return bare(shape) }
        var alternatives: [JSONText]
        if case .either(let shapes) = shape {
            alternatives = shapes.map { bare($0) }
        } else {
            alternatives = [bare(shape)]
        }
        alternatives.append(Self.reference("external"))
        return .object([("anyOf", .array(alternatives))])
    }

    private mutating func bare(_ shape: Shape) -> JSONText {
        switch shape {
        case .scalar(let kind):
            define(kind.name, Self.scalar(kind))
            return Self.reference(kind.name)
        case .boolean: return .object([("type", .string("boolean"))])
        case .never: return .object([("const", .boolean(false))])
        case .integer(let range):
            var members: [(name: String, value: JSONText)] = [
                ("type", .string("integer")), ("minimum", .integer(range.lowerBound)),
            ]
            if range.upperBound < Int.max {
                members.append(("maximum", .integer(range.upperBound)))
            }
            return .object(members)
        case .choice(let names): return .object([("enum", .array(Self.choices(names)))])
        case .list(let item):
            return .object([("type", .string("array")), ("items", schema(item))])
        case .map(let keys, let values):
            define(keys.name, Self.scalar(keys))
            return .object([
                ("type", .array([.string("object"), .string("null")])),
                ("propertyNames", Self.reference(keys.name)),
                ("additionalProperties", schema(values)),
            ])
        case .object(let object):
            if known.insert(object.name).inserted {
                let index = definitions.count
                definitions.append((object.name, .null))
                definitions[index].value = .object(objectMembers(object))
            }
            return Self.reference(object.name)
        case .either(let shapes):
            return .object([("anyOf", .array(shapes.map { bare($0) }))])
        case .anything(let text): return .object([("description", .string(text))])
        case .anyMapping(let text):
            return .object([("description", .string(text)), ("type", .string("object"))])
        }
    }

    /// Names that YAML reads as numbers are also those numbers: `version: 1.2`.
    private static func choices(_ names: [String]) -> [JSONText] {
        names.map { .string($0) }
            + names.compactMap { name in
                switch YAMLValue(plain: name) {
                case .integer(let digits), .number(let digits): .number(digits)
                default: nil
                }
            }
    }

    private static func scalar(_ kind: ScalarKind) -> JSONText {
        let type: JSONText =
            kind.allowsNumbers
            ? .array([.string("string"), .string("number")]) : .string("string")
        var members: [(name: String, value: JSONText)] = [
            ("description", .string(kind.expected)), ("type", type),
        ]
        if let pattern = kind.pattern { members.append(("pattern", .string(pattern))) }
        if !kind.examples.isEmpty {
            members.append(("examples", .array(kind.examples.map { .string($0) })))
        }
        return .object(members)
    }

    private mutating func objectMembers(
        _ object: ObjectShape
    ) -> [(name: String, value: JSONText)] {
        let type: JSONText =
            object.isNullable ? .array([.string("object"), .string("null")]) : .string("object")
        var members: [(name: String, value: JSONText)] = [
            ("description", .string(object.description)), ("type", type),
        ]
        var properties: [(name: String, value: JSONText)] = []
        for key in object.keys {
            guard case .object(var property) = schema(key.shape) else { continue }
            property.removeAll { $0.name == "description" }
            property.insert(("description", .string(key.description)), at: 0)
            if let example = key.example { property.append(("examples", .array([example]))) }
            properties.append((key.name, .object(property)))
        }
        members.append(("properties", .object(properties)))
        members.append(("additionalProperties", .boolean(false)))
        let required = object.keys.filter(\.isRequired).map { JSONText.string($0.name) }
        if !required.isEmpty { members.append(("required", .array(required))) }
        if !object.exactlyOne.isEmpty {
            let choices = object.exactlyOne.map {
                JSONText.object([("required", .array([.string($0)]))])
            }
            members.append(("oneOf", .array(choices)))
        }
        return members
    }
}
