// SPDX-License-Identifier: Apache-2.0
// Files through the release binary to and from streams of Python's grpcio: forms and bytes in
// pieces, downloads, and what happens when one of them breaks off.

import Foundation
import Testing

/// A gateway in front of the Streams service, with routes that take and give files.
private final class FileShop {
    private let shop: StreamsShop
    var folder: TemporaryFolder { shop.folder }
    var gateway: TestGateway { shop.gateway }
    var backend: RunningProcess { shop.backend }

    init() throws {
        shop = try StreamsShop(settings: "limits: { body: 16KiB }", mapping: Self.mapping)
    }

    static let mapping = """
        service: streams
        backend: { grpc: { contract: streams.binpb } }
        annotated: keep
        routes:
          POST /store/{name}:
            call: Store
            consumes: [multipart/form-data, application/x-www-form-urlencoded]
            request:
              - info:
                  name: ${path.name}
                  mediaType: ${parts.file.type}
                  pages: ${body.pages}
                  tags: ["${body.title}", "${parts.file.filename}"]
              - chunk: ${body.file}
            response: { chunks: "${int(reply.count)}", bytes: "${int(reply.total)}", said: "${reply.texts}", sum: "${reply.data}" }
          PUT /store/{name}:
            call: Store
            consumes: [image/*, application/json]
            request:
              - info: { name: "${path.name}", mediaType: "${header['content-type']}" }
              - chunk: ${body}
          PUT /chunks: { call: Store, consumes: "*/*", request: { chunk: "${body}" } }
          POST /by-name: { call: Store, consumes: multipart/form-data }
          GET /fetch/{name}:
            call: Fetch
            request: { name: "${path.name}", size: "${query.size}", piece: "${query.piece}", fail: "${query.fail}" }
            produces: ${reply.info.mediaType}
            headers: { Content-Disposition: 'attachment; filename="${reply.info.name}"' }
            response: ${reply.chunk}
          GET /one: { call: One, request: { size: 3 } }
          GET /lines: { call: Count, request: { count: 3, size: 2 }, produces: text/csv, response: "${reply.number},${reply.text}\\n" }
        """

    func form(_ path: String, _ parts: [(head: String, content: String)]) throws -> RawResponse {
        let body = parts.map {
            "--b\r\nContent-Disposition: form-data; \($0.head)\r\n\r\n\($0.content)\r\n"
        }
        return try gateway.ask(
            "POST", path, body: body.joined() + "--b--\r\n",
            headers: ["Content-Type: multipart/form-data; boundary=b"])
    }

    func curl(_ arguments: [String]) throws -> (code: Int32, output: String) {
        let result = try RunningProcess.run("curl", ["-sS", "-m", "30"] + arguments)
        return (result.code, result.output)
    }

    func url(_ path: String) -> String { "http://127.0.0.1:\(gateway.port)\(path)" }

    /// Kilobytes that the gateway has had in memory at most.
    func memoryPeak() throws -> Int {
        let status = try String(
            contentsOfFile: "/proc/\(gateway.process.identifier)/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return Int(line.filter(\.isNumber)) ?? 0
    }
}

@Suite("Files in streams, end to end", .serialized)
struct StreamedFileTests {
    @Test("a form's fields go first, its file in pieces after them, however large it is")
    func form() throws {
        let shop = try FileShop()
        let small = try shop.form(
            "/store/n",
            [
                ("name=\"title\"", "T"), ("name=\"pages\"", "7"),
                ("name=\"file\"; filename=\"f\"\r\nContent-Type: image/png", "a\r\n--b\r\n-"),
            ])
        // A file with the boundary in it ends there.
        #expect(small.status == 400, "\(small.text)")
        let odd = try shop.form(
            "/store/n",
            [
                ("name=\"title\"", "T"), ("name=\"pages\"", "7"),
                ("name=\"file\"; filename=\"f\"\r\nContent-Type: image/png", "a\r\n--\r\n-"),
            ])
        #expect(odd.json["said"] as? [String] == ["n|image/png|7|T,f|0"], "\(odd.text)")
        #expect(odd.json["bytes"] as? Int == 8)
        let before = try shop.memoryPeak()
        let large = shop.folder.path + "/large"
        _ = FileManager.default.createFile(
            atPath: large, contents: Data(repeating: 0x61, count: 64 << 20))
        let answer = try shop.curl([
            "-F", "title=T", "-F", "file=@\(large);type=a/b", shop.url("/store/n"),
        ])
        #expect(answer.output.contains("\"bytes\":67108864"), "\(answer)")
        #expect(answer.output.contains("n|a/b|0|T,large|0"))
        let raw = try shop.curl(["-T", large, "-H", "Content-Type: image/x", shop.url("/store/r")])
        #expect(raw.output.contains("\"total\":\"67108864\""), "\(raw)")
        #expect(raw.output.contains("r|image/x|0||0"))
        #expect(try shop.memoryPeak() - before < 8 << 10)
    }

