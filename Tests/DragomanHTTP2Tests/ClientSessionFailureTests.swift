// SPDX-License-Identifier: Apache-2.0
// Bad peers: whatever a backend sends ends in a failure that names it, never in a crash.

import DragomanHTTP
import DragomanHTTP2
import NIOCore
import Testing

@Suite("ClientSession, bad peers")
struct ClientSessionFailureTests {
    /// What one stream ends with when the peer sends that.
    private func outcome(_ bytes: (UInt32) -> [UInt8], piece: Int = .max) throws -> Recorder {
        let peer = try RawPeer()
        let recorder = Recorder()
        let id = UInt32(try peer.submit(recorder).id)
        peer.turn()
        peer.send(bytes(id), piece: piece)
        peer.turn()
        peer.client.connectionEnded(StreamFailure(.closed, "the test is over"))
        return recorder
    }

    private func head(_ id: UInt32, _ block: [UInt8], flags: UInt8 = 4) -> [UInt8] {
        RawFrame.make(type: 1, flags: flags, stream: id, block)
    }

    @Test("names what is not HTTP/2")
    func foreigners() throws {
        let http1 = try outcome { _ in Array("HTTP/1.1 400 Bad Request\r\n\r\nno".utf8) }
        #expect(http1.failure?.kind == .violation)
        #expect(http1.failure?.detail.contains("'HTTP/1.1 400 Bad Request'") == true)
        let garbage = try outcome { _ in Array("SSH-2.0-OpenSSH_9.2\r\n".utf8) }
        #expect(garbage.failure?.kind == .violation)
        #expect(garbage.failure?.detail.contains("53 53 48 2d") == true)
        let alert = try outcome { _ in [0x15, 3, 3, 0, 2, 2, 70] }
        #expect(alert.failure?.detail.contains("TLS alert") == true)
    }

    @Test(
        "garbage in any size of piece is a failure and never a crash", arguments: [1, 2, 7, 5000])
    func garbage(piece: Int) throws {
        var state: UInt64 = 0x9E37_79B9_7F4A_7C15 &+ UInt64(piece)
        for round in 0..<200 {
            let recorder = try outcome(
                { id in
                    var bytes: [UInt8] = round % 2 == 0 ? RawFrame.settings : []
                    for _ in 0..<64 {
                        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                        let noise = (0..<Int(state >> 60)).map { shift in
                            UInt8(truncatingIfNeeded: state >> (shift * 4))
                        }
                        // Well-framed noise gets further than plain noise.
                        bytes += RawFrame.make(
                            type: UInt8(truncatingIfNeeded: state >> 33) % 11,
                            flags: UInt8(truncatingIfNeeded: state >> 41),
                            stream: (state >> 50) & 1 == 0 ? id : 0, noise)
                    }
                    return bytes
                }, piece: piece)
            #expect(recorder.failure != nil || recorder.isEnded)
        }
    }

    @Test("an answer without a status, or with a bad one, is refused")
    func badStatus() throws {
        for block in [
            RawFrame.field("x", "y"), RawFrame.field(":status", "20"),
            RawFrame.field(":status", "2000"), RawFrame.field(":status", "abc"),
            RawFrame.status200 + RawFrame.status200,
            RawFrame.field("x", "y") + RawFrame.status200,
            RawFrame.status200 + RawFrame.field(":path", "/"),
            RawFrame.status200 + RawFrame.field("connection", "close"),
        ] {
            let recorder = try outcome { id in RawFrame.settings + head(id, block, flags: 5) }
            #expect(recorder.failure?.kind == .violation, "\(block)")
            #expect(recorder.status == nil)
        }
    }

    @Test("a field with CR, LF or NUL is refused")
    func badFields() throws {
        for value in ["a\r\nb", "a\nb", "a\0b"] {
            let recorder = try outcome { id in
                RawFrame.settings + head(id, RawFrame.status200 + RawFrame.field("x-bad", value))
            }
            #expect(recorder.failure?.kind == .violation)
            #expect(recorder.failure?.detail.contains("x-bad") == true)
        }
    }

    @Test("data before a head, and a body of another length, are refused")
    func badBodies() throws {
        let early = try outcome { id in
            RawFrame.settings + RawFrame.make(type: 0, flags: 1, stream: id, [1, 2])
        }
        #expect(early.failure?.kind == .violation)
        let short = try outcome { id in
            RawFrame.settings
                + head(id, RawFrame.status200 + RawFrame.field("content-length", "5"))
                + RawFrame.make(type: 0, flags: 1, stream: id, [1, 2])
        }
        #expect(short.failure?.kind == .violation && !short.isEnded)
    }

    @Test("a truncated frame ends with the connection")
    func truncated() throws {
        let recorder = try outcome { id in
            RawFrame.settings + head(id, RawFrame.status200) + [0, 0, 100, 0, 1]
                + RawFrame.word(id) + [1, 2, 3]
        }
        #expect(recorder.status == 200 && recorder.body == [1, 2, 3])
        #expect(recorder.failure?.kind == .closed)
    }

