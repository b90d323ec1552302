// SPDX-License-Identifier: Apache-2.0
// Contracts of the time before the standards settled: schemas in a draft's namespace, the first
// WS-Addressing, Apache's Map inside of anyType, encoded documents, and messages that nobody
// defines.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Old contracts")
struct OldContractTests {
    private static func wsdl(
        schema: String, parts: String, operations: String = "", style: String = "rpc",
        use: String = "literal", bound: String = ""
    ) -> String {
        """
        <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:t"
          xmlns:t="urn:t" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
          xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:a="http://xml.apache.org/xml-soap"
          xmlns:w="http://schemas.xmlsoap.org/ws/2004/08/addressing"
          xmlns:d="http://www.w3.org/1999/XMLSchema"><types>\(schema)</types>
          <message name="In">\(parts)</message><message name="Out">\(style == "rpc" ? "" : parts)</message>
          <portType name="P"><operation name="Do"><input message="t:In"/><output message="t:Out"/>
          </operation>\(operations)</portType>
          <binding name="B" type="t:P"><s:binding style="\(style)"
            transport="http://schemas.xmlsoap.org/soap/http"/><operation name="Do">
            <s:operation soapAction=""/><input><s:body use="\(use)" namespace="urn:t"/></input>
            <output><s:body use="\(use)" namespace="urn:t"/></output></operation>
            <operation name="Lost"><input/></operation>\(bound)</binding>
          <service name="S"><port name="P" binding="t:B"><s:address location="http://x/"/></port>
          </service></definitions>
        """
    }

    @Test(
        "schemas of the drafts are read by their 2001 meaning",
        arguments: ["http://www.w3.org/1999/XMLSchema", "http://www.w3.org/2000/10/XMLSchema"])
    func drafts(_ namespace: String) throws {
        let schema = """
            <schema targetNamespace="urn:t" xmlns="\(namespace)"><complexType name="T"><all>
            <element name="when" type="timeInstant"/><element name="n" type="d:int"/></all>
            </complexType></schema>
            """
        let fixture = try #require(
            SOAPFixture([
                ("t.wsdl", Self.wsdl(schema: schema, parts: "<part name=\"p\" type=\"t:T\"/>"))
            ]))
        #expect(!fixture.problems.hasErrors)
        let xml = try fixture.request("Do", #"{"p":{"when":"2001-01-01T00:00:00","n":1}}"#)
        #expect(xml.contains("<when>2001-01-01T00:00:00</when><n>1</n>"))
    }

    @Test("WS-Addressing of 2004/08 is built in")
    func addressing() throws {
        let schema = """
            <xsd:schema targetNamespace="urn:t"><xsd:import
              namespace="http://schemas.xmlsoap.org/ws/2004/08/addressing"/></xsd:schema>
            """
        let fixture = try #require(
            SOAPFixture([
                (
                    "t.wsdl",
                    Self.wsdl(
                        schema: schema,
                        parts: "<part name=\"p\" type=\"w:EndpointReferenceType\"/>")
                )
            ]))
        #expect(!fixture.problems.hasErrors)
        let xml = try fixture.request(
            "Do", #"{"p":{"Address":{"value":"urn:a"},"PortType":{"value":"t:P"}}}"#)
        #expect(xml.contains("Address>urn:a<") && xml.contains("PortType>"))
    }

