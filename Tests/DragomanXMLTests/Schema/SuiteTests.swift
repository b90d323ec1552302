// SPDX-License-Identifier: Apache-2.0
// Schemas that nobody here wrote: all load without a crash, and their messages compile.

import Foundation
import Testing

@testable import DragomanXML

enum Suites {
    static let root: String = {
        if let path = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"] { return path }
        var url = URL(fileURLWithPath: #filePath)
        for _ in 0..<5 { url.deleteLastPathComponent() }
        let beside = url.appendingPathComponent("shared/suites").path
        return FileManager.default.fileExists(atPath: beside) ? beside : "/work/shared/suites"
    }()

    static var isPresent: Bool { FileManager.default.fileExists(atPath: root) }

    static func bytes(_ path: String) -> [UInt8] {
        [UInt8](FileManager.default.contents(atPath: path) ?? Data())
    }

    static func files(_ folder: String, _ ending: String) -> [String] {
        let names = FileManager.default.enumerator(atPath: "\(root)/\(folder)")
        var all: [String] = []
        while let name = names?.nextObject() as? String {
            if name.hasSuffix(ending) { all.append("\(root)/\(folder)/\(name)") }
        }
        return all.sorted()
    }

    /// Beside the document, else in the catalog by the address's path or its last part.
    static func resolve(_ location: String, _ base: String) -> ContractSource? {
        let last = (location as NSString).lastPathComponent
        let beside = ((base as NSString).deletingLastPathComponent as NSString)
            .appendingPathComponent(location)
        for path in [beside, "\(root)/wsdl/catalog/\(last)"] {
            let standard = (path as NSString).standardizingPath
            var isFolder: ObjCBool = false
            if FileManager.default.fileExists(atPath: standard, isDirectory: &isFolder),
                !isFolder.boolValue
            {
                return ContractSource(name: standard, bytes: bytes(standard))
            }
        }
        return nil
    }

    /// Loads a schema and compiles all its elements.
    static func load(_ path: String) -> (plans: PlanSet, problems: [ContractProblem]) {
        let problems = ContractProblems()
        let set = SchemaSet(resolver: resolve, problems: problems)
        set.add(document: ContractSource(name: path, bytes: bytes(path)))
        set.resolve()
        let compiler = PlanCompiler(schemas: set)
        let place = ContractPlace(file: path, line: 0, column: 0)
        for name in set.globalElements { _ = compiler.element(name, at: place) }
        return (compiler.finish(), problems.all)
    }
}

@Suite("Suites of schemas", .enabled(if: Suites.isPresent, "the suites are not there"))
struct SuiteTests {
    @Test("every schema loads or is refused with a place")
    func loads() {
        let paths = Suites.files("xsd", ".xsd") + Suites.files("wsdl", ".xsd")
        var clean = 0
        for path in paths {
            let (_, problems) = Suites.load(path)
            let errors = problems.filter { $0.severity == .error }
            if errors.isEmpty { clean += 1 }
            for error in errors { #expect(error.line > 0, "\(error)") }
        }
        #expect(paths.count > 190)
        #expect(clean > 150)
    }

    @Test("ISO 20022 loads without a word", arguments: Suites.files("xsd/iso20022", ".xsd"))
    func iso20022(_ path: String) {
        let (plans, problems) = Suites.load(path)
        #expect(problems == [])
        #expect(plans.elements.count > 0)
    }

    @Test(
        "entity bombs and DOCTYPEs cost nothing", arguments: Suites.files("xml/defusedxml", ".xml"))
    func bombs(_ path: String) {
        let parser = XMLPushParser(handler: EventLog())
        let bytes = Suites.bytes(path)
        let hasDoctype = String(decoding: bytes, as: UTF8.self).contains("<!DOCTYPE")
        let read = EventLog.run(bytes, step: 64, parser: parser)
        #expect(read.hasPrefix("refused") == hasDoctype)
        #expect(read.utf8.count < 10_000)
    }

    @Test("a broken schema is named where it is broken")
    func broken() {
        let (_, problems) = Suites.load("\(Suites.root)/wsdl/node-soap/wsdl/recursive/A.xsd")
        #expect(problems.contains { $0.code == "xml" && $0.line == 25 })
    }
}
