// SPDX-License-Identifier: Apache-2.0
// Streams through the release binary, against Python's grpcio: as HTTP/1.1 and as WebSockets.
// What clients see is asked by Tests/Support/stream_checks.py, a line for each check.

import Foundation
import Testing

/// The Streams service with routes of every form.
private enum StreamShop {
    static let mapping = """
        service: streams
        backend: { grpc: { contract: streams.binpb } }
        annotated: keep
        routes:
          GET /count/{count}:
            call: Count
            response: { n: "${reply.text}", of: "${path.count}" }
            status: 203
            headers: { X-First: "${reply_headers['x-initial']}" }
          GET /slow:
            call: Count
            request: { count: 2, pause: 3000 }
            idle: 300ms
          GET /late:
            call: Count
            request: { wait: 10000 }
            timeout: 300ms
          GET /ruled:
            call: Count
            request: { fail: 5 }
            errors:
              - when: ${grpc.code == 5}
                status: 410
                members: { initial: "${reply_headers['x-initial']}" }
          POST /sum-soon:
            call: Sum
            idle: 300ms
          POST /sum/{name}:
            call: Sum
            request: { "${*}": "${body}", text: "${path.name}" }
            metadata:
              x-tenant: ${header['x-tenant']}
              x-raw-bin: ${header['x-raw']}
            headers:
              X-Trailer: ${reply_headers['x-trailer']}
              X-Raw: ${reply_headers['x-raw-bin']}
        """

    static func open() throws -> StreamsShop {
        try StreamsShop(
            settings: "limits: { body: 1MiB, reply: 2MiB, timeout: 60s }", mapping: mapping)
    }
}

@Suite("Streams, end to end", .serialized)
struct StreamTests {
    @Test("every form, both ways, over HTTP/1.1 and WebSocket")
    func checks() throws {
        let shop = try StreamShop.open()
        let result = try RunningProcess.run(
            Project.python, [Project.support + "/stream_checks.py", String(shop.gateway.port)])
        let lines = result.output.split(separator: "\n")
        #expect(lines.count > 30, "\(result.errors)")
        for line in lines where !line.hasPrefix("ok ") { Issue.record("\(line)") }
        #expect(result.code == 0, "\(result.errors)")
        // `leaves` was one of them.
        _ = try shop.backend.line { $0 == "cancelled Count" }
        #expect(shop.gateway.process.isRunning)
    }

    @Test("curl sees that a backend has died in the middle, whatever the form")
    func backendDies() throws {
        for accept in ["application/json", "application/x-ndjson", "text/event-stream"] {
            let shop = try StreamShop.open()
            let result = try RunningProcess.run(
                "curl",
                [
                    "-sSN", "-H", "Content-Type: application/json", "-H", "Accept: \(accept)",
                    "-d", #"{"count":100000,"after":3,"die":true}"#,
                    "http://127.0.0.1:\(shop.gateway.port)/dragoman.test.v1.Streams/Count",
                ])
            #expect(result.code == 18, "\(accept): \(result.output) \(result.errors)")
            #expect(result.output.contains("\"2\""))
            if accept != "application/json" {
                #expect(result.output.contains("urn:dragoman:problem:backend-broken"))
            }
        }
    }
}
