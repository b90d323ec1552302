// SPDX-License-Identifier: Apache-2.0
// Keywords that apply schemas to members and items.
internal import DragomanDocument

extension Explainer {
    func judgeInside(
        _ rule: Rule, _ schema: Subschema, _ node: Node, _ evaluated: inout Evaluated
    ) -> KeywordFinding? {
        switch (rule.name, rule.content) {
        case (.properties, .schemasByName(let members)):
            return eachMember(rule, node, &evaluated) { name, _ in
                members.filter { $0.name.textEquals(name.bytes) }
                    .map { ($0.schema, [$0.name.string]) }
            }
        case (_, .schemasByPattern(let patterns)):
            return eachMember(rule, node, &evaluated) { name, _ in
                patterns.filter {
                    PatternCode.matches($0.pattern.code, name.bytes, self.context)
                }
                .map { ($0.schema, [$0.name.string]) }
            }
        case (.additionalProperties, .schema(let inner)):
            return eachMember(rule, node, &evaluated) { name, _ in
                self.isNamed(name, in: schema) ? [] : [(inner, [])]
            }
        case (.unevaluatedProperties, .schema(let inner)):
            let before = evaluated
            return eachMember(rule, node, &evaluated) { _, position in
                before.contains(position) ? [] : [(inner, [])]
            }
        case (.propertyNames, .schema(let inner)): return names(rule, inner, node)
        case (.prefixItems, .schemas(let schemas)), (.items, .schemas(let schemas)):
            return eachItem(rule, node, &evaluated) { position in
                position < schemas.count ? (schemas[position], ["\(position)"]) : nil
            }
        case (_, .items(let inner, let start)):
            return eachItem(rule, node, &evaluated) { $0 >= start ? (inner, []) : nil }
        case (.unevaluatedItems, .schema(let inner)):
            let before = evaluated
            return eachItem(rule, node, &evaluated) { before.contains($0) ? nil : (inner, []) }
        case (_, .contains(let inner, let least, let most, let marks)):
            guard node.kind == .array else { return nil }
            var matches: [Int] = []
            var findings: [SchemaFinding] = []
            for (position, item) in node.items.enumerated() {
                let finding = applyInside(inner, item, [])
                if keepsAll { findings.append(finding) }
                guard finding.isValid else { continue }
                matches.append(position)
                if marks { evaluated.insert(position) }
            }
            let result = contained(schema, matches, node.count, least, most)
            result.schemas = findings
            return result
        default: return nil
        }
    }

    /// A sibling keyword says something about members of that name.
    private func isNamed(_ name: Node, in schema: Subschema) -> Bool {
        for rule in schema.rules {
            switch (rule.name, rule.content) {
            case (.properties, .schemasByName(let members)):
                if members.contains(where: { $0.name.textEquals(name.bytes) }) { return true }
            case (_, .schemasByPattern(let patterns)):
                if patterns.contains(where: {
                    PatternCode.matches($0.pattern.code, name.bytes, context)
                }) {
                    return true
                }
            default: break
            }
        }
        return false
    }

    private func eachMember(
        _ rule: Rule, _ node: Node, _ evaluated: inout Evaluated,
        _ select: (Node, Int) -> [(Subschema, [String])]
    ) -> KeywordFinding? {
        guard node.kind == .object else { return nil }
        var findings: [SchemaFinding] = []
        var names: [String] = []
        for (position, member) in node.members.enumerated() {
            let selected = select(member.name, position)
            guard !selected.isEmpty else { continue }
            evaluated.insert(position)
            if keepsAll { names.append(JSONText.quoted(member.name.string)) }
            for (schema, tokens) in selected {
                let finding = applyInside(schema, member.value, tokens, member.name)
                if keepsAll || !finding.isValid { findings.append(finding) }
            }
        }
        let result = gathered(rule, findings)
        if keepsAll { result.annotation = "[" + names.joined(separator: ",") + "]" }
        return result
    }

    private func eachItem(
        _ rule: Rule, _ node: Node, _ evaluated: inout Evaluated,
        _ select: (Int) -> (Subschema, [String])?
    ) -> KeywordFinding? {
        guard node.kind == .array else { return nil }
        var findings: [SchemaFinding] = []
        var last: Int?
        for (position, item) in node.items.enumerated() {
            guard let (schema, tokens) = select(position) else { continue }
            last = position
            evaluated.insert(position)
            let finding = applyInside(schema, item, tokens)
            if keepsAll || !finding.isValid { findings.append(finding) }
        }
        let result = gathered(rule, findings)
        if keepsAll, let last {
            // A list of schemas tells how far it went; a schema for the rest goes to the end.
            result.annotation = last == node.count - 1 ? "true" : "\(last)"
        }
        return result
    }

    private func names(_ rule: Rule, _ inner: Subschema, _ node: Node) -> KeywordFinding? {
        guard node.kind == .object else { return nil }
        var findings: [SchemaFinding] = []
        for member in node.members {
            let finding = applyInside(inner, member.name, [], member.name)
            if keepsAll || !finding.isValid { findings.append(finding) }
        }
        return gathered(rule, findings)
    }

    private func contained(
        _ schema: Subschema, _ matches: [Int], _ count: Int, _ least: Int, _ most: Int?
    ) -> KeywordFinding {
        if matches.count < least {
            let isBounded = schema.node.member("minContains") != nil && least != 1
            return KeywordFinding(
                isBounded ? "minContains" : "contains", isValid: false,
                [detail(Sentence.contains(least: least, matches.count))])
        }
        if let most, matches.count > most {
            return KeywordFinding(
                "maxContains", isValid: false,
                [detail(Sentence.contains(most: most, matches.count))])
        }
        let result = KeywordFinding("contains", isValid: true)
        if keepsAll {
            let isAll = matches.count == count && count > 0
            result.annotation =
                isAll ? "true" : "[" + matches.map(String.init).joined(separator: ",") + "]"
        }
        return result
    }
}
