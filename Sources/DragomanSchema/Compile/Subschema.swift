// SPDX-License-Identifier: Apache-2.0
// A schema with its references resolved and its keywords understood: what programs are made from,
// and what explains why a document is refused.
internal import DragomanDocument

/// One schema of a document. Its identity is its place.
final class Subschema: @unchecked Sendable {
    // Sendable: only the compiler writes here, before it hands out a program that reaches it; the
    // documents that it points into are never changed.
    let resource: SchemaResource
    let node: Node
    /// The value of a boolean schema.
    let always: Bool?
    var rules: [Rule] = []
    /// What is wrong with it, told to every program that would need it.
    var problems: [SchemaProblem] = []
    /// A `$dynamicRef` or `$recursiveRef` may be met on the way from here.
    var reachesDynamic = false
    /// Its machine form, and the one that notes what it evaluates.
    var block: SchemaBlock?
    var trackedBlock: SchemaBlock?

    init(_ place: SchemaPlace) {
        resource = place.resource
        node = place.node
        always = place.node.bool
    }

    /// The rule of that keyword.
    func rule(_ name: KeywordName) -> Rule? { rules.first { $0.name == name } }

    /// `x-expects`: what its pattern asks for, in words.
    var expectation: String? { annotation("x-expects") }
    /// `x-facet`: the facet of a contract that it stands for, under whose name it is told.
    var facet: String? { annotation("x-facet") }

    private func annotation(_ name: String) -> String? {
        guard node.isObject, let value = node.member(named: name), value.isString else {
            return nil
        }
        return value.string
    }

    /// An absolute URI with a JSON Pointer as its fragment. Made when asked for.
    var location: String {
        let file = resource.file
        let root = file.pointer(to: resource.root)
        let pointer = file.pointer(to: node).dropFirst(root.utf8.count)
        return resource.uri + "#" + URIReference.encoded(pointer: String(pointer))
    }
}

/// One keyword of a schema. A class, because rules are looked at over and over while loading.
final class Rule {
    let name: KeywordName
    /// The keyword's value in the document.
    let value: Node
    let content: RuleContent

    init(name: KeywordName, value: Node, content: RuleContent) {
        self.name = name
        self.value = value
        self.content = content
    }
}

/// What a keyword asks for.
enum RuleContent {
    /// `type`; `.integer` stands for whatever the draft calls an integer.
    case types(SchemaTypes)
    /// `enum` and `const`.
    case values([Node])
    /// The bounds on numbers.
    case bound(isMinimum: Bool, isExclusive: Bool)
    case multiple(Divisor)
    /// The bounds on lengths and counts.
    case count(Int)
    /// `uniqueItems`.
    case unique
    case pattern(Pattern)
    case format(Format)
    /// `required`.
    case names([Node])
    /// `dependentRequired`.
    case namesByName([(name: Node, names: [Node])])
    case schema(Subschema)
    /// `allOf`, `anyOf`, `oneOf`, and those of each place of an array.
    case schemas([Subschema])
    /// `properties` and `dependentSchemas`.
    case schemasByName([(name: Node, schema: Subschema)])
    case schemasByPattern([(pattern: Pattern, name: Node, schema: Subschema)])
    /// `items` and `additionalItems`: every item from that position on.
    case items(Subschema, from: Int)
    case contains(Subschema, least: Int, most: Int?, marksItems: Bool)
    /// `if`.
    case condition(Subschema, then: Subschema?, else: Subschema?)
    case reference(Subschema)
    /// `$dynamicRef`; the anchor is nil where nothing dynamic is about it.
    case dynamicReference(Subschema, anchor: String)
    /// Says something, asks for nothing.
    case annotation
}

extension RuleContent {
    /// The schemas that are applied to the same value.
    var inPlace: [Subschema] {
        switch self {
        case .schemas(let schemas): schemas
        case .reference(let schema): [schema]
        case .condition(let condition, let then, let otherwise):
            [condition] + [then, otherwise].compactMap { $0 }
        case .schemasByName(let members): members.map(\.schema)
        case .schema(let schema): [schema]
        default: []
        }
    }
}

extension Rule {
    /// The schemas that are applied to the same value, which must not lead back here.
    var inPlace: [Subschema] {
        switch name {
        case .allOf, .anyOf, .oneOf, .not, .if, .ref, .dynamicRef, .recursiveRef,
            .dependentSchemas, .dependencies:
            content.inPlace
        default: []
        }
    }

    /// Nothing but types, or nothing at all, is asked for.
    var saysNothing: Bool {
        switch content {
        case .types, .annotation: true
        default: false
        }
    }

    /// Every schema that the keyword refers to or holds.
    var schemas: [Subschema] {
        switch content {
        case .schemasByPattern(let patterns): patterns.map(\.schema)
        case .items(let schema, _), .contains(let schema, _, _, _),
            .dynamicReference(let schema, _):
            [schema]
        default: content.inPlace
        }
    }
}

/// Everything that the programs of one compiler share, for as long as one of them lives.
final class SchemaGraph: @unchecked Sendable {
    // Sendable: only the compiler's thread changes it; programs only keep it.
    let arena = ProgramArena()
    var schemas: [Subschema] = []

    deinit {
        // Schemas refer to one another in circles.
        for schema in schemas {
            schema.rules = []
            schema.resource.file.removeSchemas()
        }
    }
}
