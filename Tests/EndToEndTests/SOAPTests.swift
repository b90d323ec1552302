// SPDX-License-Identifier: Apache-2.0
// JSON to SOAP and back through the release binary, against PHP's SoapServer, in both versions.

import Foundation
import Testing

private final class Library {
    let backend: RunningProcess
    let gateway: TestGateway

    init(version: String = "11", mode: String = "", settings: String = "") throws {
        let (process, port) = try Backend.soap()
        backend = process
        gateway = try TestGateway(
            upstreams: "{ library: { url: 'http://127.0.0.1:\(port)/\(version)/\(mode)' } }",
            settings: settings,
            files: [
                "mappings/library.yaml": """
                service: library
                backend: { soap: { contract: library.wsdl, port: Library\(version) } }
                routes:
                  POST /works: { call: Store }
                  GET /works/{title}:
                    call: Find
                    request: { Title: "${path.title}" }
                    response: { title: "${reply.Title}", copies: "${reply.Copies}" }
                errors:
                  - when: ${has(fault.detail.NotThere)}
                    status: 404
                    title: No such work
                    detail: ${fault.reason}
                    members: { wanted: "${fault.detail.NotThere.Title}", title: never }
                """
            ],
            copies: ["schemas/library.wsdl": Project.support + "/library.wsdl"])
    }
}

@Suite("SOAP, end to end", .serialized)
struct SOAPTests {
    @Test(
        "arrays of one, decimals, null and attributes come back as they went",
        arguments: ["11", "12"])
    func store(_ version: String) throws {
        let library = try Library(version: version)
        let body = """
            {"Work":[{"shelf":"A","Title":"T & <b>","Author":["One"],"Price":12.50,"Lent":null}]}
            """
        let answer = try library.gateway.ask("POST", "/works", body: body)
        #expect(answer.status == 200, "\(answer.text)")
        let works = answer.json["Work"] as? [[String: Any]] ?? []
        #expect(works.count == 1)
        #expect(works.first?["Title"] as? String == "T & <b>")
        #expect(works.first?["Author"] as? [String] == ["One"])
        #expect(works.first?["Lent"] is NSNull)
        #expect(works.first?["shelf"] as? String == "A")
        #expect(answer.text.contains(#""Count":1"#))
    }

    @Test("a typed fault becomes what the mapping says", arguments: ["11", "12"])
    func fault(_ version: String) throws {
        let library = try Library(version: version)
        #expect(
            try library.gateway.ask("GET", "/works/Atlas").text == #"{"title":"Atlas","copies":3}"#)
        let answer = try library.gateway.ask("GET", "/works/nothing")
        #expect(answer.status == 404, "\(answer.text)")
        #expect(answer.json["title"] as? String == "No such work")
        #expect(answer.json["wanted"] as? String == "nothing")
        let fault = answer.json["fault"] as? [String: Any]
        let detail = fault?["detail"] as? [String: [String: String]]
        #expect(detail?["NotThere"]?["Title"] == "nothing")
    }

    @Test("any other fault is a problem with the fault in it")
    func otherFault() throws {
        let library = try Library()
        let answer = try library.gateway.ask(
            "POST", "/works", body: #"{"Work":[{"Title":"broken","Lent":null}]}"#)
        #expect(answer.status == 502)
        let fault = answer.json["fault"] as? [String: Any]
        #expect(fault?["reason"] as? String == "The shelf fell over")
        #expect(fault?["code"] as? String == "Server")
    }

    @Test(
        "a value that breaks the contract is told with its place",
        arguments: [
            (#"{"Work":[{"Title":"t","Lent":"tomorrow"}]}"#, "/Work/0/Lent"),
            (#"{"Work":[{"Lent":null}]}"#, "/Work/0"),
            (#"{"Work":[{"Title":1,"Lent":null}]}"#, "/Work/0/Title"),
            (#"{"Work":{"Title":"t","Lent":null}}"#, "/Work"),
            (#"{"Work":[{"Title":"t","Lent":null,"Extra":1}]}"#, "/Work/0/Extra"),
        ])
    func violations(_ body: String, _ pointer: String) throws {
        let library = try Library()
        let answer = try library.gateway.ask("POST", "/works", body: body)
        #expect(answer.status == 400)
        let errors = answer.json["errors"] as? [[String: Any]] ?? []
        #expect(errors.contains { $0["pointer"] as? String == pointer }, "\(answer.text)")
    }

    @Test(
        "answers that are no answers",
        arguments: [
            ("html", 502), ("truncated", 502), ("doctype", 502), ("empty", 502), ("slow", 504),
        ])
    func broken(_ mode: String, _ status: Int) throws {
        let settings = mode == "slow" ? "limits: { timeout: 1s }" : ""
        let library = try Library(mode: mode, settings: settings)
        let answer = try library.gateway.ask("GET", "/works/Atlas")
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.json["upstream"] as? String == "library")
        #expect(answer.field("content-type") == "application/problem+json")
    }
}
