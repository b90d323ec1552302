// SPDX-License-Identifier: Apache-2.0
// Finds every schema of a document: where one stands, which resource it belongs to, and which
// names it has. What a keyword does not make a schema is left alone: an `$id` inside an `enum`
// names nothing.
internal import DragomanDocument

extension SchemaRegistry {
    /// A schema that is still to be looked at, and the resource around it.
    private struct Pending {
        let node: Node
        let resource: SchemaResource
    }

    /// Indexes a document's root.
    func index(_ root: Node, in file: SchemaFile, base: String, rules: DialectRules) {
        let uri = identifier(of: root, rules).map { resolved($0, base) } ?? base
        let resource = makeResource(uri, root, file, rules)
        var pending = [Pending(node: root, resource: resource)]
        drain(&pending, file)
    }

    /// Indexes a schema that no keyword led to.
    func index(_ node: Node, in file: SchemaFile, within resource: SchemaResource) {
        var pending = [Pending(node: node, resource: resource)]
        drain(&pending, file)
    }

    private func drain(_ pending: inout [Pending], _ file: SchemaFile) {
        while let next = pending.popLast() {
            guard next.node.kind == .object || next.node.bool != nil,
                file.resource(at: next.node) == nil
            else { continue }
            let resource = entered(next, file)
            file.setResource(resource.number, at: next.node)
            guard next.node.kind == .object else { continue }
            if resource.rules.isReferenceAlone, let ref = next.node.member("$ref"), ref.isString {
                // Nothing beside the reference counts, but schemas are kept there to refer to.
                for keyword in [KeywordName.definitions, .defs] {
                    guard let value = next.node.member(named: keyword.rawValue) else { continue }
                    push(.schemasByName, value, resource, &pending)
                }
                continue
            }
            look(at: next.node, resource, &pending)
        }
    }

    /// The resource that a schema belongs to: a new one where it has an identifier.
    private func entered(_ place: Pending, _ file: SchemaFile) -> SchemaResource {
        let outer = place.resource
        guard !place.node.isSame(as: outer.root) else { return outer }
        var rules = outer.rules
        if place.node.member("$schema") != nil {
            // A subschema of another dialect has its identifier by that dialect's keyword.
            rules = self.rules(of: place.node, in: file, inherited: rules) ?? rules
        }
        guard let id = identifier(of: place.node, rules) else { return outer }
        return makeResource(resolved(id, outer.uri), place.node, file, rules)
    }

    /// The identifier that makes the schema a resource of its own.
    private func identifier(of node: Node, _ rules: DialectRules) -> String? {
        let keyword: StaticString = rules.dialect == .draft4 ? "id" : "$id"
        guard let value = node.member(keyword), value.isString else { return nil }
        if rules.isReferenceAlone, let ref = node.member("$ref"), ref.isString { return nil }
        let id = value.string
        // Until draft 7 a fragment alone is an anchor.
        return id.utf8.first == 0x23 && id.utf8.count > 1 ? nil : id
    }

    private func resolved(_ id: String, _ base: String) -> String {
        URIReference(id).resolved(against: URIReference(base)).withoutFragment
    }

    private func look(at node: Node, _ resource: SchemaResource, _ pending: inout [Pending]) {
        let rules = resource.rules
        for member in node.members {
            guard let keyword = KeywordName.named(member.name) else { continue }
            let value = member.value
            switch keyword {
            case .anchor where rules.has(keyword): name(value, node, resource)
            case .dynamicAnchor where rules.has(keyword):
                name(value, node, resource, isDynamic: true)
            case .recursiveAnchor where rules.has(keyword) && value.bool == true:
                if node.isSame(as: resource.root) {
                    resource.dynamicAnchors[SchemaResource.recursiveAnchor] = node
                }
            case .id, .idOfDraft4:
                guard rules.has(keyword), rules.isReferenceAlone, value.isString,
                    let hash = value.string.firstIndex(of: "#")
                else { continue }
                let anchor = String(value.string[value.string.index(after: hash)...])
                if !anchor.isEmpty { resource.anchors[anchor] = node }
            default:
                // A keyword of another draft says nothing here; but `$defs` and `definitions`
                // are known everywhere, for schemas are kept there by habit.
                if keyword.drafts.contains(rules.drafts) || keyword == .defs {
                    push(keyword.shape(in: rules.drafts), value, resource, &pending)
                }
            }
        }
    }

    private func name(
        _ value: Node, _ node: Node, _ resource: SchemaResource, isDynamic: Bool = false
    ) {
        guard value.isString else { return }
        let anchor = value.string
        let known = resource.anchors[anchor] ?? resource.dynamicAnchors[anchor]
        if let known, !known.isSame(as: node) {
            report(
                "the anchor \(anchor) stands twice in \(resource.uri)", at: value, in: resource.file
            )
        }
        if isDynamic {
            resource.dynamicAnchors[anchor] = node
        } else {
            resource.anchors[anchor] = node
        }
    }

    private func push(
        _ shape: KeywordShape, _ value: Node, _ resource: SchemaResource,
        _ pending: inout [Pending]
    ) {
        func add(_ node: Node) { pending.append(Pending(node: node, resource: resource)) }
        switch (shape, value.kind) {
        case (.plain, _): return
        case (.schema, _): add(value)
        case (.schemas, .array), (.schemaOrSchemas, .array):
            for item in value.items { add(item) }
        case (.schemaOrSchemas, _): add(value)
        case (.schemasByName, .object), (.schemasOrNamesByName, .object):
            for member in value.members { add(member.value) }
        default: return
        }
    }
}
