// SPDX-License-Identifier: Apache-2.0
// The instructions that one schema gives for one kind of value.
internal import DragomanDocument

struct ListWriter {
    let generator: CodeGenerator
    let schema: Subschema
    let kind: Kind
    let isTracked: Bool
    /// No value of the kind can pass.
    private(set) var isRefusing = false
    private var operations: [(cost: Int, operation: Operation)] = []

    // What several keywords say together.
    var least = 0
    var most = Int.max
    var hasCounts = false
    var bounds: [Rule] = []

    var arena: ProgramArena { generator.arena }

    init(_ generator: CodeGenerator, _ schema: Subschema, _ kind: Kind, isTracked: Bool) {
        self.generator = generator
        self.schema = schema
        self.kind = kind
        self.isTracked = isTracked
    }

    /// The instructions, the cheapest first.
    var sorted: [Operation] { operations.map(\.operation) }

    /// Puts an instruction behind those that cost no more.
    mutating func push(_ cost: Int, _ operation: Operation) {
        var place = operations.count
        while place > 0, operations[place - 1].cost > cost { place -= 1 }
        operations.insert((cost, operation), at: place)
    }

    mutating func refuse() { isRefusing = true }

    mutating func add(_ rule: Rule) {
        switch rule.content {
        case .types(let types): add(types)
        case .values(let values): add(values)
        case .bound: if isNumber { bounds.append(rule) }
        case .multiple(let divisor):
            // The divisor lives as long as its Subschema, and so as long as the program.
            if isNumber {
                push(30, Operation(.multiple, target: Unmanaged.passUnretained(divisor).toOpaque()))
            }
        case .count(let count): add(count, rule.name)
        case .unique: if kind == .array { push(60, Operation(.unique)) }
        case .pattern(let pattern):
            if kind == .string { push(20, Operation(.pattern, target: pattern.code)) }
        case .format(let format):
            guard kind == .string else { return }
            push(25, Operation(.format, low: Format.numbered.firstIndex(of: format) ?? 0))
        case .namesByName(let names): if kind == .object { add(dependent: names) }
        case .schema(let inner): if rule.name == .not { add(not: inner) }
        case .schemas(let schemas): add(rule.name, schemas)
        case .schemasByName(let members):
            if rule.name != .properties && kind == .object { add(dependent: members) }
        case .contains(let inner, let least, let most, let marks):
            guard kind == .array else { return }
            let plan = ContainsPlan(
                block: generator.block(inner, from: schema), least: least, most: most ?? Int.max,
                marksItems: marks)
            push(70, Operation(.contains, target: arena.copy([plan])))
        case .condition(let condition, let then, let otherwise):
            add(condition, then, otherwise)
        case .reference(let target): call(target)
        case .dynamicReference(let target, let anchor):
            let block = generator.block(target, from: nil, isTracked: isTracked)
            push(
                80,
                Operation(.dynamic, low: generator.anchor(anchor), target: block.address))
        case .names, .schemasByPattern, .items, .annotation: break
        }
    }

    private var isNumber: Bool { kind == .integer || kind == .decimal }

    // MARK: The same value

    /// Applies another schema to the same value: by a call, by its own instructions where they
    /// are few, or not at all where it asks for nothing.
    private mutating func call(_ target: Subschema) {
        let block = generator.block(target, from: schema, isTracked: isTracked)
        if let list = generator.list(block, kind) {
            var copied: [Operation] = []
            var next = list
            while copied.count <= 3, next.pointee.code != .pass {
                copied.append(next.pointee)
                next += 1
            }
            if copied.first?.code == .fail { return refuse() }
            if copied.count <= 3 {
                for operation in copied { push(40, operation) }
                return
            }
        }
        push(50, Operation(.call, target: block.address))
    }

    private mutating func add(_ name: KeywordName, _ schemas: [Subschema]) {
        switch name {
        case .allOf: for schema in schemas { call(schema) }
        case .anyOf, .oneOf: branches(name, schemas)
        default: break
        }
    }

    private mutating func branches(_ name: KeywordName, _ schemas: [Subschema]) {
        var blocks: [SchemaBlock] = []
        var traits: [ObjectTraits] = []
        for schema in schemas {
            let block = generator.block(schema, from: self.schema, isTracked: isTracked)
            let list = generator.list(block, kind)
            // A branch that can not fit this kind need not be tried; one that always fits is
            // enough, where nothing is noted.
            if list?.pointee.code == .fail { continue }
            if list?.pointee.code == .pass, name == .anyOf, !isTracked { return }
            blocks.append(block)
            if kind == .object { traits.append(generator.guides.traits(schema)) }
        }
        if blocks.isEmpty { return refuse() }
        if blocks.count == 1 {
            return push(55, Operation(.call, target: blocks[0].address))
        }
        var plan = BranchPlan(blocks: arena.copy(blocks), count: blocks.count)
        if let guide = GuideBuilder.guide(traits, arena) { plan.guide = arena.copy([guide]) }
        push(90, Operation(name == .anyOf ? .anyOf : .oneOf, target: arena.copy([plan])))
    }

    private mutating func add(not inner: Subschema) {
        let block = generator.block(inner, from: schema)
        if let list = generator.list(block, kind) {
            if list.pointee.code == .pass { return refuse() }
            if list.pointee.code == .fail { return }
        }
        push(85, Operation(.not, target: block.address))
    }

    private mutating func add(
        _ condition: Subschema, _ then: Subschema?, _ otherwise: Subschema?
    ) {
        guard then != nil || otherwise != nil || isTracked else { return }
        func block(_ inner: Subschema) -> SchemaBlock {
            generator.block(inner, from: schema, isTracked: isTracked)
        }
        let plan = ConditionPlan(
            condition: block(condition), then: then.map(block), otherwise: otherwise.map(block))
        push(88, Operation(.condition, target: arena.copy([plan])))
    }

    private mutating func add(dependent members: [(name: Node, schema: Subschema)]) {
        let plans = members.map {
            DependencyPlan(
                name: $0.name.bytes, required: arena.copy([]), requiredCount: 0,
                block: generator.block($0.schema, from: schema, isTracked: isTracked))
        }
        push(
            87, Operation(.dependentSchemas, low: plans.count, target: arena.copy(plans)))
    }

    private mutating func add(dependent members: [(name: Node, names: [Node])]) {
        let plans = members.map {
            DependencyPlan(
                name: $0.name.bytes, required: arena.copy($0.names.map(\.bytes)),
                requiredCount: $0.names.count, block: nil)
        }
        push(65, Operation(.dependentNames, low: plans.count, target: arena.copy(plans)))
    }
}
