// SPDX-License-Identifier: Apache-2.0
// The specification's output forms.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Output")
struct OutputTests {
    private let schema = #"""
        {"$id":"https://e.x/p","title":"Polygon","$defs":{"point":{"type":"object",
         "properties":{"x":{"type":"number"}},"additionalProperties":false,"required":["x"]}},
         "type":"array","items":{"$ref":"#/$defs/point"},"minItems":2}
        """#

    private func output(_ instance: String, _ form: OutputForm) throws -> String {
        let document = json(instance)
        let program = try compile(schema)
        let output = program.output(of: document, form, EvaluationContext())
        return try withExtendedLifetime(output) { try #require(output.root).json }
    }

    @Test("flag")
    func flag() throws {
        #expect(try output("[]", .flag) == #"{"valid":false}"#)
        #expect(try output(#"[{"x":1},{"x":2}]"#, .flag) == #"{"valid":true}"#)
    }

    @Test("basic lists errors with all three locations")
    func basic() throws {
        let text = try output(#"[{"x":1},{"y":2}]"#, .basic)
        let document = json(text)
        let errors = try #require(document.root?.member("errors"))
        let missing = try #require(
            errors.items.first { $0.member("keywordLocation")?.string == "/items/$ref/required" })
        #expect(missing.member("instanceLocation")?.string == "/1")
        #expect(
            missing.member("absoluteKeywordLocation")?.string
                == "https://e.x/p#/$defs/point/required")
        #expect(missing.member("error")?.string == #"the member "x" is missing"#)
        #expect(
            errors.items.contains {
                $0.member("keywordLocation")?.string == "/items/$ref/additionalProperties"
            })
    }

    @Test("basic lists annotations of what is valid")
    func annotations() throws {
        let text = try output(#"[{"x":1},{"x":2}]"#, .basic)
        let document = json(text)
        let annotations = try #require(document.root?.member("annotations"))
        let title = try #require(
            annotations.items.first { $0.member("keywordLocation")?.string == "/title" })
        #expect(title.member("annotation")?.string == "Polygon")
        let names = try #require(
            annotations.items.first {
                $0.member("keywordLocation")?.string == "/items/$ref/properties"
            })
        #expect(names.member("annotation")?.json == #"["x"]"#)
        #expect(names.member("instanceLocation")?.string == "/0")
    }

    @Test("hierarchical has a unit for every schema applied, nested as they are")
    func hierarchical() throws {
        let text = try output(#"[{"x":1},{"x":"a"}]"#, .hierarchical)
        let document = json(text)
        let root = try #require(document.root)
        #expect(root.member("valid")?.bool == false)
        #expect(root.member("evaluationPath")?.string == "")
        #expect(root.member("schemaLocation")?.string == "https://e.x/p#")
        #expect(root.value(at: "/droppedAnnotations/title")?.string == "Polygon")
        let paths = ["/details/0/valid", "/details/1/valid"].map { root.value(at: $0)?.bool }
        #expect(paths == [true, false])
        let unit = try #require(root.value(at: "/details/1/details/0/details/0"))
        #expect(unit.member("evaluationPath")?.string == "/items/$ref/properties/x")
        #expect(
            unit.member("schemaLocation")?.string == "https://e.x/p#/$defs/point/properties/x")
        #expect(unit.member("instanceLocation")?.string == "/1/x")
        #expect(unit.value(at: "/errors/type")?.string == "must be a number, not a string")
        #expect(unit.member("annotations") == nil)
    }

    @Test("hierarchical keeps what if, not and contains looked at")
    func hierarchicalChoices() throws {
        let program = try compile(
            #"{"if":{"title":"a"},"then":{"title":"b"},"not":false,"contains":{"const":1}}"#)
        let document = json("[2,1]")
        let output = program.output(of: document, .hierarchical, EvaluationContext())
        let root = try #require(output.root)
        var paths: [String] = []
        for unit in try #require(root.member("details")).items {
            let isValid = unit.member("valid")?.bool == true
            paths.append((unit.member("evaluationPath")?.string ?? "") + (isValid ? "" : "!"))
        }
        withExtendedLifetime(output) {
            #expect(paths == ["/if", "/then", "/not!", "/contains!", "/contains"])
        }
        #expect(root.member("valid")?.bool == true)
        #expect(root.value(at: "/annotations/contains")?.json == "[1]")
    }

    @Test("what can not be found out is an error in every form", arguments: OutputForm.allCases)
    func aborted(_ form: OutputForm) throws {
        let program = try compile(##"{"not":{"pattern":"^(\\w|a|\\w\\w|(?=b)b)*$"}}"##)
        let document = json("\"" + String(repeating: "a", count: 3000) + "!\"")
        let output = program.output(of: document, form, EvaluationContext())
        #expect(output.root?.member("valid")?.bool == false)
        let text = output.root?.json ?? ""
        #expect(form == .flag || text.contains("took more steps than are allowed"))
        withExtendedLifetime(output) {}
    }
}
