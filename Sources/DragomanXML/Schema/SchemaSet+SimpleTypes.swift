// SPDX-License-Identifier: Apache-2.0
// xs:simpleType: restriction with its facets, list, union (XSD 1.0 part 2, 4.1 and 4.3).

extension SchemaSet {
    /// The type of a global `xs:simpleType` or `xs:complexType`.
    func typeComponent(_ entry: GlobalEntry) -> TypeDefinition {
        if let type = entry.type { return type }
        let context = SchemaContext(document: entry.document, entry: entry)
        let name = entry.name
        if entry.element.name.local == "simpleType" {
            let type = SimpleType(name: name, place: entry.place)
            entry.type = .simple(type)
            entry.isOpen = true
            fill(type, entry.element, in: context)
            entry.isOpen = false
            return .simple(type)
        }
        let type = ComplexType(name: name, place: entry.place)
        entry.type = .complex(type)
        queue(type, entry.element, in: context)
        return .complex(type)
    }

    /// An `xs:simpleType` inside of something.
    func anonymousSimpleType(_ element: XMLElement, in context: SchemaContext) -> SimpleType {
        let type = SimpleType(name: nil, place: context.place(element))
        fill(type, element, in: context)
        return type
    }

    private func fill(_ type: SimpleType, _ element: XMLElement, in context: SchemaContext) {
        type.documentation = element.schemaDocumentation
        type.base = simple(.anySimpleType)
        for child in element.elements {
            switch child.name.local {
            case "restriction": return fillRestriction(type, child, in: context)
            case "list":
                return fillList(type, child, in: context)
            case "union": return fillUnion(type, child, in: context)
            case "annotation": continue
            default:
                problems.error(
                    context.place(child), "xs:\(child.name.local) has no place in a simple type")
            }
        }
        problems.error(
            context.place(element), "a simple type needs a restriction, a list or a union")
    }

    private func fillList(
        _ type: SimpleType, _ element: XMLElement, in context: SchemaContext
    ) {
        var item = itemType(element, "itemType", in: context)
        if item.isMadeOf(type) {
            problems.error(context.place(element), code: "reference", "a list holds itself")
            item = simple(.anySimpleType)
        } else if case .list = item.variety {
            problems.error(context.place(element), "the item of a list is itself a list")
        }
        type.variety = .list(item)
    }

    private func itemType(
        _ element: XMLElement, _ attribute: String, in context: SchemaContext
    ) -> SimpleType {
        if let reference = element.token(attribute) {
            return simpleReference(reference, at: element, in: context)
        }
        if let inline = element.elements.first(where: { $0.name.local == "simpleType" }) {
            return anonymousSimpleType(inline, in: context)
        }
        problems.error(
            context.place(element),
            "xs:\(element.name.local) needs the attribute \(attribute) or an xs:simpleType")
        return simple(.anySimpleType)
    }

    private func fillUnion(
        _ type: SimpleType, _ element: XMLElement, in context: SchemaContext
    ) {
        var members: [SimpleType] = []
        for reference in XMLCharacters.tokens(element.attribute("memberTypes") ?? "") {
            members.append(simpleReference(reference, at: element, in: context))
        }
        for inline in element.elements where inline.name.local == "simpleType" {
            members.append(anonymousSimpleType(inline, in: context))
        }
        if members.contains(where: { $0.isMadeOf(type) }) {
            problems.error(context.place(element), code: "reference", "a union holds itself")
            members.removeAll { $0.isMadeOf(type) }
        }
        if members.isEmpty { problems.error(context.place(element), "a union needs a member") }
        type.variety = .union(members)
    }

    func fillRestriction(
        _ type: SimpleType, _ element: XMLElement, in context: SchemaContext,
        base given: SimpleType? = nil
    ) {
        let base = given ?? itemType(element, "base", in: context)
        if base.isMadeOf(type) {
            return problems.error(
                context.place(element), code: "reference", "a type restricts itself")
        }
        type.base = base
        type.variety = base.variety
        type.builtIn = base.builtIn
        for child in element.elements { read(child, of: type, in: context) }
        check(type, element, in: context)
    }

