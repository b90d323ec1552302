// SPDX-License-Identifier: Apache-2.0
// Our reading of YAML: values, places, and what is refused.

import Testing

@testable import DragomanMapping

/// Reads a text; the tree, and `code line:column message` of what was wrong.
func read(_ text: String) -> (node: YAMLNode?, problems: [String]) {
    let collector = DiagnosticCollector()
    let node = YAMLReader.read(SourceText(path: "t.yaml", text: text), into: collector)
    let problems = collector.sorted.map { "\($0.code) \($0.line):\($0.column) \($0.message)" }
    return (node, problems)
}

@Suite("YAMLReader")
struct YAMLReaderTests {
    @Test(
        "resolves scalars by the core schema",
        arguments: [
            ("true", .boolean(true)), ("false", .boolean(false)), ("True", .string("True")),
            ("NO", .string("NO")), ("yes", .string("yes")), ("on", .string("on")), ("", .null),
            ("~", .null), ("null", .null), ("0", .integer("0")), ("007", .integer("7")),
            ("-12", .integer("-12")), ("+12", .integer("12")), ("0x1F", .integer("31")),
            ("0o17", .integer("15")), ("017", .integer("17")), ("1_000", .string("1_000")),
            ("12345678901234567890123", .integer("12345678901234567890123")),
            ("0xFFFFFFFFFFFFFFFFFF", .integer("4722366482869645213695")),
            ("1.10", .number("1.10")), (".5", .number("0.5")), ("5.", .number("5.0")),
            ("1e3", .number("1e3")), ("-1.E+3", .number("-1E+3")), ("1e", .string("1e")),
            (".", .string(".")), ("-", .string("-")), ("1.2.3", .string("1.2.3")),
            (".inf", .infinity(isNegative: false)), ("-.INF", .infinity(isNegative: true)),
            (".nan", .notANumber), ("-.nan", .string("-.nan")), ("12:30", .string("12:30")),
            ("2024-01-01", .string("2024-01-01")), ("0x", .string("0x")), ("0o8", .string("0o8")),
        ] as [(String, YAMLValue)])
    func resolves(_ text: String, _ value: YAMLValue) {
        #expect(YAMLValue(plain: text) == value)
    }

    @Test("keeps order, places, styles and source text")
    func places() throws {
        let (node, problems) = read(
            """
            # comment
            one: 007
            'two': ["a", é, 'c''d']
            three:
              deep: |
                text
              über: >-
                folded
                text
            """)
        #expect(problems.isEmpty)
        let root = try #require(node)
        #expect(root.pairs?.map(\.name) == ["one", "two", "three"])
        #expect(root["one"]?.text == "007")
        #expect(root["one"]?.position == SourcePosition(line: 2, column: 6))
        #expect(root["one"]?.width == 3)
        let items = try #require(root["two"]?.items)
        #expect(items.map(\.text) == ["a", "é", "c'd"])
        #expect(items.map(\.style) == [.doubleQuoted, .plain, .singleQuoted])
        #expect(items[2].position == SourcePosition(line: 3, column: 17))
        #expect(root["three"]?["deep"]?.style == .literal)
        #expect(root["three"]?["über"]?.text == "folded text")
        #expect(root["three"]?.pair("über")?.key.position == SourcePosition(line: 7, column: 3))
        #expect(root["two"]?.style == .flow)
    }

    @Test("takes a byte order mark, CRLF, JSON and an empty file")
    func kinds() throws {
        #expect(read("\u{FEFF}a: 1\r\nb: 2\r\n").node?["b"]?.text == "2")
        #expect(read("\u{FEFF}a: 1").node?.pairs?.first?.key.position.column == 1)
        #expect(read(#"{"a":1,"b":[true,null]}"#).node?["b"]?.items?.count == 2)
        #expect(read("").node?.isNull == true)
        #expect(read("# only\n").node?.isNull == true)
        #expect(read("%YAML 1.2\n---\na: 1\n...\n").problems.isEmpty)
    }

