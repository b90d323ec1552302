// SPDX-License-Identifier: Apache-2.0
// Examples of mapping files through the release binary: run without backends, recorded from real
// ones, and served as a mock.

import Foundation
import Testing

/// A gateway directory with examples; its backends may be there or not.
private struct ExampleDirectory {
    let folder: TemporaryFolder

    init(grpcPort: Int = 1, soapPort: Int = 1, mapping: String) throws {
        folder = try TemporaryFolder()
        let descriptors = try Backend.echoDescriptors(in: folder)
        try folder.write(
            """
            upstreams:
              echo: { url: 'http://127.0.0.1:\(grpcPort)' }
              library: { url: 'http://127.0.0.1:\(soapPort)/11' }
            """, to: "gateway.yaml")
        try folder.write(mapping, to: "mappings/echo.yaml")
        try folder.write(
            """
            service: library
            backend: { soap: { contract: library.wsdl, port: Library11 } }
            routes:
              GET /copies/{title}:
                call: Find
                request: { Title: "${path.title}" }
                response: { copies: "${reply.Copies}" }
                errors: [{ when: "${has(fault.detail.NotThere)}", status: 404 }]
                examples:
                  - name: three copies
                    request: { path: /copies/Emma }
                    sends: <x:Find xmlns:x="urn:test:library"> <x:Title>Emma</x:Title> </x:Find>
                    receives: |
                      <FindResponse xmlns="urn:test:library">
                        <Title>Emma</Title><Copies>3</Copies>
                      </FindResponse>
                    responds: { status: 200, body: { copies: 3 } }
                  - name: not there
                    request: { path: /copies/nothing }
                    receives: |
                      <soap:Fault xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
                        <faultcode>soap:Client</faultcode><faultstring>No</faultstring>
                        <detail><NotThere xmlns="urn:test:library"><Title>a</Title></NotThere></detail>
                      </soap:Fault>
                    responds: { status: 404 }
            """, to: "mappings/library.yaml")
        try folder.copy(descriptors, to: "schemas/echo.binpb")
        try folder.copy(Project.support + "/library.wsdl", to: "schemas/library.wsdl")
    }

    func test(_ arguments: String...) throws -> (code: Int32, output: String) {
        let result = try RunningProcess.run(
            Project.binary,
            ["test", "--config", folder.path + "/gateway.yaml"] + arguments)
        return (result.code, result.output)
    }

    var mapping: String {
        get throws {
            try String(contentsOfFile: folder.path + "/mappings/echo.yaml", encoding: .utf8)
        }
    }
}

@Suite("Examples of mapping files, end to end", .serialized)
struct ExamplesTests {
    private static let mapping = """
        service: echo
        backend: { grpc: { contract: echo.binpb } }
        json: { enums: short }
        routes:
          POST /say/{text}:
            call: Say
            request: { text: "${path.text}", numbers: "${body.numbers}", colour: RED }
            response: { said: "${reply.text}", numbers: "${reply.numbers}" }
            status: 201
            examples:
              # Enums may be written in either form.
              - name: hello
                request: { path: /say/hello, body: { numbers: [1, 2] } }
                sends: { text: hello, numbers: [1, 2], colour: COLOUR_RED }
                receives: { text: olleh, numbers: [3] }
                responds: { status: 201, body: { said: olleh, numbers: ["3"] } }
              - name: refused
                request: { path: /say/hello, body: { numbers: x } }
                responds: { status: 400 }
              - name: unavailable
                request: { path: /say/hello }
                receives_status: 14
                receives_headers: { grpc-message: later }
                responds: { status: 503 }
        """

