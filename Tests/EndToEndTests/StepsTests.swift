// SPDX-License-Identifier: Apache-2.0
// Routes of several calls through the release binary: gRPC on grpcio, SOAP on PHP's SoapServer
// and HTTP/2 on nghttpd in one answer.

import Foundation
import Testing

/// A gateway in front of three kinds of backends.
private final class Market {
    let folder: TemporaryFolder
    let backends: [RunningProcess]
    let gateway: TestGateway

    init(_ routes: String) throws {
        folder = try TemporaryFolder()
        try folder.write(#"{"price": 12.50, "sku": "b1"}"#, to: "www/prices/b1")
        let descriptors = try Backend.echoDescriptors(in: folder)
        let grpc = try Backend.grpc(descriptors: descriptors)
        let soap = try Backend.soap()
        let http = try Backend.http2(
            folder: folder.path + "/www", arguments: ["--mime-types-file=/dev/null"])
        backends = [grpc.process, soap.process, http.process]
        gateway = try TestGateway(
            upstreams: """
                { echo: { url: 'http://127.0.0.1:\(grpc.port)' }, \
                library: { url: 'http://127.0.0.1:\(soap.port)/11' }, \
                prices: { url: 'http://127.0.0.1:\(http.port)' } }
                """,
            files: [
                "mappings/echo.yaml": """
                service: echo
                backend: { grpc: { contract: echo.binpb } }
                routes:
                \(routes)
                """,
                "mappings/library.yaml": """
                service: library
                backend: { soap: { contract: library.wsdl, port: Library11 } }
                routes: {}
                """,
                "mappings/prices.yaml": """
                service: prices
                backend: { http: {} }
                routes: {}
                """,
            ],
            copies: [
                "schemas/echo.binpb": descriptors,
                "schemas/library.wsdl": Project.support + "/library.wsdl",
            ])
    }
}

@Suite("Routes of several calls, end to end", .serialized)
struct StepsTests {
    @Test("results flow from step to step, and into one answer")
    func dataFlow() throws {
        let market = try Market(
            """
              GET /chain/{text}:
                steps:
                  third: { call: Say, request: { text: "${second.text}!", numbers: "${first.numbers}" } }
                  first: { call: Say, request: { text: "${path.text}", numbers: [1, 2] } }
                  second: { call: Say, request: { text: "${first.text}-${first.text}" } }
                response: { text: "${third.text}", numbers: "${third.numbers}", ok: "${steps.third.ok}" }
            """)
        let answer = try market.gateway.ask("GET", "/chain/ab")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"text":"ab-ab!","numbers":[1,2],"ok":true}"#)
    }

    @Test("a required step that fails answers with its own error, and no other is begun")
    func required() throws {
        let market = try Market(
            """
              GET /fail/{code}:
                parameters: { code: { in: path, schema: { type: integer } } }
                steps:
                  bad: { call: Fail, request: { code: "${path.code}", message: no } }
                  late: { call: Wait, request: { milliseconds: 60000 }, unordered: true }
                errors:
                  - when: ${grpc.code == 5}
                    status: 410
                    title: Gone
            """)
        let answer = try market.gateway.ask("GET", "/fail/8")
        #expect(answer.status == 429)
        #expect(answer.text.contains(#""status":"RESOURCE_EXHAUSTED""#))
        let ruled = try market.gateway.ask("GET", "/fail/5")
        #expect(ruled.status == 410)
        #expect(ruled.text.contains(#""title":"Gone""#))
    }

    @Test("an optional step takes its fallback, or is absent, and says so")
    func optional() throws {
        let market = try Market(
            """
              GET /optional:
                steps:
                  slow:
                    call: Wait
                    request: { milliseconds: 60000 }
                    optional: true
                    timeout: 50ms
                    fallback: { text: instead }
                  none: { call: Fail, request: { code: 13 }, optional: true, unordered: true }
                response:
                  slow: ${slow.text}
                  none: ${none.text}
                  whole: ${steps.slow.ok && steps.none.ok}
            """)
        let answer = try market.gateway.ask("GET", "/optional")
        #expect(answer.status == 200)
        #expect(answer.text == #"{"slow":"instead","whole":false}"#)
    }

    @Test("steps of every kind of backend meet in one answer")
    func mixed() throws {
        let market = try Market(
            """
              GET /works/{title}:
                steps:
                  work: { call: library.Find, request: { Title: "${path.title}" } }
                  price: { call: "prices.GET /prices/${path.title}", optional: true }
                  said: { call: Say, request: { text: "${work.Title}: ${price.price}" } }
                response: { title: "${work.Title}", text: "${said.text}", priced: "${steps.price.ok}" }
            """)
        let answer = try market.gateway.ask("GET", "/works/b1")
        #expect(answer.text == #"{"title":"b1","text":"b1: 12.50","priced":true}"#)
        #expect(answer.status == 200)
        let unpriced = try market.gateway.ask("GET", "/works/b2")
        #expect(unpriced.text == #"{"title":"b2","text":"","priced":false}"#)
    }

    @Test("steps that wait for each other, and names that no step has, are errors at load")
    func circles() throws {
        let problem = #expect(throws: ProcessFailure.self) {
            _ = try Market(
                """
                  GET /circle:
                    steps:
                      one: { call: Say, request: { text: "${two.text}" } }
                      two: { call: Say, request: { text: "${one.text}" } }
                      three: { call: Say, request: { text: "${tow.text}", flag: "${steps.on.ok}" } }
                """)
        }
        let text = problem?.description ?? ""
        #expect(text.contains("unknown-name") || text.contains("tow"))
        #expect(text.contains("error[circular-steps]") || text.contains("`on`"))
    }

    @Test("a step of an http backend takes from the body; its failure is the backend's")
    func httpSteps() throws {
        let market = try Market(
            """
              POST /price:
                steps:
                  price: { call: "prices.GET /prices/${body.sku}" }
                response: { price: "${price.price}" }
            """)
        let good = try market.gateway.ask("POST", "/price", body: #"{"sku":"b1"}"#)
        #expect(good.status == 200 && good.text == #"{"price":12.50}"#, "\(good.text)")
        let missing = try market.gateway.ask("POST", "/price", body: #"{"sku":"none"}"#)
        #expect(missing.status == 404)
        #expect(missing.text.contains("urn:dragoman:problem:backend-status"), "\(missing.text)")
    }

    @Test("a step over a list keeps the list's order")
    func each() throws {
        let market = try Market(
            """
              POST /each:
                accepts:
                  properties: { words: { type: array, items: { type: string } } }
                steps:
                  said:
                    each: ${body.words}
                    parallel: 3
                    call: Say
                    request: { text: "<${item}>" }
                response:
                  - ${for one in said}: ${one.text}
            """)
        let words = (0..<40).map { "w\($0)" }
        let body = "{\"words\":[" + words.map { "\"\($0)\"" }.joined(separator: ",") + "]}"
        let answer = try market.gateway.ask("POST", "/each", body: body)
        #expect(answer.status == 200)
        let expected = "[" + words.map { "\"<\($0)>\"" }.joined(separator: ",") + "]"
        #expect(answer.text == expected)
        #expect(try market.gateway.ask("POST", "/each", body: "{}").text == "[]")
    }
}
