// SPDX-License-Identifier: Apache-2.0
// Replies that must be what their contract says (`on_mismatch: refuse`): how often elements stand
// and which stand together.

import DragomanDocument
import Testing

@testable import DragomanXML

struct CountingCase: Sendable, CustomTestStringConvertible {
    let name: String
    let schema: String
    let xml: String
    /// A part of the refusal; nil where the reply is right.
    let refusal: String?

    var testDescription: String { name }

    init(_ name: String, _ schema: String, _ xml: String, _ refusal: String?) {
        self.name = name
        self.schema = schema
        self.xml = xml
        self.refusal = refusal
    }
}

@Suite("Occurrences of refused replies")
struct CountingTests {
    private static func element(_ name: String, _ more: String = "") -> String {
        "<xs:element name=\"\(name)\" type=\"xs:int\" \(more)/>"
    }

    private static let several = sequence(
        element("a", "minOccurs=\"2\" maxOccurs=\"3\"") + element("b", "minOccurs=\"0\""))
    private static let choice = sequence(
        "<xs:choice>\(element("a"))<xs:sequence>\(element("b"))\(element("c"))</xs:sequence>"
            + "</xs:choice>" + element("d", "minOccurs=\"0\" maxOccurs=\"2\""))
    private static let groups = sequence(
        "<xs:sequence maxOccurs=\"2\">\(element("a"))\(element("b", "minOccurs=\"0\""))"
            + "</xs:sequence>")
    private static let optional = sequence(
        "<xs:choice minOccurs=\"0\">\(element("a"))\(element("b"))</xs:choice>")

    static let cases = [
        CountingCase("two to three", several, "<t:a>1</t:a><t:a>2</t:a>", nil),
        CountingCase("too few", several, "<t:a>1</t:a>", "\"a\" stands 1 times"),
        CountingCase(
            "too many", several, "<t:a>1</t:a><t:a>1</t:a><t:b>1</t:b><t:a>1</t:a><t:a>1</t:a>",
            "\"a\" stands 4 times, and may stand at most 3"),
        CountingCase("none", several, "", "the element is missing"),
        CountingCase("one branch", choice, "<t:a>1</t:a>", nil),
        CountingCase("in another order", choice, "<t:d>1</t:d><t:c>1</t:c><t:b>2</t:b>", nil),
        CountingCase(
            "two branches", choice, "<t:a>1</t:a><t:c>1</t:c>",
            "the elements \"a\", \"c\" do not go together"),
        CountingCase("half a branch", choice, "<t:b>1</t:b>", "the element \"c\" is missing"),
        CountingCase("no branch", choice, "<t:d>1</t:d>", "one of \"a\", \"b\", \"c\" is missing"),
        CountingCase(
            "too many beside a choice", choice, "<t:a>1</t:a><t:d>1</t:d><t:d>1</t:d><t:d>1</t:d>",
            "\"d\" stands 3 times"),
        CountingCase("groups", groups, "<t:a>1</t:a><t:b>1</t:b><t:a>2</t:a>", nil),
        CountingCase(
            "too many groups", groups, "<t:a>1</t:a><t:a>1</t:a><t:a>2</t:a>",
            "\"@sequence\" stands 3 times"),
        CountingCase(
            "an item without its element", groups, "<t:a>1</t:a><t:b>1</t:b><t:b>2</t:b>",
            "is missing"),
        CountingCase("an optional choice", optional, "", nil),
        CountingCase(
            "both of an optional choice", optional, "<t:a>1</t:a><t:b>1</t:b>", "together"),
    ]

    @Test("are judged where facets are", arguments: cases)
    func judged(_ each: CountingCase) {
        let contract = TestContract(each.schema)
        let answer = contract.read(of(each.xml), refuses: true, checksFacets: true)
        if let refusal = each.refusal {
            #expect(answer.hasPrefix("refused: /"))
            #expect(answer.contains(refusal), "\(answer)")
        } else {
            #expect(!answer.contains("refused"), "\(answer)")
        }
        #expect(!contract.read(of(each.xml)).contains("refused"))
    }

    @Test("of more members than a word has bits")
    func wide() {
        let body = (0..<70).map { CountingTests.element("m\($0)", "minOccurs=\"0\"") }.joined()
        let contract = TestContract(
            sequence(body + CountingTests.element("z", "maxOccurs=\"2\"")))
        let right = of("<t:m3>1</t:m3><t:m69>1</t:m69><t:z>1</t:z>")
        #expect(
            contract.read(right, refuses: true, checksFacets: true)
                == #"{"m3":1,"m69":1,"z":[1]}"#)
        let wrong = of("<t:z>1</t:z><t:z>1</t:z><t:z>1</t:z>")
        #expect(
            contract.read(wrong, refuses: true, checksFacets: true).contains("\"z\" stands 3"))
    }
}