    @Test("bodies without a file, without bytes, and of JSON")
    func others() throws {
        let shop = try FileShop()
        let none = try shop.form("/store/n", [("name=\"title\"", "T")])
        #expect(none.json["said"] as? [String] == ["n||0|T|0"])
        #expect(none.json["bytes"] as? Int == 0)
        let fields = try shop.gateway.ask(
            "POST", "/store/n", body: "title=a+b&pages=3",
            headers: ["Content-Type: application/x-www-form-urlencoded"])
        #expect(fields.json["said"] as? [String] == ["n||3|a b|0"], "\(fields.text)")
        let empty = try shop.form("/store/n", [("name=\"file\"; filename=\"f\"", "")])
        #expect(empty.json["chunks"] as? Int == 1)
        let bytes = try shop.gateway.ask(
            "PUT", "/chunks", body: "", headers: ["Content-Type: a/b"])
        #expect(bytes.json["count"] as? String == "1")
        let absent = try shop.gateway.ask("PUT", "/chunks")
        let list = try shop.gateway.ask("POST", "/dragoman.test.v1.Streams/Store", body: "[]")
        #expect(absent.text == list.text)
        for (type, body) in [
            ("application/json", #"["aGk=","aGk="]"#),
            ("application/x-ndjson", "\"aGk=\"\n\"aGk=\""),
        ] {
            let answer = try shop.gateway.ask(
                "PUT", "/store/j", body: body, headers: ["Content-Type: \(type)"])
            #expect(answer.json["count"] as? String == "2", "\(answer.text)")
            #expect(answer.json["texts"] as? [String] == ["j|\(type)|0||0"])
        }
        let named = try shop.form("/by-name", [("name=\"chunk\"; filename=\"f\"", "abc")])
        #expect(named.json["total"] as? String == "3")
    }

    @Test("what is no upload is refused with the reason, and nothing ends well")
    func refused() throws {
        let shop = try FileShop()
        let file = ("name=\"file\"; filename=\"f\"", "abc")
        let late = try shop.form("/store/n", [file, ("name=\"title\"", "T")])
        #expect(late.status == 400)
        #expect(late.text.contains("the part title comes after the file file"), "\(late.text)")
        #expect(try shop.form("/store/n", [file, file]).text.contains("no second file"))
        let wrong = try shop.form("/store/n", [("name=\"pages\"", "x"), file])
        #expect(wrong.text.contains(#""pointer":"/pages""#), "\(wrong.text)")
        let unknown = try shop.form("/store/n", [("name=\"what\"", "x"), file])
        #expect(unknown.text.contains(#""pointer":"/what""#), "\(unknown.text)")
        let held = try shop.form(
            "/store/n", [("name=\"title\"", String(repeating: "t", count: 20_000)), file])
        #expect(held.status == 413)
        #expect(held.text.contains(#""name":"body""#), "\(held.text)")
        let type = try shop.gateway.ask(
            "PUT", "/store/n", body: "x", headers: ["Content-Type: text/plain"])
        #expect(type.status == 415)
        #expect(type.text.contains(#"image/* or application/json"#), "\(type.text)")
        let open = try shop.gateway.ask(
            "POST", "/store/n",
            body: "--b\r\nContent-Disposition: form-data; \(file.0)\r\n\r\n"
                + String(repeating: "x", count: 200_000),
            headers: ["Content-Type: multipart/form-data; boundary=b"])
        #expect(open.text.contains("ends without the closing boundary"), "\(open.text)")
        let said = try shop.form("/store/refused", [file])
        #expect(said.status == 400)
        #expect(
            said.text.contains(
                #""errors":[{"pointer":"","keyword":"contract","detail":"info.name: not that one"}]"#
            ), "\(said.text)")
    }

    @Test("a server stream of bytes is a download; one that fails midway breaks off")
    func download() throws {
        let shop = try FileShop()
        let whole = try shop.gateway.ask("GET", "/fetch/a.csv?size=100&piece=30")
        #expect(whole.text == String(repeating: "x", count: 100))
        #expect(whole.field("content-type") == "text/csv")
        #expect(whole.field("content-disposition") == "attachment; filename=\"a.csv\"")
        let into = shop.folder.path + "/down"
        let broken = try shop.curl(["-o", into, shop.url("/fetch/a?size=300000&fail=5")])
        #expect(broken.code == 18)
        #expect(try Data(contentsOf: URL(filePath: into)).count == 300_000)
        let lines = try shop.gateway.ask("GET", "/lines")
        #expect(lines.text == "0,xx\n1,xx\n2,xx\n")
        let refused = try shop.gateway.ask("GET", "/lines", headers: ["Accept: application/json"])
        #expect(refused.status == 406)
        #expect(refused.text.contains("text/csv"))
    }

    @Test("a handshake where nothing streams, and a line that is an array, are told once")
    func slips() throws {
        let shop = try FileShop()
        let handshake = [
            "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
            "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
        ]
        let unary = try shop.gateway.ask(
            "GET", "/one", headers: handshake)
        #expect(unary.status == 400)
        #expect(unary.text.contains("does not stream"), "\(unary.text)")
        let line = try shop.gateway.ask(
            "POST", "/dragoman.test.v1.Streams/Sum", body: "[1]",
            headers: ["Content-Type: application/x-ndjson"])
        #expect(
            line.text.contains(
                #""errors":[{"pointer":"/0","keyword":"type","detail":"must be an object, not an array"}]"#
            ), "\(line.text)")
    }
}
