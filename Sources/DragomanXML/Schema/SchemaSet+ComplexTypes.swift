// SPDX-License-Identifier: Apache-2.0
// xs:complexType: simple and complex content, restriction and extension (XSD 1.0 part 1, 3.4).
// Types are made empty and filled from a queue, so that references may go round in circles.

extension SchemaSet {
    func queue(_ type: ComplexType, _ element: XMLElement, in context: SchemaContext) {
        complexTypes.append(type)
        pending[ObjectIdentifier(type)] = PendingType(element: element, context: context)
        pendingOrder.append(type)
    }

    /// Fills what has been queued, and what that queues.
    func fillPending() {
        var next = 0
        while next < pendingOrder.count {
            ensureFilled(pendingOrder[next])
            next += 1
        }
        pendingOrder.removeAll()
    }

    func ensureFilled(_ type: ComplexType) {
        guard let waiting = pending.removeValue(forKey: ObjectIdentifier(type)) else { return }
        fill(type, waiting.element, in: waiting.context)
    }

    struct PendingType {
        let element: XMLElement
        let context: SchemaContext
    }

    func anonymousComplexType(_ element: XMLElement, in context: SchemaContext) -> ComplexType {
        let type = ComplexType(name: nil, place: context.place(element))
        // A type inside a redefinition is not the type that is redefined.
        queue(type, element, in: context)
        return type
    }

    private func fill(_ type: ComplexType, _ element: XMLElement, in context: SchemaContext) {
        type.documentation = element.schemaDocumentation
        type.isAbstract = element.isTrue("abstract")
        type.isMixed = element.isTrue("mixed")
        type.blocked = blocked(element, in: context).derivations
        type.base = .complex(anyType)
        for child in element.elements {
            switch child.name.local {
            case "simpleContent": return fillSimpleContent(type, child, in: context)
            case "complexContent":
                if child.attribute("mixed") != nil { type.isMixed = child.isTrue("mixed") }
                return fillComplexContent(type, child, in: context)
            default: continue
            }
        }
        let particle = contentParticle(element, in: context)
        type.content = .elements(particle)
        takeAttributes(of: element, for: type, in: context)
        if let name = type.name { fillKnownArray(type, name, particle) }
    }

    /// soapenc:Array as it is, and Apache's Map: arrays of `{key, value}`.
    private func fillKnownArray(_ type: ComplexType, _ name: XMLName, _ particle: Particle?) {
        if SchemaSet.isSOAPEncoding(name.namespace), name.local == "Array" {
            type.soapArray = SOAPArray(item: .complex(anyType), dimensions: [1], itemName: nil)
        } else if name == XMLName(BuiltInSchemas.apache, "Map"),
            let item = particle?.soleElement
        {
            type.soapArray = SOAPArray(
                item: item.type, dimensions: [1], itemName: item.name, isBare: true)
        }
    }

    private func derivation(
        _ content: XMLElement, in context: SchemaContext
    ) -> (element: XMLElement, kind: ComplexType.Derivation)? {
        for child in content.elements {
            if child.name.local == "restriction" { return (child, .restriction) }
            if child.name.local == "extension" { return (child, .extension) }
        }
        problems.error(
            context.place(content),
            "xs:\(content.name.local) needs a restriction or an extension")
        return nil
    }

    private func fillSimpleContent(
        _ type: ComplexType, _ content: XMLElement, in context: SchemaContext
    ) {
        type.content = .simple(simple(.anySimpleType))
        guard let (element, kind) = derivation(content, in: context) else { return }
        type.derivation = kind
        let base = baseType(element, in: context)
        type.base = base
        var baseValue = simple(.anySimpleType)
        switch base {
        case .simple(let simple): baseValue = simple
        case .complex(let complex):
            ensureFilled(complex)
            if case .simple(let simple) = complex.content {
                baseValue = simple
            } else if kind == .extension, complex !== anyType {
                problems.error(
                    context.place(element),
                    "simple content can not extend a type whose content is elements")
            }
        }
        if kind == .restriction {
            let inline = element.elements.first { $0.name.local == "simpleType" }
            let step = SimpleType(name: nil, place: context.place(element))
            let start = inline.map { anonymousSimpleType($0, in: context) } ?? baseValue
            fillRestriction(step, element, in: context, base: start)
            type.content = .simple(step)
        } else {
            type.content = .simple(baseValue)
        }
        takeAttributes(of: element, for: type, in: context)
    }

