// SPDX-License-Identifier: Apache-2.0
// Keywords that apply schemas to the same value.
internal import DragomanDocument

extension Explainer {
    func judgeInPlace(
        _ rule: Rule, _ schema: Subschema, _ node: Node, _ evaluated: inout Evaluated
    ) -> KeywordFinding? {
        switch (rule.name, rule.content) {
        case (.allOf, .schemas(let schemas)):
            let findings = schemas.enumerated().map {
                apply($0.element, node, ["\($0.offset)"], nil, &evaluated)
            }
            return gathered(rule, findings)
        case (.anyOf, .schemas(let schemas)), (.oneOf, .schemas(let schemas)):
            return branches(rule, schemas, node, &evaluated)
        case (.not, .schema(let inner)):
            let finding = applyInside(inner, node, [])
            let result = KeywordFinding("not", isValid: !finding.isValid)
            if finding.isValid { result.details = [detail(Sentence.not)] }
            if keepsAll { result.schemas = [finding] }
            return result
        case (.if, .condition(let condition, let then, let otherwise)):
            var inner = Evaluated()
            let holds = apply(condition, node, [], nil, &inner)
            if holds.isValid { evaluated.formUnion(inner) }
            let tested = KeywordFinding("if", isValid: true)
            if keepsAll { tested.schemas = [holds] }
            guard let next = holds.isValid ? then : otherwise else { return tested }
            let result = gathered(
                holds.isValid ? "then" : "else", [apply(next, node, [], nil, &evaluated)])
            if keepsAll { result.before = tested }
            return result
        case (_, .reference(let target)):
            return gathered(rule, [apply(target, node, [], nil, &evaluated)])
        case (_, .dynamicReference(let target, let anchor)):
            let target = dynamicTarget(target, anchor)
            return gathered(rule, [apply(target, node, [], nil, &evaluated)])
        case (.dependentSchemas, .schemasByName(let members)),
            (.dependencies, .schemasByName(let members)):
            guard node.kind == .object else { return nil }
            var findings: [SchemaFinding] = []
            for member in members where node.member(member.name.bytes) != nil {
                findings.append(
                    apply(member.schema, node, [member.name.string], nil, &evaluated))
            }
            return gathered(rule, findings)
        default: return nil
        }
    }

    /// The outermost resource entered that has the anchor says where the reference leads.
    private func dynamicTarget(_ target: Subschema, _ anchor: String) -> Subschema {
        for scope in scopes {
            for entry in program.dynamicTargets
            where entry.resource === scope && entry.anchor == anchor {
                return entry.schema
            }
        }
        return target
    }

    /// A keyword that is as good as the schemas that it applies.
    func gathered(_ keyword: String, _ findings: [SchemaFinding]) -> KeywordFinding {
        let result = KeywordFinding(keyword, isValid: findings.allSatisfy(\.isValid))
        result.schemas =
            keepsAll ? findings : findings.filter { !$0.isValid && !$0.keywords.isEmpty }
        return result
    }

    func gathered(_ rule: Rule, _ findings: [SchemaFinding]) -> KeywordFinding {
        gathered(rule.name.rawValue, findings)
    }

    private func branches(
        _ rule: Rule, _ schemas: [Subschema], _ node: Node, _ evaluated: inout Evaluated
    ) -> KeywordFinding {
        let findings = schemas.enumerated().map {
            var inner = Evaluated()
            let finding = apply($0.element, node, ["\($0.offset)"], nil, &inner)
            if finding.isValid { evaluated.formUnion(inner) }
            return finding
        }
        let matches = findings.filter(\.isValid).count
        let isValid = rule.name == .oneOf ? matches == 1 : matches > 0
        let result = KeywordFinding(rule.name.rawValue, isValid: isValid)
        if isValid || matches > 1 {
            if keepsAll { result.schemas = findings }
            if !isValid { result.details = [detail(Sentence.tooManyBranches(matches))] }
        } else {
            result.details = [detail(Sentence.noBranch(schemas.count))]
            result.schemas = findings
        }
        return result
    }
}
