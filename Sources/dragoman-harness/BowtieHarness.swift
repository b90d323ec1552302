// SPDX-License-Identifier: Apache-2.0
// The Bowtie protocol (https://docs.bowtie.report): commands in, one JSON object a line, and
// answers out, so that JSON Schema implementations can be compared on the same cases.

internal import ArgumentParser
internal import DragomanDocument
internal import DragomanSchema

#if canImport(Glibc)
    internal import Glibc
#endif

struct BowtieHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bowtie", abstract: "The Bowtie protocol for JSON Schema, version 1.")

    enum FormatChoice: String, ExpressibleByArgument, CaseIterable { case annotate, assert }

    @Option(help: "Whether `format` refuses what does not fit: annotate or assert.")
    var format = FormatChoice.annotate

    func run() throws {
        var session = BowtieSession(assertsFormats: format == .assert)
        var lines = LineStream()
        while !session.isOver, let line = lines.next() {
            if line.allSatisfy({ $0 == 0x20 || $0 &- 0x09 <= 4 }) { continue }
            let answer: String?
            do throws(BowtieError) {
                answer = try session.answer(line)
            } catch {
                _ = LineStream.write("error: \(error.message)", to: 2)
                throw ExitCode(2)
            }
            if let answer, !LineStream.write(answer) { throw ExitCode(2) }
        }
    }
}

/// What the runner did that the protocol does not allow.
struct BowtieError: Error {
    let message: String
}

/// One conversation with a runner.
struct BowtieSession {
    private let assertsFormats: Bool
    private var isStarted = false
    private(set) var isOver = false
    /// The dialect of schemas that do not say theirs; nil where the runner named one that is not
    /// known.
    private var dialect: SchemaDialect? = .draft202012
    private let context = EvaluationContext()

    init(assertsFormats: Bool) { self.assertsFormats = assertsFormats }

    /// The answer to a command as JSON text; nil where none is due.
    mutating func answer(_ line: ArraySlice<UInt8>) throws(BowtieError) -> String? {
        let request = Document(textCapacity: line.count + 64)
        line.withUnsafeBytes { request.append(source: $0) }
        do throws(JSONSyntaxError) { try request.readJSON() } catch {
            throw BowtieError(
                message: "column \(error.column) of a command: \(error.detail)")
        }
        defer { withExtendedLifetime(request) {} }
        guard let command = request.root, let name = command.member("cmd"), name.isString else {
            throw BowtieError(message: "a command is an object with a string named cmd")
        }
        if name.string == "start" { return try start(command) }
        guard isStarted else {
            throw BowtieError(message: "\(name.string) came before start")
        }
        switch name.string {
        case "dialect": return try setDialect(command)
        case "run": return try run(command)
        case "stop":
            isOver = true
            return nil
        default:
            throw BowtieError(
                message: "\(name.string) is no command; start, dialect, run and stop are")
        }
    }

    private mutating func start(_ command: Node) throws(BowtieError) -> String {
        guard command.member("version")?.int64 == 1 else {
            throw BowtieError(message: "version 1 of the protocol is spoken here, no other")
        }
        isStarted = true
        let answer = Document()
        answer.beginObject()
        answer.key("version")
        answer.append(Int64(1))
        answer.key("implementation")
        answer.beginObject()
        var system = utsname()
        uname(&system)
        for (name, value) in [
            ("language", "swift"), ("name", "dragoman"), ("version", "0.1.0"),
            // The protocol wants addresses, and the project has none on the web yet.
            ("homepage", "urn:dragoman"), ("issues", "urn:dragoman:issues"),
            ("source", "urn:dragoman:source"),
            ("os", Self.text(&system.sysname)), ("os_version", Self.text(&system.release)),
        ] {
            answer.key(name)
            answer.append(string: value)
        }
        answer.key("dialects")
        answer.beginArray()
        for dialect in SchemaDialect.allCases.reversed() {
            let isOld = dialect.rawValue.hasPrefix("http:")
            answer.append(string: dialect.rawValue + (isOld ? "#" : ""))
        }
        answer.endArray()
        answer.endObject()
        answer.endObject()
        return answer.text
    }

