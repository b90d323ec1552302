// SPDX-License-Identifier: Apache-2.0
// Calls over HTTP/2 through the pool, over sockets.

import DragomanBackends
import DragomanHTTP
import DragomanHTTP2
import FreePorts
import NIOCore
import Testing

@Suite("BackendPool, HTTP/2")
struct HTTP2PoolTests {
    @Test("carries calls, all on one connection")
    func calls() async throws {
        let server = try await TestServer.echo()
        let pool = try await TestPool(port: server.port)
        let first = try await pool.call("/a?b=c", body: .bytes(ByteBuffer(string: "hello")))
        #expect(first.status == 200 && first.body == Array("hello".utf8) && first.isEnded)
        #expect(first.field("x-path") == "/a?b=c")
        #expect(first.field("x-authority") == "127.0.0.1:\(server.port)")
        let more = try await pool.calls(500, body: .bytes(ByteBuffer(repeating: 1, count: 3000)))
        #expect(more.compactMap(\.failure?.detail).first == nil)
        #expect(more.allSatisfy { $0.status == 200 && $0.body.count == 3000 })
        #expect(try await server.counts().taken == 1)
        try await pool.shutdown()
        #expect(try await eventually { try await server.counts().open == 0 })
        try await server.stop()
    }

    @Test("opens another connection only at the peer's limit, and a bounded number")
    func streamLimit() async throws {
        var limits = SessionLimits()
        limits.streamsMax = 5
        let server = try await TestServer.echo(limits: limits)
        var bounds = UpstreamLimits.patient
        bounds.http2ConnectionsMax = 3
        let pool = try await TestPool(port: server.port, limits: bounds)
        let outcomes = try await pool.calls(200)
        #expect(outcomes.compactMap(\.failure?.detail).first == nil)
        #expect(outcomes.allSatisfy { $0.status == 200 })
        let taken = try await server.counts().taken
        #expect(taken >= 1 && taken <= 3)
        try await pool.close()
        try await server.stop()
    }

    @Test("streams a request body, and is held back by a slow peer")
    func streamedBody() async throws {
        let server = try await TestServer.echo()
        let pool = try await TestPool(port: server.port)
        let outcome = try await pool.call(body: .stream(length: nil)) { call, receiver in
            // Sent partly before there is a connection.
            var left = 40
            func more() {
                while left > 0, call.isWritable {
                    call.send(ByteBuffer(repeating: UInt8(left), count: 50_000))
                    left -= 1
                }
                if left == 0 { call.finish() }
            }
            receiver.onWritable = { more() }
            more()
            #expect(left > 0)
        }
        #expect(outcome.failure?.detail == nil)
        #expect(outcome.status == 200 && outcome.body.count == 2_000_000)
        try await pool.close()
        try await server.stop()
    }

    @Test("a paused call gets nothing, and all of it once it goes on")
    func pausing() async throws {
        let server = try await TestServer.http2 { _, reply, _ in
            reply.send(
                ServerResponse(status: 200, body: ByteBuffer(repeating: 9, count: 20_000_000)))
        }
        let pool = try await TestPool(port: server.port)
        let loop = pool.loop
        let outcome = try await pool.call(method: "GET") { call, receiver in
            var pauses = 0
            receiver.onBody = {
                guard pauses < 5 else { return }
                pauses += 1
                call.pauseReading()
                let size = receiver.outcome.body.count
                let bound = NIOLoopBound((call, receiver), eventLoop: loop)
                loop.scheduleTask(in: .milliseconds(20)) {
                    #expect(bound.value.1.outcome.body.count == size)
                    bound.value.0.resumeReading()
                    #expect(bound.value.1.outcome.body.count == size)
                }
            }
        }
        #expect(outcome.failure?.detail == nil)
        #expect(outcome.isEnded && outcome.body.count == 20_000_000)
        try await pool.close()
        try await server.stop()
    }

    @Test("cancels, and the connection goes on")
    func cancelling() async throws {
        let server = try await TestServer.http2 { request, reply, _ in
            if request.path == "/answered" { reply.send(ServerResponse(status: 200)) }
        }
        let pool = try await TestPool(port: server.port)
        let loop = pool.loop
        for wait in [TimeAmount.zero, .milliseconds(30)] {
            async let cancelled = pool.call("/never", timeout: nil) { call, receiver in
                let bound = NIOLoopBound((call, receiver), eventLoop: loop)
                loop.scheduleTask(in: wait) {
                    bound.value.0.cancel()
                    #expect(!bound.value.0.isActive)
                    // Only so that the task ends; the call itself says nothing more.
                    bound.value.1.backendFailed(
                        BackendFailure(.closed, "cancelled", mayHaveBeenProcessed: true))
                }
            }
            #expect(try await cancelled.failure?.detail == "cancelled")
        }
        #expect(try await pool.call("/answered").status == 200)
        #expect(try await server.counts().taken == 1)
        try await pool.close()
        try await server.stop()
    }

