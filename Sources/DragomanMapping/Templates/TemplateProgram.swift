// SPDX-License-Identifier: Apache-2.0
// A template, compiled: a flat list of steps that build one value into a Document. Values that
// are moved whole are referred to, not copied.
//
//     { id: ${path.id}, note: "for ${body.name}" }
//  →  beginObject · member id reference 0 · member note text 0 · endObject

package import DragomanDocument

/// Builds the message of a template. Immutable; shared by all exchanges of its route.
package final class TemplateProgram: Sendable {
    enum Operation: UInt8, Sendable {
        case null, `true`, `false`
        /// `a`: index into `texts`.
        case string
        /// `a`: index into `constants`.
        case constant
        /// `a`: index into `references`. Absent: no member, no item.
        case reference
        /// `a`: index into `expressions`.
        case expression
        /// `a`: index into `interpolations`.
        case interpolation
        case beginObject, endObject, beginArray, endArray
        /// The members of expression `a`, as far as filter `b` lets them through.
        case spread
        /// Goes on at `b` unless expression `a` is true.
        case unless
        /// Goes on at `b`.
        case jump
        /// Runs up to `b` for each item of expression `a`, which stands in slot `c`.
        case forEach
    }

    /// One step; `key` is the name of the member that it makes, or -1 in an array and at the top.
    struct Instruction: Sendable {
        let operation: Operation
        var key: Int32 = -1
        var a: Int32 = 0
        var b: Int32 = 0
        var c: Int32 = 0
    }

    let instructions: ContiguousArray<Instruction>
    let texts: ContiguousArray<ConstantText>
    let constants: ContiguousArray<ConstantNode>
    let references: ContiguousArray<Reference>
    let expressions: ContiguousArray<Expression>
    let interpolations: ContiguousArray<Interpolation>
    /// The whole is one value that can only be a list.
    let isList: Bool
    let filters: ContiguousArray<SpreadFilter>
    /// Keeps what the rest points into.
    let arena: PlanArena

    init(_ parts: Parts, arena: PlanArena) {
        instructions = parts.instructions
        texts = parts.texts
        constants = parts.constants
        references = parts.references
        expressions = parts.expressions
        interpolations = parts.interpolations
        isList = parts.isList
        filters = parts.filters
        self.arena = arena
    }

    /// A program under construction.
    struct Parts {
        var instructions = ContiguousArray<Instruction>()
        var texts = ContiguousArray<ConstantText>()
        var constants = ContiguousArray<ConstantNode>()
        var references = ContiguousArray<Reference>()
        var expressions = ContiguousArray<Expression>()
        var interpolations = ContiguousArray<Interpolation>()
        var isList = false
        var filters = ContiguousArray<SpreadFilter>()
    }

    /// Members that `${*}` lets through.
    struct SpreadFilter: Sendable {
        /// Names that the template sets itself.
        let hidden: [ConstantText]
        /// The only names that may pass; nil where the target takes any.
        let allowed: [ConstantText]?

        func admits(_ name: Node) -> Bool {
            for text in hidden where name.textEquals(text) { return false }
            guard let allowed else { return true }
            for text in allowed where name.textEquals(text) { return true }
            return false
        }
    }
}

extension TemplateProgram {
    /// Appends the template's value to `document`.
    ///
    /// - Returns: false where the whole value is absent, and nothing was appended.
    /// - Throws: keyword `mapping`, where an expression fails.
    package func build(
        _ context: TranslationContext, into document: Document
    ) throws(TranslationError) -> Bool {
        try run(0, instructions.count, context, document)
    }

    /// Appends the template's value to `document`, which is empty; an absent value is `{}`, of a
    /// list `[]`.
    ///
    /// - Returns: the value, which lasts until `document` changes.
    package func message(
        _ context: TranslationContext, into document: Document
    ) throws(TranslationError) -> Node? {
        if try !build(context, into: document) {
            if isList {
                document.beginArray()
                document.endArray()
            } else {
                document.beginObject()
                document.endObject()
            }
        }
        return document.root
    }

