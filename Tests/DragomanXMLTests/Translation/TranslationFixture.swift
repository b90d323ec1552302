// SPDX-License-Identifier: Apache-2.0
// A schema, an element and its two forms: what the tests of translation are made of.

import DragomanDocument
import Testing

@testable import DragomanXML

/// A compiled schema for tests. The root element is `r` of namespace `urn:t`, prefix `t`.
struct TestContract {
    let plans: PlanSet
    let element: ElementPlan
    let problems: [ContractProblem]
    let namingProblems: [String]

    /// `body`: what stands inside `xs:schema`.
    /// `files`: other documents by location.
    init(
        _ body: String, element: String = "r", naming: NamingOptions = NamingOptions(),
        attributes: String = "elementFormDefault=\"qualified\"", files: [String: String] = [:]
    ) {
        let problems = ContractProblems()
        let set = SchemaSet(
            resolver: { location, _ in
                files[location].map { ContractSource(name: location, bytes: Array($0.utf8)) }
            }, problems: problems)
        let text = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t" xmlns:u="urn:u"
              targetNamespace="urn:t" \(attributes)>\(body)</xs:schema>
            """
        set.add(document: ContractSource(name: "test.xsd", bytes: Array(text.utf8)))
        set.resolve()
        let compiler = PlanCompiler(schemas: set, naming: naming)
        let place = ContractPlace(file: "test.xsd", line: 1, column: 1)
        let name = XMLName("urn:t", element)
        self.element = compiler.element(name, at: place) ?? ElementPlan(index: 0)
        plans = compiler.finish()
        self.problems = problems.all
        namingProblems = compiler.namingProblems.map(\.message)
    }

    /// JSON to XML; the error's keyword and text where it is refused.
    func write(_ json: String) -> String {
        let document = TestContract.document(json)
        return withExtendedLifetime(document) { write(document, json) }
    }

    private func write(_ document: Document, _ json: String) -> String {
        guard let root = document.root else { return "no JSON: \(json)" }
        let output = OutputBuffer()
        let writer = PlanWriter(plans: plans)
        writer.begin(plans, to: output)
        do throws(TranslationError) {
            try writer.write(element, root)
        } catch {
            let pointer = error.place.flatMap { document.pointer(to: $0) } ?? "?"
            return "refused: \(error.keyword) \(pointer): \(error.detail)"
        }
        writer.end()
        return output.string
    }

    /// XML to JSON; the path and text of the error where it is refused.
    func read(
        _ xml: String, refuses: Bool = false, checksFacets: Bool = false, pieces: Int = 0
    ) -> String {
        let reader = ElementReader(plans: plans, elements: [element])
        reader.reader.options.reportsMismatch = !refuses
        reader.reader.options.checksFacets = checksFacets
        let document = Document()
        reader.begin(into: document)
        do throws(TranslationError) {
            let bytes = Array(xml.utf8)
            var start = 0
            let step = pieces > 0 ? pieces : max(bytes.count, 1)
            while start < bytes.count {
                let piece = Array(bytes[start..<min(start + step, bytes.count)])
                start += step
                try feed(piece, to: reader)
            }
            try reader.finish()
        } catch {
            return "refused: \(error.path ?? ""): \(error.detail)"
        }
        return document.root?.json ?? "nothing"
    }

    private func feed(_ bytes: [UInt8], to reader: ElementReader) throws(TranslationError) {
        let result = bytes.withUnsafeBytes { all -> TranslationError? in
            do throws(TranslationError) {
                try reader.feed(all)
                return nil
            } catch {
                return error
            }
        }
        if let result { throw result }
    }

    func schema(_ form: JSONSchemaWriter.Form = .request) -> String {
        let document = Document()
        JSONSchemaWriter.append(element, of: plans, form: form, to: document)
        return document.root?.json ?? ""
    }

    static func document(_ json: String) -> Document {
        let document = Document()
        Array(json.utf8).withUnsafeBytes { document.append(source: $0) }
        do {
            try document.readJSON()
        } catch {
            document.removeAll()
        }
        return document
    }
}

/// One value in both forms.
struct TranslationCase: Sendable, CustomTestStringConvertible {
    let name: String
    let schema: String
    let xml: String
    let json: String
    /// What the writer makes of the JSON, where that differs from `xml`.
    var written: String?

    var testDescription: String { name }

    init(_ name: String, _ schema: String, xml: String, json: String, written: String? = nil) {
        self.name = name
        self.schema = schema
        self.xml = xml
        self.json = json
        self.written = written
    }
}
