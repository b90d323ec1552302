// SPDX-License-Identifier: Apache-2.0
// What a schema lets through, for those who check at load whether a value can fit elsewhere. It
// answers from what is written, through `$ref` and `allOf`; where a choice (`anyOf`, `oneOf`,
// `if`) leaves it open, it answers with what may be.
package import DragomanDocument

/// One schema as seen from outside. For loading only.
package struct SchemaView: Sendable {
    /// What a schema says about one member of an object.
    package enum Member: Sendable {
        /// The schema of that member's value.
        case known(SchemaView)
        /// No member of that name is let through.
        case refused
        /// Nothing is said.
        case anything
    }

    /// All of these apply.
    private let parts: [Subschema]
    /// For each choice, of whose schemas at least one applies.
    private let choices: [[SchemaView]]
    /// Keeps the schemas alive.
    private let graph: SchemaGraph
    /// Some part is `false`.
    private let isNever: Bool

    private static let depthMax = 24

    init(_ schema: Subschema, _ graph: SchemaGraph) {
        self.init([schema], graph, 0)
    }

    /// What all of `schemas` say together.
    private init(_ schemas: [Subschema], _ graph: SchemaGraph, _ depth: Int) {
        var parts: [Subschema] = []
        var choices: [[SchemaView]] = []
        var cases: [(condition: Subschema, then: Subschema)] = []
        var pending = schemas
        while let schema = pending.popLast() {
            guard !parts.contains(where: { $0 === schema }) else { continue }
            parts.append(schema)
            for rule in schema.rules {
                switch (rule.name, rule.content) {
                case (.allOf, .schemas(let inner)): pending += inner
                case (_, .reference(let target)): pending.append(target)
                case (_, .dynamicReference(let target, _)): pending.append(target)
                case (.anyOf, .schemas(let inner)), (.oneOf, .schemas(let inner)):
                    if depth < Self.depthMax {
                        choices.append(inner.map { SchemaView([$0], graph, depth + 1) })
                    }
                case (.if, .condition(let condition, let then?, nil)):
                    cases.append((condition, then))
                case (.if, .condition(_, let then, let otherwise)):
                    // One of the two applies; one that is missing asks for nothing.
                    if let then, let otherwise, depth < Self.depthMax {
                        choices.append(
                            [then, otherwise].map { SchemaView([$0], graph, depth + 1) })
                    }
                default: break
                }
            }
        }
        if depth < Self.depthMax, Self.areExhaustive(cases.map(\.condition)) {
            choices.append(cases.map { SchemaView([$0.then], graph, depth + 1) })
        }
        self.parts = parts
        self.choices = choices
        self.graph = graph
        isNever = parts.contains { $0.always == false }
    }

    /// Whether one of these conditions always holds, as far as is plain: some ask for values of
    /// a member, and one holds where the member has none of them. So a contract's types and their
    /// extensions are told apart.
    private static func areExhaustive(_ conditions: [Subschema]) -> Bool {
        guard conditions.count > 1 else { return false }
        let names = conditions.map { condition -> String? in
            for case .schema(let inner) in condition.rules.filter({ $0.name == .not })
                .map(\.content)
            {
                return onlyMember(inner)
            }
            return onlyMember(condition)
        }
        let hasRest = conditions.contains { $0.rules.contains { $0.name == .not } }
        return hasRest && names[0] != nil && names.allSatisfy { $0 == names[0] }
    }

    private static func onlyMember(_ schema: Subschema) -> String? {
        for case .schemasByName(let members) in schema.rules.map(\.content)
        where members.count == 1 {
            return members[0].name.string
        }
        return nil
    }

    private func view(_ schemas: [Subschema]) -> SchemaView { SchemaView(schemas, graph, 0) }

    private func rules(_ name: KeywordName) -> [Rule] {
        parts.flatMap { $0.rules.filter { $0.name == name } }
    }

    // MARK: Values

    /// The types that a value may have.
    package var types: SchemaTypes {
        if isNever { return [] }
        var types = SchemaTypes.all
        for part in parts {
            for rule in part.rules {
                switch rule.content {
                case .types(let allowed): types.formIntersection(allowed)
                case .values(let values):
                    types.formIntersection(
                        values.reduce(into: SchemaTypes()) { $0.formUnion(SchemaTypes(of: $1)) })
                default: break
                }
            }
        }
        for choice in choices {
            types.formIntersection(choice.reduce(into: SchemaTypes()) { $0.formUnion($1.types) })
        }
        return types
    }

    /// The values of `enum` or `const`, those that every part allows; nil where none is said.
    /// Valid as long as the program.
    package var enumeration: [Node]? {
        var result: [Node]?
        for part in parts {
            for case .values(let values) in part.rules.map(\.content) {
                result = (result ?? values).filter { value in
                    values.contains { ValueEquality.equal($0, value) }
                }
            }
        }
        if result == nil, let choice = choices.first {
            // A choice of constants is an enumeration too.
            var all: [Node] = []
            for branch in choice {
                guard let values = branch.enumeration else { return nil }
                all += values
            }
            result = all
        }
        return result
    }

    /// The texts that `then` allows where `if` asks for a string and nothing else, as contracts'
    /// enums say it that take any number; nil where none is said.
    package var textEnumeration: [Node]? {
        for part in parts {
            for case .condition(let condition, let then?, nil) in part.rules.map(\.content) {
                guard condition.rules.count == 1,
                    case .types(.string)? = condition.rules.first?.content,
                    let values = view([then]).enumeration
                else { continue }
                return values
            }
        }
        return nil
    }

    /// The name of the `format` that is said, known or not.
    package var format: String? {
        rules(.format).first.flatMap { $0.value.isString ? $0.value.string : nil }
    }

    /// What `contentEncoding` says, here or in every branch of a choice.
    package var contentEncoding: String? { ofStrings(.contentEncoding) }

    /// What `contentMediaType` says, likewise.
    package var contentMediaType: String? { ofStrings(.contentMediaType) }

    private func ofStrings(_ name: KeywordName) -> String? {
        if let rule = rules(name).first {
            return rule.value.isString ? rule.value.string : nil
        }
        for choice in choices {
            let strings = choice.filter { !$0.types.isDisjoint(with: .string) }
            let values = Set(strings.map { $0.ofStrings(name) })
            if values.count == 1, let only = values.first, let only { return only }
        }
        return nil
    }

    /// The number that a keyword about bounds, lengths or counts asks for, as it is written: the
    /// first that is said.
    package func bound(_ keyword: String) -> Node? {
        guard let name = KeywordName(rawValue: keyword) else { return nil }
        return rules(name).first?.value
    }

    /// The sources of all patterns that a string must match.
    package var patterns: [String] {
        rules(.pattern).compactMap {
            if case .pattern(let pattern) = $0.content { pattern.source } else { nil }
        }
    }

    /// The value of `default`, where one is said.
    package var defaultValue: Node? { rules(.default).first?.value }

    // MARK: Objects

    /// What is said about the member of that name.
    package func member(_ name: String) -> Member {
        if isNever { return .refused }
        var schemas: [Subschema] = []
        for part in parts {
            switch memberSchemas(part, name) {
            case nil: return .refused
            case let found?: schemas += found
            }
        }
        // A closed choice refuses what none of its branches knows.
        var branches: [SchemaView] = []
        for choice in choices {
            let objects = SchemaView.objects(choice)
            var isRefused = !objects.isEmpty
            for branch in objects {
                switch branch.member(name) {
                case .known(let view):
                    branches.append(view)
                    isRefused = false
                case .anything: isRefused = false
                case .refused: break
                }
            }
            if isRefused { return .refused }
        }
        if schemas.contains(where: { $0.always == false }) { return .refused }
        if !schemas.isEmpty { return .known(view(schemas)) }
        if branches.count == 1 { return .known(branches[0]) }
        if branches.isEmpty { return isClosed ? .refused : .anything }
        return .known(SchemaView(anyOf: branches, graph))
    }

    private init(anyOf branches: [SchemaView], _ graph: SchemaGraph) {
        parts = []
        choices = [branches]
        self.graph = graph
        isNever = false
    }

    /// The schemas that one part has for a member; nil where it refuses it.
    private func memberSchemas(_ part: Subschema, _ name: String) -> [Subschema]? {
        var found: [Subschema] = []
        let context = EvaluationContext()
        for rule in part.rules {
            switch (rule.name, rule.content) {
            case (.properties, .schemasByName(let members)):
                for member in members where TextKey.isEqual(member.name, name) {
                    found.append(member.schema)
                }
            case (_, .schemasByPattern(let patterns)):
                for entry in patterns where entry.pattern.matches(name, context) {
                    found.append(entry.schema)
                }
            default: break
            }
        }
        if found.isEmpty, case .schema(let rest)? = part.rule(.additionalProperties)?.content {
            return rest.always == false ? nil : [rest]
        }
        return found
    }

    /// `unevaluatedProperties: false` closes what no part and no choice knows.
    private var isClosed: Bool {
        parts.contains {
            if case .schema(let rest)? = $0.rule(.unevaluatedProperties)?.content {
                rest.always == false
            } else {
                false
            }
        }
    }

    /// Members whose names are not written down may be there.
    package var allowsOtherMembers: Bool {
        // No schema names a member like this one.
        if case .refused = member("\u{1}") { false } else { true }
    }

    /// The names that `properties` has, here and in every choice, in their order.
    package var memberNames: [String] {
        var names: [String] = []
        var known: Set<[UInt8]> = []
        func add(_ name: String) {
            if known.insert(Array(name.utf8)).inserted { names.append(name) }
        }
        for rule in rules(.properties) {
            guard case .schemasByName(let members) = rule.content else { continue }
            for member in members { add(member.name.string) }
        }
        for branch in choices.joined() { for name in branch.memberNames { add(name) } }
        return names
    }

    /// Every object that is let through has the member.
    package func isRequired(_ name: String) -> Bool {
        for rule in rules(.required) {
            guard case .names(let names) = rule.content else { continue }
            if names.contains(where: { TextKey.isEqual($0, name) }) { return true }
        }
        return choices.contains { choice in
            let objects = SchemaView.objects(choice)
            return !objects.isEmpty && objects.allSatisfy { $0.isRequired(name) }
        }
    }

    /// The branches that an object can take: `null` beside them says nothing about its members.
    private static func objects(_ choice: [SchemaView]) -> [SchemaView] {
        choice.filter { !$0.types.isDisjoint(with: .object) }
    }

    // MARK: Arrays

    /// What is said about the items of an array, those of a prefix left aside; nil where nothing
    /// is.
    package var items: SchemaView? {
        var schemas: [Subschema] = []
        for part in parts {
            for case .items(let inner, _) in part.rules.map(\.content) { schemas.append(inner) }
        }
        if !schemas.isEmpty { return view(schemas) }
        let branches = choices.joined().compactMap(\.items)
        if branches.isEmpty { return nil }
        return branches.count == 1 ? branches[0] : SchemaView(anyOf: branches, graph)
    }
}

extension SchemaTypes {
    /// The type of a value.
    package init(of node: Node) {
        switch node.kind {
        case .null: self = .null
        case .true, .false: self = .boolean
        case .integer: self = .integer
        case .decimal: self = ExactNumber(node.bytes).isInteger ? .integer : .fraction
        case .array: self = .array
        case .object: self = .object
        default: self = .string
        }
    }
}

extension SchemaProgram {
    /// What the schema lets through.
    package var view: SchemaView { SchemaView(root, graph) }
}
