// SPDX-License-Identifier: Apache-2.0
// What the contract takes of a body that the mapping's own `accepts` describes more widely: ranges,
// lengths, lists of values and required members, as a schema to be published beside `accepts`
// (MAPPING.md, accepts: they "show in the OpenAPI").

internal import DragomanDocument
internal import DragomanSchema

/// A schema of only what is narrower.
indirect enum BodyNarrowing {
    /// A place in the contract's schema.
    case contract(String)
    case object(members: [(name: String, narrowing: BodyNarrowing)], required: [String])
    case items(BodyNarrowing)
    case all([BodyNarrowing])

    private static let depthMax = 16

    /// What those that use the body ask of it; nil where `accepts` says it all.
    ///
    /// `accepts`: nil where the mapping's schema says nothing of the value.
    static func make(
        _ usage: BodyUsage, _ accepts: SchemaShape?, depth: Int = 0
    ) -> BodyNarrowing? {
        guard depth < depthMax else { return nil }
        var parts = usage.targets.compactMap { make($0, accepts, depth: depth) }
        var members: [(name: String, narrowing: BodyNarrowing)] = []
        var required: [String] = []
        for (name, inner) in usage.members {
            guard lets(name, in: accepts) else { continue }
            if inner.isRequired, accepts?.isRequired(name) != true { required.append(name) }
            let known = shape(name, of: accepts)
            if let made = make(inner, known, depth: depth + 1) { members.append((name, made)) }
        }
        if let spread = usage.spread {
            let own = Set(usage.members.map(\.name) + spread.hidden)
            add(spread.target, accepts, except: own, depth, &members, &required)
        }
        if !members.isEmpty || !required.isEmpty {
            parts.append(.object(members: members, required: required))
        }
        if let item = usage.item, let made = make(item, accepts?.items, depth: depth + 1) {
            parts.append(.items(made))
        }
        return parts.count > 1 ? .all(parts) : parts.first
    }

    /// What a target asks of a value that stands at it as a whole.
    private static func make(
        _ target: SchemaShape, _ accepts: SchemaShape?, depth: Int
    ) -> BodyNarrowing? {
        guard depth < depthMax, let reference = target.reference else { return nil }
        guard let accepts else { return .contract(reference) }
        if accepts.reference == reference { return nil }
        if accepts.types.contains(.object), !accepts.memberNames.isEmpty {
            var members: [(name: String, narrowing: BodyNarrowing)] = []
            var required: [String] = []
            add(target, accepts, except: [], depth, &members, &required)
            let isNothing = members.isEmpty && required.isEmpty
            return isNothing ? nil : .object(members: members, required: required)
        }
        if accepts.types.contains(.array), let items = accepts.items, let inner = target.items {
            return make(inner, items, depth: depth + 1).map { .items($0) }
        }
        return Facets(target).narrow(accepts) ? .contract(reference) : nil
    }

    /// The members of an object that are moved by name.
    private static func add(
        _ target: SchemaShape, _ accepts: SchemaShape?, except own: Set<String>, _ depth: Int,
        _ members: inout [(name: String, narrowing: BodyNarrowing)], _ required: inout [String]
    ) {
        for name in target.memberNames where !own.contains(name) {
            guard case .known(let inner) = target.member(name), lets(name, in: accepts) else {
                continue
            }
            if target.isRequired(name), accepts?.isRequired(name) != true { required.append(name) }
            // A second name of a field is nothing to be told of.
            let isAlias = inner.source?.node.map(OpenAPISchemaWriter.isAlias) ?? false
            let known = shape(name, of: accepts)
            if !isAlias, let made = make(inner, known, depth: depth + 1) {
                members.append((name, made))
            }
        }
    }

    /// Whether `accepts` lets in a member of the name.
    private static func lets(_ name: String, in accepts: SchemaShape?) -> Bool {
        if case .refused? = accepts?.member(name) { false } else { true }
    }

    /// What `accepts` says of a member; nil where that is nothing.
    private static func shape(_ name: String, of accepts: SchemaShape?) -> SchemaShape? {
        if case .known(let shape)? = accepts?.member(name) { shape } else { nil }
    }

    // MARK: As a schema

    /// Appends `{ "allOf": [ accepts, this ] }`.
    func append(beside accepts: SchemaSource, to document: Document) {
        document.object {
            document.member(
                "allOf",
                array: {
                    document.object {
                        let fragment = SchemaShape.fragment(accepts.pointer)
                        document.member("$ref", accepts.uri + "#" + fragment)
                    }
                    document.object { appendKeywords(to: document) }
                })
        }
    }

    private func appendKeywords(to document: Document) {
        switch self {
        case .contract(let reference): document.member("$ref", reference)
        case .items(let inner):
            document.member("items", object: { inner.appendKeywords(to: document) })
        case .all(let parts):
            document.member(
                "allOf",
                array: {
                    for part in parts { document.object { part.appendKeywords(to: document) } }
                })
        case .object(let members, let required):
            if !members.isEmpty {
                document.member(
                    "properties",
                    object: {
                        for (name, narrowing) in members {
                            document.member(
                                name, object: { narrowing.appendKeywords(to: document) })
                        }
                    })
            }
            guard !required.isEmpty else { return }
            document.member(
                "required", array: { for name in required { document.append(string: name) } })
        }
    }
}

