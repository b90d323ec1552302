// SPDX-License-Identifier: Apache-2.0
// The pool against servers that others wrote.

import DragomanBackends
import DragomanHTTP
import Foundation
import NIOCore
import Testing

@Suite("nghttpd", .enabled(if: ServerProcess.nghttpd != nil, "needs nghttpd"))
struct NghttpdTests {
    private func start(_ options: [String]) async throws -> ServerProcess {
        try await ServerProcess(try #require(ServerProcess.nghttpd)) { port in
            options + ["--no-tls", "-a", "127.0.0.1", "\(port)"]
        }
    }

    @Test("files, small and large, many at a time")
    func files() async throws {
        let folder = "/tmp/dragoman-nghttpd-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let large = Data((0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        try large.write(to: URL(fileURLWithPath: "\(folder)/large"))
        try Data("small".utf8).write(to: URL(fileURLWithPath: "\(folder)/small"))
        let server = try await start(["-d", folder])
        let pool = try await TestPool(port: server.port)
        let missing = try await pool.call("/missing", method: "GET")
        #expect(missing.status == 404 && missing.isEnded)
        let outcomes = try await withThrowingTaskGroup(of: CallOutcome.self) { group in
            for index in 0..<60 {
                group.addTask {
                    try await pool.call(index % 10 == 0 ? "/large" : "/small", method: "GET")
                }
            }
            return try await group.reduce(into: [CallOutcome]()) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0.status == 200 && $0.isEnded })
        #expect(outcomes.filter { $0.body == Array(large) }.count == 6)
        #expect(outcomes.filter { $0.body == Array("small".utf8) }.count == 54)
        try await pool.close()
        server.stop()
    }

    @Test("uploads come back, with trailers")
    func uploads() async throws {
        let server = try await start(["--echo-upload", "--trailer", "x-checksum: abc"])
        let pool = try await TestPool(port: server.port)
        let body = ByteBuffer(repeating: 5, count: 1_500_000)
        let whole = try await pool.call(body: .bytes(body))
        #expect(whole.status == 200 && whole.body.count == 1_500_000)
        #expect(whole.trailers?.contains(["x-checksum", "abc"]) == true)
        let streamed = try await pool.call(body: .stream(length: 300_000)) { call, _ in
            for _ in 0..<6 { call.send(ByteBuffer(repeating: 6, count: 50_000)) }
            call.finish()
        }
        #expect(streamed.status == 200 && streamed.body.count == 300_000)
        try await pool.close()
        server.stop()
    }

    @Test("killed and started again under calls")
    func killed() async throws {
        let server = try await start(["--echo-upload"])
        let pool = try await TestPool(port: server.port)
        async let under = pool.calls(200, body: .bytes(ByteBuffer(repeating: 1, count: 100_000)))
        try await Task.sleep(for: .milliseconds(5))
        server.stop()
        // Each has an end, good or bad.
        #expect(try await under.allSatisfy { $0.isEnded || $0.failure != nil })
        #expect(try await pool.call().failure?.kind == .connect)
        try await pool.close()
    }
}

@Suite("grpcio", .enabled(if: ServerProcess.hasGRPC, "needs Python's grpcio"))
struct GRPCIOTests {
    private static let program = """
        import sys, time, grpc
        from concurrent import futures
        gone = []
        def echo(request, context):
            context.set_trailing_metadata((("x-trailer", "t"), ("x-bin", b"\\x00\\x01")))
            return request
        def fail(request, context):
            context.abort(grpc.StatusCode.NOT_FOUND, "no such \\u00f6rder")
        def slow(request, context):
            context.add_callback(lambda: gone.append(1))
            for _ in range(6000):
                if not context.is_active(): break
                time.sleep(0.05)
            return b""
        def cancelled(request, context): return str(len(gone)).encode()
        def count(request, context):
            for number in range(1000): yield b"m" * 1000
        def total(requests, context): return str(sum(len(r) for r in requests)).encode()
        def chat(requests, context):
            for request in requests: yield request
        handlers = {
            "Echo": grpc.unary_unary_rpc_method_handler(echo),
            "Fail": grpc.unary_unary_rpc_method_handler(fail),
            "Slow": grpc.unary_unary_rpc_method_handler(slow),
            "Cancelled": grpc.unary_unary_rpc_method_handler(cancelled),
            "Count": grpc.unary_stream_rpc_method_handler(count),
            "Total": grpc.stream_unary_rpc_method_handler(total),
            "Chat": grpc.stream_stream_rpc_method_handler(chat),
        }
        server = grpc.server(futures.ThreadPoolExecutor(16), options=[
            ("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", -1),
            ("grpc.max_send_message_length", -1)])
        server.add_generic_rpc_handlers(
            (grpc.method_handlers_generic_handler("t.T", handlers),))
        server.add_insecure_port("127.0.0.1:" + sys.argv[1])
        server.start()
        server.wait_for_termination()
        """