    private func fillComplexContent(
        _ type: ComplexType, _ content: XMLElement, in context: SchemaContext
    ) {
        guard let (element, kind) = derivation(content, in: context) else { return }
        type.derivation = kind
        // Contracts made by PHP extend soapenc:Array where others restrict it.
        if let base = element.token("base"),
            let name = element.resolve(base), SchemaSet.isSOAPEncoding(name.namespace),
            name.local == "Array"
        {
            type.base = .complex(anyType)
            type.derivation = .restriction
            return fillSOAPArray(type, element, in: context)
        }
        let base = baseType(element, in: context)
        type.base = base
        if case .simple = base {
            problems.error(
                context.place(element), "complex content can not derive from a simple type")
            type.base = .complex(anyType)
        }
        let particle = contentParticle(element, in: context)
        type.content = .elements(particle)
        // A derivation by attributes alone keeps the text or the array that its base has.
        if particle == nil, case .complex(let complex) = base {
            ensureFilled(complex)
            if case .simple = complex.content { type.content = complex.content }
            type.soapArray = complex.soapArray
        }
        takeAttributes(of: element, for: type, in: context)
    }

    private func baseType(
        _ element: XMLElement, in context: SchemaContext
    ) -> TypeDefinition {
        guard let base = element.token("base") else {
            problems.error(
                context.place(element), "xs:\(element.name.local) needs the attribute base")
            return .complex(anyType)
        }
        return typeReference(base, at: element, in: context)
    }

    private func takeAttributes(
        of element: XMLElement, for type: ComplexType, in context: SchemaContext
    ) {
        let group = attributes(of: element, in: context)
        type.attributes = group.uses
        type.prohibited = group.prohibited
        type.anyAttribute = group.wildcard
    }

    // MARK: SOAP encoding's arrays

    private func fillSOAPArray(
        _ type: ComplexType, _ element: XMLElement, in context: SchemaContext
    ) {
        _ = BuiltInSchemas.provide(XMLNamespace.soapEncoding, to: self)
        for attribute in element.elements where attribute.name.local == "attribute" {
            guard let written = attribute.attribute("arrayType", namespace: XMLNamespace.wsdl)
            else { continue }
            let (name, dimensions) = SchemaSet.arrayType(written)
            let item = typeReference(name, at: attribute, in: context)
            type.soapArray = SOAPArray(item: item, dimensions: dimensions, itemName: nil)
            return
        }
        if let array = soapArray12(element, in: context) {
            type.soapArray = array
            return
        }
        if let particle = contentParticle(element, in: context),
            let declaration = particle.soleElement
        {
            type.soapArray = SOAPArray(
                item: declaration.type, dimensions: [1], itemName: declaration.name)
            return
        }
        type.soapArray = SOAPArray(item: .complex(anyType), dimensions: [1], itemName: nil)
    }

    /// What `wsdl:itemType` and `wsdl:arraySize` on attributes of SOAP 1.2's encoding say.
    private func soapArray12(_ element: XMLElement, in context: SchemaContext) -> SOAPArray? {
        var item: TypeDefinition?
        var rank: Int?
        for attribute in element.elements where attribute.name.local == "attribute" {
            if let type = attribute.attribute("itemType", namespace: XMLNamespace.wsdl) {
                item = typeReference(XMLCharacters.trim(type), at: attribute, in: context)
            }
            if let size = attribute.attribute("arraySize", namespace: XMLNamespace.wsdl) {
                rank = max(1, XMLCharacters.tokens(size).count)
            }
        }
        guard item != nil || rank != nil else { return nil }
        return SOAPArray(
            item: item ?? .complex(anyType), dimensions: [rank ?? 1], itemName: nil)
    }

    /// `t:T[][,]` to `t:T` and the number of dimensions of each pair of brackets, the outermost
    /// array's, which are the last, first (SOAP 1.1, 5.4.2).
    static func arrayType(_ text: String) -> (name: String, dimensions: [Int]) {
        let text = XMLCharacters.trim(text)
        guard let open = text.firstIndex(of: "[") else { return (text, [1]) }
        var dimensions: [Int] = []
        for character in text[open...] {
            switch character {
            case "[": dimensions.append(1)
            case ",": if !dimensions.isEmpty { dimensions[dimensions.count - 1] += 1 }
            default: break
            }
        }
        return (String(text[..<open]), dimensions.reversed())
    }
}

extension Particle {
    /// The only element that stands in this particle; nil where there is more or something else.
    var soleElement: ElementDeclaration? {
        switch term {
        case .element(let declaration): declaration
        case .wildcard: nil
        case .group(_, let particles): particles.count == 1 ? particles[0].soleElement : nil
        }
    }
}

extension XMLElement {
    func isTrue(_ attribute: String) -> Bool {
        let value = token(attribute)
        return value == "true" || value == "1"
    }
}
