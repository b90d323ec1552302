// SPDX-License-Identifier: Apache-2.0
// Files and forms through the release binary, to an XML backend that echoes: what goes in comes
// out, and what is no form is refused with the reason.

import Foundation
import Testing

private final class Uploads {
    let process: RunningProcess
    let gateway: TestGateway

    init() throws {
        process = try RunningProcess("python3", [Project.support + "/xml_server.py"])
        let port = try process.line()
        gateway = try TestGateway(
            upstreams: "{ files: { url: 'http://127.0.0.1:\(port)/echo' } }",
            settings: "limits: { body: 2MiB }",
            files: [
                "schemas/file.xsd": """
                <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:f"
                    elementFormDefault="qualified">
                  <xs:element name="File"><xs:complexType><xs:sequence>
                    <xs:element name="Name" type="xs:string" minOccurs="0"/>
                    <xs:element name="Pages" type="xs:int" minOccurs="0"/>
                    <xs:element name="Tag" type="xs:string" minOccurs="0" maxOccurs="9"/>
                    <xs:element name="Content" type="xs:base64Binary" minOccurs="0"/>
                    <xs:element name="Hash" type="xs:hexBinary" minOccurs="0"/>
                    <xs:element name="Photo" type="xs:base64Binary" minOccurs="0" maxOccurs="9"/>
                  </xs:sequence></xs:complexType></xs:element>
                </xs:schema>
                """,
                "mappings/files.yaml": """
                service: files
                backend: { xml: { contract: file.xsd } }
                routes:
                  POST /whole: { call: File, consumes: ["multipart/form-data", "*/*"] }
                  POST /form:
                    call: File
                    consumes: [multipart/form-data, application/x-www-form-urlencoded]
                  POST /file:
                    call: File
                    consumes: multipart/form-data
                    produces: ${default(parts.file.type, "application/octet-stream")}
                    request: { Content: "${body.file}", Name: "${parts.file.filename}" }
                    response: ${reply.Content}
                    headers: { x-name: "${reply.Name}", x-size: "${parts.file.size}" }
                  PUT /raw:
                    call: File
                    consumes: application/octet-stream
                    produces: application/pdf
                    request: { Content: "${body}" }
                    response: ${reply.Content}
                  PUT /hash:
                    call: File
                    produces: image/png
                    response: ${reply.Hash}
                  PUT /name:
                    call: File
                    produces: text/csv; charset=utf-8
                    response: ${reply.Name}
                  PUT /hal: { call: File, produces: application/hal+json }
                """,
            ])
    }

    func form(_ path: String, _ parts: [(head: String, content: String)]) throws -> RawResponse {
        let body = parts.map {
            "--b\r\nContent-Disposition: form-data; \($0.head)\r\n\r\n\($0.content)\r\n"
        }
        return try raw(path, body.joined() + "--b--\r\n")
    }

    func raw(
        _ path: String, _ body: String, type: String = "multipart/form-data; boundary=b"
    ) throws -> RawResponse {
        try gateway.ask("POST", path, body: body, headers: ["Content-Type: \(type)"])
    }
}

