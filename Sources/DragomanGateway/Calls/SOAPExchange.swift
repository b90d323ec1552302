// SPDX-License-Identifier: Apache-2.0
// Calls to SOAP backends: an Envelope over HTTP/1.1, its answer read as it arrives.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanXML
internal import NIOCore

extension Exchange {
    func makeSOAP(_ call: SOAPCall, _ node: Node?) throws(TranslationError) -> BackendRequest {
        let header = try call.header?.message(context, into: headerDocument)
        var fields = HeaderFields(reservingFields: 6, bytes: 256)
        if call.isMTOM || !call.operation.request.attachments.isEmpty {
            let type = try worker.packageWriter.write(
                call.operation, body: node, asMTOM: call.isMTOM, to: output
            ) { (body, envelope) throws(TranslationError) in
                try self.writeEnvelope(call, body, header, to: envelope)
            }
            fields.append("content-type", type)
        } else {
            try writeEnvelope(call, node, header, to: output)
            fields.append("content-type", call.operation.contentType)
        }
        if let action = call.operation.soapAction { fields.append("soapaction", action) }
        Forwarding.trace(head.fields, into: &fields)
        try setFields(call.headers, into: &fields)
        return BackendRequest(
            method: "POST", path: call.path.string, fields: fields,
            body: .bytes(ByteBuffer(bytes: output.bytes)))
    }

    private func writeEnvelope(
        _ call: SOAPCall, _ body: Node?, _ header: Node?, to output: OutputBuffer
    ) throws(TranslationError) {
        let security = security(of: call)
        guard security != nil || call.address != nil else {
            return try worker.soapWriter.write(
                call.operation, body: body, header: header, to: output)
        }
        let version = call.operation.version
        let prefix = call.operation.envelopePrefix
        let addressing = call.address.map {
            AddressingBlocks(
                to: $0.string, call.operation, version: version, envelopePrefix: prefix)
        }
        let blocks =
            security?.blocks(
                version, envelopePrefix: prefix, addressing: addressing)
            ?? SecurityBlocks(addressing: addressing?.text ?? "")
        try worker.soapWriter.write(
            call.operation, body: body, header: header, blocks: blocks.text,
            bodyAttributes: blocks.signsBody ? MessageSecurity.bodyAttributes : nil, to: output)
        guard let security else { return }
        if security.encryptor != nil, worker.interceptor != nil {
            plainMessage = Array(output.bytes)
        }
        try security.secure(
            blocks, at: worker.soapWriter.blocksStart, body: worker.soapWriter.bodyRange, in: output
        )
    }

    func security(of call: SOAPCall) -> MessageSecurity? {
        guard let plan, plan.upstreams[call.upstream].hasSecurity else { return nil }
        return worker.identities(of: plan).securities[call.upstream]
    }

    func receiveSOAPHead(
        _ call: SOAPCall, _ status: Int, _ fields: HeaderFields
    ) throws(ReplyError) {
        let reader = worker.takeSOAPReader(call.contract)
        reader.options = ReadOptions(reporting: route?.response.mismatch == .report)
        reader.limits = XMLLimits(depthMax: (route?.limits.depth ?? 100) + 10)
        entity = try ReplyEntity.make(
            fields, bytesMax: route?.limits.reply ?? 0,
            isHeld: security(of: call)?.holdsReplies ?? false)
        reply = .soap(reader, fields)
        // An answer of several parts is read once it has been taken apart.
        if entity?.isHeld ?? false { return }
        let document = replyDocument
        fields.withOptionalValue("content-type") {
            reader.begin(call.operation, status: status, contentType: $0, into: document)
        }
        if let from = drainsFrom, call.operation.reply.attachments.isEmpty {
            reader.stream(to: drain, from: from)
        }
    }

    func receiveSOAPEnd(
        _ call: SOAPCall, _ reader: SOAPReplyReader, _ fields: HeaderFields
    ) throws(ReplyError) {
        let outcome: SOAPReplyReader.Outcome
        do throws(TranslationError) {
            if let entity { try finish(entity, call, reader, fields) }
            if let index = head.fields.firstIndex("accept-language") {
                let language = Array(head.fields.value(at: index).utf8)
                outcome = try finish(reader, language)
            } else {
                outcome = try reader.finish()
            }
        } catch {
            if error.reason == .message, !(200..<300).contains(backendStatus) {
                // A status that is no success is for the mapping's rules, as a fault is.
                var problem = upstreamProblem(.invalidReply, error.detail)
                if (300..<400).contains(backendStatus) { problem.detail = statusDetail(fields) }
                throw .problem(problem)
            }
            throw .translation(error)
        }
        note(reader.mismatches)
        switch outcome {
        case .reply:
            do throws(TranslationError) {
                try checkProtection(call)
            } catch {
                throw .translation(error)
            }
            if drain.hasBegun { return try sendDrainedEnd() }
            context.set(.reply, replyDocument.root)
            try answerReply(fields)
        case .fault:
            context.set(.fault, replyDocument.root)
            throw .problem(faultProblem())
        }
    }

    private func finish(
        _ reader: SOAPReplyReader, _ language: [UInt8]
    ) throws(TranslationError) -> SOAPReplyReader.Outcome {
        try language.withUnsafeBytes { bytes -> Result<SOAPReplyReader.Outcome, TranslationError> in
            do throws(TranslationError) {
                return .success(try reader.finish(acceptLanguage: bytes))
            } catch {
                return .failure(error)
            }
        }.get()
    }

    /// Client and Sender are the client's fault, and so is `Client.X`; every other the backend's.
    private func faultProblem() -> Problem {
        guard let fault = replyDocument.root else { return Problem(.fault) }
        let code = fault.member("code")?.string ?? ""
        let first = code.prefix { $0 != "." }
        let isClients = first == "Client" || first == "Sender"
        var problem = Problem(.fault, status: isClients ? 400 : 502)
        problem.detail = fault.member("reason").map { clipped($0.string) }
        if !isClients { problem.upstream = upstreamName }
        let shown = Document()
        appendFault(fault, to: shown)
        problem.members.append { document in
            guard let root = shown.root else { return }
            document.key("fault")
            document.append(copy: root)
        }
        return problem
    }

    /// What the client may see of it: `@any` of the detail is for expressions only.
    private func appendFault(_ fault: Node, to document: Document) {
        document.beginObject()
        var members = fault.members
        while let member = members.next() {
            if member.name.textEquals("detail") {
                appendDetail(member.value, to: document)
                continue
            }
            document.key(member.name.bytes)
            if member.name.textEquals("reason"), member.value.isString {
                document.append(string: clipped(member.value.string))
            } else {
                document.append(copy: member.value)
            }
        }
        document.endObject()
    }

    private func appendDetail(_ detail: Node, to document: Document) {
        guard detail.isObject else { return }
        let declared = detail.members.filter { !$0.name.textEquals("@any") }
        guard !declared.isEmpty else { return }
        document.key("detail")
        document.beginObject()
        for member in declared {
            document.key(member.name.bytes)
            document.append(copy: member.value)
        }
        document.endObject()
    }

    /// The first line of a backend's message, at most 1,024 characters.
    func clipped(_ message: String) -> String {
        String(message.prefix { !$0.isNewline }.prefix(1024))
    }
}

extension ReadOptions {
    init(reporting: Bool) {
        self.init()
        reportsMismatch = reporting
        checksFacets = !reporting
    }
}
