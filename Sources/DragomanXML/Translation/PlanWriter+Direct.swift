// SPDX-License-Identifier: Apache-2.0
// Ordinary members, of which the plan knows beforehand that nothing stands in for their type: text
// in its tags with one look at it, objects at once. What a value has that is not ordinary goes the
// long way, which also finds the words for what is wrong with it.

internal import DragomanDocument

extension PlanWriter {
    /// Writes the member's value, inside an element that is open.
    /// - Returns: false where the long way must be taken; nothing has been written then.
    @inline(__always)
    func writeDirectly(
        _ member: UnsafeMutablePointer<MemberPlan>, _ value: Node
    ) throws(TranslationError) -> Bool {
        let kind = member.pointee.direct
        guard kind != .none, depth &+ 1 < PlanWriter.depthMax else { return false }
        let entry = tables.elements.base + Int(member.pointee.element)
        guard member.pointee.isArray else {
            try writeDirectly(entry, kind, value)
            return true
        }
        guard value.kind == .array else { return false }
        let count = value.count
        if count < Int(member.pointee.min) { return false }
        if member.pointee.max >= 0, count > Int(member.pointee.max) { return false }
        var items = value.items
        while let item = items.next() { try writeDirectly(entry, kind, item) }
        return true
    }

    private func writeDirectly(
        _ entry: UnsafeMutablePointer<ElementEntry>, _ kind: DirectKind, _ node: Node
    ) throws(TranslationError) {
        switch (kind, node.kind) {
        case (.string, .string):
            use(entry.pointee.namespace)
            guard output.appendElement(entry.pointee.open, node.bytes, entry.pointee.close) else {
                throw characterRefusal(node)
            }
        case (.literal, .integer), (.literal, .decimal):
            guard isOrdinaryNumber(entry, node) else {
                return try writeElement(entry.pointee, node)
            }
            use(entry.pointee.namespace)
            _ = output.appendElement(entry.pointee.open, node.bytes, entry.pointee.close)
        case (.object, .object):
            depth &+= 1
            defer { depth &-= 1 }
            open(entry.pointee)
            try writeObject(
                entry.pointee, tables.types.base[Int(entry.pointee.type)], node,
                hasElement: false, hasType: false)
        default: try writeElement(entry.pointee, node)
        }
    }

    /// The number's own digits are the literal, and nothing but a range bounds it.
    @inline(__always)
    private func isOrdinaryNumber(
        _ entry: UnsafeMutablePointer<ElementEntry>, _ node: Node
    ) -> Bool {
        let type = tables.types.base + Int(entry.pointee.type)
        let plan = tables.simples.base + Int(type.pointee.simple)
        guard plan.pointee.variety == .atomic, plan.pointee.facets < 0 || plan.pointee.isRange
        else { return false }
        let bytes = node.bytes
        switch plan.pointee.form {
        case .float: return plan.pointee.facets < 0
        case .number:
            if node.kind == .decimal {
                return !plan.pointee.isInteger && plan.pointee.facets < 0 && bytes.count <= 400
                    && !bytes.contains { $0 | 0x20 == 0x65 }
            }
            if plan.pointee.facets < 0 { return bytes.count <= 400 }
            guard let value = Integers.parse(bytes) else { return false }
            return value >= plan.pointee.rangeMin && value <= plan.pointee.rangeMax
        default: return false
        }
    }
}
