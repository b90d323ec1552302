// SPDX-License-Identifier: Apache-2.0
// Elements and the groups that they stand in (XSD 1.0 part 1, 3.3 and 3.7 to 3.10).

extension SchemaSet {
    /// The particle among an element's children; nil where the content is empty.
    func contentParticle(_ element: XMLElement, in context: SchemaContext) -> Particle? {
        var found: Particle?
        for child in element.elements {
            switch child.name.local {
            case "sequence", "choice", "all", "group":
                if found != nil {
                    problems.error(
                        context.place(child), "a type has one group at its top, not two")
                } else {
                    found = particle(child, in: context)
                }
            case "element", "any":
                problems.error(
                    context.place(child),
                    "xs:\(child.name.local) must stand in a sequence, choice or all")
            case "openContent", "assert":
                problems.warning(
                    context.place(child), code: "unsupported",
                    "xs:\(child.name.local) is XSD 1.1 and is not read")
            default: continue
            }
        }
        return found
    }

    /// One particle; nil where it may not occur at all or is no particle.
    private func particle(_ element: XMLElement, in context: SchemaContext) -> Particle? {
        guard let occurrence = occurrence(of: element, in: context) else { return nil }
        let place = context.place(element)
        switch element.name.local {
        case "element":
            guard let declaration = localElement(element, in: context) else { return nil }
            return Particle(occurrence: occurrence, term: .element(declaration), place: place)
        case "any":
            let wildcard = wildcard(element, in: context)
            return Particle(occurrence: occurrence, term: .wildcard(wildcard), place: place)
        case "group":
            return groupReference(element, occurrence, in: context)
        case "sequence", "choice", "all":
            let kind: Particle.GroupKind =
                switch element.name.local {
                case "choice": .choice
                case "all": .all
                default: .sequence
                }
            var particles: [Particle] = []
            for child in element.elements where child.name.local != "annotation" {
                if let particle = particle(child, in: context) { particles.append(particle) }
            }
            return Particle(
                occurrence: occurrence, term: .group(kind, particles), place: place)
        default:
            problems.error(place, "xs:\(element.name.local) has no place in a group")
            return nil
        }
    }

