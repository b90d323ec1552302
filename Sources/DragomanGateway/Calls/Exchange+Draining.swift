// SPDX-License-Identifier: Apache-2.0
// Answers too large to be held (MAPPING.md, "Streams"): above `buffer`, what is complete goes out
// in the contract's JSON form where nothing of the mapping looks in. A failure after that breaks
// the connection off, so that a client can tell.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

extension Exchange {
    /// Bytes of an answer from which on it goes out as it is read; nil where it is held whole.
    var drainsFrom: Int? {
        guard let route, stepCall == nil, (200..<300).contains(backendStatus),
            case .reply = route.response.body, route.response.returns == nil,
            route.response.produced == nil,
            route.response.headers.isEmpty, case .constant = route.response.status
        else { return nil }
        return route.limits.buffer
    }

    /// The client has the head of its answer, and not yet its end.
    var isPassing: Bool {
        switch stage {
        case .passing, .draining: true
        default: false
        }
    }

    /// The backend's answer is being read and translated.
    var isTranslating: Bool {
        switch stage {
        case .calling, .draining: true
        default: false
        }
    }

    /// Sends what is complete; the backend is held back while the client is slower.
    func sendDrained() throws(ReplyError) {
        guard let client, drain.output.count > 0 else { return }
        if case .calling = stage { try beginDraining(client) }
        client.sendBody(ByteBuffer(bytes: drain.output.bytes))
        drain.output.removeAll(keepingAtMost: 1 << 18)
        if !client.isWritable { call?.pauseReading() }
    }

    package func clientWritabilityChanged() {
        if let stream {
            if client?.isWritable == true { stream.clientBecameWritable() }
            return
        }
        resumeLargeReply()
        guard let call, let client, isPassing else { return }
        if client.isWritable { call.resumeReading() } else { call.pauseReading() }
    }

    private func beginDraining(_ client: any ClientSide) throws(ReplyError) {
        guard let route else { return }
        var fields = HeaderFields()
        fields.append("content-type", "application/json" as StaticString)
        let status: Int
        do throws(TranslationError) {
            status = try route.response.answerStatus(context)
        } catch {
            throw .mapping(error)
        }
        stage = .draining
        worker.pool.timers.remove(self)
        client.sendHead(status: status, fields: fields, length: nil)
    }

    /// Sends an answer that was drained, and yet small enough to be held.
    func respondDrained(_ replyFields: HeaderFields) throws(ReplyError) {
        guard let route else { return }
        var fields = HeaderFields()
        if let index = replyFields.firstIndex("retry-after") {
            fields.append(fieldAt: index, of: replyFields)
        }
        fields.append("content-type", "application/json" as StaticString)
        let status: Int
        do throws(TranslationError) {
            status = try route.response.answerStatus(context)
        } catch {
            throw .mapping(error)
        }
        respond(status: status, fields: fields, body: drain.output.bytes)
    }

    func sendDrainedEnd() throws(ReplyError) {
        drain.finish(replyDocument)
        try sendDrained()
        stage = .answered
        client?.sendEnd()
    }
}
