// SPDX-License-Identifier: Apache-2.0
// All schemas of one contract: documents are loaded once each, what they declare is entered into
// tables by name, and components are made when they are first referred to, so that circles of
// files and of types need no order.

/// A document that a contract refers to.
package struct ContractSource: Sendable {
    /// Identifies the document, and names it in problems.
    package let name: String
    package let bytes: [UInt8]

    package init(name: String, bytes: [UInt8]) {
        self.name = name
        self.bytes = bytes
    }
}

/// `(location as written, name of the document that refers to it)` to the document; nil where
/// there is none. The same document must always get the same `name`.
package typealias ContractResolver = (_ location: String, _ base: String) -> ContractSource?

/// The schemas of one contract. Add documents, `resolve` once, then ask. For one thread.
package final class SchemaSet {
    package let problems: ContractProblems

    let resolver: ContractResolver
    var documents: [SchemaDocument] = []
    var loaded: Set<LoadedKey> = []
    var missingImports: [MissingImport] = []
    private var reportedFiles: Set<String> = []
    var builtInNamespaces: Set<String> = []
    var redefinitions: [(XMLElement, SchemaDocument)] = []

    var types: [XMLName: GlobalEntry] = [:]
    var elements: [XMLName: GlobalEntry] = [:]
    var attributes: [XMLName: GlobalEntry] = [:]
    var groups: [XMLName: GlobalEntry] = [:]
    var attributeGroups: [XMLName: GlobalEntry] = [:]
    /// Names of `types` and `elements` in document order.
    package internal(set) var globalTypes: [XMLName] = []
    package internal(set) var globalElements: [XMLName] = []

    var builtInTypes: [String: SimpleType] = [:]
    let anyType: ComplexType
    let xmlType: ComplexType
    /// Element declarations with a substitution group, linked at the end.
    var substituting: [(ElementDeclaration, XMLName, ContractPlace)] = []
    /// Members of substitution groups that take their head's type.
    var untyped: [ElementDeclaration] = []
    /// Complex types that were made, in order.
    package internal(set) var complexTypes: [ComplexType] = []
    var pending: [ObjectIdentifier: PendingType] = [:]
    var pendingOrder: [ComplexType] = []

    struct LoadedKey: Hashable {
        let document: String
        /// The namespace that a chameleon took.
        let namespace: String
    }

    struct MissingImport {
        let namespace: String
        let location: String
        let place: ContractPlace
    }

    package init(resolver: @escaping ContractResolver, problems: ContractProblems) {
        self.resolver = resolver
        self.problems = problems
        let nowhere = ContractPlace(file: "XMLSchema.xsd", line: 0, column: 0)
        anyType = ComplexType(
            name: XMLName(XMLNamespace.schema, "anyType"), place: nowhere, isAnyType: true)
        xmlType = ComplexType(name: nil, place: nowhere, isXML: true)
        anyType.isMixed = true
        anyType.anyAttribute = Wildcard(namespaces: .any, process: .lax)
        makeBuiltInTypes()
    }

    /// The declaration of a global element; nil where the contract has none. After `resolve`.
    package func element(_ name: XMLName) -> ElementDeclaration? {
        guard let entry = elements[name] else { return nil }
        return elementComponent(entry)
    }

    /// A type by name, built-in ones included; nil where the contract has none. After `resolve`.
    package func type(_ name: XMLName) -> TypeDefinition? {
        if let builtIn = builtInType(name) { return builtIn }
        guard let entry = types[name] else { return nil }
        return typeComponent(entry)
    }

    package func hasElement(_ name: XMLName) -> Bool { elements[name] != nil }
    package func hasType(_ name: XMLName) -> Bool {
        builtInType(name) != nil || types[name] != nil
    }

    /// Prefixes of the contract's own documents, first in document order, for naming.
    package var declaredPrefixes: [(prefix: String, uri: String)] {
        var all: [(prefix: String, uri: String)] = []
        var seen: Set<String> = []
        func add(_ scope: XMLNamespaceScope) {
            for entry in scope.declared where !entry.prefix.isEmpty {
                if seen.insert("\(entry.prefix) \(entry.uri)").inserted { all.append(entry) }
            }
        }
        func collect(_ element: XMLElement, _ around: XMLNamespaceScope?) {
            if element.namespaces !== around { add(element.namespaces) }
            for child in element.elements { collect(child, element.namespaces) }
        }
        for document in documents where !document.isBuiltIn {
            var scopes: [XMLNamespaceScope] = []
            var scope: XMLNamespaceScope? = document.root.namespaces
            while let current = scope {
                scopes.append(current)
                scope = current.parent
            }
            for scope in scopes.reversed() { add(scope) }
            collect(document.root, document.root.namespaces)
        }
        return all
    }

    /// Resolves every reference of everything declared; call once, after the last `add`.
    package func resolve() {
        enterRedefinitions()
        for missing in missingImports { report(missing) }
        for name in globalTypes { _ = types[name].map(typeComponent) }
        for name in globalElements { _ = elements[name].map(elementComponent) }
        for entry in attributes.values.sorted(by: GlobalEntry.precedes) {
            _ = attributeComponent(entry)
        }
        for entry in groups.values.sorted(by: GlobalEntry.precedes) { _ = groupComponent(entry) }
        for entry in attributeGroups.values.sorted(by: GlobalEntry.precedes) {
            _ = attributeGroupComponent(entry)
        }
        linkSubstitutions()
        reportCircles()
    }

    private func report(_ missing: MissingImport) {
        let isKnown =
            builtInNamespaces.contains(missing.namespace)
            || documents.contains { $0.targetNamespace == missing.namespace && !$0.isBuiltIn }
        if isKnown { return }
        reportFile(missing)
    }

    /// Whether a schema of that namespace is not there, which then is the reason for whatever is
    /// missing: said once.
    func reportMissingFile(of namespace: String) -> Bool {
        guard let missing = missingImports.first(where: { $0.namespace == namespace }) else {
            return false
        }
        reportFile(missing)
        return true
    }

    private func reportFile(_ missing: MissingImport) {
        guard reportedFiles.insert(missing.location).inserted else { return }
        problems.error(
            missing.place, code: "import",
            "the schema \"\(missing.location)\" for namespace \"\(missing.namespace)\" was not "
                + "found, and nothing is fetched")
    }
}

