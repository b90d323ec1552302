// SPDX-License-Identifier: Apache-2.0
// Connections that come about, and those that do not.

import DragomanBackends
import DragomanHTTP
import DragomanHTTP2
import Foundation
import NIOCore
import NIOSSL
import Testing

@Suite("BackendPool, connecting")
struct ConnectTests {
    @Test("a refused port is told as that, and nothing was processed")
    func refused() async throws {
        let server = try await TestServer.echo()
        let port = server.port
        try await server.stop()
        let pool = try await TestPool(port: port)
        let outcomes = try await pool.calls(20)
        #expect(outcomes.allSatisfy { $0.failure?.kind == .connect })
        #expect(outcomes.allSatisfy { $0.failure?.mayHaveBeenProcessed == false })
        #expect(outcomes[0].failure?.detail.contains("127.0.0.1:\(port)") == true)
        try await pool.close()
    }

    @Test("a name that does not exist is no connection")
    func unknownName() async throws {
        let pool = try await TestPool(port: 1, host: "no-such-host.invalid")
        let failure = try await pool.call().failure
        #expect(failure?.kind == .connect || failure?.kind == .connectTimeout)
        try await pool.close()
    }

    @Test("unix sockets and IPv6")
    func places() async throws {
        let path = "/tmp/dragoman-\(UUID().uuidString.prefix(8)).sock"
        let local = try await TestServer.echo(.unix(path))
        let pool = try await TestPool([
            UpstreamConfiguration(
                name: "local", endpoints: [Endpoint(.unix(path))], backendProtocol: .http2,
                limits: .patient)
        ])
        let outcome = try await pool.call()
        #expect(outcome.status == 200 && outcome.field("x-authority") == "localhost")
        try await pool.close()
        try await local.stop()
        try? FileManager.default.removeItem(atPath: path)

        guard let server = try? await TestServer.echo(.ipv6) else { return }
        let other = try await TestPool(port: server.port, host: "::1")
        #expect(try await other.call().field("x-authority") == "[::1]:\(server.port)")
        try await other.close()
        try await server.stop()
    }

    @Test("a handshake that never ends is a connect timeout; a deadline comes before it")
    func handshakeStalls() async throws {
        let server = try await TestServer.raw([])
        var limits = UpstreamLimits.patient
        limits.connectTimeout = .milliseconds(100)
        let tls = try BackendTLS(TLSSettings(), backendProtocol: .http2)
        let pool = try await TestPool(port: server.port, tls: tls, limits: limits)
        #expect(try await pool.call().failure?.kind == .connectTimeout)
        let early = try await pool.call(timeout: .milliseconds(20))
        #expect(early.failure?.kind == .timeout)
        #expect(early.failure?.mayHaveBeenProcessed == false)
        #expect(try await eventually { try await server.counts().open == 0 })
        try await pool.close()
        try await server.stop()
    }

    @Test("one dead endpoint among several is passed over")
    func severalEndpoints() async throws {
        let server = try await TestServer.echo()
        let gone = try await TestServer.echo()
        let deadPort = gone.port
        try await gone.stop()
        let pool = try await TestPool([
            UpstreamConfiguration(
                name: "two",
                endpoints: [
                    Endpoint(.host("127.0.0.1", port: deadPort)),
                    Endpoint(.host("127.0.0.1", port: server.port)),
                ], backendProtocol: .http2, limits: .patient)
        ])
        let outcomes = try await pool.calls(10)
        #expect(outcomes.allSatisfy { $0.status == 200 })
        try await pool.close()
        try await server.stop()
    }

    @Test(
        "what is not HTTP/2 is named",
        arguments: [
            ("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n", "HTTP/1.1 400 Bad Request"),
            ("220 mail.test ESMTP\r\n", "32 32 30 20"),
        ])
    func foreigner(says: String, named: String) async throws {
        for thenCloses in [false, true] {
            let server = try await TestServer.raw(Array(says.utf8), thenCloses: thenCloses)
            let pool = try await TestPool(port: server.port)
            let failure = try await pool.call().failure
            #expect(failure?.kind == .protocolViolation)
            #expect(failure?.detail.contains(named) == true)
            #expect(try await eventually { try await server.counts().open == 0 })
            try await pool.close()
            try await server.stop()
        }
    }

    @Test("answers that break the protocol are told as that")
    func violations() async throws {
        let settings = rawFrame(type: 4)
        let noStatus = settings + rawFrame(type: 1, flags: 5, stream: 1, [0, 1, 0x78, 1, 0x79])
        let tooLong = settings + [0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 1]
        for bytes in [noStatus, tooLong] {
            let server = try await TestServer.raw(bytes)
            let pool = try await TestPool(port: server.port)
            let failure = try await pool.call().failure
            #expect(failure?.kind == .protocolViolation)
            try await pool.close()
            try await server.stop()
        }
        let truncated = try await TestServer.raw(
            settings + rawFrame(type: 1, flags: 4, stream: 1, [0x88]) + [0, 0, 9, 0],
            thenCloses: true)
        let pool = try await TestPool(port: truncated.port)
        let outcome = try await pool.call()
        #expect(outcome.status == 200)
        #expect(outcome.failure?.kind == .closed || outcome.failure?.kind == .reset)
        try await pool.close()
        try await truncated.stop()
    }
}
