// SPDX-License-Identifier: Apache-2.0
// Clients and backends that break the rules: each gets the answer that PRODUCT.md names, and the
// gateway goes on.

import Foundation
import Testing

private let mapping = """
    service: echo
    backend: { grpc: { contract: echo.binpb } }
    routes:
      POST /say: { call: Say }
      GET /say: { call: Say, request: { text: "${query.text}" } }
    """

private func gateway(backend port: Int, settings: String = "") throws -> TestGateway {
    let folder = try TemporaryFolder()
    let descriptors = try Backend.echoDescriptors(in: folder)
    return try TestGateway(
        upstreams: "{ echo: { url: 'http://127.0.0.1:\(port)' } }", settings: settings,
        files: ["mappings/echo.yaml": mapping], copies: ["schemas/echo.binpb": descriptors])
}

@Suite("Bad input from clients, end to end", .serialized)
struct BadClientTests {
    /// Nothing listens on port 1: no test here gets as far as the backend.
    private func ask(
        _ method: String, _ path: String, _ body: String? = nil, _ headers: [String] = [],
        settings: String = ""
    ) throws -> RawResponse {
        try gateway(backend: 1, settings: settings)
            .ask(method, path, body: body, headers: headers)
    }

    @Test("malformed JSON is 400 with its place")
    func malformed() throws {
        let answer = try ask("POST", "/say", "{\"text\":\n \"a\",}")
        #expect(answer.status == 400)
        #expect(answer.json["type"] as? String == "urn:dragoman:problem:malformed-json")
        let error = (answer.json["errors"] as? [[String: Any]])?.first
        #expect(error?["line"] as? Int == 2)
        #expect(error?["column"] as? Int == 6)
        #expect(error?["offset"] as? Int == 14)
    }

    @Test("all violations at once, with their pointers")
    func violations() throws {
        let answer = try ask("POST", "/say", #"{"text":1,"flag":"x","unknown":0}"#)
        #expect(answer.status == 400)
        let errors = answer.json["errors"] as? [[String: Any]] ?? []
        #expect(
            Set(errors.compactMap { $0["pointer"] as? String }) == ["/text", "/flag", "/unknown"])
    }

