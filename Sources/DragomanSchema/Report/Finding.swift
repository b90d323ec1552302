// SPDX-License-Identifier: Apache-2.0
// What the explainer found: a tree of schemas applied and keywords judged, from which violations
// and the specification's output forms are written.
internal import DragomanDocument

/// One schema applied to one value.
final class SchemaFinding {
    let schema: Subschema
    /// From the keyword that applied it: the tokens behind the keyword's own.
    let tokens: [String]
    /// The value.
    let node: Node
    /// The member's name, where the value is one.
    let name: Node?
    var isValid = true
    /// In document order of the schema; only failures unless everything is kept.
    var keywords: [KeywordFinding] = []

    init(_ schema: Subschema, _ tokens: [String], _ node: Node, _ name: Node?) {
        self.schema = schema
        self.tokens = tokens
        self.node = node
        self.name = name
    }

    /// Where an error about the value as a whole points: a member is named by its name.
    var place: Node { name ?? node }
}

/// One keyword judged.
final class KeywordFinding {
    /// As the schema spells it; empty for a schema that is `false`.
    let keyword: String
    let isValid: Bool
    /// One sentence for each thing that is wrong; empty where `schemas` say it.
    var details: [String] = []
    /// The JSON text of the annotation.
    var annotation: String?
    var schemas: [SchemaFinding] = []
    /// What was judged on the way to this: `if`, before `then` or `else`.
    var before: KeywordFinding?

    init(_ keyword: String, isValid: Bool, _ details: [String] = []) {
        self.keyword = keyword
        self.isValid = isValid
        self.details = details
    }
}

/// Which members or items of a value have been evaluated.
struct Evaluated {
    private(set) var positions: Set<Int> = []

    mutating func insert(_ position: Int) { positions.insert(position) }
    mutating func formUnion(_ other: Evaluated) { positions.formUnion(other.positions) }
    func contains(_ position: Int) -> Bool { positions.contains(position) }
}
