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