    @Test("no path, no method, no media type, no body wanted")
    func admission() throws {
        let gateway = try gateway(backend: 1)
        #expect(try gateway.ask("GET", "/nowhere").status == 404)
        let method = try gateway.ask("DELETE", "/say")
        #expect(method.status == 405)
        #expect(method.field("allow")?.contains("POST") == true)
        let options = try gateway.ask("OPTIONS", "/say")
        #expect(options.status == 204 && options.field("allow")?.contains("GET") == true)
        let type = try gateway.ask(
            "POST", "/say", body: "{}", headers: ["Content-Type: text/plain"])
        #expect(type.status == 415)
        let coding = try gateway.ask(
            "POST", "/say", body: "{}", headers: ["Content-Encoding: gzip"])
        #expect(coding.status == 415)
        #expect(
            try gateway.ask("POST", "/say", body: "{}", headers: ["Accept: text/html"]).status
                == 406)
        #expect(try gateway.ask("GET", "/say", body: "{}").status == 400)
        #expect(try gateway.ask("GET", "/say?other=1").status == 400)
        #expect(try gateway.ask("GET", "/say?text=1&text=2").status == 400)
        #expect(try gateway.ask("GET", "/a/../say").status == 400)
    }

    @Test("too large, at once by its announced length and later by its bytes")
    func tooLarge() throws {
        let gateway = try gateway(backend: 1, settings: "limits: { body: 1KiB }")
        let announced = try gateway.ask("POST", "/say", body: String(repeating: " ", count: 2000))
        #expect(announced.status == 413)
        let limit = announced.json["limit"] as? [String: Any]
        #expect(limit?["name"] as? String == "body")
        let client = try RawClient(port: gateway.port)
        try client.send(
            "POST /say HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n")
        for _ in 0..<20 {
            guard (try? client.send("64\r\n" + String(repeating: " ", count: 100) + "\r\n")) != nil
            else { break }
        }
        #expect(try client.response().status == 413)
        #expect(try client.isClosed())
    }

    @Test("depth, members, names and texts are bounded")
    func shape() throws {
        let settings = "limits: { depth: 10, members: 50 }"
        let deep = String(repeating: "[", count: 11) + String(repeating: "]", count: 11)
        #expect(try ask("POST", "/say", deep, settings: settings).status == 413)
        let many = "[" + String(repeating: "1,", count: 60) + "1]"
        #expect(try ask("POST", "/say", many, settings: settings).status == 413)
        let shapes = "limits: { names: 20, text: 1KiB }"
        let names = "{" + (0..<21).map { "\"n\($0)\":0" }.joined(separator: ",") + "}"
        #expect(try ask("POST", "/say", names, settings: shapes).status == 413)
        let text = "\"" + String(repeating: "x", count: 1025) + "\""
        #expect(try ask("POST", "/say", text, settings: shapes).status == 413)
    }

    @Test("header bombs and long addresses")
    func heads() throws {
        let gateway = try gateway(backend: 1)
        let long = String(repeating: "a", count: 9000)
        #expect(try gateway.ask("GET", "/say?text=\(long)").status == 414)
        #expect(
            try gateway.ask("GET", "/say", headers: ["X: " + String(repeating: "b", count: 40_000)])
                .status == 431)
        let many = (0..<200).map { "X-\($0): 1" }
        #expect(try gateway.ask("GET", "/say", headers: many).status == 431)
    }

    @Test("slow heads and bodies are 408, and the connection closes")
    func slow() throws {
        let gateway = try gateway(
            backend: 1, settings: "limits: { header_timeout: 150ms, body_idle: 150ms }")
        let head = try RawClient(port: gateway.port)
        try head.send("GET /say HTTP/1.1\r\nHost:")
        #expect(try head.response().status == 408)
        #expect(try head.isClosed())
        let body = try RawClient(port: gateway.port)
        try body.send(
            "POST /say HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
                + "Content-Length: 10\r\n\r\n{")
        #expect(try body.response().status == 408)
        #expect(try body.isClosed())
    }

    @Test(
        "what is no HTTP is refused, and the connection closes",
        arguments: [
            ("GET /say HTTP/1.1\r\n\r\n", 400), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
            ("GET /say HTTP/1.1\nHost: a\n\n", 400), ("\u{16}\u{3}\u{1}", 400),
            (
                "POST /say HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
                400
            ),
            ("GET /say HTTP/3.0\r\nHost: a\r\n\r\n", 505),
        ])
    func framing(_ bytes: String, _ status: Int) throws {
        let gateway = try gateway(backend: 1, settings: "limits: { header_timeout: 300ms }")
        let client = try RawClient(port: gateway.port)
        try client.send(bytes)
        let answer = try client.response()
        #expect([status, 408].contains(answer.status))
        #expect(try client.isClosed())
    }

    @Test("requests sent byte by byte and all at once are answered alike and in order")
    func pipelined() throws {
        let gateway = try gateway(backend: 1)
        let requests =
            "GET /nowhere HTTP/1.1\r\nHost: a\r\n\r\nDELETE /say HTTP/1.1\r\nHost: a\r\n\r\n"
            + "POST /say HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
            + "Content-Length: 1\r\n\r\n{GET /say?x=1 HTTP/1.1\r\nHost: a\r\n\r\n"
        for isDripped in [false, true] {
            let client = try RawClient(port: gateway.port)
            if isDripped {
                for byte in requests.utf8 { try client.send([byte]) }
            } else {
                try client.send(requests)
            }
            let statuses = try (0..<4).map { _ in try client.response().status }
            #expect(statuses == [404, 405, 400, 400])
        }
    }

    @Test("100 (Continue) is sent where the body is wanted, and not where it is refused")
    func expectations() throws {
        let gateway = try gateway(backend: 1, settings: "limits: { body: 100B }")
        let wanted = try RawClient(port: gateway.port)
        let head = "POST /say HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n"
        try wanted.send(head + "Expect: 100-continue\r\nContent-Length: 1\r\n\r\n")
        #expect(try wanted.response().status == 100)
        try wanted.send("{")
        #expect(try wanted.response().status == 400)
        let refused = try RawClient(port: gateway.port)
        try refused.send(head + "Expect: 100-continue\r\nContent-Length: 1000\r\n\r\n")
        #expect(try refused.response().status == 413)
        #expect(try refused.isClosed())
    }
}

