// SPDX-License-Identifier: Apache-2.0
// The parameters of a route as they are found: declared under `parameters`, or derived from where
// they stand in templates. Becomes the `ParameterPlan`.

internal import DragomanDocument
internal import DragomanSchema

/// Collects the parameters of one route.
final class ParameterCollector {
    typealias Source = ParameterPlan.Source

    /// A parameter, as one type sees it.
    final class Entry {
        let source: Source
        let name: String
        let slot: Int
        /// What it is written to be, or takes from the target that it stands at.
        var shape: SchemaShape?
        var schema: LazySchema?
        var isRequired = false
        var absent: ConstantNode?
        let isDeclared: Bool
        let node: YAMLNode?
        var isUsed = false

        init(_ source: Source, _ name: String, slot: Int, isDeclared: Bool, node: YAMLNode?) {
            self.source = source
            self.name = name
            self.slot = slot
            self.isDeclared = isDeclared
            self.node = node
        }
    }

    private(set) var entries: [Entry] = []
    /// Slots of parameters that fill one object, and those of them that it can not be without.
    private var couplings: [(slots: [Int], due: [Int])] = []
    /// The message that path and query make by themselves: a parameter that is a member of it has
    /// the member's type wherever it is read.
    var message: SchemaShape?
    /// Names of which something wrong was said: nothing is said of how they are used.
    var uncertain: Set<String> = []
    /// All of them are: `parameters` could not be read.
    var areUncertain = false
    /// Names of the template's variables, in order.
    let variables: [String]
    private let slots: SlotAllocator
    private let library: SchemaLibrary

    init(variables: [String], slots: SlotAllocator, library: SchemaLibrary) {
        self.variables = variables
        self.slots = slots
        self.library = library
    }

    func declare(_ source: Source, _ name: String, node: YAMLNode) -> Entry {
        let entry = Entry(source, name, slot: slots.take(), isDeclared: true, node: node)
        entries.append(entry)
        return entry
    }

    /// The parameter that an expression is; nil where it is something else, or a part of one.
    func entry(_ expression: Expression) -> Entry? {
        guard case .reference(let reference) = expression, reference.stepCount == 0 else {
            return nil
        }
        return entries.first { $0.slot == reference.slot }
    }

    func declared(_ source: Source) -> [String] {
        entries.filter { $0.isDeclared && $0.source == source }.map(\.name)
    }

    func isUncertain(_ name: String) -> Bool { areUncertain || uncertain.contains(name) }

    /// It is declared, or was seen before.
    func knows(_ source: Source, _ name: String) -> Bool {
        entries.contains { $0.source == source && $0.name == name }
    }

    /// The parameter where it stands inside an operator or at a place without a type.
    func use(_ source: Source, _ name: String) -> Entry {
        if let known = entries.first(where: { $0.source == source && $0.name == name }) {
            known.isUsed = true
            return known
        }
        if source == .path || source == .query, let shape = message?.member(along: name),
            shape.isSimple, let reference = shape.reference
        {
            let entry = add(source, name)
            entry.shape = shape
            entry.schema = library.lazy(reference)
            return entry
        }
        return add(source, name)
    }

    /// The parameter where it stands as a whole value at a target, whose type and facets it takes
    /// unless its own are written.
    func use(
        _ source: Source, _ name: String, at target: SchemaShape, isRequired: Bool
    ) -> Entry {
        let known = entries.filter { $0.source == source && $0.name == name }
        if let declared = known.first(where: \.isDeclared) {
            declared.isUsed = true
            return declared
        }
        guard let reference = target.reference else { return use(source, name) }
        let entry =
            known.first { $0.shape == nil || $0.shape?.reference == reference }
            ?? add(source, name)
        entry.isUsed = true
        if entry.shape == nil {
            entry.shape = target
            entry.schema = library.lazy(reference)
        }
        if isRequired { entry.isRequired = true }
        return entry
    }

    /// A part of a message that is sent if one of its members is there, and must then have those
    /// in `required`: of the parameters that are its members, these are asked for.
    func couple(_ part: MovedPart, required: Set<String>) {
        let members = part.references.compactMap { reference in
            entries.first { $0.slot == reference.slot }.map { (reference.name, $0) }
        }
        let due = members.filter { required.contains($0.0) && $0.1.absent == nil }.map(\.1)
        if part.isAlways || members.contains(where: { $0.1.absent != nil }) {
            for entry in due where !entry.isDeclared { entry.isRequired = true }
        } else if members.count > 1, !due.isEmpty {
            couplings.append((members.map(\.1.slot), due.map(\.slot)))
        }
    }

    private func add(_ source: Source, _ name: String) -> Entry {
        let entry = Entry(source, name, slot: slots.take(), isDeclared: false, node: nil)
        entry.isUsed = true
        entries.append(entry)
        return entry
    }

    func plan(
        unknownQuery: ParameterPlan.UnknownQuery, messageBindsQuery: Bool, arena: PlanArena
    ) -> ParameterPlan {
        let sorted = entries.enumerated().sorted {
            ($0.element.source.rawValue, $0.offset) < ($1.element.source.rawValue, $1.offset)
        }
        let given = arena.constant { $0.append(true) }
        let parameters = sorted.map { _, entry in
            let types = entry.shape?.types ?? .all
            let items = entry.shape?.items?.types ?? .all
            return ParameterPlan.Parameter(
                source: entry.source, name: arena.text(entry.name), slot: entry.slot,
                types: types, itemTypes: types.contains(.array) ? items : [],
                schema: entry.schema,
                isRequired: entry.isRequired, absent: entry.absent, given: given,
                variable: entry.source == .path
                    ? variables.firstIndex(of: entry.name) ?? -1 : -1)
        }
        func places(_ slots: [Int]) -> [Int] {
            slots.compactMap { slot in parameters.firstIndex { $0.slot == slot } }
        }
        return ParameterPlan(
            parameters, unknownQuery: unknownQuery, messageBindsQuery: messageBindsQuery,
            couplings: couplings.map {
                ParameterPlan.Coupling(members: places($0.slots), due: places($0.due))
            })
    }
}
