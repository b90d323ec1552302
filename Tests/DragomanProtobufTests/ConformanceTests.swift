// SPDX-License-Identifier: Apache-2.0
// The JSON cases of protobuf's own conformance suite.

import DragomanDocument
import DragomanProtobuf
import Foundation
import Testing

struct ConformanceCase: CustomTestStringConvertible, Sendable {
    let name: String
    let kind: String
    let inputJSON: String?
    let inputHex: String?
    let expectedHex: String?
    let assertion: String?

    var testDescription: String { name }

    static let all: [ConformanceCase] = {
        guard Suites.arePresent,
            let bytes = try? Suites.bytes("protobuf-conformance/json_cases.json"),
            let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any],
            let cases = root["cases"] as? [[String: Any]]
        else { return [] }
        return cases.map { entry in
            let assertion = entry["output_assert"].flatMap {
                try? JSONSerialization.data(withJSONObject: $0)
            }
            return ConformanceCase(
                name: entry["name"] as? String ?? "", kind: entry["kind"] as? String ?? "",
                inputJSON: entry["input_json"] as? String,
                inputHex: entry["input_binary_hex"] as? String,
                expectedHex: entry["expected_binary_hex"] as? String,
                assertion: assertion.map { String(decoding: $0, as: UTF8.self) })
        }
    }()
}

@Suite("ProtoJSON conformance", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct ConformanceTests {
    @Test("has all 180 cases")
    func count() { #expect(ConformanceCase.all.count == 180) }

    @Test("passes the case", arguments: ConformanceCase.all)
    func passes(_ given: ConformanceCase) throws {
        // These two are about proto2: extensions, and presence of a default.
        let isProto2 = ["FieldNameExtension", "StoresDefaultPrimitive"].contains(given.name)
        let name =
            "protobuf_test_messages.proto\(isProto2 ? 2 : 3).TestAllTypesProto\(isProto2 ? 2 : 3)"
        let plan = try #require(try Suites.conformance.get().plan(named: name))
        switch given.kind {
        case "valid", "ignore_unknown":
            let options = ProtoJSONOptions(
                unknown: given.kind == "valid" ? .refuse : .ignore)
            let wire = try plan.wire(try #require(given.inputJSON), options)
            let expected = bytes(try #require(given.expectedHex))
            #expect(try plan.json(wire) == plan.json(expected))
            #expect(wire.count == expected.count)
        case "parse_failure":
            let json = try #require(given.inputJSON)
            #expect(throws: (any Error).self) { try plan.wire(json) }
        case "serialize_failure":
            let wire = bytes(try #require(given.inputHex))
            #expect(throws: TranslationError.self) { try plan.json(wire) }
        case "validator":
            let json = try plan.json(try plan.wire(try #require(given.inputJSON)))
            try validate(json, given)
        default: Issue.record("a kind of case that this does not know: \(given.kind)")
        }
    }

    private func validate(_ json: String, _ given: ConformanceCase) throws {
        let output = try Document.reading(json)
        let root = try #require(output.root)
        guard let assertion = given.assertion else {
            #expect(root.member(named: "[protobuf_test_messages.proto2.extension_int32]") != nil)
            return
        }
        let expected = try Document.reading(assertion)
        let expectedRoot = try #require(expected.root)
        for name in expectedRoot.member(named: "present").map({ Array($0.items) }) ?? [] {
            #expect(root.member(named: name.string) != nil)
        }
        if let equals = expectedRoot.member(named: "equals") {
            for member in equals.members {
                #expect(root.member(named: member.name.string)?.json == member.value.json)
            }
        }
        if let whole = expectedRoot.member(named: "equals_document") {
            #expect(root.json == whole.json)
        }
    }
}
