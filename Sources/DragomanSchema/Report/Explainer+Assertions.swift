// SPDX-License-Identifier: Apache-2.0
// Keywords that judge a value by themselves.
internal import DragomanDocument

extension Explainer {
    /// What is wrong: empty for nothing, nil where the keyword is not about such values.
    func details(_ rule: Rule, _ schema: Subschema, _ node: Node) -> [String]? {
        switch rule.content {
        case .types(let types):
            let dialect = schema.resource.rules.dialect
            return isOf(types, node, dialect) ? [] : [detail(Sentence.type(types, node))]
        case .values(let values):
            if values.contains(where: { ValueEquality.equal($0, node) }) { return [] }
            return [detail(Sentence.values(values, isConstant: rule.name == .const, node))]
        case .bound(let isMinimum, let isExclusive):
            guard node.isNumber else { return nil }
            let order =
                ExactNumber.compare(ExactNumber(node.bytes), ExactNumber(rule.value.bytes))
                * (isMinimum ? 1 : -1)
            if order > 0 || (order == 0 && !isExclusive) { return [] }
            return [detail(Sentence.bound(rule.value, isMinimum, isExclusive))]
        case .multiple(let divisor):
            guard node.isNumber else { return nil }
            return divisor.divides(node.bytes)
                ? [] : [detail("must be a multiple of \(rule.value.string)")]
        case .count(let count): return details(rule, count, node)
        case .unique:
            guard node.kind == .array else { return nil }
            return context.isUnique(node) ? [] : [detail(Sentence.twins(node))]
        case .pattern(let pattern):
            guard node.kind == .string else { return nil }
            return PatternCode.matches(pattern.code, node.bytes, context)
                || context.refused(at: node)
                ? []
                : [
                    detail(
                        schema.expectation.map { "must be \($0)" } ?? Sentence.pattern(pattern))
                ]
        case .format(let format):
            guard node.kind == .string else { return nil }
            return format.accepts(node.bytes) ? [] : [detail("must be \(format.phrase)")]
        case .names(let names):
            guard node.kind == .object else { return nil }
            return names.filter { node.member($0.bytes) == nil }
                .map { name in detail(Sentence.missing(name)) }
        case .namesByName(let members):
            guard node.kind == .object else { return nil }
            var details: [String] = []
            for member in members where node.member(member.name.bytes) != nil {
                for name in member.names where node.member(name.bytes) == nil {
                    details.append(detail(Sentence.missing(name, besides: member.name)))
                }
            }
            return details
        default: return nil
        }
    }

    private func isOf(_ types: SchemaTypes, _ node: Node, _ dialect: SchemaDialect) -> Bool {
        switch node.kind {
        case .null: return types.contains(.null)
        case .true, .false: return types.contains(.boolean)
        case .integer: return types.contains(.integer)
        case .decimal:
            if types.contains(.fraction) { return true }
            return types.contains(.integer) && dialect != .draft4
                && ExactNumber(node.bytes).isInteger
        case .array: return types.contains(.array)
        case .object: return types.contains(.object)
        default: return types.contains(.string)
        }
    }

    private func details(_ rule: Rule, _ count: Int, _ node: Node) -> [String]? {
        let kind: Kind
        let isMinimum: Bool
        switch rule.name {
        case .minLength: (kind, isMinimum) = (.string, true)
        case .maxLength: (kind, isMinimum) = (.string, false)
        case .minItems: (kind, isMinimum) = (.array, true)
        case .maxItems: (kind, isMinimum) = (.array, false)
        case .minProperties: (kind, isMinimum) = (.object, true)
        default: (kind, isMinimum) = (.object, false)
        }
        guard node.kind == kind else { return nil }
        let actual = kind == .string ? TextScan.scalarCount(node.bytes) : node.count
        if isMinimum ? actual >= count : actual <= count { return [] }
        return [detail(Sentence.count(kind, isMinimum, count, actual))]
    }
}