    @Test("Apache's Map inside of anyType")
    func map() throws {
        let fixture = try #require(
            SOAPFixture([
                ("t.wsdl", Self.wsdl(schema: "", parts: "<part name=\"p\" type=\"a:Map\"/>"))
            ]))
        let json = #"{"p":[{"key":"k","value":{"@type":"Map","value":[{"key":"l","value":"v"}]}}]}"#
        let xml = try fixture.request("Do", json)
        let plan = try #require(fixture.contract.operation(named: "Do"))
        let back = try SOAPFixture.read(plan.mirrored, xml)
        #expect(back.json == json)
    }

    @Test(
        "parts of an encoded document stand in the Body under their own names",
        arguments: [
            (#"<part name="p" type="xsd:int"/>"#, "5", #"<p "#, "5</p></soap:Body>"),
            (#"<part name="p" element="t:E"/>"#, #""e""#, "<t:E ", "e</t:E></soap:Body>"),
            (
                #"<part name="p" type="xsd:int"/><part name="q" type="xsd:string"/>"#,
                #"{"p":5,"q":"x"}"#, "<soap:Body ", "<p>5</p><q>x</q></soap:Body>"
            ),
        ])
    func encodedDocument(_ parts: String, _ json: String, _ from: String, _ to: String) throws {
        let schema = """
            <xsd:schema targetNamespace="urn:t"><xsd:element name="E" type="xsd:string"/>
            </xsd:schema>
            """
        let text = Self.wsdl(schema: schema, parts: parts, style: "document", use: "encoded")
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        #expect(fixture.contract.omitted.map(\.name) == ["Lost"])
        let xml = try fixture.request("Do", json)
        let encodingStyle = #"soap:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/""#
        #expect(xml.contains(from + encodingStyle), "\(xml)")
        #expect(xml.contains(to), "\(xml)")
        let plan = try #require(fixture.contract.operation(named: "Do"))
        #expect(try SOAPFixture.read(plan, xml).json == json)
    }

    @Test("the return value of an encoded reply may have any name, as SOAP::Lite gives it")
    func returnName() throws {
        let parts = #"<part name="p" type="xsd:int"/><part name="q" type="xsd:string"/>"#
        let text = Self.wsdl(schema: "", parts: parts, use: "encoded")
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        let json = #"{"p":5,"q":"x"}"#
        let xml = try fixture.request("Do", json)
        let plan = try #require(fixture.contract.operation(named: "Do"))
        for name in ["s-gensym3", "p"] {
            let renamed = xml.replacing("<p", with: "<\(name)")
                .replacing("</p", with: "</\(name)")
            #expect(try SOAPFixture.read(plan.mirrored, renamed).json == json)
        }
        let second = xml.replacing("<q", with: "<z").replacing("</q", with: "</z")
        let other = try SOAPFixture.read(plan.mirrored, second).json
        #expect(other.hasPrefix(#"{"p":5,"@any":["<z"#), "\(other)")
    }

    @Test("a binding that says what it is only by its bodies is SOAP's")
    func bindingByBody() throws {
        let text = Self.wsdl(schema: "", parts: #"<part name="p" type="xsd:int"/>"#)
            .replacing("<s:operation soapAction=\"\"/>", with: "")
            .replacing(
                "<s:binding style=\"rpc\"\n    transport="
                    + "\"http://schemas.xmlsoap.org/soap/http\"/>", with: "")
        #expect(!text.contains("s:binding"))
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        #expect(fixture.contract.version == .soap11)
        #expect(fixture.contract.operations.map(\.name) == ["Do"])
    }

    @Test("attributes of XLink and of DIME's references are known without their schemas")
    func attributes() throws {
        let schema = """
            <xsd:schema targetNamespace="urn:t"><xsd:complexType name="T">
              <xsd:attribute ref="l:href" xmlns:l="http://www.w3.org/1999/xlink"/>
              <xsd:attribute ref="r:location"
                xmlns:r="http://schemas.xmlsoap.org/ws/2002/04/reference/"/>
            </xsd:complexType></xsd:schema>
            """
        let text = Self.wsdl(schema: schema, parts: "<part name=\"p\" type=\"t:T\"/>")
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        #expect(!fixture.problems.hasErrors)
        let xml = try fixture.request("Do", #"{"p":{"href":"http://a/","location":"urn:b"}}"#)
        #expect(xml.contains(#"href="http://a/""#) && xml.contains(#"location="urn:b""#))
    }

    @Test("an operation that is bound twice is there once")
    func twice() throws {
        let text = Self.wsdl(
            schema: "", parts: "<part name=\"p\" type=\"xsd:int\"/>",
            bound: "<operation name=\"Do\"><input/></operation>")
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        #expect(!fixture.problems.hasErrors)
        #expect(fixture.contract.operations.map(\.name) == ["Do"])
        #expect(fixture.problems.all.contains { $0.description.contains("bound again") })
    }

    @Test("a contract's own schema of a namespace that is built in holds")
    func own() throws {
        let schema = """
            <xsd:schema targetNamespace="urn:t"><xsd:import
              namespace="http://www.w3.org/2005/08/addressing"/></xsd:schema>
            <xsd:schema targetNamespace="http://www.w3.org/2005/08/addressing">
              <xsd:simpleType name="EndpointReferenceType"><xsd:restriction base="xsd:string"/>
              </xsd:simpleType></xsd:schema>
            """
        let parts = """
            <part name="p" type="w:EndpointReferenceType"
              xmlns:w="http://www.w3.org/2005/08/addressing"/>
            """
        let fixture = try #require(
            SOAPFixture([("t.wsdl", Self.wsdl(schema: schema, parts: parts))]))
        #expect(try fixture.request("Do", #"{"p":"x"}"#).contains("<p>x</p>"))
        #expect(!fixture.problems.all.contains { $0.description.contains("declared again") })
    }

    @Test("an operation whose message nobody defines is left out, and the rest works")
    func undefined() throws {
        let lost = "<operation name=\"Lost\"><input message=\"t:Nowhere\"/></operation>"
        let text = Self.wsdl(
            schema: "", parts: "<part name=\"p\" type=\"xsd:int\"/>", operations: lost)
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        #expect(!fixture.problems.hasErrors)
        #expect(fixture.problems.all.contains { $0.description.contains("t.wsdl:") })
        #expect(fixture.contract.omitted.map(\.name) == ["Lost"])
        #expect(try fixture.request("Do", #"{"p":5}"#).contains("<p>5</p>"))
    }
}
