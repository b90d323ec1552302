// SPDX-License-Identifier: Apache-2.0
// Elements, default and fixed values, substitution groups, wildcards and derived types: whatever
// stands in for something else is compiled beside it.

internal import DragomanDocument

extension PlanCompiler {
    /// The index of an element's plan.
    /// `path`: how `types:` names the element's type if that is anonymous.
    /// `numbers`: how they stand in JSON (`as: { Zip: string }`); nil: as the service says.
    func elementIndex(
        _ declaration: ElementDeclaration, path: String, numbers: NamingOptions.NumberForm? = nil
    ) -> Int32 {
        let key = ElementKey(identity: ObjectIdentifier(declaration), numbers: numbers)
        if let index = elementIndexes[key] { return index }
        let name = nameIndex(declaration.name)
        let index = Int32(draft.elements.count)
        elementIndexes[key] = index
        let qualified = qualified(declaration.name)
        draft.elements.append(
            ElementEntry(
                name: name, type: -1, open: draft.pool.text("<\(qualified)"),
                close: draft.pool.text("</\(qualified)>"),
                namespace: draft.names[Int(name)].namespace,
                isNillable: declaration.isNillable, isAbstract: declaration.isAbstract))
        if let text = declaration.documentation {
            draft.descriptions.elementDocumentation[index] = text
        }
        let type = typeIndex(
            declaration.type, path: path, numbers: numbers,
            blocked: barring(declaration.blocked, declaration.type))
        draft.elements[Int(index)].type = type
        if let value = declaration.fixedValue ?? declaration.defaultValue {
            constrain(declaration, value, index)
        }
        let members = declaration.substitutes.filter { !$0.isAbstract }
        if !members.isEmpty {
            let (first, count) = alternatives(members)
            draft.elements[Int(index)].firstSubstitute = first
            draft.elements[Int(index)].substituteCount = count
        }
        return index
    }

    /// Elements that may stand at one place, each with the name that tells it apart.
    private func alternatives(_ declarations: [ElementDeclaration]) -> (Int32, Int32) {
        let names = alternativeNames(declarations.map(\.name))
        let targets = declarations.map { elementIndex($0, path: $0.name.local) }
        let first = Int32(draft.substitutes.count)
        for (position, declaration) in declarations.enumerated() {
            draft.substitutes.append(
                Alternative(
                    name: nameIndex(declaration.name), json: draft.pool.text(names[position]),
                    target: targets[position]))
        }
        return (first, Int32(declarations.count))
    }

    /// A default or fixed value that the type itself refuses is not filled in.
    private func constrain(
        _ declaration: ElementDeclaration, _ value: String, _ index: Int32
    ) {
        let simple: SimpleType?
        switch declaration.type {
        case .simple(let type): simple = type
        case .complex(let type):
            if case .simple(let inner) = type.content { simple = inner } else { simple = nil }
        }
        if let simple, !accepts(simple, value, declaration.source) {
            problems.warning(
                declaration.place, code: "default",
                "the value \"\(value)\" is none of the element's type, and is not filled in")
            return
        }
        if simple == nil, case .complex(let type) = declaration.type, !type.isEffectivelyMixed {
            problems.warning(
                declaration.place, code: "default",
                "a default needs text, which the element's type does not have; it is not filled in")
            return
        }
        draft.elements[Int(index)].constraint = constant(value)
        draft.elements[Int(index)].isFixed = declaration.fixedValue != nil
    }

    func constant(_ text: String) -> Int32 {
        draft.constants.append(draft.pool.text(text))
        return Int32(draft.constants.count - 1)
    }

    // MARK: Wildcards

    func wildcardIndex(_ wildcard: Wildcard) -> Int32 { wildcardIndex([wildcard]) }

    /// `parts`: not alike, in the order of the content model. An element is of the first that
    /// admits its namespace.
    func wildcardIndex(_ parts: [Wildcard]) -> Int32 {
        if let known = wildcardIndexes.first(where: { $0.key == parts }) { return known.index }
        let indexes = parts.count > 1 ? parts.map { wildcardIndex($0) } : []
        let index = Int32(draft.wildcards.count)
        wildcardIndexes.append((parts, index))
        let isStrict = parts.allSatisfy { $0.process == .strict }
        let process = parts.count == 1 ? parts[0].process : isStrict ? .strict : .lax
        var plan = WildcardPlan(process: process, firstCandidate: 0, candidateCount: 0)
        plan.firstPart = Int32(draft.children.count)
        plan.partCount = Int32(indexes.count)
        draft.children += indexes
        draft.wildcards.append(plan)
        draft.wildcardConstraints.append(
            parts.dropFirst().reduce(parts[0].namespaces) { $0.union($1.namespaces) })
        let candidates = schemas.globalElements
            .filter { name in
                let part = parts.first { $0.namespaces.allows(name.namespace) }
                return part.map { $0.process != .skip } ?? false
            }
            .compactMap { schemas.element($0) }
            .filter { !$0.isAbstract && !BuiltInSchemas.isBuiltIn($0.place) }
        let (first, count) = alternatives(candidates)
        draft.wildcards[Int(index)].firstCandidate = first
        draft.wildcards[Int(index)].candidateCount = count
        return index
    }

    // MARK: Types

