// SPDX-License-Identifier: Apache-2.0
// XML-FORM.md rule by rule, both directions.

import Testing

@testable import DragomanXML

/// A root with a sequence of what is given.
func sequence(_ body: String, types: String = "", attributes: String = "") -> String {
    """
    <xs:element name="r"><xs:complexType><xs:sequence>\(body)</xs:sequence>\(attributes)
    </xs:complexType></xs:element>\(types)
    """
}

func of(_ content: String, _ attributes: String = "") -> String {
    "<t:r xmlns:t=\"urn:t\"\(attributes)>\(content)</t:r>"
}

@Suite("Translation")
struct TranslationTests {
    static let names: [TranslationCase] = [
        TranslationCase(
            "an attribute and an element of one name",
            sequence(
                "<xs:element name=\"id\" type=\"xs:string\"/>",
                attributes: "<xs:attribute name=\"id\" type=\"xs:int\"/>"),
            xml: of("<t:id>a</t:id>", " id=\"5\""), json: #"{"@id":5,"id":"a"}"#),
        TranslationCase(
            "an attribute whose name with @ is one of ours",
            sequence(
                "<xs:element name=\"type\" type=\"xs:string\"/>",
                attributes: "<xs:attribute name=\"type\" type=\"xs:string\"/>"),
            xml: of("<t:type>a</t:type>", " type=\"b\""), json: #"{"@@type":"b","type":"a"}"#),
        TranslationCase(
            "an attribute named value beside text",
            """
            <xs:element name="r"><xs:complexType><xs:simpleContent>
            <xs:extension base="xs:int"><xs:attribute name="value" type="xs:string"/></xs:extension>
            </xs:simpleContent></xs:complexType></xs:element>
            """,
            xml: of("7", " value=\"b\""), json: #"{"@value":"b","value":7}"#),
        TranslationCase(
            "two elements of one local name",
            sequence(
                "<xs:element ref=\"t:a\"/><xs:element name=\"a\" form=\"unqualified\" "
                    + "type=\"xs:int\"/>",
                types: "<xs:element name=\"a\" type=\"xs:string\"/>"),
            xml: of("<t:a>x</t:a><a>1</a>"), json: #"{"t:a":"x","a":1}"#),
    ]

    static let occurrence: [TranslationCase] = [
        TranslationCase(
            "one of many is an array",
            sequence("<xs:element name=\"a\" type=\"xs:int\" maxOccurs=\"unbounded\"/>"),
            xml: of("<t:a>1</t:a>"), json: #"{"a":[1]}"#),
        TranslationCase(
            "none of many is no member",
            sequence("<xs:element name=\"a\" type=\"xs:int\" minOccurs=\"0\" maxOccurs=\"9\"/>"),
            xml: "<t:r xmlns:t=\"urn:t\"/>", json: "{}"),
        TranslationCase(
            "nil stands in its place in an array",
            sequence("<xs:element name=\"a\" type=\"xs:int\" nillable=\"true\" maxOccurs=\"9\"/>"),
            xml: "<t:r xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:t=\"urn:t\">"
                + "<t:a>1</t:a><t:a xsi:nil=\"true\"/></t:r>", json: #"{"a":[1,null]}"#),
        TranslationCase(
            "nil with attributes",
            """
            <xs:element name="r" nillable="true"><xs:complexType><xs:sequence>
            <xs:element name="a" type="xs:int"/></xs:sequence><xs:attribute name="b"/>
            </xs:complexType></xs:element>
            """,
            xml: "<t:r xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xmlns:t=\"urn:t\" "
                + "b=\"x\" xsi:nil=\"true\"/>", json: #"{"b":"x","@nil":true}"#),
        TranslationCase(
            "empty text is an empty string",
            sequence("<xs:element name=\"a\" type=\"xs:string\"/>"),
            xml: of("<t:a></t:a>"), json: #"{"a":""}"#),
        TranslationCase(
            "an empty list is an empty array",
            sequence("<xs:element name=\"a\" type=\"t:l\"/>", types: list),
            xml: of("<t:a></t:a>"), json: #"{"a":[]}"#),
    ]

    static let list = """
        <xs:simpleType name="l"><xs:list itemType="xs:int"/></xs:simpleType>
        """

    static let simple: [TranslationCase] = [
        TranslationCase(
            "booleans, numbers and strings",
            sequence(
                "<xs:element name=\"b\" type=\"xs:boolean\"/><xs:element name=\"d\" "
                    + "type=\"xs:decimal\"/><xs:element name=\"f\" type=\"xs:double\"/>"
                    + "<xs:element name=\"s\" type=\"xs:string\"/>"),
            xml: of("<t:b>true</t:b><t:d>12.990</t:d><t:f>INF</t:f><t:s> a&amp;b </t:s>"),
            json: #"{"b":true,"d":12.990,"f":"INF","s":" a&b "}"#),
        TranslationCase(
            "numbers in JSON's grammar",
            sequence(
                "<xs:element name=\"a\" type=\"xs:int\"/><xs:element name=\"b\" "
                    + "type=\"xs:int\"/><xs:element name=\"c\" type=\"xs:decimal\"/>"
                    + "<xs:element name=\"d\" type=\"xs:boolean\"/>"),
            xml: of("<t:a>+5</t:a><t:b> 007 </t:b><t:c>.5</t:c><t:d>1</t:d>"),
            json: #"{"a":5,"b":7,"c":0.5,"d":true}"#,
            written: of("<t:a>5</t:a><t:b>7</t:b><t:c>0.5</t:c><t:d>true</t:d>")),
        TranslationCase(
            "digits beyond doubles",
            sequence("<xs:element name=\"a\" type=\"xs:integer\"/>"),
            xml: of("<t:a>123456789012345678901234567890</t:a>"),
            json: #"{"a":123456789012345678901234567890}"#),
        TranslationCase(
            "white space as the type has it",
            sequence(
                "<xs:element name=\"a\" type=\"xs:token\"/><xs:element name=\"b\" "
                    + "type=\"xs:normalizedString\"/><xs:element name=\"c\" "
                    + "type=\"xs:base64Binary\"/>"),
            xml: of("<t:a>  x  y </t:a><t:b>x\ty</t:b><t:c>QU JD</t:c>"),
            json: #"{"a":"x y","b":"x y","c":"QUJD"}"#,
            written: of("<t:a>x y</t:a><t:b>x y</t:b><t:c>QUJD</t:c>")),
        TranslationCase(
            "a list", sequence("<xs:element name=\"a\" type=\"t:l\"/>", types: list),
            xml: of("<t:a>1 2 3</t:a>"), json: #"{"a":[1,2,3]}"#),
        TranslationCase(
            "a union of one JSON type",
            sequence("<xs:element name=\"a\" type=\"t:u\" maxOccurs=\"9\"/>", types: numbers),
            xml: of("<t:a>1</t:a><t:a>2.5</t:a>"), json: #"{"a":[1,2.5]}"#),
        TranslationCase(
            "a union of several JSON types is text",
            sequence("<xs:element name=\"a\" type=\"t:u\" maxOccurs=\"9\"/>", types: mixedUnion),
            xml: of("<t:a>1</t:a><t:a>small</t:a>"), json: #"{"a":["1","small"]}"#),
        TranslationCase(
            "strings that need references",
            sequence(
                "<xs:element name=\"a\" type=\"xs:string\"/>",
                attributes: "<xs:attribute name=\"b\" type=\"xs:string\"/>"),
            xml: of("<t:a>&lt;\n\t&#13;]]&gt;</t:a>", " b=\"&quot;&#9;&#10;&#13;\""),
            json: #"{"b":"\"\t\n\r","a":"<\n\t\r]]>"}"#),
        TranslationCase(
            "QNames by the mapping's prefixes",
            sequence("<xs:element name=\"a\" type=\"xs:QName\"/>"),
            xml: "<x:r xmlns:x=\"urn:t\"><x:a xmlns:y=\"urn:t\">y:b</x:a></x:r>",
            json: #"{"a":"t:b"}"#, written: of("<t:a>t:b</t:a>")),
    ]

    static let numbers = """
        <xs:simpleType name="u"><xs:union memberTypes="xs:int xs:decimal"/></xs:simpleType>
        """
    static let mixedUnion = """
        <xs:simpleType name="u"><xs:union memberTypes="xs:int"><xs:simpleType>
        <xs:restriction base="xs:string"><xs:enumeration value="small"/></xs:restriction>
        </xs:simpleType></xs:union></xs:simpleType>
        """

    static let groups: [TranslationCase] = [
        TranslationCase(
            "all in any order",
            """
            <xs:element name="r"><xs:complexType><xs:all><xs:element name="a" type="xs:int"/>
            <xs:element name="b" type="xs:int" minOccurs="0"/></xs:all></xs:complexType>
            </xs:element>
            """,
            xml: of("<t:b>2</t:b><t:a>1</t:a>"), json: #"{"b":2,"a":1}"#,
            written: of("<t:a>1</t:a><t:b>2</t:b>")),
        TranslationCase(
            "a choice of a sequence",
            sequence(
                """
                <xs:choice><xs:element name="a" type="xs:int"/><xs:sequence>
                <xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"
                minOccurs="0"/></xs:sequence></xs:choice><xs:element name="z" type="xs:int"/>
                """),
            xml: of("<t:b>1</t:b><t:c>2</t:c><t:z>3</t:z>"), json: #"{"b":1,"c":2,"z":3}"#),
        TranslationCase(
            "a repeated group of one element",
            sequence(
                """
                <xs:sequence minOccurs="0" maxOccurs="unbounded">
                <xs:element name="a" type="xs:int"/></xs:sequence>
                """),
            xml: of("<t:a>1</t:a><t:a>2</t:a>"), json: #"{"a":[1,2]}"#),
        TranslationCase(
            "a repeated choice",
            sequence(
                """
                <xs:choice minOccurs="0" maxOccurs="unbounded"><xs:element name="a" type="xs:int"
                maxOccurs="5"/><xs:element name="b" type="xs:int"/><xs:sequence>
                <xs:element name="c" type="xs:int"/><xs:element name="d" type="xs:int"/>
                </xs:sequence></xs:choice>
                """),
            xml: of(
                "<t:a>1</t:a><t:a>2</t:a><t:b>3</t:b><t:c>4</t:c><t:d>5</t:d><t:c>6</t:c>"
                    + "<t:d>7</t:d>"),
            json: #"{"@choice":[{"a":1},{"a":2},{"b":3},{"c":4,"d":5},{"c":6,"d":7}]}"#),
        TranslationCase(
            "a repeated sequence",
            sequence(
                """
                <xs:element name="h" type="xs:int" minOccurs="0"/>
                <xs:sequence maxOccurs="unbounded"><xs:element name="a" type="xs:int"
                minOccurs="0"/><xs:element name="b" type="xs:int" maxOccurs="unbounded"/>
                </xs:sequence>
                """),
            xml: of("<t:h>0</t:h><t:b>1</t:b><t:a>2</t:a><t:b>3</t:b><t:b>4</t:b>"),
            json: #"{"h":0,"@sequence":[{"b":[1]},{"a":2,"b":[3,4]}]}"#),
        TranslationCase(
            "one element at two places",
            sequence(
                """
                <xs:element name="a" type="xs:int"/><xs:element name="b" type="xs:int"/>
                <xs:element name="a" type="xs:int"/>
                """),
            xml: of("<t:a>1</t:a><t:b>2</t:b><t:a>3</t:a>"),
            json: #"{"@content":[{"a":1},{"b":2},{"a":3}]}"#),
        TranslationCase(
            "branches that differ only in order",
            """
            <xs:element name="r"><xs:complexType><xs:choice><xs:sequence><xs:element name="a"
            type="xs:int"/><xs:element name="b" type="xs:int"/></xs:sequence><xs:sequence>
            <xs:element name="b" type="xs:int"/><xs:element name="a" type="xs:int"/>
            </xs:sequence></xs:choice></xs:complexType></xs:element>
            """,
            xml: of("<t:b>1</t:b><t:a>2</t:a>"), json: #"{"@content":[{"b":1},{"a":2}]}"#),
        TranslationCase(
            "an extension comes after its base",
            """
            <xs:complexType name="base"><xs:sequence><xs:element name="a" type="xs:int"/>
            </xs:sequence><xs:attribute name="x" type="xs:int"/></xs:complexType>
            <xs:element name="r"><xs:complexType><xs:complexContent><xs:extension base="t:base">
            <xs:sequence><xs:element name="b" type="xs:int"/></xs:sequence>
            <xs:attribute name="y" type="xs:int"/></xs:extension></xs:complexContent>
            </xs:complexType></xs:element>
            """,
            xml: of("<t:a>1</t:a><t:b>2</t:b>", " x=\"3\" y=\"4\""),
            json: #"{"x":3,"y":4,"a":1,"b":2}"#),
    ]

    @Test(
        "there and back",
        arguments: names + occurrence + simple + groups + VaryingCases.all)
    func thereAndBack(_ item: TranslationCase) {
        let contract = TestContract(item.schema)
        #expect(contract.problems.filter { $0.severity == .error } == [])
        #expect(contract.read(item.xml, refuses: true) == item.json)
        #expect(contract.write(item.json) == item.written ?? item.xml)
        let again = contract.read(contract.write(item.json), refuses: true)
        #expect(TestContract(item.schema).write(again) == item.written ?? item.xml)
    }

    @Test(
        "a drip is as good as a lump",
        arguments: names + occurrence + simple + groups + VaryingCases.all)
    func drips(_ item: TranslationCase) {
        let contract = TestContract(item.schema)
        for pieces in [1, 3, 7] {
            #expect(contract.read(item.xml, refuses: true, pieces: pieces) == item.json)
        }
    }
}
