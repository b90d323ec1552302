// SPDX-License-Identifier: Apache-2.0
// `xml SCHEMA ELEMENT`: documents of one global element in, their JSON forms out, and the other
// way with --reverse. One document a line, base64; what is refused is answered by a line of plain
// JSON, `{"error": …}`, which no base64 begins like.

internal import ArgumentParser
internal import DragomanDocument
internal import DragomanSchema
internal import DragomanXML
internal import Foundation

struct XMLHarness: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "xml",
        abstract: "XML documents to JSON and back.",
        discussion: """
            Documents are read and written one a line, base64. A document that is refused is \
            answered by a line {"error": "…"}, with "path" (XPath) where a message is at fault, \
            "errors" (pointer, keyword, detail) where a value is. Documents are judged strictly: \
            what could not be written back by the contract is refused.
            """)

    @Argument(help: "An XSD, or a WSDL for the elements of its types.")
    var schema: String

    @Argument(help: "A global element: its local name, prefix:Name, or {uri}Name.")
    var element: String

    @Flag(help: "JSON in, XML out.")
    var reverse = false

    @Flag(help: "Pass unknown elements and broken facets, as replies are read by default.")
    var report = false

    @Option(name: .customShort("I"), help: "A folder to look for imported files in.")
    var folders: [String] = []

    func run() throws {
        let (contract, part) = try load()
        if reverse {
            let writer = try XMLLineWriter(contract, part)
            HarnessLines.answer { writer.answer($0) }
        } else {
            let judge = report ? nil : try XMLLineWriter(contract, part)
            let reader = XMLLineReader(contract, part, judge: judge)
            HarnessLines.answer { reader.answer($0) }
        }
    }

    private func load() throws -> (XMLServiceContract, PartPlan) {
        let problems = ContractProblems()
        let files = ContractFiles(
            start: schema, folders: ContractFolders(root: nil, searched: folders),
            problems: problems)
        let contract = files.first().flatMap {
            XMLServiceContract.load(
                $0, resolver: { files.resolve($0, $1) }, problems: problems)
        }
        for problem in problems.all { HarnessLines.complain(problem.description) }
        guard let contract, !problems.hasErrors else { throw ExitCode(2) }
        guard let part = contract.element(named: element) else {
            let names = contract.elements.map(\.name).joined(separator: ", ")
            HarnessLines.complain(
                "error: \(schema) has no global element \(element); it has \(names)")
            throw ExitCode(2)
        }
        return (contract, part)
    }
}

/// XML to JSON.
private final class XMLLineReader {
    private let reader: ElementReader
    private let document = Document()
    private let judge: XMLLineWriter?

    /// `judge`: what strict reading holds the JSON form against.
    init(_ contract: XMLServiceContract, _ part: PartPlan, judge: XMLLineWriter?) {
        reader = ElementReader(plans: contract.plans, elements: [part.element])
        reader.reader.options.reportsMismatch = judge == nil
        reader.reader.options.checksFacets = judge != nil
        self.judge = judge
    }

    func answer(_ bytes: UnsafeRawBufferPointer) -> HarnessLines.Answer {
        document.removeAll()
        reader.begin(into: document)
        do throws(TranslationError) {
            try reader.feed(bytes)
            try reader.finish()
        } catch {
            return .refusal(HarnessLines.refusal(error, in: nil))
        }
        if let judge, case .refusal(let text)? = judge.answer(document) { return .refusal(text) }
        return .document(Array((document.root?.json ?? "null").utf8))
    }
}

/// JSON to XML, as the gateway does it: by the derived JSON Schema first.
private final class XMLLineWriter {
    private let contract: XMLServiceContract
    private let part: PartPlan
    private let program: SchemaProgram
    private let schema = Document()
    private let writer = XMLRequestWriter()
    private let context = EvaluationContext()
    private let output = OutputBuffer()

    init(_ contract: XMLServiceContract, _ part: PartPlan) throws {
        self.contract = contract
        self.part = part
        contract.appendSchema(of: part, form: .accepted, to: schema)
        program = try HarnessLines.compile(schema)
    }

    func answer(_ bytes: UnsafeRawBufferPointer) -> HarnessLines.Answer {
        let document: Document
        do throws(JSONSyntaxError) {
            document = try Document.reading(bytes)
        } catch {
            return .refusal(HarnessLines.object([("error", error.detail)]))
        }
        return answer(document) ?? .refusal(HarnessLines.object([("error", "there is no value")]))
    }

    /// nil where there is no value.
    func answer(_ document: Document) -> HarnessLines.Answer? {
        withExtendedLifetime(document) {
            guard let root = document.root else { return nil }
            if !program.isValid(root, context) {
                let report = program.violations(of: root, context)
                return .refusal(HarnessLines.refusal(report, in: document))
            }
            output.removeAll()
            do throws(TranslationError) {
                try writer.write(part, of: contract, body: root, to: output)
            } catch {
                return .refusal(HarnessLines.refusal(error, in: document))
            }
            return .document(Array(output.bytes))
        }
    }
}