/// What a schema of a scalar says beyond its type, as far as it stands in one place.
private struct Facets {
    private let shape: SchemaShape
    private var values: [String: Node] = [:]

    private static let ofTexts: Set = ["pattern", "minLength", "maxLength", "contentEncoding"]
    private static let ofNumbers: Set = [
        "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    ]
    private static let silent: Set = [
        "type", "$ref", "title", "description", "default", "examples", "deprecated", "format",
        "contentMediaType", "$comment",
    ]

    init(_ shape: SchemaShape) {
        self.shape = shape
        guard let source = shape.source else { return }
        var node = source.node
        for _ in 0..<16 {
            guard let current = node, current.isObject else { return }
            for member in current.members where !Self.silent.contains(member.name.string) {
                let name = member.name.string
                if !name.hasPrefix("x-"), values[name] == nil { values[name] = member.value }
            }
            guard let reference = current.member(named: "$ref"), reference.isString,
                reference.string.hasPrefix("#")
            else { return }
            let pointer = SchemaURI.decoded(String(reference.string.dropFirst()))
            node = source.document.root?.value(at: pointer)
        }
    }

    /// Whether a value that `other` lets in may be none for these.
    func narrow(_ other: SchemaShape) -> Bool {
        if !other.types.isSubset(of: shape.types.contains(.fraction) ? .all : shape.types) {
            return true
        }
        let known = Facets(other)
        let isText = other.types.contains(.string)
        let isNumber = other.types.contains(.integer) || other.types.contains(.fraction)
        for (name, value) in values {
            if !isText, Self.ofTexts.contains(name) { continue }
            if !isNumber, Self.ofNumbers.contains(name) { continue }
            if isKept(name, value, by: known, other) { continue }
            return true
        }
        return false
    }

    private func isKept(
        _ name: String, _ value: Node, by known: Facets, _ other: SchemaShape
    ) -> Bool {
        if name == "enum" || name == "const" {
            guard let wanted = shape.view.enumeration, let given = other.view.enumeration else {
                return false
            }
            return given.allSatisfy { one in wanted.contains { Equality.areEqual(one, $0) } }
        }
        guard let own = known.values[name] else { return false }
        guard value.isNumber, own.isNumber else { return Equality.areEqual(value, own) }
        let order = ExactNumber.compare(ExactNumber(own.bytes), ExactNumber(value.bytes))
        if name.lowercased().contains("min") { return order >= 0 }
        if name.lowercased().contains("max") { return order <= 0 }
        return order == 0
    }
}
