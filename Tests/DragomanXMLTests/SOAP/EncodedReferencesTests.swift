// SPDX-License-Identifier: Apache-2.0
// References of SOAP encoding become copies.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("EncodedReferences")
struct EncodedReferencesTests {
    private func unfold(_ xml: String, bytesMax: Int = 1 << 20) throws -> String {
        let output = OutputBuffer()
        try Array(xml.utf8).withUnsafeBytes {
            try EncodedReferences.inlined($0, bytesMax: bytesMax, to: output)
        }
        return output.string
    }

    private func message(_ body: String) -> String {
        "<s:Envelope xmlns:s='\(SOAPNames.envelope11)' xmlns:t='urn:t'><s:Body>\(body)</s:Body>"
            + "</s:Envelope>"
    }

    @Test("copies targets to where they are meant, with their namespaces")
    func copies() throws {
        let xml = try unfold(
            message(
                "<t:r><a href='#1'/><b href='#1'/></t:r>"
                    + "<multiRef id='1' xmlns:x='urn:x' x:y='1'><x:c>5 &amp; 6</x:c></multiRef>"))
        let wanted = message(
            "<t:r><a xmlns:x='urn:x' x:y='1'><x:c>5 &amp; 6</x:c></a>"
                + "<b xmlns:x='urn:x' x:y='1'><x:c>5 &amp; 6</x:c></b></t:r>")
        #expect(Infoset.text(xml) == Infoset.text(wanted))
    }

    @Test("refuses circles, dangling references and what unfolds without bound")
    func refusals() {
        #expect(throws: TranslationError.self) {
            try unfold(message("<r><a href='#1'/></r><m id='1'><a href='#1'/></m>"))
        }
        #expect(throws: TranslationError.self) { try unfold(message("<r><a href='#1'/></r>")) }
        var body = "<r><a href='#0'/></r>"
        for level in 0..<30 {
            body += "<m id='\(level)'><a href='#\(level + 1)'/><a href='#\(level + 1)'/></m>"
        }
        body += "<m id='30'>x</m>"
        #expect(throws: TranslationError.self) { try unfold(message(body), bytesMax: 10_000) }
    }
}
