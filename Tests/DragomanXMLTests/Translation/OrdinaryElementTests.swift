// SPDX-License-Identifier: Apache-2.0
// Ordinary elements take a short way through readers and writers: it must end where the long way
// does, and leave to it whatever is not ordinary.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Ordinary elements")
struct OrdinaryElementTests {
    static let order = """
        <xs:complexType name="Money"><xs:sequence><xs:element name="Amount" type="xs:decimal"/>
        </xs:sequence><xs:attribute name="currency" type="xs:string" use="required"/>
        <xs:attribute name="net" type="xs:boolean"/></xs:complexType>
        <xs:element name="r"><xs:complexType><xs:sequence>
        <xs:element name="Id" type="xs:string"/>
        <xs:element name="Price" type="t:Money" minOccurs="0"/>
        <xs:element name="Tag" type="xs:string" minOccurs="0" maxOccurs="3"/>
        <xs:element name="Size" type="xs:short" minOccurs="0"/>
        <xs:element name="Weight" type="xs:double" minOccurs="0" nillable="true"/>
        <xs:element name="Note" type="xs:token" minOccurs="0"/>
        </xs:sequence></xs:complexType></xs:element>
        """

    static func xml(_ content: String) -> String { "<t:r xmlns:t=\"urn:t\">\(content)</t:r>" }

