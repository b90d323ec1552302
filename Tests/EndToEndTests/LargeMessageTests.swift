// SPDX-License-Identifier: Apache-2.0
// Messages of some size through the release binary: translated in slices, and above `buffer` sent
// while they are read.

import Foundation
import Testing

@Suite("Large messages, end to end", .serialized)
struct LargeMessageTests {
    private final class Shop {
        let folder: TemporaryFolder
        let backend: RunningProcess
        let gateway: TestGateway

        init() throws {
            folder = try TemporaryFolder()
            let descriptors = try Backend.echoDescriptors(in: folder)
            let (process, port) = try Backend.grpc(descriptors: descriptors)
            backend = process
            gateway = try TestGateway(
                upstreams: "{ echo: { url: 'http://127.0.0.1:\(port)' } }",
                settings: "limits: { body: 16MiB, members: 10000000 }",
                files: [
                    "mappings/echo.yaml": """
                    service: echo
                    backend: { grpc: { contract: echo.binpb } }
                    annotated: keep
                    routes:
                      POST /held: { call: Say }
                      POST /sent: { call: Say, limits: { buffer: 64KiB } }
                      POST /made:
                        call: Say
                        request: { "${*}": "${body}" }
                        response: { count: "${size(reply.children)}", first: "${reply.text}" }
                        limits: { buffer: 64KiB }
                      POST /small: { call: Say, limits: { reply: 128KiB } }
                    """
                ],
                copies: ["schemas/echo.binpb": descriptors])
        }
    }

    /// About a megabyte of JSON.
    private static let body: String = {
        let children = (0..<8000).map {
            #"{"text":"child \#($0) h\#u{E9}","large":"\#($0 + 1)","texts":["a","b"],"#
                + #""nested":{"flag":true}}"#
        }
        return #"{"text":"first","numbers":[1,2,3],"children":["#
            + children.joined(separator: ",") + #"],"labels":{"a":"b"},"maybe":0}"#
    }()

    @Test("come back as they were, held and in pieces")
    func same() throws {
        let shop = try Shop()
        let sent = try JSONSerialization.jsonObject(with: Data(Self.body.utf8)) as? NSDictionary
        for path in ["/held", "/sent"] {
            let answer = try shop.gateway.ask("POST", path, body: Self.body)
            #expect(answer.status == 200)
            #expect(answer.field("content-type") == "application/json")
            #expect((answer.field("content-length") == nil) == (path == "/sent"))
            let back = try JSONSerialization.jsonObject(with: Data(answer.body)) as? NSDictionary
            #expect(sent == back, "\(path)")
        }
    }

    @Test("are held where a template looks in, refused where they are too large, and judged")
    func others() throws {
        let shop = try Shop()
        let made = try shop.gateway.ask("POST", "/made", body: Self.body)
        #expect(made.text == #"{"count":8000,"first":"first"}"#)
        #expect(try shop.gateway.ask("POST", "/small", body: Self.body).status == 502)
        let wrong = try shop.gateway.ask(
            "POST", "/held",
            body: Self.body.replacing(#""flag":true"#, with: #""flag":1"#, maxReplacements: 1))
        #expect(wrong.status == 400)
        #expect(wrong.text.contains("/children/0/nested/flag"))
        let broken = try shop.gateway.ask("POST", "/held", body: String(Self.body.dropLast()))
        #expect(broken.status == 400)
    }
}
