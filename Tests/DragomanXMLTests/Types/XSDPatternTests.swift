// SPDX-License-Identifier: Apache-2.0
// Patterns of XML Schema: what they match, what they cost, and how ECMA says them.

import Testing

@testable import DragomanXML

@Suite("XSDPattern")
struct XSDPatternTests {
    @Test(
        "matches the whole text",
        arguments: [
            ("[0-9]{3}", "123", true), ("[0-9]{3}", "1234", false), ("a|bc", "bc", true),
            ("a|bc", "abc", false), ("(ab)*", "", true), ("(ab)+c?", "ababc", true),
            ("[a-z-[aeiou]]+", "xyz", true), ("[a-z-[aeiou]]+", "xaz", false),
            ("[^a]", "b", true), ("\\d+", "٣4", true), ("\\p{Lu}\\p{Ll}*", "Ärger", true),
            ("\\i\\c*", "a:b-1", true), ("\\P{L}", "1", true), ("\\p{IsGreek}+", "αβ", true),
            (".", "\n", false), ("\\.", ".", true), ("a{2,}", "a", false), ("a{0}", "", true),
            ("[\\-a]+", "-a", true), ("[a-]+", "a-", true), ("(a|b){1,2}", "ba", true),
            ("\\s*", " \t", true), ("\\w+", "ab_", false), ("\\w+", "ab1", true), ("", "", true),
        ])
    func matches(_ pattern: String, _ text: String, _ expected: Bool) throws {
        #expect(try XSDPattern(pattern).matches(text) == expected)
    }

    @Test(
        "what is no pattern", arguments: ["(", ")", "[a", "a{2,1}", "*", "\\q", "[z-a]", "\\p{Xx}"])
    func refused(_ pattern: String) {
        #expect(throws: XSDPatternError.self) { try XSDPattern(pattern) }
    }

    @Test("alternatives cost no more than text times pattern")
    func cost() throws {
        let pattern = try XSDPattern("(a|a)*(a|aa)*(a*)*b")
        #expect(!pattern.matches(String(repeating: "a", count: 5000)))
    }

    @Test(
        "in ECMA's syntax",
        arguments: [
            ("[A-Z]{2}", "^[A-Z]{2}$"), ("a|b", "^(?:a|b)$"),
            ("[a-z-[aeiou]]+", "^(?:(?![aeiou])[a-z])+$"), ("\\d.", "^[0-9][^\\n\\r]$"),
            ("a/b", "^a\\/b$"), ("\\p{IsBasicLatin}*", "^[\\t\\n\\r -\\u007F]*$"),
        ])
    func ecma(_ pattern: String, _ expected: String) throws {
        #expect(try XSDPattern(pattern).ecma == expected)
    }
}

@Suite("Lexical")
struct LexicalTests {
    @Test(
        "literals of built-in types",
        arguments: [
            (BuiltInType.date, "2024-02-29", true), (.date, "2023-02-29", false),
            (.date, "2023-02-28+14:00", true), (.date, "0000-01-01", false),
            (.date, "12023-01-01", true), (.date, "-0001-01-01Z", true),
            (.dateTime, "2023-01-01T24:00:00", true), (.dateTime, "2023-01-01T24:00:01", false),
            (.dateTime, "2023-01-01T10:00:00.123Z", true), (.dateTime, "2023-01-01", false),
            (.time, "10:00:00", true), (.time, "10:60:00", false), (.gYear, "2023", true),
            (.gMonthDay, "--02-29", true), (.gMonth, "--12", true), (.gDay, "---31", true),
            (.duration, "P1Y2M3DT4H5M6.7S", true), (.duration, "P", false),
            (.duration, "PT", false), (.duration, "P1H", false), (.duration, "-PT1M", true),
            (.decimal, "+.5", true), (.decimal, "1e5", false), (.decimal, ".", false),
            (.integer, "-007", true), (.integer, "1.0", false), (.double, "1.5E-3", true),
            (.double, "INF", true), (.double, "Infinity", false), (.boolean, "1", true),
            (.boolean, "yes", false), (.hexBinary, "0aF", false), (.hexBinary, "0aFF", true),
            (.base64Binary, "QQ==", true), (.base64Binary, "Q===", false),
            (.base64Binary, "QQ=a", false), (.language, "en-GB", true), (.language, "e_", false),
            (.NCName, "a:b", false), (.Name, "a:b", true), (.NMTOKEN, "1a", true),
            (.QName, "p:l", true), (.QName, "p:", false),
        ])
    func literals(_ type: BuiltInType, _ text: String, _ expected: Bool) {
        let bytes = Array(text.utf8)
        #expect(bytes.withUnsafeBytes { Lexical.isValid($0, type) } == expected)
    }
}