/// What a schema's top level declares under a name; its component is made when first needed.
final class GlobalEntry {
    let element: XMLElement
    let document: SchemaDocument
    let name: XMLName
    /// Of a redefinition what it redefines.
    var original: GlobalEntry?

    var type: TypeDefinition?
    var elementDeclaration: ElementDeclaration?
    var attributeDeclaration: AttributeDeclaration?
    var group: Particle?
    var attributeGroup: AttributeGroup?
    /// Being made right now: who comes back here has found a circle.
    var isOpen = false

    init(element: XMLElement, document: SchemaDocument, name: XMLName) {
        self.element = element
        self.document = document
        self.name = name
    }

    var place: ContractPlace { ContractPlace(file: document.file, element) }

    static func precedes(_ left: GlobalEntry, _ right: GlobalEntry) -> Bool {
        (left.document.file, left.element.line, left.element.column)
            < (right.document.file, right.element.line, right.element.column)
    }
}

/// The attributes and the wildcard of an attribute group, its own groups included.
struct AttributeGroup {
    var uses: [AttributeUse] = []
    var prohibited: Set<XMLName> = []
    var wildcard: Wildcard?
}

/// One `xs:schema` element and what holds for all of it.
final class SchemaDocument {
    let root: XMLElement
    let file: String
    let targetNamespace: String
    /// Included without a namespace of its own: unprefixed references mean the including one's.
    let isChameleon: Bool
    let isBuiltIn: Bool
    let qualifiesElements: Bool
    let qualifiesAttributes: Bool
    let blockDefault: String

    init(
        root: XMLElement, file: String, targetNamespace: String, isChameleon: Bool,
        isBuiltIn: Bool
    ) {
        self.root = root
        self.file = file
        self.targetNamespace = targetNamespace
        self.isChameleon = isChameleon
        self.isBuiltIn = isBuiltIn
        qualifiesElements = root.token("elementFormDefault") == "qualified"
        qualifiesAttributes = root.token("attributeFormDefault") == "qualified"
        blockDefault = root.token("blockDefault") ?? ""
    }

    func place(_ element: XMLElement) -> ContractPlace { ContractPlace(file: file, element) }
}

/// Where a component is being read: its document, and the entry that it redefines, if it does.
struct SchemaContext {
    let document: SchemaDocument
    let entry: GlobalEntry?

    func place(_ element: XMLElement) -> ContractPlace { document.place(element) }
}
