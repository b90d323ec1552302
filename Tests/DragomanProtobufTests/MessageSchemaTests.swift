// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of messages. What it means is tested where schemas are evaluated; here, what it
// says.

import DragomanDocument
import DragomanProtobuf
import Foundation
import Testing

@Suite("MessageSchema", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct MessageSchemaTests {
    static let contract = Result {
        try Protoc.contract(
            source: """
                syntax = "proto3";
                package t;
                import "google/protobuf/timestamp.proto";
                import "google/protobuf/struct.proto";
                // A colour.
                enum Color { RED = 0; GREEN = 1; }
                // A tree
                // of things.
                message Tree {
                  // What it is called.
                  string display_name = 1;
                  repeated Tree children = 2;
                  map<int32, Color> colors = 3;
                  oneof one { int64 big = 4; bytes raw = 5; }
                  google.protobuf.Timestamp at = 6;
                  google.protobuf.Value any = 7 [deprecated = true];
                  Tree parent = 8;
                }
                """)
    }

    static func schema(
        _ use: MessageSchemaUse, omitting: [String] = [],
        _ options: ProtoJSONOptions = ProtoJSONOptions()
    ) throws -> [String: Any] {
        let contract = try contract.get()
        let index = try #require(contract.messageIndex(named: "t.Tree"))
        let document = contract.jsonSchema(of: index, use, options, omitting: omitting)
        let json = try #require(document.root?.json)
        return try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
    }

    static func same(_ value: Any?, _ json: String) throws -> Bool {
        let expected = try JSONSerialization.jsonObject(
            with: Data(json.utf8), options: .fragmentsAllowed)
        return (value as? NSObject) == (expected as? NSObject)
    }

    @Test("describes what ProtoJSON reads")
    func request() throws {
        let schema = try MessageSchemaTests.schema(.request)
        #expect(schema["$schema"] as? String == "https://json-schema.org/draft/2020-12/schema")
        #expect(schema["$ref"] as? String == "#/$defs/t.Tree")
        #expect(schema["type"] as? String == "object")
        let definitions = try #require(schema["$defs"] as? [String: Any])
        #expect(Set(definitions.keys) == ["t.Tree", "t.Color"])
        let tree = try #require(definitions["t.Tree"] as? [String: Any])
        #expect(tree["title"] as? String == "Tree")
        #expect(tree["description"] as? String == "A tree\nof things.")
        #expect(try MessageSchemaTests.same(tree["type"], #"["object","null"]"#))
        #expect(try MessageSchemaTests.same(tree["additionalProperties"], "false"))
        let properties = try #require(tree["properties"] as? [String: Any])
        #expect(properties.count == 9)
        func property(_ name: String, _ json: String) throws {
            #expect(try MessageSchemaTests.same(properties[name], json), "\(name)")
        }
        try property(
            "displayName", #"{"description":"What it is called.","type":["string","null"]}"#)
        try property(
            "display_name", #"{"x-alias-of":"displayName","type":["string","null"]}"#)
        try property(
            "children",
            ##"{"type":["array","null"],"items":{"$ref":"#/$defs/t.Tree","type":"object"}}"##)
        try property(
            "colors",
            ##"{"type":["object","null"],"propertyNames":{"pattern":"^(?:0|-?[1-9][0-9]*)$"},"##
                + ##""additionalProperties":{"$ref":"#/$defs/t.Color","##
                + ##""type":["string","integer"]}}"##)
        try property("parent", ##"{"$ref":"#/$defs/t.Tree"}"##)
        try property("any", #"{"deprecated":true}"#)
        let none = #"{"properties":{"raw":{"type":"null"}}},{"properties":{"big":{"type":"null"}}}"#
        #expect(try MessageSchemaTests.same(tree["allOf"], "[{\"anyOf\":[\(none)]}]"))
        #expect(
            try MessageSchemaTests.same(
                definitions["t.Color"],
                #"{"title":"Color","description":"A colour.","type":["string","integer","null"],"#
                    + #""minimum":-2147483648,"maximum":2147483647,"#
                    + #""if":{"type":"string"},"then":{"enum":["RED","GREEN"]}}"#))
    }

    @Test("leaves out what paths and parameters set, also deep inside")
    func omitting() throws {
        let schema = try MessageSchemaTests.schema(
            .request, omitting: ["display_name", "parent.displayName"])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        let name = try #require(schema["$ref"] as? String).dropFirst(8)
        let tree = try #require(definitions[String(name)] as? [String: Any])
        let properties = try #require(tree["properties"] as? [String: Any])
        #expect(properties["displayName"] == nil && properties["display_name"] == nil)
        let parent = try #require(properties["parent"] as? [String: Any])
        #expect(parent["$ref"] as? String == "#/$defs/t.Tree-without-displayName")
        #expect(definitions["t.Tree"] != nil)
    }

    @Test("describes what is written")
    func reply() throws {
        let schema = try MessageSchemaTests.schema(
            .reply, ProtoJSONOptions(int64: .number, names: .proto))
        let definitions = try #require(schema["$defs"] as? [String: Any])
        let tree = try #require(definitions["t.Tree"] as? [String: Any])
        let properties = try #require(tree["properties"] as? [String: Any])
        #expect(properties.count == 8 && properties["displayName"] == nil)
        #expect(
            try MessageSchemaTests.same(
                properties["big"],
                #"{"type":"integer","minimum":-9223372036854775808,"maximum":9223372036854775807}"#)
        )
        #expect(try MessageSchemaTests.same(tree["type"], #""object""#))
    }

    @Test("is made for every message of googleapis and the conformance suite")
    func all() throws {
        for contract in [try ContractTests.googleapis.get(), try Suites.conformance.get()] {
            for index in contract.messages.indices {
                let document = contract.jsonSchema(of: index)
                let text = try #require(document.root?.json)
                _ = try Document.reading(text)
            }
        }
    }
}
