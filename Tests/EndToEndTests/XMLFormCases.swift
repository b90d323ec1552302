// SPDX-License-Identifier: Apache-2.0
// Small schemas for corners of XML-FORM.md that real contracts reach one at a time: documents with
// their JSON, and what has to be refused in both directions.

import Testing

/// A schema whose global element is `r`.
struct XMLFormCase: Sendable, CustomTestStringConvertible {
    let name: String
    let schema: String
    /// What stands in `r`, attributes included, and its JSON.
    let pairs: [(xml: String, json: String)]
    let badXML: [String]
    let badJSON: [String]

    var testDescription: String { name }

    init(
        _ name: String, _ schema: String, _ pairs: [(xml: String, json: String)],
        badXML: [String] = [], badJSON: [String] = []
    ) {
        self.name = name
        self.schema = schema
        self.pairs = pairs
        self.badXML = badXML
        self.badJSON = badJSON
    }
}

enum XMLFormCases {
    static let all = simple + types + groups

    private static func root(_ content: String) -> String {
        """
        <xs:element name="r"><xs:complexType><xs:sequence>\(content)</xs:sequence>
        </xs:complexType></xs:element>
        """
    }

    private static func pattern(_ value: String) -> String {
        """
        <xs:element name="r"><xs:simpleType><xs:restriction base="xs:string">
        <xs:pattern value="\(value)"/></xs:restriction></xs:simpleType></xs:element>
        """
    }

    private static let base = """
        <xs:complexType name="B"><xs:sequence><xs:element name="x" type="xs:int"/></xs:sequence>
        <xs:attribute name="k" type="xs:int"/></xs:complexType>
        <xs:complexType name="D"><xs:complexContent><xs:extension base="t:B"><xs:sequence>
        <xs:element name="y" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>
        </xs:complexType>
        """

