// SPDX-License-Identifier: Apache-2.0
// A valid document costs no memory: what an evaluation needs is kept from the one before. That
// nothing is allocated on the way either is counted by `make bench`, in a program of one thread.

import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("Memory of an evaluation")
struct AllocationTests {
    private let schema = """
        {"$id": "http://x/s", "$dynamicAnchor": "node", "type": "object",
         "required": ["kind"], "unevaluatedProperties": false,
         "properties": {
           "kind": {"enum": ["a", "b"]}, "mail": {"type": "string", "format": "email"},
           "many": {"type": "array", "uniqueItems": true, "contains": {"const": 7}},
           "sum": {"type": "number", "multipleOf": 0.01, "maximum": 1e3},
           "map": {"type": "object", "propertyNames": {"pattern": "^[a-z]+$"},
             "patternProperties": {"^x": {"type": "integer"}},
             "additionalProperties": {"type": ["string", "null"], "maxLength": 9}},
           "next": {"$dynamicRef": "#node"}, "when": {"format": "date-time"},
           "code": {"type": "string", "pattern": "^(?!0)[0-9]{3,}$"}},
         "oneOf": [
           {"required": ["a"], "properties": {"kind": {"const": "a"}, "a": {"type": "integer"}}},
           {"required": ["b"], "properties": {"kind": {"const": "b"}, "b": {"type": "string"}}}],
         "dependentRequired": {"mail": ["kind"]}, "not": {"required": ["forbidden"]},
         "if": {"required": ["sum"]}, "then": {"required": ["when"]}}
        """

    private let instance = """
        {"kind": "a", "a": 1, "mail": "ada@example.org", "sum": 12.34, "code": "123",
         "when": "2026-11-21T10:00:00Z", "map": {"x": 1, "y": "two", "z": null},
         "many": [1, 2, 3, 4, 5, 6, 7, "8", [9], {"ten": 10}, 11, 12],
         "next": {"kind": "b", "b": "inner", "next": {"kind": "a", "a": 2}}}
        """

    @Test("what a context holds does not grow from one valid document to the next")
    func valid() throws {
        let compiler = SchemaCompiler()
        let program = try compiler.compile(
            document: try Document.reading(schema), baseURI: "http://x/s")
        let document = try Document.reading(instance)
        let root = try #require(document.root)
        let context = EvaluationContext()
        #expect(program.isValid(root, context))
        let before = context.bytesKept
        for _ in 0..<100 { #expect(program.isValid(root, context)) }
        #expect(context.bytesKept == before)
        withExtendedLifetime(document) {}
    }
}
