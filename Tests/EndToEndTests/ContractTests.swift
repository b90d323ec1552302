// SPDX-License-Identifier: Apache-2.0
// Contracts from outside: every WSDL of the suite through import and through its messages, with
// xmllint as the judge; and documents of one element through the harness.

import Foundation
import Testing

enum Contracts {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().path
    static let harness = "\(root)/.build/release/dragoman-harness"
    static let suites =
        ProcessInfo.processInfo.environment["DRAGOMAN_SUITES"]
        ?? URL(fileURLWithPath: root).deletingLastPathComponent()
        .appendingPathComponent("shared/suites").path

    static var hasHarness: Bool { FileManager.default.isExecutableFile(atPath: harness) }
    static var hasSuites: Bool {
        hasHarness && FileManager.default.fileExists(atPath: "\(suites)/wsdl/INVENTORY.json")
    }
}

@Suite("Contracts", .enabled(if: Contracts.hasHarness, "the release harness is not built"))
struct ContractTests {
    @Test(
        "messages of every WSDL come back as they were, and are valid XML",
        .enabled(if: Contracts.hasSuites, "the suites are absent"))
    func everyContract() throws {
        let folder = try TemporaryFolder()
        let out = "\(folder.path)/table"
        let (code, _, errors) = try RunningProcess.run(
            "sh",
            [
                "-c",
                "DRAGOMAN_SUITES='\(Contracts.suites)' '\(Contracts.root)/.ci/wsdl-table' --quiet"
                    + " --messages 1 > '\(out)'",
            ])
        let table = try String(contentsOfFile: out, encoding: .utf8)
        #expect(code == 0, "\(table.suffix(4000)) \(errors)")
        #expect(table.contains("imported "))
    }

    /// Small contracts of our own, one for each feature that the suites do not show.
    @Test("messages of our own contracts come back as they were, and are valid XML")
    func ownContracts() throws {
        let (code, output, errors) = try RunningProcess.run(
            "\(Contracts.root)/.ci/wsdl-table",
            ["--quiet", "--messages", "8", "\(Contracts.root)/Tests/Support/contracts"])
        #expect(code == 0, "\(output.suffix(4000)) \(errors)")
    }

    @Test(
        "messages of other SOAP stacks come back as they were, or have a reason",
        .enabled(if: Contracts.hasSuites, "the suites are absent"))
    func otherStacks() throws {
        let (code, output, errors) = try RunningProcess.run(
            "sh",
            [
                "-c",
                "DRAGOMAN_SUITES='\(Contracts.suites)' '\(Contracts.root)/.ci/soap-messages'"
                    + " --quiet",
            ])
        #expect(code == 0, "\(output.suffix(4000)) \(errors)")
    }

    @Test("import refuses a name that no service may have")
    func name() throws {
        let folder = try TemporaryFolder()
        let (code, _, errors) = try RunningProcess.run(
            "\(Contracts.root)/.build/release/dragoman",
            [
                "import", "\(Contracts.root)/Tests/Support/contracts/all1.wsdl", "--into",
                folder.path, "--name", "Bad Name",
            ])
        #expect(code == 2)
        #expect(errors.contains("Bad Name") && errors.contains("lower-case"), "\(errors)")
    }

    private static let schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t"
          elementFormDefault="qualified"><xs:element name="order"><xs:complexType><xs:sequence>
          <xs:element name="amount" type="xs:decimal"/>
          <xs:element name="tag" minOccurs="0" maxOccurs="unbounded"><xs:simpleType>
            <xs:restriction base="xs:string"><xs:maxLength value="3"/></xs:restriction>
          </xs:simpleType></xs:element></xs:sequence>
          <xs:attribute name="id" type="xs:int" use="required"/></xs:complexType></xs:element>
        </xs:schema>
        """

    /// What the harness answers to each line; base64 undone.
    private func ask(_ lines: [String], isReverse: Bool) throws -> [String] {
        let folder = try TemporaryFolder()
        let (schema, from, to) = (
            folder.path + "/t.xsd", folder.path + "/in", folder.path + "/out"
        )
        try Self.schema.write(toFile: schema, atomically: false, encoding: .utf8)
        try lines.map { Data($0.utf8).base64EncodedString() + "\n" }.joined()
            .write(toFile: from, atomically: false, encoding: .utf8)
        let (code, _, errors) = try RunningProcess.run(
            "sh",
            [
                "-c",
                "'\(Contracts.harness)' xml '\(schema)' order \(isReverse ? "--reverse" : "")"
                    + " < '\(from)' > '\(to)'",
            ])
        #expect(code == 0, "\(errors)")
        return try String(contentsOfFile: to, encoding: .utf8).split(separator: "\n").map {
            $0.hasPrefix("{")
                ? String($0)
                : String(decoding: Data(base64Encoded: String($0)) ?? Data(), as: UTF8.self)
        }
    }

    @Test("the harness reads documents of an element, one a line")
    func forward() throws {
        let answers = try ask(
            [
                "<order xmlns='urn:t' id='007'><amount>+12.50</amount><tag>a</tag></order>",
                "<order xmlns='urn:t' id='7'><tag>a</tag></order>",
                "<order xmlns='urn:t' id='7'><amount>1</amount><tag>long</tag></order>",
                "<order xmlns='urn:t' id='7'>",
            ], isReverse: false)
        try #require(answers.count == 4)
        #expect(answers[0] == #"{"id":7,"amount":12.50,"tag":["a"]}"#)
        #expect(answers[1].contains("amount") && answers[1].hasPrefix(#"{"error":"#))
        #expect(answers[2].contains(#""path""#) && answers[2].hasPrefix(#"{"error":"#))
        #expect(answers[3].contains("not well-formed"))
    }

    @Test("the harness writes documents of an element, one a line")
    func backward() throws {
        let answers = try ask(
            [
                #"{"tag":["a","b"],"amount":1e2,"id":1}"#, #"{"amount":1,"id":1,"more":true}"#,
                #"{"amount":1,"id":1,"tag":["long"]}"#, "{",
            ], isReverse: true)
        try #require(answers.count == 4)
        #expect(answers[0].contains(#"id="1"><"#))
        #expect(answers[0].contains("amount>100</"))
        #expect(answers[1].contains("additionalProperties") && answers[1].contains("/more"))
        #expect(answers[2].contains("maxLength") && answers[2].contains("/tag/0"))
        #expect(answers[3].hasPrefix(#"{"error":"#))
    }
}
