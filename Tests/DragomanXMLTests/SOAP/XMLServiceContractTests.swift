// SPDX-License-Identifier: Apache-2.0
// XML without an envelope, by an XSD and without one.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("XMLServiceContract")
struct XMLServiceContractTests {
    static let schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a"
            elementFormDefault="qualified">
          <xs:element name="Ask" type="xs:int"/>
          <xs:element name="Answer"><xs:complexType><xs:sequence>
            <xs:element name="Value" type="xs:decimal" maxOccurs="unbounded"/>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """

    private func load() throws -> XMLServiceContract {
        try #require(
            XMLServiceContract.load(
                ContractSource(name: "a.xsd", bytes: Array(XMLServiceContractTests.schema.utf8)),
                resolver: { _, _ in nil }, problems: ContractProblems()))
    }

    private func read(
        _ contract: XMLServiceContract?, _ xml: String, status: Int = 200
    ) throws -> String? {
        let reader = XMLReplyReader(contract: contract)
        let document = Document()
        reader.begin(status: status, contentType: nil, into: document)
        try Array(xml.utf8).withUnsafeBytes { try reader.feed($0) }
        try reader.finish()
        return withExtendedLifetime(document) { document.root?.json }
    }

    @Test("writes and reads global elements")
    func elements() throws {
        let contract = try load()
        #expect(contract.elements.map(\.name) == ["Ask", "Answer"])
        let ask = try #require(contract.element(named: "{urn:a}Ask"))
        let body = try Document.reading("5")
        let output = OutputBuffer()
        try withExtendedLifetime(body) {
            let root = try #require(body.root)
            try XMLRequestWriter().write(ask, of: contract, body: root, to: output)
        }
        #expect(Infoset.text(output.string) == Infoset.text("<Ask xmlns='urn:a'>5</Ask>"))
        let reply = "<Answer xmlns='urn:a'><Value>1.50</Value></Answer>"
        #expect(try read(contract, reply) == #"{"Value":[1.50]}"#)
        #expect(throws: TranslationError.self) { try read(contract, "<X/>") }
        #expect(throws: TranslationError.self) {
            try read(contract, reply, status: 500)
        }
    }

    @Test("carries any element where there is no contract")
    func generic() throws {
        let json = #"{"@xml":"<x:a xmlns:x=\"urn:x\"><b>1</b></x:a>"}"#
        let body = try Document.reading(json)
        let output = OutputBuffer()
        try withExtendedLifetime(body) {
            let root = try #require(body.root)
            try XMLRequestWriter().write(body: root, to: output)
        }
        #expect(
            Infoset.text(output.string)
                == Infoset.text("<x:a xmlns:x='urn:x'><b>1</b></x:a>"))
        #expect(try read(nil, output.string) == json)
    }
}