    private func start() async throws -> (ServerProcess, TestPool) {
        let server = try await ServerProcess(try #require(ServerProcess.python)) { port in
            ["-c", Self.program, "\(port)"]
        }
        return (server, try await TestPool(port: server.port))
    }

    private static func message(_ bytes: [UInt8]) -> [UInt8] {
        [0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bytes.count >> $0) } + bytes
    }

    private func call(
        _ pool: TestPool, _ method: String, _ bytes: [UInt8],
        timeout: TimeAmount = .seconds(120)
    ) async throws -> CallOutcome {
        try await pool.call(
            "/t.T/\(method)", body: .bytes(ByteBuffer(bytes: Self.message(bytes))),
            timeout: timeout, fields: [("content-type", "application/grpc"), ("te", "trailers")])
    }

    @Test("unary calls, statuses and trailers")
    func unary() async throws {
        let (server, pool) = try await start()
        let echo = try await call(pool, "Echo", Array("hello".utf8))
        #expect(echo.status == 200 && echo.body == Self.message(Array("hello".utf8)))
        #expect(echo.trailers?.contains(["grpc-status", "0"]) == true)
        #expect(echo.trailers?.contains(["x-trailer", "t"]) == true)
        let fail = try await call(pool, "Fail", [])
        let status = (fail.trailers ?? []) + fail.fields
        #expect(status.contains(["grpc-status", "5"]))
        #expect(status.contains(["grpc-message", "no such %C3%B6rder"]))
        let none = try await call(pool, "Nothing", [])
        #expect(((none.trailers ?? []) + none.fields).contains(["grpc-status", "12"]))
        let large = [UInt8](repeating: 3, count: 5_000_000)
        #expect(try await call(pool, "Echo", large).body.count == 5_000_005)
        try await pool.close()
        server.stop()
    }

    @Test("many calls at a time")
    func many() async throws {
        let (server, pool) = try await start()
        let outcomes = try await withThrowingTaskGroup(of: Bool.self) { group in
            for index in 0..<300 {
                group.addTask {
                    let bytes = Array("call \(index)".utf8)
                    return try await call(pool, "Echo", bytes).body == Self.message(bytes)
                }
            }
            return try await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(outcomes.allSatisfy { $0 })
        try await pool.close()
        server.stop()
    }

    @Test("a timeout cancels the call at the server")
    func cancelling() async throws {
        let (server, pool) = try await start()
        // Once there is a connection, the call is at the server long before the time is up.
        #expect(try await call(pool, "Cancelled", []).status == 200)
        let slow = try await call(pool, "Slow", [], timeout: .seconds(3))
        #expect(slow.failure?.kind == .timeout)
        #expect(
            try await eventually {
                try await call(pool, "Cancelled", []).body == Self.message(Array("1".utf8))
            })
        try await pool.close()
        server.stop()
    }

    @Test("streams in both directions")
    func streams() async throws {
        let (server, pool) = try await start()
        let count = try await call(pool, "Count", [])
        #expect(count.body.count == 1_005_000)
        #expect(count.trailers?.contains(["grpc-status", "0"]) == true)
        let part = ByteBuffer(bytes: Self.message([UInt8](repeating: 1, count: 1000)))
        let fields = [("content-type", "application/grpc"), ("te", "trailers")]
        let total = try await pool.call(
            "/t.T/Total", body: .stream(length: nil), fields: fields
        ) { call, _ in
            for _ in 0..<500 { call.send(part) }
            call.finish()
        }
        #expect(total.body == Self.message(Array("500000".utf8)))
        let chat = try await pool.call(
            "/t.T/Chat", body: .stream(length: nil), fields: fields
        ) { call, receiver in
            // Each answer brings the next message.
            var sent = 1
            call.send(part)
            receiver.onBody = {
                guard receiver.outcome.body.count >= sent * part.readableBytes else { return }
                if sent == 20 { return call.finish() }
                sent += 1
                call.send(part)
            }
        }
        #expect(chat.body.count == 20 * 1005)
        #expect(chat.trailers?.contains(["grpc-status", "0"]) == true)
        try await pool.close()
        server.stop()
    }
}
