// SPDX-License-Identifier: Apache-2.0
// Subschemas to instructions: for each kind of value a list that holds only what that kind can
// break, the cheapest first.
internal import DragomanDocument

/// Writes into the graph's arena. Schemas must come with everything that they lead to.
final class CodeGenerator {
    let arena: ProgramArena
    let graph: SchemaGraph
    private var finished: Set<UnsafeMutablePointer<OperationList>> = []
    private var entering: [ObjectIdentifier: SchemaBlock] = [:]
    private var enteringTracked: [ObjectIdentifier: SchemaBlock] = [:]
    private var pendingTracked: [Subschema] = []
    var anchors: [String: Int] = [:]
    var guides = GuideBuilder()
    /// For what is found out about patterns while loading.
    let context = EvaluationContext()

    let passList: OperationList
    let failList: OperationList
    let passBlock: SchemaBlock
    /// Passes everything too; tells members that a pattern has from those that nothing has.
    let matchedBlock: SchemaBlock

    init(_ graph: SchemaGraph) {
        self.graph = graph
        arena = graph.arena
        passList = arena.copy([Operation(.pass)])
        failList = arena.copy([Operation(.fail)])
        let pass = [OperationList](repeating: passList, count: SchemaBlock.kinds)
        passBlock = SchemaBlock(UnsafeMutablePointer(mutating: arena.copy(pass)))
        matchedBlock = SchemaBlock(UnsafeMutablePointer(mutating: arena.copy(pass)))
        finished = [passBlock.lists, matchedBlock.lists]
    }

    /// Gives each of `schemas` its machine form.
    func generate(_ schemas: [Subschema]) {
        // What was found later was mostly led to by what was found before: so most schemas are
        // finished before those that refer to them.
        for schema in schemas.reversed() { write(schema, isTracked: false) }
        while let schema = pendingTracked.popLast() { write(schema, isTracked: true) }
    }

    private func newBlock() -> SchemaBlock {
        let lists = arena.allocate(OperationList.self, SchemaBlock.kinds)
        for index in 0..<SchemaBlock.kinds { (lists + index).initialize(to: passList) }
        return SchemaBlock(lists)
    }

    // MARK: Blocks of schemas

    func block(_ schema: Subschema, isTracked: Bool) -> SchemaBlock {
        if isTracked {
            if let block = schema.trackedBlock { return block }
            let block = newBlock()
            schema.trackedBlock = block
            pendingTracked.append(schema)
            return block
        }
        if let block = schema.block { return block }
        let block = newBlock()
        schema.block = block
        return block
    }

    /// The block of `schema` as `parent` applies it: with a note that its resource is entered,
    /// where that may matter.
    func block(
        _ schema: Subschema, from parent: Subschema?, isTracked: Bool = false
    ) -> SchemaBlock {
        let inner = block(schema, isTracked: isTracked)
        guard schema.reachesDynamic, parent?.resource !== schema.resource else { return inner }
        let key = ObjectIdentifier(schema)
        if let known = isTracked ? enteringTracked[key] : entering[key] { return known }
        let list = arena.copy([
            Operation(.enter, low: schema.resource.number, target: inner.address),
            Operation(.pass),
        ])
        let lists = [OperationList](repeating: list, count: SchemaBlock.kinds)
        let outer = SchemaBlock(UnsafeMutablePointer(mutating: arena.copy(lists)))
        if isTracked {
            enteringTracked[key] = outer
        } else {
            entering[key] = outer
        }
        return outer
    }

    /// The list that a finished block has for a kind; nil while it is not finished.
    func list(_ block: SchemaBlock, _ kind: Kind) -> OperationList? {
        finished.contains(block.lists) ? block.lists[Int(kind.rawValue)] : nil
    }

    // MARK: One schema

    private static let kinds: [Kind] = [
        .null, .false, .true, .integer, .decimal, .string, .array, .object,
    ]

    private func write(_ schema: Subschema, isTracked: Bool) {
        let block = block(schema, isTracked: isTracked)
        guard !finished.contains(block.lists) else { return }
        var types = SchemaTypes.all
        for case .types(let allowed) in schema.rules.lazy.map(\.content) { types = allowed }
        // Most schemas are about one type, and many say nothing else.
        let isPlain = schema.rules.allSatisfy { $0.saysNothing } && schema.always == nil
        for kind in CodeGenerator.kinds {
            let list =
                if !types.allows(kind) {
                    failList
                } else if isPlain && kind != .decimal {
                    passList
                } else {
                    list(of: schema, kind, isTracked)
                }
            block.lists[Int(kind.rawValue)] = list
        }
        finished.insert(block.lists)
    }

    private func list(of schema: Subschema, _ kind: Kind, _ isTracked: Bool) -> OperationList {
        if let always = schema.always { return always ? passList : failList }
        let isContainer = kind == .array || kind == .object
        let last: KeywordName = kind == .array ? .unevaluatedItems : .unevaluatedProperties
        let tracks = isContainer && schema.rule(last) != nil
        var writer = ListWriter(
            self, schema, kind, isTracked: tracks || (isTracked && isContainer))
        for rule in schema.rules { writer.add(rule) }
        writer.finishPlans()
        if writer.isRefusing { return failList }
        if tracks, case .schema(let rest)? = schema.rule(last)?.content {
            let code: OperationCode =
                kind == .array ? .unevaluatedItems : .unevaluatedMembers
            let inner =
                writer.sorted + [
                    Operation(code, target: self.block(rest, from: schema).address),
                    Operation(.pass),
                ]
            return arena.copy([
                Operation(.track, target: UnsafeRawPointer(arena.copy(inner))), Operation(.pass),
            ])
        }
        return list(writer.sorted)
    }

    private func list(_ operations: [Operation]) -> OperationList {
        if operations.isEmpty { return passList }
        return arena.copy(operations + [Operation(.pass)])
    }

    /// A number for the name of a dynamic anchor.
    func anchor(_ name: String) -> Int {
        if let known = anchors[name] { return known }
        anchors[name] = anchors.count
        return anchors.count - 1
    }
}
