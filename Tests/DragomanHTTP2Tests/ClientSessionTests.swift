// SPDX-License-Identifier: Apache-2.0
// Good peers: what a client session carries, bounds and holds back.

import DragomanHTTP
import DragomanHTTP2
import NIOCore
import Testing

@Suite("ClientSession")
struct ClientSessionTests {
    @Test("carries a request and its answer", arguments: [1, 3, 1000, Int.max])
    func exchange(piece: Int) throws {
        let pair = try SessionPair(piece: piece)
        var trailers = HeaderFields()
        trailers.append("grpc-status", "0")
        var fields = HeaderFields()
        fields.append("content-type", "application/grpc")
        pair.answer = { request in
            ServerResponse(status: 200, fields: fields, body: request.body, trailers: trailers)
        }
        let recorder = Recorder()
        var sent = HeaderFields()
        sent.append("te", "trailers")
        sent.append("grpc-timeout", "15S")
        sent.append("x-empty", "")
        _ = try pair.get(
            "/shop.Orders/Place?x=1", method: "POST", fields: sent,
            body: OutboundQueue(ByteBuffer(string: "payload")), to: recorder)
        pair.pump()
        let request = try #require(pair.requests.first)
        #expect(request.method == "POST" && request.path == "/shop.Orders/Place?x=1")
        #expect(request.authority == "a.test")
        #expect(request.fields.first("te") == "trailers")
        #expect(request.fields.first("grpc-timeout") == "15S")
        #expect(request.fields.first("x-empty") == "")
        #expect(recorder.status == 200 && recorder.isEnded)
        #expect(recorder.fields.first("content-type") == "application/grpc")
        #expect(recorder.body == Array("payload".utf8))
        #expect(recorder.trailers?.first("grpc-status") == "0")
        #expect(pair.client.streamsOpen == 0)
    }

    @Test("carries many streams at a time, and uses its stream objects again")
    func manyStreams() throws {
        let pair = try SessionPair()
        pair.answer = { ServerResponse(status: 200, body: ByteBuffer(string: $0.path)) }
        for round in 0..<5 {
            let recorders = (0..<100).map { _ in Recorder() }
            for (index, recorder) in recorders.enumerated() {
                _ = try pair.get("/\(round)/\(index)", to: recorder)
            }
            pair.pump()
            for (index, recorder) in recorders.enumerated() {
                #expect(recorder.body == Array("/\(round)/\(index)".utf8) && recorder.isEnded)
            }
        }
        #expect(pair.client.streamsOpen == 0 && pair.client.requestsMore > 0)
    }

    @Test("moves bodies larger than all windows both ways", arguments: [7919, Int.max])
    func largeBodies(piece: Int) throws {
        var limits = SessionLimits()
        limits.streamWindowBytes = 70_000
        limits.connectionWindowBytes = 100_000
        let pair = try SessionPair(client: limits, server: limits, piece: piece)
        pair.answer = { ServerResponse(status: 200, body: $0.body) }
        let bytes = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let recorder = Recorder()
        _ = try pair.get(
            method: "POST", body: OutboundQueue(ByteBuffer(bytes: bytes)), to: recorder)
        pair.pump()
        #expect(recorder.isEnded && recorder.body == bytes)
    }

    @Test("streams a body, holds the sender back, and sends trailers")
    func streamedBody() throws {
        var limits = SessionLimits()
        limits.streamWindowBytes = 65_535
        let pair = try SessionPair(server: limits)
        let recorder = Recorder()
        let stream = try pair.get(method: "POST", body: OutboundQueue(), to: recorder)
        pair.pump()
        #expect(pair.requests.isEmpty && stream.isWritable)
        pair.client.send(ByteBuffer(repeating: 1, count: 200_000), on: stream)
        #expect(!stream.isWritable)
        pair.pump()
        #expect(stream.isWritable && recorder.writableCount == 1)
        pair.client.send(ByteBuffer(repeating: 2, count: 10), on: stream)
        pair.pump()
        var trailers = HeaderFields()
        trailers.append("x-checksum", "abc")
        pair.client.finish(trailers: trailers, on: stream)
        pair.pump()
        let request = try #require(pair.requests.first)
        #expect(request.body.readableBytes == 200_010)
        #expect(request.trailers?.first("x-checksum") == "abc")
        pair.server.respond(ServerResponse(status: 204), to: request.streamID)
        pair.pump()
        #expect(recorder.status == 204 && recorder.isEnded && recorder.trailers == nil)
    }

    @Test("a paused stream gets nothing, is bounded by its window, and stalls no other")
    func pausing() throws {
        var limits = SessionLimits()
        limits.streamWindowBytes = 65_535
        limits.connectionWindowBytes = 65_535
        let pair = try SessionPair(client: limits)
        let body = ByteBuffer(repeating: 7, count: 500_000)
        pair.answer = { _ in ServerResponse(status: 200, body: body) }
        let slow = Recorder()
        let quick = Recorder()
        let stream = try pair.get(to: slow)
        pair.client.pause(stream)
        _ = try pair.get(to: quick)
        pair.pump()
        #expect(slow.status == 200 && slow.body.isEmpty && !slow.isEnded)
        #expect(quick.isEnded && quick.body.count == 500_000)
        slow.onData = { pair.client.pause(stream) }
        for _ in 0..<3 {
            let before = slow.parts
            pair.client.resume(stream)
            #expect(slow.parts == before)
            pair.pump()
            #expect(slow.parts == before + 1)
        }
        slow.onData = nil
        pair.client.resume(stream)
        pair.pump()
        #expect(slow.isEnded && slow.body.count == 500_000)
        #expect(pair.client.streamsOpen == 0)
    }

