// SPDX-License-Identifier: Apache-2.0
// Bodies that are no JSON, on either side of an exchange: what `consumes` takes, and what
// `produces` makes of the answer.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

extension Exchange {
    // MARK: The request

    /// What is wrong with the body's media type; sets out to read it as what it is. `isStream`: it
    /// is the messages of a client stream.
    func mediaTypeProblem(_ route: RoutePlan, isStream: Bool = false) -> Problem? {
        guard !takesHTTPBody, case .json(let plan) = route.body else { return nil }
        let index = head.fields.firstIndex("content-type")
        guard let forms = plan.forms else {
            guard let index, !isJSON(at: index, isStream) else { return nil }
            let names = isStream ? "application/json or application/x-ndjson" : "application/json"
            return wrongMediaType(at: index, names + ", in UTF-8")
        }
        guard let index else { return forms.takesJSON ? nil : noMediaType(forms) }
        if forms.takesJSON, isJSON(at: index, isStream) { return nil }
        let form = head.fields.withValue(at: index) { value -> BodyForms.Form? in
            let essence = MediaType.essence(value)
            guard let slash = essence.firstIndex(of: 0x2F) else { return nil }
            return forms.form(
                UnsafeRawBufferPointer(rebasing: essence[..<slash]),
                UnsafeRawBufferPointer(rebasing: essence[(slash + 1)...]))
        }
        guard let form, form != .json else {
            return wrongMediaType(at: index, forms.names)
        }
        do throws(FormFailure) {
            self.form = try FormIntake(
                forms, form, contentType: head.fields.value(at: index), route.limits.document,
                holding: isStream ? route.limits.body : nil)
        } catch {
            return problem(of: error)
        }
        return nil
    }

    private func isJSON(at index: Int, _ isStream: Bool) -> Bool {
        head.fields.withValue(at: index) { value in
            MediaType.isJSON(value)
                || isStream && MediaType.essence(value).equalsIgnoringCase("application/x-ndjson")
        }
    }

    private func wrongMediaType(at index: Int, _ wanted: String) -> Problem {
        Problem(
            .unsupportedMediaType,
            detail: "The body must be \(wanted); "
                + "Content-Type says \(head.fields.value(at: index)).")
    }

    private func noMediaType(_ forms: BodyForms) -> Problem {
        Problem(
            .unsupportedMediaType,
            detail: "The body must be \(forms.names); there is no Content-Type.")
    }

    func receivedForm(_ bytes: ByteBuffer, _ form: FormIntake) {
        do throws(FormFailure) {
            try bytes.withUnsafeReadableBytes { octets -> Result<Void, FormFailure> in
                do throws(FormFailure) {
                    return .success(try form.feed(octets, into: body))
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            refuse(problem(of: error))
        }
    }

    /// All of the body has come: makes its value, or as much of it as a slice has room for.
    ///
    /// - Returns: whether the value is whole.
    func finishForm(
        _ form: FormIntake, pausingAfter entries: Int
    ) throws(FormFailure) -> Bool {
        let info = formInfo ?? Document(tapeCapacity: 32, textCapacity: 256)
        formInfo = info
        guard try form.finish(body, info: info, pausingAfter: entries) else { return false }
        self.form = nil
        context.set(.parts, info.root)
        return true
    }

    /// What is known of a form's parts is there for expressions from now on.
    func describeParts(_ form: FormIntake) {
        let info = Document(tapeCapacity: 32, textCapacity: 256)
        form.describe(info)
        formInfo = info
        context.set(.parts, info.root)
    }

    func problem(of failure: FormFailure) -> Problem {
        switch failure {
        case .malformed(let detail, let offset):
            let place = offset > 0 ? " (at byte \(offset))" : ""
            return Problem(
                .malformedForm, detail: "The body is no form: \(detail)\(place).")
        case .json(let part, let error):
            guard error.reason == .syntax else { return syntaxProblem(error) }
            var problem = Problem(
                .malformedJSON, detail: "The part \(part) of the form is not JSON: \(error.detail)."
            )
            problem.errors = [
                ProblemEntry(
                    .text(offset: error.offset, line: error.line, column: error.column),
                    keyword: nil, detail: error.detail)
            ]
            return problem
        case .members:
            return limitProblem(.tooLarge, "members", "The form has too many parts.")
        case .names:
            return limitProblem(.tooLarge, "names", "The form has too many names.")
        case .text:
            return limitProblem(.tooLarge, "text", "A part of the body is too large.")
        case .body:
            return limitProblem(
                .tooLarge, "body", "What stands before the form's file is too large.")
        }
    }

    // MARK: The answer

    /// Whether Accept excludes what `produces` names; a media type that the answer itself tells is
    /// not known yet.
    func producedProblem(_ produced: ProducedBody) -> Problem? {
        guard let type = produced.mediaType.constant,
            !Accept.admits(MediaType.essence(type.bytes), head.fields)
        else { return nil }
        return Problem(.notAcceptable, detail: "The answer is \(type.string).")
    }

    /// Writes the answer's bytes, and names their media type.
    func writeProduced(
        _ node: Node, _ produced: ProducedBody, _ fields: inout HeaderFields
    ) throws(TranslationError) {
        try setMediaType(produced, &fields)
        try writeProduced(node, produced)
    }

    func setMediaType(
        _ produced: ProducedBody, _ fields: inout HeaderFields
    ) throws(TranslationError) {
        fieldText.removeAll()
        let isKnown = try produced.mediaType.write(context, to: fieldText)
        let type = fieldText.bytes.withoutOuterSpace
        guard !isKnown || HeaderFields.isValidValue(type) && !type.isEmpty else {
            throw TranslationError(
                .value, keyword: "mapping", "`produces` gives what is no media type")
        }
        fields.append(
            "content-type",
            isKnown ? String(decoding: type, as: UTF8.self) : "application/octet-stream")
    }

    /// Writes the bytes that a value stands for.
    func writeProduced(_ node: Node, _ produced: ProducedBody) throws(TranslationError) {
        if case .json = produced.coding { return JSONWriter.write(node, to: output) }
        // A value that is absent makes an empty object of a template, and no bytes here.
        if node.isNull || node.isObject && node.count == 0 { return }
        guard node.isString else {
            throw TranslationError(
                .value, keyword: "mapping", "the answer is no text and no bytes", at: node)
        }
        guard append(node.bytes, produced.coding) else {
            throw TranslationError(.message, "The answer's bytes are not in the coding they have.")
        }
    }

    private func append(_ text: UnsafeRawBufferPointer, _ coding: ProducedBody.Coding) -> Bool {
        switch coding {
        case .json, .text: output.append(text)
        case .base64:
            guard let count = Base64.decodedCount(text) else { return false }
            guard count > 0 else { return true }
            let start = output.count
            output.append(atMost: count) { Base64.decode(text, to: $0) ? count : 0 }
            return output.count == start + count
        case .base16:
            guard text.count % 2 == 0 else { return false }
            for index in stride(from: 0, to: text.count, by: 2) {
                guard let high = Self.digit(text[index]), let low = Self.digit(text[index + 1])
                else { return false }
                output.append(high << 4 | low)
            }
        }
        return true
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }
}

extension BodyForms {
    /// The media types as a sentence names them.
    var names: String {
        let names = ranges.map(\.text)
        guard names.count > 1, let last = names.last else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
