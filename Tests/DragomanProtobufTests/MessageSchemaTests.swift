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
        #expect(Set(definitions.keys) == ["t.Tree", "t.Color", "int64"])
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
        let colors = try #require(properties["colors"] as? [String: Any])
        #expect(
            try MessageSchemaTests.same(
                colors["additionalProperties"],
                ##"{"$ref":"#/$defs/t.Color","type":["string","integer"]}"##))
        let names = try #require(colors["propertyNames"] as? [String: Any])
        #expect(names["x-expects"] as? String == "a whole number from -2147483648 to 2147483647")
        try property("big", ##"{"$ref":"#/$defs/int64"}"##)
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

    /// Texts, and whether they are of the type.
    static let texts: [(type: String, yes: [String], no: [String])] = [
        (
            "int32",
            [
                "0", "-0", "7", "2147483647", "-2147483648", "1.0", "1e8",
                "1.5e3", "9.25E+2", "-12e4", "20e0",
            ],
            [
                "", "+1", "01", "2147483648", "-2147483649", "1.5", "1.25e1", "3e9", "1e-1", "x",
                " 1",
            ]
        ),
        (
            "uint32", ["0", "4294967295", "5e8"], ["-1", "4294967296", "-5e2"]
        ),
        (
            "int64",
            [
                "9223372036854775807", "-9223372036854775808", "1234567890123456789", "9e17",
                "1.5e9",
                "3.1415926535e10",
            ],
            ["9223372036854775808", "-9223372036854775809", "1e30", "1.5e0", "1e-5"]
        ),
        (
            "uint64", ["18446744073709551615", "10000000000000000000"],
            ["18446744073709551616", "-1"]
        ),
    ]

    @Test("says which texts are integers of a type")
    func integers() throws {
        let contract = try Protoc.contract(
            source: """
                syntax = "proto3";
                package t;
                import "google/protobuf/timestamp.proto";
                import "google/protobuf/duration.proto";
                message All {
                  int32 a = 1; uint32 b = 2; int64 c = 3; uint64 d = 4; bytes e = 5;
                  google.protobuf.Timestamp f = 6; google.protobuf.Duration g = 7;
                  float h = 8; double i = 9;
                }
                """)
        let index = try #require(contract.messageIndex(named: "t.All"))
        let document = contract.jsonSchema(of: index)
        let json = try #require(withExtendedLifetime(document) { document.root?.json })
        let schema = try #require(
            try JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any])
        let definitions = try #require(schema["$defs"] as? [String: Any])
        func check(_ schema: Any?, _ yes: [String], _ no: [String]) throws {
            let pattern = try #require((schema as? [String: Any])?["pattern"] as? String)
            let expression = try NSRegularExpression(pattern: pattern)
            func matches(_ text: String) -> Bool {
                let whole = NSRange(text.startIndex..., in: text)
                return expression.firstMatch(in: text, range: whole) != nil
            }
            for text in yes { #expect(matches(text), "\(text) of \(pattern)") }
            for text in no { #expect(!matches(text), "\(text) of \(pattern)") }
        }
        for item in Self.texts { try check(definitions[item.type], item.yes, item.no) }
        let all = try #require(definitions["t.All"] as? [String: Any])
        let members = try #require(all["properties"] as? [String: Any])
        try check(
            members["e"], ["", "QQ", "QQ==", "QUI", "QUI=", "QUJD", "-_-_"],
            ["Q", "Q=", "QQ=", "QUJDR", "Q=Q=", "QUI=="])
        try check(
            members["f"],
            [
                "2024-02-29T23:59:59.123456789+14:00", "0001-01-01T00:00:00Z",
                "9999-12-31T23:59:59Z",
            ],
            [
                "2023-02-29T00:00:00Z", "0000-01-01T00:00:00Z", "2024-01-01T00:00:60Z",
                "2024-01-01T24:00:00Z", "2024-01-01T00:00:00", "0001-01-01T00:00:00+01:00",
            ])
        try check(
            members["g"], ["0s", "-1.5s", "315576000000s", "007s"],
            ["1", "315576000001s", "1.0000000001s", "s"])
        try check(
            members["h"], ["1e37", "0.5", "NaN", "-Infinity", "1e-50"], ["1e39", "1e38", "01"])
        try check(members["i"], ["1e307", "12e-5", "1"], ["1e309", "Inf", "1."])
    }

    @Test("of a large oneof takes one member")
    func largeOneof() throws {
        let fields = (1...20).map { "int32 f\($0) = \($0);" }.joined(separator: " ")
        let contract = try Protoc.contract(
            source: """
                syntax = "proto3";
                package t;
                message One { oneof o { \(fields) } }
                """)
        let index = try #require(contract.messageIndex(named: "t.One"))
        let document = contract.jsonSchema(of: index)
        let json = try #require(withExtendedLifetime(document) { document.root?.json })
        #expect(json.contains("\"oneOf\""))
        // The rule grows with the number of members, not with its square.
        #expect(json.utf8.count < 8_000)
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