    @Test("a whole answer held back outlives its connection")
    func heldAnswer() throws {
        let pair = try SessionPair()
        pair.answer = { _ in ServerResponse(status: 200, body: ByteBuffer(string: "kept")) }
        let held = Recorder()
        let stream = try pair.get(to: held)
        pair.client.pause(stream)
        pair.pump()
        pair.client.connectionEnded(StreamFailure(.closed, "gone"))
        #expect(held.failure == nil && !held.isEnded)
        pair.client.resume(stream)
        pair.client.actOnEvents()
        #expect(held.isEnded && held.body == Array("kept".utf8))
    }

    @Test("cancels with RST_STREAM, and nothing follows")
    func cancelling() throws {
        let pair = try SessionPair()
        let recorder = Recorder()
        let stream = try pair.get(to: recorder)
        pair.pump()
        let id = try #require(pair.requests.first?.streamID)
        pair.client.cancel(stream)
        pair.pump()
        #expect(pair.client.streamsOpen == 0)
        pair.server.respond(ServerResponse(status: 200), to: id)
        pair.pump()
        #expect(recorder.status == nil && recorder.failure == nil && !recorder.isEnded)
    }

    @Test("what was under way when a call was cancelled is passed over, and counted")
    func lateAnswer() throws {
        let peer = try RawPeer()
        let cancelled = Recorder()
        let next = Recorder()
        let stream = try peer.submit(cancelled)
        let first = UInt32(stream.id)
        peer.turn()
        peer.send(RawFrame.settings)
        peer.client.cancel(stream)
        peer.turn()
        let second = UInt32(try peer.submit(next).id)
        peer.turn()
        let stored = [UInt8(0x40), 1] + "x".utf8 + [1] + "y".utf8
        peer.send(
            RawFrame.make(type: 1, flags: 4, stream: first, RawFrame.status200 + stored)
                + RawFrame.make(type: 0, stream: first, [UInt8](repeating: 1, count: 9000))
                + RawFrame.make(type: 1, flags: 5, stream: second, RawFrame.status200 + [0xBE]))
        #expect(cancelled.status == nil && peer.client.failure == nil)
        #expect(next.isEnded && next.fields.first("x") == "y")
    }

    @Test("respects the peer's limit of streams")
    func streamLimit() throws {
        var limits = SessionLimits()
        limits.streamsMax = 3
        let pair = try SessionPair(server: limits)
        pair.pump()
        #expect(pair.client.requestsMore == 3 && pair.client.isPeerSettled)
        let recorders = (0..<3).map { _ in Recorder() }
        for recorder in recorders { _ = try pair.get(to: recorder) }
        #expect(pair.client.requestsMore == 0)
        let refused = pair.client.submit(
            ClientRequestHead(method: "GET", path: "/", authority: "a", isTLS: false),
            fields: HeaderFields(), body: nil, receiver: Recorder())
        #expect(refused == nil)
        pair.pump()
        for request in pair.requests {
            pair.server.respond(ServerResponse(status: 200), to: request.streamID)
        }
        pair.pump()
        #expect(pair.client.requestsMore == 3)
    }

    @Test("an early answer ends the upload")
    func earlyAnswer() throws {
        let peer = try RawPeer()
        let recorder = Recorder()
        let stream = try peer.submit(recorder, body: OutboundQueue())
        let id = UInt32(stream.id)
        peer.turn()
        peer.client.receive(
            ByteBuffer(
                bytes: RawFrame.settings
                    + RawFrame.make(type: 1, flags: 5, stream: id, [0x8D])))  // 404
        #expect(recorder.status == 404 && recorder.isEnded)
        #expect(RawPeer.frames(peer.turn()).contains { $0.type == 3 })
        #expect(peer.client.streamsOpen == 0)
    }

    @Test("drops interim answers, and takes white space off values")
    func interimAnswers() throws {
        let peer = try RawPeer()
        let recorder = Recorder()
        let id = UInt32(try peer.submit(recorder).id)
        peer.turn()
        let interim = RawFrame.field(":status", "103") + RawFrame.field("link", "</a>")
        let final = RawFrame.status200 + RawFrame.field("x-space", " a b\t")
        peer.send(
            RawFrame.settings + RawFrame.make(type: 1, flags: 4, stream: id, interim)
                + RawFrame.make(type: 1, flags: 4, stream: id, final)
                + RawFrame.make(type: 0, flags: 1, stream: id, Array("ok".utf8)), piece: 5)
        #expect(recorder.status == 200 && recorder.isEnded && recorder.body == Array("ok".utf8))
        #expect(recorder.fields.first("link") == nil && recorder.fields.first("x-space") == "a b")
    }

    @Test("a receiver may start and cancel calls from its events")
    func reentrance() throws {
        let pair = try SessionPair()
        pair.answer = { _ in ServerResponse(status: 200, body: ByteBuffer(string: "x")) }
        let first = Recorder()
        let second = Recorder()
        let other = Recorder()
        let third = try pair.get(to: other)
        var begun = 0
        first.onData = {
            begun += 1
            pair.client.cancel(third)
            _ = try? pair.get("/second", to: second)
        }
        _ = try pair.get(to: first)
        // The third's answer comes before the first's, so it is not cancelled in time.
        pair.pump()
        #expect(begun == 1 && first.isEnded && second.isEnded)
        #expect(pair.client.streamsOpen == 0)
    }
}
