// SPDX-License-Identifier: Apache-2.0
// naming, rename, omit, unwrap, as, and prefixes.

import Testing

@testable import DragomanXML

@Suite("Naming")
struct NamingTests {
    @Test(
        "camelCase",
        arguments: [
            ("OrderLine", "orderLine"), ("XMLDoc", "xmlDoc"), ("URL", "url"), ("ID", "id"),
            ("order_line", "orderLine"), ("Order-Line.No", "orderLineNo"), ("iPad", "iPad"),
            ("IPAddress", "ipAddress"), ("A", "a"), ("x", "x"), ("A1", "a1"),
        ])
    func camelCase(_ name: String, _ expected: String) {
        #expect(Naming.camelCase(name) == expected)
    }

    static let order = """
        <xs:element name="r" type="t:Order"/>
        <xs:complexType name="Order"><xs:sequence><xs:element name="ItemNo" type="xs:int"/>
        <xs:element name="Secret" type="xs:string" minOccurs="0"/>
        <xs:element name="Tags" minOccurs="0" nillable="true"><xs:complexType><xs:sequence>
        <xs:element name="Tag" type="xs:string" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence></xs:complexType></xs:element><xs:element name="Zip" type="xs:int"
        minOccurs="0"/></xs:sequence></xs:complexType>
        """

    static func naming() -> NamingOptions {
        var options = NamingOptions.TypeOptions()
        options.rename = ["ItemNo": "sku"]
        options.omit = ["Secret"]
        options.unwrap = ["Tags"]
        options.numbers = ["Zip": .string]
        var naming = NamingOptions()
        naming.camelCase = true
        naming.types = ["Order": options]
        return naming
    }

    @Test("rename, omit, unwrap and as")
    func options() {
        let contract = TestContract(NamingTests.order, naming: NamingTests.naming())
        #expect(contract.namingProblems == [])
        let xml = of(
            "<t:ItemNo>1</t:ItemNo><t:Tags><t:Tag>a</t:Tag></t:Tags><t:Zip>007</t:Zip>")
        let json = #"{"sku":1,"tags":["a"],"zip":"007"}"#
        #expect(contract.read(xml) == json)
        #expect(contract.write(json) == xml)
        #expect(contract.read(of("<t:ItemNo>1</t:ItemNo><t:Secret>x</t:Secret>")) == #"{"sku":1}"#)
        #expect(contract.write(#"{"sku":1,"secret":"x"}"#).hasPrefix("refused"))
        #expect(contract.write(#"{"sku":1,"tags":[]}"#) == of("<t:ItemNo>1</t:ItemNo><t:Tags/>"))
        #expect(contract.read(of("<t:ItemNo>1</t:ItemNo><t:Tags/>")) == #"{"sku":1,"tags":[]}"#)
        #expect(contract.write(#"{"sku":1,"tags":null}"#).contains("xsi:nil=\"true\""))
    }

    @Test("a member's own form wins over the service's")
    func ownNumberForms() {
        var options = NamingOptions.TypeOptions()
        options.numbers = ["Near": .number, "Far": .string]
        var naming = NamingOptions()
        naming.int64 = .string
        naming.types = ["T": options]
        let contract = TestContract(
            """
            <xs:element name="r" type="t:T"/><xs:complexType name="T"><xs:sequence>
            <xs:element name="Near" type="xs:long"/><xs:element name="Far" type="xs:int"/>
            <xs:element name="Other" type="xs:long"/></xs:sequence></xs:complexType>
            """, naming: naming)
        let xml = of("<t:Near>1</t:Near><t:Far>02</t:Far><t:Other>3</t:Other>")
        #expect(contract.read(xml) == #"{"Near":1,"Far":"02","Other":"3"}"#)
    }

    @Test("what types: names and the contract lacks is reported")
    func unknown() {
        var naming = NamingOptions()
        var options = NamingOptions.TypeOptions()
        options.rename = ["ItemNumber": "sku"]
        naming.types = ["Order": options, "Ordr": NamingOptions.TypeOptions()]
        let contract = TestContract(NamingTests.order, naming: naming)
        #expect(contract.namingProblems.count == 2)
        #expect(contract.namingProblems[0].contains("ItemNumber"))
        #expect(contract.namingProblems[1].contains("`Ordr`"))
    }

    @Test("members that end up with one name are an error that names both")
    func clash() {
        var naming = NamingOptions()
        naming.camelCase = true
        let contract = TestContract(
            sequence("<xs:element name=\"Id\"/><xs:element name=\"id\"/>"), naming: naming)
        let errors = contract.problems.filter { $0.code == "name" }
        #expect(errors.count == 1)
        #expect(errors.first?.message.contains("\"Id\" and \"id\"") == true)
    }

    @Test("an element path names an anonymous type")
    func paths() {
        var naming = NamingOptions()
        var options = NamingOptions.TypeOptions()
        options.rename = ["x": "y"]
        naming.types = ["r/line": options]
        let contract = TestContract(
            sequence(
                "<xs:element name=\"line\"><xs:complexType><xs:sequence><xs:element name=\"x\" "
                    + "type=\"xs:int\"/></xs:sequence></xs:complexType></xs:element>"),
            naming: naming)
        #expect(contract.namingProblems == [])
        #expect(contract.read(of("<t:line><t:x>1</t:x></t:line>")) == #"{"line":{"y":1}}"#)
    }

    @Test("int64 and decimal as strings")
    func numberForms() {
        var naming = NamingOptions()
        naming.int64 = .string
        naming.decimal = .string
        let contract = TestContract(
            sequence(
                "<xs:element name=\"a\" type=\"xs:long\"/><xs:element name=\"b\" "
                    + "type=\"xs:int\"/><xs:element name=\"c\" type=\"xs:decimal\"/>"),
            naming: naming)
        let xml = of("<t:a>9007199254740993</t:a><t:b>1</t:b><t:c>1.50</t:c>")
        let json = #"{"a":"9007199254740993","b":1,"c":"1.50"}"#
        #expect(contract.read(xml) == json)
        #expect(contract.write(json) == xml)
    }

    @Test("the mapping's prefixes are used, others numbered")
    func prefixes() {
        var table = NamespaceTable(
            own: [("m", "urn:m")], preferred: [("p", "urn:a"), ("p", "urn:b"), ("m", "urn:c")])
        for uri in ["urn:a", "urn:b", "urn:c", "urn:m", "urn:d"] { _ = table.index(uri) }
        let prefixes = table.entries.dropFirst(3).map { "\($0.prefix)=\($0.uri)" }
        #expect(prefixes == ["m=urn:m", "p=urn:a", "p2=urn:b", "m2=urn:c", "ns1=urn:d"])
    }
}
