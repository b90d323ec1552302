// SPDX-License-Identifier: Apache-2.0
// Messages with their deciphered pieces in place: what a piece means, and what it can not do.

import DragomanDocument
import Testing

@testable import DragomanXML

@Suite("MessageRewriter")
struct MessageRewriterTests {
    private static let encrypted =
        #"<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#" Id="i"><e:X/></e:EncryptedData>"#

    /// The message with the pieces in place; the error's text where it can not be.
    private func written(
        _ text: String, _ pieces: [Int: String], bytesMax: Int = 1 << 20
    ) -> String {
        let output = OutputBuffer()
        let bytes = Array(text.utf8)
        return bytes.withUnsafeBytes { all -> String in
            do throws(TranslationError) {
                try MessageRewriter(to: output, bytesMax: bytesMax)
                    .write(all, pieces: pieces.mapValues { Array($0.utf8) })
                return output.string
            } catch {
                return "refused: \(error.detail)"
            }
        }
    }

    @Test("what is not encrypted stays as it is, written anew")
    func same() {
        let text =
            "<?xml version='1.0' encoding='ISO-8859-1'?><a xmlns='urn:a' xmlns:b='urn:b' b:c='&lt;&#9;'>"
            + "x &amp; y<b:d/><!-- c --><![CDATA[<z>]]></a>"
        #expect(
            written(text, [:])
                == #"<a xmlns="urn:a" xmlns:b="urn:b" b:c="&lt;&#x9;">x &amp; y<b:d></b:d>&lt;z&gt;</a>"#
        )
    }

    @Test("pieces by number, in the namespaces around them, those of EncryptedData not")
    func pieces() {
        let text =
            "<s:E xmlns:s='urn:s' xmlns='urn:d'><s:B>\(Self.encrypted)<k>\(Self.encrypted)</k>\(Self.encrypted)</s:B></s:E>"
        #expect(
            written(text, [0: "<s:one/>", 2: "two &amp; <t xmlns=''/>"])
                == #"<s:E xmlns:s="urn:s" xmlns="urn:d"><s:B><s:one></s:one><k>"#
                + #"<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#" Id="i">"#
                + #"<e:X></e:X></e:EncryptedData></k>two &amp; <t xmlns=""></t></s:B></s:E>"#)
        #expect(written(text, [0: "<e:one/>"]).hasPrefix("refused: "))
    }

    @Test(
        "a piece is whole XML, or the message is refused",
        arguments: [
            "<open>", "</s:B><s:B>", "</piece><piece>", "text </piece>", "&undeclared;",
            "<!DOCTYPE x []><x/>", "<?xml version='1.0'?><x/>", "\u{1}", "<a></b>", "<u:x/>",
        ])
    func unbalanced(_ piece: String) {
        let text = "<s:E xmlns:s='urn:s'><s:B>\(Self.encrypted)</s:B></s:E>"
        #expect(written(text, [0: piece]).hasPrefix("refused: "))
    }

    @Test("an encrypted header stands for what it holds")
    func header() {
        let space = "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd"
        let text =
            "<s:E xmlns:s='urn:s'><s:Header><w:EncryptedHeader xmlns:w='\(space)'>"
            + "\(Self.encrypted)</w:EncryptedHeader></s:Header><s:Body/></s:E>"
        #expect(
            written(text, [0: "<s:h>1</s:h>"])
                == #"<s:E xmlns:s="urn:s"><s:Header><s:h>1</s:h></s:Header>"#
                + "<s:Body></s:Body></s:E>")
    }

    @Test("what comes out is bounded")
    func bounds() {
        let text = "<a>\(Self.encrypted)\(Self.encrypted)<b/></a>"
        let long = String(repeating: "x", count: 500)
        #expect(written(text, [0: long, 1: long]).count > 1000)
        #expect(
            written(text, [0: long, 1: long], bytesMax: 600)
                == "refused: The backend's answer is larger than it may be.")
    }
}
