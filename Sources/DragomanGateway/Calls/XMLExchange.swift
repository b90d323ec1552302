// SPDX-License-Identifier: Apache-2.0
// Calls to xml backends: a document, a form or nothing but a URL goes out, and a document comes
// back, without an envelope.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanXML
internal import NIOCore

extension Exchange {
    func makeXML(_ call: XMLCall, _ node: Node?) throws(TranslationError) -> BackendRequest {
        var fields = HeaderFields(reservingFields: 6, bytes: 256)
        let target = OutputBuffer(capacity: 256)
        target.append(call.path)
        var body = BackendRequest.Body.none
        if let operation = call.operation, let contract = call.contract {
            try worker.xmlWriter.write(
                operation, of: contract, body: node, target: target, to: output)
            if let type = operation.contentType {
                fields.append("content-type", type)
                body = .bytes(ByteBuffer(bytes: output.bytes))
            }
        } else if call.sendsEntity {
            guard let node else {
                throw TranslationError(.value, "The call takes a body, {\"@xml\": \"<root/>\"}.")
            }
            try worker.xmlWriter.write(body: node, to: output)
            fields.append("content-type", XMLServiceContract.contentType)
            body = .bytes(ByteBuffer(bytes: output.bytes))
        }
        fields.append("accept", "application/xml, text/xml" as StaticString)
        Forwarding.trace(head.fields, into: &fields)
        try setFields(call.headers, into: &fields)
        return BackendRequest(
            method: call.method.string, path: target.string, fields: fields, body: body)
    }

    func receiveXMLHead(
        _ call: XMLCall, _ status: Int, _ fields: HeaderFields
    ) throws(ReplyError) {
        let reader = worker.takeXMLReader(call.contract)
        reader.options = ReadOptions(reporting: route?.response.mismatch == .report)
        reader.limits = XMLLimits(depthMax: route?.limits.depth ?? 100)
        entity = try ReplyEntity.make(fields, bytesMax: route?.limits.reply ?? 0)
        let expected = call.operation?.reply ?? .anyElement
        let document = replyDocument
        fields.withOptionalValue("content-type") {
            reader.begin(
                expecting: expected, status: status, contentType: $0, into: document)
        }
        if let from = drainsFrom, call.contract != nil { reader.stream(to: drain, from: from) }
        reply = .xml(reader, fields)
    }

    func receiveXMLEnd(
        _ call: XMLCall, _ reader: XMLReplyReader, _ fields: HeaderFields
    ) throws(ReplyError) {
        guard (200..<300).contains(backendStatus) else {
            throw .problem(upstreamProblem(.invalidReply, statusDetail(fields)))
        }
        do throws(TranslationError) {
            try entity?.finish()
            try reader.finish()
        } catch {
            throw .translation(error)
        }
        note(reader.mismatches)
        if drain.hasBegun { return try sendDrainedEnd() }
        context.set(.reply, replyDocument.root)
        try answerReply(fields)
    }

    /// What a status that is no success says; a redirection is not followed.
    func statusDetail(_ fields: HeaderFields) -> String {
        let said = "The backend answered with HTTP status \(backendStatus)"
        guard (300..<400).contains(backendStatus), let place = fields.first("location") else {
            return said + "."
        }
        return said + ", a redirection to \(clipped(place)), which is not followed."
    }

    /// What did not fit the contract and was passed on, for the log.
    func note(_ mismatches: [String]) {
        guard !mismatches.isEmpty else { return }
        worker.log.mismatch(upstreamName, mismatches)
        worker.interceptor?.noted(mismatches, of: self)
    }
}

extension HeaderFields {
    /// Calls `body` with the value of the first line of that name, nil where there is none.
    func withOptionalValue(_ name: String, _ body: (UnsafeRawBufferPointer?) -> Void) {
        if let index = firstIndex(name) {
            withValue(at: index) { body($0) }
        } else {
            body(nil)
        }
    }
}