    @Test("examples that hold pass, for gRPC, SOAP, refusals, faults and statuses")
    func passing() throws {
        let directory = try ExampleDirectory(
            mapping: Self.mapping.replacingOccurrences(of: #"["3"]"#, with: "[3]"))
        let (code, output) = try directory.test()
        #expect(code == 0, "\(output)")
        #expect(output.contains("5 examples, all fine"))
    }

    @Test("a difference says where, in three formats; a name selects")
    func failing() throws {
        let directory = try ExampleDirectory(mapping: Self.mapping)
        let (code, output) = try directory.test("hello")
        #expect(code == 1)
        #expect(output.contains("responds /numbers/0: differs"))
        #expect(output.contains("at mappings/echo.yaml:16:65"))
        #expect(output.contains("1 example, 1 failed"))
        let junit = try directory.test("--format", "junit").output
        #expect(junit.components(separatedBy: "<testcase ").count == 6)
        #expect(junit.components(separatedBy: "<failure ").count == 2)
        let json = try directory.test("--format", "json").output
        let object = try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any]
        #expect(object?["failed"] as? Int == 1)
        #expect(try directory.test("no such name").code == 2)
    }

    @Test("--record writes what real backends get and answer, and leaves all else alone")
    func recording() throws {
        let folder = try TemporaryFolder()
        let backend = try Backend.grpc(descriptors: Backend.echoDescriptors(in: folder))
        defer { backend.process.end(SIGKILL) }
        let directory = try ExampleDirectory(
            grpcPort: backend.port,
            mapping: """
                service: echo
                backend: { grpc: { contract: echo.binpb } }
                routes:
                  GET /say/{text}:
                    call: Say   # kept
                    request: { text: "${path.text}" }
                    examples:
                      - name: block
                        # this too
                        request: { path: /say/a }
                        responds: { status: 200, body: { text: a } }
                      - { name: flow, request: { path: "/say/b,}" }, sends: {}, responds: { status: 200 } }
                  GET /two/{text}:
                    steps:
                      one: { call: Say, request: { text: "${path.text}", numbers: [1, 2] } }
                      each:
                        each: ${one.numbers}
                        call: Say
                        request: { text: "<${item}>" }
                    examples:
                      - request: { path: /two/x }
                        responds: { status: 200 }
                """)
        let (code, output) = try directory.test("--record", "echo")
        #expect(code == 0, "\(output)")
        let text = try directory.mapping
        #expect(text.contains("call: Say   # kept"))
        #expect(text.contains("# this too"))
        #expect(text.contains("        sends: |\n          {\n            \"text\": \"a\"\n"))
        // What was recorded holds without the backend.
        backend.process.end(SIGKILL)
        let again = try directory.test("echo")
        #expect(again.code == 0, "\(again.output)")
        #expect(again.output.contains("3 examples, all fine"))
    }

    @Test("--mock answers from the examples, nearest first")
    func mock() throws {
        let folder = try TemporaryFolder()
        let gateway = try TestGateway(
            upstreams: "{ echo: { url: 'http://127.0.0.1:1' } }",
            files: [
                "mappings/echo.yaml": """
                service: echo
                backend: { grpc: { contract: echo.binpb } }
                routes:
                  GET /say/{text}:
                    call: Say
                    request: { text: "${path.text}" }
                    examples:
                      - { request: { path: /say/a }, receives: { text: A } }
                      - { request: { path: /say/b }, receives: { text: B } }
                  GET /none: { call: Say, request: {} }
                """
            ], copies: ["schemas/echo.binpb": Backend.echoDescriptors(in: folder)],
            arguments: ["--mock"])
        #expect(try gateway.ask("GET", "/say/b").text == #"{"text":"B"}"#)
        #expect(try gateway.ask("GET", "/say/c").text == #"{"text":"A"}"#)
        #expect(try gateway.ask("GET", "/none").status == 503)
    }

    private static let streams = """
        service: streams
        backend: { grpc: { contract: streams.binpb }, upstream: echo }
        routes:
          POST /up:
            call: Sum
            request: { number: "${body.n}", text: "<${body.text}>" }
            response: { total: "${reply.total}" }
            examples:
              - name: two up
                request: { path: /up, body: [{ n: 1, text: a }, { n: 2, text: b }] }
                sends: [{ number: 1, text: <a> }, { number: "2", text: <b> }]
                receives: { total: 3 }
                responds: { status: 200, body: { total: "3" } }
              - name: the second is wrong
                request: { path: /up, body: [{ n: 1, text: a }, { n: x }] }
                responds: { status: 400 }
          GET /down/{count}:
            call: Count
            request: { count: "${path.count}" }
            response: { said: "${reply.text}" }
            examples:
              - name: a list
                request: { path: /down/2 }
                sends: { count: 2 }
                receives: [{ text: a }, { text: b }]
                responds: { status: 200, body: [{ said: a }, { said: b }] }
              - name: lines
                request: { path: /down/3 }
                receives: |
                  {"text": "c"}
                  {"text": "d"}
                responds: { status: 200, body: [{ said: c }, { said: d }] }
        """

    private func streamDirectory(_ mapping: String) throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        let descriptors = folder.path + "/streams.binpb"
        let made = try RunningProcess.run(
            "protoc",
            ["-I", Project.support, "--include_imports", "-o", descriptors, "streams.proto"])
        #expect(made.code == 0, "\(made.errors)")
        try folder.copy(descriptors, to: "schemas/streams.binpb")
        try folder.write("upstreams: { echo: { url: 'http://127.0.0.1:1' } }", to: "gateway.yaml")
        try folder.write(mapping, to: "mappings/streams.yaml")
        return folder
    }

    @Test("of streams, lists of messages are sent and received; a difference says in which")
    func streams() throws {
        let folder = try streamDirectory(Self.streams)
        let place = ["--config", folder.path + "/gateway.yaml"]
        let tested = try RunningProcess.run(Project.binary, ["test"] + place)
        #expect(tested.code == 0, "\(tested.output)")
        #expect(tested.output.contains("4 examples, all fine"))
        let explain = ["explain"] + place + ["POST", "/up", "-d"]
        let refused = try RunningProcess.run(
            Project.binary, explain + [#"[{"n": 1, "text": "a"}, {"n": "x"}]"#])
        #expect(refused.output.contains("/1/n"), "\(refused.output)")
        let first = try RunningProcess.run(
            Project.binary, explain + [#"[{"n": 1, "text": "a"}, {"n": 2}]"#])
        #expect(first.output.contains(#"${body.text} = "a""#), "\(first.output)")
        try folder.write(
            Self.streams.replacingOccurrences(of: "text: <b> }]", with: "text: b }]"),
            to: "mappings/streams.yaml")
        let failed = try RunningProcess.run(Project.binary, ["test"] + place)
        #expect(failed.code == 1)
        #expect(failed.output.contains("sends /1/text: differs"), "\(failed.output)")
    }
}
