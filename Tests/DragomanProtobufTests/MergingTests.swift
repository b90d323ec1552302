// SPDX-License-Identifier: Apache-2.0
// Messages that come in pieces, and message sets: what protobuf's own parsers make of them.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("Messages in pieces", .enabled(if: Protoc.path != nil, "no protoc here"))
struct MergingTests {
    static let contract = Result {
        try Protoc.contract(
            source: """
                syntax = "proto2";
                package t;
                import "google/protobuf/timestamp.proto";
                message M {
                  optional Inner inner = 1;
                  optional google.protobuf.Timestamp when = 2;
                  optional Set set = 3;
                }
                message Inner { required int32 a = 1; optional int32 b = 2; }
                message Set { option message_set_wire_format = true; extensions 4 to max; }
                message X {
                  extend Set { optional X x = 1000; }
                  optional int32 i = 1;
                }
                """)
    }

    static func plan() throws -> MessagePlan {
        try #require(try contract.get().plan(named: "t.M"))
    }

    @Test(
        "puts together what no piece is alone",
        arguments: [
            ("0a02 1005 0a02 0801", #"{"inner":{"a":1,"b":5}}"#),
            // A timestamp's first piece is out of range; the second takes its place.
            (
                "120a 08ffffffffffffffff7f 1203 088827",
                #"{"when":"1970-01-01T01:23:20Z"}"#
            ),
        ])
    func pieces(_ wire: String, _ json: String) throws {
        #expect(try MergingTests.plan().json(bytes(wire)) == json)
    }

    @Test(
        "reads a message set's items, whatever their order",
        arguments: [
            "1a09 0b 10e807 1a02 0805 0c", "1a09 0b 1a02 0805 10e807 0c",
            // The first type and the first message count.
            "1a0c 0b 10e807 1a02 0805 10e907 0c", "1a0d 0b 10e807 1a02 0805 1a02 0806 0c",
            // From a writer that knows no message sets.
            "1a05 c23e 02 0805", "1a0a 0b 10e907 1a03 000000 0c c23e 02 0805",
        ])
    func messageSets(_ wire: String) throws {
        let given = bytes(wire)
        let whole = [given[0], UInt8(given.count - 2)] + given.dropFirst(2)
        #expect(try MergingTests.plan().json(whole) == #"{"set":{"[t.X.x]":{"i":5}}}"#)
    }

    @Test("still misses what no piece has")
    func missing() throws {
        #expect(throws: TranslationError.self) {
            try MergingTests.plan().json(bytes("0a02 1005 0a02 1006"))
        }
    }

    @Test("refuses a tag of more than five bytes")
    func tags() throws {
        #expect(throws: TranslationError.self) {
            try MergingTests.plan().json(bytes("8a8080808000 02 0801"))
        }
    }
}
