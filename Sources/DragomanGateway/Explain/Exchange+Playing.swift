// SPDX-License-Identifier: Apache-2.0
// A backend that is not there: what it is taken to answer comes to the exchange as if it had.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML
internal import NIOCore

extension Exchange {
    /// The backend answers so. Returns why it can not; nil where it did.
    func play(_ reply: ExplainReply) -> String? {
        guard let plan = route?.call, isWaiting else { return nil }
        var fields = HeaderFields()
        for (name, value) in reply.headers { fields.append(name, value) }
        switch plan {
        case .grpc(let call): return playGRPC(reply, call, fields)
        case .soap(let call): return playSOAP(reply, call, fields)
        case .xml:
            if !fields.contains("content-type") {
                fields.append("content-type", "application/xml" as StaticString)
            }
            play(reply.status ?? 200, fields, reply.bytes ?? [])
            return nil
        case .http:
            if !fields.contains("content-type") {
                fields.append("content-type", "application/json" as StaticString)
            }
            play(reply.status ?? 200, fields, reply.bytes ?? [])
            return nil
        }
    }

    private func play(_ status: Int, _ fields: HeaderFields, _ bytes: [UInt8]) {
        backendReceivedHead(status: status, fields: fields)
        if isWaiting, !bytes.isEmpty { backendReceivedBody(ByteBuffer(bytes: bytes)) }
        if isWaiting { backendReceivedEnd(trailers: nil) }
    }

    /// Its call is under way.
    var isWaiting: Bool {
        switch stage {
        case .calling, .passing: true
        default: false
        }
    }

    // MARK: gRPC

    /// The texts of a reply's messages: of a backend that streams, an array's items or lines.
    private func texts(_ bytes: [UInt8], _ call: GRPCCall) -> [[UInt8]] {
        call.method.isServerStreaming ? StreamTexts.split(bytes) : [bytes]
    }

    private func playGRPC(
        _ reply: ExplainReply, _ call: GRPCCall, _ fields: HeaderFields
    ) -> String? {
        var fields = fields
        if !fields.contains("content-type") {
            fields.append("content-type", "application/grpc" as StaticString)
        }
        var trailers = HeaderFields()
        trailers.append("grpc-status", String(reply.status ?? 0))
        for name in ["grpc-message", "grpc-status-details-bin"] {
            for value in fields.values(name) { trailers.append(name, value) }
            fields.remove(name)
        }
        var problem: String?
        var messages: [[UInt8]] = []
        if reply.status ?? 0 == 0 || reply.bytes != nil {
            for text in texts(reply.bytes ?? [], call) {
                switch ProtoJSONText.wire(text, call.originalReply, call.options) {
                case .success(let bytes): messages.append(bytes)
                case .failure(let failure):
                    // It may be the message's own bytes; reading them will tell.
                    messages.append(text)
                    if failure.isJSON {
                        let name = call.contract.messages[call.method.output].fullName
                        problem = "this is no \(name): \(failure.detail)"
                    }
                }
            }
        }
        backendReceivedHead(status: 200, fields: fields)
        for message in messages where isWaiting { backendReceivedBody(frame(message)) }
        if isWaiting { backendReceivedEnd(trailers: trailers) }
        return problem
    }

    private func frame(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(message.count))
        buffer.writeBytes(message)
        return buffer
    }

    // MARK: SOAP

    private func playSOAP(
        _ reply: ExplainReply, _ call: SOAPCall, _ fields: HeaderFields
    ) -> String? {
        var fields = fields
        if !fields.contains("content-type") {
            let isNew = call.operation.version == .soap12
            fields.append(
                "content-type", isNew ? "application/soap+xml" : "text/xml; charset=utf-8")
        }
        guard let given = reply.bytes else {
            play(reply.status ?? (call.operation.isOneWay ? 202 : 200), fields, [])
            return nil
        }
        let content: XMLFragment
        do throws(DragomanXML.ContractProblem) {
            content = try XMLFragment(given)
        } catch {
            play(reply.status ?? 200, fields, given)
            return error.message
        }
        var envelope = given
        if !content.isEnvelope {
            let open =
                "<soap:Envelope xmlns:soap=\"\(call.operation.version.envelope)\"><soap:Body>"
            envelope =
                Array(open.utf8) + content.bytes
                + Array("</soap:Body></soap:Envelope>".utf8)
        }
        // What is written without security is taken for what the backend means.
        isReplyBare = !content.isSecured
        defer { isReplyBare = false }
        let isFault = content.body.first?.name.local == "Fault"
        play(reply.status ?? (isFault ? 500 : 200), fields, envelope)
        return nil
    }
}

/// Elements as examples write them: an Envelope, or what its Body holds.
struct XMLFragment {
    /// Without an XML declaration.
    let bytes: [UInt8]
    /// The elements of the text itself.
    let elements: [XMLElement]

    init(_ given: [UInt8]) throws(DragomanXML.ContractProblem) {
        var text = given[...]
        while let first = text.first, XMLCharacters.isSpace(first) { text = text.dropFirst() }
        if text.starts(with: "<?xml".utf8) {
            let end = text.firstIndex(of: 0x3E).map { text.index(after: $0) } ?? text.endIndex
            text = text[end...]
        }
        bytes = Array(text)
        let whole = Array("<all>".utf8) + bytes + Array("</all>".utf8)
        elements = try XMLTreeReader.read(whole, file: "example").elements
    }

    var isEnvelope: Bool { elements.count == 1 && elements[0].name.local == "Envelope" }

    /// It has a Security block.
    var isSecured: Bool {
        let header = elements.first?.elements.first { $0.name.local == "Header" }
        return isEnvelope && header?.first(WSSecurityNames.extension, "Security") != nil
    }

    /// What the Body holds.
    var body: [XMLElement] {
        guard isEnvelope else { return elements }
        return elements[0].elements.first { $0.name.local == "Body" }?.elements ?? []
    }
}

/// ProtoJSON as people write it, in the mapping's own form or in protobuf's.
enum ProtoJSONText {
    struct Failure: Error {
        let isJSON: Bool
        let detail: String
    }

    static func wire(
        _ text: [UInt8], _ plan: DragomanProtobuf.MessagePlan, _ options: ProtoJSONOptions
    ) -> Result<[UInt8], Failure> {
        if text.isEmpty { return .success([]) }
        let document = Document()
        text.withUnsafeBytes { document.append(source: $0) }
        do throws(JSONSyntaxError) { try document.readJSON() } catch {
            return .failure(Failure(isJSON: false, detail: "this is no JSON: \(error.detail)"))
        }
        guard let root = document.root else { return .success([]) }
        let output = OutputBuffer()
        do throws(TranslationError) {
            try plan.write(root, to: output, options)
        } catch {
            guard (try? plan.write(root, to: output)) == nil else {
                return .success(Array(output.bytes))
            }
            let place = error.place.flatMap { document.pointer(to: $0) } ?? ""
            let detail = place.isEmpty ? error.detail : "\(place): \(error.detail)"
            return .failure(Failure(isJSON: true, detail: detail))
        }
        return .success(Array(output.bytes))
    }

    /// The message as ProtoJSON, in protobuf's own form.
    static func document(
        _ bytes: [UInt8], _ plan: DragomanProtobuf.MessagePlan
    ) -> Document? {
        let document = Document()
        let isRead = bytes.withUnsafeBytes {
            do throws(TranslationError) {
                try plan.read($0, into: document)
                return true
            } catch {
                return false
            }
        }
        return isRead ? document : nil
    }
}
