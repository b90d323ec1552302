// SPDX-License-Identifier: Apache-2.0
// Derived JSON Schemas, keyword by keyword.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("JSONSchemaWriter")
struct JSONSchemaWriterTests {
    @Test("members, arrays, null, ranges and closed objects")
    func members() {
        let contract = TestContract(
            sequence(
                """
                <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:string"
                minOccurs="0" maxOccurs="3" nillable="true"/>
                """, attributes: "<xs:attribute name=\"k\" type=\"xs:date\" use=\"required\"/>"))
        let schema = contract.schema()
        #expect(schema.contains(#""required":["k","a"]"#))
        #expect(
            schema.contains(#""a":{"type":"integer","minimum":-2147483648,"maximum":2147483647}"#))
        #expect(
            schema.contains(
                #""b":{"type":"array","items":{"anyOf":[{"type":"string"},{"type":"null"}]},"#
                    + #""maxItems":3}"#))
        #expect(schema.contains(#""additionalProperties":false"#))
        #expect(contract.schema(.reply).contains(#""@any":{"type":"array"}"#))
    }

    @Test("a choice is oneOf over required and forbidden names, the empty branch once")
    func choice() {
        let contract = TestContract(
            sequence(
                """
                <xs:choice minOccurs="0"><xs:element name="a" type="xs:int"/><xs:element name="b"
                type="xs:int" minOccurs="0"/></xs:choice>
                """))
        #expect(
            contract.schema().contains(
                #""oneOf":[{"properties":{"b":false},"required":["a"]},"#
                    + #"{"properties":{"a":false},"required":["b"]},"#
                    + #"{"properties":{"a":false,"b":false}}]"#))
    }

    @Test("xsi:type branches by if on @type")
    func types() {
        let contract = TestContract(
            sequence("<xs:element name=\"s\" type=\"t:Shape\"/>", types: VaryingCases.shapes))
        let schema = contract.schema()
        #expect(schema.contains(##""s":{"$ref":"#/$defs/Shape"}"##))
        #expect(
            schema.contains(
                #""Shape":{"type":"object","required":["@type"],"#
                    + #""properties":{"@type":{"enum":["Circle"]}}"#))
        #expect(schema.contains(##""then":{"$ref":"#/$defs/Circle"}"##))
    }

    @Test("patterns are anchored, enumerations have their type")
    func facets() {
        let pattern = TestContract(
            RefusalTests.typed("<xs:pattern value=\"[A-Z]+\"/><xs:maxLength value=\"3\"/>"))
        #expect(pattern.schema().contains(#""type":"string","maxLength":3,"pattern":"^[A-Z]+$""#))
        let numbers = TestContract(
            RefusalTests.typed(
                "<xs:enumeration value=\"1\"/><xs:enumeration value=\"02\"/>", base: "xs:integer"))
        #expect(numbers.schema().contains(#""enum":[1,2]"#))
    }

    @Test("recursion ends in $defs")
    func recursion() {
        let contract = TestContract(
            """
            <xs:element name="r"><xs:complexType><xs:sequence><xs:element ref="t:r" minOccurs="0"/>
            </xs:sequence></xs:complexType></xs:element>
            """)
        #expect(contract.schema().contains(##""properties":{"r":{"$ref":"#/$defs/r"}}"##))
    }

    @Test(
        "every case of translation has a schema",
        arguments: TranslationTests.simple + TranslationTests.groups + VaryingCases.all)
    func cases(_ item: TranslationCase) {
        let contract = TestContract(item.schema)
        for form in [JSONSchemaWriter.Form.request, .reply] {
            let document = TestContract.document(contract.schema(form))
            withExtendedLifetime(document) { #expect(document.root?.isObject == true) }
        }
    }

    @Test("a list of QNames has one pattern for its items")
    func listOfNames() {
        let schema = TestContract(
            "<xs:element name=\"r\"><xs:simpleType><xs:list itemType=\"xs:QName\"/></xs:simpleType>"
                + "</xs:element>"
        ).schema()
        #expect(schema.split(separator: "\"pattern\"", omittingEmptySubsequences: false).count == 2)
    }
}
