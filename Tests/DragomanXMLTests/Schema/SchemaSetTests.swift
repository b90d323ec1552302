// SPDX-License-Identifier: Apache-2.0
// Documents that refer to one another, and references that lead nowhere.

import Testing

@testable import DragomanXML

@Suite("SchemaSet")
struct SchemaSetTests {
    static func schema(_ body: String, _ attributes: String = "") -> String {
        "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" \(attributes)>\(body)</xs:schema>"
    }

    static func errors(_ contract: TestContract) -> [String] {
        contract.problems.filter { $0.severity == .error }.map(\.description)
    }

    @Test("include, chameleon, import and circles")
    func files() {
        let contract = TestContract(
            """
            <xs:include schemaLocation="chameleon.xsd"/>
            <xs:import namespace="urn:u" schemaLocation="u.xsd"/>
            <xs:element name="r" type="t:R"/>
            """,
            files: [
                "chameleon.xsd": Self.schema(
                    """
                    <xs:include schemaLocation="chameleon.xsd"/>
                    <xs:complexType name="R"><xs:sequence><xs:element name="x" type="X"/>
                    <xs:element ref="u:y" xmlns:u="urn:u"/></xs:sequence></xs:complexType>
                    <xs:simpleType name="X"><xs:restriction base="xs:int"/></xs:simpleType>
                    """, "elementFormDefault=\"qualified\""),
                "u.xsd": Self.schema(
                    """
                    <xs:import namespace="urn:t" schemaLocation="test.xsd"/>
                    <xs:element name="y" type="xs:int"/>
                    """, "targetNamespace=\"urn:u\""),
                "test.xsd": Self.schema("", "targetNamespace=\"urn:t\""),
            ])
        #expect(Self.errors(contract) == [])
        let xml = "<t:r xmlns:t=\"urn:t\" xmlns:u=\"urn:u\"><t:x>1</t:x><u:y>2</u:y></t:r>"
        #expect(contract.read(xml, refuses: true) == #"{"x":1,"y":2}"#)
        #expect(contract.write(#"{"x":1,"y":2}"#) == xml)
    }

    @Test("redefine")
    func redefine() {
        let contract = TestContract(
            """
            <xs:redefine schemaLocation="base.xsd"><xs:complexType name="P"><xs:complexContent>
            <xs:extension base="t:P"><xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence>
            </xs:extension></xs:complexContent></xs:complexType></xs:redefine>
            <xs:element name="r" type="t:P"/>
            """,
            files: [
                "base.xsd": Self.schema(
                    """
                    <xs:complexType name="P"><xs:sequence><xs:element name="a" type="xs:int"/>
                    </xs:sequence></xs:complexType>
                    """, "targetNamespace=\"urn:t\" elementFormDefault=\"qualified\"")
            ])
        #expect(Self.errors(contract) == [])
        #expect(contract.read(of("<t:a>1</t:a><t:b>2</t:b>")) == #"{"a":1,"b":2}"#)
    }

    @Test("groups and attribute groups")
    func groups() {
        let contract = TestContract(
            """
            <xs:group name="G"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>
            </xs:group><xs:attributeGroup name="A"><xs:attribute name="k" type="xs:int"/>
            <xs:attribute ref="xml:lang"/></xs:attributeGroup>
            <xs:element name="r"><xs:complexType><xs:sequence><xs:group ref="t:G" minOccurs="0"/>
            </xs:sequence><xs:attributeGroup ref="t:A"/></xs:complexType></xs:element>
            """)
        #expect(Self.errors(contract) == [])
        let xml = of("<t:a>1</t:a>", " k=\"2\" xml:lang=\"en\"")
        #expect(contract.read(xml, refuses: true) == #"{"k":2,"lang":"en","a":1}"#)
        #expect(contract.write(#"{"k":2,"lang":"en","a":1}"#) == xml)
    }

