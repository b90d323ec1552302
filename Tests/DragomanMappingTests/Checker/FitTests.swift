// SPDX-License-Identifier: Apache-2.0
// What `accepts` lets in against what the contract takes (MAPPING.md, routes): shapes that can
// never fit are told with both places, ranges and lengths are not.

import DragomanMapping
import Foundation
import Testing

/// One way to write a member of `accepts`.
struct FitCase: CustomTestStringConvertible, Sendable {
    let member: String
    let schema: String
    /// What the warning says; nil for none.
    let warning: String?
    var suggestion: String?
    /// What the schema of the body says besides.
    var rest = "additionalProperties: false"

    init(
        _ member: String, _ schema: String, _ warning: String? = nil, _ suggestion: String? = nil,
        rest: String = "additionalProperties: false"
    ) {
        self.member = member
        self.schema = schema
        self.warning = warning
        self.suggestion = suggestion
        self.rest = rest
    }

    var testDescription: String { "\(member): \(schema), \(rest)" }
}

/// A WSDL with the one operation `Store`, of an element of that name, answered by `Stored`.
func storeContract(_ schema: String) -> String {
    """
    <w:definitions xmlns:w="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:t"
        xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/"
        xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:t">
      <w:types><xs:schema targetNamespace="urn:t" elementFormDefault="qualified">
        \(schema)
      </xs:schema></w:types>
      <w:message name="in"><w:part name="p" element="t:Store"/></w:message>
      <w:message name="out"><w:part name="p" element="t:Stored"/></w:message>
      <w:portType name="P"><w:operation name="Store"><w:input message="t:in"/>
        <w:output message="t:out"/></w:operation></w:portType>
      <w:binding name="B" type="t:P">
        <s:binding transport="http://schemas.xmlsoap.org/soap/http"/>
        <w:operation name="Store"><s:operation soapAction=""/>
          <w:input><s:body use="literal"/></w:input><w:output><s:body use="literal"/></w:output>
        </w:operation></w:binding>
      <w:service name="S"><w:port name="P" binding="t:B"><s:address location="http://x/"/>
      </w:port></w:service>
    </w:definitions>
    """
}

@Suite("What accepts lets in, against the contract")
struct FitTests {
    private static let contract = storeContract(
        """
        <xs:element name="Store"><xs:complexType><xs:sequence>
          <xs:element name="Code"><xs:simpleType><xs:restriction base="xs:string">
            <xs:enumeration value="A"/><xs:enumeration value="Begin"/>
          </xs:restriction></xs:simpleType></xs:element>
          <xs:element name="Name" minOccurs="0"><xs:simpleType>
            <xs:restriction base="xs:string"><xs:maxLength value="10"/></xs:restriction>
          </xs:simpleType></xs:element>
          <xs:element name="Note" type="xs:string" minOccurs="0" nillable="true"/>
          <xs:element name="Count" type="xs:int" minOccurs="0"/>
          <xs:element name="Day" type="xs:date" minOccurs="0"/>
          <xs:element name="Line" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
          <xs:element name="Address" minOccurs="0"><xs:complexType><xs:sequence>
            <xs:element name="Street" type="xs:string"/>
            <xs:element name="City" type="xs:string" minOccurs="0"/>
          </xs:sequence></xs:complexType></xs:element>
        </xs:sequence></xs:complexType></xs:element>
        <xs:element name="Stored" type="xs:string"/>
        """)

    static let soap: [FitCase] = [
        FitCase("Code", "{ enum: [A] }"),
        FitCase("Code", "{ type: string }"),
        FitCase("Code", "{ enum: [A, Begni] }", "may be \"Begni\"", "\"Begin\""),
        FitCase("Code", "{ const: Quux }", "may be \"Quux\""),
        FitCase("Name", "{ type: string, maxLength: 100 }"),
        FitCase("Name", "{ type: string, pattern: '^[a-z]{20}$' }"),
        FitCase("Name", "{ type: [string, 'null'] }", "may be null, and a string is wanted"),
        FitCase("Name", "{ type: array, items: { type: string } }", "is an array, and a string"),
        FitCase("Name", "{ oneOf: [{ type: string }, { type: object }] }", "may be an object"),
        FitCase("Name", "{ oneOf: [{ type: string, maxLength: 3 }, { enum: [abcd] }] }"),
        FitCase("Note", "{ type: [string, 'null'] }"),
        FitCase("Count", "{ type: number }"),
        FitCase("Count", "{ type: integer, maximum: 9999999999 }"),
        FitCase("Count", "{ type: [integer, string] }", "may be a string"),
        FitCase("Day", "{ type: string, format: date-time }"),
        FitCase("Day", "{ type: string, format: date }"),
        FitCase("Line", "{ type: string }", "is a string, and an array is wanted"),
        FitCase("Line", "{ type: array, items: { type: integer } }", "`/Line/*` of this value is"),
        FitCase("Colour", "{ type: string }", "is unknown to the contract"),
        FitCase(
            "Address", "{ type: object, properties: { City: { type: string } } }"),
        FitCase(
            "Address",
            "{ type: object, properties: { City: {} }, additionalProperties: false }",
            "`/Address/Street` of this value is never let in"),
        FitCase("Name", "{ type: string }", "`/Code` of this value is never let in"),
        FitCase("Name", "{ type: string }", rest: "description: open"),
        FitCase("Name", "true", rest: "description: open"),
    ]

