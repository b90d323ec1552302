// SPDX-License-Identifier: Apache-2.0
// What `explain` asks of an exchange: what it sent, and what it makes of a given reply.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML
internal import NIOCore

extension Exchange {
    /// What authentication would have found; an object.
    func setClaims(_ json: [UInt8]) {
        let document = Document()
        json.withUnsafeBytes { document.append(source: $0) }
        guard (try? document.readJSON()) != nil, document.root?.isObject == true else { return }
        explainClaims = document
        context.set(.claims, document.root)
    }

    /// What google.api.http binds: path variables and query parameters, as JSON strings.
    func boundParameters(_ route: RoutePlan) -> [(name: String, value: String)] {
        var bound: [(name: String, value: String)] = []
        head.withPath { path in
            for (variable, capture) in zip(route.template.variables, captures) {
                var text: [UInt8] = []
                guard capture.decode(path, into: &text) else { continue }
                let value = JSONText.quoted(String(decoding: text, as: UTF8.self))
                bound.append(("path.\(variable.name)", value))
            }
        }
        _ = head.withQuery { query in
            QueryFields.forEach(query) { name, value in
                bound.append(("query.\(name)", JSONText.quoted(value)))
                return true
            }
        }
        return bound
    }

    /// The call as it would go out.
    func describe(_ request: BackendRequest) -> Explanation.Backend {
        var body: [UInt8] = []
        if case .bytes(let bytes) = request.body { body = Array(bytes.readableBytesView) }
        var message: String?
        if case .grpc(let call) = route?.call {
            body = Array(body.dropFirst(5))
            let document = Document()
            body.withUnsafeBytes {
                try? call.request.read($0, into: document)
            }
            message = document.root?.indentedJSON ?? "{}"
        }
        return Explanation.Backend(
            protocolName: route?.call?.protocolName ?? "", upstream: upstreamName ?? "",
            method: request.method, path: request.path, headers: request.fields.pairs,
            body: body, message: message)
    }

    /// The backend answers so.
    func play(_ reply: ExplainReply, _ call: (request: BackendRequest, upstream: Int)) {
        guard let plan = route?.call else { return }
        var fields = HeaderFields()
        for (name, value) in reply.headers { fields.append(name, value) }
        switch plan {
        case .grpc(let call): playGRPC(reply, call, fields)
        case .soap(let call):
            var (status, bytes) = envelope(reply.bytes ?? [], call)
            status = reply.status ?? status
            if !fields.contains("content-type") {
                let isNew = call.operation.version == .soap12
                fields.append(
                    "content-type", isNew ? "application/soap+xml" : "text/xml; charset=utf-8")
            }
            play(status, fields, bytes)
            bytes = []
        case .http:
            if !fields.contains("content-type") {
                fields.append("content-type", "application/json" as StaticString)
            }
            play(reply.status ?? 200, fields, reply.bytes ?? [])
        }
    }

    private func play(_ status: Int, _ fields: HeaderFields, _ bytes: [UInt8]) {
        backendReceivedHead(status: status, fields: fields)
        if isWaiting, !bytes.isEmpty { backendReceivedBody(ByteBuffer(bytes: bytes)) }
        if isWaiting { backendReceivedEnd(trailers: nil) }
    }

    private var isWaiting: Bool {
        switch stage {
        case .calling, .passing: true
        default: false
        }
    }

    private func playGRPC(_ reply: ExplainReply, _ call: GRPCCall, _ fields: HeaderFields) {
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
        backendReceivedHead(status: 200, fields: fields)
        if isWaiting, reply.status ?? 0 == 0 || reply.bytes != nil {
            backendReceivedBody(frame(message(reply.bytes ?? [], call)))
        }
        if isWaiting { backendReceivedEnd(trailers: trailers) }
    }

    /// ProtoJSON as the message's bytes; anything else as it is.
    private func message(_ bytes: [UInt8], _ call: GRPCCall) -> [UInt8] {
        let document = Document()
        bytes.withUnsafeBytes { document.append(source: $0) }
        guard (try? document.readJSON()) != nil, let root = document.root else { return bytes }
        let output = OutputBuffer()
        guard (try? call.reply.write(root, to: output, call.options)) != nil else { return bytes }
        return Array(output.bytes)
    }

    private func frame(_ message: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeInteger(UInt8(0))
        buffer.writeInteger(UInt32(message.count))
        buffer.writeBytes(message)
        return buffer
    }

    /// An Envelope as it is; what a Body holds in one; a fault with status 500.
    private func envelope(_ bytes: [UInt8], _ call: SOAPCall) -> (Int, [UInt8]) {
        guard let root = try? XMLTreeReader.read(bytes, file: "reply") else { return (200, bytes) }
        let namespace = call.operation.version.envelope
        if root.name.local == "Envelope" {
            let isFault =
                root.elements.contains { body in
                    body.name.local == "Body" && body.elements.first?.name.local == "Fault"
                }
            return (isFault ? 500 : 200, bytes)
        }
        let text = String(decoding: bytes, as: UTF8.self)
        let content =
            text.hasPrefix("<?xml")
            ? text.split(separator: "?>", maxSplits: 1).dropFirst().joined() : text
        let whole =
            "<soap:Envelope xmlns:soap=\"\(namespace)\"><soap:Body>\(content)"
            + "</soap:Body></soap:Envelope>"
        return (root.name.local == "Fault" ? 500 : 200, Array(whole.utf8))
    }
}
