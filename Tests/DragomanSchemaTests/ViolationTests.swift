// SPDX-License-Identifier: Apache-2.0
// What a client is told: which place, which keyword, which sentence.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Violation")
struct ViolationTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let schema: String
        let instance: String
        let expected: [String]
        init(_ schema: String, _ instance: String, _ expected: [String]) {
            self.schema = schema
            self.instance = instance
            self.expected = expected
        }
        var testDescription: String { schema + " ← " + instance }
    }

    static let objects: [Case] = [
        Case(
            #"{"required":["id","name"]}"#, #"{"name":1}"#,
            [#" required: the member "id" is missing"#]),
        Case(
            #"{"properties":{"a":{"required":["x","y"]}}}"#, #"{"a":{}}"#,
            [
                #"/a required: the member "x" is missing"#,
                #"/a required: the member "y" is missing"#,
            ]),
        Case(
            #"{"properties":{"a":true},"additionalProperties":false}"#, #"{"b/c":1,"a":2}"#,
            [#"/b~1c additionalProperties: the member "b/c" is not allowed here"#]),
        Case(
            #"{"additionalProperties":{"type":"string"}}"#, #"{"b":1}"#,
            ["/b type: must be a string, not a number"]),
        Case(
            #"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"#,
            #"{"a":1,"z":1}"#,
            [#"/z unevaluatedProperties: the member "z" is not allowed here"#]),
        Case(
            #"{"propertyNames":{"maxLength":2}}"#, #"{"ab":1,"abc":1}"#,
            [
                #"/abc propertyNames: the name "abc" is not allowed: it must have at most "#
                    + "2 characters, but has 3"
            ]),
        Case(
            #"{"dependentRequired":{"a":["b"]}}"#, #"{"a":1}"#,
            [
                #" dependentRequired: the member "b" is missing, which must stand beside "a""#
            ]),
        Case(
            #"{"minProperties":1}"#, "{}",
            [" minProperties: must have at least 1 member, but has 0"]),
        Case(
            #"{"properties":{"a":false}}"#, #"{"a":1}"#,
            [#"/a properties: the member "a" is not allowed here"#]),
        Case(
            #"{"patternProperties":{"^x":{"type":"null"}}}"#, #"{"xa":1}"#,
            ["/xa type: must be null, not a number"]),
        Case(
            ##"{"properties":{"a":{"$ref":"#/$defs/s"}},"$defs":{"s":{"minLength":2}}}"##,
            #"{"a":"x"}"#, ["/a minLength: must have at least 2 characters, but has 1"]),
        Case("false", "1", [" false: nothing is allowed here"]),
    ]

    static let values: [Case] = [
        Case(
            #"{"type":"integer"}"#, "1.5",
            [" type: must be a whole number, not a number with a fraction"]),
        Case(
            #"{"type":["string","null"]}"#, "true",
            [" type: must be a string or null, not a boolean"]),
        Case(#"{"enum":["a","b",3]}"#, #""c""#, [#" enum: must be one of "a", "b" or 3"#]),
        // A name of XML in one spelling, and what only looks like another.
        Case(
            #"{"enum":["p:A","{u}A","{u}B"]}"#, "1",
            [#" enum: must be one of "p:A" or "{u}B""#]),
        Case(#"{"const":{"a":1}}"#, "2", [#" const: must be {"a":1}"#]),
        Case(#"{"minimum":3}"#, "2", [" minimum: must be at least 3"]),
        Case(#"{"exclusiveMaximum":3}"#, "3.0", [" exclusiveMaximum: must be less than 3"]),
        Case(#"{"multipleOf":0.01}"#, "0.015", [" multipleOf: must be a multiple of 0.01"]),
        Case(#"{"pattern":"^a+$"}"#, #""b""#, [" pattern: must match the pattern ^a+$"]),
        Case(
            #"{"format":"date"}"#, #""2026-02-30""#,
            [" format: must be a date, such as 2026-01-31"]),
        Case(#"{"not":{"type":"null"}}"#, "null", [" not: is what it must not be"]),
    ]

    static let arrays: [Case] = [
        Case(
            #"{"items":{"type":"string"},"maxItems":2}"#, #"["a",1,"c"]"#,
            [
                "/1 type: must be a string, not a number",
                " maxItems: must have at most 2 items, but has 3",
            ]),
        Case(
            #"{"prefixItems":[true],"items":false}"#, "[1,2]",
            ["/1 items: nothing is allowed here"]),
        Case(
            #"{"uniqueItems":true}"#, "[1,2,1.0]", [" uniqueItems: the items at 0 and 2 are equal"]),
        Case(
            #"{"contains":{"type":"null"}}"#, "[1]",
            [" contains: must hold at least 1 item of a certain kind, but holds 0"]),
        Case(
            #"{"contains":true,"maxContains":1}"#, "[1,2]",
            [" maxContains: must hold at most 1 item of a certain kind, but holds 2"]),
        Case(
            #"{"prefixItems":[true],"unevaluatedItems":false}"#, "[1,2]",
            ["/1 unevaluatedItems: nothing is allowed here"]),
    ]

    static let choices: [Case] = [
        Case(
            #"{"anyOf":[{"type":"string"},{"type":"object","required":["a"]}]}"#, "{}",
            [
                " anyOf: fits none of the 2 alternatives",
                #" required: the member "a" is missing"#,
            ]),
        Case(
            #"""
            {"oneOf":[
              {"properties":{"kind":{"const":"cat"},"lives":{"type":"integer"}},
               "required":["kind","lives"]},
              {"properties":{"kind":{"const":"dog"},"name":{"type":"string"}},
               "required":["kind","name"]}]}
            """#, #"{"kind":"dog","name":1}"#,
            [
                " oneOf: fits none of the 2 alternatives",
                "/name type: must be a string, not a number",
            ]),
        Case(
            #"{"oneOf":[{"minimum":1},{"minimum":2}]}"#, "3",
            [" oneOf: fits 2 alternatives, but must fit exactly one"]),
        Case(
            #"{"if":{"required":["a"]},"then":{"required":["b"]}}"#, #"{"a":1}"#,
            [#" required: the member "b" is missing"#]),
    ]

    @Test("says what is wrong, and where", arguments: objects + values + arrays + choices)
    func complaints(_ example: Case) throws {
        let program = try compile(example.schema)
        #expect(program.complaints(example.instance) == example.expected)
        #expect(!program.isValid(example.instance))
    }

    @Test("tells a hundred and counts the rest")
    func limit() throws {
        let program = try compile(#"{"items":{"type":"string"}}"#)
        let document = json("[" + (0..<250).map { "\($0)" }.joined(separator: ",") + "]")
        let root = try #require(document.root)
        let report = program.violations(of: root, EvaluationContext())
        #expect(report.violations.count == 100)
        #expect(report.omitted == 150)
        #expect(document.pointer(to: report.violations[99].place) == "/99")
    }

    @Test("names the place in the schema")
    func schemaLocation() throws {
        let schema =
            #"{"$id":"https://example.com/s","$defs":{"a b":{"type":"null"}},"#
            + ##""properties":{"x":{"$ref":"#/$defs/a b"}}}"##
        let document = json(#"{"x":1}"#)
        let root = try #require(document.root)
        let report = try compile(schema).violations(of: root, EvaluationContext())
        #expect(
            report.violations.map(\.schemaLocation)
                == ["https://example.com/s#/$defs/a%20b/type"])
    }

    @Test("keeps no more than it can say of a very wrong document")
    func veryWrong() throws {
        let program = try compile(#"{"items":{"items":{"type":"string"}}}"#)
        let row = "[" + repeatElement("1", count: 300).joined(separator: ",") + "]"
        let document = json("[" + repeatElement(row, count: 300).joined(separator: ",") + "]")
        let root = try #require(document.root)
        let report = program.violations(of: root, EvaluationContext())
        #expect(report.violations.count == 100)
        #expect(report.violations.allSatisfy { !$0.detail.isEmpty })
        #expect(report.omitted > 10_000)
    }

    @Test("the name that was probably meant is proposed")
    func suggestions() throws {
        let program = try compile(
            #"""
            {"properties":{"customer":true,"state":{"enum":["open","shipped"]}},
             "unevaluatedProperties":false,"anyOf":[{"properties":{"quantity":true}}]}
            """#)
        #expect(
            program.complaints(#"{"custmer":1,"quantiy":2,"state":"shiped","other":3}"#) == [
                "/state enum: must be one of \"open\" or \"shipped\"; did you mean \"shipped\"?",
                "/custmer unevaluatedProperties: the member \"custmer\" is not allowed here; "
                    + "did you mean \"customer\"?",
                "/quantiy unevaluatedProperties: the member \"quantiy\" is not allowed here; "
                    + "did you mean \"quantity\"?",
                "/other unevaluatedProperties: the member \"other\" is not allowed here",
            ])
        // What is there already was not meant.
        #expect(
            program.complaints(#"{"customer":1,"custmer":1}"#) == [
                "/custmer unevaluatedProperties: the member \"custmer\" is not allowed here"
            ])
    }
}
