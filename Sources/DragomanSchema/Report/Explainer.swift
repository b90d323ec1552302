// SPDX-License-Identifier: Apache-2.0
// Applies a schema keyword by keyword and keeps everything that it finds: for documents that are
// refused, and for annotations. Slower than the instructions, and independent of them.
internal import DragomanDocument

/// One evaluation.
final class Explainer {
    let program: SchemaProgram
    let context: EvaluationContext
    /// Keeps what is fine too, for annotations.
    let keepsAll: Bool
    var scopes: [SchemaResource] = []
    private var depth = 0
    /// Its frames are larger than those of the instructions, so it goes less deep.
    private static let depthMax = 1000
    /// What nobody would read is not kept; an output form is for programs, which read all of it.
    private var detailsLeft: Int
    private var findingsLeft: Int
    /// Failures that were not kept for want of room.
    private(set) var dropped = 0

    init(_ program: SchemaProgram, _ context: EvaluationContext, keepsAll: Bool) {
        self.program = program
        self.context = context
        self.keepsAll = keepsAll
        detailsLeft = keepsAll ? .max : 2_000
        findingsLeft = keepsAll ? .max : 50_000
    }

    func explain(_ node: Node) -> SchemaFinding {
        context.begin()
        scopes = [program.root.resource]
        var evaluated = Evaluated()
        return apply(program.root, node, [], nil, &evaluated)
    }

    /// Sentences are made only as long as somebody may read them.
    func detail(_ make: @autoclosure () -> String) -> String {
        guard detailsLeft > 0 else { return "" }
        detailsLeft -= 1
        return make()
    }

    // MARK: Schemas

    /// Applies `schema` to `node`, and notes in `evaluated` what it evaluates of it.
    func apply(
        _ schema: Subschema, _ node: Node, _ tokens: [String], _ name: Node?,
        _ evaluated: inout Evaluated
    ) -> SchemaFinding {
        let finding = SchemaFinding(schema, tokens, node, name)
        if let always = schema.always {
            finding.isValid = always
            if !always {
                if findingsLeft > 0 {
                    findingsLeft -= 1
                    finding.keywords = [KeywordFinding("", isValid: false)]
                } else {
                    dropped += 1
                }
            }
            return finding
        }
        depth += 1
        defer { depth -= 1 }
        guard depth <= Explainer.depthMax, context.abortion == nil else {
            context.abort(.depth)
            finding.isValid = false
            return finding
        }
        let isOther = scopes.last !== schema.resource
        if isOther { scopes.append(schema.resource) }
        defer { if isOther { scopes.removeLast() } }
        var inner = Evaluated()
        for rule in schema.rules where !rule.isUnevaluated {
            judge(rule, finding, &inner)
        }
        for rule in schema.rules where rule.isUnevaluated {
            judge(rule, finding, &inner)
        }
        if keepsAll { annotateUnknown(finding) }
        // What a schema that fails says counts for nothing; but as long as nothing chooses among
        // schemas, a failure is final, and what it looked at need not be refused once more.
        evaluated.formUnion(inner)
        return finding
    }

    /// Applies `schema` to a value inside the one at hand.
    func applyInside(
        _ schema: Subschema, _ node: Node, _ tokens: [String], _ name: Node? = nil
    ) -> SchemaFinding {
        var nothing = Evaluated()
        return apply(schema, node, tokens, name, &nothing)
    }

    private func judge(_ rule: Rule, _ finding: SchemaFinding, _ evaluated: inout Evaluated) {
        guard let result = judge(rule, finding.schema, finding.node, &evaluated) else { return }
        if !result.isValid { finding.isValid = false }
        if let before = result.before { finding.keywords.append(before) }
        guard !result.isValid || keepsAll else { return }
        if result.schemas.isEmpty {
            // Without details it stands for schemas that were dropped themselves.
            if result.details.isEmpty && !result.isValid && !result.keyword.isEmpty { return }
            guard findingsLeft > 0 else {
                if !result.isValid { dropped += max(1, result.details.count) }
                return
            }
            findingsLeft -= 1
        }
        finding.keywords.append(result)
    }

    private func annotateUnknown(_ finding: SchemaFinding) {
        let rules = finding.schema.resource.rules
        for member in finding.schema.node.members {
            let name = KeywordName.named(member.name)
            if let name, rules.has(name) { continue }
            let result = KeywordFinding(member.name.string, isValid: true)
            result.annotation = member.value.json
            finding.keywords.append(result)
        }
    }

    /// nil where the keyword has nothing to do with the value.
    private func judge(
        _ rule: Rule, _ schema: Subschema, _ node: Node, _ evaluated: inout Evaluated
    ) -> KeywordFinding? {
        switch rule.content {
        case .annotation:
            // What a text holds is said of texts only.
            if rule.name.vocabulary == .content, node.kind != .string { return nil }
            let result = KeywordFinding(rule.name.rawValue, isValid: true)
            result.annotation = rule.value.json
            return result
        case .schemas, .schema, .condition, .reference, .dynamicReference:
            return judgeInPlace(rule, schema, node, &evaluated)
                ?? judgeInside(rule, schema, node, &evaluated)
        case .schemasByName:
            return rule.name == .properties
                ? judgeInside(rule, schema, node, &evaluated)
                : judgeInPlace(rule, schema, node, &evaluated)
        case .schemasByPattern, .items, .contains:
            return judgeInside(rule, schema, node, &evaluated)
        default:
            guard let details = details(rule, schema, node) else { return nil }
            let isValid = details.isEmpty
            let result = KeywordFinding(rule.name.rawValue, isValid: isValid, details)
            if isValid, rule.name == .format { result.annotation = rule.value.json }
            return result
        }
    }
}

extension Rule {
    var isUnevaluated: Bool { name == .unevaluatedItems || name == .unevaluatedProperties }
}
