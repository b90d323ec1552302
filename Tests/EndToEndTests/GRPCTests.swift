// SPDX-License-Identifier: Apache-2.0
// JSON to gRPC and back through the release binary, against Python's grpcio.

import Foundation
import Testing

/// A gateway in front of the Echo service.
private final class EchoShop {
    let folder: TemporaryFolder
    let backend: RunningProcess
    let gateway: TestGateway

    init(settings: String = "") throws {
        folder = try TemporaryFolder()
        let descriptors = try Backend.echoDescriptors(in: folder)
        let (process, port) = try Backend.grpc(descriptors: descriptors)
        backend = process
        gateway = try TestGateway(
            upstreams: "{ echo: { url: 'http://127.0.0.1:\(port)' } }", settings: settings,
            files: ["mappings/echo.yaml": Self.mapping],
            copies: ["schemas/echo.binpb": descriptors])
    }

    static let mapping = """
        service: echo
        backend: { grpc: { contract: echo.binpb } }
        annotated: keep
        routes:
          GET /say/{text}:
            call: Say
            request: { text: "${path.text}", numbers: ["1", 2], colour: COLOUR_RED }
            response: { said: "${reply.text}", all: "${reply.numbers}" }
            status: 201
            headers: { Location: "/said/${reply.text}" }
          GET /meta:
            call: Metadata
            request: {}
            metadata: { x-tenant: "${header['x-tenant']}" }
          GET /fail/{code}:
            call: Fail
            request: { code: "${path.code}", message: "no, \u{FC}mlaut 100%" }
            parameters: { code: { in: path, schema: { type: integer } } }
        """
}

@Suite("gRPC, end to end", .serialized)
struct GRPCTests {
    @Test("every kind of field goes there and comes back")
    func everything() throws {
        let shop = try EchoShop()
        let body = """
            {"text":"h\\u00e9 \\"q\\" \\u0001","data":"AP+/","flag":true,"small":-5,\
            "large":"-9223372036854775808","natural":4294967295,\
            "naturalLarge":"18446744073709551615","zigzag":-1,"zigzagLarge":"-2","fixed":7,\
            "fixedLarge":"8","signedFixed":-7,"signedFixedLarge":"-8","single":0.1,\
            "twice":1e-300,"colour":"COLOUR_BLUE","nested":{"text":"in"},\
            "texts":["a","","c"],"numbers":[1,-2,300],"children":[{},{"flag":true}],\
            "labels":{"a":"1","":"x"},"byNumber":{"-3":{"small":1}},"right":"9","maybe":0,\
            "when":"2026-11-21T09:00:00.123Z","howLong":"1.500s"}
            """
        let answer = try shop.gateway.ask(
            "POST", "/dragoman.test.v1.Echo/Say", body: body)
        #expect(answer.status == 200)
        let sent = try JSONSerialization.jsonObject(with: Data(body.utf8)) as? NSDictionary
        let back = try JSONSerialization.jsonObject(with: Data(answer.body)) as? NSDictionary
        #expect(sent == back)
        #expect(answer.text.contains("\"large\":\"-9223372036854775808\""))
    }

    @Test("templates, status and headers")
    func templates() throws {
        let shop = try EchoShop()
        let answer = try shop.gateway.ask("GET", "/say/a%20b%2Fc")
        #expect(answer.status == 201)
        #expect(answer.text == #"{"said":"a b/c","all":[1,2]}"#)
        #expect(answer.field("location") == "/said/a%20b%2Fc")
    }

    @Test(
        "a status becomes a problem",
        arguments: [
            (3, 400, "INVALID_ARGUMENT"), (5, 404, "NOT_FOUND"), (7, 403, "PERMISSION_DENIED"),
            (8, 429, "RESOURCE_EXHAUSTED"), (12, 501, "UNIMPLEMENTED"), (13, 500, "INTERNAL"),
            (16, 401, "UNAUTHENTICATED"), (9, 400, "FAILED_PRECONDITION"),
        ])
    func statuses(_ code: Int, _ status: Int, _ name: String) throws {
        let shop = try EchoShop()
        let answer = try shop.gateway.ask("GET", "/fail/\(code)")
        #expect(answer.status == status)
        #expect(answer.field("content-type") == "application/problem+json")
        let grpc = answer.json["grpc"] as? [String: Any]
        #expect(grpc?["code"] as? Int == code)
        #expect(grpc?["status"] as? String == name)
        #expect(grpc?["message"] as? String == "no, \u{FC}mlaut 100%")
        #expect(answer.json["status"] as? Int == status)
    }

