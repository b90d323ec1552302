// SPDX-License-Identifier: Apache-2.0
// Contracts from the wild, served as they are: every operation gets its route, and nothing that
// is derived from them is wrong.

import DragomanDocument
import DragomanMapping
import Foundation
import Testing

@Suite("Contracts of the suites", .enabled(if: Suites.exist, "the suites are not here"))
struct ContractSuiteTests {

    @Test("serves every operation of a WSDL", arguments: Suites.wsdl)
    func wsdl(path: String) throws {
        let file = URL(fileURLWithPath: path)
        var files = FixtureTests.files(file.deletingLastPathComponent(), into: "schemas/")
        files["mappings/it.yaml"] = Array(
            """
            service: it
            backend:
              soap: { contract: "\(file.lastPathComponent)" }
              upstream: it
            """.utf8)
        files["gateway.yaml"] = Array("upstreams: { it: { url: 'http://127.0.0.1:1' } }".utf8)
        let load = GatewayLoader.load(files: files)
        let errors = load.diagnostics.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(FixtureText.diagnostics(load))")
        let plan = try #require(load.plan)
        #expect(!plan.routes.isEmpty)
        for route in plan.routes {
            if case .json(let body) = route.body {
                #expect(body.accepts?.program != nil, "\(route.operation)")
            }
            for parameter in route.parameters.parameters {
                #expect(parameter.schema?.program != nil, "\(route.operation)")
            }
        }
    }

    @Test("loads the bench directory without a word")
    func bench() throws {
        let file = Suites.shared.appendingPathComponent("bench/dragoman/gateway.yaml")
        guard FileManager.default.fileExists(atPath: file.path) else { return }
        let load = GatewayLoader.load(configurationFile: file.path, name: "gateway.yaml")
        #expect(load.diagnostics.isEmpty, "\(FixtureText.diagnostics(load))")
        #expect(load.plan?.routes.count == 5)
    }
}

enum Suites {
    /// Where the suites lie: DRAGOMAN_SUITES, or beside the package.
    static var folder: URL {
        if let path = ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"] {
            return URL(fileURLWithPath: path)
        }
        var package = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { package.deleteLastPathComponent() }
        let beside = package.deletingLastPathComponent().appendingPathComponent("shared/suites")
        return FileManager.default.fileExists(atPath: beside.path)
            ? beside : URL(fileURLWithPath: "/work/shared/suites")
    }

    static var shared: URL { folder.deletingLastPathComponent() }
    static var exist: Bool { FileManager.default.fileExists(atPath: folder.path) }

    /// The WSDLs that issue 2 names, and some more of each origin.
    static var wsdl: [String] {
        let wanted: Set = [
            "BLZService.wsdl", "vies.xml", "DWService_12.wsdl", "ImageViewService.local.wsdl",
            "CurrencyConvertor.wsdl", "GenericNAICS.wsdl", "CountryInfo.wsdl",
        ]
        let root = folder.appendingPathComponent("wsdl")
        var found: [String] = []
        for case let name as String in FileManager.default.enumerator(atPath: root.path) ?? .init()
        where wanted.contains(name.split(separator: "/").last.map(String.init) ?? "") {
            found.append(root.appendingPathComponent(name).path)
        }
        return found.sorted()
    }
}
