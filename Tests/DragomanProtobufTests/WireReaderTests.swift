// SPDX-License-Identifier: Apache-2.0
// What comes from the wire: any order, repetition and merging that the wire form allows, and
// whatever else bytes can be.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("WireReader", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct WireReaderTests {
    static let source = """
        syntax = "proto3";
        package t;
        import "google/protobuf/struct.proto";
        import "google/protobuf/any.proto";
        import "google/protobuf/wrappers.proto";
        import "google/protobuf/timestamp.proto";
        message Inner { int32 a = 1; string b = 2; repeated int32 list = 3; Inner inner = 4; }
        enum Color { RED = 0; GREEN = 1; BLUE = -1; }
        message M {
          int32 i = 1;
          string s = 2;
          Inner inner = 3;
          repeated int32 numbers = 4;
          repeated Inner inners = 5;
          map<string, Inner> map = 6;
          map<int32, string> texts = 7;
          oneof one { int32 x = 8; Inner y = 9; string z = 10; }
          Color color = 11;
          google.protobuf.Struct data = 12;
          google.protobuf.Any any = 13;
          google.protobuf.Int64Value wrapped = 14;
          optional bool flag = 15;
          double d = 16;
          float f = 17;
          sint64 n = 18;
          bytes raw = 19;
          fixed32 fixed = 20;
          google.protobuf.Value value = 21;
          google.protobuf.Timestamp at = 22;
          int32 far = 5000;
        }
        """
    static let contract = Result { try Protoc.contract(source: source) }

    static func plan() throws -> MessagePlan {
        try #require(try contract.get().plan(named: "t.M"))
    }

    static let cases: [(String, String)] = [
        ("", "{}"),
        ("0805", #"{"i":5}"#),
        ("0805 0806", #"{"i":6}"#),
        ("1201 61 0805", #"{"i":5,"s":"a"}"#),
        ("0800 1200", "{}"),
        // Messages merge; their lists append.
        ("1a04 0801 1801 1a03 1201 62 1a02 1802", #"{"inner":{"a":1,"b":"b","list":[1,2]}}"#),
        ("1a02 1801 0805 1a02 1802", #"{"i":5,"inner":{"list":[1,2]}}"#),
        // Packed, unpacked and both, also apart from each other.
        ("2001 2002", #"{"numbers":[1,2]}"#),
        ("2202 0102 2003", #"{"numbers":[1,2,3]}"#),
        ("2001 0805 2202 0203 2004", #"{"i":5,"numbers":[1,2,3,4]}"#),
        ("2200", "{}"),
        ("2a00 2a02 0801", #"{"inners":[{},{"a":1}]}"#),
        // Maps: the last of a key counts; keys and values may be missing.
        ("3a05 0801 1201 61 3a05 0801 1201 62", #"{"texts":{"1":"b"}}"#),
        ("3a05 1201 61 0803", #"{"texts":{"3":"a"}}"#),
        ("3a00", #"{"texts":{"0":""}}"#),
        ("3205 0a01 6b 1200", #"{"map":{"k":{}}}"#),
        ("3203 0a01 6b", #"{"map":{"k":{}}}"#),
        // Oneofs: the last member that was set counts, with what merged into it since.
        ("4001 5201 61", #"{"z":"a"}"#),
        ("4a02 0801 4001", #"{"x":1}"#),
        ("4a02 0801 4a03 1201 62", #"{"y":{"a":1,"b":"b"}}"#),
        ("4a02 0801 4001 4a03 1201 62", #"{"y":{"b":"b"}}"#),
        ("4000", #"{"x":0}"#),
        // Enums: unknown numbers stay numbers, negative ones are ten bytes.
        ("5801", #"{"color":"GREEN"}"#), ("5807", #"{"color":7}"#),
        ("58 ffffffffffffffffff01", #"{"color":"BLUE"}"#),
        // Unknown fields and groups are skipped.
        ("9b06 0801 9b07 9c07 9c06 0805", #"{"i":5}"#),
        ("c0843d05 0805", #"{"i":5}"#),
        // A known field with another wire type is an unknown field.
        ("0a01 61 0805", #"{"i":5}"#),
        // Varints longer than needed, and truncated to their type.
        ("08 8580808000", #"{"i":5}"#), ("08 ffffffffffffffffff01", #"{"i":-1}"#),
        ("08 8080808010", "{}"),
        ("7800", #"{"flag":false}"#), ("78 8080808010", #"{"flag":true}"#),
        ("7200", #"{"wrapped":"0"}"#), ("7202 0801", #"{"wrapped":"1"}"#),
        ("8101 0000000000000840", #"{"d":3}"#), ("8101 000000000000f87f", #"{"d":"NaN"}"#),
        ("8101 000000000000f0ff", #"{"d":"-Infinity"}"#),
        ("8101 0000000000000080", #"{"d":-0.0}"#), ("8101 9a9999999999b93f", #"{"d":0.1}"#),
        ("8101 000000000000e0bf", #"{"d":-0.5}"#), ("8101 48e17a14ae47 f13f", #"{"d":1.08}"#),
        ("8101 cdcccccccc dc5e40", #"{"d":123.45}"#), ("8101 fca9f1d24d62503f", #"{"d":0.001}"#),
        ("8101 be9f1a2fdd245e40", #"{"d":120.576}"#),
        ("8d01 cdcccc3d", #"{"f":0.1}"#), ("9001 03", #"{"n":"-2"}"#),
        ("9a01 02fbff", #"{"raw":"+/8="}"#), ("a501 ffffffff", #"{"fixed":4294967295}"#),
        ("c0b802 07", #"{"far":7}"#),
        ("aa01 00", #"{"value":null}"#), ("aa01 02 0800", #"{"value":null}"#),
        ("aa01 02 2001", #"{"value":true}"#), ("aa01 02 3200", #"{"value":[]}"#),
        ("b201 00", #"{"at":"1970-01-01T00:00:00Z"}"#),
        ("620b 0a09 0a01 61 1204 1a02 6869", #"{"data":{"a":"hi"}}"#),
        ("6a00", #"{"any":{}}"#),
    ]

    @Test("reads what the wire form allows", arguments: cases)
    func reads(_ wire: String, _ json: String) throws {
        #expect(try WireReaderTests.plan().json(bytes(wire)) == json)
    }

    @Test(
        "refuses what no message is",
        arguments: [
            "08", "0a05 61", "0880808080808080808080 01", "08ffffffffffffffffff02", "00", "0007",
            "0e", "0f", "0c", "9b06", "9b06 a406", "1202 61", "1201 ff", "1202 c080", "2201 80",
            "1a02 08", "1a01 0c", "3a03 0801", "8101 00", "8d01 00", "6a02 1201",
            "6a0a 0a08 782f6e6f6e652e4d", "b201 0b 08 80808080808080808001",
            "aa01 09 11 000000000000f07f", "320b 0a01 ff 1200", "ffffffffff0f 00",
        ])
    func refuses(_ wire: String) throws {
        let plan = try WireReaderTests.plan()
        #expect(throws: TranslationError.self) { try plan.json(bytes(wire)) }
    }

    @Test("names the field at fault")
    func path() throws {
        do {
            _ = try WireReaderTests.plan().json(bytes("1a05 2203 1201 ff"))
            Issue.record("read")
        } catch let error as TranslationError {
            #expect(error.path == "inner.inner.b")
            #expect(error.detail.contains("not UTF-8") && error.detail.contains("t.M"))
            #expect(error.reason == .message)
        }
    }

    @Test("bounds depth and members, in both readings")
    func bounds() throws {
        let plan = try WireReaderTests.plan()
        func nested(_ levels: Int, _ inner: [UInt8]) -> [UInt8] {
            var wire = inner
            for _ in 0..<levels {
                var length = wire.count
                var prefix: [UInt8] = [0x22]
                while length >= 0x80 {
                    prefix.append(UInt8(length & 0x7F) | 0x80)
                    length >>= 7
                }
                wire = prefix + [UInt8(length)] + wire
            }
            return [0x1A] + wire.dropFirst()
        }
        let limits = DocumentLimits(depthMax: 10, membersMax: 20)
        #expect(try plan.json(nested(9, [0x08, 1]), limits: limits).contains("\"a\":1"))
        for inner in [bytes("0801"), bytes("0801 0802")] {
            do {
                _ = try plan.json(nested(10, inner), limits: limits)
                Issue.record("read")
            } catch let error as TranslationError { #expect(error.reason == .depth) }
        }
        do {
            _ = try plan.json([UInt8](repeating: 0x20, count: 100), limits: limits)
            Issue.record("read")
        } catch let error as TranslationError { #expect(error.reason == .members) }
        let groups = [UInt8](repeating: 0x9B, count: 1) + [0x06]
        #expect(throws: TranslationError.self) {
            try plan.json(Array(repeatElement(groups, count: 200).joined()))
        }
    }

    @Test("reads disorder at every level at a cost that does not double with each")
    func disorder() throws {
        var wire = bytes("1802 0801 1803")
        for _ in 0..<90 {
            var length = wire.count
            var field: [UInt8] = [0x22]
            while length >= 0x80 {
                field.append(UInt8(length & 0x7F) | 0x80)
                length >>= 7
            }
            wire = bytes("1201 61") + field + [UInt8(length)] + wire + bytes("0801")
        }
        var prefix: [UInt8] = [0x1A]
        var length = wire.count
        while length >= 0x80 {
            prefix.append(UInt8(length & 0x7F) | 0x80)
            length >>= 7
        }
        let json = try WireReaderTests.plan().json(prefix + [UInt8(length)] + wire)
        #expect(json.contains(#"{"a":1,"list":[2,3]}"#))
    }

    @Test("finds the repeated key among many", arguments: [2, 16, 17, 18, 40, 500])
    func keys(_ count: Int) throws {
        let plan = try WireReaderTests.plan()
        func entry(_ key: Int, _ value: UInt8) -> [UInt8] {
            let bytes = [0x08, UInt8(key & 0x7F) | 0x80, UInt8(key >> 7), 0x12, 1, value]
            return [0x3A, UInt8(bytes.count)] + bytes
        }
        let all = (0..<count).flatMap { entry($0, 0x61) }
        let whole = try Document.reading(try plan.json(all))
        #expect(whole.root?.member("texts")?.count == count)
        for key in [0, count / 2, count - 1] {
            let json = try plan.json(all + entry(key, 0x62))
            let document = try Document.reading(json)
            let texts = document.root?.member("texts")
            #expect(texts?.count == count)
            #expect(texts?.member(named: "\(key)")?.string == "b")
        }
    }

    @Test("prints what the options ask for, in order of the numbers")
    func options() throws {
        let plan = try WireReaderTests.plan()
        let printed = try plan.json(
            bytes("1201 61"), ProtoJSONOptions(defaults: .print, arrays: .print))
        #expect(
            printed
                == #"{"i":0,"s":"a","numbers":[],"inners":[],"map":{},"texts":{},"color":"RED","#
                + #""d":0,"f":0,"n":"0","raw":"","fixed":0,"far":0}"#)
        let carefully = try plan.json(
            bytes("1201 61 0801 0800"), ProtoJSONOptions(defaults: .print, arrays: .print))
        #expect(carefully == printed)
        #expect(
            try plan.json(bytes("9001 03 5801"), ProtoJSONOptions(int64: .number, enums: .number))
                == #"{"color":1,"n":-2}"#)
        let inner = try Suites.conformance.get().plan(
            named: "protobuf_test_messages.proto3.TestAllTypesProto3")
        #expect(
            try inner?.json(bytes("0801"), ProtoJSONOptions(names: .proto))
                == #"{"optional_int32":1}"#)
    }
}
