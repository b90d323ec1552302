// SPDX-License-Identifier: Apache-2.0
// Messages to gRPC backends that go out compressed, against Python's grpcio.

import Foundation
import Testing

/// A gateway that compresses, in front of the Echo service.
private final class CompressedShop {
    let folder: TemporaryFolder
    let backend: RunningProcess
    let gateway: TestGateway

    init(_ compression: String, _ flags: [String]) throws {
        folder = try TemporaryFolder()
        let descriptors = try Backend.echoDescriptors(in: folder)
        backend = try RunningProcess(
            Project.python, [Project.support + "/grpc_server.py", descriptors] + flags)
        let port = Int(try backend.line()) ?? 0
        gateway = try TestGateway(
            upstreams: "{ echo: { url: 'http://127.0.0.1:\(port)', compression: \(compression) } }",
            settings: "",
            files: [
                "mappings/echo.yaml": """
                service: echo
                backend: { grpc: { contract: echo.binpb } }
                """
            ],
            copies: ["schemas/echo.binpb": descriptors])
    }

    func ask(_ method: String, _ body: String) throws -> RawResponse {
        try gateway.ask("POST", "/dragoman.test.v1.Echo/\(method)", body: body)
    }

    func bytesReceived() throws -> Int {
        let entries = try ask("Metadata", "{}").json["entries"] as? [String: String]
        return Int(entries?["bytes-received"] ?? "") ?? -1
    }
}

@Suite("Compressed gRPC, end to end", .serialized)
struct CompressionTests {
    @Test(
        "a large message is much smaller on the wire, and the same", arguments: ["gzip", "deflate"])
    func smaller(_ compression: String) throws {
        let shop = try CompressedShop(compression, ["--count"])
        let text = String(repeating: "dragoman ", count: 20_000)
        let before = try shop.bytesReceived()
        for _ in 0..<3 {
            let answer = try shop.ask("Say", "{\"text\":\"\(text)\"}")
            #expect(answer.status == 200)
            #expect(answer.json["text"] as? String == text)
        }
        let small = try shop.ask("Say", #"{"text":"small"}"#)
        #expect(small.text == #"{"text":"small"}"#)
        let sent = try shop.bytesReceived() - before
        #expect(sent > 0 && sent < 20_000, "\(sent) bytes for 540,000")
    }

    @Test("a backend that takes no compressed messages is asked again without, and then always")
    func refused() throws {
        let shop = try CompressedShop("gzip", ["--count", "--uncompressed"])
        let text = String(repeating: "dragoman ", count: 20_000)
        for _ in 0..<3 {
            let answer = try shop.ask("Say", "{\"text\":\"\(text)\"}")
            #expect(answer.status == 200)
            #expect(answer.json["text"] as? String == text)
        }
        #expect(try shop.bytesReceived() > 540_000)
    }

    @Test("a method that is not there is still 501")
    func unimplemented() throws {
        let shop = try CompressedShop("gzip", [])
        let text = String(repeating: "dragoman ", count: 500)
        let answer = try shop.ask("Fail", "{\"code\":12,\"message\":\"\(text)\"}")
        #expect(answer.status == 501)
    }
}
