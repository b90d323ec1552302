// SPDX-License-Identifier: Apache-2.0
// What load-time checks learn about a schema.
import Testing

@testable import DragomanDocument
@testable import DragomanSchema

@Suite("SchemaView")
struct SchemaViewTests {
    private func view(_ schema: String) throws -> SchemaView { try compile(schema).view }

    private func types(_ member: SchemaView.Member) -> SchemaTypes? {
        if case .known(let view) = member { view.types } else { nil }
    }

    @Test("sees members through references and allOf")
    func members() throws {
        let view = try view(
            #"""
            {"allOf":[{"$ref":"#/$defs/base"}],"properties":{"b":{"type":"integer"}},
             "required":["b"],
             "$defs":{"base":{"properties":{"a":{"type":["string","null"]}},"required":["a"]}}}
            """#)
        #expect(types(view.member("a")) == [.string, .null])
        #expect(types(view.member("b")) == .integer)
        #expect(view.isRequired("a") && view.isRequired("b") && !view.isRequired("c"))
        #expect(Set(view.memberNames) == ["a", "b"])
        #expect(view.allowsOtherMembers)
        guard case .anything = view.member("c") else {
            Issue.record("c should be anything")
            return
        }
    }

    @Test("knows closed objects")
    func closed() throws {
        for schema in [
            #"{"properties":{"a":true},"additionalProperties":false}"#,
            #"{"allOf":[{"properties":{"a":true}}],"unevaluatedProperties":false}"#,
            #"{"oneOf":[{"properties":{"a":true},"additionalProperties":false},{"type":"object","#
                + #""properties":{"b":true},"additionalProperties":false}]}"#,
        ] {
            let view = try view(schema)
            guard case .refused = view.member("zzz") else {
                Issue.record("zzz should be refused by \(schema)")
                continue
            }
            guard case .known = view.member("a") else {
                Issue.record("a should be known to \(schema)")
                continue
            }
            #expect(!view.allowsOtherMembers)
        }
    }

    @Test("is lenient about choices")
    func choices() throws {
        let view = try view(
            #"{"anyOf":[{"type":"string"},{"type":"array","items":{"type":"null"}}]}"#)
        #expect(view.types == [.string, .array])
        #expect(view.items?.types == .null)
        let tagged = try self.view(
            #"""
            {"oneOf":[{"properties":{"k":{"const":"a"},"v":{"type":"string"}},"required":["k"]},
                      {"properties":{"k":{"const":"b"},"v":{"type":"number"}},"required":["k"]}]}
            """#)
        #expect(types(tagged.member("v")) == [.string, .integer, .fraction])
        #expect(tagged.isRequired("k") && !tagged.isRequired("v"))
        guard case .known(let kind) = tagged.member("k") else { return }
        #expect(kind.enumeration?.map(\.json) == ["\"a\"", "\"b\""])
    }

    @Test("tells types, constants, formats and bounds")
    func values() throws {
        let view = try view(
            #"{"enum":["a",1,1.5,null],"format":"date","minLength":3,"pattern":"^a","default":"a"}"#
        )
        #expect(view.types == [.string, .integer, .fraction, .null])
        #expect(view.enumeration?.count == 4)
        #expect(view.format == "date")
        #expect(view.bound("minLength")?.int64 == 3)
        #expect(view.patterns == ["^a"])
        #expect(view.defaultValue?.string == "a")
        #expect(try self.view("false").types == [])
        #expect(try self.view("true").types == .all)
    }
}
