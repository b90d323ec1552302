// SPDX-License-Identifier: Apache-2.0
// How far a backend's answer has been read, by protocol, and where its events lead.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML
internal import NIOCore

enum ReplyState {
    /// Nothing has come, or what comes is passed on.
    case none
    /// What has come of the message is in `messages`.
    case grpc(HeaderFields)
    case soap(SOAPReplyReader, HeaderFields)
    case xml(XMLReplyReader, HeaderFields)
    /// An http backend's answer, gathered in `replyDocument`.
    case json(HeaderFields)

    /// The head's fields.
    var fields: HeaderFields? {
        switch self {
        case .none: nil
        case .grpc(let fields), .json(let fields): fields
        case .soap(_, let fields), .xml(_, let fields): fields
        }
    }
}

extension Exchange {
    func receiveHead(_ status: Int, _ fields: HeaderFields) throws(ReplyError) {
        guard let route, let call = route.call else { return }
        backendStatus = status
        switch call {
        case .grpc(let call): try receiveGRPCHead(call, status, fields)
        case .soap(let call): try receiveSOAPHead(call, status, fields)
        case .xml(let call): try receiveXMLHead(call, status, fields)
        case .http: try receiveHTTPHead(route, status, fields)
        }
    }

    func receiveBody(_ bytes: ByteBuffer) throws(ReplyError) {
        if case .passing = stage { return passBody(bytes) }
        guard let route, isTranslating else { return }
        switch reply {
        case .none: break
        case .grpc: try receiveGRPCBody(bytes)
        case .soap(let reader, _):
            try checkReplySize(bytes, route)
            try feed(bytes) { (octets) throws(TranslationError) in try reader.feed(octets) }
            if drain.hasBegun { try sendDrained() }
        case .xml(let reader, _):
            try checkReplySize(bytes, route)
            try feed(bytes) { (octets) throws(TranslationError) in try reader.feed(octets) }
            if drain.hasBegun { try sendDrained() }
        case .json:
            try checkReplySize(bytes, route)
            bytes.withUnsafeReadableBytes { replyDocument.append(source: $0) }
        }
    }

    /// Through the entity's codings, where it has any.
    private func feed(
        _ bytes: ByteBuffer, _ reader: (UnsafeRawBufferPointer) throws(TranslationError) -> Void
    ) throws(ReplyError) {
        do throws(TranslationError) {
            try bytes.withUnsafeReadableBytes { octets -> Result<Void, TranslationError> in
                do throws(TranslationError) {
                    if let entity {
                        return .success(try entity.feed(octets, reader))
                    }
                    return .success(try reader(octets))
                } catch {
                    return .failure(error)
                }
            }.get()
        } catch {
            throw .translation(error)
        }
    }

    func receiveEnd(_ trailers: HeaderFields?) throws(ReplyError) {
        if case .passing = stage {
            stage = .answered
            client?.sendEnd()
            return
        }
        guard let route, let call = route.call, isTranslating else { return }
        switch (reply, call) {
        case (.grpc(let fields), .grpc(let call)): try receiveGRPCEnd(call, fields, trailers)
        case (.soap(let reader, let fields), .soap(let call)):
            try receiveSOAPEnd(call, reader, fields)
        case (.xml(let reader, let fields), .xml(let call)):
            try receiveXMLEnd(call, reader, fields)
        case (.json(let fields), _): try receiveJSONEnd(route, fields)
        default: break
        }
    }

    /// `reply_headers`, of routes whose templates may read them: a name with one line is its
    /// text, one with several an array.
    func setReplyHeaders(_ fields: HeaderFields) {
        guard let route, route.response.mayReadReplyHeaders || !route.errors.isEmpty else { return }
        replyHeaders.removeAll()
        replyHeaders.beginObject()
        for index in fields.indices {
            let name = fields.name(at: index)
            guard fields.firstIndex(name) == index else { continue }
            replyHeaders.key(name)
            let values = fields.values(name)
            if values.count > 1 { replyHeaders.beginArray() }
            for value in values { replyHeaders.append(string: value) }
            if values.count > 1 { replyHeaders.endArray() }
        }
        if case .soap(let reader, _) = reply, let blocks = reader.headers.root {
            replyHeaders.key("soap")
            replyHeaders.append(copy: blocks)
        }
        replyHeaders.endObject()
        context.set(.replyHeaders, replyHeaders.root)
    }

    private func checkReplySize(_ bytes: ByteBuffer, _ route: RoutePlan) throws(ReplyError) {
        replyBytes += bytes.readableBytes
        guard replyBytes > route.limits.reply else { return }
        throw .translation(
            TranslationError(.size, "The backend's answer is larger than it may be."))
    }

    /// Lets go of what reads the answer.
    func giveBackReply() {
        if case .soap(let reader, _) = reply, case .soap(let call) = route?.call {
            worker.giveBack(reader, call.contract)
        }
        if case .xml(let reader, _) = reply, case .xml(let call) = route?.call {
            worker.giveBack(reader, call.contract)
        }
        if case .grpc = reply { messages = GRPCMessageReader(messageBytesMax: 0) }
        reply = .none
        largeReply = nil
        entity = nil
        replyBytes = 0
        backendStatus = 0
        statusDocument = nil
        statusCode = nil
    }

    /// The answer's body, or one message of a stream, as the mapping makes it of `reply`.
    func answerNode(_ route: RoutePlan) throws(TranslationError) -> Node? {
        guard let node = try route.response.answer(context, into: answer) else { return nil }
        if let returns = route.response.returns, !returns.isValid(node, context) {
            let detail =
                "The backend's answer is not what the mapping's `returns` says"
                + (returns.firstViolation(of: node, in: [answer, replyDocument]).map {
                    ": \($0)."
                } ?? ".")
            guard route.response.mismatch == .report else {
                throw TranslationError(.message, keyword: "returns", detail)
            }
            note([detail])
        }
        return node
    }
}
