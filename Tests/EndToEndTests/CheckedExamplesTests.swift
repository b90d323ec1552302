// SPDX-License-Identifier: Apache-2.0
// `dragoman check` runs the examples: one that does not hold is a warning at the line that makes
// the difference.

import Foundation
import Testing

@Suite("Examples in check")
struct CheckedExamplesTests {
    private struct Found: Decodable {
        var severity: String
        var code: String
        var line: Int
        var message: String
        var suggestion: String?
    }
    private struct Report: Decodable { var diagnostics: [Found] }

    private func check(
        recipe: String, file: String, _ wrong: String, _ right: String
    ) throws -> (found: [Found], line: Int, code: Int32) {
        let folder = try TemporaryFolder()
        let source = Project.root.appending(path: "docs/cookbook/\(recipe)").path
        let paths = try FileManager.default.subpathsOfDirectory(atPath: source)
        for path in paths where path.contains(".") && path != "README.md" {
            try folder.copy(source + "/" + path, to: path)
        }
        let path = folder.path + "/mappings/" + file
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let place = try #require(text.range(of: right))
        let line = text[..<place.lowerBound].count { $0 == "\n" } + 1
        try folder.write(text.replacingCharacters(in: place, with: wrong), to: "mappings/" + file)
        let result = try RunningProcess.run(
            Project.binary,
            ["check", "--format", "json", "--config", folder.path + "/gateway.yaml"])
        let report = try JSONDecoder().decode(Report.self, from: Data(result.output.utf8))
        return (report.diagnostics, line, result.code)
    }

    @Test(
        "a difference is told at the line that makes it, with what is wanted",
        arguments: [
            ("envelope", "crm.yaml", "data:\n        number", "ddata:\n        number", "data"),
            (
                "envelope", "crm.yaml", "/customers/${", "/cusstomers/${",
                "/customers/${reply.Number}"
            ),
            ("envelope", "crm.yaml", "POST /customers", "POST /customrs", "POST /customers"),
            ("envelope", "crm.yaml", "status: 201\n    headers", "status: 200\n    headers", "201"),
            (
                "code-tables", "parcels.yaml", "on-its-way\n    \"90", "on-is-way\n    \"90",
                "on-its-way"
            ),
            (
                "error-catalogue", "shop.yaml",
                "type: https://api.example.com/problems/sold-out\n    t",
                "type: https://api.example.com/problems/soldout\n    t",
                "https://api.example.com/problems/sold-out"
            ),
            ("renamed-fields", "customers.yaml", "CustNo: number", "CustNo: numebr", "number"),
            ("partial-update", "books.yaml", "title: { type", "ttile: { type", "title"),
            ("versioned-api", "weather-v1.yaml", "base: /v1", "base: /v11", "/v1"),
        ])
    func located(
        _ recipe: String, _ file: String, _ right: String, _ wrong: String, _ meant: String
    ) throws {
        // Where several places have the text, the last one of the wanted kind is not meant.
        let (found, line, code) = try check(recipe: recipe, file: file, wrong, right)
        #expect(code == 0)
        #expect(found.allSatisfy { $0.severity == "warning" })
        #expect(
            found.contains { abs($0.line - line) <= 1 && $0.suggestion == meant },
            "line \(line): \(found)")
    }

    @Test("--strict is not content with such a warning")
    func strict() throws {
        let folder = try TemporaryFolder()
        try folder.write("upstreams: { a: { url: 'http://127.0.0.1:1' } }", to: "gateway.yaml")
        try folder.write(
            """
            service: a
            backend: { http: {} }
            routes:
              GET /a:
                response: { b: "${reply.c}" }
                examples:
                  - request: { path: /a }
                    receives: { c: 1 }
                    responds: { status: 200, body: { b: 2 } }
            """, to: "mappings/a.yaml")
        let arguments = ["--config", folder.path + "/gateway.yaml"]
        let checked = try RunningProcess.run(Project.binary, ["check"] + arguments)
        #expect(checked.code == 0)
        #expect(checked.output.contains("mappings/a.yaml:5:20"), "\(checked.output)")
        #expect(checked.output.contains("`/b` of the answer differs: 1"))
        let strict = try RunningProcess.run(Project.binary, ["check", "--strict"] + arguments)
        #expect(strict.code == 1)
    }
}
