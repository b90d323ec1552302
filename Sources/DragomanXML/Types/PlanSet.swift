// SPDX-License-Identifier: Apache-2.0
// Everything that translating a contract's messages needs, compiled once, immutable, shared by
// every loop.

internal import DragomanDocument

/// An element as messages write and read it: a handle into the `PlanSet` that it came from.
package struct ElementPlan: Sendable, Hashable {
    let index: Int32
}

/// A table of plain values at a fixed address, so that reading one retains nothing.
struct PlanTable<Value> {
    let base: UnsafeMutablePointer<Value>
    let count: Int

    init(_ values: [Value]) {
        count = values.count
        base = .allocate(capacity: Swift.max(values.count, 1))
        base.initialize(from: values, count: values.count)
    }

    /// Indexes come from the compiler, which made them all within bounds.
    @inline(__always)
    subscript(index: Int32) -> Value { base[Int(index)] }

    func deallocate() {
        base.deinitialize(count: count)
        base.deallocate()
    }
}

/// The tables of a plan set as plain addresses: readers and writers hold a copy beside the set, so
/// that an event retains nothing.
struct PlanTables {
    let types: PlanTable<TypePlan>
    let members: PlanTable<MemberPlan>
    let routes: PlanTable<RoutePlan>
    let nodes: PlanTable<TreeNode>
    let children: PlanTable<Int32>
    let scopes: PlanTable<ScopePlan>
    let elements: PlanTable<ElementEntry>
    let attributes: PlanTable<AttributePlan>
    let derived: PlanTable<Alternative>
    let substitutes: PlanTable<Alternative>
    let simples: PlanTable<SimplePlan>
    let unionMembers: PlanTable<Int32>
    let wildcards: PlanTable<WildcardPlan>
    let names: PlanTable<NamePlan>
    let namespacePlans: PlanTable<NamespacePlan>
    let constants: PlanTable<ConstantText>
    let continuations: PlanTable<UInt64>
    let hashes: PlanTable<Int32>

    init(_ unsettled: PlanDraft) {
        var draft = unsettled
        draft.settle()
        types = PlanTable(draft.types)
        members = PlanTable(draft.members)
        routes = PlanTable(draft.routes)
        nodes = PlanTable(draft.nodes)
        children = PlanTable(draft.children)
        scopes = PlanTable(draft.scopes)
        elements = PlanTable(draft.elements)
        attributes = PlanTable(draft.attributes)
        derived = PlanTable(draft.derived)
        substitutes = PlanTable(draft.substitutes)
        simples = PlanTable(draft.simples)
        unionMembers = PlanTable(draft.unionMembers)
        wildcards = PlanTable(draft.wildcards)
        names = PlanTable(draft.names)
        namespacePlans = PlanTable(draft.namespacePlans)
        constants = PlanTable(draft.constants)
        continuations = PlanTable(draft.continuations)
        hashes = PlanTable(draft.hashes)
    }

    func deallocate() {
        types.deallocate()
        members.deallocate()
        routes.deallocate()
        nodes.deallocate()
        children.deallocate()
        scopes.deallocate()
        elements.deallocate()
        attributes.deallocate()
        derived.deallocate()
        substitutes.deallocate()
        simples.deallocate()
        unionMembers.deallocate()
        wildcards.deallocate()
        names.deallocate()
        namespacePlans.deallocate()
        constants.deallocate()
        continuations.deallocate()
        hashes.deallocate()
    }
}

