// SPDX-License-Identifier: Apache-2.0
// Loading contracts: real ones, and broken ones with what is said about them.

import DragomanDocument
import DragomanProtobuf
import Foundation
import Testing

@Suite("ProtobufContract", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct ContractTests {
    static let googleapis = Result { () throws -> ProtobufContract in
        let root = Suites.path("googleapis")
        let files =
            FileManager.default.enumerator(atPath: root)?.compactMap { $0 as? String }
            .filter { $0.hasSuffix(".proto") }.sorted() ?? []
        return try Protoc.contract([root], files)
    }

    @Test("loads googleapis whole, with all annotated methods")
    func googleapis() throws {
        let contract = try ContractTests.googleapis.get()
        let methods = contract.services.flatMap(\.methods)
        let annotated = methods.filter { !$0.bindings.isEmpty }
        #expect(annotated.count == 136)
        for method in annotated {
            for binding in method.bindings {
                #expect(binding.template.hasPrefix("/"))
                #expect(["GET", "PUT", "POST", "DELETE", "PATCH"].contains(binding.method))
                let variables = ContractTests.variables(binding.template)
                _ = try RequestAssembly(
                    contract, message: method.input, pathVariables: variables, body: binding.body)
            }
        }
        let plans = contract.messages.indices.map { contract.plan(at: $0) }
        #expect(plans.count > 500)
        let getBook = try #require(
            contract.method(named: "google.example.library.v1.LibraryService/GetBook"))
        #expect(
            getBook.bindings == [
                HTTPBinding(method: "GET", template: "/v1/{name=shelves/*/books/*}")
            ])
        #expect(getBook.comment?.contains("Gets a book") == true)
    }

    private static func variables(_ template: String) -> [String] {
        template.split(separator: "{").dropFirst().map { part in
            String(part.prefix { $0 != "=" && $0 != "}" })
        }
    }

    @Test("flattens additional bindings, customs and response bodies")
    func bindings() throws {
        let contract = try Protoc.contract(
            source: """
                syntax = "proto3";
                package t;
                import "google/api/annotations.proto";
                message M { string a = 1; M m = 2; }
                service S {
                  rpc F(M) returns (M) {
                    option (google.api.http) = {
                      put: "/v1/{a}" body: "m" response_body: "m"
                      additional_bindings { custom { kind: "REPORT" path: "/v1:x" } }
                      additional_bindings { post: "/v2" body: "*" }
                    };
                  }
                  rpc G(stream M) returns (stream M) { option idempotency_level = IDEMPOTENT; }
                }
                """)
        let method = try #require(contract.method(named: "F"))
        #expect(
            method.bindings == [
                HTTPBinding(
                    method: "PUT", template: "/v1/{a}", body: .field("m"), responseBody: "m"),
                HTTPBinding(method: "REPORT", template: "/v1:x"),
                HTTPBinding(method: "POST", template: "/v2", body: .whole),
            ])
        let plain = try #require(contract.method(named: "t.S/G"))
        #expect(plain.isClientStreaming && plain.isServerStreaming)
        #expect(plain.idempotency == .idempotent)
        #expect(
            plain.bindingsOrDefault == [
                HTTPBinding(method: "POST", template: "/t.S/G", body: .whole)
            ])
    }

    @Test("names the import that the set lacks")
    func missingImport() throws {
        let set = try Protoc.set(
            source: """
                syntax = "proto3";
                package t;
                import "google/protobuf/timestamp.proto";
                message M { google.protobuf.Timestamp at = 1; }
                """, arguments: ["--include_source_info"])
        do throws(ContractLoadError) {
            _ = try ProtobufContract.load(set)
            Issue.record("loaded")
        } catch {
            let texts = error.problems.map(\.description)
            #expect(texts.count == 2)
            #expect(texts[0].contains("imports google/protobuf/timestamp.proto"))
            #expect(texts[0].contains("--include_imports"))
            #expect(texts[1].hasPrefix("test.proto:4:13: t.M.at: has the type"))
        }
    }

    @Test("says what a file is that is no descriptor set")
    func diagnosis() {
        func problem(_ bytes: [UInt8]) -> String {
            do throws(ContractLoadError) {
                _ = try ProtobufContract.load(bytes)
                return "loaded"
            } catch { return error.problems.map(\.description).joined(separator: "\n") }
        }
        #expect(problem(Array("// c\nsyntax = \"proto3\";".utf8)).contains("dragoman import"))
        #expect(problem(Array("\nsyntax='proto2';".utf8)).contains(".proto source"))
        #expect(problem(Array("{}".utf8)).contains("text"))
        #expect(problem([]).contains("empty"))
        #expect(problem([0xFF, 0xFE, 0, 1]).contains("not a descriptor set"))
        #expect(problem([0x0A, 0x05, 1, 2]).contains("can not be decoded"))
        #expect(problem([0x1F, 0x8B, 8, 0]).contains("gzip"))
    }

    @Test("knows presence, packing and closed enums of proto2 and proto3")
    func features() throws {
        let contract = try Suites.conformance.get()
        func field(_ message: String, _ name: String) throws -> FieldDescriptor {
            try #require(
                contract.message(named: "protobuf_test_messages.\(message)")?.field(named: name))
        }
        let packed = try field("proto3.TestAllTypesProto3", "repeated_int32").isPacked
        let expanded = try field("proto2.TestAllTypesProto2", "repeated_int32").isPacked
        let group = try field("proto2.TestAllTypesProto2", "data").isDelimited
        let implicit = try field("proto3.TestAllTypesProto3", "optional_int32").cardinality
        let explicit = try field("proto2.TestAllTypesProto2", "optional_int32").cardinality
        let map = try field("proto3.TestAllTypesProto3", "map_int32_int32").cardinality
        #expect(packed && !expanded && group)
        #expect(implicit == .implicit && explicit == .explicit && map == .map)
        #expect(
            contract.enumeration(named: "protobuf_test_messages.proto2.ForeignEnumProto2")?
                .isClosed == true)
    }

    @Test("strips the prefix that is the enum's own name")
    func shortNames() throws {
        let contract = try Protoc.contract(
            source: """
                syntax = "proto3";
                enum OrderStatus {
                  ORDER_STATUS_UNSPECIFIED = 0; ORDER_STATUS_PAID = 1;
                  ORDER_STATUS_2 = 2; OTHER = 3;
                }
                message M { OrderStatus s = 1; }
                """)
        let values = try #require(contract.enumeration(named: "OrderStatus")).values
        #expect(values.map(\.shortName) == ["UNSPECIFIED", "PAID", "2", "OTHER"])
        let plan = try #require(contract.plan(named: "M"))
        let options = ProtoJSONOptions(enums: .short, defaults: .print)
        #expect(try plan.json([], options) == #"{"s":"UNSPECIFIED"}"#)
        #expect(try plan.wire(#"{"s":"ORDER_STATUS_PAID"}"#, options) == [8, 1])
        #expect(try plan.wire(#"{"s":"PAID"}"#, options) == [8, 1])
        #expect(try plan.wire(#"{"s":"UNSPECIFIED"}"#, options) == [])
        #expect(throws: TranslationError.self) { try plan.wire(#"{"s":"UNSPECIFIED"}"#) }
    }
}
