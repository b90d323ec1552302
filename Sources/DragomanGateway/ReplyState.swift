// SPDX-License-Identifier: Apache-2.0
// How far a backend's answer has been read, by protocol, and where its events lead.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanXML
internal import NIOCore

enum ReplyState {
    /// Nothing has come, or what comes is passed on.
    case none
    case grpc(GRPCReply)
    case soap(SOAPReplyReader, HeaderFields)
    /// An http backend's answer, gathered in `replyDocument`.
    case json(HeaderFields)
}

extension Exchange {
    func receiveHead(_ status: Int, _ fields: HeaderFields) throws(ReplyError) {
        guard let route, let call = route.call else { return }
        backendStatus = status
        switch call {
        case .grpc(let call): try receiveGRPCHead(call, status, fields)
        case .soap(let call): receiveSOAPHead(call, status, fields)
        case .http: try receiveHTTPHead(route, status, fields)
        }
    }

    func receiveBody(_ bytes: ByteBuffer) throws(ReplyError) {
        if case .passing = stage { return passBody(bytes) }
        guard let route, case .calling = stage else { return }
        switch reply {
        case .none: break
        case .grpc(let state): try receiveGRPCBody(bytes, state)
        case .soap(let reader, _):
            try checkReplySize(bytes, route)
            do throws(TranslationError) {
                try bytes.withUnsafeReadableBytes { octets -> Result<Void, TranslationError> in
                    do throws(TranslationError) {
                        return .success(try reader.feed(octets))
                    } catch {
                        return .failure(error)
                    }
                }.get()
            } catch {
                throw .translation(error)
            }
        case .json:
            try checkReplySize(bytes, route)
            bytes.withUnsafeReadableBytes { replyDocument.append(source: $0) }
        }
    }

    func receiveEnd(_ trailers: HeaderFields?) throws(ReplyError) {
        if case .passing = stage {
            stage = .answered
            client?.sendEnd()
            return
        }
        guard let route, let call = route.call, case .calling = stage else { return }
        switch (reply, call) {
        case (.grpc(let state), .grpc(let call)): try receiveGRPCEnd(call, state, trailers)
        case (.soap(let reader, let fields), .soap(let call)):
            try receiveSOAPEnd(call, reader, fields)
        case (.json(let fields), _): try receiveJSONEnd(route, fields)
        default: break
        }
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
        reply = .none
        replyBytes = 0
        backendStatus = 0
        statusDocument = nil
    }
}
