// SPDX-License-Identifier: Apache-2.0
// Errors by rule (MAPPING.md): the first rule of the mapping whose condition holds says what the
// client is told of a backend's error.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping

extension Exchange {
    /// The problem as the mapping's rules change it, once.
    func ruled(_ problem: Problem) -> Problem {
        guard let route, !route.errors.isEmpty, !problem.isRuled else { return problem }
        let status = Document()
        if backendStatus > 0 {
            status.append(Int64(backendStatus))
            context.set(.status, status.root)
        }
        if context.value(.replyHeaders) == nil, let fields = stream?.fields ?? reply.fields {
            setReplyHeaders(fields)
        }
        guard let rule = route.errors.first(where: { $0.matches(context) }) else {
            return problem
        }
        var ruled = problem
        ruled.isRuled = true
        do throws(TranslationError) {
            if let status = try rule.answerStatus(context) { ruled.status = status }
            ruled.type = try text(rule.type) ?? ruled.type
            ruled.title = try text(rule.title) ?? ruled.title
            ruled.detail = try text(rule.detail) ?? ruled.detail
            if let template = rule.members { try append(template, to: &ruled) }
        } catch {
            var failed = Problem(
                .mapping, detail: "A rule for errors failed: \(error.detail)")
            failed.isRuled = true
            return failed
        }
        return withExtendedLifetime(status) { ruled }
    }

    private func text(_ template: Interpolation?) throws(TranslationError) -> String? {
        guard let template else { return nil }
        fieldText.removeAll()
        guard try template.write(context, to: fieldText) else { return nil }
        return fieldText.string
    }

    /// What a problem says in any case, or by other keys of the rule.
    private static let ownMembers: Set<String> = [
        "type", "title", "status", "detail", "errors", "omitted", "limit", "upstream", "grpc",
        "fault",
    ]

    /// Members of the rule beside the problem's own, which they do not replace.
    private func append(
        _ template: TemplateProgram, to problem: inout Problem
    ) throws(TranslationError) {
        let members = Document()
        guard try template.build(context, into: members), let built = members.root else { return }
        let copy = Document()
        copy.append(copy: built)
        problem.members.append { document in
            guard let root = copy.root, root.isObject else { return }
            for member in root.members where !Self.ownMembers.contains(member.name.string) {
                document.key(member.name.bytes)
                document.append(copy: member.value)
            }
        }
    }
}
