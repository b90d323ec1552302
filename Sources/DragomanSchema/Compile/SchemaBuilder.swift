// SPDX-License-Identifier: Apache-2.0
// Reads schemas, from a root on through every reference, into Subschemas.
internal import DragomanDocument

/// Used again for every root of a compiler: a schema that is known already is not read again.
final class SchemaBuilder {
    let registry: SchemaRegistry
    let graph: SchemaGraph
    private var pending: [Subschema] = []
    private var patterns: [TextKey: Pattern] = [:]

    init(_ registry: SchemaRegistry, _ graph: SchemaGraph) {
        self.registry = registry
        self.graph = graph
    }

    /// The schema at a place, read together with all that it leads to.
    /// - Returns: it, and the schemas that were read for the first time.
    func build(_ place: SchemaPlace) -> (root: Subschema, fresh: [Subschema]) {
        let first = graph.schemas.count
        let root = schema(at: place)
        while let next = pending.popLast() { read(next) }
        let fresh = Array(graph.schemas[first...])
        findDynamic(fresh)
        return (root, fresh)
    }

    func schema(at place: SchemaPlace) -> Subschema {
        let file = place.resource.file
        if let schema = file.schema(at: place.node) { return schema }
        let schema = Subschema(place)
        file.setSchema(schema, at: place.node)
        graph.schemas.append(schema)
        pending.append(schema)
        return schema
    }

    /// A schema inside another one's keyword.
    func schema(_ node: Node, in parent: Subschema) -> Subschema {
        let file = parent.resource.file
        var resource = parent.resource
        if let number = file.resource(at: node) {
            resource = registry.resources[number]
        } else {
            registry.index(node, in: file, within: resource)
            if let number = file.resource(at: node) { resource = registry.resources[number] }
        }
        if node.kind != .object && node.bool == nil {
            report("a schema must be an object or a boolean", at: node, in: parent)
        }
        return schema(at: SchemaPlace(resource: resource, node: node))
    }

    func report(
        _ message: String, at node: Node, in schema: Subschema, suggestion: String? = nil
    ) {
        let file = schema.resource.file
        let problem = SchemaProblem(
            documentURI: file.uri, pointer: file.pointer(to: node), message: message,
            suggestion: suggestion)
        if !schema.problems.contains(problem) { schema.problems.append(problem) }
        registry.report(problem)
    }

    func pattern(_ node: Node, text: Node, in schema: Subschema) -> Pattern? {
        let source = text.string
        if let known = patterns[TextKey(text)] { return known }
        do throws(PatternError) {
            let pattern = try Pattern(source)
            patterns[TextKey(text)] = pattern
            return pattern
        } catch {
            report("the pattern \(source) can not be used: \(error.message)", at: node, in: schema)
            return nil
        }
    }

    // MARK: One schema

    private func read(_ schema: Subschema) {
        guard schema.always == nil, schema.node.kind == .object else { return }
        let rules = schema.resource.rules
        if rules.isReferenceAlone, let reference = schema.node.member("$ref"), reference.isString {
            if let content = content(ofReference: reference, schema) {
                schema.rules = [Rule(name: .ref, value: reference, content: content)]
            }
            return
        }
        var read: [Rule] = []
        read.reserveCapacity(schema.node.count)
        for member in schema.node.members {
            guard let name = KeywordName.named(member.name), rules.has(name) else {
                unknown(member, schema)
                continue
            }
            if let content = content(name, member.value, schema) {
                read.append(Rule(name: name, value: member.value, content: content))
                if name == .dependencies, let names = dependentNames(member.value, schema) {
                    read.append(Rule(name: name, value: member.value, content: names))
                }
            }
        }
        schema.rules = read
        checkSlips(schema)
    }

    /// A keyword that has no meaning here, for people to know of.
    private func unknown(_ member: Member, _ schema: Subschema) {
        let rules = schema.resource.rules
        let text = member.name.string
        // Names that start so are for annotations by convention.
        guard registry.options.checksSchemas, !text.hasPrefix("x-") else { return }
        let quoted = JSONText.quoted(text)
        var message = "the keyword \(quoted) is not known here, and has no effect"
        var suggestion: String?
        if let keyword = KeywordName.named(member.name) {
            // Left out by a dialect's vocabularies, or without any effect in every draft.
            guard !keyword.drafts.contains(rules.drafts), keyword.asserts else { return }
            message = "the keyword \(quoted) has no effect in \(rules.dialect.title)"
            if keyword == .idOfDraft4 { suggestion = KeywordName.id.rawValue }
        } else {
            guard !rules.hasUnknownVocabularies else { return }
            let names = KeywordName.allCases.lazy.filter { rules.has($0) }.map(\.rawValue)
            suggestion = NearestName.find(text, in: names)
        }
        if registry.options.refusesUnknownKeywords {
            report(message, at: member.value, in: schema, suggestion: suggestion)
        } else {
            registry.warn(
                message, about: text, at: member.value, in: schema.resource.file,
                suggestion: suggestion,
                isHarmless: suggestion.flatMap(KeywordName.init(rawValue:))?.asserts == false)
        }
    }

    func content(ofReference node: Node, _ schema: Subschema) -> RuleContent? {
        var failure = ""
        guard let place = registry.resolve(node.string, from: schema.resource, &failure) else {
            report(failure, at: node, in: schema)
            return nil
        }
        return .reference(self.schema(at: place))
    }

    /// A dynamic reference is an ordinary one unless it first leads to a dynamic anchor.
    func content(ofDynamic node: Node, _ schema: Subschema) -> RuleContent? {
        var failure = ""
        let reference = node.string
        guard let place = registry.resolve(reference, from: schema.resource, &failure) else {
            report(failure, at: node, in: schema)
            return nil
        }
        let target = self.schema(at: place)
        let fragment = URIReference(reference).fragment ?? ""
        guard !fragment.isEmpty, fragment.utf8.first != 0x2F,
            let anchored = place.resource.dynamicAnchors[fragment],
            anchored.isSame(as: place.node)
        else { return .reference(target) }
        return .dynamicReference(target, anchor: fragment)
    }

    func content(ofRecursive node: Node, _ schema: Subschema) -> RuleContent? {
        let resource = schema.resource
        let target = self.schema(at: SchemaPlace(resource: resource, node: resource.root))
        guard resource.dynamicAnchors[SchemaResource.recursiveAnchor] != nil else {
            return .reference(target)
        }
        return .dynamicReference(target, anchor: SchemaResource.recursiveAnchor)
    }

    // MARK: Dynamic references

    /// Marks every schema from which a dynamic reference can be met.
    private func findDynamic(_ schemas: [Subschema]) {
        var users: [ObjectIdentifier: [Subschema]] = [:]
        var found: [Subschema] = []
        for schema in schemas {
            for rule in schema.rules {
                if case .dynamicReference = rule.content { found.append(schema) }
                for target in rule.schemas {
                    if target.reachesDynamic { found.append(schema) }
                }
            }
        }
        guard !found.isEmpty else { return }
        for schema in schemas {
            for rule in schema.rules {
                for target in rule.schemas {
                    users[ObjectIdentifier(target), default: []].append(schema)
                }
            }
        }
        while let schema = found.popLast() {
            guard !schema.reachesDynamic else { continue }
            schema.reachesDynamic = true
            found += users[ObjectIdentifier(schema)] ?? []
        }
    }
}
