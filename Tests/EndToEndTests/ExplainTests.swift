// SPDX-License-Identifier: Apache-2.0
// What `explain` shows, and what it never shows: secrets of gateway.yaml, how messages are
// compressed, which expression failed, what in an answer did not fit.

import Foundation
import Testing

/// A gateway directory with secrets, in front of backends that are not there.
private struct SecretPlace {
    let folder: TemporaryFolder

    init(_ routes: String = "  GET /metadata: { call: Metadata }\n") throws {
        folder = try TemporaryFolder()
        try folder.copy(try Backend.echoDescriptors(in: folder), to: "schemas/echo.binpb")
        try folder.copy(Project.support + "/library.wsdl", to: "schemas/library.wsdl")
        try folder.write("k3y-of-echo\n", to: "key")
        try folder.write("t0ken", to: "token")
        try folder.write("http://127.0.0.1:1/soap?key=qu3ry&v=2", to: "url")
        try folder.write(
            #"<s:Assertion xmlns:s="urn:oasis:names:tc:SAML:2.0:assertion">s4ml</s:Assertion>"#,
            to: "assertion.xml")
        try folder.write(
            """
            upstreams:
              echo:
                url: http://127.0.0.1:1
                compression: gzip
                headers: { X-Api-Key: { file: key }, x-region: 7 }
                credentials: { bearer: { token: { file: token } } }
              library:
                url: { file: url }
                credentials: { basic: { username: me, password: p4ssword } }
                security: { username: { name: me, password: w55e }, assertion: assertion.xml }
            """, to: "gateway.yaml")
        try folder.write(
            "service: echo\nbackend: { grpc: { contract: echo.binpb } }\nroutes:\n" + routes,
            to: "mappings/echo.yaml")
        try folder.write(
            """
            service: library
            backend: { soap: { contract: library.wsdl, port: Library11 } }
            routes:
              GET /copies/{title}:
                call: Find
                request: { Title: "${path.title}" }
                metadata: { x-client: "${header.authorization}", x-api-key: c0nstant }
            """, to: "mappings/library.yaml")
    }

    func explain(_ arguments: String...) throws -> (code: Int32, output: String) {
        let result = try RunningProcess.run(
            Project.binary,
            ["explain", "--config", folder.path + "/gateway.yaml"] + arguments)
        return (result.code, result.output + result.errors)
    }

    func json(_ arguments: [String]) throws -> [String: Any] {
        let result = try RunningProcess.run(
            Project.binary,
            ["explain", "--config", folder.path + "/gateway.yaml", "--format", "json"] + arguments)
        let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
        return try #require(object as? [String: Any], "\(result.output)\(result.errors)")
    }
}

@Suite("What explain shows, end to end")
struct ExplainTests {
    @Test("secrets are never shown, in either form", arguments: ["text", "json"])
    func secrets(_ format: String) throws {
        let place = try SecretPlace()
        let echo = try place.explain("GET", "/metadata", "--format", format)
        #expect(echo.code == 0, "\(echo.output)")
        let library = try place.explain(
            "GET", "/copies/Emma", "-H", "Authorization: Bearer mine", "--format", format)
        #expect(library.code == 0, "\(library.output)")
        let basic = Data("me:p4ssword".utf8).base64EncodedString()
        for secret in ["k3y", "t0ken", "qu3ry", "p4ssword", "w55e", "s4ml", "c0nstant", basic] {
            #expect(!echo.output.contains(secret), "\(secret): \(echo.output)")
            #expect(!library.output.contains(secret), "\(secret): \(library.output)")
        }
        #expect(echo.output.contains("Bearer ***"), "\(echo.output)")
        #expect(library.output.contains("Basic ***"), "\(library.output)")
        #expect(library.output.contains("/soap?key=***&v=***"), "\(library.output)")
        #expect(library.output.contains("***</wsse:Password>"), "\(library.output)")
        #expect(library.output.contains("Emma"), "\(library.output)")
        // What the client sends is no secret to it.
        #expect(library.output.contains("Bearer mine"), "\(library.output)")
    }

    @Test("an upstream's compression is shown, and what it makes of the message")
    func compression() throws {
        let place = try SecretPlace("  POST /say: { call: Say }\n")
        let text = String(repeating: "dragoman ", count: 400)
        let large = try place.json(["POST", "/say", "-d", "{\"text\":\"\(text)\"}"])
        let backend = try #require(large["backend"] as? [String: Any])
        let compression = try #require(backend["compression"] as? [String: Any], "\(backend)")
        #expect(compression["encoding"] as? String == "gzip")
        #expect(compression["bytes"] as? Int == 3_603)
        #expect((compression["sent_bytes"] as? Int).map { $0 < 200 } == true, "\(compression)")
        let headers = backend["headers"] as? [String: [String]]
        #expect(headers?["grpc-encoding"] == ["gzip"], "\(backend)")
        #expect((backend["message"] as? [String: Any])?["text"] as? String == text)
        let small = try place.explain("POST", "/say", "-d", #"{"text":"a"}"#)
        #expect(
            small.output.contains("compressed gzip: not worth it for 3 bytes"), "\(small.output)")
    }

