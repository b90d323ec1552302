// SPDX-License-Identifier: Apache-2.0
// Every keyword of every draft: where it is known, which vocabulary it belongs to, and where in
// its value subschemas stand.
internal import DragomanDocument

enum KeywordName: String, CaseIterable {
    case id = "$id"
    case idOfDraft4 = "id"
    case schema = "$schema"
    case ref = "$ref"
    case anchor = "$anchor"
    case dynamicRef = "$dynamicRef"
    case dynamicAnchor = "$dynamicAnchor"
    case recursiveRef = "$recursiveRef"
    case recursiveAnchor = "$recursiveAnchor"
    case vocabulary = "$vocabulary"
    case comment = "$comment"
    case defs = "$defs"
    case definitions
    case dependencies
    case allOf, anyOf, oneOf, not
    case `if`, then, `else`
    case properties, patternProperties, additionalProperties, propertyNames, dependentSchemas
    case prefixItems, items, additionalItems, contains
    case unevaluatedItems, unevaluatedProperties
    case type, `enum`, const
    case multipleOf, maximum, exclusiveMaximum, minimum, exclusiveMinimum
    case maxLength, minLength, pattern
    case maxItems, minItems, uniqueItems, maxContains, minContains
    case maxProperties, minProperties, required, dependentRequired
    case format
    case contentEncoding, contentMediaType, contentSchema
    case title, description, `default`, examples, deprecated, readOnly, writeOnly
}

/// Drafts as a set.
struct Drafts: OptionSet {
    let rawValue: UInt8
    static let draft4 = Drafts(rawValue: 1)
    static let draft6 = Drafts(rawValue: 2)
    static let draft7 = Drafts(rawValue: 4)
    static let draft201909 = Drafts(rawValue: 8)
    static let draft202012 = Drafts(rawValue: 16)

    static let all: Drafts = [.draft4, .draft6, .draft7, .draft201909, .draft202012]
    static let from6: Drafts = [.draft6, .draft7, .draft201909, .draft202012]
    static let from7: Drafts = [.draft7, .draft201909, .draft202012]
    static let from201909: Drafts = [.draft201909, .draft202012]
    static let upTo201909: Drafts = [.draft4, .draft6, .draft7, .draft201909]
    static let upTo7: Drafts = [.draft4, .draft6, .draft7]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init(_ dialect: SchemaDialect) {
        switch dialect {
        case .draft4: self = .draft4
        case .draft6: self = .draft6
        case .draft7: self = .draft7
        case .draft201909: self = .draft201909
        case .draft202012: self = .draft202012
        }
    }
}

/// What a keyword's value is made of.
enum KeywordShape {
    case plain
    case schema
    case schemas
    case schemasByName
    /// `items` until 2019-09.
    case schemaOrSchemas
    /// `dependencies`: a schema or a list of names for each name.
    case schemasOrNamesByName
}

extension KeywordName {
    /// The drafts that give the keyword a meaning. From 2019-09 on `dependencies` may have its old
    /// one, and a rule that somebody wrote is better kept than skipped.
    var drafts: Drafts {
        switch self {
        case .idOfDraft4: .draft4
        case .id, .const, .contains, .propertyNames, .examples: .from6
        case .if, .then, .else, .comment, .contentEncoding, .contentMediaType, .readOnly,
            .writeOnly:
            .from7
        case .anchor, .vocabulary, .defs, .dependentSchemas, .unevaluatedItems,
            .unevaluatedProperties, .maxContains, .minContains, .dependentRequired,
            .contentSchema, .deprecated:
            .from201909
        case .recursiveRef, .recursiveAnchor: .draft201909
        case .dynamicRef, .dynamicAnchor, .prefixItems: .draft202012
        case .additionalItems: .upTo201909
        default: .all
        }
    }

    /// The vocabulary that the keyword belongs to, where drafts have such.
    var vocabulary: Vocabularies {
        switch self {
        case .allOf, .anyOf, .oneOf, .not, .if, .then, .else, .properties, .patternProperties,
            .additionalProperties, .propertyNames, .dependentSchemas, .prefixItems, .items,
            .additionalItems, .contains, .dependencies:
            .applicator
        case .unevaluatedItems, .unevaluatedProperties: .unevaluated
        case .type, .enum, .const, .multipleOf, .maximum, .exclusiveMaximum, .minimum,
            .exclusiveMinimum, .maxLength, .minLength, .pattern, .maxItems, .minItems,
            .uniqueItems, .maxContains, .minContains, .maxProperties, .minProperties, .required,
            .dependentRequired:
            .validation
        case .format: .format
        case .contentEncoding, .contentMediaType, .contentSchema: .content
        case .title, .description, .default, .examples, .deprecated, .readOnly, .writeOnly:
            .metaData
        default: .core
        }
    }

    /// The keyword asks for something, or names something that is asked for, wherever it has a
    /// meaning.
    var asserts: Bool {
        switch self {
        case .comment, .defs, .definitions, .schema, .vocabulary: false
        default: vocabulary != .metaData && vocabulary != .content
        }
    }

    /// Where subschemas stand in the keyword's value.
    func shape(in drafts: Drafts) -> KeywordShape {
        switch self {
        case .additionalProperties, .propertyNames, .additionalItems, .contains, .not, .if, .then,
            .else, .unevaluatedItems, .unevaluatedProperties, .contentSchema:
            .schema
        case .allOf, .anyOf, .oneOf, .prefixItems: .schemas
        case .properties, .patternProperties, .dependentSchemas, .defs, .definitions:
            .schemasByName
        case .items: drafts == .draft202012 ? .schema : .schemaOrSchemas
        case .dependencies: .schemasOrNamesByName
        default: .plain
        }
    }

    private static let index = KeywordIndex()

    /// The keyword of that name, in whichever draft.
    static func named(_ name: Node) -> KeywordName? {
        let position = index.names.find(name.bytes)
        return position < 0 ? nil : index.keywords[position]
    }
}

/// Keywords by their names, without Strings.
private final class KeywordIndex: Sendable {
    private let arena = ProgramArena()
    // Written once, in the initialiser, and points into `arena`, which it keeps.
    nonisolated(unsafe) let names: NameIndex
    let keywords = KeywordName.allCases

    init() {
        var texts: [UnsafeRawBufferPointer] = []
        for keyword in keywords {
            var name = keyword.rawValue
            texts.append(name.withUTF8 { [arena] in arena.copy(UnsafeRawBufferPointer($0)) })
        }
        names = NameIndex(texts, arena)
    }
}
