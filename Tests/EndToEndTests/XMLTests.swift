// SPDX-License-Identifier: Apache-2.0
// XML without an envelope through the release binary, and what real servers do to an entity:
// codings, charsets, parts, statuses. Against Python's HTTP server.

import Foundation
import Testing

private final class XMLBackend {
    let process: RunningProcess
    let gateway: TestGateway

    /// `ways`: paths of the backend, each a route `POST /NAME` of its own.
    init(ways: [String] = [], files: [String: String] = [:], copies: [String: String] = [:]) throws
    {
        process = try RunningProcess("python3", [Project.support + "/xml_server.py"])
        let port = try process.line()
        var files = files
        for way in ways {
            let name = way.replacingOccurrences(of: "/", with: "-")
            files["mappings/way-\(name).yaml"] = """
                service: way-\(name)
                backend: { xml: { path: /\(way) }, upstream: root }
                routes: { POST /\(way): { call: a } }
                """
        }
        gateway = try TestGateway(
            upstreams: """
                { root: { url: 'http://127.0.0.1:\(port)' },
                  echo: { url: 'http://127.0.0.1:\(port)/echo' },
                  h: { url: 'http://127.0.0.1:\(port)/string' } }
                """, files: files, copies: copies)
    }
}

@Suite("XML without an envelope, end to end", .serialized)
struct XMLTests {
    @Test("by a schema, by WSDL's HTTP binding, and by nothing at all")
    func contracts() throws {
        let schema = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:o"
                elementFormDefault="qualified">
              <xs:element name="Order"><xs:complexType><xs:sequence>
                <xs:element name="Id" type="xs:int"/>
                <xs:element name="Line" maxOccurs="unbounded" type="xs:decimal"/>
              </xs:sequence></xs:complexType></xs:element>
              <xs:element name="OrderResponse" type="xs:string"/>
            </xs:schema>
            """
        let backend = try XMLBackend(
            files: [
                "schemas/order.xsd": schema,
                "mappings/order.yaml": """
                service: order
                backend: { xml: { contract: order.xsd }, upstream: echo }
                """,
                "mappings/query.yaml": """
                service: h
                backend: { xml: { contract: http.wsdl, port: Query } }
                """,
                "mappings/form.yaml": """
                service: form
                backend: { xml: { contract: http.wsdl, port: Form }, upstream: h }
                """,
                "mappings/path.yaml": """
                service: path
                backend: { xml: { contract: http.wsdl, port: Path }, upstream: h }
                routes:
                  GET /path/{a}/{n}: { call: Put }
                """,
                "mappings/thing.yaml": """
                service: thing
                backend: { xml: { method: GET, path: /echo/thing }, upstream: root }
                routes: { GET /thing: {} }
                """,
            ], copies: ["schemas/http.wsdl": Project.support + "/http.wsdl"])
        func ask(_ method: String, _ path: String, _ body: String? = nil) throws -> String {
            try backend.gateway.ask(method, path, body: body).text
        }
        let order = #"{"Id":5,"Line":[1.50,2]}"#
        #expect(try ask("POST", "/order/order", order) == order)
        #expect(try backend.gateway.ask("POST", "/order/order", body: #"{"Id":5}"#).status == 400)
        #expect(
            try backend.gateway.ask("POST", "/order/order-response", body: #""x""#).status == 404)
        #expect(
            try ask("GET", "/h/get-it?a=x%20y&n=3").contains("/string/GetIt?a=x%20y&n=3"))
        #expect(
            try ask("POST", "/form/post-it", #"{"a":"\u00e9&=","n":3}"#)
                .contains("/string/PostIt a=%C3%A9%26%3D&n=3"))
        #expect(try ask("GET", "/path/a%2Fb/7").contains("/string/p/a%2Fb/x7y"))
        #expect(try backend.gateway.ask("GET", "/path/a/b").status == 400)
        #expect(try ask("GET", "/thing") == #"{"@xml":"<got path=\"/echo/thing\"/>"}"#)
    }

    @Test("content codings and charsets are undone")
    func encodings() throws {
        let ways = [
            "echo", "gzip", "deflate", "raw", "latin", "windows", "utf16", "bomb", "truncated",
            "brotli", "status/404", "status/302", "empty/200", "empty/204",
        ]
        let backend = try XMLBackend(ways: ways)
        let body = #"{"@xml":"<a>\u00e9</a>"}"#
        for (way, expected) in [
            ("echo", "é"), ("gzip", "é"), ("deflate", "é"), ("raw", "é"), ("latin", "é"),
            ("windows", "€é"), ("utf16", "é€"),
        ] {
            let answer = try backend.gateway.ask("POST", "/\(way)", body: body)
            #expect(answer.text == #"{"@xml":"<a>\#(expected)</a>"}"#, "\(way)")
        }
        for (way, detail) in [
            ("bomb", "200 times"), ("truncated", "Content-Encoding says"), ("brotli", "br"),
            ("status/404", "HTTP status 404"), ("status/302", "not followed"),
        ] {
            let answer = try backend.gateway.ask("POST", "/\(way)", body: body)
            #expect(answer.status == 502, "\(way): \(answer.text)")
            #expect(answer.text.contains(detail), "\(way): \(answer.text)")
            #expect(answer.json["upstream"] as? String == "root")
        }
        #expect(try backend.gateway.ask("POST", "/empty/200", body: body).text == "{}")
        #expect(try backend.gateway.ask("POST", "/empty/204", body: body).text == "{}")
        let doctype = try backend.gateway.ask(
            "POST", "/echo", body: #"{"@xml":"<!DOCTYPE a><a/>"}"#)
        #expect(doctype.status == 400)
    }

    @Test("MTOM and attachments are base64 in JSON, both ways")
    func parts() throws {
        func mapping(_ name: String, _ way: String, _ mtom: Bool = false) -> (String, String) {
            (
                "mappings/\(name).yaml",
                """
                service: \(name)
                backend: { soap: { contract: photos.wsdl, mtom: \(mtom) }, upstream: \(name) }
                """
            )
        }
        let process = try RunningProcess("python3", [Project.support + "/xml_server.py"])
        let port = try process.line()
        let ways = ["mtom", "lost", "open", "sent", "attached"]
        let upstreams = ways.map { "\($0): { url: 'http://127.0.0.1:\(port)/\($0)' }" }
        let gateway = try TestGateway(
            upstreams: "{ \(upstreams.joined(separator: ", ")) }",
            files: Dictionary(
                uniqueKeysWithValues: ways.map { mapping($0, $0, $0 == "sent") }),
            copies: ["schemas/photos.wsdl": Project.support + "/photos.wsdl"])
        let image = Data(UInt8.min...UInt8.max).base64EncodedString()
        #expect(
            try gateway.ask("POST", "/mtom/get", body: #""n""#).text == #"{"Image":"\#(image)"}"#)
        for way in ["lost", "open"] {
            let answer = try gateway.ask("POST", "/\(way)/get", body: #""n""#)
            #expect(answer.status == 502, "\(way): \(answer.text)")
        }
        let mtom = try gateway.ask("POST", "/sent/get", body: #""n""#)
        let sent = mtom.json["Name"] as? String ?? ""
        #expect(sent.contains(#"type="application/xop+xml""#), "\(mtom.text)")
        let fetched = try gateway.ask("POST", "/attached/fetch", body: "{}")
        #expect(fetched.text == #"{"Name":"n","scan":"AAECAwQ="}"#)
        let swa = try gateway.ask(
            "POST", "/sent/send", body: #"{"body":"n","scan":"QUJD"}"#)
        #expect((swa.json["Name"] as? String ?? "").contains("\nABC"), "\(swa.text)")
        let wrong = try gateway.ask("POST", "/sent/send", body: #"{"body":"n","scan":"Q"}"#)
        #expect(wrong.status == 400)
        #expect(wrong.text.contains("/scan"), "\(wrong.text)")
    }
}
