// SPDX-License-Identifier: Apache-2.0
// Attributes, attribute groups and attribute wildcards (XSD 1.0 part 1, 3.2, 3.5, 3.6).

extension SchemaSet {
    /// The attributes that an element's children say.
    func attributes(of element: XMLElement, in context: SchemaContext) -> AttributeGroup {
        var group = AttributeGroup()
        var wildcards: [Wildcard] = []
        for child in element.elements {
            switch child.name.local {
            case "attribute": add(child, to: &group, in: context)
            case "attributeGroup":
                guard let other = attributeGroupReference(child, in: context) else { continue }
                for use in other.uses where !group.has(use.declaration.name) {
                    group.uses.append(use)
                }
                group.prohibited.formUnion(other.prohibited)
                if let wildcard = other.wildcard { wildcards.append(wildcard) }
            case "anyAttribute": wildcards.insert(wildcard(child, in: context), at: 0)
            default: continue
            }
        }
        if var first = wildcards.first {
            for other in wildcards.dropFirst() {
                first.namespaces = first.namespaces.intersection(other.namespaces)
            }
            group.wildcard = first
        }
        return group
    }

    private func add(
        _ element: XMLElement, to group: inout AttributeGroup, in context: SchemaContext
    ) {
        guard let declaration = attribute(element, in: context) else { return }
        let name = declaration.name
        if element.token("use") == "prohibited" {
            group.prohibited.insert(name)
            return
        }
        if group.has(name) {
            return problems.error(
                context.place(element), code: "name", "the attribute \"\(name)\" is there twice")
        }
        let fixed = element.attribute("fixed") ?? declaration.fixedValue
        group.uses.append(
            AttributeUse(
                declaration: declaration, isRequired: element.token("use") == "required",
                defaultValue: fixed == nil
                    ? element.attribute("default") ?? declaration.defaultValue : nil,
                fixedValue: fixed, documentation: element.schemaDocumentation,
                place: context.place(element)))
    }

    private func attribute(
        _ element: XMLElement, in context: SchemaContext
    ) -> AttributeDeclaration? {
        let place = context.place(element)
        if let reference = element.token("ref") {
            guard let name = resolve(reference, at: element, in: context) else { return nil }
            if attributes[name] == nil { provide(name.namespace) }
            if let entry = attributes[name] { return attributeComponent(entry) }
            missing("attribute", name, Array(attributes.keys), place)
            return nil
        }
        guard let local = element.token("name"), XMLCharacters.isNCName(local) else {
            problems.error(place, "xs:attribute needs a name or a ref")
            return nil
        }
        let isQualified =
            element.token("form").map { $0 == "qualified" }
            ?? context.document.qualifiesAttributes
        let name = XMLName(isQualified ? context.document.targetNamespace : "", local)
        return AttributeDeclaration(
            name: name, place: place, type: attributeType(element, in: context))
    }

    private func attributeType(
        _ element: XMLElement, in context: SchemaContext
    ) -> SimpleType {
        if let reference = element.token("type") {
            return simpleReference(reference, at: element, in: context)
        }
        if let inline = element.elements.first(where: { $0.name.local == "simpleType" }) {
            return anonymousSimpleType(inline, in: context)
        }
        return simple(.anySimpleType)
    }

    /// The declaration of a global `xs:attribute`.
    func attributeComponent(_ entry: GlobalEntry) -> AttributeDeclaration {
        if let declaration = entry.attributeDeclaration { return declaration }
        let context = SchemaContext(document: entry.document, entry: nil)
        let declaration = AttributeDeclaration(
            name: entry.name, place: entry.place,
            type: attributeType(entry.element, in: context))
        declaration.defaultValue = entry.element.attribute("default")
        declaration.fixedValue = entry.element.attribute("fixed")
        entry.attributeDeclaration = declaration
        return declaration
    }

    private func attributeGroupReference(
        _ element: XMLElement, in context: SchemaContext
    ) -> AttributeGroup? {
        let place = context.place(element)
        guard let reference = element.token("ref") else {
            problems.error(place, "xs:attributeGroup needs the attribute ref here")
            return nil
        }
        guard let name = resolve(reference, at: element, in: context) else { return nil }
        if entry(name, in: attributeGroups, of: context) == nil {
            provide(name.namespace)
        }
        guard let entry = entry(name, in: attributeGroups, of: context) else {
            missing("attribute group", name, Array(attributeGroups.keys), place)
            return nil
        }
        if entry.isOpen {
            problems.error(
                place, code: "reference", "the attribute group \"\(name)\" holds itself")
            return nil
        }
        return attributeGroupComponent(entry)
    }

    /// What a global `xs:attributeGroup` holds.
    func attributeGroupComponent(_ entry: GlobalEntry) -> AttributeGroup {
        if let group = entry.attributeGroup { return group }
        guard !entry.isOpen else { return AttributeGroup() }
        entry.isOpen = true
        defer { entry.isOpen = false }
        let context = SchemaContext(document: entry.document, entry: entry)
        let group = attributes(of: entry.element, in: context)
        entry.attributeGroup = group
        return group
    }
}

extension AttributeGroup {
    func has(_ name: XMLName) -> Bool { uses.contains { $0.declaration.name == name } }
}
