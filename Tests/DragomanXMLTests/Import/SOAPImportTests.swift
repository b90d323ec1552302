// SPDX-License-Identifier: Apache-2.0
// What import writes for a contract: names, routes, files, report.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("SOAPImport")
struct SOAPImportTests {
    private func load(_ path: String) throws -> (WSDLContract, ContractFiles) {
        try #require(WSDLSuite.loadWithFiles(path, ContractProblems()))
    }

    private func routes(_ path: String, port: String? = nil) throws -> [String] {
        let (contract, _) = try load(path)
        let endpoint = try #require(contract.endpoint(SOAPSelection(port: port)))
        let service = ServiceContract.make(contract, endpoint)
        return DerivedRoute.routes(of: service).map { "\($0.method) \($0.template)" }
    }

    @Test("derives routes from operations")
    func derived() throws {
        let orders = try #require(SOAPFixture([("orders.wsdl", OrdersWSDL.text)]))
        let routes = DerivedRoute.routes(of: orders.contract)
        #expect(
            routes.map { "\($0.method) \($0.template)" } == [
                "POST /place-order", "GET /get-order", "POST /ping", "POST /add", "POST /reset",
                "POST /both",
            ])
        #expect(routes[0].summary == "Places an order")
        #expect(routes[0].description == "Places an order. It is kept for a year.")
        #expect(
            routes[1].query == [
                DerivedParameter(
                    name: "verbose", member: "verbose", isRequired: false, isArray: false),
                DerivedParameter(name: "Id", member: "Id", isRequired: true, isArray: false),
                DerivedParameter(name: "Field", member: "Field", isRequired: false, isArray: true),
            ])
        #expect(routes[0].headers.map(\.part) == ["Auth", "Trace"])
        #expect(routes[0].headers[0].parameters.map(\.name) == ["auth-user-name", "auth-pin"])
        #expect(routes[0].headers[1].isScalar)
    }

    @Test("a summary is the first sentence, which does not end at e.g.")
    func summaries() {
        let texts = DerivedRoute.texts("Lists words (e.g. nouns) of Mr. Bee. Slow.")
        #expect(texts.summary == "Lists words (e.g. nouns) of Mr. Bee")
        #expect(texts.description == "Lists words (e.g. nouns) of Mr. Bee. Slow.")
    }

    @Test(
        "writes directories that load by themselves",
        .enabled(if: WSDLSuite.isPresent, "the suites are absent"))
    func directories() throws {
        let directory = try #require(TemporaryDirectory())
        defer { directory.remove() }
        for entry in WSDLSuiteTests.inventory where entry.root == "definitions" {
            let problems = ContractProblems()
            let isShown = SOAPImportTests.shown.contains { entry.path.hasSuffix($0) }
            guard let (contract, files) = WSDLSuite.loadWithFiles(entry.path, problems),
                isShown || !files.references.isEmpty
            else { continue }
            let result = SOAPImport.make(
                contract, files: files, options: SOAPImportTests.options(entry.path))
            let hasErrors = problems.all.contains { $0.severity == .error }
            guard !hasErrors, result.operationCount > 0 else { continue }
            let root = "\(directory.path)/\(KebabCase.make(entry.path))"
            for file in result.files { directory.write(file.bytes, to: "\(root)/\(file.path)") }
            if isShown {
                for file in result.files where file.path.hasPrefix("mappings/") {
                    WSDLSuite.show([file.path, String(decoding: file.bytes, as: UTF8.self)])
                }
                WSDLSuite.show(result.files.map(\.path) + result.report)
            }
            let again = ContractProblems()
            let path = try #require(result.files.first { $0.path.hasPrefix("schemas/") }).path
            let copied = ContractFiles(
                start: "\(root)/\(path)", folders: ContractFolders(root: "\(root)/schemas"),
                problems: again)
            let source = try #require(copied.first())
            let loaded = WSDLContract.load(
                source, resolver: { copied.resolve($0, $1) }, problems: again)
            let errors = again.all.filter { $0.severity == .error }
            #expect(errors.map(\.description) == [], "\(entry.path)")
            let operations = loaded.map { contract in
                contract.endpoints().filter(\.isSOAP).map {
                    ServiceContract.make(contract, $0).operations.count
                }
            }
            let before = contract.endpoints().filter(\.isSOAP).map {
                ServiceContract.make(contract, $0).operations.count
            }
            #expect(operations == before, "\(entry.path)")
        }
    }

    /// Message schemas are large and slow to write in a debug build: of the shown ones only.
    private static func options(_ path: String) -> SOAPImportOptions {
        var options = SOAPImportOptions()
        options.writesMessageSchemas = shown.contains { path.hasSuffix($0) }
        return options
    }

    static let shown = [
        "/BLZService.wsdl", "/vies.xml", "DWService_12.wsdl", "ImageViewService.local.wsdl",
        "header_response_encoding.wsdl", "Service1.wsdl",
    ]

    @Test("imports every WSDL of the suite without a crash", .enabled(if: WSDLSuite.isPresent))
    func suite() throws {
        var imported = 0
        var operations = 0
        for entry in WSDLSuiteTests.inventory where entry.root == "definitions" {
            let problems = ContractProblems()
            guard let (contract, files) = WSDLSuite.loadWithFiles(entry.path, problems) else {
                continue
            }
            let result = SOAPImport.make(
                contract, files: files, options: SOAPImportTests.options(entry.path))
            let errors = problems.all.filter { $0.severity == .error }
            if result.operationCount > 0, errors.isEmpty { imported += 1 }
            operations += result.operationCount
            if result.operationCount < entry.operations || !errors.isEmpty {
                WSDLSuite.show(
                    [
                        "\(entry.path): \(result.operationCount)/\(entry.operations) "
                            + "\(errors.count) errors"
                    ]
                        + result.report.filter { !$0.hasPrefix("seen") }.prefix(6).map {
                            "    " + $0
                        })
            }
            for upstream in result.upstreams { #expect(!upstream.url.isEmpty) }
            let paths = result.files.map(\.path)
            #expect(Set(paths).count == paths.count, "\(entry.path)")
            #expect(!paths.contains { $0.contains("..") || $0.contains("//") }, "\(entry.path)")
        }
        WSDLSuite.show(["imported \(imported), operations \(operations)"])
        #expect(imported > 100)
    }

    @Test("finds the files again where it put them", .enabled(if: WSDLSuite.isPresent))
    func layout() throws {
        for entry in WSDLSuiteTests.inventory where entry.root == "definitions" {
            let problems = ContractProblems()
            guard let (_, files) = WSDLSuite.loadWithFiles(entry.path, problems),
                !problems.hasErrors
            else { continue }
            let layout = ImportLayout(files)
            var byPath: [String: ContractSource] = [:]
            for copy in layout.copies { byPath[copy.path] = copy.source }
            for copy in layout.copies {
                for reference in files.references where reference.base == copy.source.name {
                    guard let target = reference.target else { continue }
                    let address = ContractAddress(reference.location)
                    let here = ContractPath.folder(copy.path)
                    let start = ContractPath.folder(layout.copies[0].path)
                    let places =
                        [address.raw] + address.paths
                    let found = places.flatMap { ["\(here)/\($0)", "\(start)/\($0)"] }.compactMap {
                        byPath[
                            ContractPath.normalized(
                                $0.hasPrefix("./") ? String($0.dropFirst(2)) : $0)]
                    }
                    #expect(
                        found.contains { $0.name == target },
                        "\(entry.path): \(reference.location) from \(copy.path)")
                }
            }
        }
    }
}