    @Test("what is not there is named, with its place, what was meant and what is read instead")
    func missing() {
        let contract = TestContract(
            """
            <xs:import namespace="urn:gone" schemaLocation="http://example.org/gone.xsd"/>
            <xs:complexType name="Order"><xs:sequence/></xs:complexType>
            <xs:complexType name="Line"><xs:sequence/></xs:complexType>
            <xs:element name="r" type="t:Ordr"/>
            <xs:element name="s" type="q:x"/>
            <xs:element name="u" type="xsd:int"/>
            <xs:element name="v" type="Line"/>
            <xs:element name="w" type="g:Gone" xmlns:g="urn:gone"/>
            """)
        let errors = Self.errors(contract)
        #expect(errors.count == 1)
        #expect(errors.allSatisfy { $0.contains("\"http://example.org/gone.xsd\"") })
        let problems = contract.problems.map(\.description)
        for part in [
            "read as anyType; did you mean \"{urn:t}Order\"?",
            "the prefix of \"q:x\" is not declared; it is read as anyType",
            "the prefix of \"xsd:int\" is not declared; XML Schema's int is read",
            "the type \"Line\" is not declared; \"{urn:t}Line\" is read, the only one so called",
        ] {
            #expect(problems.contains { $0.contains(part) }, "\(part)")
        }
        #expect(problems.allSatisfy { $0.hasPrefix("test.xsd:") })
    }

    @Test("circles are found and broken")
    func circles() {
        let contract = TestContract(
            """
            <xs:complexType name="A"><xs:complexContent><xs:extension base="t:B"/>
            </xs:complexContent></xs:complexType><xs:complexType name="B"><xs:complexContent>
            <xs:extension base="t:A"/></xs:complexContent></xs:complexType>
            <xs:group name="G"><xs:sequence><xs:group ref="t:G"/></xs:sequence></xs:group>
            <xs:simpleType name="S"><xs:restriction base="t:S"/></xs:simpleType>
            <xs:element name="r" type="t:A"/>
            """)
        #expect(Self.errors(contract).count >= 3)
    }

    @Test("several inline schemas see one another")
    func inline() {
        let problems = ContractProblems()
        let set = SchemaSet(resolver: { _, _ in nil }, problems: problems)
        for (namespace, body) in [
            ("urn:a", "<xs:import namespace=\"urn:b\"/><xs:element name=\"e\" type=\"b:T\"/>"),
            (
                "urn:b",
                "<xs:simpleType name=\"T\"><xs:restriction base=\"xs:int\"/></xs:simpleType>"
            ),
        ] {
            let text = Self.schema(body, "xmlns:b=\"urn:b\" targetNamespace=\"\(namespace)\"")
            guard let root = try? XMLTreeReader.read(Array(text.utf8), file: "w.wsdl") else {
                continue
            }
            set.add(schema: root, file: namespace)
        }
        set.resolve()
        #expect(problems.all == [])
        #expect(set.element(XMLName("urn:a", "e"))?.type.name == XMLName("urn:b", "T"))
    }
}

@Suite("Derivation")
struct DerivationTests {
    @Test("complex content that extends simple content by attributes stays simple")
    func simpleBase() {
        let contract = TestContract(
            """
            <xs:complexType name="W"><xs:simpleContent><xs:extension base="xs:string">
            <xs:attribute name="a"/></xs:extension></xs:simpleContent></xs:complexType>
            <xs:element name="r"><xs:complexType><xs:complexContent><xs:extension base="t:W">
            <xs:attribute name="b"/></xs:extension></xs:complexContent></xs:complexType>
            </xs:element>
            """)
        #expect(contract.read(of("x", " a=\"1\" b=\"2\"")) == #"{"a":"1","b":"2","value":"x"}"#)
    }

    @Test("a restriction has its own elements, and its base's attributes less the prohibited")
    func restriction() {
        let contract = TestContract(
            """
            <xs:complexType name="B"><xs:sequence><xs:element name="x" type="xs:int"/>
            <xs:element name="y" type="xs:int" minOccurs="0"/></xs:sequence>
            <xs:attribute name="a" type="xs:int"/><xs:attribute name="b" type="xs:int"/>
            </xs:complexType>
            <xs:element name="r"><xs:complexType><xs:complexContent><xs:restriction base="t:B">
            <xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence>
            <xs:attribute name="b" use="prohibited"/></xs:restriction></xs:complexContent>
            </xs:complexType></xs:element>
            """)
        #expect(contract.write(#"{"a":1,"x":2}"#) == of("<t:x>2</t:x>", " a=\"1\""))
        #expect(contract.write(#"{"x":2,"y":3}"#).hasPrefix("refused: contract /y:"))
        #expect(contract.write(#"{"b":1,"x":2}"#).hasPrefix("refused: contract /b:"))
    }
}
