// SPDX-License-Identifier: Apache-2.0
// Services that share a local name, header parts that no header fields can fill, and standard
// schemas that a contract brings itself.

import DragomanDocument
import Foundation
import Testing

@testable import DragomanXML

@Suite("What contracts bring twice or not at all")
struct SeveralServicesTests {
    private static let schema = """
        <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:t="urn:a"
          targetNamespace="urn:a" elementFormDefault="qualified">
          <xs:element name="E" type="xs:int"/>
          <xs:element name="Login"><xs:complexType><xs:sequence>
            <xs:element name="user" type="xs:string" minOccurs="0"/>
            <xs:element name="who"><xs:complexType><xs:sequence>
              <xs:element name="id" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
          </xs:sequence></xs:complexType></xs:element>
        </xs:schema>
        """

    private static func wsdl(
        _ namespace: String, operation: String, imports: String = "", header: String = ""
    ) -> String {
        """
        <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:n="\(namespace)"
          xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:a="urn:a"
          targetNamespace="\(namespace)">\(imports)
        <types>\(namespace == "urn:a" ? schema : "")</types>
        <message name="M"><part name="p" element="a:E"/></message>
        <message name="H"><part name="login" element="a:Login"/></message>
        <portType name="T"><operation name="\(operation)"><input message="n:M"/>
          <output message="n:M"/></operation></portType>
        <binding name="B" type="n:T">
          <soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
          <operation name="\(operation)"><soap:operation soapAction=""/>
          <input>\(header)<soap:body use="literal"/></input>
          <output><soap:body use="literal"/></output></operation></binding>
        <service name="Stock"><port name="P" binding="n:B">
          <soap:address location="http://localhost/\(operation)"/></port></service>
        </definitions>
        """
    }

    private static let imports = "<import namespace=\"urn:b\" location=\"b.wsdl\"/>"
    private static let header = "<soap:header message=\"n:H\" part=\"login\" use=\"literal\"/>"

    @Test("services of one name in two namespaces are two mappings, and either can be chosen")
    func services() throws {
        let directory = try #require(TemporaryDirectory())
        defer { directory.remove() }
        let files = [
            ("a.wsdl", Self.wsdl("urn:a", operation: "Buy", imports: Self.imports)),
            ("b.wsdl", Self.wsdl("urn:b", operation: "Sell")),
        ]
        for (name, text) in files {
            try text.write(
                toFile: directory.path + "/" + name, atomically: true, encoding: .utf8)
        }
        let problems = ContractProblems()
        let found = ContractFiles(
            start: directory.path + "/a.wsdl", folders: ContractFolders(root: nil),
            problems: problems)
        let source = try #require(found.first())
        let contract = try #require(
            WSDLContract.load(source, resolver: found.resolve, problems: problems))
        let result = SOAPImport.make(contract, files: found)
        let mappings = result.files.filter { $0.path.hasPrefix("mappings/") }
        #expect(mappings.map(\.path) == ["mappings/stock.yaml", "mappings/stock-2.yaml"])
        let texts = mappings.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(texts[0].contains("service: Stock\n") && texts[0].contains("call: Buy"))
        #expect(texts[1].contains("\"{urn:b}Stock\"") || texts[1].contains("'{urn:b}Stock'"))
        #expect(texts[1].contains("call: Sell"))
        for (name, operation) in [
            ("Stock", "Buy"), ("{urn:a}Stock", "Buy"), ("{urn:b}Stock", "Sell"),
        ] {
            let endpoint = try #require(contract.endpoint(SOAPSelection(service: name)))
            #expect(ServiceContract.make(contract, endpoint).operations.map(\.name) == [operation])
        }
    }

    @Test("a header part that needs more than scalars is left out whole, and said")
    func header() throws {
        let text = Self.wsdl("urn:a", operation: "Buy", header: Self.header)
        let fixture = try #require(SOAPFixture([("a.wsdl", text)]))
        let route = try #require(DerivedRoute.routes(of: fixture.contract).first)
        #expect(route.headers.isEmpty)
        #expect(route.notes.count == 1)
        #expect(route.notes[0].contains("login") && route.notes[0].contains("who"))
        do {
            _ = try fixture.request("Buy", "1", header: #"{"login":{"user":"me"}}"#)
            Issue.record("sent without a member that it must have")
        } catch let error as TranslationError {
            #expect(error.detail.contains("header part \"login\""), "\(error.detail)")
            #expect(error.detail.contains("\"who\""), "\(error.detail)")
        }
    }

    @Test("a file of a built-in namespace that the contract brings holds, with what it adds")
    func own() {
        let own = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
              targetNamespace="http://www.w3.org/XML/1998/namespace">
              <xs:attribute name="space" type="xs:string"/>
              <xs:attribute name="level" type="xs:int"/></xs:schema>
            """
        let imports = """
            <xs:import namespace="http://www.w3.org/XML/1998/namespace" schemaLocation="xml.xsd"/>
            """
        let attributes = ["lang", "space", "level"].map { "<xs:attribute ref=\"xml:\($0)\"/>" }
            .joined()
        let element = "<xs:element name=\"r\"><xs:complexType>\(attributes)</xs:complexType>"
        let contract = TestContract(
            imports + element + "</xs:element>", files: ["xml.xsd": own])
        #expect(contract.problems.isEmpty, "\(contract.problems)")
        let schema = contract.schema()
        #expect(schema.contains(#""space":{"type":"string"}"#), "\(schema)")
        #expect(schema.contains(#""level":{"type":"integer""#), "\(schema)")
        #expect(schema.contains(#""lang":{"#), "\(schema)")
        // A file that is no schema leaves the table.
        let broken = TestContract(
            imports + "<xs:element name=\"r\"><xs:complexType><xs:attribute ref=\"xml:lang\"/>"
                + "</xs:complexType></xs:element>", files: ["xml.xsd": "<html>"])
        #expect(broken.problems.isEmpty, "\(broken.problems)")
        #expect(broken.schema().contains(#""lang":{"#))
    }
}