    @Test("the deadline reaches the backend, and so do traceparent and what the mapping names")
    func metadata() throws {
        let shop = try EchoShop(settings: "limits: { timeout: 60s }")
        let answer = try shop.gateway.ask(
            "GET", "/meta",
            headers: [
                "X-Tenant: blue", "X-Other: no", "Cookie: secret=1",
                "traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            ])
        let entries = answer.json["entries"] as? [String: String] ?? [:]
        #expect(entries["x-tenant"] == "blue")
        #expect(entries["traceparent"]?.hasPrefix("00-0af7") == true)
        #expect(entries["x-other"] == nil && entries["cookie"] == nil)
        let remaining = Int(answer.json["remaining"] as? String ?? "") ?? 0
        #expect(remaining > 0 && remaining <= 60_000)
    }

    @Test("a backend that is too slow is 504, and the call is cancelled")
    func slow() throws {
        let shop = try EchoShop(settings: "limits: { timeout: 3s }")
        let answer = try shop.gateway.ask(
            "POST", "/dragoman.test.v1.Echo/Wait", body: #"{"milliseconds":60000}"#)
        #expect(answer.status == 504)
        #expect(answer.json["upstream"] as? String == "echo")
        _ = try shop.backend.line { $0 == "cancelled" }
    }

    @Test("a client that goes away cancels its call")
    func clientGone() throws {
        let shop = try EchoShop()
        var client: RawClient? = try RawClient(port: shop.gateway.port)
        let body = #"{"milliseconds":60000}"#
        try client?.send(
            "POST /dragoman.test.v1.Echo/Wait HTTP/1.1\r\nHost: a\r\n"
                + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
                + body)
        _ = try shop.backend.line { $0 == "waiting" }
        client = nil
        _ = try shop.backend.line { $0 == "cancelled" }
    }

    @Test("large messages cross the flow-control windows")
    func large() throws {
        let shop = try EchoShop()
        let size = 3_000_000
        let answer = try shop.gateway.ask(
            "POST", "/dragoman.test.v1.Echo/Big", body: "{\"bytes\":\(size)}")
        #expect(answer.status == 200)
        #expect(answer.body.count == size + 11)
        let text = String(repeating: "y", count: 1_000_000)
        let echo = try shop.gateway.ask(
            "POST", "/dragoman.test.v1.Echo/Say", body: "{\"text\":\"\(text)\"}")
        #expect(echo.body.count == 1_000_011)
    }

    @Test(
        "what the contract does not allow is told with its place",
        arguments: [
            (#"{"small":"x"}"#, "/small"), (#"{"large":"9223372036854775808"}"#, "/large"),
            (#"{"nested":{"children":[{},{"flag":1}]}}"#, "/nested/children/1/flag"),
            (#"{"colour":"GREEN"}"#, "/colour"), (#"{"nothing":1}"#, "/nothing"),
            (#"{"data":"*"}"#, "/data"), (#"{"when":"yesterday"}"#, "/when"),
        ])
    func violations(_ body: String, _ pointer: String) throws {
        let shop = try EchoShop()
        let answer = try shop.gateway.ask("POST", "/dragoman.test.v1.Echo/Say", body: body)
        #expect(answer.status == 400)
        let errors = answer.json["errors"] as? [[String: Any]] ?? []
        #expect(errors.contains { $0["pointer"] as? String == pointer }, "\(answer.text)")
    }

    @Test("a backend that dies and comes back is reached again")
    func restart() throws {
        let folder = try TemporaryFolder()
        let descriptors = try Backend.echoDescriptors(in: folder)
        let first = try Backend.grpc(descriptors: descriptors)
        let gateway = try TestGateway(
            upstreams: "{ echo: { url: 'http://127.0.0.1:\(first.port)' } }",
            files: ["mappings/echo.yaml": EchoShop.mapping],
            copies: ["schemas/echo.binpb": descriptors])
        #expect(try gateway.ask("GET", "/say/one").status == 201)
        first.process.end(SIGKILL)
        let down = try gateway.ask("GET", "/say/two")
        #expect(down.status == 503)
        #expect(down.json["upstream"] as? String == "echo")
        let second = try Backend.grpc(port: first.port, descriptors: descriptors)
        #expect(try gateway.ask("GET", "/say/three").status == 201)
        second.process.end(SIGKILL)
    }
}
