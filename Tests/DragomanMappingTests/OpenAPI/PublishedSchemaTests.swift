// SPDX-License-Identifier: Apache-2.0
// What a description says of the route's own schemas: what the contract narrows of `accepts`,
// defaults of parameters, examples of streams, and names in other scripts.

import DragomanDocument
import Foundation
import Testing

@testable import DragomanMapping

@Suite("OpenAPI of what a mapping writes")
struct PublishedSchemaTests {
    private static func paths(_ routes: String) throws -> [String: Any] {
        let files = FixtureTests.orders("routes:\n" + routes)
        let loaded = GatewayLoader.load(files: files, describes: true)
        let plan = try #require(loaded.plan)
        let all = try JSONSerialization.jsonObject(with: Data(plan.openAPI.utf8))
        return try #require((all as? [String: Any])?["paths"] as? [String: Any])
    }

    private static func at(_ value: Any?, _ path: String...) -> Any? {
        path.reduce(value) { value, name in
            if let index = Int(name), let list = value as? [Any] {
                return index < list.count ? list[index] : nil
            }
            return (value as? [String: Any])?[name]
        }
    }

    @Test("ranges, lists of values and required members that the contract adds to `accepts`")
    func narrowed() throws {
        let paths = try Self.paths(
            """
              POST /list:
                call: ListOrders
                accepts:
                  type: object
                  properties:
                    who: { type: string }
                    size: { type: integer }
                    small: { type: integer, minimum: 0, maximum: 9 }
                    state: { type: string }
                request:
                  customer: "${body.who}"
                  page_size: "${body.size}"
                  status: "${body.state}"
            """)
        let schema = Self.at(
            paths, "/list", "post", "requestBody", "content", "application/json", "schema")
        let narrower = try #require(
            Self.at(schema, "allOf", "1", "properties") as? [String: Any], "\(schema ?? "nil")")
        #expect(Set(narrower.keys) == ["size", "state"])
        let size = Self.at(narrower["size"], "$ref") as? String
        #expect(size == "#/components/schemas/int32" || narrower["size"] != nil)
        #expect(Self.at(schema, "allOf", "0", "properties", "who", "type") as? String == "string")
    }

    @Test("a schema that says all of it is published as it stands")
    func same() throws {
        let paths = try Self.paths(
            """
              POST /list:
                call: ListOrders
                accepts:
                  type: object
                  properties: { size: { type: integer, minimum: 1, maximum: 50 } }
                request: { page_size: "${body.size}" }
            """)
        let schema = Self.at(
            paths, "/list", "post", "requestBody", "content", "application/json", "schema")
        #expect(Self.at(schema, "allOf") == nil, "\(schema ?? "nil")")
        #expect(Self.at(schema, "properties", "size", "maximum") as? Int == 50)
    }

    @Test("defaults of parameters, with a schema and without")
    func defaults() throws {
        let paths = try Self.paths(
            """
              GET /list:
                call: ListOrders
                parameters:
                  size: { in: query, schema: { type: integer }, default: 20 }
                  who: { in: query, default: all }
                request: { page_size: "${query.size}", customer: "${query.who}" }
            """)
        let parameters = try #require(
            Self.at(paths, "/list", "get", "parameters") as? [[String: Any]])
        let defaults = parameters.map { Self.at($0, "schema", "default") }
        #expect(defaults.contains { $0 as? Int == 20 }, "\(parameters)")
        #expect(defaults.contains { $0 as? String == "all" }, "\(parameters)")
    }

    @Test("a stream's example is the array of its messages")
    func stream() throws {
        let paths = try Self.paths(
            """
              GET /watch/{customer}:
                call: WatchOrders
                examples:
                  - name: two
                    request: { path: /watch/a }
                    responds: { status: 200, body: [{ id: "1" }, { id: "2" }] }
            """)
        let value = Self.at(
            paths, "/watch/{customer}", "get", "responses", "200", "content", "application/json",
            "examples", "two", "value")
        #expect((value as? [Any])?.count == 2, "\(paths)")
    }

    @Test(
        "names in other scripts are spelled in Latin letters",
        arguments: [
            ("Адрес", "Adres"), ("Имя", "Imya"), ("Щука-1", "Shchuka-1"), ("Δοκιμή", "Dokimi"),
            ("Größe", "Grosse"), ("Prénom", "Prenom"), ("a b", "a_b"), ("カナ", "kana"),
            ("注", "u6ce8"), ("plain.Name_1", "plain.Name_1"),
        ])
    func latin(_ name: String, _ expected: String) {
        #expect(ComponentName.latin(name) == expected)
    }
}
