// SPDX-License-Identifier: Apache-2.0
// Scalars of templates and the expressions in them, taken apart.

import Testing

@testable import DragomanMapping

@Suite("TemplateText")
struct TemplateTextTests {
    typealias Part = TemplateText.Part

    @Test(
        "takes scalars apart",
        arguments: [
            ("plain", [Part.text("plain")]),
            ("", [.text("")]),
            ("${a}", [.expression("a", offset: 2)]),
            ("a ${b} c", [.text("a "), .expression("b", offset: 4), .text(" c")]),
            ("$${a} $ {x} $", [.text("${a} $ {x} $")]),
            ("${'}'}", [.expression("'}'", offset: 2)]),
            ("${{'a': 1}}x", [.expression("{'a': 1}", offset: 2), .text("x")]),
            ("${r'\\'}", [.expression("r'\\'", offset: 2)]),
            ("${\"a\\\"}\"}", [.expression("\"a\\\"}\"", offset: 2)]),
            ("${'''a'}''b'''}", [.expression("'''a'}''b'''", offset: 2)]),
            ("ä${x}", [.text("ä"), .expression("x", offset: 4)]),
        ])
    func parts(_ source: String, _ parts: [Part]) throws {
        #expect(try TemplateText(source).parts == parts)
    }

    @Test("knows an expression that has no end", arguments: ["${a", "x ${'}", "${{}"])
    func unclosed(_ source: String) {
        #expect(throws: TemplateText.Unclosed.self) { try TemplateText(source) }
    }
}

@Suite("ExpressionParser")
struct ExpressionParserTests {
    private func parse(_ source: String) throws -> ExpressionSyntax {
        try ExpressionParser.parse(source)
    }

    @Test("reads references with their places")
    func reference() throws {
        guard case .reference(let reference) = try parse(" body.order[\"a b\"][2] // why") else {
            Issue.record("no reference")
            return
        }
        #expect(reference.root == "body")
        #expect(reference.offset == 1)
        #expect(reference.steps.map(\.step) == [.member("order"), .member("a b"), .item(2)])
        #expect(reference.steps.map(\.offset) == [6, 12, 19])
    }

    @Test(
        "reads literals",
        arguments: [
            ("'a\\n\\u00e9\\x41\\101'", ExpressionSyntax.string("a\né\u{41}A")),
            ("r\"a\\n\"", .string("a\\n")),
            ("'''a'b'''", .string("a'b")),
            ("-12", .number("-12", isInteger: true)),
            ("1.50e3", .number("1.50e3", isInteger: false)),
            ("007", .number("7", isInteger: true)),
            ("true", .bool(true)),
            ("null", .null),
        ])
    func literal(_ source: String, _ syntax: ExpressionSyntax) throws {
        #expect(try parse(source) == syntax)
    }

    @Test("binds operators as CEL does")
    func precedence() throws {
        let syntax = try parse("!a.x == b.y && c.z || (d.u != 'q')")
        guard case .or(.and(.equal(.not, .reference), .reference), .not(.equal)) = syntax else {
            Issue.record("\(syntax)")
            return
        }
    }

    @Test(
        "tells what is wrong from what is not carried",
        arguments: [
            ("a.b + 1", true, 4), ("a.size()", true, 2), ("a.?b", true, 2), ("x ? 1 : 2", true, 2),
            ("a.", false, 2), ("a = b", false, 2), ("'x", false, 0), ("", false, 0),
            ("has(a)", false, 0), ("(a.b", false, 4), ("a.b)", false, 3), ("b'x'", true, 0),
            ("[1]", true, 0), ("a < b", true, 2), ("0x1F", true, 0), ("'\\q'", false, 1),
        ])
    func mistakes(_ source: String, _ isUnsupported: Bool, _ offset: Int) {
        do throws(ExpressionSyntaxError) {
            let syntax = try ExpressionParser.parse(source)
            Issue.record("\(syntax)")
        } catch {
            #expect(error.isUnsupported == isUnsupported)
            #expect(error.offset == offset)
        }
    }

    @Test("is bounded in depth")
    func depth() {
        let source = String(repeating: "(", count: 5_000) + "a"
        #expect(throws: ExpressionSyntaxError.self) { try ExpressionParser.parse(source) }
        let negations = String(repeating: "!", count: 50_000) + "a.b"
        #expect(throws: Never.self) { try ExpressionParser.parse(negations) }
    }
}
