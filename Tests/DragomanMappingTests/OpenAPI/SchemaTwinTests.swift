// SPDX-License-Identifier: Apache-2.0
// An OpenAPI document has each of a contract's types once.

import DragomanDocument
import DragomanMapping
import Foundation
import Testing

@Suite("OpenAPI schemas that say the same")
struct SchemaTwinTests {
    @Test("a type of several operations is one component; one that differs is another")
    func shared() throws {
        var files: [String: [UInt8]] = [:]
        files["gateway.yaml"] = Array("upstreams: { s: { url: \"http://127.0.0.1:1\" } }".utf8)
        for (name, type) in [("a", "string"), ("b", "string"), ("c", "integer")] {
            files["schemas/\(name).json"] = Array(
                """
                {"type": "object", "properties": {"tree": {"$ref": "#/$defs/Tree"}}, "$defs": {
                  "Tree": {"type": "object", "properties": {
                    "leaf": {"$ref": "#/$defs/Leaf"},
                    "trees": {"type": "array", "items": {"$ref": "#/$defs/Tree"}}}},
                  "Leaf": {"type": "\(type)"}}}
                """.utf8)
        }
        files["mappings/s.yaml"] = Array(
            """
            service: s
            backend: { http: {} }
            routes:
              POST /a: { accepts: a.json }
              POST /b: { accepts: b.json }
              POST /c: { accepts: c.json }
            """.utf8)
        let plan = try #require(GatewayLoader.load(files: files).plan)
        let description = try Document.reading(plan.openAPI)
        try withExtendedLifetime(description) {
            let schemas = try #require(
                description.root?.member(named: "components")?.member(named: "schemas"))
            let names = schemas.members.map(\.name.string).filter {
                $0.hasPrefix("Tree") || $0.hasPrefix("Leaf")
            }
            #expect(Set(names) == ["Tree", "Leaf", "Tree_2", "Leaf_2"])
            #expect(schemas.member(named: "Leaf_2")?.json == #"{"type":"integer"}"#)
            #expect(schemas.member(named: "Tree_2")?.json.contains("schemas/Leaf_2") == true)
        }
    }
}
