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
        "the sample's description is valid OpenAPI",
        .enabled(if: hasValidator, "openapi-spec-validator is not installed"))
    func sample() throws {
        let configuration = Project.root.appending(path: "gateway.yaml").path
        let printed = try RunningProcess.run(
            Project.binary, ["openapi", "--config", configuration])
        #expect(printed.code == 0, "\(printed.errors)")
        let folder = try TemporaryFolder()
        try folder.write(printed.output, to: "openapi.json")
        let judged = try RunningProcess.run(
            Project.python, ["-m", "openapi_spec_validator", folder.path + "/openapi.json"])
        #expect(judged.code == 0, "\(judged.output)\(judged.errors)")
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
