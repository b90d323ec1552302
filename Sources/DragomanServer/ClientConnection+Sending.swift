// SPDX-License-Identifier: Apache-2.0
// What a handler may do to its client's connection: send an answer, whole or as it comes, and
// hold back the request's body.

internal import DragomanGateway
internal import DragomanHTTP
internal import NIOCore

extension ClientConnection: ClientSide {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    var address: String {
        if let cachedAddress { return cachedAddress }
        let address = context?.remoteAddress?.ipAddress ?? "unix"
        cachedAddress = address
        return address
    }

    var localAddress: String {
        guard let local = context?.localAddress, let host = local.ipAddress, let port = local.port
        else { return "unix" }
        return host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
    }

    func sendContinue() {
        guard owesContinue, !response.isHeadSent else { return }
        owesContinue = false
        write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))
        flushIfNeeded()
    }

    func sendResponse(status: Int, fields: HeaderFields, body: UnsafeRawBufferPointer) {
        guard let context, !response.isHeadSent else { return }
        prepareEnd()
        var buffer = worker.takeBuffer(context.channel.allocator)
        response.writeHead(
            status: status, fields: fields, length: body.count, date: worker.date(),
            to: &buffer)
        if response.hasBody(status) { buffer.writeBytes(body) }
        response.isComplete = true
        write(buffer)
        worker.giveBack(buffer)
        sent()
    }

    func sendHead(status: Int, fields: HeaderFields, length: Int?) {
        guard let context, !response.isHeadSent else { return }
        prepareEnd()
        var buffer = context.channel.allocator.buffer(capacity: 512)
        response.writeHead(
            status: status, fields: fields, length: length, date: worker.date(),
            to: &buffer)
        write(buffer)
        flushSoon()
    }

    func sendBody(_ bytes: ByteBuffer) {
        guard let context, response.isHeadSent, !response.isComplete, !response.isBrokenOff,
            response.mayHaveBody, bytes.readableBytes > 0
        else { return }
        if response.isChunked {
            write(ResponseState.chunkHead(bytes.readableBytes, context.channel.allocator))
            write(bytes)
            write(ByteBuffer(staticString: "\r\n"))
        } else {
            write(bytes)
        }
        flushSoon()
    }

    func sendEnd() {
        guard response.isHeadSent, !response.isComplete else { return }
        if response.isChunked, response.mayHaveBody {
            write(ByteBuffer(staticString: "0\r\n\r\n"))
        }
        response.isComplete = true
        flushSoon()
        sent()
    }

    func breakOff() {
        guard !response.isComplete else { return }
        response.closesAfter = true
        response.isBrokenOff = true
        if !isInsideRead { breakOffNow() }
    }

    func setBodyIdle(_ time: TimeAmount?) {
        bodyIdle = time
        if case .body = state { armBody() }
    }

    func pauseBody() { isBodyPaused = true }

    func resumeBody() {
        guard isBodyPaused else { return }
        isBodyPaused = false
        if case .body = state { armBody() }
        readAgainIfWanted()
    }

    /// Settles, before the head goes out, whether the connection stays.
    private func prepareEnd() {
        if case .body = state, !isBodyHere { response.closesAfter = true }
        if worker.isDraining { response.closesAfter = true }
    }

    func flushSoon() {
        if !isInsideRead, !isFlushDue {
            isFlushDue = true
            worker.flushSoon(self)
        }
    }

    private func sent() {
        if !isInsideRead { answeredLater() }
    }

}
