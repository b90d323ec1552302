// SPDX-License-Identifier: Apache-2.0
// What a client is told about a document that its schema refuses.
package import DragomanDocument

/// One rule that the document breaks.
package struct Violation: Sendable, Equatable {
    /// The value, or the member (by its name), that the rule is about; `Document.pointer(to:)`
    /// gives its JSON Pointer.
    package let place: DocumentPlace
    package let keyword: String
    /// A sentence that a person understands, without the pointer.
    package let detail: String
    /// The keyword's own place: an absolute URI with a JSON Pointer as its fragment.
    package let schemaLocation: String

    /// The sentence without its question, and the name that the question is about: for reports
    /// that show suggestions in a place of their own.
    package var parts: (statement: String, suggestion: String?) {
        guard let question = detail.ranges(of: Sentence.question + "\"").last,
            detail.hasSuffix("\"?")
        else { return (detail, nil) }
        let name = detail[question.upperBound...].dropLast(2)
        guard !name.contains("\\") else { return (detail, nil) }
        return (String(detail[..<question.lowerBound]), String(name))
    }
}

/// All that is wrong with a document; empty when nothing is.
package struct ViolationReport: Sendable, Equatable {
    package var violations: [Violation] = []
    /// How many more there are.
    package var omitted = 0
}

extension SchemaProgram {
    /// Everything that the schema has against the value, in the schema's order: the first `limit`,
    /// and how many more. Allocates; ask `verdict` first.
    package func violations(
        of node: Node, _ context: EvaluationContext, limit: Int = 100
    ) -> ViolationReport {
        let explainer = Explainer(self, context, keepsAll: false)
        let finding = explainer.explain(node)
        var writer = ViolationWriter(limit: limit)
        if let abortion = context.abortion {
            writer.add(abortion, at: context.abortionPlace ?? DocumentPlace(node), root)
        } else if !finding.isValid {
            writer.add(finding, appliedBy: nil)
            writer.report.omitted += explainer.dropped
        }
        return writer.report
    }
}

/// Findings to violations.
struct ViolationWriter {
    let limit: Int
    var report = ViolationReport()

    init(limit: Int) { self.limit = limit }

    mutating func add(
        _ abortion: EvaluationContext.Abortion, at place: DocumentPlace, _ schema: Subschema
    ) {
        let keyword = abortion == .patternLimit ? "pattern" : "$ref"
        report.violations.append(
            Violation(
                place: place, keyword: keyword, detail: abortion.sentence,
                schemaLocation: schema.location))
    }

    private mutating func append(
        _ keyword: String, at node: Node, _ schema: Subschema, _ detail: String
    ) {
        guard report.violations.count < limit else {
            report.omitted += 1
            return
        }
        let token = URIReference.encoded(pointer: JSONPointer.escape(keyword))
        report.violations.append(
            Violation(
                place: DocumentPlace(node), keyword: keyword, detail: detail,
                schemaLocation: schema.location + "/" + token))
    }

    /// Adds what a schema has against its value; `applier` is the keyword that applied it, and
    /// what became of the schema that has it.
    mutating func add(
        _ finding: SchemaFinding, appliedBy applier: (keyword: String, finding: SchemaFinding)?
    ) {
        if !finding.isValid, let facet = finding.schema.facet {
            return append(
                facet, at: finding.place, finding.schema,
                "must be \(finding.schema.expectation ?? "as the contract says")")
        }
        for keyword in finding.keywords where !keyword.isValid {
            if keyword.keyword == "type", applier?.finding.saysType(of: finding) == true {
                continue
            }
            if keyword.keyword.isEmpty {
                addRefusal(finding, applier)
                continue
            }
            if keyword.keyword == "propertyNames" {
                addNames(keyword, finding)
                continue
            }
            if keyword.keyword == "pattern", finding.isFormatOfContract { continue }
            for detail in keyword.details {
                append(keyword.keyword, at: finding.place, finding.schema, detail)
            }
            let isChoice = keyword.keyword == "anyOf" || keyword.keyword == "oneOf"
            let inner = isChoice ? nearest(keyword.schemas).map { [$0] } ?? [] : keyword.schemas
            for schema in inner { add(schema, appliedBy: (keyword.keyword, finding)) }
        }
    }

