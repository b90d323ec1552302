// SPDX-License-Identifier: Apache-2.0
// Parameters between a URL and their values.

import DragomanDocument
import Testing

@testable import DragomanMapping

@Suite("PercentCoding")
struct PercentCodingTests {
    private func decode(
        _ text: String, plus: Bool = false, keeping: PathText.Decoding = .all
    ) -> String? {
        let buffer = OutputBuffer()
        let isText = Array(text.utf8).withUnsafeBytes {
            PercentCoding.decode($0, plusIsSpace: plus, keeping: keeping, to: buffer)
        }
        return isText ? buffer.string : nil
    }

    @Test("decodes")
    func decodes() {
        #expect(decode("a%20b+c") == "a b+c")
        #expect(decode("a+b", plus: true) == "a b")
        #expect(decode("caf%C3%a9") == "café")
        #expect(decode("a%2Fb%3f", keeping: .allButReserved) == "a%2Fb%3f")
        #expect(decode("a%2fb%3f", keeping: .allButSlash) == "a%2fb?")
    }

    @Test("refuses what is no text", arguments: ["%", "%4", "%zz", "%ff", "%C3", "a%"])
    func refuses(_ text: String) { #expect(decode(text) == nil) }

    @Test("encodes everything that means something in a URL")
    func encodes() {
        let buffer = OutputBuffer()
        Array("aZ09-._~ /?&=#%é".utf8).withUnsafeBytes { PercentCoding.encode($0, to: buffer) }
        #expect(buffer.string == "aZ09-._~%20%2F%3F%26%3D%23%25%C3%A9")
    }

    @Test(
        "knows JSON's numbers",
        arguments: [
            ("0", NumberText.Form.integer), ("-12", .integer), ("1.50", .decimal),
            ("1e9", .decimal),
            ("-0.1E-2", .decimal), ("007", nil), ("+1", nil), (".5", nil), ("1.", nil), ("", nil),
            ("-", nil), ("1e", nil), ("0x1", nil), ("1 ", nil), ("NaN", nil),
        ] as [(String, NumberText.Form?)])
    func numbers(_ text: String, _ form: NumberText.Form?) {
        Array(text.utf8).withUnsafeBytes { #expect(NumberText.classify($0) == form) }
    }
}