@Suite("Files and forms, end to end", .serialized)
struct UploadTests {
    @Test("a form's parts are the message's members, typed and listed as the contract says")
    func form() throws {
        let uploads = try Uploads()
        let answer = try uploads.form(
            "/form",
            [
                ("name=\"Pages\"", "7"), ("name=\"Name\"", "007"), ("name=\"Tag\"", "one"),
                ("name=\"Content\"", "plain \u{0} \r\n--ytes\r\n-"),
                ("name=\"Photo\"; filename=\"p\"\r\nContent-Type: image/png", "PNG"),
            ])
        #expect(
            answer.text
                == #"{"Name":"007","Pages":7,"Tag":["one"],"Content":"cGxhaW4gACANCi0teXRlcw0KLQ==","Photo":["UE5H"]}"#
        )
        let fields = try uploads.raw(
            "/form", "Name=a+%26+b&Pages=3&Tag=x&Tag=y", type: "application/x-www-form-urlencoded")
        #expect(fields.text == #"{"Name":"a & b","Pages":3,"Tag":["x","y"]}"#)
        let json = try uploads.raw(
            "/form",
            "--b\r\nContent-Disposition: form-data; name=\"Tag\"\r\nContent-Type: application/json"
                + "\r\n\r\n\"\\u0041\"\r\n--b--")
        #expect(json.text == #"{"Tag":["A"]}"#)
    }

    @Test(
        "a file comes back as it went, whatever its length",
        arguments: [0, 1, 2, 3, 4, 100, 16_383, 70_000])
    func file(count: Int) throws {
        let uploads = try Uploads()
        let content = String(
            (0..<count).map { "a\r\n-b\u{0}\u{7F}z"[$0 % 8] })
        let answer = try uploads.form(
            "/file", [("name=\"file\"; filename=\"x.txt\"\r\nContent-Type: text/plain", content)])
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text == content)
        #expect(answer.field("content-type") == "text/plain")
        #expect(answer.field("x-name") == "x.txt")
        #expect(answer.field("x-size") == String(content.utf8.count))
        let raw = try uploads.gateway.ask(
            "PUT", "/raw", body: content, headers: ["Content-Type: application/octet-stream"])
        #expect(raw.text == content)
        #expect(raw.field("content-type") == "application/pdf")
    }

    @Test("an answer of hexadecimal digits, of text, and JSON by another name")
    func produced() throws {
        let uploads = try Uploads()
        let gateway = uploads.gateway
        #expect(try gateway.ask("PUT", "/hash", body: #"{"Hash":"6F6B"}"#).text == "ok")
        let text = try gateway.ask("PUT", "/name", body: #"{"Name":"a,\"b\"\n"}"#)
        #expect(text.text == "a,\"b\"\n")
        #expect(text.field("content-type") == "text/csv; charset=utf-8")
        let named = try gateway.ask("PUT", "/hal", body: #"{"Name":"n"}"#)
        #expect(named.text == #"{"Name":"n"}"#)
        #expect(named.field("content-type") == "application/hal+json")
        let refused = try gateway.ask(
            "PUT", "/name", body: "{}", headers: ["Accept: application/json"])
        #expect(refused.status == 406)
        #expect(refused.text.contains("text/csv"))
        for range in ["text/*", "text/csv;q=0.1, application/json", "*/*"] {
            #expect(
                try gateway.ask("PUT", "/name", body: "{}", headers: ["Accept: \(range)"]).status
                    == 200)
        }
    }

    @Test(
        "what is no form is refused with the reason",
        arguments: [
            ("multipart/form-data", "x", 400, "names no boundary"),
            ("multipart/form-data; boundary=b; boundary=c", "x", 400, "names no boundary"),
            ("multipart/form-data; boundary=b", "x", 400, "is not in the body"),
            (
                "multipart/form-data; boundary=b", "--b\r\nA: b\r\n\r\n\r\n--b--", 400,
                "part 1 of the form has no Content-Disposition"
            ),
            (
                "multipart/form-data; boundary=b",
                "--b\r\nContent-Disposition: form-data; name=\"Name\"\r\n\r\nx", 400,
                "without the closing boundary (at byte 53)"
            ),
            ("multipart/form-data; boundary=b", "--b--", 200, "{}"),
            (
                "multipart/mixed; boundary=b", "--b--", 415,
                "must be multipart/form-data or application/x-www-form-urlencoded"
            ),
            ("text/plain", "x", 415, "Content-Type says text/plain"),
            ("application/json", "{}", 415, "must be multipart/form-data"),
            ("application/x-www-form-urlencoded", "Name=%zz", 400, "percent-encoded"),
            (
                "application/x-www-form-urlencoded", "Name=1&Name=2", 400,
                "2 parts Name, and may have one"
            ),
            ("application/x-www-form-urlencoded", "Nme=1", 400, "/Nme"),
            ("application/x-www-form-urlencoded", "Pages=seven", 400, "/Pages"),
        ])
    func refused(_ type: String, _ body: String, _ status: Int, _ detail: String) throws {
        let uploads = try Uploads()
        let answer = try uploads.raw("/form", body, type: type)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer.text.contains(detail), "\(answer.text)")
    }

    @Test("parts that are wrong, and bodies that are too much")
    func limits() throws {
        let uploads = try Uploads()
        let part = "--b\r\nContent-Disposition: form-data; name=\"Name\"\r\n"
        var answer = try uploads.raw(
            "/form", part + "Content-Type: application/json\r\n\r\n{a\r\n--b--")
        #expect(answer.status == 400)
        #expect(answer.text.contains("malformed-json"))
        #expect(answer.text.contains("The part Name of the form is not JSON"))
        answer = try uploads.raw(
            "/form", part + "Content-Type: text/plain;charset=latin1\r\n\r\na\r\n--b--")
        #expect(answer.text.contains("has charset latin1; texts are UTF-8"))
        answer = try uploads.raw(
            "/form", part + "A: \(String(repeating: "a", count: 9000))\r\n\r\na\r\n--b--")
        #expect(answer.text.contains("more than 8192 bytes of header fields"))
        answer = try uploads.raw("/form", String(repeating: "a", count: 3 << 20))
        #expect(answer.status == 413)
        let many = String(repeating: "&Name", count: 200_000)
        answer = try uploads.raw("/form", many, type: "application/x-www-form-urlencoded")
        #expect(answer.status == 413, "\(answer.text)")
        #expect(answer.text.contains("members"))
    }

    @Test("what can not be is an error at load")
    func load() throws {
        let folder = try TemporaryFolder()
        try folder.write("upstreams: { a: { url: 'http://127.0.0.1:1' } }\n", to: "gateway.yaml")
        try folder.write(
            """
            service: a
            backend: { http: {} }
            routes:
              GET /a: { consumes: text/plain, call: GET /a, request: {} }
              POST /b: { consumes: multipart/mixed, accepts: true }
              POST /c: { consumes: [a/b, a/b], accepts: true }
              POST /d: { consumes: plain }
              POST /e: { produces: text/plain, response: { a: 1 } }
              POST /f: { produces: plain, response: "a" }
              POST /g: { produces: text/plain, response: "${1 + 1}" }
            """, to: "mappings/a.yaml")
        let result = try RunningProcess.run(
            Project.binary, ["check", "--config", folder.path + "/gateway.yaml"])
        #expect(result.code == 2)
        for expected in [
            "a.yaml:4:23", "takes no body", "of multipart bodies only forms", "in the list twice",
            "a media type such as multipart/form-data", "a.yaml:8:46", "no media type",
            "an integer has no form but JSON",
        ] {
            #expect((result.output + result.errors).contains(expected), "\(expected)")
        }
    }

    @Test("OpenAPI tells the media types, and a form's files as bytes")
    func description() throws {
        let uploads = try Uploads()
        let result = try RunningProcess.run(
            Project.binary, ["openapi", "--config", uploads.gateway.folder.path + "/gateway.yaml"])
        let object =
            try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
        let paths = object?["paths"] as? [String: [String: [String: Any]]]
        let form = paths?["/form"]?["post"]?["requestBody"] as? [String: Any]
        let content = form?["content"] as? [String: [String: [String: Any]]]
        #expect(
            content.map { $0.keys.sorted() } == [
                "application/x-www-form-urlencoded", "multipart/form-data",
            ])
        let schema = content?["multipart/form-data"]?["schema"]
        let members = schema?["properties"] as? [String: [String: Any]]
        #expect(members?["Content"]?["contentMediaType"] as? String == "application/octet-stream")
        #expect(schema?["additionalProperties"] as? Bool == false)
        let raw = paths?["/raw"]?["put"]?["responses"] as? [String: [String: Any]]
        #expect((raw?["200"]?["content"] as? [String: Any])?["application/pdf"] != nil)
    }
}

extension String {
    fileprivate subscript(_ index: Int) -> Character {
        Character(Unicode.Scalar(Array(utf8)[index % utf8.count]))
    }
}
