// SPDX-License-Identifier: Apache-2.0
// Values that do not fit their contract, and messages that do not: each with its keyword and
// place, never passed on.

import Testing

@testable import DragomanXML

/// What is refused, and the beginning of how.
struct RefusalCase: Sendable, CustomTestStringConvertible {
    let schema: String
    let input: String
    let refusal: String

    var testDescription: String { "\(input) \(refusal)" }

    init(_ schema: String, _ input: String, _ refusal: String) {
        self.schema = schema
        self.input = input
        self.refusal = refusal
    }
}

@Suite("Refusals")
struct RefusalTests {
    static func typed(_ facets: String, base: String = "xs:string") -> String {
        """
        <xs:element name="r" nillable="true"><xs:simpleType><xs:restriction base="\(base)">
        \(facets)</xs:restriction></xs:simpleType></xs:element>
        """
    }

    @Test("an enumeration is searched by text, and by value where that has several spellings")
    func enumerated() {
        func values(_ values: [String]) -> String {
            values.map { "<xs:enumeration value=\"\($0)\"/>" }.joined()
        }
        let texts = ["b", "", "ab", "é", "a", "Z", "b b"]
        let text = TestContract(RefusalTests.typed(values(texts)))
        for value in texts { #expect(text.write("\"\(value)\"") == of(value)) }
        for value in ["aa", "B", "bb", "e"] {
            #expect(text.write("\"\(value)\"").hasPrefix("refused: enumeration"))
        }
        let number = TestContract(
            RefusalTests.typed(values(["10", "02", "-1.50"]), base: "xs:decimal"))
        for value in ["10", "2", "-1.5", "10.0"] {
            #expect(!number.write(value).hasPrefix("refused"))
        }
        #expect(number.write("1").hasPrefix("refused: enumeration"))
    }

    static let int = "<xs:element name=\"r\" type=\"xs:int\"/>"
    static let string = "<xs:element name=\"r\" type=\"xs:string\"/>"
    static let pair = sequence(
        "<xs:element name=\"a\" type=\"xs:int\"/><xs:element name=\"b\" type=\"xs:int\" "
            + "minOccurs=\"0\" maxOccurs=\"2\"/>")
    static let choice = sequence(
        "<xs:choice><xs:element name=\"a\" type=\"xs:int\"/><xs:element name=\"b\" "
            + "type=\"xs:int\"/></xs:choice>")
    static let content = sequence(
        "<xs:element name=\"a\" type=\"xs:int\"/><xs:element name=\"b\" type=\"xs:int\"/>"
            + "<xs:element name=\"a\" type=\"xs:int\"/>")
    static let wild = sequence(
        "<xs:element name=\"a\" type=\"xs:int\" minOccurs=\"0\"/><xs:any namespace=\"##other\" "
            + "processContents=\"lax\" maxOccurs=\"9\"/>")
    static let defaults = sequence(
        "<xs:element name=\"a\" type=\"xs:string\" default=\"x\"/><xs:element name=\"b\" "
            + "type=\"xs:string\" fixed=\"y\" minOccurs=\"0\"/>")

    static let writes: [RefusalCase] = [
        RefusalCase(int, "\"5\"", "contract :"), RefusalCase(int, "1.5", "contract :"),
        RefusalCase(int, "null", "contract :"), RefusalCase(int, "2147483648", "maxInclusive :"),
        RefusalCase(int, "1e500", "contract :"), RefusalCase(string, "5", "contract :"),
        RefusalCase(string, "\"\\u0001\"", "xmlCharacter :"),
        RefusalCase(string, "\"\u{FFFE}\"", "xmlCharacter :"),
        RefusalCase("<xs:element name=\"r\" type=\"xs:date\"/>", "\"2023-02-29\"", "contract :"),
        RefusalCase("<xs:element name=\"r\" type=\"xs:anyType\"/>", "5", "contract :"),
        RefusalCase(
            typed("<xs:enumeration value=\"a\"/>"), "\"b\"", "enumeration :"),
        RefusalCase(typed("<xs:pattern value=\"[0-9]+\"/>"), "\"12a\"", "pattern :"),
        RefusalCase(typed("<xs:maxLength value=\"2\"/>"), "\"äöü\"", "maxLength :"),
        RefusalCase(
            typed("<xs:totalDigits value=\"3\"/>", base: "xs:decimal"), "12.34", "totalDigits :"),
        RefusalCase(
            typed("<xs:fractionDigits value=\"1\"/>", base: "xs:decimal"), "1.25",
            "fractionDigits :"),
        RefusalCase(
            typed("<xs:minExclusive value=\"0\"/>", base: "xs:decimal"), "0.0", "minExclusive :"),
        RefusalCase(
            typed("<xs:maxInclusive value=\"2020-01-01Z\"/>", base: "xs:date"),
            "\"2020-01-02Z\"", "maxInclusive :"),
        RefusalCase(pair, "{\"b\":[1]}", "contract : the member \"a\" is required"),
        RefusalCase(pair, "{\"a\":1,\"c\":1}", "contract /c:"),
        RefusalCase(pair, "{\"a\":1,\"b\":1}", "contract /b: an array"),
        RefusalCase(pair, "{\"a\":1,\"b\":null}", "contract /b: an array"),
        RefusalCase(pair, "{\"a\":1,\"b\":[1,2,3]}", "contract /b:"),
        RefusalCase(pair, "{\"a\":1,\"b\":[1,\"x\"]}", "contract /b/1:"),
        RefusalCase(choice, "{}", "contract : one of"),
        RefusalCase(choice, "{\"a\":1,\"b\":1}", "contract : the members"),
        RefusalCase(
            content, "{\"@content\":[{\"a\":1},{\"a\":1},{\"b\":1}]}",
            "contract /@content: \"a\" has no place"),
        RefusalCase(content, "{\"@content\":[{\"a\":1}]}", "contract /@content: elements"),
        RefusalCase(wild, "{\"@any\":[\"<x/>\"]}", "contract /@any/0: <x> is of a namespace"),
        RefusalCase(wild, "{\"@any\":[\"<x xmlns='u'/><y/>\"]}", "contract /@any/0:"),
        RefusalCase(
            wild, "{\"@any\":[\"<!DOCTYPE x><x xmlns='u'/>\"]}", "contract /@any/0: The XML has"),
        RefusalCase(wild, "{\"@any\":[\"]]>\"]}", "contract /@any/0:"),
        RefusalCase(wild, "{\"@any\":[\"<x xmlns='u'>&e;</x>\"]}", "contract /@any/0:"),
        RefusalCase(defaults, "{\"a\":\"\"}", "contract /a: an empty text"),
        RefusalCase(defaults, "{\"b\":\"z\"}", "contract /b: the value must be the fixed"),
        RefusalCase(
            sequence("<xs:element name=\"a\" type=\"t:l\"/>", types: strings),
            "{\"a\":[\"x y\"]}", "contract /a/0: an item of a list"),
        RefusalCase(
            sequence("<xs:element name=\"s\" type=\"t:Shape\"/>", types: VaryingCases.shapes),
            "{\"s\":{\"n\":\"x\"}}", "contract /s: the type is abstract"),
        RefusalCase(
            sequence("<xs:element name=\"s\" type=\"t:Shape\"/>", types: VaryingCases.shapes),
            "{\"s\":{\"@type\":\"Box\"}}", "contract /s/@type:"),
        RefusalCase(
            sequence(
                "<xs:sequence maxOccurs=\"9\"><xs:element name=\"a\" minOccurs=\"0\"/>"
                    + "<xs:element name=\"b\" minOccurs=\"0\"/></xs:sequence>"),
            "{\"@sequence\":[{}]}", "contract /@sequence/0: an item without"),
    ]

    static let strings = """
        <xs:simpleType name="l"><xs:list itemType="xs:string"/></xs:simpleType>
        """

    @Test("JSON that does not fit is refused, with its place", arguments: writes)
    func refusesWriting(_ item: RefusalCase) {
        let contract = TestContract(item.schema)
        #expect(contract.problems.filter { $0.severity == .error } == [])
        let written = contract.write(item.input)
        #expect(written.hasPrefix("refused: " + item.refusal), "\(written)")
    }

    static let reads: [RefusalCase] = [
        RefusalCase(int, of("x"), "/t:r: the text cannot be read as xs:int"),
        RefusalCase(int, of(""), "/t:r:"), RefusalCase(int, of("<t:a/>"), "/t:r/a:"),
        RefusalCase(pair, of("<t:a>1</t:a>junk"), "/t:r: text stands"),
        RefusalCase(
            pair, of("<t:a>1</t:a><t:b>1</t:b><t:b>z</t:b>"), "/t:r/t:b[2]: the text"),
        RefusalCase(int, "<!DOCTYPE r>" + of("1"), ": The XML has a DOCTYPE"),
        RefusalCase(int, of("&e;"), ": The XML is not well-formed"),
        RefusalCase(int, "<t:r xmlns:t=\"urn:t\">1</t:s>", ": The XML is not well-formed"),
        RefusalCase(int, "<t:r>1</t:r>", ": The XML is not well-formed"),
        RefusalCase(int, "<t:r xmlns:t=\"urn:t\">1", ": The XML is not well-formed"),
        RefusalCase(int, "", ": The XML is not well-formed"),
        RefusalCase(int, "<x/>", "/: the root element"),
        RefusalCase(
            sequence("", attributes: "<xs:attribute name=\"k\" type=\"xs:int\"/>"),
            of("", " k=\"z\""), "/t:r/@k: the type cannot"),
    ]

    @Test("XML that cannot be read is refused, with its path", arguments: reads)
    func refusesReading(_ item: RefusalCase) {
        let contract = TestContract(item.schema)
        let read = contract.read(item.input)
        #expect(read.hasPrefix("refused: " + item.refusal), "\(read)")
    }

    @Test("a strict reply refuses what a lenient one reports")
    func strict() {
        let contract = TestContract(RefusalTests.pair)
        let unknown = of("<t:a>1</t:a><t:z/>")
        #expect(contract.read(unknown) == #"{"a":1,"@any":["<t:z xmlns:t=\"urn:t\"/>"]}"#)
        #expect(contract.read(unknown, refuses: true).hasPrefix("refused: /t:r/z:"))
        #expect(contract.read(of("")) == "{}")
        #expect(contract.read(of(""), refuses: true).hasPrefix("refused: /t:r/a: the element is"))
    }

    @Test("facets of replies are checked where that is asked for")
    func facets() {
        let contract = TestContract(
            RefusalTests.typed("<xs:maxLength value=\"2\"/>"))
        #expect(contract.read(of("abc")) == #""abc""#)
        #expect(contract.read(of("abc"), checksFacets: true).hasPrefix("refused: /t:r:"))
    }
}