    private func run(
        _ start: Int, _ end: Int, _ context: TranslationContext, _ document: Document
    ) throws(TranslationError) -> Bool {
        var appended = false
        var index = start
        while index < end {
            let step = instructions[index]
            index &+= 1
            switch step.operation {
            case .reference:
                guard let node = try references[Int(step.a)].read(context) else { continue }
                key(step, document)
                document.append(reference: node)
            case .beginObject:
                key(step, document)
                document.beginObject()
            case .endObject: document.endObject()
            case .beginArray:
                key(step, document)
                document.beginArray()
            case .endArray: document.endArray()
            case .string:
                key(step, document)
                document.append(constant: texts[Int(step.a)])
            case .unless:
                if try !expressions[Int(step.a)].condition(context) { index = Int(step.b) }
                continue
            case .jump:
                index = Int(step.b)
                continue
            case .forEach:
                try forEach(step, from: index, context, document)
                index = Int(step.b)
                continue
            default:
                guard try value(step, context, document) else { continue }
            }
            appended = true
        }
        return appended
    }

    @inline(__always)
    private func key(_ step: Instruction, _ document: Document) {
        if step.key >= 0 { document.key(texts[Int(step.key)]) }
    }

    /// The rarer steps. - Returns: whether something was appended.
    private func value(
        _ step: Instruction, _ context: TranslationContext, _ document: Document
    ) throws(TranslationError) -> Bool {
        switch step.operation {
        case .null:
            key(step, document)
            document.appendNull()
        case .true, .false:
            key(step, document)
            document.append(step.operation == .true)
        case .constant:
            key(step, document)
            document.append(reference: constants[Int(step.a)].node)
        case .expression:
            let value = try expressions[Int(step.a)].evaluate(context)
            if case .absent = value { return false }
            key(step, document)
            value.append(to: document)
        case .interpolation:
            let buffer = context.interpolated
            buffer.removeAll()
            guard try interpolations[Int(step.a)].write(context, to: buffer) else { return false }
            key(step, document)
            document.append(string: buffer.bytes)
        case .spread: try spread(step, context, document)
        default: return false
        }
        return true
    }

    private func spread(
        _ step: Instruction, _ context: TranslationContext, _ document: Document
    ) throws(TranslationError) {
        let filter = filters[Int(step.b)]
        let value = try expressions[Int(step.a)].evaluate(context)
        let node: Node
        let isTemporary: Bool
        switch value {
        case .absent: return
        case .node(let found): (node, isTemporary) = (found, false)
        case .temporary(let found): (node, isTemporary) = (found, true)
        case .bool:
            expressions[Int(step.a)].noteFailure(context)
            throw TranslationError(.value, keyword: "mapping", "${*} wants an object")
        }
        guard node.isObject else {
            expressions[Int(step.a)].noteFailure(context)
            throw TranslationError(
                .value, keyword: "mapping",
                "${*} wants an object, and got \(Kinds.article(node.kind))", at: node)
        }
        var members = node.members
        while let member = members.next() {
            guard filter.admits(member.name) else { continue }
            document.key(member.name.bytes, isPlain: member.name.isPlain)
            if isTemporary {
                document.append(copy: member.value)
            } else {
                document.append(reference: member.value)
            }
        }
    }

    private func forEach(
        _ step: Instruction, from start: Int, _ context: TranslationContext,
        _ document: Document
    ) throws(TranslationError) {
        let value = try expressions[Int(step.a)].evaluate(context)
        let list: Node
        var kept: Document?
        switch value {
        case .absent: return
        case .bool:
            expressions[Int(step.a)].noteFailure(context)
            throw TranslationError(.value, keyword: "mapping", "a comprehension wants an array")
        case .node(let node): list = node
        case .temporary(let node):
            // The body computes as well, and would overwrite the list.
            let copy = Document(tapeCapacity: 64, textCapacity: 256)
            copy.append(copy: node)
            guard let root = copy.root else { return }
            (list, kept) = (root, copy)
        }
        defer { if let kept { context.keep(kept) } }
        guard list.isArray else {
            expressions[Int(step.a)].noteFailure(context)
            throw TranslationError(
                .value, keyword: "mapping",
                "a comprehension wants an array, and got \(Kinds.article(list.kind))", at: list)
        }
        let slot = Int(step.c)
        let outer = context.values[slot]
        defer { context.values[slot] = outer }
        var items = list.items
        while let item = items.next() {
            context.values[slot] = item
            _ = try run(start, Int(step.b), context, document)
        }
    }
}

extension ExpressionValue {
    /// Appends the value, which is not absent.
    func append(to document: Document) {
        switch self {
        case .absent: break
        case .node(let node): document.append(reference: node)
        case .temporary(let node): document.append(copy: node)
        case .bool(let value): document.append(value)
        }
    }
}