    static let grpc: [FitCase] = [
        FitCase("status", "{ enum: [OPEN] }"),
        FitCase("status", "{ enum: [OPEN, COLSED] }", "may be \"COLSED\"", "\"CLOSED\""),
        FitCase("status", "{ enum: [1, 7] }"),
        FitCase("number", "{ type: [integer, string, 'null'] }"),
        FitCase("number", "{ type: boolean }", "is a boolean"),
        FitCase("customer", "{ type: [string, integer] }", "may be an integer"),
        FitCase("weight", "{ type: number }"),
        FitCase("items", "{ type: object }", "is an object, and an array"),
        FitCase("labels", "{ type: object, additionalProperties: { type: string } }"),
        FitCase("colour", "{ type: string }", "is unknown to the contract"),
        FitCase("customer", "{ type: string, maxLength: 7, pattern: x }"),
    ]

    /// The warnings of a mapping that moves the body as it is, or by `${*}`.
    private func warnings(
        _ item: FitCase, backend: String, call: String, required: String, spreads: Bool
    ) throws -> [Diagnostic] {
        var files = FixtureTests.files(
            FixtureTests.folder.appendingPathComponent("contracts"), into: "schemas/")
        files["schemas/t.wsdl"] = Array(Self.contract.utf8)
        files["gateway.yaml"] = Array(
            "upstreams: { s: { url: \"http://127.0.0.1:1\" } }".utf8)
        // What the contract requires is there, unless its absence is the case.
        let isMissing = item.warning?.contains("`/\(required)`") ?? false
        let isOpen = item.rest.contains("open")
        let needsOther = !required.isEmpty && item.member != required && !isMissing && !isOpen
        let other = needsOther ? "\(required): { enum: [A] }, " : ""
        files["mappings/s.yaml"] = Array(
            """
            service: s
            backend: { \(backend) }
            routes:
              POST /a:
                call: \(call)
                accepts: { type: object, \(item.rest), properties: {
                  \(other)\(item.member): \(item.schema) } }
                \(spreads ? "request: { \"${*}\": \"${body}\" }" : "summary: as it is")
            """.utf8)
        let load = GatewayLoader.load(files: files)
        #expect(load.plan != nil, "\(load.diagnostics.map(\.message))")
        // What `${*}` leaves out is told too, in another way.
        return load.diagnostics.filter { $0.code == "never-fits" }
    }

    private func check(
        _ item: FitCase, backend: String, call: String, required: String
    ) throws {
        for spreads in [false, true] {
            let found = try warnings(
                item, backend: backend, call: call, required: required, spreads: spreads)
            // `${*}` leaves out what the contract does not know.
            let isUnknown = item.warning?.contains("unknown") ?? false
            let isTold = item.warning != nil && !(spreads && isUnknown)
            #expect(found.count == (isTold ? 1 : 0), "\(spreads): \(found.map(\.message))")
            guard isTold, let warning = found.first, let text = item.warning else { continue }
            #expect(warning.code == "never-fits" && warning.severity == .warning)
            #expect(warning.message.contains(text), "\(warning.message)")
            #expect(warning.suggestion == item.suggestion)
            #expect(warning.file == "mappings/s.yaml")
            #expect(warning.line == (spreads ? 8 : 6))
            #expect(warning.related.contains { $0.file == "mappings/s.yaml" })
        }
    }

    @Test("SOAP", arguments: soap)
    func overSOAP(_ item: FitCase) throws {
        try check(item, backend: "soap: { contract: t.wsdl }", call: "Store", required: "Code")
    }

    @Test("gRPC", arguments: grpc)
    func overGRPC(_ item: FitCase) throws {
        try check(
            item, backend: "grpc: { contract: shop.binpb, service: shop.v1.Orders }",
            call: "ReplaceOrder", required: "")
    }

    @Test("a condition may rule a type out")
    func condition() throws {
        let files: [String: [UInt8]] = [
            "gateway.yaml": Array("upstreams: { s: { url: \"http://127.0.0.1:1\" } }".utf8),
            "schemas/t.wsdl": Array(Self.contract.utf8),
            "mappings/s.yaml": Array(
                """
                service: s
                backend: { soap: { contract: t.wsdl } }
                routes:
                  POST /a:
                    call: Store
                    accepts:
                      type: object
                      properties: { name: { type: [string, 'null'] } }
                    request:
                      Code: A
                      ${if body.name != null}:
                        Name: ${body.name}
                """.utf8),
        ]
        let load = GatewayLoader.load(files: files)
        #expect(load.plan != nil)
        #expect(!load.diagnostics.contains { $0.code == "never-fits" })
    }
}