    private static let simple: [XMLFormCase] = [
        XMLFormCase(
            "names in a pattern", pattern("\\i\\c*"),
            [(">a:b-1<", #""a:b-1""#), (">_é<", #""_é""#)], badXML: [">1a<"],
            badJSON: [#""1a""#]),
        XMLFormCase(
            "digits, words and what is neither", pattern("\\d{2}-\\w+[\\w.\\-]*\\D\\S\\W"),
            [(">12-aé.x-a!!<", #""12-aé.x-a!!""#)], badXML: [">1-a!!!<", ">12-a  b<"],
            badJSON: [#""12-a""#]),
        XMLFormCase(
            "a union of a list and a boolean is text that one of them reads",
            """
            <xs:simpleType name="L"><xs:list itemType="xs:int"/></xs:simpleType>
            <xs:element name="r"><xs:simpleType><xs:union memberTypes="t:L xs:boolean"/>
            </xs:simpleType></xs:element>
            """, [(">1 2<", #""1 2""#), (">true<", #""true""#)], badXML: [">x<"],
            badJSON: [#""x""#, #""1 x""#]),
        XMLFormCase(
            "a union of ranges",
            """
            <xs:element name="r"><xs:simpleType><xs:union>
            <xs:simpleType><xs:restriction base="xs:int"><xs:maxInclusive value="5"/>
            </xs:restriction></xs:simpleType><xs:simpleType><xs:restriction base="xs:int">
            <xs:minInclusive value="10"/></xs:restriction></xs:simpleType></xs:union>
            </xs:simpleType></xs:element>
            """, [(">1<", "1"), (">11<", "11")], badXML: [">7<"], badJSON: ["7"]),
        XMLFormCase(
            "an enumeration of QNames",
            """
            <xs:element name="r"><xs:simpleType><xs:restriction base="xs:QName">
            <xs:enumeration value="t:a"/></xs:restriction></xs:simpleType></xs:element>
            """, [(">t:a<", #""t:a""#)], badXML: [">t:b<"], badJSON: [#""t:b""#, #""a""#]),
        XMLFormCase(
            "a required attribute with a fixed value",
            """
            <xs:element name="r"><xs:complexType><xs:attribute name="k" type="xs:int" fixed="5"
            use="required"/></xs:complexType></xs:element>
            """, [(" k=\"5\"><", #"{"k":5}"#)], badXML: ["><", " k=\"6\"><"],
            badJSON: [#"{"k":6}"#]),
        XMLFormCase(
            "fixed values, however they are spelled",
            root(
                """
                <xs:element name="a" type="xs:decimal" fixed="1.50"/>
                <xs:element name="b" type="xs:boolean" fixed="1"/>
                <xs:element name="c" type="xs:string" fixed="" minOccurs="0"/>
                """),
            [
                ("><t:a>1.50</t:a><t:b>1</t:b><", #"{"a":1.50,"b":true}"#),
                ("><t:a>1.50</t:a><t:b>1</t:b><t:c/><", #"{"a":1.50,"b":true,"c":""}"#),
            ],
            badXML: ["><t:a>2</t:a><t:b>1</t:b><", "><t:a>1.50</t:a><t:b>0</t:b><"],
            badJSON: [#"{"a":2}"#, #"{"b":false}"#, #"{"c":"x"}"#]),
    ]

    private static let types: [XMLFormCase] = [
        XMLFormCase(
            "nil of a type that derives",
            base
                + root(
                    "<xs:element name=\"a\" type=\"t:B\" nillable=\"true\"/>"),
            [
                (
                    "><t:a xsi:type=\"t:D\" k=\"1\" xsi:nil=\"true\"/><",
                    #"{"a":{"@type":"D","k":1,"@nil":true}}"#
                ),
                ("><t:a xsi:nil=\"true\"/><", #"{"a":null}"#),
            ], badJSON: [#"{"a":{"@type":"D","@nil":true,"y":1}}"#]),
        XMLFormCase(
            "text for which a type with attributes stands in",
            """
            <xs:complexType name="V"><xs:simpleContent><xs:extension base="xs:string"/>
            </xs:simpleContent></xs:complexType><xs:complexType name="W"><xs:simpleContent>
            <xs:extension base="t:V"><xs:attribute name="u" type="xs:int"/></xs:extension>
            </xs:simpleContent></xs:complexType>
            """ + root("<xs:element name=\"v\" type=\"t:V\" maxOccurs=\"3\"/>"),
            [
                (
                    "><t:v>a</t:v><t:v xsi:type=\"t:W\" u=\"1\">b</t:v><",
                    #"{"v":["a",{"@type":"W","u":1,"value":"b"}]}"#
                )
            ], badJSON: [#"{"v":[{"@type":"Z","value":"b"}]}"#, #"{"v":[5]}"#]),
        XMLFormCase(
            "a substitute with a type that derives",
            base + """
                <xs:element name="h" type="t:B"/><xs:element name="s" substitutionGroup="t:h"/>
                """ + root("<xs:element ref=\"t:h\"/>"),
            [
                (
                    "><t:s xsi:type=\"t:D\"><t:x>1</t:x><t:y>2</t:y></t:s><",
                    #"{"h":{"@element":"s","@type":"D","x":1,"y":2}}"#
                ),
                ("><t:s k=\"1\"><t:x>1</t:x></t:s><", #"{"h":{"@element":"s","k":1,"x":1}}"#),
                ("><t:h><t:x>1</t:x></t:h><", #"{"h":{"x":1}}"#),
            ], badXML: ["><t:s><t:y>1</t:y></t:s><"], badJSON: [#"{"h":{"@element":"z","x":1}}"#]),
        XMLFormCase(
            "nil substitutes keep their attributes",
            base + """
                <xs:element name="h" type="t:B" nillable="true"/>
                <xs:element name="s" type="t:B" nillable="true" substitutionGroup="t:h"/>
                """ + root("<xs:element ref=\"t:h\"/>"),
            [
                (
                    "><t:s k=\"2\" xsi:nil=\"true\"/><",
                    #"{"h":{"@element":"s","k":2,"@nil":true}}"#
                )
            ]),
        XMLFormCase(
            "a head that is text, and an abstract one",
            """
            <xs:element name="h"><xs:simpleType><xs:restriction base="xs:string">
            <xs:maxLength value="2"/></xs:restriction></xs:simpleType></xs:element>
            <xs:element name="i" type="xs:string" abstract="true"/>
            <xs:element name="j" type="xs:string" substitutionGroup="t:i"/>
            """ + root("<xs:element ref=\"t:h\"/><xs:element ref=\"t:i\"/>"),
            [
                (
                    "><t:h>a</t:h><t:j>b</t:j><",
                    #"{"h":"a","i":{"@element":"j","value":"b"}}"#
                )
            ],
            badXML: ["><t:h>abc</t:h><t:j>b</t:j><", "><t:h>a</t:h><t:i>b</t:i><"],
            badJSON: [#"{"h":"a","i":"b"}"#, #"{"h":"abc","i":{"@element":"j","value":"b"}}"#]),
        XMLFormCase(
            "what `block` bars does not stand in",
            base
                + root(
                    "<xs:element name=\"a\" type=\"t:B\" block=\"extension\"/>"),
            [("><t:a><t:x>1</t:x></t:a><", #"{"a":{"x":1}}"#)],
            badXML: ["><t:a xsi:type=\"t:D\"><t:x>1</t:x><t:y>2</t:y></t:a><"],
            badJSON: [#"{"a":{"@type":"D","x":1,"y":2}}"#]),
        XMLFormCase(
            "substitution is barred",
            """
            <xs:element name="h" type="xs:string" block="substitution"/>
            <xs:element name="s" type="xs:string" substitutionGroup="t:h"/>
            """ + root("<xs:element ref=\"t:h\"/>"),
            [("><t:h>a</t:h><", #"{"h":"a"}"#)], badXML: ["><t:s>a</t:s><"],
            badJSON: [#"{"h":{"@element":"s","value":"a"}}"#]),
    ]

    private static let list =
        "<xs:simpleType name=\"L\"><xs:list itemType=\"xs:int\"/></xs:simpleType>"

    private static let groups: [XMLFormCase] = [
        XMLFormCase(
            "a list is one value, in a choice as elsewhere",
            list
                + root(
                    """
                    <xs:choice><xs:element name="a" type="t:L"/><xs:sequence>
                    <xs:element name="b" type="t:L"/><xs:element name="c" type="t:L" minOccurs="0"/>
                    </xs:sequence></xs:choice>
                    """),
            [
                ("><t:a>1 2</t:a><", #"{"a":[1,2]}"#), ("><t:a/><", #"{"a":[]}"#),
                ("><t:b>1 2 3</t:b><t:c/><", #"{"b":[1,2,3],"c":[]}"#),
            ], badXML: ["><t:a/><t:b/><"], badJSON: [#"{"a":[],"b":[]}"#, "{}"]),
        XMLFormCase(
            "an empty list in a repeated choice",
            list
                + root(
                    """
                    <xs:choice maxOccurs="unbounded"><xs:element name="a" type="t:L"/>
                    <xs:element name="b" type="xs:int" maxOccurs="2"/></xs:choice>
                    """),
            [
                (
                    "><t:a/><t:b>1</t:b><t:a>1 2</t:a><",
                    #"{"@choice":[{"a":[]},{"b":1},{"a":[1,2]}]}"#
                )
            ],
            badJSON: [#"{"@choice":[{}]}"#]),
        XMLFormCase(
            "what extends anyType takes anything",
            """
            <xs:element name="r"><xs:complexType><xs:complexContent mixed="true">
            <xs:extension base="xs:anyType"><xs:attribute name="k" type="xs:int"/></xs:extension>
            </xs:complexContent></xs:complexType></xs:element>
            """,
            [
                (
                    " k=\"1\" z=\"2\">a<o:x xmlns:o=\"urn:o\"/><",
                    ##"{"k":1,"@anyAttribute":{"z":"2"},"##
                        + ##""@mixed":["a",{"@any":"<o:x xmlns:o=\"urn:o\"/>"}]}"##
                )
            ]),
        XMLFormCase(
            "members of one branch of a choice",
            root(
                """
                <xs:choice><xs:element name="a" type="xs:int"/><xs:sequence>
                <xs:element name="b" type="xs:int"/><xs:element name="c" type="xs:int"/>
                </xs:sequence></xs:choice>
                """),
            [("><t:a>1</t:a><", #"{"a":1}"#), ("><t:b>1</t:b><t:c>2</t:c><", #"{"b":1,"c":2}"#)],
            badXML: ["><", "><t:a>1</t:a><t:b>1</t:b><t:c>2</t:c><", "><t:b>1</t:b><"],
            badJSON: ["{}", #"{"a":1,"b":1,"c":1}"#, #"{"b":1}"#]),
        XMLFormCase(
            "how often a repeated group occurs",
            root(
                """
                <xs:choice minOccurs="2" maxOccurs="3"><xs:element name="a" type="xs:int"/>
                <xs:element name="b" type="xs:int"/></xs:choice>
                """),
            [("><t:a>1</t:a><t:b>2</t:b><", #"{"@choice":[{"a":1},{"b":2}]}"#)],
            badXML: ["><t:a>1</t:a><", "><t:a>1</t:a><t:a>1</t:a><t:a>1</t:a><t:a>1</t:a><"],
            badJSON: [#"{"@choice":[{"a":1}]}"#]),
        XMLFormCase(
            "two repeated choices one after the other",
            root(
                """
                <xs:choice maxOccurs="2"><xs:element name="a" type="xs:int"/>
                <xs:element name="b" type="xs:int"/></xs:choice><xs:element name="m" type="xs:int"/>
                <xs:choice maxOccurs="2"><xs:element name="c" type="xs:int"/>
                <xs:element name="d" type="xs:int"/></xs:choice>
                """),
            [
                (
                    "><t:a>1</t:a><t:m>2</t:m><t:d>3</t:d><t:c>4</t:c><",
                    #"{"@content":[{"a":1},{"m":2},{"d":3},{"c":4}]}"#
                )
            ], badXML: ["><t:a>1</t:a><t:m>2</t:m><"],
            badJSON: [#"{"@content":[{"m":2},{"a":1},{"d":3}]}"#]),
        XMLFormCase(
            "a strict wildcard takes what is declared",
            "<xs:element name=\"known\" type=\"xs:int\"/>"
                + root("<xs:any processContents=\"strict\"/>"),
            [("><t:known>1</t:known><", #"{"@any":[{"known":1}]}"#)],
            badXML: ["><x xmlns=\"urn:b\"/><", "><t:known>z</t:known><"],
            badJSON: [#"{"@any":["<x xmlns='urn:b'/>"]}"#]),
    ]
}
