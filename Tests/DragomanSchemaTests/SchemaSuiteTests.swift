// SPDX-License-Identifier: Apache-2.0
// The official JSON Schema suite, every required case and every format, without exception.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("The official JSON Schema suite", .enabled(if: Suites.isHere, "the suites are not here"))
struct SchemaSuiteTests {
    struct Tally {
        var cases = 0
        var failures: [String] = []
    }

    @Test("draft 2020-12", arguments: Suites.files("json-schema/tests/draft2020-12"))
    func draft202012(_ path: String) throws {
        try run(path, .draft202012, .annotate)
    }

    @Test("draft 7", arguments: Suites.files("json-schema/tests/draft7"))
    func draft7(_ path: String) throws {
        try run(path, .draft7, .annotate)
    }

    @Test(
        "formats of draft 2020-12",
        arguments: Suites.files("json-schema/tests/draft2020-12/optional/format"))
    func formats202012(_ path: String) throws {
        try run(path, .draft202012, .assert)
    }

    @Test("formats of draft 7", arguments: Suites.files("json-schema/tests/draft7/optional/format"))
    func formats7(_ path: String) throws {
        try run(path, .draft7, .assert)
    }

    private func run(
        _ path: String, _ dialect: SchemaDialect, _ formats: SchemaOptions.FormatPolicy
    ) throws {
        let document = try #require(Suites.read(path))
        let groups = try #require(document.root)
        var tally = Tally()
        for group in groups.items { check(group, dialect, formats, &tally) }
        #expect(tally.failures == [])
        #expect(tally.cases > 0)
    }

    private func check(
        _ group: Node, _ dialect: SchemaDialect, _ formats: SchemaOptions.FormatPolicy,
        _ tally: inout Tally
    ) {
        let title = group.member("description")?.string ?? ""
        guard let schema = group.member("schema"), let tests = group.member("tests") else { return }
        var options = SchemaOptions()
        options.dialectDefault = dialect
        options.formats = formats
        let compiler = SchemaCompiler(options: options, resolver: Suites.remote)
        let program: SchemaProgram
        do throws(SchemaProblems) {
            program = try compiler.compile(
                document: Suites.copy(schema), baseURI: "test:schema")
        } catch {
            tally.failures.append("\(title): does not compile: \(error.all)")
            tally.cases += 1
            return
        }
        let context = EvaluationContext()
        for test in tests.items {
            guard let data = test.member("data"), let expected = test.member("valid")?.bool else {
                continue
            }
            tally.cases += 1
            let name = "\(title) / \(test.member("description")?.string ?? "")"
            if (program.verdict(data, context) == .valid) != expected {
                tally.failures.append("\(name): should be \(expected)")
            }
            if program.violations(of: data, context).violations.isEmpty != expected {
                tally.failures.append("\(name): explained wrongly")
            }
            let output = program.output(of: Suites.copy(data), .basic, context)
            if output.root?.member("valid")?.bool != expected {
                tally.failures.append("\(name): put out wrongly")
            }
        }
    }
}