    private func read(_ facet: XMLElement, of type: SimpleType, in context: SchemaContext) {
        let value = facet.attribute("value")
        func count() -> Int? {
            guard let value, let number = Int(XMLCharacters.trim(value)), number >= 0 else {
                problems.error(
                    context.place(facet),
                    "xs:\(facet.name.local) needs a whole number, not \"\(value ?? "")\"")
                return nil
            }
            return number
        }
        switch facet.name.local {
        case "enumeration":
            // In place: lists of postal codes and products have 50,000 values and more.
            if type.facets.enumeration == nil { type.facets.enumeration = [] }
            type.facets.enumeration?.append(value ?? "")
            type.facets.enumerationSource.append(facet)
        case "pattern": type.facets.patterns.append(value ?? "")
        case "length": type.facets.length = count()
        case "minLength": type.facets.minLength = count()
        case "maxLength": type.facets.maxLength = count()
        case "totalDigits": type.facets.totalDigits = count()
        case "fractionDigits": type.facets.fractionDigits = count()
        case "minInclusive": type.facets.minInclusive = value.map(XMLCharacters.trim)
        case "maxInclusive": type.facets.maxInclusive = value.map(XMLCharacters.trim)
        case "minExclusive": type.facets.minExclusive = value.map(XMLCharacters.trim)
        case "maxExclusive": type.facets.maxExclusive = value.map(XMLCharacters.trim)
        case "whiteSpace":
            switch value.map(XMLCharacters.trim) {
            case "preserve": type.facets.whiteSpace = .preserve
            case "replace": type.facets.whiteSpace = .replace
            case "collapse": type.facets.whiteSpace = .collapse
            default:
                problems.error(
                    context.place(facet), "xs:whiteSpace is preserve, replace or collapse")
            }
        case "annotation", "simpleType", "attribute", "attributeGroup", "anyAttribute": break
        case "assertion", "explicitTimezone", "assert":
            problems.warning(
                context.place(facet), code: "unsupported",
                "xs:\(facet.name.local) is XSD 1.1 and is not checked")
        default:
            problems.error(context.place(facet), "xs:\(facet.name.local) is no facet")
        }
    }

    /// What a restriction says against itself or its base (XSD 1.0 part 2, 4.3).
    private func check(_ type: SimpleType, _ element: XMLElement, in context: SchemaContext) {
        let facets = type.facets
        let place = context.place(element)
        if let least = facets.minLength, let most = facets.maxLength, least > most {
            problems.error(place, "minLength \(least) is greater than maxLength \(most)")
        }
        if facets.length != nil, facets.minLength != nil || facets.maxLength != nil {
            problems.warning(place, "length stands beside minLength or maxLength")
        }
        if facets.minInclusive != nil, facets.minExclusive != nil {
            problems.error(place, "minInclusive and minExclusive stand together")
        }
        if facets.maxInclusive != nil, facets.maxExclusive != nil {
            problems.error(place, "maxInclusive and maxExclusive stand together")
        }
        if let digits = facets.totalDigits, let fraction = facets.fractionDigits,
            fraction > digits
        {
            problems.error(place, "fractionDigits \(fraction) is more than totalDigits \(digits)")
        }
    }
}

extension XMLElement {
    /// The text of `xs:annotation/xs:documentation`; nil for none.
    var schemaDocumentation: String? {
        var texts: [String] = []
        for annotation in elements where annotation.name.local == "annotation" {
            for child in annotation.elements where child.name.local == "documentation" {
                let text = XMLCharacters.tokens(child.deepText).joined(separator: " ")
                if !text.isEmpty { texts.append(text) }
            }
        }
        return texts.isEmpty ? nil : texts.joined(separator: " ")
    }
}

extension SimpleType {
    /// Whether `other` is this type, or is met on the way through bases, members and items.
    func isMadeOf(_ other: SimpleType) -> Bool {
        var seen: Set<ObjectIdentifier> = []
        var waiting = [self]
        while let type = waiting.popLast() {
            if type === other { return true }
            guard seen.insert(ObjectIdentifier(type)).inserted else { continue }
            if let base = type.base { waiting.append(base) }
            switch type.variety {
            case .atomic: continue
            case .list(let item): waiting.append(item)
            case .union(let members): waiting += members
            }
        }
        return false
    }
}
