// SPDX-License-Identifier: Apache-2.0
// Drafts, vocabularies, references, and what is refused at load.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Dialects and references")
struct DialectTests {
    private func problems(
        _ schema: String, _ options: SchemaOptions = SchemaOptions(),
        resolver: @escaping (String) -> Document? = { _ in nil }
    ) -> [String] {
        do throws(SchemaProblems) {
            _ = try SchemaCompiler(options: options, resolver: resolver)
                .compile(document: json(schema), baseURI: "test:schema")
            return []
        } catch {
            return error.all.map { "\($0.pointer): \($0.sentence)" }
        }
    }

    static let drafts: [(String, String, String, Bool)] = [
        ("draft-04", #"{"type":"integer"}"#, "1.0", false),
        ("draft-06", #"{"type":"integer"}"#, "1.0", true),
        ("draft-04", #"{"maximum":3,"exclusiveMaximum":true}"#, "3", false),
        ("draft-04", #"{"maximum":3,"exclusiveMaximum":false}"#, "3", true),
        ("draft-04", #"{"const":1}"#, "2", true),
        ("draft-06", #"{"const":1}"#, "2", false),
        ("draft-06", #"{"if":true,"then":false}"#, "2", true),
        ("draft-07", #"{"if":true,"then":false}"#, "2", false),
        ("draft-07", #"{"items":[{"type":"null"}],"additionalItems":false}"#, "[null,1]", false),
        ("draft-07", #"{"dependencies":{"a":["b"],"c":{"required":["d"]}}}"#, #"{"c":1}"#, false),
        (
            "draft-07", ##"{"definitions":{"a":true},"$ref":"#/definitions/a","type":"null"}"##,
            "1", true
        ),
        ("draft/2019-09", ##"{"$defs":{"a":true},"$ref":"#/$defs/a","type":"null"}"##, "1", false),
        (
            "draft-06", ##"{"$ref":"#a","definitions":{"a":{"$id":"#a","type":"null"}}}"##, "1",
            false
        ),
        ("draft/2019-09", #"{"contains":true,"unevaluatedItems":false}"#, "[1]", false),
        ("draft/2020-12", #"{"contains":true,"unevaluatedItems":false}"#, "[1]", true),
        ("draft/2019-09", #"{"prefixItems":[false]}"#, "[1]", true),
        ("draft/2019-09", #"{"dependencies":{"a":["b"]}}"#, #"{"a":1}"#, false),
        ("draft/2020-12", #"{"dependencies":{"a":{"required":["b"]}}}"#, #"{"a":1}"#, false),
        (
            "draft/2019-09",
            ##"{"$recursiveAnchor":true,"properties":{"a":{"$recursiveRef":"#"}},"type":"object"}"##,
            #"{"a":{"a":1}}"#, false
        ),
    ]

    @Test("each draft means its own", arguments: drafts)
    func draft(_ name: String, _ schema: String, _ instance: String, _ expected: Bool) throws {
        let scheme = name.hasPrefix("draft-") ? "http" : "https"
        let hash = name.hasPrefix("draft-") ? "#" : ""
        let declared =
            #"{"$schema":"\#(scheme)://json-schema.org/\#(name)/schema\#(hash)","#
            + schema.dropFirst()
        let program = try compile(declared)
        #expect(program.isValid(instance) == expected)
        #expect(program.complaints(instance).isEmpty == expected)
    }

    @Test("the outermost $recursiveAnchor counts")
    func recursive() throws {
        let tree = #"""
            {"$schema":"https://json-schema.org/draft/2019-09/schema","$id":"https://e.x/tree",
             "$recursiveAnchor":true,"type":"object",
             "properties":{"children":{"items":{"$recursiveRef":"#"}}}}
            """#
        let strict = #"""
            {"$schema":"https://json-schema.org/draft/2019-09/schema","$id":"https://e.x/strict",
             "$recursiveAnchor":true,"$ref":"tree","unevaluatedProperties":false}
            """#
        let program = try compile(strict) { $0 == "https://e.x/tree" ? json(tree) : nil }
        #expect(program.isValid(#"{"children":[{"children":[]}]}"#))
        #expect(!program.isValid(#"{"children":[{"x":1}]}"#))
        #expect(program.complaints(#"{"children":[{"x":1}]}"#).count == 1)
    }

    static let refused: [(String, [String])] = [
        (#"{"$schema":"https://e.x/d"}"#, ["/$schema: the dialect https://e.x/d is not known"]),
        (#"{"type":"strin"}"#, ["/type: "]),
        (
            #"{"properties":{"a":{"minLength":-1}}}"#,
            ["/properties/a/minLength: must be at least 0"]
        ),
        (#"{"properties":{"a":7}}"#, ["/properties/a: must be"]),
        (##"{"$ref":"#/$defs/a"}"##, ["/$ref: the reference #/$defs/a names nothing"]),
        (
            #"{"$ref":"other.json"}"#,
            ["/$ref: the reference other.json names test:other.json, which is not here"]
        ),
        (#"{"pattern":"("}"#, ["/pattern: the pattern ( can not be used: a '(' is never closed"]),
        (##"{"$ref":"#"}"##, [": the schema refers to itself without going deeper into the value"]),
        (
            ##"{"$defs":{"a":{"anyOf":[{"$ref":"#/$defs/a"}]}},"$ref":"#/$defs/a"}"##,
            ["/$defs/a: the schema refers to itself without going deeper into the value"]
        ),
        (#"{"multipleOf":0}"#, ["/multipleOf: must be greater than 0"]),
        ("3", [": a schema must be an object or a boolean"]),
    ]

    @Test("wrong schemas are refused with their place", arguments: refused)
    func refuses(_ schema: String, _ expected: [String]) {
        let found = problems(schema)
        #expect(found.count >= expected.count)
        for (message, start) in zip(found, expected) { #expect(message.hasPrefix(start)) }
    }

    @Test("vocabularies that are required and unknown are refused, others not")
    func vocabularies() throws {
        func meta(_ isRequired: Bool) -> String {
            #"""
            {"$id":"https://e.x/meta","$schema":"https://json-schema.org/draft/2020-12/schema",
             "$vocabulary":{"https://json-schema.org/draft/2020-12/vocab/core":true,
              "https://json-schema.org/draft/2020-12/vocab/applicator":true,
              "https://e.x/vocab":\#(isRequired)}}
            """#
        }
        let schema = #"{"$schema":"https://e.x/meta","type":"string","properties":{"a":false}}"#
        let program = try compile(schema) { $0 == "https://e.x/meta" ? json(meta(false)) : nil }
        #expect(program.isValid("1"))
        #expect(!program.isValid(#"{"a":1}"#))
        let found = problems(schema) { $0 == "https://e.x/meta" ? json(meta(true)) : nil }
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("/$schema: the dialect https://e.x/meta requires") == true)
    }

    @Test("unknown keywords are annotations, unless that is asked for")
    func unknownKeywords() {
        var options = SchemaOptions()
        #expect(problems(#"{"properites":{"a":false},"x-a":1}"#) == [])
        options.refusesUnknownKeywords = true
        #expect(
            problems(#"{"properites":{"a":false},"x-a":1}"#, options)
                == [
                    #"/properites: the keyword "properites" is not known here, and has no effect; "#
                        + #"did you mean "properties"?"#
                ])
    }

    private func warnings(_ schema: String) throws -> [String] {
        let compiler = SchemaCompiler()
        _ = try compiler.compile(document: json(schema), baseURI: "test:schema")
        return compiler.takeWarnings().map { "\($0.pointer): \($0.sentence)" }
    }

    @Test("what has no effect is told")
    func withoutEffect() throws {
        #expect(
            try warnings(
                #"{"properites":{},"x-a":1,"items":{"maxlength":1,"odd":1},"contains":{"odd":1}}"#)
                == [
                    "/properites: the keyword \"properites\" is not known here, and has no effect; "
                        + "did you mean \"properties\"?",
                    "/contains/odd: the keyword \"odd\" is not known here, and has no effect",
                    "/items/maxlength: the keyword \"maxlength\" is not known here, and has no "
                        + "effect; did you mean \"maxLength\"?",
                ])
        #expect(
            try warnings(
                #"{"$schema":"http://json-schema.org/draft-07/schema#","prefixItems":[],"$comment":""}"#
            ) == ["/prefixItems: the keyword \"prefixItems\" has no effect in draft 7"])
        #expect(
            try warnings(#"{"format":"emial"}"#) == [
                "/format: the format \"emial\" is not known, and checks nothing; "
                    + "did you mean \"email\"?"
            ])
        #expect(try warnings(#"{"title":"a","readOnly":true,"definitions":{},"$defs":{}}"#) == [])
    }

    @Test("one problem is told once, by what is closest to it")
    func once() {
        #expect(
            problems(#"{"properties":{"a":{"type":"strin"},"b":{"minLength":-1}}}"#) == [
                "/properties/a/type: must be one of \"array\", \"boolean\", \"integer\", \"null\", "
                    + "\"number\", \"object\" or \"string\"; did you mean \"string\"?",
                "/properties/b/minLength: must be at least 0",
            ])
    }

    @Test("nothing is fetched, and the message says what to do instead")
    func network() {
        let found = problems(#"{"$ref":"https://e.x/a.json"}"#)
        #expect(found.count == 1)
        #expect(found.first?.contains("nothing is ever fetched") == true)
    }

    @Test("programs of one document share it, each from its own schema")
    func shared() throws {
        let document = json(
            ##"{"$defs":{"a":{"type":"array","items":{"$ref":"#/$defs/b"}},"b":{"type":"null"}}}"##)
        let compiler = SchemaCompiler()
        let a = try compiler.compile(document: document, baseURI: "d:x", pointer: "/$defs/a")
        let b = try compiler.compile(document: document, baseURI: "d:x", pointer: "/$defs/b")
        let c = try compiler.compile(uri: "d:x#/$defs/b")
        #expect(a.isValid("[null]") && !a.isValid("[1]") && !a.isValid("null"))
        #expect(b.isValid("null") && !b.isValid("[null]"))
        #expect(c.isValid("null") && !c.isValid("1"))
    }

    @Test("a schema that failed fails those that need it, and no others")
    func failures() throws {
        let document = json(
            ##"""
            {"$defs":{"bad":{"pattern":"("},"good":{"type":"null"},
             "a":{"properties":{"x":{"$ref":"#/$defs/bad"},"y":{"$ref":"#/$defs/good"}}},
             "b":{"properties":{"x":{"$ref":"#/$defs/bad"}}},
             "c":{"properties":{"y":{"$ref":"#/$defs/good"}}}}}
            """##)
        let compiler = SchemaCompiler()
        for name in ["a", "b", "a"] {
            do throws(SchemaProblems) {
                _ = try compiler.compile(
                    document: document, baseURI: "d:x", pointer: "/$defs/" + name)
                Issue.record("\(name) should fail")
            } catch {
                #expect(error.all.map(\.pointer) == ["/$defs/bad/pattern"])
            }
        }
        let program = try compiler.compile(
            document: document, baseURI: "d:x", pointer: "/$defs/c")
        #expect(program.isValid(#"{"y":null}"#) && !program.isValid(#"{"y":1}"#))
    }

    @Test("values and references without end are refused, not followed")
    func depth() throws {
        let nested = try compile(##"{"items":{"$ref":"#"}}"##)
        let document = json(
            String(repeating: "[", count: 900) + String(repeating: "]", count: 900))
        let deep = json(String(repeating: "[", count: 9000) + String(repeating: "]", count: 9000))
        let context = EvaluationContext()
        #expect(try nested.verdict(#require(document.root), context) == .valid)
        #expect(try nested.verdict(#require(deep.root), context) == .aborted)
        #expect(context.abortion == .depth)
        #expect(try nested.violations(of: #require(deep.root), context).violations.count == 1)
        let endless = try compile(
            ##"{"$id":"http://e.x/","$dynamicAnchor":"m","allOf":[{"$dynamicRef":"#m"}]}"##)
        #expect(try endless.verdict(#require(document.root), context) == .aborted)
    }

    @Test("references between files follow each file's own place")
    func files() throws {
        let program = try SchemaCompiler { uri in
            switch uri {
            case "file:///s/dir/a.json": json(#"{"items":{"$ref":"../b.json#/$defs/n"}}"#)
            case "file:///s/b.json": json(#"{"$defs":{"n":{"type":"number"}}}"#)
            default: nil
            }
        }.compile(document: json(#"{"$ref":"dir/a.json"}"#), baseURI: "file:///s/root.json")
        #expect(program.isValid("[1]") && !program.isValid(#"["a"]"#))
    }
}
