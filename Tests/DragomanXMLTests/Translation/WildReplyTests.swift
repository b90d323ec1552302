// SPDX-License-Identifier: Apache-2.0
// Replies as real servers send them (XML-FORM.md, Replies in the wild), and what defaults fill in.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("Replies in the wild")
struct WildReplyTests {
    static let several = sequence(
        "<xs:element name=\"a\" type=\"xs:int\" maxOccurs=\"9\"/><xs:element name=\"b\" "
            + "type=\"xs:int\" minOccurs=\"0\" maxOccurs=\"9\"/><xs:element name=\"c\" "
            + "type=\"xs:int\" minOccurs=\"0\"/>")

    @Test("members in another order, interleaved, come back as one array each")
    func interleaved() {
        let contract = TestContract(WildReplyTests.several)
        let xml = of("<t:c>0</t:c><t:a>1</t:a><t:b>2</t:b><t:a>3</t:a><t:b>4</t:b>")
        #expect(contract.read(xml, refuses: true) == #"{"c":0,"a":[1,3],"b":[2,4]}"#)
    }

    @Test("no namespace where one is due, and the reverse")
    func namespaces() {
        let contract = TestContract(WildReplyTests.several)
        #expect(contract.read("<r><a>1</a></r>") == #"{"a":[1]}"#)
        let unqualified = TestContract(WildReplyTests.several, attributes: "")
        #expect(unqualified.read(of("<t:a>1</t:a>")) == #"{"a":[1]}"#)
        #expect(
            contract.read(of("<u:a xmlns:u=\"urn:u\">1</u:a>"))
                == #"{"@any":["<u:a xmlns:u=\"urn:u\">1</u:a>"]}"#)
    }

    @Test("refuse refuses a child of another namespace, which report reports, by its path")
    func refusedNamespace() {
        let contract = TestContract(WildReplyTests.several)
        let xml = of("<u:a xmlns:u=\"urn:u\">1</u:a>")
        let refused = contract.read(xml, refuses: true)
        #expect(refused.hasPrefix("refused: /t:r/u:a") || refused.contains("/t:r/"), "\(refused)")
        #expect(refused.contains("not known here"), "\(refused)")
    }

    @Test("a second one of a single element is unknown")
    func second() {
        let contract = TestContract(WildReplyTests.several)
        let xml = of("<t:a>1</t:a><t:c>2</t:c><t:c>3</t:c>")
        #expect(
            contract.read(xml) == #"{"a":[1],"c":2,"@any":["<t:c xmlns:t=\"urn:t\">3</t:c>"]}"#)
    }

    @Test("a second one of a single element is the wildcard's, where one takes it")
    func secondOfWildcard() {
        let contract = TestContract(
            sequence(
                "<xs:element name=\"c\" type=\"xs:int\"/><xs:any processContents=\"lax\" "
                    + "minOccurs=\"0\" maxOccurs=\"9\"/>")
                + "<xs:element name=\"c\" type=\"xs:int\"/>")
        let json = #"{"c":2,"@any":[{"c":3}]}"#
        #expect(contract.write(json) == of("<t:c>2</t:c><t:c>3</t:c>"))
        #expect(contract.read(of("<t:c>2</t:c><t:c>3</t:c>"), refuses: true) == json)
    }

    @Test("xsi:nil anywhere")
    func nilAnywhere() {
        let contract = TestContract(WildReplyTests.several)
        let xml = "<r xmlns:i=\"http://www.w3.org/2001/XMLSchema-instance\"><a i:nil=\"1\"/></r>"
        #expect(contract.read(xml) == #"{"a":[null]}"#)
    }

    @Test("redundant xsi:type and foreign attributes are dropped")
    func redundantTypes() {
        let contract = TestContract(WildReplyTests.several)
        let xml = """
            <r xmlns:i="http://www.w3.org/2001/XMLSchema-instance"
              xmlns:x="http://www.w3.org/2001/XMLSchema"
              i:schemaLocation="a b"><a i:type="x:int" id="q">1</a></r>
            """
        #expect(contract.read(xml) == #"{"a":[1]}"#)
    }

    static let defaults = sequence(
        "<xs:element name=\"a\" type=\"xs:int\" default=\"7\"/><xs:element name=\"b\" "
            + "type=\"xs:string\" minOccurs=\"0\" default=\"x\"/>",
        attributes: "<xs:attribute name=\"k\" type=\"xs:int\" default=\"3\"/>"
            + "<xs:attribute name=\"v\" type=\"xs:string\" use=\"required\" fixed=\"1.0\"/>")

    @Test("absent attributes and empty elements are filled in, absent elements are not")
    func filled() {
        let contract = TestContract(WildReplyTests.defaults)
        #expect(contract.read(of("<t:a/>")) == #"{"k":3,"v":"1.0","a":7}"#)
        #expect(contract.read(of("<t:a>1</t:a><t:b/>")) == #"{"k":3,"v":"1.0","a":1,"b":"x"}"#)
    }

    @Test("a required member with a default may be left out, and is written")
    func written() {
        let contract = TestContract(WildReplyTests.defaults)
        #expect(contract.write("{}") == of("<t:a>7</t:a>", " v=\"1.0\""))
    }

    @Test("a default that its own type refuses is a warning and not filled in")
    func badDefault() {
        let contract = TestContract(
            sequence("", attributes: "<xs:attribute name=\"k\" type=\"xs:int\" default=\"x\"/>"))
        #expect(contract.problems.map(\.severity) == [.warning])
        #expect(contract.read(of("")) == "{}")
    }

    @Test("numbers towards XML")
    func numbers() {
        let int = TestContract("<xs:element name=\"r\" type=\"xs:integer\"/>")
        #expect(int.write("1.0") == of("1"))
        #expect(int.write("12e2") == of("1200"))
        #expect(int.write("-120e-1") == of("-12"))
        let decimal = TestContract("<xs:element name=\"r\" type=\"xs:decimal\"/>")
        #expect(decimal.write("1.50") == of("1.50"))
        #expect(decimal.write("1.5e-3") == of("0.0015"))
        #expect(decimal.write("15e2") == of("1500"))
        #expect(decimal.write("1.25e1") == of("12.5"))
    }

    @Test("arrays: print")
    func emptyArrays() {
        var naming = NamingOptions()
        naming.printsEmptyArrays = true
        let contract = TestContract(WildReplyTests.several, naming: naming)
        #expect(contract.read(of("<t:a>1</t:a>")) == #"{"a":[1],"b":[]}"#)
    }

    @Test("a reader that is let go of is gone")
    func lifetime() {
        let contract = TestContract(WildReplyTests.several)
        weak var reader: PlanReader?
        do {
            let owner = ElementReader(plans: contract.plans, elements: [contract.element])
            let document = Document()
            owner.begin(into: document)
            let xml = Array(of("<t:a>1</t:a>").utf8)
            xml.withUnsafeBytes { try? owner.feed($0) }
            try? owner.finish()
            reader = owner.reader
            withExtendedLifetime(document) { #expect(document.root?.json == #"{"a":[1]}"#) }
        }
        #expect(reader == nil)
    }
}
