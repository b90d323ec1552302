// SPDX-License-Identifier: Apache-2.0
// ProtoJSON to the wire: what is accepted, what is refused, and what is said about it and where.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("WireWriter", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct WireWriterTests {
    static func plan() throws -> MessagePlan {
        try #require(
            try Suites.conformance.get().plan(
                named: "protobuf_test_messages.proto3.TestAllTypesProto3"))
    }

    /// What is refused: the detail, and the pointer of the place.
    static func refusal(_ json: String, _ options: ProtoJSONOptions = ProtoJSONOptions()) throws
        -> (detail: String, pointer: String?)
    {
        let document = try Document.reading(json)
        let output = OutputBuffer()
        output.append("kept")
        let root = try #require(document.root)
        let plan = try plan()
        do throws(TranslationError) {
            try plan.write(root, to: output, options)
        } catch {
            #expect(output.string == "kept")
            return (error.detail, error.place.flatMap { document.pointer(to: $0) })
        }
        return ("", nil)
    }

    @Test(
        "says what does not fit, and where",
        arguments: [
            (#"{"optionalInt32":2147483648}"#, "out of the range of an int32", "/optionalInt32"),
            (#"{"optionalUint32":-1}"#, "out of the range of a uint32", "/optionalUint32"),
            (#"{"optionalUint64":"18446744073709551616"}"#, "a uint64", "/optionalUint64"),
            (#"{"optionalInt64":1e30}"#, "an int64", "/optionalInt64"),
            (#"{"optionalInt32":1.5}"#, "1.5 is not a whole number", "/optionalInt32"),
            (#"{"optionalInt32":true}"#, "true is not an int32", "/optionalInt32"),
            (#"{"optionalInt32":"+1"}"#, "\"+1\" is not an int32", "/optionalInt32"),
            (#"{"optionalInt32":"01"}"#, "not an int32", "/optionalInt32"),
            (#"{"optionalInt32":""}"#, "not an int32", "/optionalInt32"),
            (#"{"optionalFloat":3.5e38}"#, "a float", "/optionalFloat"),
            (#"{"optionalDouble":"infinity"}"#, "a double", "/optionalDouble"),
            (#"{"optionalString":1}"#, "1 is not a string", "/optionalString"),
            (#"{"optionalBytes":"a"}"#, "not base64", "/optionalBytes"),
            (#"{"optionalBytes":"ab=c"}"#, "not base64", "/optionalBytes"),
            (#"{"optionalBytes":"abc=="}"#, "not base64", "/optionalBytes"),
            (#"{"optionalNestedEnum":"X"}"#, "not a name of the enum", "/optionalNestedEnum"),
            (#"{"optionalNestedEnum":2147483648}"#, "not the number", "/optionalNestedEnum"),
            (
                #"{"optionalNestedMessage":{"a":1,"nope":2}}"#, "\"nope\"",
                "/optionalNestedMessage/nope"
            ),
            (
                #"{"optionalNestedMessage":[]}"#, "an array is not an object",
                "/optionalNestedMessage"
            ),
            (#"{"repeatedInt32":{}}"#, "an object is not an array", "/repeatedInt32"),
            (#"{"repeatedInt32":[1,null]}"#, "null", "/repeatedInt32/1"),
            (#"{"repeatedNestedMessage":[{},{"a":"x"}]}"#, "\"x\"", "/repeatedNestedMessage/1/a"),
            (#"{"mapInt32Int32":{"1.0":1}}"#, "key of a map by integers", "/mapInt32Int32/1.0"),
            (#"{"mapInt32Int32":{"01":1}}"#, "key of a map", "/mapInt32Int32/01"),
            (#"{"mapInt32Int32":{"2147483648":1}}"#, "int32", "/mapInt32Int32/2147483648"),
            (#"{"mapBoolBool":{"TRUE":true}}"#, "booleans", "/mapBoolBool/TRUE"),
            (#"{"mapStringString":{"a":null}}"#, "null", "/mapStringString/a"),
            (#"{"oneofUint32":1,"oneofString":""}"#, "only one of oneofUint32,", "/oneofString"),
            (#"{"optional_int32":1,"optionalInt32":1}"#, "both its names", "/optionalInt32"),
            (#"{"optionalTimestamp":"2024-02-30T00:00:00Z"}"#, "timestamp", "/optionalTimestamp"),
            (#"{"optionalTimestamp":"2024-02-01T24:00:00Z"}"#, "timestamp", "/optionalTimestamp"),
            (#"{"optionalTimestamp":"2024-02-01t00:00:00Z"}"#, "timestamp", "/optionalTimestamp"),
            (
                #"{"optionalTimestamp":"0001-01-01T00:00:00+01:00"}"#, "RFC 3339",
                "/optionalTimestamp"
            ),
            (#"{"optionalDuration":"1.s"}"#, "duration", "/optionalDuration"),
            (#"{"optionalDuration":"1.0000000001s"}"#, "duration", "/optionalDuration"),
            (#"{"optionalFieldMask":"a_b"}"#, "field mask", "/optionalFieldMask"),
            (#"{"optionalStruct":[]}"#, "an array is not an object", "/optionalStruct"),
            (#"{"optionalStruct":{"a":1e400}}"#, "double", "/optionalStruct/a"),
            (#"{"optionalAny":{"value":1}}"#, "@type is required", "/optionalAny"),
            (#"{"optionalAny":{"@type":"x/no.Such"}}"#, "URL of a type", "/optionalAny/@type"),
            (#"{"optionalAny":{"@type":"no-slash"}}"#, "URL of a type", "/optionalAny/@type"),
            (
                #"{"optionalAny":{"@type":"x/google.protobuf.Duration","v":1}}"#,
                "value is required", "/optionalAny"
            ),
            (
                #"{"optionalAny":{"@type":"x/google.protobuf.Duration","value":"1s","v":1}}"#,
                "only @type and value", "/optionalAny/v"
            ),
            ("[]", "an array is not an object", ""), ("null", "null is not an object", ""),
        ])
    func refuses(_ json: String, _ detail: String, _ pointer: String) throws {
        let refusal = try WireWriterTests.refusal(json)
        #expect(refusal.detail.contains(detail), "\(refusal.detail)")
        #expect(refusal.pointer == pointer)
    }

    @Test(
        "accepts every spelling that ProtoJSON has",
        arguments: [
            (#"{"optionalInt32":1e3}"#, #"{"optionalInt32":"1000"}"#),
            (#"{"optionalInt32":1.0}"#, #"{"optionalInt32":1}"#),
            (#"{"optionalInt64":9007199254740993}"#, #"{"optionalInt64":"9007199254740993"}"#),
            (
                #"{"optionalUint64":1.8446744073709551615e19}"#,
                #"{"optionalUint64":"18446744073709551615"}"#
            ),
            (
                #"{"optionalInt64":-9223372036854775808}"#,
                #"{"optional_int64":"-9223372036854775808"}"#
            ),
            (#"{"optionalBytes":"-_8="}"#, #"{"optionalBytes":"+/8"}"#),
            (#"{"optionalFloat":"1.5"}"#, #"{"optionalFloat":1.5}"#),
            (#"{"optionalFloat":1.401298464324817e-45}"#, #"{"optionalFloat":1e-45}"#),
            (#"{"optionalFloat":16777217.0000000001}"#, #"{"optionalFloat":16777218}"#),
            (#"{"optionalNestedEnum":1}"#, #"{"optionalNestedEnum":"BAR"}"#),
            (#"{"optionalInt32":null,"repeatedInt32":null,"mapInt32Int32":null}"#, "{}"),
            (
                #"{"optionalTimestamp":"2024-01-31T12:00:00.5+01:00"}"#,
                #"{"optionalTimestamp":"2024-01-31T11:00:00.500Z"}"#
            ),
            (#"{"optionalDuration":"-0.5s"}"#, #"{"optionalDuration":"-0.500s"}"#),
            (
                #"{"optionalAny":{"@type":"x/google.protobuf.Empty"}}"#,
                #"{"optionalAny":{"@type":"x/google.protobuf.Empty","value":{}}}"#
            ),
            (#"{"optionalInt32Wrapper":null}"#, "{}"),
        ])
    func accepts(_ json: String, _ same: String) throws {
        let plan = try WireWriterTests.plan()
        #expect(try plan.wire(json) == plan.wire(same))
    }

    @Test("ignores unknown members and enum names where told to")
    func ignoring() throws {
        let plan = try WireWriterTests.plan()
        let ignore = ProtoJSONOptions(unknown: .ignore)
        #expect(try plan.wire(#"{"nope":{"a":[1]},"optionalInt32":1}"#, ignore) == [8, 1])
        #expect(try plan.wire(#"{"optionalNestedEnum":"NOPE"}"#, ignore).isEmpty)
        #expect(try plan.wire(#"{"repeatedNestedEnum":["NOPE"]}"#, ignore).isEmpty)
        let json = try plan.json(
            plan.wire(
                #"{"repeatedNestedEnum":["NOPE","BAR"],"#
                    + #""mapStringNestedEnum":{"a":"NOPE","b":"BAZ"}}"#,
                ignore))
        #expect(json == #"{"repeatedNestedEnum":["BAR"],"mapStringNestedEnum":{"b":"BAZ"}}"#)
    }

    @Test("writes long lengths and keeps what stands before")
    func lengths() throws {
        let plan = try WireWriterTests.plan()
        for count in [0, 1, 126, 127, 128, 129, 16_383, 16_384, 100_000] {
            let text = String(repeating: "x", count: count)
            let json = #"{"recursiveMessage":{"recursiveMessage":{"optionalString":"\#(text)"}}}"#
            let document = try Document.reading(json)
            let output = OutputBuffer(capacity: 64)
            let start = GRPCFrame.begin(output)
            let root = try #require(document.root)
            try plan.write(root, to: output)
            GRPCFrame.end(output, start)
            let wire = Array(output.bytes.dropFirst(5))
            let length = Array(output.bytes.prefix(5)).dropFirst().reduce(0) { $0 << 8 | Int($1) }
            #expect(length == wire.count)
            let expected = count == 0 ? #"{"recursiveMessage":{"recursiveMessage":{}}}"# : json
            #expect(try plan.json(wire) == expected)
        }
    }

    @Test("bounds nesting")
    func depth() throws {
        func nested(_ levels: Int, _ open: String, _ close: String) -> String {
            String(repeating: open, count: levels) + "{}" + String(repeating: close, count: levels)
        }
        let plan = try WireWriterTests.plan()
        _ = try plan.wire(nested(99, #"{"recursiveMessage":"#, "}"))
        for json in [
            nested(100, #"{"recursiveMessage":"#, "}"),
            #"{"optionalValue":"# + String(repeating: "[", count: 60)
                + String(repeating: "]", count: 60) + "}",
            #"{"optionalStruct":\#(nested(60, #"{"a":"#, "}"))}"#,
        ] {
            do {
                _ = try plan.wire(json)
                Issue.record("written")
            } catch let error as TranslationError { #expect(error.reason == .depth) }
        }
    }

    @Test("knows MessageSets")
    func messageSets() throws {
        let name = "protobuf_test_messages.proto2.TestAllTypesProto2.MessageSetCorrect"
        let plan = try #require(try Suites.conformance.get().plan(named: name))
        let json = "{\"[\(name)Extension1.message_set_extension]\":{\"str\":\"x\"}}"
        let wire = try plan.wire(json)
        #expect(wire == bytes("0b 10 f9bb5e 1a04 ca0101 78 0c"))
        #expect(try plan.json(wire) == json)
    }

    @Test("wants proto2's required fields, and refuses unknown numbers of closed enums")
    func proto2() throws {
        let contract = try Protoc.contract(
            source: """
                syntax = "proto2";
                message M {
                  required int32 the_id = 1;
                  optional E e = 2;
                  repeated E many = 3;
                  optional group Thing = 4 { optional int32 a = 1; }
                  extensions 100 to 200;
                }
                enum E { ONE = 1; TWO = 2; }
                extend M { optional string note = 100; }
                """)
        let plan = try #require(contract.plan(named: "M"))
        #expect(throws: TranslationError.self) { try plan.wire("{}") }
        #expect(throws: TranslationError.self) { try plan.wire(#"{"theId":null}"#) }
        #expect(throws: TranslationError.self) { try plan.wire(#"{"theId":1,"e":3}"#) }
        #expect(try plan.wire(#"{"the_id":0}"#) == [8, 0])
        #expect(
            try plan.wire(#"{"theId":1,"thing":{"a":5},"[note]":"x","many":["ONE",2]}"#)
                == bytes("0801 2308 0524 a2060178 1801 1802"))
        #expect(
            try plan.json(bytes("0801 1003 1803 1801 2308 0524 a2060178"))
                == #"{"theId":1,"many":["ONE"],"thing":{"a":5},"[note]":"x"}"#)
        #expect(try plan.json(bytes("0801 1803")) == #"{"theId":1}"#)
        #expect(throws: TranslationError.self) { try plan.json(bytes("1001")) }
        #expect(throws: TranslationError.self) { try plan.json(bytes("0801 2308 052c")) }
    }
}
