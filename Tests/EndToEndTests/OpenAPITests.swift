// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document of the sample, as the command prints it and as both listeners serve it,
// judged by openapi-spec-validator.

import Foundation
import Testing

@Suite("OpenAPI, end to end", .serialized)
struct OpenAPITests {
    private static let hasValidator = {
        let result = try? RunningProcess.run(
            Project.python, ["-c", "import openapi_spec_validator"])
        return result?.code == 0
    }()

    @Test(
        "the descriptions of the sample and of the cookbook are valid OpenAPI",
        .enabled(if: hasValidator, "openapi-spec-validator is not installed"))
    func sample() throws {
        let judged = try RunningProcess.run(
            Project.python,
            [Project.root.appending(path: ".ci/openapi").path, "--binary", Project.binary])
        #expect(judged.code == 0, "\(judged.output)\(judged.errors)")
        #expect(judged.output.contains(" documents, 0 problems"), "\(judged.output)")
    }

    @Test("a field has one name in the description, though both are read")
    func names() throws {
        let folder = try TemporaryFolder()
        let gateway = try TestGateway(
            upstreams: "{ echo: { url: 'http://127.0.0.1:1' } }", settings: "openapi: /api",
            files: [
                "mappings/echo.yaml": """
                service: echo
                backend: { grpc: { contract: echo.binpb } }
                routes: { POST /say: { call: Say } }
                """
            ],
            copies: ["schemas/echo.binpb": Backend.echoDescriptors(in: folder)])
        let text = String(decoding: try gateway.ask("GET", "/api").body, as: UTF8.self)
        #expect(text.contains("\"naturalLarge\""))
        #expect(!text.contains("\"natural_large\"") && !text.contains("x-alias-of"))
        let answer = try gateway.ask("POST", "/say", body: #"{"natural_large":"7"}"#)
        #expect(answer.status == 503, "what is read goes on to the backend, which is not there")
    }

    @Test("both listeners serve it, with what templates make")
    func served() throws {
        let gateway = try TestGateway(
            upstreams: "{ library: { url: 'http://127.0.0.1:1' } }",
            settings: "openapi: /description",
            files: [
                "mappings/library.yaml": """
                service: library
                backend: { soap: { contract: library.wsdl, port: Library11 } }
                routes:
                  GET /works/{title}:
                    summary: One work
                    call: Find
                    request: { Title: "${path.title}" }
                    response:
                      title: ${reply.Title}
                      label: "a ${reply.Title}"
                      kind: work
                    errors:
                      - { when: "${has(fault.detail)}", status: 404, title: Not there }
                    examples:
                      - name: a
                        request: { path: /works/a }
                        responds: { status: 200, body: { title: a, label: a a, kind: work } }
                """
            ],
            copies: ["schemas/library.wsdl": Project.support + "/library.wsdl"])
        let answer = try gateway.ask("GET", "/description")
        #expect(answer.status == 200)
        let operation = try #require(
            (answer.json["paths"] as? [String: [String: [String: Any]]])?["/works/{title}"]?["get"])
        #expect(operation["summary"] as? String == "One work")
        let responses = try #require(operation["responses"] as? [String: [String: Any]])
        #expect(responses.keys.sorted() == ["200", "404", "default"])
        let content = try #require(responses["200"]?["content"] as? [String: [String: Any]])
        let schema = try #require(content["application/json"]?["schema"] as? [String: Any])
        let members = try #require(schema["properties"] as? [String: [String: Any]])
        #expect(members["title"]?["type"] as? String == "string")
        #expect(members["label"]?["type"] as? String == "string")
        #expect(members["kind"]?["const"] as? String == "work")
        #expect((content["application/json"]?["examples"] as? [String: Any])?.keys.first == "a")
        let admin = try RawClient.ask(gateway.adminPort, "GET", "/openapi.json")
        #expect(admin.status == 200)
        #expect(admin.body == answer.body)
    }
}

@Suite("OpenAPI, imported")
struct OpenAPIImportTests {
    private static let pets = """
        openapi: 3.0.3
        info: { title: Pet Store, version: 1.0.0 }
        servers: [{ url: 'https://{host}/v1', variables: { host: { default: pets.example } } }]
        paths:
          /works/{title}:
            get:
              summary: A work by its title
              parameters: [{ name: title, in: path, required: true, schema: { type: string } }]
              responses:
                '200':
                  content: { application/json: { schema: { $ref: '#/components/schemas/Work' } } }
          /works:
            post:
              requestBody:
                content: { application/json: { schema: { $ref: '#/components/schemas/Work' } } }
              responses: { '201': { description: made } }
          /works/{title}/cover:
            get: { responses: { '200': { content: { image/png: {} } } } }
        components:
          schemas:
            Work:
              type: object
              required: [title]
              properties:
                title: { type: string }
                isbn: { type: string, nullable: true }
        """

    @Test("into an empty folder, it is an http backend that check passes")
    func alone() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.pets, to: "pets.yaml")
        let imported = try RunningProcess.run(
            Project.binary, ["import", folder.path + "/pets.yaml", "--into", folder.path + "/out"])
        #expect(imported.code == 0, "\(imported.errors)")
        let configuration = folder.path + "/out/gateway.yaml"
        let checked = try RunningProcess.run(
            Project.binary, ["check", "--strict", "--config", configuration])
        #expect(checked.code == 0, "\(checked.output)")
        let refused = try RunningProcess.run(
            Project.binary,
            ["explain", "POST", "/works", "-d", #"{"isbn":1}"#, "--config", configuration])
        #expect(refused.code == 1)
        #expect(refused.output.contains("/isbn"))
        let text = try String(contentsOfFile: configuration, encoding: .utf8)
        #expect(text.contains("https://pets.example/v1"))
    }

    @Test("onto a mapping, it is a face: schemas come, what was written stays")
    func face() throws {
        let folder = try TemporaryFolder()
        try folder.write(Self.pets, to: "pets.yaml")
        try folder.write("listen: 127.0.0.1:0\n", to: "gateway.yaml")
        try folder.copy(Project.support + "/library.wsdl", to: "schemas/library.wsdl")
        try folder.write(
            """
            service: library
            backend: { soap: { contract: library.wsdl, port: Library11 } }
            routes:
              # Found by its title.
              GET /works/{name}:
                call: Find
                request: { Title: "${path.name}" }
                response: { title: "${reply.Title}" }

            """, to: "mappings/library.yaml")
        let imported = try RunningProcess.run(
            Project.binary,
            ["import", folder.path + "/pets.yaml", "--into", folder.path, "--onto", "library"])
        #expect(imported.code == 0, "\(imported.errors)")
        #expect(imported.output.contains("not in"))
        let text = try String(
            contentsOfFile: folder.path + "/mappings/library.yaml", encoding: .utf8)
        #expect(text.contains("# Found by its title."))
        #expect(text.contains("summary: A work by its title"))
        #expect(text.contains("returns: library/Work.schema.json"))
        let checked = try RunningProcess.run(
            Project.binary, ["check", "--config", folder.path + "/gateway.yaml"])
        #expect(checked.code == 0, "\(checked.output)\(text)")
    }

    @Test(
        "what is no OpenAPI 3 is refused by name",
        arguments: ["swagger: '2.0'\npaths: {}", "openapi: 4.0.0", "a: [", ""])
    func refused(_ text: String) throws {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "api.yaml")
        let result = try RunningProcess.run(
            Project.binary, ["import", folder.path + "/api.yaml", "--into", folder.path + "/out"])
        #expect(result.code == 2)
        #expect(result.errors.contains("api.yaml"))
    }
}
