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

    @Test("hierarchical nests as the schemas do")
    func hierarchical() throws {
        let text = try output(#"[{"x":1},{"x":"a"}]"#, .hierarchical)
        let document = json(text)
        let root = try #require(document.root)
        #expect(root.member("valid")?.bool == false)
        #expect(root.member("keywordLocation")?.string == "")
        let items = try #require(root.value(at: "/errors/0"))
        #expect(items.member("keywordLocation")?.string == "/items")
        let type = try #require(
            items.value(at: "/errors/0/errors/0/errors/0/errors/0/errors/0/errors/0"))
        #expect(type.member("keywordLocation")?.string == "/items/$ref/properties/x/type")
        #expect(type.member("instanceLocation")?.string == "/1/x")
    }
}
