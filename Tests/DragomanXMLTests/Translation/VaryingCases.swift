// SPDX-License-Identifier: Apache-2.0
// Cases of XML-FORM.md, Types that vary.

enum VaryingCases {
    static let xsi = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""

    static let shapes = """
        <xs:complexType name="Shape" abstract="true"><xs:sequence><xs:element name="n"
        type="xs:string"/></xs:sequence></xs:complexType>
        <xs:complexType name="Circle"><xs:complexContent><xs:extension base="t:Shape"><xs:sequence>
        <xs:element name="d" type="xs:int"/></xs:sequence></xs:extension></xs:complexContent>
        </xs:complexType>
        """

    static let substitution = """
        <xs:element name="head" type="xs:string"/>
        <xs:element name="tail" type="xs:string" substitutionGroup="t:head"/>
        <xs:element name="limb" substitutionGroup="t:part"><xs:complexType><xs:complexContent>
        <xs:extension base="t:P"><xs:attribute name="k"/></xs:extension></xs:complexContent>
        </xs:complexType></xs:element>
        <xs:element name="part" type="t:P" abstract="true"/>
        <xs:complexType name="P"><xs:sequence><xs:element name="a" type="xs:int"/></xs:sequence>
        </xs:complexType>
        """

    static let all: [TranslationCase] = [
        TranslationCase(
            "xsi:type where the type is abstract",
            sequence("<xs:element name=\"s\" type=\"t:Shape\"/>", types: shapes),
            xml: "<t:r \(xsi) xmlns:t=\"urn:t\"><t:s xsi:type=\"t:Circle\"><t:n>c</t:n>"
                + "<t:d>4</t:d></t:s></t:r>",
            json: #"{"s":{"@type":"Circle","n":"c","d":4}}"#),
        TranslationCase(
            "substitution of a simple element",
            sequence(
                "<xs:element ref=\"t:head\" maxOccurs=\"9\"/>", types: substitution),
            xml: of("<t:head>a</t:head><t:tail>b</t:tail>"),
            json: #"{"head":["a",{"@element":"tail","value":"b"}]}"#),
        TranslationCase(
            "substitution of an abstract element",
            sequence("<xs:element ref=\"t:part\"/>", types: substitution),
            xml: of("<t:limb k=\"v\"><t:a>1</t:a></t:limb>"),
            json: #"{"part":{"@element":"limb","k":"v","a":1}}"#),
        TranslationCase(
            "anyType as text",
            sequence("<xs:element name=\"a\" type=\"xs:anyType\"/>"),
            xml: of("<t:a>x</t:a>"), json: #"{"a":"x"}"#),
        TranslationCase(
            "anyType of a built-in type",
            sequence("<xs:element name=\"a\"/>"),
            xml: "<t:r \(xsi) xmlns:xs=\"http://www.w3.org/2001/XMLSchema\" xmlns:t=\"urn:t\">"
                + "<t:a xsi:type=\"xs:int\">5</t:a></t:r>",
            json: #"{"a":{"@type":"xs:int","value":5}}"#),
        TranslationCase(
            "anyType of a type of the contract",
            sequence("<xs:element name=\"a\" type=\"xs:anyType\"/>", types: shapes),
            xml: "<t:r \(xsi) xmlns:t=\"urn:t\"><t:a xsi:type=\"t:Circle\"><t:n>c</t:n>"
                + "<t:d>4</t:d></t:a></t:r>",
            json: #"{"a":{"@type":"Circle","n":"c","d":4}}"#),
        TranslationCase(
            "anyType that is XML",
            sequence("<xs:element name=\"a\" type=\"xs:anyType\"/>"),
            xml: of("<t:a><q xmlns=\"urn:q\" z=\"1\">b<i/></q></t:a>"),
            json:
                #"{"a":{"@xml":"<t:a xmlns:t=\"urn:t\"><q xmlns=\"urn:q\" z=\"1\">b<i/></q></t:a>"}}"#,
            written: of("<t:a xmlns:t=\"urn:t\"><q xmlns=\"urn:q\" z=\"1\">b<i/></q></t:a>")),
        TranslationCase(
            "a wildcard's elements",
            sequence(
                "<xs:any processContents=\"lax\" minOccurs=\"0\" maxOccurs=\"9\"/>",
                types: "<xs:element name=\"g\" type=\"xs:int\"/>"),
            xml: of("<q:x xmlns:q=\"urn:q\">1</q:x><t:g>2</t:g>"),
            json: ##"{"@any":["<q:x xmlns:q=\"urn:q\">1</q:x>",{"g":2}]}"##),
        TranslationCase(
            "any attribute",
            sequence("", attributes: "<xs:anyAttribute namespace=\"##other\"/>"),
            xml: "<t:r xmlns:t=\"urn:t\" xmlns:ns1=\"urn:q\" ns1:b=\"1\"/>",
            json: #"{"@anyAttribute":{"{urn:q}b":"1"}}"#),
        TranslationCase(
            "mixed content",
            """
            <xs:element name="r"><xs:complexType mixed="true"><xs:sequence><xs:element name="b"
            type="xs:string" minOccurs="0" maxOccurs="9"/></xs:sequence>
            <xs:attribute name="k"/></xs:complexType></xs:element>
            """,
            xml: of("a <t:b>x</t:b> c", " k=\"v\""),
            json: #"{"k":"v","@mixed":["a ",{"b":"x"}," c"]}"#),
        TranslationCase(
            "simple content with attributes",
            """
            <xs:element name="r"><xs:complexType><xs:simpleContent><xs:extension base="xs:decimal">
            <xs:attribute name="currency" type="xs:string" use="required"/></xs:extension>
            </xs:simpleContent></xs:complexType></xs:element>
            """,
            xml: of("1.50", " currency=\"EUR\""), json: #"{"currency":"EUR","value":1.50}"#),
        TranslationCase(
            "recursion",
            """
            <xs:element name="r" type="t:N"/><xs:complexType name="N"><xs:sequence>
            <xs:element name="n" type="t:N" minOccurs="0"/></xs:sequence></xs:complexType>
            """,
            xml: of("<t:n><t:n/></t:n>"), json: #"{"n":{"n":{}}}"#),
    ]
}