    private func occurrence(
        of element: XMLElement, in context: SchemaContext
    ) -> Occurrence? {
        func number(_ attribute: String) -> Int? {
            guard let text = element.token(attribute) else { return 1 }
            if text == "unbounded", attribute == "maxOccurs" { return nil }
            if let value = Int(text), value >= 0 { return min(value, Int(Int32.max)) }
            if !text.isEmpty, text.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) {
                return attribute == "maxOccurs" ? nil : Int(Int32.max)
            }
            problems.error(
                context.place(element), "\(attribute) must be a whole number, not \"\(text)\"")
            return 1
        }
        let least = number("minOccurs") ?? 1
        let most = number("maxOccurs")
        if most == 0 { return nil }
        if let most, least > most {
            problems.error(
                context.place(element), "minOccurs \(least) is greater than maxOccurs \(most)")
            return Occurrence(min: most, max: most)
        }
        return Occurrence(min: least, max: most)
    }

    private func groupReference(
        _ element: XMLElement, _ occurrence: Occurrence, in context: SchemaContext
    ) -> Particle? {
        let place = context.place(element)
        guard let reference = element.token("ref") else {
            problems.error(place, "xs:group needs the attribute ref here")
            return nil
        }
        guard let name = resolve(reference, at: element, in: context) else { return nil }
        if entry(name, in: groups, of: context) == nil { provide(name.namespace) }
        guard let entry = entry(name, in: groups, of: context) else {
            missing("group", name, Array(groups.keys), place)
            return nil
        }
        if entry.isOpen {
            problems.error(place, code: "reference", "the group \"\(name)\" holds itself")
            return nil
        }
        guard let group = groupComponent(entry) else { return nil }
        return Particle(
            occurrence: occurrence.times(group.occurrence), term: group.term, place: place)
    }

    /// The particle of a global `xs:group`.
    func groupComponent(_ entry: GlobalEntry) -> Particle? {
        if let group = entry.group { return group }
        guard !entry.isOpen else { return nil }
        entry.isOpen = true
        defer { entry.isOpen = false }
        let context = SchemaContext(document: entry.document, entry: entry)
        entry.group = contentParticle(entry.element, in: context)
        return entry.group
    }

    func wildcard(_ element: XMLElement, in context: SchemaContext) -> Wildcard {
        let process: Wildcard.Process =
            switch element.token("processContents") {
            case "lax": .lax
            case "skip": .skip
            default: .strict
            }
        let target = context.document.targetNamespace
        let namespaces: NamespaceConstraint
        switch element.token("namespace") ?? "##any" {
        case "##any": namespaces = .any
        case "##other": namespaces = .other(target)
        case let list:
            namespaces = .among(
                XMLCharacters.tokens(list).map { token in
                    switch token {
                    case "##targetNamespace": target
                    case "##local": ""
                    default: token
                    }
                })
        }
        return Wildcard(namespaces: namespaces, process: process)
    }

    // MARK: Elements

    /// The declaration of a global `xs:element`.
    func elementComponent(_ entry: GlobalEntry) -> ElementDeclaration {
        if let declaration = entry.elementDeclaration { return declaration }
        let context = SchemaContext(document: entry.document, entry: nil)
        let declaration = ElementDeclaration(
            name: entry.name, place: entry.place, isGlobal: true, type: .complex(anyType),
            source: entry.element)
        entry.elementDeclaration = declaration
        fill(declaration, entry.element, in: context)
        return declaration
    }

    /// An element inside a group: a reference to a global one, or a declaration of its own.
    private func localElement(
        _ element: XMLElement, in context: SchemaContext
    ) -> ElementDeclaration? {
        let place = context.place(element)
        if let reference = element.token("ref") {
            return elementReference(reference, at: element, in: context)
        }
        guard let local = element.token("name"), XMLCharacters.isNCName(local) else {
            problems.error(place, "xs:element needs a name or a ref")
            return nil
        }
        let isQualified =
            element.token("form").map { $0 == "qualified" } ?? context.document.qualifiesElements
        let name = XMLName(isQualified ? context.document.targetNamespace : "", local)
        let declaration = ElementDeclaration(
            name: name, place: place, isGlobal: false, type: .complex(anyType), source: element)
        fill(declaration, element, in: context)
        return declaration
    }

    func elementReference(
        _ reference: String, at element: XMLElement, in context: SchemaContext
    ) -> ElementDeclaration? {
        guard let name = resolve(reference, at: element, in: context) else { return nil }
        if elements[name] == nil { provide(name.namespace) }
        if let entry = elements[name] { return elementComponent(entry) }
        // `ref="xs:schema"`: the schema of schemas is not read; any XML may stand there.
        if SchemaSet.isSchemaNamespace(name.namespace) {
            return ElementDeclaration(
                name: name, place: context.place(element), isGlobal: true,
                type: .complex(xmlType), source: nil)
        }
        let place = context.place(element)
        if let entry = onlyEntry(name.local, in: elements) {
            warn("the element \"\(name)\" is not declared", reading: entry, place)
            return elementComponent(entry)
        }
        if !reportMissingFile(of: name.namespace) {
            missing("element", name, Array(elements.keys), place)
        }
        return nil
    }

    /// What `block`, or the schema's `blockDefault`, says.
    func blocked(
        _ element: XMLElement, in context: SchemaContext
    ) -> (derivations: Set<ComplexType.Derivation>, substitution: Bool) {
        let text = element.token("block") ?? context.document.blockDefault
        guard !text.isEmpty else { return ([], false) }
        let tokens = XMLCharacters.tokens(text)
        let isAll = tokens.contains("#all")
        var derivations: Set<ComplexType.Derivation> = []
        if isAll || tokens.contains("extension") { derivations.insert(.extension) }
        if isAll || tokens.contains("restriction") { derivations.insert(.restriction) }
        return (derivations, isAll || tokens.contains("substitution"))
    }

    private func fill(
        _ declaration: ElementDeclaration, _ element: XMLElement, in context: SchemaContext
    ) {
        declaration.documentation = element.schemaDocumentation
        declaration.isNillable = element.isTrue("nillable")
        declaration.isAbstract = element.isTrue("abstract")
        let blocked = self.blocked(element, in: context)
        declaration.blocked = blocked.derivations
        declaration.blocksSubstitution = blocked.substitution
        declaration.defaultValue = element.attribute("default")
        declaration.fixedValue = element.attribute("fixed")
        if declaration.defaultValue != nil, declaration.fixedValue != nil {
            problems.error(declaration.place, "default and fixed stand together")
        }
        if let head = element.token("substitutionGroup"),
            let name = resolve(head, at: element, in: context)
        {
            substituting.append((declaration, name, declaration.place))
        }
        let inline = element.elements.first {
            $0.name.local == "simpleType" || $0.name.local == "complexType"
        }
        if let reference = element.token("type") {
            declaration.type = typeReference(reference, at: element, in: context)
            if let name = element.resolve(reference), SchemaSet.isSOAPEncoding(name.namespace) {
                declaration.isNillable = true
            }
            if let inline {
                problems.error(
                    context.place(inline), "an element has a type twice: by name and inside")
            }
        } else if let inline {
            declaration.type =
                inline.name.local == "simpleType"
                ? .simple(anonymousSimpleType(inline, in: context))
                : .complex(anonymousComplexType(inline, in: context))
        } else if let head = substituting.last, head.0 === declaration {
            untyped.append(declaration)
        }
        if element.elements.contains(where: { $0.name.local == "alternative" }) {
            problems.warning(
                context.place(element), code: "unsupported",
                "xs:alternative is XSD 1.1 and is not read")
        }
    }
}
