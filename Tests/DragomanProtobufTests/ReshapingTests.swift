// SPDX-License-Identifier: Apache-2.0
// Messages that a mapping's `types` reshape: other names, members left out, wrappers taken off.

import DragomanDocument
import DragomanProtobuf
import Testing

@Suite("Reshaping", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct ReshapingTests {
    static let contract = Result {
        try Protoc.contract(
            source: """
                syntax = "proto2";
                package t;
                message Tags { repeated string tag = 1; }
                message Numbers { repeated int32 n = 1 [packed = true]; }
                message Lines { repeated Line line = 1; }
                message Line { optional string sku = 1; optional uint32 qty = 2; }
                message Order {
                  required string id = 1;
                  optional string customer_name = 2;
                  optional Tags tags = 3;
                  optional Numbers numbers = 4;
                  optional Lines lines = 5;
                  optional int64 big = 6;
                  optional int32 zip = 7;
                  optional string secret = 8;
                  optional double ratio = 9;
                  repeated Tags groups = 10;
                  map<string, int32> counts = 11;
                }
                message Other { optional Tags tags = 1; required string key = 2; }
                service S { rpc Put(Order) returns (Other); }
                """)
    }

    static func order(_ change: (inout MessageReshaping) -> Void) -> [MessageReshaping] {
        var order = MessageReshaping(type: "t.Order")
        change(&order)
        return [order]
    }

    /// Written by the reshaped contract, read by the one as it is; and back.
    private func there(
        _ json: String, _ reshapings: [MessageReshaping], type: String = "t.Order"
    ) throws -> (wire: String, back: String) {
        let original = try ReshapingTests.contract.get()
        let (contract, problems) = original.reshaped(reshapings)
        #expect(problems == [])
        let plan = try #require(contract.plan(named: type))
        let output = OutputBuffer()
        let given = try Document.reading(json)
        defer { withExtendedLifetime((given, contract)) {} }
        try plan.write(try #require(given.root), to: output)
        let plain = try #require(original.plan(named: type))
        func read(_ plan: MessagePlan) throws -> String {
            let document = Document()
            try plan.read(output.bytes, into: document)
            defer { withExtendedLifetime(document) {} }
            return try #require(document.root).json
        }
        #expect(try read(contract.originalPlan(at: plan.index)) == read(plain))
        return (try read(plain), try read(plan))
    }

    @Test("names change on both ways, one another's too")
    func rename() throws {
        let reshapings = ReshapingTests.order {
            $0.rename = [("customerName", "id"), ("id", "number"), ("zip", "postcode")]
        }
        let result = try there(#"{"number":"1","id":"Ada","postcode":7}"#, reshapings)
        #expect(result.wire == #"{"id":"1","customerName":"Ada","zip":7}"#)
        #expect(result.back == #"{"number":"1","id":"Ada","postcode":7}"#)
        for old in [#"{"number":"1","customer_name":"x"}"#, #"{"number":"1","zip":1}"#] {
            #expect(throws: TranslationError.self) { try there(old, reshapings) }
        }
    }

    @Test("a member left out is neither sent nor answered")
    func omit() throws {
        let reshapings = ReshapingTests.order { $0.omit = ["secret"] }
        #expect(throws: TranslationError.self) {
            try there(#"{"id":"1","secret":"x"}"#, reshapings)
        }
        let original = try ReshapingTests.contract.get()
        let output = OutputBuffer()
        let json = try Document.reading(#"{"id":"1","secret":"x"}"#)
        try original.plan(named: "t.Order")?.write(try #require(json.root), to: output)
        let document = Document()
        let contract = original.reshaped(reshapings).contract
        try contract.plan(named: "t.Order")?.read(output.bytes, into: document)
        withExtendedLifetime((json, contract, document)) {
            #expect(document.root?.json == #"{"id":"1"}"#)
        }
    }

    @Test(
        "a wrapper is its list",
        arguments: [
            (
                #"{"id":"1","tags":["a","b"],"numbers":[1,-2],"lines":[{"sku":"x"}]}"#,
                #"{"id":"1","tags":{"tag":["a","b"]},"numbers":{"n":[1,-2]},"#
                    + #""lines":{"line":[{"sku":"x"}]}}"#
            ),
            (#"{"id":"1","tags":[]}"#, #"{"id":"1","tags":{}}"#),
            (#"{"id":"1","tags":null}"#, #"{"id":"1"}"#),
        ])
    func unwrap(_ json: String, _ wire: String) throws {
        let reshapings = ReshapingTests.order { $0.unwrap = ["tags", "numbers", "lines"] }
        let result = try there(json, reshapings)
        #expect(result.wire == wire)
        #expect(result.back == json.replacing(#","tags":null"#, with: ""))
        // Elsewhere the message is what it was.
        let other = try there(#"{"tags":{"tag":["a"]},"key":"k"}"#, reshapings, type: "t.Other")
        #expect(other.back == #"{"tags":{"tag":["a"]},"key":"k"}"#)
    }

    @Test("integers are written as said, member by member")
    func integers() throws {
        let reshapings = ReshapingTests.order {
            $0.integers = [("big", .number), ("zip", .string)]
        }
        let result = try there(#"{"id":"1","big":"9007199254740993","zip":-7}"#, reshapings)
        #expect(result.back == #"{"id":"1","big":9007199254740993,"zip":"-7"}"#)
        let contract = try ReshapingTests.contract.get().reshaped(reshapings).contract
        let schema = contract.jsonSchema(
            of: try #require(contract.messageIndex(named: "t.Order")), .reply)
        withExtendedLifetime(schema) {
            let properties = schema.root?.member(named: "$defs")?.member(named: "t.Order")?
                .member(named: "properties")
            #expect(properties?.member(named: "big")?.member(named: "type")?.json == #""integer""#)
            #expect(properties?.member(named: "zip")?.member(named: "type")?.json == #""string""#)
        }
    }

    @Test("a backend's names lead to what the client called the fields")
    func pointers() throws {
        let contract = try ReshapingTests.contract.get().reshaped(
            ReshapingTests.order { $0.rename = [("customer_name", "customer")] }
        ).contract
        let order = try #require(contract.messageIndex(named: "t.Order"))
        #expect(contract.pointer(toField: "customer_name", of: order) == "/customer")
        let unwrapped = try ReshapingTests.contract.get().reshaped(
            ReshapingTests.order { $0.unwrap = ["tags", "lines"] }
        ).contract
        #expect(unwrapped.pointer(toField: "tags.tag[1]", of: order) == "/tags/1")
        #expect(unwrapped.pointer(toField: "lines.line[0].sku", of: order) == "/lines/0/sku")
        #expect(contract.fields(along: "customer_name", of: order) != nil)
        #expect(contract.fields(along: "customer_name", of: order, .members) == nil)
        #expect(contract.fields(along: "customer", of: order, .members) != nil)
    }

    @Test("what can not be is told, with what could")
    func problems() throws {
        let contract = try ReshapingTests.contract.get()
        func problem(_ reshapings: [MessageReshaping]) -> NamingProblem? {
            let problems = contract.reshaped(reshapings).problems
            #expect(problems.count == 1)
            return problems.first
        }
        let type = problem([MessageReshaping(type: "Ordr")])
        #expect(type?.option == nil && type?.known.contains("Order") == true)
        let member = problem(ReshapingTests.order { $0.omit = ["secrt"] })
        #expect(member?.member == "secrt" && member?.known.contains("secret") == true)
        let clash = problem(ReshapingTests.order { $0.rename = [("zip", "big")] })
        #expect(clash?.message.contains("`zip` and `big`") == true)
        let required = problem(ReshapingTests.order { $0.omit = ["id"] })
        #expect(required?.message.contains("can not do without `id`") == true)
        for member in ["id", "groups", "counts"] {
            let wrapper = problem(ReshapingTests.order { $0.unwrap = [member] })
            #expect(wrapper?.option == .unwrap && wrapper?.member == member)
        }
        for member in ["ratio", "secret", "counts"] {
            let number = problem(ReshapingTests.order { $0.integers = [(member, .string)] })
            #expect(number?.option == .textual && number?.member == member)
        }
        // Answered only: a service may be spared what it would have to send.
        var other = MessageReshaping(type: "Other")
        other.omit = ["key"]
        #expect(contract.reshaped([other]).problems == [])
    }
}
