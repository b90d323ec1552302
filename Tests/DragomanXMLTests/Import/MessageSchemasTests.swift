// SPDX-License-Identifier: Apache-2.0
// The JSON Schemas that import writes: whole ones of ordinary contracts, and with the types in a
// file of their own where repeating them would be many times the contract.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("MessageSchemas")
struct MessageSchemasTests {
    /// Operations that all reach one large type.
    private static func wsdl(operations: Int, members: Int) -> String {
        let names = (0..<operations).map { "Op\($0)" }
        let fields = (0..<members).map {
            "<xs:element name=\"field\($0)\" type=\"t:Code\" minOccurs=\"0\"/>"
        }
        let messages = names.map {
            "<message name=\"\($0)\"><part name=\"p\" element=\"t:\($0)\"/></message>"
        }
        return """
            <definitions xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
              xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/" targetNamespace="urn:t"
              xmlns:xs="http://www.w3.org/2001/XMLSchema"><types>
              <xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
              <xs:simpleType name="Code"><xs:restriction base="xs:string">
              <xs:maxLength value="9"/></xs:restriction></xs:simpleType>
              <xs:complexType name="Large"><xs:sequence>\(fields.joined())
              <xs:element name="next" type="t:Large" minOccurs="0"/></xs:sequence></xs:complexType>
              \(names.map { """
                  <xs:element name="\($0)"><xs:complexType><xs:sequence>
                  <xs:element name="it" type="t:Large"/></xs:sequence></xs:complexType>
                  </xs:element>
                  """ }.joined())</xs:schema></types>
              \(messages.joined())
              <portType name="P">\(names.map {
                "<operation name=\"\($0)\"><input message=\"t:\($0)\"/></operation>"
              }.joined())</portType>
              <binding name="B" type="t:P">
              <s:binding transport="http://schemas.xmlsoap.org/soap/http"/>\(names.map {
                "<operation name=\"\($0)\"><s:operation soapAction=\"\"/><input>"
                + "<s:body use=\"literal\"/></input></operation>"
              }.joined())</binding>
              <service name="S"><port name="P" binding="t:B"><s:address location="http://x/"/>
              </port></service></definitions>
            """
    }

    private func files(operations: Int, members: Int) throws -> (Int, [MessageSchemaFile]) {
        let text = Self.wsdl(operations: operations, members: members)
        let fixture = try #require(SOAPFixture([("t.wsdl", text)]))
        let routes = DerivedRoute.routes(of: fixture.contract)
        let size = text.utf8.count
        return (size, MessageSchemas(routes: routes, contractBytes: size).files())
    }

    @Test("are whole where that is little")
    func whole() throws {
        let (_, files) = try files(operations: 2, members: 3)
        #expect(files.map(\.name) == ["op0.request.json", "op1.request.json"])
        #expect(files.allSatisfy { $0.text.contains("\"Large\": {") })
    }

    @Test("share their types where that would be much")
    func shared() throws {
        let (size, files) = try files(operations: 40, members: 400)
        let total = files.reduce(0) { $0 + $1.text.utf8.count }
        #expect(total < 4 * size, "\(total) of \(size)")
        let types = try #require(files.first { $0.name == "_types.request.json" })
        #expect(files.count == 41)
        #expect(types.text.contains("\"Large\": {"))
        #expect(types.text.contains("\"$ref\": \"#/$defs/Large\""))
        let message = try #require(files.first { $0.name == "op7.request.json" })
        #expect(message.text.contains("\"$ref\": \"_types.request.json#/$defs/Large\""))
        #expect(!message.text.contains("\"$defs\""))
    }
}
