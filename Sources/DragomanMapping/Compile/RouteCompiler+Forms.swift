// SPDX-License-Identifier: Apache-2.0
// `consumes` and `produces`: bodies that are no JSON (docs/decisions/0008-bodies.md).

internal import DragomanDocument
internal import DragomanProtobuf
internal import DragomanSchema

extension RouteCompiler {
    /// Parts of a form may come, whose file names and media types expressions can read.
    var takesForms: Bool { route.consumes.contains { form($0.text) == .multipart } }

    private func form(_ mediaType: String) -> BodyForms.Form {
        switch mediaType.lowercased() {
        case "multipart/form-data": .multipart
        case "application/x-www-form-urlencoded": .fields
        case "application/json": .json
        case "application/x-ndjson" where isClientStream: .json
        case let other: other.hasSuffix("+json") ? .json : .bytes
        }
    }

    // MARK: The request

    /// The body's plan, with the media types that the route takes.
    func takingForms(_ body: BodyPlan) -> BodyPlan {
        guard let first = route.consumes.first else { return body }
        guard case .json(var plan) = body else {
            file.report(
                .error, "misplaced-key", first.node,
                "the route takes no body, so that there is nothing to consume",
                expected: "`accepts`, or a `request` that reads `body`")
            return body
        }
        if let problem = misfit(plan) {
            file.report(.error, "misplaced-key", first.node, problem)
            return body
        }
        var ranges: [BodyForms.Range] = []
        for written in route.consumes {
            let type = written.text.lowercased()
            let parts = type.split(separator: "/").map(String.init)
            guard parts.count == 2 else { continue }
            if ranges.contains(where: { $0.text == type }) {
                file.report(
                    .error, "duplicate-key", written.node, "`\(type)` is in the list twice")
            }
            checkName(parts[0], parts[1], written)
            if parts[0] == "multipart", form(type) == .bytes {
                file.report(
                    .error, "wrong-value", written.node, "of multipart bodies only forms are taken",
                    expected: "multipart/form-data")
            }
            ranges.append(
                BodyForms.Range(
                    type: load.arena.text(parts[0]), subtype: load.arena.text(parts[1]),
                    form: form(type)))
        }
        plan.forms = BodyForms(ranges: ranges, members: formMembers(plan))
        return .json(plan)
    }

    /// The top-level types that are registered (RFC 9694).
    private static let topLevelTypes = [
        "application", "audio", "font", "haptics", "image", "message", "model", "multipart",
        "text", "video", "*",
    ]

    private func checkName(_ type: String, _ subtype: String, _ written: LocatedText) {
        guard !Self.topLevelTypes.contains(type), !type.hasPrefix("x-") else { return }
        file.report(
            .warning, "unknown-media-type", written.node,
            "`\(type)` is no type of media",
            expected: "one of " + Self.topLevelTypes.dropLast().joined(separator: ", "),
            suggestion: NearestName.find(type, in: Self.topLevelTypes).map { "\($0)/\(subtype)" })
    }

    private func misfit(_ plan: JSONBodyPlan) -> String? {
        if plan.isHTTPBody {
            return "a google.api.HttpBody takes bytes of any media type as it is"
        }
        return nil
    }

    /// The members that are known of the object that a form stands for.
    private func formMembers(_ plan: JSONBodyPlan) -> [BodyForms.Member] {
        guard let view = accepts?.shape.view ?? plan.accepts?.program?.view else { return [] }
        let shape = SchemaShape(view: view, source: nil, name: "body")
        return shape.memberNames.compactMap { name in
            guard case .known(let member) = shape.member(name) else { return nil }
            let isList = member.types.subtracting(.null) == .array
            let value = isList ? member.items : member
            return BodyForms.Member(
                name: name, isList: isList, isBytes: value?.isBytes ?? false,
                types: value?.types ?? .all)
        }
    }

    // MARK: The answer

    /// What `produces` makes of the answer; nil without it, or where it is wrong.
    func producedBody(_ body: ResponsePlan.Body, _ scope: TemplateScope) -> ProducedBody? {
        guard let node = route.produces else { return nil }
        guard let mediaType = TextCompiler.text(node, scope) else { return nil }
        let constant = mediaType.constant.map { $0.string.lowercased() }
        if let constant, !Self.isMediaType(constant) {
            file.report(
                .error, "wrong-value", node, "`\(constant)` is no media type",
                expected: "a media type such as application/pdf, or one `${…}` that gives one")
            return nil
        }
        let essence = constant.map { String($0.prefix { $0 != ";" && $0 != " " }) } ?? ""
        if essence == "application/json" || essence.hasSuffix("+json") {
            if case .grpc(let call) = operation.target, call.method.isServerStreaming {
                file.report(
                    .error, "misplaced-key", node,
                    "the messages of a server stream are JSON in the form that Accept chooses",
                    expected: "the media type of bytes or text, or no `produces`")
                return nil
            }
            return ProducedBody(mediaType: mediaType, coding: .json)
        }
        guard let coding = coding(of: body, node) else { return nil }
        return ProducedBody(mediaType: mediaType, coding: coding)
    }

    private static func isMediaType(_ text: String) -> Bool {
        let parts = text.prefix { $0 != ";" }.split(
            separator: "/", omittingEmptySubsequences: false)
        return parts.count == 2
            && parts.allSatisfy { part in
                let name = part.drop { $0 == " " }
                return !name.isEmpty
                    && name.utf8.allSatisfy { byte in
                        byte > 0x20 && byte < 0x7F && !"()<>@,:\\\"[]?=*".utf8.contains(byte)
                    }
            }
    }

    private func coding(
        of body: ResponsePlan.Body, _ node: YAMLNode
    ) -> ProducedBody.Coding? {
        switch body {
        case .reply:
            guard let reply = operation.reply else { return .text }
            return coding(reply, reply.types, node, isBytes: reply.isBytes)
        case .template:
            guard let response = route.response else {
                report(node, "the results of several calls")
                return nil
            }
            guard response.text != nil else {
                report(response, response.kindDescription)
                return nil
            }
            // What is wrong with the template has been said.
            let silent = MappingSource(source: file.source, collector: DiagnosticCollector())
            guard let compiled = TextCompiler.whole(response, scope(.response, silent)) else {
                return .text
            }
            var isBytes = compiled.shape?.isBytes ?? false
            if case .bytes = compiled.type.plain { isBytes = true }
            return coding(
                compiled.shape, compiled.jsonTypes ?? .all, response, isBytes: isBytes)
        case .empty, .passedThrough:
            report(node, "an answer without a body")
            return nil
        }
    }

    private func coding(
        _ shape: SchemaShape?, _ types: SchemaTypes, _ node: YAMLNode, isBytes: Bool
    ) -> ProducedBody.Coding? {
        guard types.contains(.string) else {
            report(node, TypeNames.article(types))
            return nil
        }
        if isBytes { return .base64 }
        return shape?.view.contentEncoding?.lowercased() == "base16" ? .base16 : .text
    }

    private func report(_ node: YAMLNode, _ what: String) {
        file.report(
            .error, "wrong-type", node,
            "\(what) has no form but JSON, and `produces` asks for another",
            expected: "`response: ${…}`, one text or one value of bytes")
    }
}

extension SchemaShape {
    /// A text that stands for bytes.
    var isBytes: Bool { view.contentEncoding?.lowercased() == "base64" }
}
