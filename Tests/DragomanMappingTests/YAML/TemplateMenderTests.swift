// SPDX-License-Identifier: Apache-2.0
// Expressions that YAML takes apart: the message says so and prints the line mended.

import Testing

@testable import DragomanMapping

@Suite("TemplateMender")
struct TemplateMenderTests {
    @Test(
        "prints the mended line",
        arguments: [
            ("  request: { id: ${path.id} }", #"  request: { id: "${path.id}" }"#),
            ("  ids: [${a.b}, x, ${c}]", #"  ids: ["${a.b}", x, "${c}"]"#),
            (#"  note: ${b ? "x: y" : ""}"#, #"  note: '${b ? "x: y" : ""}'"#),
            ("  note: a ${b} c ${d ? 'x: y' : e}", #"  note: "a ${b} c ${d ? 'x: y' : e}""#),
            (#"  note: ${b + " #1"}"#, #"  note: '${b + " #1"}'"#),
            (
                #"  a: { x: ${ {"k": 'v'} }, y: 2 } # end"#,
                #"  a: { x: '${ {"k": ''v''} }', y: 2 } # end"#
            ),
            ("  - ${if a == 'x: y'}:", #"  - "${if a == 'x: y'}":"#),
            ("  a: { ${*}: x }", #"  a: { "${*}": x }"#),
            (#"  a: { b: pre-${c}-post, d: "${e}" }"#, #"  a: { b: "pre-${c}-post", d: "${e}" }"#),
        ])
    func mends(_ line: String, _ mended: String) {
        let collector = DiagnosticCollector()
        let text = "top: 1\nroot:\n" + line + "\nend: 2\n"
        let listed = line.contains("- ") ? text.replacing("end", with: "fin") : text
        _ = YAMLReader.read(SourceText(path: "t.yaml", text: listed), into: collector)
        #expect(collector.diagnostics.count == 1)
        let diagnostic = collector.diagnostics.first
        #expect(diagnostic?.code == "yaml-template-quotes")
        #expect(diagnostic?.line == 3)
        #expect(diagnostic?.suggestion == mended)
        // And the mended line is right.
        let fixed = listed.replacing(line, with: mended)
        #expect(read(fixed).problems.isEmpty, "\(read(fixed).problems)")
    }

    @Test("goes on after a mend and finds all of them")
    func severalLines() {
        let (node, problems) = read(
            """
            a: { x: ${one} }
            b:
              - [${two}]
            c: {
              y: ${three}
            }
            d: 1
            d: 2
            """)
        #expect(node?["c"]?["y"]?.text == "${three}")
        #expect(
            problems.map { $0.prefix(28) } == [
                "yaml-template-quotes 1:9 YAM", "yaml-template-quotes 3:6 YAM",
                "yaml-template-quotes 5:6 YAM", "duplicate-key 8:1 the key `d",
            ])
    }

    @Test("leaves alone what is right, and what is wrong for another reason")
    func others() {
        #expect(
            read(
                """
                a: ${x} and ${y.z}
                b: "${x ? 'a: b' : c}"
                ${*}: ${body}
                c:
                  - ${for item in body.items}:
                      q: ${item.q}
                d: $${x
                """
            ).problems.isEmpty)
        #expect(read("a: { x: ${one}, y: [ }").problems.first?.hasPrefix("yaml-syntax") == true)
        #expect(read("a: b: c").problems.first?.hasPrefix("yaml-syntax") == true)
    }
}

@Suite("Places inside scalars")
struct ScalarPositionTests {
    @Test(
        "finds the place of a byte of a scalar's text",
        arguments: [
            "a: plain é MARK", "a: 'it''s MARK'", #"a: "\u00e9\n\x41 MARK""#,
            "a: one\n  two MARK", "a: one\n\n  two MARK", "a: |\n  one\n  two MARK\n",
            "a: |\n    one\n\n    two\n      MARK\n", "a: >\n  one\n  two MARK\n",
            "a: >\n  one\n\n  two MARK\n", "a: \"one\n  two\\\n  MARK\"", "a: &anchor 'x MARK'",
            "a: >\n  one\n    more\n    MARK\n",
        ])
    func places(_ text: String) throws {
        let source = SourceText(path: "t", text: text)
        let node = try #require(
            YAMLReader.read(source, into: DiagnosticCollector())?.pairs?.first?.value)
        let value = try #require(node.text)
        let range = try #require(value.firstRange(of: "MARK"))
        let offset = value.utf8.distance(from: value.startIndex, to: range.lowerBound)
        let wanted = try #require(text.firstRange(of: "MARK"))
        let place = source.position(
            atOffset: text.utf8.distance(from: text.startIndex, to: wanted.lowerBound))
        #expect(source.position(in: node, utf8Offset: offset) == place)
    }
}
