// SPDX-License-Identifier: Apache-2.0
// The HPACK stories of the shared suite, decoded by the sessions.

import DragomanHTTP
import DragomanHTTP2
import NIOCore
import Testing

@Suite("HPACK stories", .enabled(if: SuiteCases.isThere, "needs ../shared/suites"))
struct HPACKStoryTests {
    /// A header block on the wire, and the fields it holds.
    struct Block {
        var wire: [UInt8]
        var fields: [[String]]

        /// Whether HTTP/2 allows them (RFC 9113 section 8.2.2); the stories are of an older time.
        var isAllowed: Bool {
            !fields.contains {
                ["connection", "keep-alive", "transfer-encoding", "upgrade"].contains($0[0])
            }
        }

        var plain: [[String]] { fields.filter { !$0[0].hasPrefix(":") } }
    }

    private func story(_ path: String) throws -> [Block] {
        let cases = try #require(
            try SuiteCases.object("http2/hpack/\(path)")["cases"] as? [[String: Any]])
        return cases.map { one in
            let fields = one["headers"] as? [[String: String]] ?? []
            return Block(
                wire: SuiteCases.bytes(hexadecimal: one["wire"] as? String ?? ""),
                fields: fields.flatMap { $0.map { [$0.key, $0.value] } })
        }
    }

    private func pairs(_ fields: HeaderFields) -> [[String]] {
        fields.indices.map { [fields.name(at: $0), fields.value(at: $0)] }
    }

    @Test("answers decode", arguments: ["nghttp2", "go-hpack"])
    func answers(encoder: String) throws {
        let peer = try RawPeer()
        peer.turn()
        peer.send(RawFrame.settings)
        var allowed = 0
        for block in try story("\(encoder)/story_30.json") {
            let recorder = Recorder()
            let id = UInt32(try peer.submit(recorder).id)
            peer.turn()
            peer.send(RawFrame.make(type: 1, flags: 4, stream: id, block.wire))
            guard block.isAllowed else {
                #expect(recorder.failure?.kind == .violation && recorder.status == nil)
                continue
            }
            allowed += 1
            #expect(recorder.status.map(String.init) == block.fields[0][1])
            let expected = block.plain.map { [$0[0], $0[1].trimmed] }
            #expect(pairs(recorder.fields) == expected)
            peer.send(RawFrame.make(type: 3, stream: id, RawFrame.word(0)))
        }
        #expect(allowed >= 50 && peer.client.failure == nil)
    }

    @Test(
        "requests decode", arguments: ["nghttp2", "go-hpack"],
        ["00", "01", "02", "03", "04", "05", "06", "07", "20"])
    func requests(encoder: String, number: String) throws {
        let server = try #require(ServerSession())
        _ = server.receive(ByteBuffer(string: "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"))
        _ = server.receive(ByteBuffer(bytes: RawFrame.settings))
        var id: UInt32 = 1
        for block in try story("\(encoder)/story_\(number).json") {
            // No END_STREAM, as some tell a length; trailers end the request.
            let head = RawFrame.make(type: 1, flags: 4, stream: id, block.wire)
            let isEmpty = !block.fields.contains { $0[0] == "content-length" && $0[1] != "0" }
            let end = RawFrame.make(type: 0, flags: 1, stream: id)
            let whole = server.receive(ByteBuffer(bytes: head + end))
            server.fillOutput(bytesMax: .max)
            server.output.clear()
            if block.isAllowed, isEmpty {
                let request = try #require(whole.first)
                #expect(pairs(request.fields) == block.plain)
                #expect(block.fields.contains([":path", request.path]))
                #expect(block.fields.contains([":authority", request.authority]))
                server.respond(ServerResponse(status: 200), to: request.streamID)
            } else {
                #expect(whole.isEmpty)
            }
            id += 2
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
