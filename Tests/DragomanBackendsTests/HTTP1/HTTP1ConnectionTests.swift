// SPDX-License-Identifier: Apache-2.0
// The HTTP/1.1 connection against a server of raw octets: reuse, framing, and what each way of
// ending means for the call and for the connection.

import DragomanBackends
import DragomanHTTP
import NIOCore
import Testing

@Suite("HTTP1Connection")
struct HTTP1ConnectionTests {
    static let ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"

    @Test("keeps a connection for the next call, and writes requests exactly")
    func reuse() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, head in
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(head.utf8.count)\r\n\r\n\(head)")
            }
        } _: { stage in
            for _ in 0..<3 {
                let answer = try await stage.call {
                    var fields = HeaderFields()
                    fields.append("a", "b" as StaticString)
                    fields.append("te", "trailers" as StaticString)
                    return BackendRequest(
                        method: "GET", path: "/x?y", authority: "h.example", fields: fields)
                }
                #expect(answer.failure == nil && answer.status == 200 && answer.heads == 1)
                #expect(answer.text == "GET /x?y HTTP/1.1\r\nhost: h.example\r\na: b\r\n\r\n")
            }
            let post = try await stage.call { BackendRequest(method: "POST", path: "/") }
            #expect(post.text.hasSuffix("\r\ncontent-length: 0\r\n\r\n"))
            #expect(post.text.hasPrefix("POST / HTTP/1.1\r\nhost: 127.0.0.1:"))
            #expect(try await stage.see { $0.peers.count } == 1)
        }
    }

    @Test(
        "reads every kind of answer",
        arguments: [
            (
                "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n2\r\nbc\r\n0\r\n\r\n",
                200, "abc"
            ),
            (
                "HTTP/1.1 103 x\r\nA: b\r\n\r\nHTTP/1.1 100\r\n\r\nHTTP/1.1 201\r\n"
                    + "Content-Length: 1\r\n\r\nz", 201, "z"
            ),
            ("HTTP/1.1 204 No Content\r\nContent-Length: 5\r\n\r\n", 204, ""),
            ("HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", 500, ""),
        ])
    func answers(_ raw: String, _ status: Int, _ body: String) async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in for octet in raw { peer.send(String(octet)) } }
        } _: { stage in
            for _ in 0..<2 {
                let answer = try await stage.get()
                #expect(answer.failure == nil)
                #expect(answer.status == status && answer.text == body)
            }
            #expect(try await stage.see { $0.peers.count } == 1)
        }
    }

    @Test("gives trailers, and bodies that only the close ends")
    func ends() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, head in
                if head.hasPrefix("HEAD") {
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
                } else if !head.contains("/until") {
                    peer.send("HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n")
                    peer.send("0\r\nT: u\r\n\r\n")
                } else {
                    peer.send("HTTP/1.1 200 OK\r\n\r\nuntil")
                    peer.close()
                }
            }
        } _: { stage in
            let head = try await stage.call { BackendRequest(method: "HEAD", path: "/") }
            #expect(head.status == 200 && head.body.readableBytes == 0 && head.failure == nil)
            let chunked = try await stage.get()
            #expect(chunked.trailers?.first("t") == "u")
            let until = try await stage.get("/until")
            #expect(until.text == "until" && until.trailers == nil && until.failure == nil)
            try await stage.peerClosed(0)
        }
    }

    @Test("sends bodies whole, by length and in chunks")
    func bodies() async throws {
        try await Stage.run { peer in
            peer.onReceive = { peer in
                guard peer.received.hasSuffix("END") || peer.received.hasSuffix("0\r\nt: u\r\n\r\n")
                else { return }
                let seen = peer.received
                peer.received = ""
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(seen.utf8.count)\r\n\r\n\(seen)")
            }
        } _: { stage in
            let large = String(repeating: "x", count: 300_000) + "END"
            for body in ["END", large] {
                let whole = try await stage.call {
                    BackendRequest(method: "PUT", path: "/", body: .bytes(ByteBuffer(string: body)))
                }
                #expect(whole.text.hasSuffix("content-length: \(body.utf8.count)\r\n\r\n\(body)"))
            }
            let counted = try await stage.call {
                BackendRequest(method: "POST", path: "/", body: .stream(length: 5))
            } control: { call, _ in
                call.send(ByteBuffer(string: "ab"))
                call.send(ByteBuffer(string: "END"))
                call.finish()
            }
            #expect(counted.text.hasSuffix("content-length: 5\r\n\r\nabEND"))
            let chunked = try await stage.call {
                BackendRequest(method: "POST", path: "/", body: .stream(length: nil))
            } control: { call, receiver in
                var trailers = HeaderFields()
                trailers.append("t", "u" as StaticString)
                call.send(ByteBuffer(string: "0123456789abcdef"))
                call.send(ByteBuffer(string: "g"))
                call.finish(trailers: trailers)
            }
            #expect(
                chunked.text.hasSuffix(
                    "transfer-encoding: chunked\r\n\r\n10\r\n0123456789abcdef\r\n1\r\ng\r\n"
                        + "0\r\nt: u\r\n\r\n"))
            #expect(try await stage.see { $0.peers.count } == 1)
        }
    }

    @Test("fails a streamed body that is not as long as announced", arguments: [1, 3])
    func misuse(_ count: Int) async throws {
        try await Stage.run { _ in
        } _: { stage in
            let answer = try await stage.call {
                BackendRequest(method: "POST", path: "/", body: .stream(length: 2))
            } control: { call, _ in
                call.send(ByteBuffer(repeating: 0x61, count: count))
                call.finish()
            }
            #expect(answer.failure?.kind == .protocolViolation)
        }
    }

    @Test("takes an answer that comes before the request's end, and drops the connection")
    func early() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send("HTTP/1.1 413 x\r\nContent-Length: 2\r\n\r\nno")
            }
        } _: { stage in
            let answer = try await stage.call {
                BackendRequest(method: "POST", path: "/", body: .stream(length: 1000))
            }
            #expect(answer.status == 413 && answer.text == "no" && answer.failure == nil)
            try await stage.peerClosed(0)
            let next = try await stage.get()
            #expect(next.status == 413)
            #expect(try await stage.see { $0.peers.count } == 2)
        }
    }

    @Test("holds a backend back while reading is paused")
    func backPressure() async throws {
        let size = 32 << 20
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send("HTTP/1.1 200 OK\r\nContent-Length: \(size)\r\n\r\n")
                peer.send(String(repeating: "x", count: size))
            }
        } _: { stage in
            let answer = try await stage.call {
                BackendRequest(method: "GET", path: "/")
            } control: { call, receiver in
                receiver.onBody = {
                    receiver.onBody = nil
                    call.pauseReading()
                    let seen = receiver.answer.body.readableBytes
                    // Long after the sockets' buffers are full.
                    stage.later(.milliseconds(100)) {
                        #expect(receiver.answer.body.readableBytes == seen)
                        #expect(stage.peers[0].channel?.isWritable == false)
                        call.resumeReading()
                    }
                }
            }
            #expect(answer.failure == nil && answer.body.readableBytes == size)
        }
    }

    @Test("delivers what came before a close once reading goes on")
    func pausedClose() async throws {
        try await Stage.run { peer in
            peer.answerEachHead { peer, _ in
                peer.send("HTTP/1.1 200 OK\r\n\r\nabc")
                peer.close()
            }
        } _: { stage in
            let answer = try await stage.call {
                BackendRequest(method: "GET", path: "/")
            } control: { call, receiver in
                receiver.onHead = {
                    call.pauseReading()
                    stage.later(.milliseconds(50)) {
                        #expect(receiver.answer.body.readableBytes == 0)
                        call.resumeReading()
                    }
                }
            }
            #expect(answer.text == "abc" && answer.failure == nil)
        }
    }

    @Test("tells when a streamed body may go on")
    func writability() async throws {
        try await Stage.run { peer in
            peer.onReceive = { peer in
                let isLast = peer.received.hasSuffix("END")
                peer.received = String(peer.received.suffix(2))
                if isLast { peer.send(Self.ok) }
            }
        } _: { stage in
            let answer = try await stage.call {
                BackendRequest(method: "POST", path: "/", body: .stream(length: (64 << 20) + 3))
            } control: { call, receiver in
                let megabyte = ByteBuffer(repeating: 0x61, count: 1 << 20)
                var sent = 0
                let pump = {
                    while call.isWritable, sent < 64 {
                        call.send(megabyte)
                        sent += 1
                    }
                    if sent == 64 {
                        sent += 1
                        call.send(ByteBuffer(string: "END"))
                        call.finish()
                    }
                }
                receiver.onWritable = pump
                pump()
                #expect(sent < 64)
            }
            #expect(answer.text == "ok" && answer.failure == nil)
        }
    }
}
