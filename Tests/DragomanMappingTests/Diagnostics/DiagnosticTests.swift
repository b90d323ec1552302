// SPDX-License-Identifier: Apache-2.0
// The three forms of diagnostics, and the nearest name.

import Foundation
import Testing

@testable import DragomanDocument
@testable import DragomanMapping

@Suite("Diagnostics")
struct DiagnosticTests {
    private let source = SourceText(
        path: "mappings/a.yaml", text: "service: a\nroutes:\n  reqést: x\n")

    private var diagnostics: [Diagnostic] {
        [
            Diagnostic(
                code: "unknown-key", file: "mappings/a.yaml",
                position: SourcePosition(line: 3, column: 3), width: 6,
                message: "a route has no key `reqést`", expected: "one of request, response",
                suggestion: "request",
                related: [
                    Diagnostic.Related(
                        file: "schemas/b c.wsdl", position: SourcePosition(line: 7, column: 9),
                        message: "the contract says so here")
                ]),
            Diagnostic(.warning, code: "odd", file: "gateway.yaml", message: "tab\there \"q\""),
        ]
    }

    @Test("prints text like rustc")
    func text() {
        let report = DiagnosticReport(diagnostics) { $0 == source.path ? source : nil }
        #expect(
            report.text() == """
                error[unknown-key]: a route has no key `reqést`
                 --> mappings/a.yaml:3:3
                  |
                3 |   reqést: x
                  |   ^^^^^^
                  = expected: one of request, response
                  = help: did you mean `request`?
                  = note: the contract says so here
                 --> schemas/b c.wsdl:7:9

                warning[odd]: tab    here "q"
                 --> gateway.yaml:1:1

                1 error, 1 warning

                """)
        #expect(report.text(colored: true).contains("\u{1B}[1;31m"))
        #expect(DiagnosticReport([]).text().isEmpty)
    }

    @Test("prints the part of a long line that matters")
    func longLine() {
        let line = String(repeating: "x", count: 500) + "MARK" + String(repeating: "y", count: 500)
        let long = SourceText(path: "l", text: line)
        let report = DiagnosticReport([
            Diagnostic(
                code: "c", file: "l", position: SourcePosition(line: 1, column: 501), width: 4,
                message: "m")
        ]) { _ in long }
        let lines = report.text().split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.allSatisfy { $0.count < 140 })
        let caret = lines.first { $0.contains("^") } ?? ""
        let quoted = lines.first { $0.contains("MARK") } ?? ""
        let at = caret.firstIndex(of: "^").map { caret.distance(from: caret.startIndex, to: $0) }
        let mark = quoted.firstRange(of: "MARK").map {
            quoted.distance(from: quoted.startIndex, to: $0.lowerBound)
        }
        #expect(at == mark)
        #expect(caret.hasSuffix("^^^^"))
    }

    private struct Report: Decodable {
        struct Related: Decodable {
            let line: Int
        }

        struct Item: Decodable {
            let severity: String
            let code: String
            let file: String
            let line: Int
            let column: Int
            let message: String
            let expected: String?
            let suggestion: String?
            let related: [Related]?
        }

        let diagnostics: [Item]
    }

    @Test("prints JSON as PRODUCT.md says")
    func json() throws {
        let text = DiagnosticReport(diagnostics).json
        let items = try JSONDecoder().decode(Report.self, from: Data(text.utf8)).diagnostics
        #expect(items.map(\.severity) == ["error", "warning"])
        #expect(items[0].line == 3 && items[0].column == 3)
        #expect(items[0].suggestion == "request" && items[0].related?.first?.line == 7)
        #expect(items[1].expected == nil && items[1].related == nil)
        #expect(items[1].message == "tab\there \"q\"" && items[1].file == "gateway.yaml")
    }

    private struct Log: Decodable {
        struct Run: Decodable {
            struct Result: Decodable {
                let ruleId: String
                let ruleIndex: Int
                let level: String
            }

            let columnKind: String
            let results: [Result]
        }

        let version: String
        let runs: [Run]
    }

    @Test("prints SARIF 2.1.0")
    func sarif() throws {
        let text = DiagnosticReport(diagnostics).sarif(version: "1.0")
        let log = try JSONDecoder().decode(Log.self, from: Data(text.utf8))
        #expect(log.version == "2.1.0")
        let run = try #require(log.runs.first)
        #expect(run.results.map(\.ruleId) == ["unknown-key", "odd"])
        #expect(run.results.map(\.ruleIndex) == [0, 1])
        #expect(run.results.map(\.level) == ["error", "warning"])
        #expect(text.contains("schemas/b%20c.wsdl"))
    }

    @Test(
        "finds the nearest name",
        arguments: [
            ("reqest", "request"), ("Request", "request"), ("respnose", "response"),
            ("onMismatch", "on_mismatch"), ("sumary", "summary"), ("zzz", nil), ("cal", "call"),
            ("x", nil), ("header", "headers"),
        ])
    func nearest(_ name: String, _ wanted: String?) {
        let names = [
            "summary", "call", "request", "response", "headers", "on_mismatch", "limits", "limit",
        ]
        #expect(NearestName.find(name, in: names) == wanted)
    }

    @Test("holds a bounded number")
    func bounded() {
        let collector = DiagnosticCollector()
        for line in 1...1_500 {
            collector.report(
                Diagnostic(
                    code: "c", file: "f", position: SourcePosition(line: line, column: 1),
                    message: "m"))
        }
        #expect(collector.diagnostics.count == DiagnosticCollector.diagnosticsMax)
        #expect(collector.errorCount == 1_500)
        #expect(collector.omittedCount == 500)
    }
}