    @Test("RST_STREAM tells its code; REFUSED_STREAM may be sent again")
    func resets() throws {
        let reset = try outcome { id in
            RawFrame.settings + RawFrame.make(type: 3, stream: id, RawFrame.word(11))
        }
        #expect(reset.failure?.kind == .reset && reset.failure?.code == 11)
        #expect(reset.failure?.detail.contains("ENHANCE_YOUR_CALM") == true)
        #expect(reset.failure?.mayHaveBeenProcessed == true)
        let refused = try outcome { id in
            RawFrame.settings + RawFrame.make(type: 3, stream: id, RawFrame.word(7))
        }
        #expect(refused.failure?.kind == .refused)
        #expect(refused.failure?.mayHaveBeenProcessed == false)
    }

    @Test("RST_STREAM with NO_ERROR after a whole answer changes nothing")
    func resetAfterEnd() throws {
        let recorder = try outcome { id in
            RawFrame.settings + head(id, RawFrame.status200, flags: 5)
                + RawFrame.make(type: 3, stream: id, RawFrame.word(0))
        }
        #expect(recorder.isEnded && recorder.failure == nil)
    }

    @Test("GOAWAY: streams above the last may be sent again, the others go on")
    func goingAway() throws {
        let peer = try RawPeer()
        let first = Recorder()
        let second = Recorder()
        let low = UInt32(try peer.submit(first).id)
        _ = try peer.submit(second)
        peer.turn()
        let payload = RawFrame.word(low) + RawFrame.word(11) + Array("too_many_pings".utf8)
        peer.send(RawFrame.settings + RawFrame.make(type: 7, payload))
        #expect(second.failure?.kind == .refused)
        #expect(second.failure?.mayHaveBeenProcessed == false)
        #expect(second.failure?.detail.contains("ENHANCE_YOUR_CALM 'too_many_pings'") == true)
        #expect(first.failure == nil && peer.client.isGoingAway)
        #expect(peer.client.requestsMore == 0 && !peer.client.isFinished)
        peer.send(head(low, RawFrame.status200, flags: 5))
        #expect(first.isEnded && peer.client.isFinished)
    }

    @Test("a head over its bound is refused, and the connection goes on")
    func headerBomb() throws {
        var limits = SessionLimits()
        limits.fieldsBytesMax = 2000
        let peer = try RawPeer(limits)
        let bombed = Recorder()
        let next = Recorder()
        let first = UInt32(try peer.submit(bombed).id)
        let second = UInt32(try peer.submit(next).id)
        peer.turn()
        let long = String(repeating: "v", count: 120)
        // Stored once in the dynamic table, then named by one octet a time.
        let stored = [UInt8(0x40), 1] + "x".utf8 + [120] + long.utf8
        let bomb = RawFrame.status200 + stored + [UInt8](repeating: 0xBE, count: 8000)
        peer.send(RawFrame.settings + head(first, bomb))
        #expect(bombed.failure?.kind == .fieldsTooLarge && bombed.status == nil)
        peer.send(head(second, RawFrame.status200 + [0xBE], flags: 5))
        #expect(next.isEnded && next.fields.first("x") == long)
    }

    @Test("CONTINUATION without end is refused", arguments: [0, 1, 1000])
    func continuations(count: Int) throws {
        let field = RawFrame.field("x", String(repeating: "y", count: 20))
        let part = Array([[UInt8]](repeating: field, count: count).joined())
        let recorder = try outcome { id in
            RawFrame.settings + head(id, RawFrame.status200, flags: 0)
                + (0..<2000).flatMap { _ in
                    RawFrame.make(type: 9, stream: id, Array(part.prefix(16_000)))
                }
        }
        #expect(recorder.failure?.kind == .violation || recorder.failure?.kind == .fieldsTooLarge)
        #expect(recorder.status == nil)
    }

    @Test("pushed streams are refused")
    func push() throws {
        let recorder = try outcome { id in
            RawFrame.settings + RawFrame.settingsAcknowledged
                + RawFrame.make(
                    type: 5, flags: 4, stream: id,
                    RawFrame.word(2) + [0x82, 0x84, 0x86] + RawFrame.field(":authority", "a"))
        }
        #expect(recorder.failure?.kind == .violation)
    }

    @Test("a flood of PING or SETTINGS ends the connection", arguments: [UInt8(6), 4])
    func floods(type: UInt8) throws {
        let peer = try RawPeer()
        let recorder = Recorder()
        _ = try peer.submit(recorder)
        peer.turn()
        let one = RawFrame.make(type: type, type == 6 ? [1, 2, 3, 4, 5, 6, 7, 8] : [])
        // Without a turn between, so nothing is acknowledged.
        let flood = RawFrame.settings + Array([[UInt8]](repeating: one, count: 3000).joined())
        peer.client.receive(ByteBuffer(bytes: flood))
        #expect(recorder.failure?.kind == .violation && peer.client.isFinished)
    }

    @Test("requests that never left may be sent again")
    func unsent() throws {
        let peer = try RawPeer()
        let sent = Recorder()
        let unsent = Recorder()
        _ = try peer.submit(sent)
        peer.turn()
        _ = try peer.submit(unsent)
        peer.client.connectionEnded(StreamFailure(.reset, "broken"))
        #expect(sent.failure?.mayHaveBeenProcessed == true)
        #expect(unsent.failure?.mayHaveBeenProcessed == false)
    }
}
