// SPDX-License-Identifier: Apache-2.0
// HTTP/2 backends whose bytes pass as they are, against nghttpd; and JSON reshaped on the way.

import Foundation
import Testing

private final class Files {
    let folder: TemporaryFolder
    let backend: RunningProcess
    let gateway: TestGateway

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(#"{"name":"tea","price":1.50}"#, to: "items/tea")
        try folder.write(String(repeating: "0123456789", count: 300_000), to: "items/large")
        let (process, port) = try Backend.http2(folder: folder.path, arguments: ["--echo-upload"])
        backend = process
        gateway = try TestGateway(
            upstreams: "{ files: { url: 'http://127.0.0.1:\(port)' } }",
            files: [
                "mappings/files.yaml": """
                service: files
                backend: { http: {} }
                routes:
                  GET /items/{name}: {}
                  POST /items/{name}: {}
                  GET /short/{name}:
                    call: GET /items/${path.name}
                    response: { price: "${reply.price}" }
                  GET /ruled/{name}:
                    call: GET /items/${path.name}
                    errors:
                      - when: ${status == 404}
                        status: 410
                        title: Sold out
                        detail: No ${path.name} since ${reply_headers.date}
                  GET /unruled/{name}:
                    call: GET /items/${path.name}
                    errors: [ { when: "${status == 500}", status: 503 } ]
                """
            ])
    }
}

@Suite("HTTP/2 passed on, end to end", .serialized)
struct PassedOnTests {
    @Test("the backend's answer passes as it is")
    func get() throws {
        let files = try Files()
        let answer = try files.gateway.ask("GET", "/items/tea")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"name":"tea","price":1.50}"#)
        #expect(answer.field("content-length") == "27")
        #expect(try files.gateway.ask("GET", "/items/none").status == 404)
        let head = try files.gateway.ask("HEAD", "/items/tea")
        #expect(head.status == 200 && head.field("content-length") == "27")
    }

    @Test("an error of the backend's is told by rule, else as it is")
    func rules() throws {
        let files = try Files()
        let ruled = try files.gateway.ask("GET", "/ruled/coffee")
        #expect(ruled.status == 410)
        #expect(ruled.text.contains(#""title":"Sold out""#), "\(ruled.text)")
        #expect(ruled.text.contains(#""detail":"No coffee since "#), "\(ruled.text)")
        #expect(try files.gateway.ask("GET", "/ruled/tea").status == 200)
        let unruled = try files.gateway.ask("GET", "/unruled/coffee")
        #expect(unruled.status == 404 && !unruled.text.contains("urn:dragoman"))
        // The connection lives on after an answer that nobody read to its end.
        #expect(try files.gateway.ask("GET", "/items/tea").status == 200)
    }

    @Test("large bodies stream both ways")
    func large() throws {
        let files = try Files()
        let answer = try files.gateway.ask("GET", "/items/large")
        #expect(answer.body.count == 3_000_000)
        let body = String(repeating: "abcdefgh", count: 250_000)
        try files.folder.write(body, to: "upload")
        let echo = try RunningProcess.run(
            "curl",
            [
                "-s", "--max-time", "10", "-H", "Expect:", "--data-binary",
                "@\(files.folder.path)/upload", "-o", "\(files.folder.path)/echo",
                "http://127.0.0.1:\(files.gateway.port)/items/x",
            ])
        #expect(echo.code == 0)
        let received = try String(contentsOfFile: files.folder.path + "/echo", encoding: .utf8)
        #expect(received == body)
    }

    @Test("a chunked upload passes piece by piece")
    func chunked() throws {
        let files = try Files()
        let client = try RawClient(port: files.gateway.port)
        try client.send(
            "POST /items/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
        for piece in ["5\r\nhello\r\n", "6\r\n world\r\n", "0\r\n\r\n"] {
            try client.send(piece)
            Thread.sleep(forTimeInterval: 0.02)
        }
        #expect(try client.response().text == "hello world")
    }

    @Test("an answer is reshaped by its template, digits as they were")
    func reshaped() throws {
        let files = try Files()
        #expect(try files.gateway.ask("GET", "/short/tea").text == #"{"price":1.50}"#)
    }
}

@Suite("Connections that end, end to end", .serialized)
struct ConnectionEndTests {
    @Test("a large answer is whole for a slow reader, though the connection ends with it")
    func slowReader() throws {
        let files = try Files()
        let client = try RawClient(port: files.gateway.port)
        try client.send("GET /items/large HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        Thread.sleep(forTimeInterval: 0.3)
        #expect(try client.response().body.count == 3_000_000)
        #expect(try client.isClosed())
    }

    @Test("SIGTERM lets what is in flight end, takes nothing more, and exits with 0")
    func drain() throws {
        let files = try Files()
        let idle = try RawClient(port: files.gateway.port)
        try idle.send("GET /items/tea HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(try idle.response().status == 200)
        let busy = try RawClient(port: files.gateway.port)
        try busy.send(
            "POST /items/x HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\n"
                + "Content-Length: 4\r\n\r\n")
        #expect(try busy.response().status == 100)
        try busy.send("ab")
        files.gateway.process.signal(SIGTERM)
        #expect(try idle.isClosed())
        try busy.send("cd")
        #expect(try busy.response().text == "abcd")
        #expect(files.gateway.process.exitCode() == 0)
    }

    @Test("the admin listener says whether the gateway is ready")
    func readiness() throws {
        let files = try Files()
        #expect(try RawClient.ask(files.gateway.adminPort, "GET", "/readyz").status == 200)
        #expect(try RawClient.ask(files.gateway.adminPort, "GET", "/livez").text.contains("live"))
        #expect(try RawClient.ask(files.gateway.adminPort, "GET", "/other").status == 404)
    }
}
