// SPDX-License-Identifier: Apache-2.0
// The frames of the shared suite, each sent to a client session.

import DragomanHTTP
import DragomanHTTP2
import NIOCore
import Testing

@Suite("HTTP/2 frame cases", .enabled(if: SuiteCases.isThere, "needs ../shared/suites"))
struct FrameCaseTests {
    /// A client with one call under way on stream 1, after the peer's SETTINGS and the frame.
    private func receive(_ path: String) throws -> (RawPeer, Recorder, [UInt8]) {
        let wire = try SuiteCases.object("http2/frames/\(path).json")["wire"] as? String
        let peer = try RawPeer()
        let recorder = Recorder()
        _ = try peer.submit(recorder)
        peer.turn()
        peer.send(RawFrame.settings + RawFrame.settingsAcknowledged)
        let frame = SuiteCases.bytes(hexadecimal: try #require(wire))
        peer.client.receive(ByteBuffer(bytes: frame))
        return (peer, recorder, peer.turn())
    }

    @Test(
        "frames that a server may not send here end the connection",
        arguments: [
            ("data/normal", "PROTOCOL_ERROR"), ("continuation/normal", "PROTOCOL_ERROR"),
            ("continuation/header", "PROTOCOL_ERROR"), ("headers/normal", "COMPRESSION_ERROR"),
            ("headers/priority", "PROTOCOL_ERROR"), ("push_promise/normal", "PROTOCOL_ERROR"),
            ("rst_stream/normal", "PROTOCOL_ERROR"), ("window_update/normal", "PROTOCOL_ERROR"),
            // Its last stream, 30, is one that only a server opens.
            ("goaway/normal", "PROTOCOL_ERROR"),
        ])
    func refused(path: String, code: String) throws {
        let (peer, recorder, _) = try receive(path)
        #expect(recorder.failure?.kind == .violation)
        #expect(recorder.failure?.detail.contains(code) == true)
        #expect(peer.client.isFinished)
    }

    @Test("PING is answered with its own octets")
    func ping() throws {
        let (peer, recorder, sent) = try receive("ping/normal")
        let answer = RawPeer.frames(sent).first { $0.type == 6 }
        #expect(answer?.flags == 1 && answer?.payload == Array("deadbeef".utf8))
        #expect(recorder.failure == nil && peer.client.failure == nil)
    }

    @Test("SETTINGS are kept and acknowledged")
    func settings() throws {
        let (peer, _, sent) = try receive("settings/normal")
        #expect(RawPeer.frames(sent).contains { $0.type == 4 && $0.flags == 1 })
        // 5000 of the peer's, 1000 of our own, one of them in use.
        #expect(peer.client.requestsMore == 999)
    }

    @Test("PRIORITY changes nothing")
    func priority() throws {
        let (peer, recorder, _) = try receive("priority/normal")
        #expect(recorder.failure == nil && peer.client.failure == nil)
    }
}