    /// The index of a type's plan.
    /// `blocked`: ways of derivation by which nothing may stand in at this element.
    func typeIndex(
        _ definition: TypeDefinition, path: String, numbers: NamingOptions.NumberForm? = nil,
        blocked: Set<ComplexType.Derivation> = []
    ) -> Int32 {
        let key = TypeKey(identity: definition.identity, numbers: numbers, blocked: blocked)
        if let index = typeIndexes[key] { return index }
        let index = Int32(draft.types.count)
        typeIndexes[key] = index
        draft.types.append(TypePlan(kind: .any))
        draft.descriptions.typeNames.append(typeNames[definition.identity])
        draft.descriptions.typeDocumentation.append(nil)
        switch definition {
        case .simple(let type):
            draft.descriptions.typeDocumentation[Int(index)] = type.documentation
            fillSimple(type, at: index, numbers: numbers)
        case .complex(let type):
            draft.descriptions.typeDocumentation[Int(index)] = type.documentation
            if let name = type.name { draft.types[Int(index)].name = nameIndex(name) }
            if type.isAnyType {
                fillAny(at: index)
            } else if type.isXML {
                draft.types[Int(index)].kind = .xml
            } else {
                let path = typeNames[definition.identity] ?? path
                draft.descriptions.typePaths[index] = path.split(separator: "/")
                    .joined(separator: ".")
                waiting.append(
                    WaitingType(index: index, type: type, path: path, blocked: blocked))
            }
        }
        return index
    }

    private func fillSimple(_ type: SimpleType, at index: Int32, numbers: NamingOptions.NumberForm?)
    {
        if type.isBuiltIn, type.builtIn == .anySimpleType, case .atomic = type.variety {
            draft.types[Int(index)].isSimpleOnly = true
            draft.types[Int(index)].simple = simpleIndex(type)
            return fillAny(at: index)
        }
        draft.types[Int(index)].kind = .simple
        draft.types[Int(index)].simple = simpleIndex(type, numbers: numbers)
        if let name = type.name { draft.types[Int(index)].name = nameIndex(name) }
        linkDerived(.simple(type), at: index)
    }

    /// anyType: text, what an instance names by xsi:type, or any XML.
    private func fillAny(at index: Int32) {
        draft.types[Int(index)].kind = .any
        let text = simpleIndex(schemas.simple(.string))
        draft.types[Int(index)].simple = text
        if draft.builtInTypes.isEmpty {
            for (name, type) in schemas.builtInTypes where name != "anySimpleType" {
                draft.builtInTypes[name] = typeIndex(.simple(type), path: name)
            }
        }
        guard !draft.types[Int(index)].isSimpleOnly else { return }
        let all = schemas.globalTypes.compactMap { name -> (XMLName, TypeDefinition)? in
            guard let type = schemas.type(name) else { return nil }
            if case .complex(let complex) = type, complex.isAbstract { return nil }
            return (name, type)
        }
        link(all, at: index)
    }

    private func link(_ candidates: [(XMLName, TypeDefinition)], at index: Int32) {
        let names = alternativeNames(candidates.map(\.0))
        let targets = candidates.map { typeIndex($0.1, path: $0.0.local) }
        draft.types[Int(index)].firstDerived = Int32(draft.derived.count)
        draft.types[Int(index)].derivedCount = Int32(candidates.count)
        for (position, candidate) in candidates.enumerated() {
            draft.derived.append(
                Alternative(
                    name: nameIndex(candidate.0), json: draft.pool.text(names[position]),
                    target: targets[position]))
        }
    }

    /// The contract's types that derive from this one and may be instances.
    func linkDerived(
        _ definition: TypeDefinition, at index: Int32, blocked: Set<ComplexType.Derivation> = []
    ) {
        var blocked = blocked
        if case .complex(let type) = definition { blocked.formUnion(type.blocked) }
        let all = derivedTypes[definition.identity] ?? []
        let candidates = all.compactMap { type -> (XMLName, TypeDefinition)? in
            guard let name = type.name, !type.isAbstract,
                !TypeDefinition.complex(type).derives(from: definition, byAnyOf: blocked)
            else { return nil }
            return (name, .complex(type))
        }
        if !candidates.isEmpty { link(candidates, at: index) }
    }

    /// What an element blocks, where that bars a type which could stand in otherwise.
    private func barring(
        _ blocked: Set<ComplexType.Derivation>, _ definition: TypeDefinition
    ) -> Set<ComplexType.Derivation> {
        guard !blocked.isEmpty, case .complex(let type) = definition, !type.isAnyType else {
            return []
        }
        let bars = (derivedTypes[definition.identity] ?? []).contains {
            TypeDefinition.complex($0).derives(from: definition, byAnyOf: blocked)
        }
        return bars ? blocked : []
    }

    func makeDerivedTypes() -> [ObjectIdentifier: [ComplexType]] {
        var derived: [ObjectIdentifier: [ComplexType]] = [:]
        for name in schemas.globalTypes {
            guard case .complex(let type)? = schemas.type(name) else { continue }
            var base = type.base
            var steps = 0
            while let current = base, steps < 1000 {
                steps += 1
                derived[current.identity, default: []].append(type)
                switch current {
                case .complex(let complex): base = complex.isAnyType ? nil : complex.base
                case .simple(let simple): base = simple.base.map { .simple($0) }
                }
            }
        }
        return derived
    }
}

extension BuiltInSchemas {
    static func isBuiltIn(_ place: ContractPlace) -> Bool { place.file.hasPrefix("built-in:") }
}