/// The compiled plans of one contract under one mapping's naming.
package final class PlanSet: @unchecked Sendable {
    // Sendable: every table is filled before the set is published, and never written again.
    let tables: PlanTables
    let facets: [FacetPlan]
    let wildcardConstraints: [NamespaceConstraint]
    let soapArrays: [SOAPArrayPlan]
    /// For JSON Schemas and messages.
    let descriptions: PlanDescriptions
    let words: PlanWords
    let printsEmptyArrays: Bool
    let pool: ConstantPool
    /// Built-in type name to a type index, where an anyType needs them; in order of `BuiltInType`.
    let builtInTypes: [String: Int32]
    let nameIndexes: [XMLName: Int32]
    let namespaceIndexes: [String: Int32]

    init(_ draft: PlanDraft) {
        tables = PlanTables(draft)
        facets = draft.facets
        wildcardConstraints = draft.wildcardConstraints
        soapArrays = draft.soapArrays
        descriptions = draft.descriptions
        words = PlanWords(draft.pool)
        printsEmptyArrays = draft.printsEmptyArrays
        pool = draft.pool
        builtInTypes = draft.builtInTypes
        nameIndexes = draft.nameIndexes
        var indexes: [String: Int32] = [:]
        for (index, entry) in draft.namespaceEntries.enumerated() {
            indexes[entry.uri] = Int32(index)
        }
        namespaceIndexes = indexes
    }

    deinit { tables.deallocate() }

    var types: PlanTable<TypePlan> { tables.types }
    var members: PlanTable<MemberPlan> { tables.members }
    var routes: PlanTable<RoutePlan> { tables.routes }
    var nodes: PlanTable<TreeNode> { tables.nodes }
    var children: PlanTable<Int32> { tables.children }
    var scopes: PlanTable<ScopePlan> { tables.scopes }
    var elements: PlanTable<ElementEntry> { tables.elements }
    var attributes: PlanTable<AttributePlan> { tables.attributes }
    var derived: PlanTable<Alternative> { tables.derived }
    var substitutes: PlanTable<Alternative> { tables.substitutes }
    var simples: PlanTable<SimplePlan> { tables.simples }
    var unionMembers: PlanTable<Int32> { tables.unionMembers }
    var wildcards: PlanTable<WildcardPlan> { tables.wildcards }
    var names: PlanTable<NamePlan> { tables.names }
    var namespacePlans: PlanTable<NamespacePlan> { tables.namespacePlans }
    var constants: PlanTable<ConstantText> { tables.constants }
    var continuations: PlanTable<UInt64> { tables.continuations }
    var hashes: PlanTable<Int32> { tables.hashes }

    // MARK: Questions at load time

    /// The element's name in XML.
    package func name(of element: ElementPlan) -> XMLName {
        name(names[elements[element.index].name])
    }

    func name(_ plan: NamePlan) -> XMLName {
        XMLName(
            plan.namespace < 0 ? "" : namespacePlans[plan.namespace].uri.string,
            plan.local.string)
    }

    /// `namespaces:` as import writes it: every namespace of the contract that got a prefix, in
    /// order, without those whose prefix is fixed (xml, xsi, xs).
    package var namespaces: [(prefix: String, uri: String)] {
        (3..<Swift.max(3, namespacePlans.count)).map { index in
            let plan = namespacePlans[Int32(index)]
            return (plan.prefix.string, plan.uri.string)
        }
    }

    /// The prefix of a namespace; nil where the plans do not know it.
    package func prefix(of uri: String) -> String? {
        namespaceIndexes[uri].map { namespacePlans[$0].prefix.string }
    }
}

/// Member names of our own, as constants for Documents.
struct PlanWords: Sendable {
    let type: ConstantText
    let isNil: ConstantText
    let element: ConstantText
    let choice: ConstantText
    let sequence: ConstantText
    let content: ConstantText
    let mixed: ConstantText
    let any: ConstantText
    let anyAttribute: ConstantText
    let xml: ConstantText
    let value: ConstantText
    let infinity: ConstantText
    let minusInfinity: ConstantText
    let notANumber: ConstantText

    init(_ pool: ConstantPool) {
        type = pool.text("@type")
        isNil = pool.text("@nil")
        element = pool.text("@element")
        choice = pool.text("@choice")
        sequence = pool.text("@sequence")
        content = pool.text("@content")
        mixed = pool.text("@mixed")
        any = pool.text("@any")
        anyAttribute = pool.text("@anyAttribute")
        xml = pool.text("@xml")
        value = pool.text("value")
        infinity = pool.text("INF")
        minusInfinity = pool.text("-INF")
        notANumber = pool.text("NaN")
    }
}

/// An array of SOAP encoding: what its items are called and typed.
struct SOAPArrayPlan: Sendable {
    /// Numbers of dimensions, outermost first.
    let dimensions: [Int]
    let itemTypeName: XMLName?
    /// Neither sizes nor type are written.
    let isBare: Bool
}

/// What only JSON Schemas and problem texts need of a plan; by index of the tables.
struct PlanDescriptions: Sendable {
    /// Name of a type for `$defs`; nil for anonymous ones.
    var typeNames: [String?] = []
    /// How anonymous types are named where they need a name.
    var typePaths: [Int32: String] = [:]
    var typeDocumentation: [String?] = []
    var memberDocumentation: [Int32: String] = [:]
    var attributeDocumentation: [Int32: String] = [:]
    var elementDocumentation: [Int32: String] = [:]
}

/// The tables of a `PlanSet` while they grow.
struct PlanDraft {
    var types: [TypePlan] = []
    var members: [MemberPlan] = []
    var routes: [RoutePlan] = []
    var nodes: [TreeNode] = []
    var children: [Int32] = []
    var scopes: [ScopePlan] = []
    var elements: [ElementEntry] = []
    var attributes: [AttributePlan] = []
    var derived: [Alternative] = []
    var substitutes: [Alternative] = []
    var simples: [SimplePlan] = []
    var unionMembers: [Int32] = []
    var wildcards: [WildcardPlan] = []
    var names: [NamePlan] = []
    var namespacePlans: [NamespacePlan] = []
    var namespaceEntries: [(prefix: String, uri: String)] = []
    var constants: [ConstantText] = []
    var continuations: [UInt64] = []
    var hashes: [Int32] = []
    var facets: [FacetPlan] = []
    var wildcardConstraints: [NamespaceConstraint] = []
    var soapArrays: [SOAPArrayPlan] = []
    var descriptions = PlanDescriptions()
    var printsEmptyArrays = false
    let pool = ConstantPool()
    var builtInTypes: [String: Int32] = [:]
    var nameIndexes: [XMLName: Int32] = [:]
}
