// SPDX-License-Identifier: Apache-2.0
// Percent-encoding, both ways.

import DragomanDocument
import Testing

@Suite("PercentCoding")
struct PercentCodingTests {
    private func decode(
        _ text: String, plus: Bool = false, keeping: PercentCoding.Decoding = .all
    ) -> String? {
        let buffer = OutputBuffer()
        let isText = Array(text.utf8).withUnsafeBytes {
            PercentCoding.decode($0, plusIsSpace: plus, keeping: keeping, to: buffer)
        }
        return isText ? buffer.string : nil
    }

    private func decoded(_ text: String, plus: Bool = false) -> String? {
        Array(text.utf8).withUnsafeBytes { PercentCoding.decoded($0, plusIsSpace: plus) }
    }

    @Test("decodes")
    func decodes() {
        #expect(decode("a%20b+c") == "a b+c")
        #expect(decode("a+b", plus: true) == "a b")
        #expect(decode("caf%C3%a9") == "caf\u{e9}")
        #expect(decode("a%2Fb%20c%3f", keeping: .allButReserved) == "a%2Fb c%3f")
        #expect(decode("a%2fb%3f", keeping: .allButSlash) == "a%2fb?")
        #expect(decoded("a%20b+c%2fd") == "a b+c/d")
        #expect(decoded("a+b%2B", plus: true) == "a b+")
        #expect(decoded("%C3%A9%e2%82%ac") == "\u{e9}\u{20ac}")
        #expect(decoded("") == "")
    }

    @Test(
        "refuses what is no text",
        arguments: ["%", "%4", "%zz", "%4g", "%ff", "%C3", "a%", "%ED%A0%80"])
    func refuses(_ text: String) {
        #expect(decode(text) == nil)
        #expect(decoded(text) == nil)
    }

    @Test("a NUL is no text of a form or a query", arguments: ["%00", "a\u{00}"])
    func nul(_ text: String) { #expect(decoded(text) == nil) }

    @Test("encodes everything but unreserved characters")
    func encodes() {
        let buffer = OutputBuffer()
        Array("aZ09-._~ /?&=+#%\u{e9}\r\n\u{00}".utf8).withUnsafeBytes {
            PercentCoding.encode($0, to: buffer)
        }
        #expect(buffer.string == "aZ09-._~%20%2F%3F%26%3D%2B%23%25%C3%A9%0D%0A%00")
    }
}
