// SPDX-License-Identifier: Apache-2.0
// What is wrong in gateway.yaml is told without the secrets that stand there, whatever is wrong.

import Testing

@testable import DragomanMapping

@Suite("Secrets in gateway.yaml")
struct ConcealedSecretTests {
    @Test(
        "quotes no secret beside what is wrong",
        arguments: [
            "{ basic: { username: 'a:b', password: s3cret } }",
            "{ basic: { username: 'a:b', password: \"s3cret\" } }",
            "{ basic: { username: a, password: 53637 } }",
            "{ basic: { username: a, passwort: x, password: 's3cret' } }",
            "\n      basic:\n        username: 'a:b'\n        password: |\n          s3cret\n",
            "{ bearer: { token: \"s3cret\\n\" } }",
            "{ basic: { username: a: b, password: s3cret } }",
            "{ basic: { password: 's3cret } }",
            "{ bearer: s3cret }",
            "s3cret",
            "{ basic: { username: me, pasword: s3cret } }",
            "{ basic: { username: a, password: x } }\n    headers: { a-key: [s3cret] }",
            "{ basic: { username: a, password: x } }\n    credentails: { basic: { pw: s3cret } }",
            "{ basic: { username: a, password: x } }\n  b: { url: \"http://a:s3cret@127.0.0.1:1/\" }",
            "{ basic: { username: a, password: x } }\n  b: { url: \"http://a:1/?key=s3cret x\" }",
        ])
    func secrets(_ credentials: String) {
        let collector = DiagnosticCollector()
        let text = "upstreams:\n  a:\n    url: http://x\n    credentials: \(credentials)\n"
        _ = GatewayReader.read(
            SourceText(path: "gateway.yaml", text: text), directory: "/nonexistent",
            environment: { _ in nil }, into: collector)
        #expect(collector.hasErrors)
        let report = DiagnosticReport(collector)
        for text in [report.text(), report.json, report.sarif(version: "1")] {
            #expect(!text.contains("s3cret") && !text.contains("53637"), "\(text)")
        }
    }

    @Test("an address that is put before paths has no query")
    func query() {
        let files = [
            "gateway.yaml": Array("upstreams: { a: { url: \"http://127.0.0.1:1/x?k=v\" } }".utf8),
            "mappings/a.yaml": Array(
                "service: a\nbackend: { http: {} }\nroutes: { GET /: {} }".utf8),
        ]
        let told = GatewayLoader.load(files: files).diagnostics
        #expect(told.map(\.code) == ["wrong-upstream"])
        #expect(told.first?.message.contains("has a query") == true)
    }
}
