// SPDX-License-Identifier: Apache-2.0
// The conformance harnesses, spoken to as the suites' own runners do.

import Foundation
import Testing

private enum Harness {
    static let binary = Project.root.appending(path: ".build/release/dragoman-harness").path
    static let suites = Suites.path

    static var isPresent: Bool {
        FileManager.default.isExecutableFile(atPath: binary) && Suites.isPresent
    }

    /// What the harness writes for that input.
    static func run(_ name: String, _ input: Data) throws -> Data {
        let folder = try TemporaryFolder()
        let (from, to) = (folder.path + "/in", folder.path + "/out")
        try input.write(to: URL(filePath: from))
        let (code, _, errors) = try RunningProcess.run(
            "sh", ["-c", "DRAGOMAN_SUITES='\(suites)' '\(binary)' \(name) < '\(from)' > '\(to)'"])
        #expect(code == 0, "\(errors)")
        return try Data(contentsOf: URL(filePath: to))
    }

    static func json(_ path: String) throws -> Any {
        try JSONSerialization.jsonObject(
            with: try Data(contentsOf: URL(filePath: "\(suites)/\(path)")))
    }
}

/// Requests and responses of conformance.proto, byte by byte.
private enum Conformance {
    static func varint(_ value: Int) -> [UInt8] {
        value < 128 ? [UInt8(value)] : [UInt8(value & 127) | 128] + varint(value >> 7)
    }

    /// `output`: 1 binary, 2 JSON.
    static func request(
        _ payload: [UInt8], isJSON: Bool, output: UInt8, ignoresUnknown: Bool, _ type: String
    ) -> [UInt8] {
        let message =
            [isJSON ? 0x12 : 0x0A] + varint(payload.count) + payload + [0x18, output]
            + [0x22] + varint(type.utf8.count) + type.utf8
            + [0x28, ignoresUnknown ? 3 : 1]
        return withUnsafeBytes(of: UInt32(message.count).littleEndian) { Array($0) } + message
    }

    /// Each response: the number of its one field, and what stands in it.
    static func responses(_ bytes: [UInt8]) -> [(field: Int, content: [UInt8])] {
        var found: [(Int, [UInt8])] = []
        var index = 0
        while index + 4 <= bytes.count {
            let size = (0..<4).reversed().reduce(0) { $0 << 8 | Int(bytes[index + $1]) }
            let message = Array(bytes[(index + 4)..<min(index + 4 + size, bytes.count)])
            index += 4 + size
            var start = 1
            while start < message.count, message[start] & 0x80 != 0 { start += 1 }
            found.append((Int(message.first ?? 0) >> 3, Array(message.dropFirst(start + 1))))
        }
        return found
    }

    static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2)
            .map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}

@Suite("Harnesses", .enabled(if: Harness.isPresent, "no harness or no suites"))
struct HarnessTests {
    private static let proto2 = "protobuf_test_messages.proto2.TestAllTypesProto2"
    private static let proto3 = "protobuf_test_messages.proto3.TestAllTypesProto3"

    @Test("protobuf answers every JSON case of the suite")
    func conformance() throws {
        let document = try #require(
            try Harness.json("protobuf-conformance/json_cases.json") as? [String: Any])
        let cases = try #require(document["cases"] as? [[String: Any]])
        var input: [UInt8] = []
        for entry in cases {
            let name = entry["name"] as? String ?? ""
            let isProto2 = ["FieldNameExtension", "StoresDefaultPrimitive"].contains(name)
            let json = entry["input_json"] as? String
            let payload =
                json.map { Array($0.utf8) }
                ?? Conformance.bytes(entry["input_binary_hex"] as? String ?? "")
            input += Conformance.request(
                payload, isJSON: json != nil,
                output: ["validator", "serialize_failure"].contains(entry["kind"] as? String)
                    ? 2 : 1,
                ignoresUnknown: entry["kind"] as? String == "ignore_unknown",
                isProto2 ? Self.proto2 : Self.proto3)
        }
        let answers = Conformance.responses(
            Array(try Harness.run("protobuf", Data(input))))
        try #require(answers.count == cases.count)
        for (entry, answer) in zip(cases, answers) {
            let expected =
                switch entry["kind"] as? String {
                case "parse_failure": 1
                case "serialize_failure": 6
                case "validator": 4
                default: 3
                }
            let text = Comment(rawValue: String(decoding: answer.content, as: UTF8.self))
            #expect(answer.field == expected, "\(entry["name"] ?? ""): \(text)")
        }
    }

    @Test(
        "protobuf keeps, merges and refuses binary messages",
        arguments: [
            // Unknown fields stay as they came, in their order.
            ("a81f01", 3, "a81f01"), ("d22903616263 d0297b d22903646566", 3, nil),
            // Messages merge, packed and single items append, the last scalar counts.
            ("920102 0801 920102 0802", 3, "9201020802"), ("0801 0802", 3, "0802"),
            ("fa01020102 f80103", 3, "fa0103010203"), ("8a0500", 3, ""),
            // Zero of a field without presence is nothing.
            ("0800", 3, ""),
            // A tag that no field has, a length past the end, a group that never began.
            ("01", 1, nil), ("888080808000 05", 1, nil), ("7205 61", 1, nil), ("0c", 1, nil),
            ("728080808010", 1, nil), ("7201ff", 1, nil),
        ] as [(String, Int, String?)])
    func binary(_ wire: String, _ field: Int, _ expected: String?) throws {
        let request = Conformance.request(
            Conformance.bytes(wire), isJSON: false, output: 1, ignoresUnknown: false, Self.proto3)
        let answers = Conformance.responses(
            Array(try Harness.run("protobuf", Data(request))))
        let answer = try #require(answers.first)
        #expect(answer.field == field, "\(String(decoding: answer.content, as: UTF8.self))")
        if field == 3 { #expect(answer.content == Conformance.bytes(expected ?? wire)) }
    }

    @Test("paths finds what the suite says")
    func paths() throws {
        let path = "transcoding/grpc-httpjson-transcoding/path_matcher.json"
        let expected = try #require(try Harness.json(path) as? [[String: Any]])
        let answer = try JSONSerialization.jsonObject(
            with: Harness.run(
                "paths", try Data(contentsOf: URL(filePath: "\(Harness.suites)/\(path)"))))
        let groups = try #require(answer as? [[String: Any]])
        try #require(groups.count == expected.count)
        for (group, found) in zip(expected, groups) {
            let name = Comment(rawValue: group["name"] as? String ?? "")
            for key in ["lookups", "invalid_templates"] {
                let (wanted, given) = (group[key] as? [Any] ?? [], found[key] as? [Any] ?? [])
                try #require(wanted.count == given.count, name)
                for (want, have) in zip(wanted, given) {
                    let have = try #require(have as? [String: Any], name)
                    guard let want = want as? [String: Any] else {
                        #expect(have["error"] as? Bool == true, name)
                        continue
                    }
                    #expect(have["match"] as? String == want["match"] as? String, name)
                    if let bindings = want["bindings"] as? [[String]] {
                        #expect(have["bindings"] as? [[String]] == bindings, name)
                    }
                }
            }
        }
    }
}