    /// A schema that is `false`: the keyword that applied it is what refuses.
    private mutating func addRefusal(
        _ finding: SchemaFinding, _ applier: (keyword: String, finding: SchemaFinding)?
    ) {
        guard let applier else {
            let place = DocumentPlace(finding.node)
            guard report.violations.count < limit else {
                report.omitted += 1
                return
            }
            report.violations.append(
                Violation(
                    place: place, keyword: "false", detail: "nothing is allowed here",
                    schemaLocation: finding.schema.location))
            return
        }
        let detail =
            finding.name.map { Sentence.memberRefused($0, applier.finding.missingNames) }
            ?? "nothing is allowed here"
        append(applier.keyword, at: finding.place, applier.finding.schema, detail)
    }

    private mutating func addNames(_ keyword: KeywordFinding, _ finding: SchemaFinding) {
        for inner in keyword.schemas where !inner.isValid {
            guard let name = inner.name else { continue }
            var reasons = ViolationWriter(limit: 1)
            reasons.add(inner, appliedBy: nil)
            let reason = reasons.report.violations.first
            let detail = Sentence.nameRefused(
                name, reason.flatMap { $0.keyword == "false" ? nil : $0.detail })
            append(keyword.keyword, at: name, finding.schema, detail)
        }
    }

    // MARK: The nearest branch

    /// The branch that the value was most likely meant for: of its type, then with its constants,
    /// then with the fewest violations.
    private func nearest(_ branches: [SchemaFinding]) -> SchemaFinding? {
        var best: (score: (Int, Int, Int), finding: SchemaFinding)?
        for branch in branches where !branch.isValid {
            var counter = ViolationWriter(limit: 0)
            counter.add(branch, appliedBy: nil)
            let score = (
                branch.misses(["type"], atMembers: false) ? 1 : 0,
                branch.misses(["const", "enum"], atMembers: true) ? 1 : 0,
                counter.report.omitted
            )
            if let known = best, known.score <= score { continue }
            best = (score, branch)
        }
        return best?.finding
    }
}

extension EvaluationContext.Abortion {
    var sentence: String {
        switch self {
        case .patternLimit: "matching the pattern took more steps than are allowed"
        case .depth: "is nested more deeply than its schema can follow"
        }
    }
}

extension SchemaFinding {
    /// A format that a contract implies is refused, whose pattern only says the same again.
    fileprivate var isFormatOfContract: Bool {
        schema.location.hasPrefix("dragoman:protobuf/")
            && keywords.contains { $0.keyword == "format" && !$0.isValid }
    }

    /// Names of members that the schema, or one applied beside it, knows and the object lacks.
    fileprivate var missingNames: [String] {
        var names: [String] = []
        var pending = [schema]
        var seen: Set<ObjectIdentifier> = []
        while let next = pending.popLast(), seen.count < 100 {
            guard seen.insert(ObjectIdentifier(next)).inserted else { continue }
            for rule in next.rules {
                if case .schemasByName(let members) = rule.content, rule.name == .properties {
                    for member in members where node.member(member.name.bytes) == nil {
                        names.append(member.name.string)
                    }
                } else if rule.name != .not {
                    pending += rule.inPlace
                }
            }
        }
        return names
    }

    /// The value is refused for its type by this schema as well as by one that its `$ref` leads to,
    /// which takes all that this one takes: one of the two says it.
    fileprivate func saysType(of other: SchemaFinding) -> Bool {
        guard other.node.index == node.index, other.node.tape == node.tape,
            keywords.contains(where: { $0.keyword == "type" && !$0.isValid }),
            let types = schema.writtenTypes, let others = other.schema.writtenTypes
        else { return false }
        return types.isSubset(of: others)
    }

    /// One of the keywords refuses the value itself, or (`atMembers`) one of its members.
    fileprivate func misses(_ names: Set<String>, atMembers: Bool) -> Bool {
        for keyword in keywords where !keyword.isValid {
            if names.contains(keyword.keyword) { return true }
            switch keyword.keyword {
            case "$ref", "$dynamicRef", "$recursiveRef", "allOf":
                if keyword.schemas.contains(where: { $0.misses(names, atMembers: atMembers) }) {
                    return true
                }
            case "properties" where atMembers:
                if keyword.schemas.contains(where: { $0.misses(names, atMembers: false) }) {
                    return true
                }
            default: break
            }
        }
        return false
    }
}

extension Subschema {
    /// What its own `type` takes; nil without one.
    fileprivate var writtenTypes: SchemaTypes? {
        for case .types(let types) in rules.lazy.map(\.content) { return types }
        return nil
    }
}