@Suite("Bad backends, end to end", .serialized)
struct BadBackendTests {
    private func ask(
        settings: String = "",
        _ serve: @escaping @Sendable (RawConnection) -> Void
    ) throws -> RawResponse {
        let server = try RawServer(serve)
        let gateway = try gateway(backend: server.port, settings: settings)
        let answer = try gateway.ask("POST", "/say", body: "{}")
        #expect(answer.field("content-type") == "application/problem+json")
        #expect(answer.json["upstream"] as? String == "echo")
        return answer
    }

    private static let settingsFrame: [UInt8] = [0, 0, 0, 4, 0, 0, 0, 0, 0]

    /// Returns when the first HEADERS frame has begun (RFC 9113, sections 3.4, 4.1 and 6.2).
    private static func receiveRequest(_ connection: RawConnection) {
        var bytes: [UInt8] = []
        while true {
            let more = connection.receive()
            guard !more.isEmpty else { return }
            bytes += more
            var frame = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".utf8.count
            while frame + 9 <= bytes.count {
                if bytes[frame + 3] == 1 { return }
                frame += 9 + bytes[frame..<frame + 3].reduce(0) { $0 << 8 | Int($1) }
            }
        }
    }

    @Test("nobody there is 503")
    func refused() throws {
        let gateway = try gateway(backend: 1)
        #expect(try gateway.ask("POST", "/say", body: "{}").status == 503)
    }

    @Test("silence is 504")
    func stalls() throws {
        #expect(
            try ask(settings: "limits: { timeout: 500ms }") {
                while !$0.receive().isEmpty {}
            }.status == 504)
    }

    @Test("garbage, HTTP/1.1 and a reset are 502 or 503")
    func garbage() throws {
        let garbage = try ask { connection in
            _ = connection.receive()
            connection.send([UInt8](repeating: 0xFF, count: 64))
            Thread.sleep(forTimeInterval: 0.2)
        }
        #expect([502, 503].contains(garbage.status))
        let http1 = try ask { connection in
            _ = connection.receive()
            connection.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
            Thread.sleep(forTimeInterval: 0.2)
        }
        #expect([502, 503].contains(http1.status))
        let reset = try ask { connection in
            _ = connection.receive()
            connection.reset()
        }
        #expect([502, 503].contains(reset.status))
    }

    @Test(
        "an answer without grpc-status, a truncated message and a bad content type are 502",
        arguments: [
            // :status 200, content-type application/grpc, then the end.
            [0x88, 0x5F, 0x8B, 0x1D, 0x75, 0xD0, 0x62, 0x0D, 0x26, 0x3D, 0x4C, 0x4D, 0x65, 0x64]
                as [UInt8],
            // :status 200 and nothing else.
            [0x88],
            // :status 500.
            [0x8E],
        ])
    func noStatus(_ block: [UInt8]) throws {
        let answer = try ask { connection in
            connection.send(Self.settingsFrame)
            Self.receiveRequest(connection)
            connection.send([0, 0, UInt8(block.count), 1, 5, 0, 0, 0, 1] + block)
            while !connection.receive().isEmpty {}
        }
        #expect([500, 502].contains(answer.status), "\(answer.text)")
    }
}
