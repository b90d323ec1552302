// SPDX-License-Identifier: Apache-2.0
// From schema components to plans: the roots that messages need, and from there everything that
// they reach, each type once.

package import DragomanDocument

/// A part of an rpc wrapper (WSDL 1.1, 3.5).
package struct WrapperPart: Sendable {
    package enum Content: Sendable {
        case type(XMLName)
        /// The global element itself.
        case element(XMLName)
        /// An element called as the part is, of that global element's type (rpc style).
        case accessor(XMLName)
    }
    package let name: String
    package let content: Content
    /// The part must be there.
    package let isRequired: Bool

    package init(name: String, content: Content, isRequired: Bool = true) {
        self.name = name
        self.content = content
        self.isRequired = isRequired
    }
}

/// Compiles what messages need of a resolved `SchemaSet`. Ask for roots, then `finish` once.
package final class PlanCompiler {
    let schemas: SchemaSet
    let naming: NamingOptions
    let problems: ContractProblems
    var draft = PlanDraft()
    var namespaces: NamespaceTable

    /// Types that have an index, and those among them whose plan is still to be made.
    var typeIndexes: [TypeKey: Int32] = [:]
    var waiting: [WaitingType] = []
    var elementIndexes: [ElementKey: Int32] = [:]
    var simpleIndexes: [SimpleKey: Int32] = [:]
    var wildcardIndexes: [(key: [Wildcard], index: Int32)] = []
    /// Complex types of the contract by every type that they derive from.
    lazy var derivedTypes = makeDerivedTypes()
    var typeNames: [ObjectIdentifier: String] = [:]
    var usedTypeOptions: Set<String> = []
    /// Members of `types:` that the type does not have: the key of `types`, and what is wrong.
    package private(set) var namingProblems: [NamingProblem] = []

    struct TypeKey: Hashable {
        let identity: ObjectIdentifier
        let numbers: NamingOptions.NumberForm?
        /// What the element blocks besides the type itself.
        var blocked: Set<ComplexType.Derivation> = []
    }
    struct ElementKey: Hashable {
        let identity: ObjectIdentifier
        let numbers: NamingOptions.NumberForm?
    }
    struct SimpleKey: Hashable {
        let identity: ObjectIdentifier
        let numbers: NamingOptions.NumberForm?
    }
    struct WaitingType {
        let index: Int32
        let type: ComplexType
        /// How `types:` names it.
        let path: String
        let blocked: Set<ComplexType.Derivation>
    }

    /// `namespaces`: prefix and URI, the mapping's own (`namespaces:`), which win.
    package init(
        schemas: SchemaSet, naming: NamingOptions = NamingOptions(),
        namespaces own: [(prefix: String, uri: String)] = []
    ) {
        self.schemas = schemas
        self.naming = naming
        problems = schemas.problems
        let preferred = schemas.declaredPrefixes
        namespaces = NamespaceTable(own: own, preferred: preferred)
        draft.printsEmptyArrays = naming.printsEmptyArrays
        let targets = schemas.documents.filter { !$0.isBuiltIn }.map(\.targetNamespace)
        let known = Set(targets)
        for entry in preferred where known.contains(entry.uri) { _ = namespaces.index(entry.uri) }
        for target in targets { _ = namespaces.index(target) }
        nameTypes()
    }

    // MARK: Roots

    /// A global element; nil (and a problem) where the contract has none of that name.
    package func element(_ name: XMLName, at place: ContractPlace) -> ElementPlan? {
        guard let declaration = globalElement(name, at: place) else { return nil }
        return ElementPlan(index: elementIndex(declaration, path: name.local))
    }

    /// An element of that name with a type of the contract (an rpc part by itself).
    package func element(
        _ name: XMLName, type: XMLName, isNillable: Bool, at place: ContractPlace
    ) -> ElementPlan? {
        guard let definition = typeDefinition(type, at: place) else { return nil }
        let declaration = ElementDeclaration(
            name: name, place: place, isGlobal: false, type: definition, source: nil)
        declaration.isNillable = isNillable || SchemaSet.isSOAPEncoding(type.namespace)
        keep(declaration)
        return ElementPlan(index: elementIndex(declaration, path: name.local))
    }

    /// An rpc wrapper: an element whose content is its parts, unqualified where they have types.
    /// Its JSON form is an object, members by part name.
    package func wrapper(
        _ name: XMLName, parts: [WrapperPart], at place: ContractPlace
    ) -> ElementPlan? {
        var particles: [Particle] = []
        for part in parts {
            let declaration: ElementDeclaration
            switch part.content {
            case .type(let type):
                guard let definition = typeDefinition(type, at: place) else { return nil }
                declaration = ElementDeclaration(
                    name: XMLName("", part.name), place: place, isGlobal: false,
                    type: definition, source: nil)
                declaration.isNillable = SchemaSet.isSOAPEncoding(type.namespace)
            case .element(let element):
                guard let found = globalElement(element, at: place) else { return nil }
                declaration = found.standing(for: part.name, named: found.name)
            case .accessor(let element):
                guard let found = globalElement(element, at: place) else { return nil }
                declaration = found.standing(for: part.name, named: XMLName("", part.name))
            }
            let least = part.isRequired ? 1 : 0
            particles.append(
                Particle(
                    occurrence: Occurrence(min: least, max: 1), term: .element(declaration),
                    place: place))
        }
        let type = ComplexType(name: nil, place: place)
        type.base = .complex(schemas.anyType)
        type.content = .elements(
            Particle(occurrence: .once, term: .group(.sequence, particles), place: place))
        let wrapper = ElementDeclaration(
            name: name, place: place, isGlobal: false, type: .complex(type), source: nil)
        keep(wrapper)
        return ElementPlan(index: elementIndex(wrapper, path: name.local))
    }

    /// Declarations made here must outlive the tables that identify them by address.
    private var kept: [ElementDeclaration] = []
    func keep(_ declaration: ElementDeclaration) { kept.append(declaration) }

    private func typeDefinition(_ name: XMLName, at place: ContractPlace) -> TypeDefinition? {
        if let type = schemas.type(name) { return type }
        _ = BuiltInSchemas.provide(name.namespace, to: schemas)
        if let type = schemas.type(name) {
            schemas.fillPending()
            return type
        }
        schemas.missing("type", name, Array(schemas.types.keys), place, severity: .warning)
        let alike = schemas.globalTypes.filter { $0.local == name.local }
        return alike.count == 1 ? schemas.type(alike[0]) : nil
    }

    /// A part's element: by its name, else the only one of that local name, as contracts in the
    /// wild forget prefixes. Without one, only the message that names it can not be used.
    private func globalElement(
        _ name: XMLName, at place: ContractPlace
    ) -> ElementDeclaration? {
        if let declaration = schemas.element(name) { return declaration }
        schemas.missing("element", name, Array(schemas.elements.keys), place, severity: .warning)
        let alike = schemas.globalElements.filter { $0.local == name.local }
        return alike.count == 1 ? schemas.element(alike[0]) : nil
    }

    /// Makes the plan set; call once, after the last root.
    package func finish() -> PlanSet {
        drain()
        for key in naming.types.keys.sorted() where !usedTypeOptions.contains(key) {
            reportNaming(
                NamingProblem(
                    type: key, known: typeNames.values.sorted(),
                    "no type or element path of the contract's messages is `\(key)`"))
        }
        draft.namespaceEntries = namespaces.entries
        for entry in namespaces.entries {
            let declaration = " xmlns:\(entry.prefix)=\"\(XMLEscape.attribute(entry.uri))\""
            draft.namespacePlans.append(
                NamespacePlan(
                    uri: draft.pool.text(entry.uri), prefix: draft.pool.text(entry.prefix),
                    declaration: draft.pool.text(declaration)))
        }
        return PlanSet(draft)
    }

    func drain() {
        while let next = waiting.popLast() { fill(next) }
    }

    func reportNaming(_ problem: NamingProblem) {
        if !namingProblems.contains(problem) { namingProblems.append(problem) }
    }

    // MARK: Names

    /// The index of a name; its namespace gets a prefix.
    func nameIndex(_ name: XMLName) -> Int32 {
        if let index = draft.nameIndexes[name] { return index }
        let namespace = namespaces.index(name.namespace).map { Int32($0) } ?? -1
        draft.names.append(
            NamePlan(local: draft.pool.text(name.local), namespace: namespace))
        let index = Int32(draft.names.count - 1)
        draft.nameIndexes[name] = index
        return index
    }

    func prefix(_ name: XMLName) -> String {
        guard let index = namespaces.index(name.namespace) else { return "" }
        return namespaces.entries[index].prefix
    }

    /// `p:local`, or `local` in no namespace.
    func qualified(_ name: XMLName) -> String {
        let prefix = prefix(name)
        return prefix.isEmpty ? name.local : "\(prefix):\(name.local)"
    }

    /// Gives each named type of the contract its JSON name: the local one where it is unique.
    private func nameTypes() {
        var counts: [String: Int] = [:]
        for name in schemas.globalTypes { counts[name.local, default: 0] += 1 }
        for name in schemas.globalTypes {
            guard let type = schemas.type(name) else { continue }
            typeNames[type.identity] = counts[name.local] == 1 ? name.local : qualified(name)
        }
    }

    /// Names for alternatives that are told apart by name: local where unique among them.
    func alternativeNames(_ names: [XMLName]) -> [String] {
        var counts: [String: Int] = [:]
        for name in names { counts[name.local, default: 0] += 1 }
        return names.map { counts[$0.local] == 1 ? $0.local : qualified($0) }
    }
}

/// Characters that mean something in markup, as references; for texts made at load.
enum XMLEscape {
    static func attribute(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "\t": escaped += "&#9;"
            case "\n": escaped += "&#10;"
            case "\r": escaped += "&#13;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
