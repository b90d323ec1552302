// SPDX-License-Identifier: Apache-2.0
// Backends that die, stall or talk nonsense: the call's failure, whether it goes again, and that
// the connection is never used after.

import DragomanBackends
import DragomanHTTP
import NIOCore
import Testing

@Suite("HTTP1Connection, failing")
struct HTTP1FailureTests {
    static let ok = HTTP1ConnectionTests.ok

    @Test("opens a new connection when the old one was closed while idle")
    func idleClose() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send(Self.ok)
                peer.close()
            }
        } _: { stage in
            for round in 0..<3 {
                let answer = try await stage.get(isIdempotent: false)
                #expect(answer.text == "ok" && answer.failure == nil)
                try await stage.peerClosed(round)
                // A turn for the client to see it too.
                try await stage.loop.scheduleTask(in: .milliseconds(20)) {}.futureResult.get()
            }
            #expect(try await stage.see { $0.peers.count } == 3)
        }
    }

    /// Answers the first request of each connection, and dies on the second.
    static let diesOnSecond: @Sendable (Peer) -> Void = { peer in
        var count = 0
        peer.answerEachHead { peer, _ in
            count += 1
            if count == 1 { peer.send(ok) } else { peer.reset() }
        }
    }

    @Test("sends an idempotent request again when a kept connection dies without an answer")
    func again() async throws {
        try await Stage.run(Self.diesOnSecond) { stage in
            #expect(try await stage.get().text == "ok")
            let second = try await stage.get()
            #expect(second.failure == nil && second.text == "ok")
            #expect(try await stage.see { $0.peers.count } == 2)
        }
    }

    @Test("survives a restart that kills all idle connections at once")
    func restart() async throws {
        try await Stage.run { peer in
            // The first four answer together, so that there are four connections.
            peer.answerEachHead { peer, head in
                guard head.contains("/held"), peer.index < 3 else { return peer.send(Self.ok) }
                peer.received = " "
            }
        } _: { stage in
            async let first = stage.get("/held")
            async let second = stage.get("/held")
            async let third = stage.get("/held")
            while try await stage.see({ $0.peers.filter { $0.received == " " }.count }) < 3 {
                await Task.yield()
            }
            _ = try await stage.see { stage in
                for peer in stage.peers {
                    peer.received = ""
                    peer.send(Self.ok)
                }
            }
            let held = try await [first, second, third]
            #expect(held.allSatisfy { $0.text == "ok" })
            let again = try await stage.call {
                for peer in stage.peers { peer.reset() }
                return BackendRequest(method: "GET", path: "/", isIdempotent: true)
            }
            #expect(again.text == "ok" && again.failure == nil)
            #expect(try await stage.see { $0.peers.count } == 4)
        }
    }

    @Test("sends no other request again")
    func notAgain() async throws {
        try await Stage.run(Self.diesOnSecond) { stage in
            #expect(try await stage.get().text == "ok")
            let second = try await stage.get(isIdempotent: false)
            #expect(second.failure?.kind == .reset)
            #expect(second.failure?.mayHaveBeenProcessed == true)
            #expect(try await stage.see { $0.peers.count } == 1)
            #expect(try await stage.get().text == "ok")
            let streamed = try await stage.call {
                BackendRequest(
                    method: "PUT", path: "/", body: .stream(length: 0), isIdempotent: true)
            }
            #expect(streamed.failure?.mayHaveBeenProcessed == true)
        }
    }

    @Test("does not send again what died on a fresh connection, or after a first byte")
    func fresh() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in peer.close() }
        } _: { stage in
            let answer = try await stage.get()
            #expect(answer.failure?.kind == .closed)
            #expect(answer.failure?.mayHaveBeenProcessed == true)
            #expect(try await stage.see { $0.peers.count } == 1)
        }
        try await Stage.run { peer in
            var count = 0
            peer.answerEachHead { peer, _ in
                count += 1
                peer.send(count == 1 ? Self.ok : "H")
                if count == 2 { peer.close() }
            }
        } _: { stage in
            let first = try await stage.get()
            #expect(first.text == "ok")
            #expect(try await stage.get().failure?.kind == .closed)
            #expect(try await stage.see { $0.peers.count } == 1)
        }
    }

    @Test("closes the connection when the deadline passes")
    func deadline() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, head in
                peer.send("HTTP/1.1 200 OK\r\n")
                if head.hasPrefix("POST") { peer.send("Content-Length: 9\r\n\r\nabc") }
            }
        } _: { stage in
            for (index, method) in ["GET", "POST"].enumerated() {
                let answer = try await stage.call {
                    BackendRequest(
                        method: method, path: "/", isIdempotent: true,
                        // Long enough for the part that is sent, on a machine with much to do.
                        deadline: .now() + .seconds(2))
                }
                #expect(answer.failure?.kind == .timeout)
                #expect(answer.text == (index == 0 ? "" : "abc"))
                try await stage.peerClosed(index)
            }
        }
    }

    @Test(
        "refuses what is no answer",
        arguments: [
            ("SSH-2.0-OpenSSH\r\n", BackendFailure.Kind.protocolViolation),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
                .protocolViolation
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                .protocolViolation
            ),
            ("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", .protocolViolation),
            ("HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n", .protocolViolation),
            ("HTTP/1.1 200 OK\r\nA: " + String(repeating: "a", count: 70_000), .tooLarge),
            ("HTTP/1.1 200 OK\r\n" + String(repeating: "a: b\r\n", count: 1001), .tooLarge),
        ])
    func garbage(_ raw: String, _ kind: BackendFailure.Kind) async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in peer.send(raw) }
        } _: { stage in
            let answer = try await stage.get()
            #expect(answer.failure?.kind == kind)
            #expect(answer.failure?.mayHaveBeenProcessed == true)
            try await stage.peerClosed(0)
        }
    }

    @Test("fails an answer that is cut short, after what came of it", arguments: [false, true])
    func truncated(_ isReset: Bool) async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
                peer.later(.milliseconds(30)) {
                    if isReset { peer.reset() } else { peer.close() }
                }
            }
        } _: { stage in
            let answer = try await stage.get()
            #expect(answer.status == 200 && answer.text == "abc")
            #expect(answer.failure?.kind == (isReset ? .reset : .closed))
        }
    }

    @Test("drops a connection that says more than it was asked")
    func excess() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in peer.send(Self.ok + Self.ok) }
        } _: { stage in
            #expect(try await stage.get().text == "ok")
            try await stage.peerClosed(0)
            #expect(try await stage.get().text == "ok")
            #expect(try await stage.see { $0.peers.count } == 2)
        }
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send(Self.ok)
                peer.later(.milliseconds(20)) { peer.send("late") }
            }
        } _: { stage in
            #expect(try await stage.get().text == "ok")
            try await stage.peerClosed(0)
            #expect(try await stage.get().text == "ok")
        }
    }

    @Test("closes on cancel, and tells nothing more")
    func cancel() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
            }
        } _: { stage in
            let answer = try await stage.call {
                BackendRequest(method: "GET", path: "/")
            } control: { call, receiver in
                receiver.onBody = {
                    call.cancel()
                    stage.later(.milliseconds(30)) {
                        receiver.promise.succeed(receiver.answer)
                    }
                }
            }
            #expect(answer.text == "abc" && answer.failure == nil)
            try await stage.peerClosed(0)
        }
    }

    @Test("closes what has been idle long enough")
    func idleTimeout() async throws {
        var limits = UpstreamLimits.patient
        limits.idleTimeout = .milliseconds(30)
        try await Stage.run(limits: limits) { peer in
            peer.answerEachHead { peer, _ in peer.send(Self.ok) }
        } _: { stage in
            #expect(try await stage.get().text == "ok")
            try await stage.peerClosed(0)
            #expect(try await stage.get().text == "ok")
            #expect(try await stage.see { $0.peers.count } == 2)
        }
    }

    @Test("refuses to write a request that could be two")
    func splitting() async throws {
        try await Stage.run { _ in
        } _: { stage in
            for (method, path) in [
                ("GET", "/ HTTP/1.1\r\n\r\nGET /"), ("G ET", "/"), ("GET", ""), ("GET", "/é"),
            ] {
                let answer = try await stage.call { BackendRequest(method: method, path: path) }
                #expect(answer.failure?.kind == .protocolViolation)
            }
            #expect(try await stage.see { $0.peers.allSatisfy(\.received.isEmpty) })
        }
    }

    @Test("carries many calls at once on as many connections, and shuts down when they end")
    func many() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in peer.send(Self.ok) }
        } _: { stage in
            try await withThrowingTaskGroup(of: Bool.self) { tasks in
                for _ in 0..<500 {
                    tasks.addTask { try await stage.get().text == "ok" }
                }
                for try await isGood in tasks { #expect(isGood) }
            }
            try await stage.loop.flatSubmit { () -> EventLoopFuture<Void> in
                stage.pool?.shutdown() ?? stage.loop.makeSucceededVoidFuture()
            }.get()
            #expect(try await stage.get().failure?.kind == .closed)
        }
    }
}
