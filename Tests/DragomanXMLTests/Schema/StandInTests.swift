// SPDX-License-Identifier: Apache-2.0
// Standard schemas that a contract imports and does not bring, or of which it brings a file with a
// DOCTYPE: tables of our own stand in, and only then.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Schemas that stand in")
struct StandInTests {
    static let dsig = "http://www.w3.org/2000/09/xmldsig#"
    static let wsu =
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"

    static let cases: [(String, String, String)] = [
        (dsig, "<xs:element xmlns:n=\"\(dsig)\" ref=\"n:Signature\"/>", "Signature"),
        (
            "http://www.w3.org/2001/04/xmlenc#",
            "<xs:element xmlns:n=\"http://www.w3.org/2001/04/xmlenc#\" ref=\"n:EncryptedData\"/>",
            "CipherValue"
        ),
        (wsu, "<xs:element xmlns:n=\"\(wsu)\" ref=\"n:Timestamp\"/>", "Expires"),
        (
            "http://www.w3.org/2005/05/xmlmime",
            "<xs:element name=\"d\" type=\"n:base64Binary\" "
                + "xmlns:n=\"http://www.w3.org/2005/05/xmlmime\"/>", "contentType"
        ),
        (
            "http://www.w3.org/2003/05/soap-envelope",
            "<xs:element xmlns:n=\"http://www.w3.org/2003/05/soap-envelope\" ref=\"n:Fault\"/>",
            "Subcode"
        ),
        (
            "http://ws-i.org/profiles/basic/1.1/xsd",
            "<xs:element name=\"d\" type=\"n:swaRef\" "
                + "xmlns:n=\"http://ws-i.org/profiles/basic/1.1/xsd\"/>", "\"d\""
        ),
    ]

    private func contract(
        _ namespace: String, _ reference: String, files: [String: String] = [:]
    ) -> TestContract {
        TestContract(
            """
            <xs:import namespace="\(namespace)" schemaLocation="that.xsd"/>
            <xs:element name="r"><xs:complexType><xs:sequence>\(reference)</xs:sequence>
            </xs:complexType></xs:element>
            """, files: files)
    }

    @Test(
        "know what contracts refer to",
        arguments: cases)
    func known(_ namespace: String, _ reference: String, _ word: String) {
        let contract = contract(namespace, reference)
        #expect(contract.problems.isEmpty, "\(contract.problems)")
        #expect(contract.schema().contains(word))
    }

    @Test("a signature goes there and back")
    func roundTrip() {
        let contract = contract(
            Self.dsig, "<xs:element xmlns:n=\"\(Self.dsig)\" ref=\"n:KeyInfo\"/>")
        let json =
            #"{"KeyInfo":{"@mixed":[{"X509Data":{"@sequence":[{"X509IssuerSerial":"#
            + #"{"X509IssuerName":"CN=a","X509SerialNumber":123456789012345678901}}]}}]}}"#
        let xml = contract.write(json)
        #expect(xml.contains("<ds:X509SerialNumber>123456789012345678901<") || xml.contains("X509"))
        #expect(contract.read(xml) == json)
    }

    @Test("a file of the contract's own comes first")
    func own() {
        let own = """
            <xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"
              targetNamespace="\(Self.dsig)"><xs:element name="Signature" type="xs:int"/>
            </xs:schema>
            """
        let contract = contract(
            Self.dsig, "<xs:element xmlns:n=\"\(Self.dsig)\" ref=\"n:Signature\"/>",
            files: ["that.xsd": own])
        #expect(contract.problems.isEmpty)
        #expect(contract.schema().contains(#""type":"integer""#))
        #expect(!contract.schema().contains("SignedInfo"))
    }

    @Test("of a file with a DOCTYPE the table is taken, and said")
    func doctype() {
        let file = """
            <?xml version="1.0"?>
            <!DOCTYPE schema [<!ENTITY dsig "\(Self.dsig)">]>
            <schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="\(Self.dsig)"/>
            """
        let contract = contract(
            Self.dsig, "<xs:element xmlns:n=\"\(Self.dsig)\" ref=\"n:Signature\"/>",
            files: ["that.xsd": file])
        #expect(contract.problems.map(\.severity) == [.warning])
        #expect(contract.problems.first?.file == "that.xsd")
        #expect(contract.problems.first?.line == 2)
        #expect(contract.schema().contains("SignedInfo"))
    }

    @Test("any other file with a DOCTYPE is refused where it stands")
    func refused() {
        let bomb = """
            <!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
            <schema xmlns="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:u">
            <element name="e" type="string" default="&b;"/></schema>
            """
        let contract = contract(
            "urn:u", "<xs:element ref=\"u:e\"/>", files: ["that.xsd": bomb])
        #expect(contract.problems.first?.severity == .error)
        #expect(contract.problems.first?.file == "that.xsd")
        #expect(contract.problems.first?.message.contains("DOCTYPE") ?? false)
    }
}
