// SPDX-License-Identifier: Apache-2.0
// Patterns mean what ECMA-262 means by them, by whichever way they are matched.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Pattern")
struct PatternTests {
    static let examples: [(String, String, Bool)] = [
        ("^a+$", "aaa", true), ("^a+$", "aab", false), ("a+", "xxay", true), ("", "", true),
        ("^$", "", true), ("^$", "\n", false), ("a$", "a\n", false), ("^.$", "é", true),
        ("^.$", "💩", true), ("^..$", "💩", false), ("^.$", "\u{2028}", false),
        ("^.$", "\u{85}", true), ("\\d", "٣", false), ("\\D", "٣", true), ("^\\w$", "é", false),
        ("^\\s$", "\u{FEFF}", true), ("^\\s$", "\u{85}", false), ("^\\S$", "\u{3000}", false),
        ("^[^a]$", "\n", true), ("^[\\s\\S]$", "\n", true), ("[]", "a", false),
        ("^[^]$", "\n", true), ("^\\cC$", "\u{3}", true), ("^\\u{1F4A9}$", "💩", true),
        ("^\\uD83D\\uDCA9$", "💩", true), ("^[\\b]$", "\u{8}", true), ("^a{2,3}$", "aaaa", false),
        ("^a{2,}$", "aaaa", true), ("^(?:a|bc)*$", "abca", true), ("^(a)\\1$", "aa", true),
        ("^(?<x>a)\\k<x>$", "ab", false), ("^(?=.*\\d).{3,}$", "ab1", true),
        ("^(?!x)", "xy", false), ("(?<=a)b", "ab", true), ("\\bfoo\\b", "a foo b", true),
        ("\\bfoo\\b", "foot", false), ("^\\p{Lu}+$", "ÀB", true), ("^\\P{Lu}+$", "ÀB", false),
        ("^\\p{Script=Greek}$", "α", true), ("^[\\p{L}\\d]+$", "é1", true),
        ("^[^\\p{L}]+$", "12", true), ("^\\-\\_\\@$", "-_@", true), ("^[\\w-.]+$", "a-.", true),
        ("^a{,2}$", "a{,2}", true), ("^]}$", "]}", true), ("a|^b$", "b", true),
        ("^(a|b$)", "bc", false), ("$^", "", true), ("x*y|^$", "", true), ("\\0", "\0", true),
        ("^[a-z]{1,255}@[0-9]{2,100}$", "abc@12", true),
        ("^[a-z]{1,255}@[0-9]{2,100}$", "abc@1", false), ("^.{1,1000}$", "ééé", true),
        ("^.{2,1000}$", "é", false), ("^\\S{1,300}!$", "ab", false),
        ("^(?:a|b|cd)(?<=b|cd)$", "cd", true), ("^(?:a|b|cd)(?<!b|cd)$", "b", false),
    ]

    @Test("matches as ECMA-262 says", arguments: examples)
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        let context = EvaluationContext()
        #expect(try Pattern(pattern).matches(text, context) == expected)
        #expect(context.abortion == nil)
    }

    @Test(
        "refuses what ECMA-262 has not",
        arguments: [
            "(", ")", "a)", "(?i)a", "(?P<n>a)", "a**", "+a", "a++", "\\a", "\\Z", "\\A", "\\z",
            "[z-a]", "[a", "a{3,2}", "\\1", "(?<a>x)(?<a>y)", "\\k<b>", "\\p{Foo}", "\\p", "\\u12",
            "\\x1", "a\\", "(?#c)", "^*", "\\b+", "(?>a)", "\\07", "\\u{110000}",
        ])
    func refuses(_ pattern: String) {
        #expect(throws: PatternError.self) { try Pattern(pattern) }
    }

    /// Small patterns over two letters, all of which fit a table.
    private static func random(_ generator: inout Seeded, _ depth: Int) -> String {
        switch Int(generator.next() % (depth > 3 ? 4 : 9)) {
        case 0: "a"
        case 1: "b"
        case 2: "[ab]"
        case 3: "."
        case 4: random(&generator, depth + 1) + random(&generator, depth + 1)
        case 5: "(" + random(&generator, depth + 1) + "|" + random(&generator, depth + 1) + ")"
        case 6:
            "(?:" + random(&generator, depth + 1) + ")"
                + ["*", "+", "?", "{2}", "{1,3}"][
                    Int(generator.next() % 5)]
        case 7: "^" + random(&generator, depth + 1)
        default: random(&generator, depth + 1) + "$"
        }
    }

    @Test("tables and PCRE2 agree")
    func agreement() throws {
        var generator = Seeded(42)
        let context = EvaluationContext()
        for _ in 0..<400 {
            let source = Self.random(&generator, 0)
            guard let pattern = try? Pattern(source) else { continue }
            // An empty look-ahead changes nothing, and keeps it from being a table.
            let other = try Pattern("(?:" + source + ")(?=)")
            #expect(pattern.code.pointee.rows != nil)
            #expect(other.code.pointee.rows == nil)
            for text in ["", "a", "b", "ab", "ba", "aab", "abab", "bbb", "c", "ca\nb"] {
                context.begin()
                let found = pattern.matches(text, context)
                #expect(found == other.matches(text, context), "\(source) on \(text)")
            }
        }
    }

    @Test("a limit is a refusal, also inside not")
    func limit() throws {
        let text = "\"" + String(repeating: "a", count: 200) + "!\""
        for schema in [
            #"{"pattern":"^(a+)+\\b$"}"#, #"{"not":{"pattern":"^(a+)+\\b$"}}"#,
            #"{"anyOf":[{"pattern":"^(a+)+\\b$"},true]}"#,
            #"{"if":{"pattern":"^(a+)+\\b$"},"else":true}"#,
        ] {
            let program = try compile(schema)
            let document = json(text)
            let root = try #require(document.root)
            let context = EvaluationContext()
            let verdict = program.verdict(root, context)
            #expect(verdict == .aborted || schema.contains("anyOf") || schema.contains("if"))
            if verdict == .aborted {
                #expect(context.abortion == .patternLimit)
                #expect(program.complaints(text).map { $0.prefix(8) } == [" pattern"])
            }
        }
    }

    @Test("linear where it can be")
    func linear() throws {
        let context = EvaluationContext()
        let text = String(repeating: "a", count: 200_000) + "!"
        for source in ["^(a+)+$", "(a*)*b", "(a|aa)+$", "^[a-z]*[a-z]*[a-z]*$"] {
            #expect(try !Pattern(source).matches(text, context))
        }
        #expect(context.abortion == nil)
    }
}
