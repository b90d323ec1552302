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
                "@\(files.folder.path)/upload",
                "http://127.0.0.1:\(files.gateway.port)/items/x",
            ])
        #expect(echo.output == body)
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
