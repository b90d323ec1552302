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
            let messages = Document()
            messages.beginArray()
            body.withUnsafeBytes { append(framesIn: $0, call, to: messages) }
            messages.endArray()
            if call.method.isClientStreaming {
                message = messages.root?.indentedJSON
            } else {
                body = Array(body.dropFirst(GRPCFrame.prefixCount))
                message = messages.root?.item(0)?.indentedJSON ?? "{}"
            }
        }
        return Explanation.Backend(
            protocolName: route?.call?.protocolName ?? "", upstream: upstreamName ?? "",
            method: request.method, path: request.path, headers: request.fields.pairs,
            body: body, message: message)
    }

    private func append(
        framesIn bytes: UnsafeRawBufferPointer, _ call: GRPCCall, to document: Document
    ) {
        var reader = GRPCMessageReader(messageBytesMax: bytes.count)
        var piece = bytes
        while let message = try? reader.next(from: &piece) {
            guard (try? call.request.read(message.bytes, into: document)) != nil else { return }
        }
    }
}
