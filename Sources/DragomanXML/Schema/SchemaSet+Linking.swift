// SPDX-License-Identifier: Apache-2.0
// What can only be said when everything is there: substitution groups, circles of derivation, and
// what a type holds with its bases.

extension SchemaSet {
    /// Links substitution groups and gives untyped members their head's type.
    func linkSubstitutions() {
        for (declaration, headName, place) in substituting {
            if elements[headName] == nil {
                missing("element", headName, Array(elements.keys), place)
                continue
            }
            declaration.head = element(headName)
        }
        fillPending()
        for (declaration, _, place) in substituting {
            var seen: [ElementDeclaration] = [declaration]
            var head = declaration.head
            while let current = head {
                if seen.contains(where: { $0 === current }) {
                    problems.error(place, code: "reference", "substitution groups go in a circle")
                    break
                }
                seen.append(current)
                var blocked = current.blocked
                if case .complex(let type) = current.type { blocked.formUnion(type.blocked) }
                if !current.blocksSubstitution,
                    !declaration.type.derives(from: current.type, byAnyOf: blocked),
                    !current.substitutes.contains(where: { $0 === declaration })
                {
                    current.substitutes.append(declaration)
                }
                head = current.head
            }
        }
        for declaration in untyped {
            var head = declaration.head
            var steps = 0
            while let current = head, steps < 100 {
                declaration.type = current.type
                guard untyped.contains(where: { $0 === current }) else { break }
                head = current.head
                steps += 1
            }
        }
    }

    /// Breaks circles of complex types that derive from themselves.
    func reportCircles() {
        fillPending()
        for type in complexTypes {
            var steps = 0
            var current = type
            while case .complex(let base)? = current.base, base !== anyType {
                steps += 1
                if base === type || steps > 1000 {
                    if base === type {
                        problems.error(
                            type.place, code: "reference", "a type derives from itself")
                    }
                    type.base = .complex(anyType)
                    break
                }
                current = base
            }
        }
    }
}

extension ComplexType {
    /// Elements of the type with those of its bases, the base first; nil for none.
    package var effectiveParticle: Particle? {
        guard case .elements(let own) = content else { return nil }
        if extendsAnyType {
            let any = Particle(
                occurrence: Occurrence(min: 0, max: nil),
                term: .wildcard(Wildcard(namespaces: .any, process: .lax)), place: place)
            guard let own else { return any }
            return Particle(
                occurrence: .once, term: .group(.sequence, [any, own]), place: own.place)
        }
        guard derivation == .extension, case .complex(let base)? = base, !base.isAnyType,
            let inherited = base.effectiveParticle
        else { return own }
        guard let own else { return inherited }
        return Particle(
            occurrence: .once, term: .group(.sequence, [inherited, own]), place: own.place)
    }

    /// Contracts that forget `mixed` here mean nothing but their own content.
    private var extendsAnyType: Bool {
        guard derivation == .extension, isMixed, case .complex(let base)? = base else {
            return false
        }
        return base.isAnyType
    }

    /// Text may stand between the elements.
    package var isEffectivelyMixed: Bool {
        if isMixed || isAnyType { return true }
        guard derivation == .extension, case .elements(nil) = content,
            case .complex(let base)? = base, !base.isAnyType
        else { return false }
        return base.isEffectivelyMixed
    }

    /// Attributes of the type with those of its bases, the base's first.
    package var effectiveAttributes: [AttributeUse] {
        guard case .complex(let base)? = base, !base.isAnyType else { return attributes }
        var all = base.effectiveAttributes.filter { !prohibited.contains($0.declaration.name) }
        for use in attributes {
            let name = use.declaration.name
            if let index = all.firstIndex(where: { $0.declaration.name == name }) {
                all[index] = use
            } else {
                all.append(use)
            }
        }
        return all
    }

    package var effectiveAnyAttribute: Wildcard? {
        if extendsAnyType { return Wildcard(namespaces: .any, process: .lax) }
        guard derivation == .extension, case .complex(let base)? = base, !base.isAnyType,
            let inherited = base.effectiveAnyAttribute
        else { return anyAttribute }
        guard var own = anyAttribute else { return inherited }
        own.namespaces = own.namespaces.union(inherited.namespaces)
        return own
    }

    /// Whether this type is `other` or derives from it, over any number of steps.
    package func derives(from other: TypeDefinition) -> Bool {
        var current: TypeDefinition? = .complex(self)
        while let step = current {
            if step.identity == other.identity { return true }
            switch step {
            case .complex(let type): current = type.base
            case .simple(let type):
                if case .simple(let wanted) = other { return type.derives(from: wanted) }
                return false
            }
        }
        return false
    }
}

extension TypeDefinition {
    /// Whether one of the steps from `ancestor` to this type is of a kind that is blocked.
    func derives(
        from ancestor: TypeDefinition, byAnyOf blocked: Set<ComplexType.Derivation>
    ) -> Bool {
        guard !blocked.isEmpty else { return false }
        var current = self
        var steps = 0
        while current.identity != ancestor.identity, steps < 1000 {
            steps += 1
            switch current {
            case .complex(let type):
                if blocked.contains(type.derivation) { return true }
                guard let base = type.base, !type.isAnyType else { return false }
                current = base
            case .simple(let type):
                if blocked.contains(.restriction) { return true }
                guard let base = type.base else { return false }
                current = .simple(base)
            }
        }
        return false
    }
}
