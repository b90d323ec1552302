// SPDX-License-Identifier: Apache-2.0
// A client and a server session joined in memory, and what a client's receiver has got.

import DragomanHTTP
import DragomanHTTP2
import NIOCore
import Testing

/// Writes down what comes.
final class Recorder: ClientStreamReceiver {
    var status: Int?
    var fields = HeaderFields()
    var body: [UInt8] = []
    var parts = 0
    var trailers: HeaderFields?
    var isEnded = false
    var failure: StreamFailure?
    var writableCount = 0
    /// Run on each part of the body.
    var onData: (() -> Void)?

    func streamReceivedHead(status: Int, fields: HeaderFields) {
        #expect(self.status == nil && !isEnded && failure == nil)
        self.status = status
        self.fields = fields
    }

    func streamReceivedData(_ bytes: ByteBuffer) {
        #expect(status != nil && !isEnded && failure == nil && bytes.readableBytes > 0)
        body += bytes.readableBytesView
        parts += 1
        onData?()
    }

    func streamReceivedEnd(trailers: HeaderFields?) {
        #expect(status != nil && !isEnded && failure == nil)
        isEnded = true
        self.trailers = trailers
    }

    func streamFailed(_ failure: StreamFailure) {
        #expect(!isEnded && self.failure == nil)
        self.failure = failure
    }

    func streamBecameWritable() { writableCount += 1 }
}

/// Both ends of one connection.
final class SessionPair {
    let client: ClientSession
    let server: ServerSession
    var requests: [ServerRequest] = []
    /// Answers at once when set.
    var answer: ((ServerRequest) -> ServerResponse)?
    /// How many bytes go over at a time.
    let piece: Int

    init(
        client: SessionLimits = SessionLimits(), server: SessionLimits = SessionLimits(),
        piece: Int = .max
    ) throws {
        self.client = try #require(ClientSession(limits: client))
        self.server = try #require(ServerSession(limits: server))
        self.piece = piece
    }

    /// Moves bytes both ways until neither side has more.
    func pump() {
        while true {
            client.actOnEvents()
            client.fillOutput(bytesMax: .max)
            server.fillOutput(bytesMax: .max)
            if client.outputBytes == 0, server.output.readableBytes == 0 { return }
            let toServer = client.allOutput()
            for part in toServer.pieces(of: piece) {
                for request in server.receive(part) {
                    requests.append(request)
                    if let answer {
                        server.respond(answer(request), to: request.streamID)
                    }
                }
            }
            let toClient = server.output
            server.output.clear()
            for part in toClient.pieces(of: piece) { client.receive(part) }
        }
    }

    func get(
        _ path: String = "/", method: String = "GET", fields: HeaderFields = HeaderFields(),
        body: OutboundQueue? = nil, to recorder: Recorder
    ) throws -> ClientStream {
        try #require(
            client.submit(
                ClientRequestHead(method: method, path: path, authority: "a.test", isTLS: false),
                fields: fields, body: body, receiver: recorder))
    }
}

extension ByteBuffer {
    /// Copies of at most `size` bytes each, so that none shares memory with another.
    func pieces(of size: Int) -> [ByteBuffer] {
        var left = self
        var found: [ByteBuffer] = []
        while left.readableBytes > 0,
            let part = left.readBytes(length: Swift.min(size, left.readableBytes))
        {
            found.append(ByteBuffer(bytes: part))
        }
        return found
    }
}

/// Frames by hand (RFC 9113 section 4.1).
enum RawFrame {
    static let settings = make(type: 4)
    static let settingsAcknowledged = make(type: 4, flags: 1)

    static func make(
        type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []
    ) -> [UInt8] {
        [
            UInt8(truncatingIfNeeded: payload.count >> 16),
            UInt8(truncatingIfNeeded: payload.count >> 8),
            UInt8(truncatingIfNeeded: payload.count), type, flags,
        ] + word(stream) + payload
    }

    static func word(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    /// A literal field without indexing, name and value shorter than 127 octets.
    static func field(_ name: String, _ value: String) -> [UInt8] {
        [0, UInt8(name.utf8.count)] + name.utf8 + [UInt8(value.utf8.count)] + value.utf8
    }

    /// `:status: 200`, from the static table.
    static let status200: [UInt8] = [0x88]
}

/// A client session whose peer is bytes by hand.
final class RawPeer {
    let client: ClientSession

    init(_ limits: SessionLimits = SessionLimits()) throws {
        client = try #require(ClientSession(limits: limits))
    }

    func submit(_ recorder: Recorder, body: OutboundQueue? = nil) throws -> ClientStream {
        try #require(
            client.submit(
                ClientRequestHead(method: "GET", path: "/", authority: "a.test", isTLS: false),
                fields: HeaderFields(), body: body, receiver: recorder))
    }

    func send(_ bytes: [UInt8], piece: Int = .max) {
        for part in ByteBuffer(bytes: bytes).pieces(of: piece) { client.receive(part) }
        turn()
    }

    /// The end of a turn; what the client would send.
    @discardableResult
    func turn() -> [UInt8] {
        client.fillOutput(bytesMax: .max)
        let sent = Array(client.allOutput().readableBytesView)
        client.actOnEvents()
        return sent
    }

    /// Types, flags and streams of the frames in what a client sent.
    static func frames(_ bytes: [UInt8]) -> [(type: UInt8, flags: UInt8, payload: [UInt8])] {
        var found: [(UInt8, UInt8, [UInt8])] = []
        var at = bytes.starts(with: "PRI".utf8) ? 24 : 0
        while at + 9 <= bytes.count {
            let count = Int(bytes[at]) << 16 | Int(bytes[at + 1]) << 8 | Int(bytes[at + 2])
            let end = Swift.min(at + 9 + count, bytes.count)
            found.append((bytes[at + 3], bytes[at + 4], Array(bytes[(at + 9)..<end])))
            at = end
        }
        return found
    }
}

extension ClientSession {
    /// What goes out, in one buffer.
    func allOutput() -> ByteBuffer {
        var all = ByteBuffer()
        takeOutput { all.writeImmutableBuffer($0) }
        return all
    }
}