    /// The text in one of `utsname`'s fields.
    private static func text<Field>(_ field: inout Field) -> String {
        withUnsafeBytes(of: &field) {
            String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private mutating func setDialect(_ command: Node) throws(BowtieError) -> String {
        guard let uri = command.member("dialect"), uri.isString else {
            throw BowtieError(message: "the command dialect names a URI")
        }
        var name = uri.string
        if name.hasSuffix("#") { name.removeLast() }
        dialect = SchemaDialect(rawValue: name)
        return dialect == nil ? #"{"ok":false}"# : #"{"ok":true}"#
    }

    // MARK: Cases

    private func run(_ command: Node) throws(BowtieError) -> String {
        guard let sequence = command.member("seq"), let test = command.member("case"),
            let schema = test.member("schema"), let tests = test.member("tests"),
            tests.isArray
        else {
            throw BowtieError(
                message: "the command run has seq, and a case with a schema and an array of tests")
        }
        let answer = Document()
        answer.beginObject()
        answer.key("seq")
        answer.append(copy: sequence)
        do throws(BowtieError) {
            let program = try compile(schema, test.member("registry"))
            answer.key("results")
            answer.beginArray()
            for test in tests.items { judge(test, program, into: answer) }
            answer.endArray()
        } catch {
            append(error: error.message, to: answer)
        }
        answer.endObject()
        return answer.text
    }

    private func append(error message: String, to answer: Document) {
        answer.key("errored")
        answer.append(true)
        answer.key("context")
        answer.beginObject()
        answer.key("message")
        answer.append(string: message)
        answer.endObject()
    }

    private func judge(_ test: Node, _ program: SchemaProgram, into answer: Document) {
        answer.beginObject()
        defer { answer.endObject() }
        guard let instance = test.member("instance") else {
            return append(error: "the test has no instance", to: answer)
        }
        // What can not be found out (a pattern's limit) is a refusal, as it is in the gateway.
        answer.key("valid")
        answer.append(program.isValid(instance, context))
    }

    private func compile(_ schema: Node, _ registry: Node?) throws(BowtieError) -> SchemaProgram {
        var options = SchemaOptions()
        options.formats = assertsFormats ? .assert : .annotate
        if let dialect {
            options.dialectDefault = dialect
        } else if schema.member("$schema") == nil {
            throw BowtieError(
                message: "the schema does not say its dialect, and the one set is unknown")
        }
        let compiler = SchemaCompiler(options: options) { uri in
            guard let found = registry.flatMap({ Self.entry(uri, $0) }) else { return nil }
            let document = Document()
            document.append(copy: found)
            return document
        }
        let document = Document()
        document.append(copy: schema)
        do throws(SchemaProblems) {
            return try compiler.compile(document: document, baseURI: Self.base)
        } catch {
            let lines = error.all.map { problem in
                let file = problem.documentURI == Self.base ? "" : problem.documentURI
                return "\(file)#\(problem.pointer): \(problem.sentence)"
            }
            throw BowtieError(message: lines.joined(separator: "\n"))
        }
    }

    /// Under which the case's own schema is known where it has no identifier.
    private static let base = "case:schema"

    /// The registry's schema for a URI: the one kept under it, else one that has it as identifier.
    private static func entry(_ uri: String, _ registry: Node) -> Node? {
        guard registry.isObject else { return nil }
        if let found = registry.member(named: uri) ?? registry.member(named: uri + "#") {
            return found
        }
        for member in registry.members {
            for keyword: StaticString in ["$id", "id"] {
                guard let id = member.value.member(keyword), id.isString else { continue }
                if id.string == uri || id.string == uri + "#" { return member.value }
            }
        }
        return nil
    }
}

extension Document {
    /// The document as JSON text.
    fileprivate var text: String { root?.json ?? "" }
}