    @Test("refuses duplicate keys, tags, merge keys and keys that are no strings, all at once")
    func refusals() {
        let (node, problems) = read(
            """
            a: 1
            b: !!str 2
            a: 3
            base: &base { x: 1 }
            c: { <<: *base }
            ? [k]
            : v
            """)
        #expect(node != nil)
        #expect(
            problems == [
                "yaml-tag 2:4 tags are not allowed",
                "duplicate-key 3:1 the key `a` is here twice",
                "yaml-merge-key 5:6 merge keys are not YAML 1.2",
                "yaml-key 6:3 a list is no key",
            ])
    }

    @Test("finds a duplicate among many keys")
    func manyKeys() {
        let lines = (0..<100).map { "k\($0): \($0)" }
        let (node, problems) = read((lines + ["k3: x", "k99: y"]).joined(separator: "\n"))
        #expect(node?.pairs?.count == 100)
        #expect(problems.count == 2)
    }

    @Test("refuses a second document")
    func documents() {
        let (node, problems) = read("a: 1\n---\nb: 2\n")
        #expect(node?["a"]?.text == "1")
        #expect(problems == ["yaml-documents 2:1 a second document begins here"])
    }

    @Test("locates broken syntax")
    func syntax() {
        #expect(read("a: [1, 2\nb: 3\n").problems.first?.hasPrefix("yaml-syntax 2:") == true)
        #expect(read("a:\n\tb: 1\n").problems.first?.hasPrefix("yaml-syntax 2:1") == true)
        #expect(read("a: \"x\n").node == nil)
        let broken = SourceText(path: "t", bytes: Array("a: 1\nb: \u{C3}".utf8) + [0xFF])
        let collector = DiagnosticCollector()
        #expect(YAMLReader.read(broken, into: collector) == nil)
        #expect(collector.diagnostics.first?.line == 2)
    }

    @Test("expands aliases within a bound")
    func aliases() {
        let (node, problems) = read("a: &x { y: [1, 2] }\nb: *x\nc: [*x, *x]\n")
        #expect(problems.isEmpty)
        #expect(node?["c"]?.items?[1]["y"]?.items?.count == 2)
        #expect(read("a: *none\n").problems.first?.hasPrefix("yaml-alias 1:4") == true)
        #expect(read("a: &a [*a]\n").problems.first?.hasPrefix("yaml-alias 1:8") == true)
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<12 {
            let items = Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ")
            bomb += "a\(level): &a\(level) [\(items)]\n"
        }
        #expect(read(bomb).problems.contains { $0.contains("stand for too much") })
    }

    @Test("bounds nesting, also by way of aliases")
    func depth() {
        let deep = String(repeating: "[", count: 200) + String(repeating: "]", count: 200)
        #expect(read(deep).problems.first?.hasPrefix("yaml-depth") == true)
        let wide = String(repeating: "[", count: 100_000)
        #expect(!read(wide).problems.isEmpty)
        var chain = "a0: &a0 [x]\n"
        for level in 1..<200 { chain += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        #expect(read(chain).problems.contains { $0.hasPrefix("yaml-depth") })
    }

    @Test("survives every cut and every changed byte of a file")
    func fuzz() {
        let text = Array(
            """
            service: a
            routes:
              GET /x/{y}: { call: "a${b}", request: &r { a: [1, ~, 'q''q'] } }
              POST /z: { request: *r }
              note: |-
                text
            """.utf8)
        for count in 0..<text.count {
            _ = YAMLReader.read(
                SourceText(path: "t", bytes: Array(text[..<count])), into: DiagnosticCollector())
        }
        var random = SeededGenerator(state: 7)
        for _ in 0..<2_000 {
            var bytes = text
            for _ in 0..<3 {
                let index = Int.random(in: 0..<bytes.count, using: &random)
                bytes[index] = UInt8.random(in: 0...255, using: &random)
            }
            let collector = DiagnosticCollector()
            let node = YAMLReader.read(SourceText(path: "t", bytes: bytes), into: collector)
            #expect(node != nil || collector.hasErrors)
        }
    }
}