    @Test("the expression that failed is named, with its place")
    func failures() throws {
        let place = try SecretPlace(
            """
              POST /say:
                call: Say
                request:
                  text: a
                  numbers:
                    - ${for n in body.list}: ${10 / n}
              POST /answer:
                call: Say
                request: {}
                response: { n: "${1 / int(reply.small)}" }
              POST /inside:
                call: Say
                accepts: true
                request:
                  text: a ${body.name}
                  children: [{ "${for n in body.list}": { text: "${n.first}" } }]

            """)
        let refused = try place.json(["POST", "/say", "-d", #"{"list":[1,0]}"#])
        let failed = try #require(refused["failed"] as? [String: Any], "\(refused)")
        #expect(failed["source"] as? String == "10 / n")
        #expect(failed["file"] as? String == "mappings/echo.yaml")
        #expect(failed["line"] as? Int == 9)
        try place.folder.write("{}", to: "reply.json")
        let answer = try place.explain(
            "POST", "/answer", "--reply", "@" + place.folder.path + "/reply.json")
        let line = "failed     ${1 / int(reply.small)} (mappings/echo.yaml:13)"
        #expect(answer.output.contains(line), "\(answer.output)")
        for (body, source, line) in [
            (#"{"name":{}}"#, "body.name", 18), (#"{"list":["x"],"name":"b"}"#, "n.first", 19),
            (#"{"list":3,"name":"b"}"#, "body.list", 19),
        ] {
            let inside = try place.json(["POST", "/inside", "-d", body])
            let failed = inside["failed"] as? [String: Any]
            #expect(failed?["source"] as? String == source, "\(inside)")
            #expect(failed?["line"] as? Int == line)
        }
        let good = try place.json(["POST", "/say", "-d", #"{"list":[1]}"#])
        #expect(good["failed"] == nil)
    }

    @Test("what an answer has that does not fit is shown where it is passed on")
    func mismatches() throws {
        let place = try SecretPlace(
            """
              GET /text:
                call: Say
                response: { text: "${reply.text}" }
                returns: { properties: { text: { maxLength: 3 } } }
                on_mismatch: report

            """)
        try place.folder.write(
            """
            <FindResponse xmlns="urn:test:library"><Title>T</Title><Copies>3</Copies>
            <Else>4</Else></FindResponse>
            """, to: "reply.xml")
        let reply = "@" + place.folder.path + "/reply.xml"
        let json = try place.json(["GET", "/copies/Emma", "--reply", reply])
        let backend = try #require(json["backend"] as? [String: Any])
        let mismatches = try #require(backend["mismatches"] as? [String], "\(json)")
        #expect(mismatches.count == 1 && mismatches[0].contains("Else"), "\(mismatches)")
        let text = try place.explain("GET", "/copies/Emma", "--reply", reply)
        #expect(text.output.contains("mismatch   "), "\(text.output)")
        try place.folder.write(#"{"text":"long"}"#, to: "reply.json")
        let returned = try place.explain(
            "GET", "/text", "--reply", "@" + place.folder.path + "/reply.json")
        #expect(returned.output.contains("/text"), "\(returned.output)")
        #expect(returned.output.contains("mismatch   "), "\(returned.output)")
        #expect(returned.output.contains(#"{"text":"long"}"#), "\(returned.output)")
    }

    @Test("headers and bearer tokens of an upstream reach the backend, in place of any others")
    func sent() throws {
        let folder = try TemporaryFolder()
        let descriptors = try Backend.echoDescriptors(in: folder)
        let backend = try RunningProcess(
            Project.python, [Project.support + "/grpc_server.py", descriptors])
        let port = Int(try backend.line()) ?? 0
        let gateway = try TestGateway(
            upstreams: """
                { echo: { url: 'http://127.0.0.1:\(port)', headers: { X-Api-Key: { file: key } },
                    credentials: { bearer: { token: { file: key } } } } }
                """,
            files: [
                "key": "k3y\n",
                "mappings/echo.yaml": """
                service: echo
                backend: { grpc: { contract: echo.binpb } }
                routes:
                  GET /metadata: { call: Metadata, metadata: { x-api-key: other, x-own: mine } }
                """,
            ], copies: ["schemas/echo.binpb": descriptors])
        let entries = try gateway.ask("GET", "/metadata").json["entries"] as? [String: String]
        #expect(entries?["x-api-key"] == "k3y", "\(entries ?? [:])")
        #expect(entries?["x-own"] == "mine")
        #expect(entries?["authorization"] == "Bearer k3y")
    }
}