    static let messages: [(xml: String, json: String)] = [
        ("<t:Id>a</t:Id>", #"{"Id":"a"}"#),
        ("<t:Id></t:Id>", #"{"Id":""}"#),
        (
            "<t:Id>say \"hi\" – \\ &lt;</t:Id><t:Price currency=\"E&quot;–\" net=\"true\">"
                + "<t:Amount>12.50</t:Amount></t:Price><t:Tag>x</t:Tag><t:Tag></t:Tag>"
                + "<t:Size>-32768</t:Size><t:Weight>1e-5</t:Weight><t:Note>n m</t:Note>",
            #"{"Id":"say \"hi\" – \\ <","Price":{"currency":"E\"–","net":true,"#
                + #""Amount":12.50},"Tag":["x",""],"Size":-32768,"Weight":1e-5,"Note":"n m"}"#
        ),
    ]

    @Test("messages come through both ways, however they arrive", arguments: messages)
    func bothWays(_ message: (xml: String, json: String)) {
        let contract = TestContract(OrdinaryElementTests.order)
        let xml = OrdinaryElementTests.xml(message.xml)
        for pieces in [0, 1, 3, 7] {
            #expect(contract.read(xml, refuses: true, pieces: pieces) == message.json)
        }
        #expect(contract.read(contract.write(message.json), refuses: true) == message.json)
    }

    @Test("texts of every length keep every character at every place")
    func characters() {
        let contract = TestContract(OrdinaryElementTests.order)
        for length in 1..<34 {
            for place in Set([0, length / 2, length - 1]) {
                for (character, json, written) in [
                    ("<", "<", "&lt;"), (">", ">", "&gt;"), ("&", "&", "&amp;"),
                    ("\"", "\\\"", "\""), ("\r", "\\r", "&#13;"), ("é", "é", "é"),
                    ("\u{FFFD}", "\u{FFFD}", "\u{FFFD}"), ("=", "=", "="), (" ", " ", " "),
                ] {
                    var text = [String](repeating: "a", count: length)
                    text[place] = json
                    let message = "{\"Id\":\"\(text.joined())\"}"
                    text[place] = written
                    let expected = OrdinaryElementTests.xml("<t:Id>\(text.joined())</t:Id>")
                    #expect(contract.write(message) == expected, "\(character) at \(place)")
                    #expect(contract.read(expected) == message)
                }
            }
        }
    }

    @Test("what a value has that its type does not allow is refused where it stands")
    func refusals() {
        let contract = TestContract(OrdinaryElementTests.order)
        for (json, refusal) in [
            ("{\"Id\":5}", "refused: contract /Id:"),
            ("{\"Id\":null}", "refused: contract /Id:"),
            ("{\"Id\":[\"a\"]}", "refused: contract /Id:"),
            ("{\"Id\":\"abcdefgh\\u0001\"}", "refused: xmlCharacter /Id:"),
            ("{\"Id\":\"abcdefgh\u{FFFE}\"}", "refused: xmlCharacter /Id:"),
            ("{\"Id\":\"a\",\"Price\":5}", "refused: contract /Price:"),
            ("{\"Id\":\"a\",\"Tag\":\"x\"}", "refused: contract /Tag:"),
            ("{\"Id\":\"a\",\"Tag\":[1]}", "refused: contract /Tag/0:"),
            ("{\"Id\":\"a\",\"Tag\":[\"1\",\"2\",\"3\",\"4\"]}", "refused: contract /Tag:"),
            ("{\"Id\":\"a\",\"Size\":32768}", "refused: maxInclusive /Size:"),
            ("{\"Id\":\"a\",\"Size\":-32769}", "refused: minInclusive /Size:"),
            ("{\"Id\":\"a\",\"Size\":1.5}", "refused: contract /Size:"),
            ("{\"Id\":\"a\",\"Size\":99999999999999999999}", "refused: maxInclusive /Size:"),
            ("{}", "refused: contract :"),
        ] {
            #expect(contract.write(json).hasPrefix(refusal), "\(json)")
        }
        #expect(
            contract.write("{\"Weight\":null,\"Id\":\"a\"}").contains(
                "<t:Weight xsi:nil=\"true\"/>"))
        #expect(contract.write("{\"Size\":1e2,\"Id\":\"a\"}").contains("<t:Size>100</t:Size>"))
    }

    @Test("replies that do not fit are found out, missing attributes too")
    func misfits() {
        let contract = TestContract(OrdinaryElementTests.order)
        func read(_ content: String) -> String {
            contract.read(OrdinaryElementTests.xml(content), refuses: true)
        }
        #expect(
            read("<t:Id>a</t:Id><t:Price><t:Amount>1</t:Amount></t:Price>").hasPrefix(
                "refused: /t:r/t:Price: the attribute"))
        #expect(read("<t:Id>a<t:Tag/></t:Id>").hasPrefix("refused: /t:r/t:Id/Tag:"))
        #expect(read("<t:Tag>a</t:Tag>").hasPrefix("refused: /t:r/Id:"))
        #expect(read("<t:Id>a</t:Id><t:Id>b</t:Id>").hasPrefix("refused: /t:r/Id:"))
        #expect(read("<t:Id>a</t:Id>b").hasPrefix("refused: /t:r:"))
        #expect(read("<t:Id>a</t:Id><t:Size>1.0</t:Size>").hasPrefix("refused: /t:r/t:Size:"))
        #expect(read("<t:Id>a</t:Id><t:Weight>1.</t:Weight>") == #"{"Id":"a","Weight":1}"#)
        #expect(read("<t:Size> 7 </t:Size><t:Id>a</t:Id>") == #"{"Size":7,"Id":"a"}"#)
    }

    @Test("a name that is too long is refused though the contract has it")
    func longNames() {
        let name = String(repeating: "n", count: 1025)
        let contract = TestContract(
            sequence("<xs:element name=\"\(name)\" type=\"xs:string\"/>"))
        #expect(
            contract.read(OrdinaryElementTests.xml("<t:\(name)>a</t:\(name)>")).contains(
                "is longer than 1024 bytes"))
        let allowed = String(repeating: "n", count: 1024)
        let fine = TestContract(sequence("<xs:element name=\"\(allowed)\" type=\"xs:string\"/>"))
        #expect(
            fine.read(OrdinaryElementTests.xml("<t:\(allowed)>a</t:\(allowed)>"))
                == "{\"\(allowed)\":\"a\"}")
    }
}