    @Test("a stalled call times out, never early, and the connection goes on")
    func timeout() async throws {
        let server = try await TestServer.http2 { request, reply, _ in
            if request.path == "/answered" { reply.send(ServerResponse(status: 200)) }
        }
        let pool = try await TestPool(port: server.port)
        #expect(try await pool.call("/answered").status == 200)
        let start = NIODeadline.now()
        let outcome = try await pool.call("/never", timeout: .milliseconds(100))
        #expect(outcome.failure?.kind == .timeout)
        #expect(outcome.failure?.mayHaveBeenProcessed == true)
        #expect(NIODeadline.now() - start >= .milliseconds(100))
        #expect(try await pool.call("/answered").status == 200)
        #expect(try await server.counts().taken == 1)
        try await pool.close()
        try await server.stop()
    }

    @Test("REFUSED_STREAM is tried again once, where the body can be")
    func refusedStream() async throws {
        let refusals = NIOLockedCount()
        let server = try await TestServer.http2 { request, reply, _ in
            if request.path == "/always" || refusals.next() % 2 == 1 {
                reply.reset(code: 7)
            } else {
                reply.send(ServerResponse(status: 200, body: request.body))
            }
        }
        let pool = try await TestPool(port: server.port)
        let again = try await pool.call(body: .bytes(ByteBuffer(string: "twice")))
        #expect(again.status == 200 && again.body == Array("twice".utf8))
        let streamed = try await pool.call(body: .stream(length: nil)) { call, _ in call.finish() }
        #expect(streamed.failure?.mayHaveBeenProcessed == false)
        let always = try await pool.call("/always")
        #expect(always.failure?.mayHaveBeenProcessed == false && always.failure?.http2Code == 7)
        try await pool.close()
        try await server.stop()
    }

    @Test("GOAWAY: what it leaves out goes on a fresh connection")
    func goingAway() async throws {
        let server = try await TestServer.http2 { request, reply, _ in
            if request.path == "/last" { reply.goAway() }
            reply.send(ServerResponse(status: 200))
        }
        let pool = try await TestPool(port: server.port)
        for _ in 0..<5 {
            #expect(try await pool.call("/last").status == 200)
            #expect(try await pool.call("/next").status == 200)
        }
        #expect(try await server.counts().taken >= 5)
        #expect(try await eventually { try await server.counts().open <= 1 })
        try await pool.close()
        try await server.stop()
    }

    @Test("a connection closed in the middle is a failure, and the next call goes on a new one")
    func closedInTheMiddle() async throws {
        let server = try await TestServer.http2 { request, reply, _ in
            if request.path == "/close" {
                reply.closeConnection()
            } else {
                reply.send(ServerResponse(status: 200))
            }
        }
        let pool = try await TestPool(port: server.port)
        let closed = try await pool.call("/close")
        #expect(closed.failure?.kind == .closed || closed.failure?.kind == .reset)
        #expect(closed.failure?.mayHaveBeenProcessed == true)
        #expect(try await pool.call("/").status == 200)
        try await pool.close()
        try await server.stop()
    }

    @Test("a backend that comes and goes")
    func restarts() async throws {
        let port = try FreePort.take()
        var server = try await TestServer.echo(.ipv4(port: port))
        let pool = try await TestPool(port: port)
        for _ in 0..<10 {
            #expect(try await pool.calls(20).allSatisfy { $0.status == 200 })
            try await server.stop()
            let down = try await pool.calls(5)
            #expect(down.allSatisfy { $0.failure != nil })
            server = try await TestServer.echo(.ipv4(port: port))
        }
        #expect(try await pool.call().status == 200)
        try await pool.close()
        try await server.stop()
    }

    @Test("shutting down lets calls end and takes no more")
    func shutdown() async throws {
        let held = NIOLockedReply()
        let server = try await TestServer.http2 { _, reply, _ in held.keep(reply) }
        let pool = try await TestPool(port: server.port)
        async let call = pool.call()
        let loop = server.loop
        #expect(try await eventually { try await loop.submit { held.isKept }.get() })
        async let end: Void = pool.shutdown()
        #expect(
            try await eventually {
                try await pool.call("/late", timeout: .milliseconds(50)).failure?.kind == .closed
            })
        try await loop.submit { held.send(ServerResponse(status: 200)) }.get()
        #expect(try await call.status == 200)
        try await end
        try await server.stop()
    }

    @Test("an unused connection is closed, and a dead peer is noticed by PING")
    func silence() async throws {
        let server = try await TestServer.echo()
        var limits = UpstreamLimits.patient
        limits.idleTimeout = .milliseconds(50)
        let pool = try await TestPool(port: server.port, limits: limits)
        #expect(try await pool.call().status == 200)
        #expect(try await eventually { try await server.counts().open == 0 })
        #expect(try await pool.call().status == 200)
        try await pool.close()
        try await server.stop()

        let dead = try await TestServer.raw(rawFrame(type: 4))
        limits.pingInterval = .milliseconds(50)
        limits.pingTimeout = .milliseconds(50)
        let other = try await TestPool(port: dead.port, limits: limits)
        let outcome = try await other.call(timeout: nil)
        #expect(outcome.failure?.kind == .closed)
        #expect(outcome.failure?.detail.contains("PING") == true)
        try await other.close()
        try await dead.stop()
    }
}
