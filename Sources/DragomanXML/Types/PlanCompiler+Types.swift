// SPDX-License-Identifier: Apache-2.0
// A complex type into its plan: which form its content takes, and its attributes by JSON name.

internal import DragomanDocument

extension PlanCompiler {
    func fill(_ waiting: WaitingType) {
        let type = waiting.type
        let index = Int(waiting.index)
        let options = TypeNaming(naming, path: waiting.path)
        if options.isGiven { usedTypeOptions.insert(waiting.path) }
        draft.types[index].isAbstract = type.isAbstract
        if let array = type.soapArray {
            fillArray(array, type, at: waiting.index, path: waiting.path)
        } else if case .simple(let simple) = type.content {
            fillValue(simple, type, at: waiting.index, options)
        } else {
            fillElements(type, at: waiting.index, options)
        }
        linkDerived(.complex(type), at: waiting.index, blocked: waiting.blocked)
        for (member, option) in options.unused() {
            reportNaming(
                NamingProblem(
                    type: waiting.path, option: option, member: member,
                    known: options.known.sorted(),
                    "the type `\(waiting.path)` has no member `\(member)`"))
        }
    }

    /// Reports an `as` of what is no number; that a text is one says nothing new.
    func checkNumber(_ member: String, of options: TypeNaming, _ type: TypeDefinition) {
        guard let form = options.numberForm(member) else { return }
        if case .simple(let simple) = type, Self.holdsNumbers(simple) { return }
        reportNaming(
            NamingProblem(
                type: options.path, option: .textual, member: member,
                isHarmless: form == .string,
                "`\(member)` of `\(options.path)` is no number, and only a number can be "
                    + "text or number"))
    }

    private static func holdsNumbers(_ type: SimpleType) -> Bool {
        switch type.variety {
        case .atomic: type.builtIn.isDecimal || type.builtIn.isFloat
        case .list(let item): holdsNumbers(item)
        case .union(let members): members.contains(where: holdsNumbers)
        }
    }

    private func fillValue(
        _ simple: SimpleType, _ type: ComplexType, at index: Int32, _ options: TypeNaming
    ) {
        let uses = type.effectiveAttributes
        let wildcard = type.effectiveAnyAttribute
        draft.types[Int(index)].simple = simpleIndex(simple, numbers: options.numberForm("value"))
        checkNumber("value", of: options, .simple(simple))
        guard !uses.isEmpty || wildcard != nil else {
            draft.types[Int(index)].kind = .simple
            return
        }
        draft.types[Int(index)].kind = .value
        if let wildcard { draft.types[Int(index)].anyAttribute = wildcardIndex(wildcard) }
        let builder = ScopeBuilder(self, options, mode: .type)
        builder.reserved = ["value"]
        builder.addAttributes(uses)
        draft.types[Int(index)].scope = builder.finish(nil)
    }

    private func fillElements(
        _ type: ComplexType, at index: Int32, _ options: TypeNaming
    ) {
        if let wildcard = type.effectiveAnyAttribute {
            draft.types[Int(index)].anyAttribute = wildcardIndex(wildcard)
        }
        let particle = type.effectiveParticle.flatMap(ContentModel.simplify)
        let outer = ScopeBuilder(self, options, mode: .type)
        let isMixed = type.isEffectivelyMixed
        if isMixed || particle.map(ContentModel.isAmbiguous) ?? false {
            draft.types[Int(index)].kind = isMixed ? .mixed : .content
            outer.addAttributes(type.effectiveAttributes)
            draft.types[Int(index)].scope = outer.finish(nil)
            let inner = ScopeBuilder(self, options, mode: .content)
            draft.types[Int(index)].content = inner.finish(particle)
            return
        }
        draft.types[Int(index)].kind = .object
        outer.declare(particle)
        outer.addAttributes(type.effectiveAttributes)
        draft.types[Int(index)].scope = outer.finish(particle)
    }

    private func fillArray(
        _ array: SOAPArray, _ type: ComplexType, at index: Int32, path: String
    ) {
        let declaration = ElementDeclaration(
            name: XMLName("", array.itemName?.local ?? "item"), place: type.place,
            isGlobal: false, type: array.item, source: nil)
        declaration.isNillable = true
        keep(declaration)
        draft.types[Int(index)].kind = .soapArray
        draft.types[Int(index)].item = elementIndex(declaration, path: path + "/item")
        draft.types[Int(index)].soapArray = Int32(draft.soapArrays.count)
        draft.soapArrays.append(
            SOAPArrayPlan(
                dimensions: array.dimensions, itemTypeName: array.item.name,
                isBare: array.isBare))
    }
}

/// What `types:` says of one type, and what of it was used.
final class TypeNaming {
    let path: String
    let isGiven: Bool
    let isCamelCase: Bool
    private let options: NamingOptions.TypeOptions
    private var used: Set<String> = []
    /// Members of the type, by the contract's names.
    private(set) var known: Set<String> = []

    init(_ naming: NamingOptions, path: String) {
        self.path = path
        isCamelCase = naming.camelCase
        isGiven = naming.types[path] != nil
        options = naming.types[path] ?? NamingOptions.TypeOptions()
    }

    /// The JSON name of a member that the contract calls `name`.
    func json(_ name: String) -> String {
        known.insert(name)
        if let renamed = options.rename[name] {
            used.insert(name)
            return renamed
        }
        return isCamelCase ? Naming.camelCase(name) : name
    }

    func isRenamed(_ name: String) -> Bool { options.rename[name] != nil }
    func isOmitted(_ name: String) -> Bool { has(name, options.omit) }
    func isUnwrapped(_ name: String) -> Bool { has(name, options.unwrap) }
    func numberForm(_ name: String) -> NamingOptions.NumberForm? {
        has(name, Set(options.numbers.keys)) ? options.numbers[name] : nil
    }

    private func has(_ name: String, _ set: Set<String>) -> Bool {
        known.insert(name)
        guard set.contains(name) else { return false }
        used.insert(name)
        return true
    }

    func unused() -> [(member: String, option: NamingProblem.Option)] {
        let sets: [(Set<String>, NamingProblem.Option)] = [
            (Set(options.rename.keys), .rename), (options.omit, .omit),
            (options.unwrap, .unwrap), (Set(options.numbers.keys), .textual),
        ]
        return sets.flatMap { set, option in
            set.subtracting(used).sorted().map { ($0, option) }
        }
    }
}
