// SPDX-License-Identifier: Apache-2.0
// Importing a contract again after it has changed: what the user wrote stays, what nobody touched
// follows, and both are shown.

import Foundation
import Testing

@Suite("Importing again")
struct ImportAgainTests {
    private let folder: TemporaryFolder
    private var api: String { folder.path + "/api" }
    private var mapping: String { api + "/mappings/library.yaml" }

    init() throws {
        folder = try TemporaryFolder()
        try write(try original())
        _ = try importAgain()
    }

    private func original() throws -> String {
        try String(contentsOfFile: Project.support + "/library.wsdl", encoding: .utf8)
    }

    private func write(_ contract: String) throws { try folder.write(contract, to: "library.wsdl") }

    private func importAgain() throws -> String {
        let result = try RunningProcess.run(
            Project.binary,
            ["import", folder.path + "/library.wsdl", "--into", api, "--name", "library"])
        #expect(result.code == 0, "\(result.output)\(result.errors)")
        return result.output
    }

    private func text(_ path: String) throws -> String {
        try String(contentsOfFile: path, encoding: .utf8)
    }

    private func check() throws -> (code: Int32, text: String) {
        let result = try RunningProcess.run(
            Project.binary, ["check", "--config", api + "/gateway.yaml"])
        return (Int32(result.code), result.output + result.errors)
    }

    @Test("nothing has changed: nothing is said")
    func same() throws {
        let output = try importAgain()
        #expect(!output.contains("kept:") && !output.contains("updated:"), "\(output)")
    }

    @Test("a header that is defined nowhere is told by import, not only by check")
    func header() throws {
        let body = #"<wsdl:input><soap:body use="literal"/>"#
        let header = #"<soap:header message="tns:Login" part="token" use="literal"/>"#
        try write(try original().replacing(body, with: body + header, maxReplacements: 1))
        let output = try importAgain()
        #expect(output.contains("library.wsdl:62:"), "\(output)")
        #expect(output.contains("header's part token"), "\(output)")
        #expect(output.contains("it is not carried"), "\(output)")
    }

    @Test("an operation by another name: the edited mapping stays, the contract follows")
    func renamed() throws {
        let edited = try text(mapping).replacingOccurrences(
            of: "routes:\n", with: "routes:\n  # mine\n  PUT /mine: { call: Store }\n")
        try edited.write(toFile: mapping, atomically: true, encoding: .utf8)
        try write(
            try original().replacingOccurrences(
                of: "operation name=\"Find\"", with: "operation name=\"Seek\""))
        let output = try importAgain()
        #expect(output.contains("updated: schemas/library/library.wsdl"))
        #expect(output.contains("kept: mappings/library.yaml"))
        #expect(output.contains("call: Seek"))
        #expect(output.contains("-"))
        #expect(!output.contains("wsdl:types"), "\(output)")
        #expect(try text(mapping) == edited)
        let checked = try check()
        #expect(checked.code == 2)
        #expect(checked.text.contains("Find"), "\(checked.text)")
    }

    @Test("an operation is gone: what nobody edited follows, and works")
    func untouched() throws {
        var contract = try original()
        for part in ["portType name=\"LibraryPort\"", "binding name=\"Library11\""] {
            let start = try #require(contract.range(of: part))
            let from = try #require(
                contract.range(
                    of: "<wsdl:operation name=\"Find\"", range: start.upperBound..<contract.endIndex
                ))
            let to = try #require(
                contract.range(
                    of: "</wsdl:operation>", range: from.upperBound..<contract.endIndex))
            contract.removeSubrange(from.lowerBound..<to.upperBound)
        }
        try write(contract)
        let output = try importAgain()
        #expect(output.contains("updated: mappings/library.yaml"), "\(output)")
        #expect(try !text(mapping).contains("Find"))
        #expect(try check().code == 0)
    }

    @Test("a type changes, in a file with CRLF: the changed lines alone are shown")
    func changedType() throws {
        let contract = try original().replacingOccurrences(of: "\n", with: "\r\n")
        try write(contract)
        _ = try importAgain()
        try write(
            contract.replacingOccurrences(
                of: "name=\"Copies\" type=\"xs:int\"", with: "name=\"Copies\" type=\"xs:string\""))
        let output = try importAgain()
        let shown = output.split(separator: "\n").filter { $0.contains("<") }
        #expect(shown.count == 2, "\(output)")
        #expect(shown.allSatisfy { $0.contains("Copies") })
        #expect(try check().code == 0)
    }

    @Test("a contract that somebody has mended by hand stays")
    func mended() throws {
        let path = api + "/schemas/library/library.wsdl"
        let mended = try text(path) + "<!-- mended -->\n"
        try mended.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(try importAgain().contains("kept: schemas/library/library.wsdl"))
        #expect(try text(path) == mended)
    }
}
