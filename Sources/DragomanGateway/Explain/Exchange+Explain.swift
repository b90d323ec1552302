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

    /// The call as it would go out. `isSent`: it really does.
    func describe(_ request: BackendRequest, isSent: Bool) -> Explanation.Backend {
        var body: [UInt8] = []
        if case .bytes(let bytes) = request.body { body = Array(bytes.readableBytesView) }
        let mask = secretMask
        var secrets: [String] = []
        let fields = mask.fields(request.fields.pairs, secrets: &secrets)
        var backend = Explanation.Backend(
            protocolName: route?.call?.protocolName ?? "", upstream: upstreamName ?? "",
            method: request.method, path: mask.path(request.path), headers: fields, body: body,
            secrets: secrets)
        switch route?.call {
        case .grpc(let call): describe(call, isSent: isSent, &backend)
        case .soap, .xml:
            if let plain = plainMessage {
                plainMessage = nil
                backend.encrypted = Self.readable(body)
                backend.body = plain
            }
            backend.body = mask.message(backend.body)
            backend.readable = Self.readable(backend.body)
        case .http, nil: break
        }
        return backend
    }

    private func describe(_ call: GRPCCall, isSent: Bool, _ backend: inout Explanation.Backend) {
        let messages = Document()
        messages.beginArray()
        backend.body.withUnsafeBytes { call.append(messagesIn: $0, to: messages) }
        messages.endArray()
        backend.message = withExtendedLifetime(messages) {
            call.method.isClientStreaming
                ? messages.root?.indentedJSON : messages.root?.item(0)?.indentedJSON ?? "{}"
        }
        guard !call.method.isClientStreaming else { return }
        backend.body = Array(backend.body.dropFirst(GRPCFrame.prefixCount))
        backend.readable = WireAnnotation.text(
            backend.body, of: call.method.input, in: call.contract)
        // A call that is explained is made uncompressed.
        guard let compression = call.compression, !isSent else { return }
        let output = OutputBuffer()
        backend.body.withUnsafeBytes { output.append($0) }
        let isCompressed = worker.deflater.deflate(output, from: 0, compression)
        let encoding = String(describing: compression.name)
        backend.compression = Explanation.Compression(
            encoding: encoding, bytes: backend.body.count,
            sentBytes: isCompressed ? output.bytes.count : nil)
        if isCompressed { backend.headers.append(("grpc-encoding", encoding)) }
    }

    /// What of a call of this exchange is not shown.
    private var secretMask: SecretMask {
        var known = head.fields.pairs.map(\.value)
        head.withPath { known.append(String(decoding: $0, as: UTF8.self)) }
        _ = head.withQuery { query in
            QueryFields.forEach(query) { _, value in
                known.append(value)
                return true
            }
        }
        if let sent = context.value(.body)?.json { known.append(sent) }
        guard let upstream = route?.call?.upstream, let plan else {
            return SecretMask(settings: nil, security: nil, known: known)
        }
        return SecretMask(
            settings: plan.upstreams[upstream].settings,
            security: worker.identities(of: plan).securities[upstream], known: known)
    }

    private static func readable(_ body: [UInt8]) -> String? {
        (try? XMLFragment(body))?.elements.map { $0.indented }.joined(separator: "\n")
    }

    /// Routes that the request could have meant, and why it did not.
    func otherRoutes() -> [Explanation.OtherRoute] {
        guard let plan else { return [] }
        let others = plan.routes.compactMap { other -> Explanation.OtherRoute? in
            guard other !== route, let reason = reason(against: other) else { return nil }
            return Explanation.OtherRoute(
                method: other.method, path: other.template.text, file: other.texts.file,
                line: other.texts.position.line, reason: reason)
        }
        guard route == nil, others.isEmpty else { return others }
        let path = head.withPath { String(decoding: $0, as: UTF8.self) }
        return NearestRoutes.find(path, in: plan.routes)
    }

    /// Nil where the path alone already differs.
    private func reason(against other: RoutePlan) -> String? {
        switch match(other.entry(hosts: [], conditions: [])) {
        case .notFound, .options: return nil
        case .methodNotAllowed: return "its method is \(other.method)"
        case .found: break
        }
        guard case .found = match(other.entry(conditions: [])) else {
            return "its host is " + other.hosts.joined(separator: " or ")
        }
        guard case .found = match(other.entry()) else {
            let wanted = other.conditions.map { "\($0.name): \($0.value)" }
            return "it wants " + wanted.joined(separator: ", ")
        }
        return "it is less specific"
    }

    private func match(_ entry: RouteEntry) -> RouteMatch {
        let table = RouteTable([entry])
        var captures: [PathCapture] = []
        return head.withPath { path in
            head.withHost { host in
                head.withMethod { method in
                    table.match(method: method, host: host, path: path, captures: &captures) {
                        head.fields.hasLine($0.name, equalTo: $0.value)
                    }
                }
            }
        }
    }

    /// What the first message of a client stream came to: its body does not stay.
    func noteExplained(element: Int) {
        guard element == 0 else { return }
        explainedStream.values = expressionValues(hasAnswer: false)
    }

    /// What is wrong with the request, with pointers into the whole of what the client sends.
    var explainedViolations: [RequestViolation] {
        guard let element = explainedStream.element else { return context.violations }
        return context.violations.map { violation in
            guard case .pointer(let pointer) = violation.place else { return violation }
            return RequestViolation(
                .pointer("/\(element)\(pointer)"), keyword: violation.keyword,
                detail: violation.detail)
        }
    }

    /// As `expressionValues`; of a client stream, those of its first message.
    func shownValues(hasAnswer: Bool) -> [Explanation.Value] {
        expressionValues(hasAnswer: hasAnswer).map { value in
            explainedStream.values.first { $0.line == value.line && $0.column == value.column }
                ?? value
        }
    }

    /// What the mapping's expressions come to, of those whose values are there.
    func expressionValues(hasAnswer: Bool) -> [Explanation.Value] {
        guard let route else { return [] }
        return route.texts.expressions.compactMap { written in
            guard let value = written.value(context, hasAnswer: hasAnswer) else { return nil }
            return Explanation.Value(
                source: written.origin.source, line: written.origin.position.line,
                column: written.origin.position.column, value: value)
        }
    }
}

extension GRPCCall {
    /// The messages of what is sent; what breaks the framing ends them.
    func append(messagesIn bytes: UnsafeRawBufferPointer, to document: Document) {
        var reader = GRPCMessageReader(messageBytesMax: bytes.count)
        var piece = bytes
        while let message = try? reader.next(from: &piece) {
            guard (try? originalRequest.read(message.bytes, into: document)) != nil else { return }
        }
    }
}

extension RoutePlan {
    fileprivate func entry(
        hosts: [String]? = nil, conditions: [RouteHeaderCondition]? = nil
    ) -> RouteEntry {
        RouteEntry(
            method: method, hosts: hosts ?? self.hosts, template: template,
            conditions: conditions ?? self.conditions)
    }
}

/// Of a client stream that is explained.
struct ExplainedStream {
    /// The element that is looked at.
    var element: Int?
    /// What the mapping's expressions came to for the first one.
    var values: [Explanation.Value] = []
}
