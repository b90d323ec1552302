// SPDX-License-Identifier: Apache-2.0
// Integers in quotes: the derived schema's pattern takes nothing that the translation does not
// take, and of that all that programs write.

import DragomanDocument
import DragomanProtobuf
import Foundation
import Testing

@Suite("Quoted integers", .enabled(if: Suites.arePresent, "no suites or no protoc here"))
struct QuotedIntegerTests {
    static let kinds = [
        ("int32", "optionalInt32"), ("uint32", "optionalUint32"), ("int64", "optionalInt64"),
        ("uint64", "optionalUint64"),
    ]

    /// Of those in range, each matches.
    private static let usual = [
        "0", "0.0", "0e0", "1.0", "1e-0", "1e+05", "1.5e1", "1.50e1", "12.30E1", "1e5", "1E9",
        "2e9",
        "2.0e9", "5e8", "4e9", "9e18", "2147483647", "2147483647.0", "4294967295", "4294967295.00",
        "9223372036854775807", "18446744073709551615", "18446744073709551615.0", "1.25e17",
    ]

    private static let texts: [String] = {
        var texts = [
            "0", "-0", "-0.0", "0e0", "0e999", "-0E-7", "1.0", "1.", ".5", "01", "+1", " 1", "",
            "1e-0", "1e+05", "15e-1", "150.0e-1", "1.5e1", "1.50e1", "1.55e1", "12.30E1", "2e9",
            "3e9", "-2e9", "1e10", "9e18", "9.3e18", "1.8e19", "1.9e19", "0.2e9", "1e-1", "e1",
        ]
        let bounds = [
            "2147483647", "2147483648", "4294967295", "4294967296", "9223372036854775807",
            "9223372036854775808", "9223372036854775809", "18446744073709551615",
            "18446744073709551616",
        ]
        for bound in bounds {
            for sign in ["", "-"] {
                texts += [sign + bound, sign + bound + ".0", sign + bound + "00e-2"]
                for exponent in 1..<bound.count {
                    let whole = bound.dropLast(exponent)
                    let rest = bound.suffix(exponent)
                    texts.append("\(sign)\(whole).\(rest)e\(exponent)")
                    texts.append("\(sign)\(whole).\(rest)00E+0\(exponent)")
                    texts.append("\(sign)\(whole).\(rest)1e\(exponent)")
                    texts.append("\(sign)\(whole)e\(exponent)")
                }
            }
        }
        return texts
    }()

    @Test("match the pattern only if they are read", arguments: kinds)
    func same(_ kind: String, _ field: String) throws {
        let contract = try Suites.conformance.get()
        let name = "protobuf_test_messages.proto3.TestAllTypesProto3"
        let index = try #require(contract.messageIndex(named: name))
        let document = contract.jsonSchema(of: index, .request, ProtoJSONOptions())
        let pattern = try withExtendedLifetime(document) {
            try #require(
                document.root?.member(named: "$defs")?.member(named: kind)?
                    .member(named: "pattern")?.string)
        }
        let expression = try NSRegularExpression(pattern: pattern)
        var read = 0
        for text in Self.texts + Self.usual + Self.usual.map({ "-" + $0 }) {
            let isRead = try WireWriterTests.refusal("{\"\(field)\":\"\(text)\"}").detail.isEmpty
            let range = NSRange(text.startIndex..., in: text)
            let matches = expression.firstMatch(in: text, range: range) != nil
            #expect(isRead || !matches, "\"\(text)\" as \(kind)")
            let isUsual = Self.usual.contains { $0 == text || "-" + $0 == text }
            // A zero that is negative is one that nobody writes where there is no sign.
            let isSigned = kind.hasPrefix("i") || !text.hasPrefix("-")
            #expect(matches || !isRead || !isUsual || !isSigned, "\"\(text)\" as \(kind)")
            read += isRead ? 1 : 0
        }
        #expect(read > 40)
    }
}
