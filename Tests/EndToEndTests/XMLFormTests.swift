// SPDX-License-Identifier: Apache-2.0
// The corners of the JSON form of XML through the harness: there and back, xmllint's opinion of
// what is written, and that the derived JSON Schema and the translation agree on what is not right.

import Foundation
import Testing

private enum XMLHarness {
    static let path = Project.root.appending(path: ".build/release/dragoman-harness").path

    static var isPresent: Bool { FileManager.default.isExecutableFile(atPath: path) }
}

@Suite("XML form", .enabled(if: XMLHarness.isPresent, "the release harness is not built"))
struct XMLFormTests {
    @Test("there and back, and what is refused", arguments: XMLFormCases.all)
    func form(_ item: XMLFormCase) throws {
        let folder = try TemporaryFolder()
        let schema = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t"
              targetNamespace="urn:t" elementFormDefault="qualified">\(item.schema)</xs:schema>
            """
        try schema.write(toFile: folder.path + "/t.xsd", atomically: false, encoding: .utf8)
        let read = try ask(item.pairs.map { Self.document($0.xml) }, folder, "")
        try #require(read.count == item.pairs.count)
        for (answer, pair) in zip(read, item.pairs) { #expect(answer.text == pair.json) }
        let written = try ask(item.pairs.map(\.json), folder, "--reverse")
        try #require(written.count == item.pairs.count)
        for answer in written { #expect(!answer.isRefused, "\(answer.text)") }
        let again = try ask(written.map(\.text), folder, "")
        #expect(again.map(\.text) == item.pairs.map(\.json))
        try lint(written.map(\.text), folder)
        for (answer, input) in zip(
            try ask(item.badXML.map(Self.document), folder, ""), item.badXML)
        {
            #expect(answer.isRefused, "\(input) is read as \(answer.text)")
        }
        for (answer, input) in zip(try ask(item.badJSON, folder, "--reverse"), item.badJSON) {
            #expect(answer.isRefused, "\(input) is written as \(answer.text)")
        }
    }

    @Test("a request may name a type with its namespace")
    func longNames() throws {
        let folder = try TemporaryFolder()
        let schema = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t"
              targetNamespace="urn:t" elementFormDefault="qualified">
              <xs:element name="r" type="t:Base"/>
              <xs:complexType name="Base"><xs:sequence>
                <xs:element name="a" type="xs:int"/></xs:sequence></xs:complexType>
              <xs:complexType name="More"><xs:complexContent><xs:extension base="t:Base">
                <xs:sequence><xs:element name="b" type="xs:string"/></xs:sequence>
              </xs:extension></xs:complexContent></xs:complexType>
            </xs:schema>
            """
        try schema.write(toFile: folder.path + "/t.xsd", atomically: false, encoding: .utf8)
        let answers = try ask(
            ["More", "{urn:t}More", "{urn:u}More"].map { #"{"@type":"\#($0)","a":1,"b":"x"}"# },
            folder, "--reverse")
        #expect(answers.map(\.isRefused) == [false, false, true])
        #expect(answers[0].text == answers[1].text)
        #expect(answers[2].text.contains(#"must be \"More\""#), "\(answers[2].text)")
    }

    @Test(
        "types that are made of themselves are located errors",
        arguments: [
            "<xs:simpleType name='A'><xs:union memberTypes='t:B'/></xs:simpleType>"
                + "<xs:simpleType name='B'><xs:union memberTypes='t:A'/></xs:simpleType>",
            "<xs:simpleType name='A'><xs:list itemType='t:B'/></xs:simpleType>"
                + "<xs:simpleType name='B'><xs:union memberTypes='t:A xs:int'/></xs:simpleType>",
            "<xs:simpleType name='A'><xs:restriction base='t:B'/></xs:simpleType>"
                + "<xs:simpleType name='B'><xs:union memberTypes='t:A xs:int'/></xs:simpleType>",
        ])
    func circles(_ types: String) throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/t.xsd"
        let schema = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:t"
              targetNamespace="urn:t">\(types)<xs:element name="r" type="t:A"/></xs:schema>
            """
        try schema.write(toFile: path, atomically: false, encoding: .utf8)
        let (code, _, errors) = try RunningProcess.run(XMLHarness.path, ["xml", path, "r"])
        #expect(code == 2)
        #expect(errors.contains("t.xsd:2:") && errors.contains("itself"), "\(errors)")
    }

    private static let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

    private static func document(_ content: String) -> String {
        "<t:r xmlns:t=\"urn:t\" \(xsi)\(content)/t:r>"
    }

    /// What the harness answers to each line.
    private func ask(
        _ lines: [String], _ folder: TemporaryFolder, _ flag: String
    ) throws -> [(text: String, isRefused: Bool)] {
        guard !lines.isEmpty else { return [] }
        let (from, to) = (folder.path + "/in", folder.path + "/out")
        try lines.map { Data($0.utf8).base64EncodedString() + "\n" }.joined()
            .write(toFile: from, atomically: false, encoding: .utf8)
        let (code, _, errors) = try RunningProcess.run(
            "sh",
            [
                "-c",
                "'\(XMLHarness.path)' xml '\(folder.path)/t.xsd' r \(flag) < '\(from)' > '\(to)'",
            ])
        #expect(code == 0, "\(errors)")
        return try String(contentsOfFile: to, encoding: .utf8).split(separator: "\n").map {
            if $0.hasPrefix("{") { return (String($0), true) }
            let bytes = Data(base64Encoded: String($0)) ?? Data()
            return (String(decoding: bytes, as: UTF8.self), false)
        }
    }

    private func lint(_ documents: [String], _ folder: TemporaryFolder) throws {
        var paths: [String] = []
        for (number, document) in documents.enumerated() {
            paths.append("\(folder.path)/\(number).xml")
            try document.write(toFile: paths[number], atomically: false, encoding: .utf8)
        }
        let (code, _, errors) = try RunningProcess.run(
            "xmllint", ["--nonet", "--noout", "--schema", folder.path + "/t.xsd"] + paths)
        #expect(code == 0, "\(errors)")
    }
}
