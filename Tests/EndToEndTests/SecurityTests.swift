// SPDX-License-Identifier: Apache-2.0
// WS-Security, WS-Addressing and HTTP's credentials towards a backend, judged by xmlsec1 and by
// Python's own arithmetic; and answers that are signed, badly signed, or not at all.

import Foundation
import Testing

@Suite("WS-Security, end to end", .serialized)
struct SecurityTests {
    private let world: SecureWorld

    init() throws { world = try SecureWorld() }

    @Test("tokens, and credentials of HTTP")
    func tokens() throws {
        let token = "username: { name: me, password: secret"
        let gateway = try world.gateway([
            ("text", "security: { \(token) } }"),
            ("digest", "security: { \(token), type: digest }, timestamp: 5m }"),
            ("basic", "credentials: { basic: { username: me, password: 'se:cret' } }"),
            ("challenge", "credentials: { digest: { username: me, password: secret } }"),
        ])
        #expect(try world.verdict(gateway, "text") == "text secret")
        #expect(try world.verdict(gateway, "digest") == "digest fits")
        let basic = Data("me:se:cret".utf8).base64EncodedString()
        #expect(try world.verdict(gateway, "basic") == "Basic \(basic)")
        #expect(try world.verdict(gateway, "challenge") == "digest True 00000001")
        #expect(try world.verdict(gateway, "challenge") == "digest True 00000002")
    }

    @Test("requests are signed", .enabled(if: SecureWorld.hasXMLSec))
    func signing() throws {
        let sign = "sign: { certificate: me.pem, key: me.key"
        let all = "username: { name: me, password: secret, type: digest }, timestamp: 5m"
        let gateway = try world.gateway(
            [
                ("strong", "security: { \(sign) }, \(all) }"),
                ("weak", "security: { \(sign), algorithm: rsa-sha1, parts: [body] } }"),
            ], soap: ", addressing: true")
        #expect(
            try world.verdict(gateway, "strong")
                == "digest fits; signature good over 7; action urn:get; to strong")
        #expect(
            try world.verdict(gateway, "weak") == "signature good over 1; action urn:get; to weak")
    }

    @Test("answers must be signed by the peer", .enabled(if: SecureWorld.hasXMLSec))
    func verifying() throws {
        let verify = "security: { verify: { certificate: peer.pem } }"
        let gateway = try world.gateway(
            ["signed", "late", "changed", "moved", "unsigned"].map { ($0, verify) }
                + [("other", "security: { verify: { certificate: me.pem } }")])
        let good = try gateway.ask("POST", "/signed/get", body: #""x""#)
        #expect(good.status == 200, "\(good.text)")
        for (way, detail) in [
            ("late", "expired"), ("changed", "changed after"), ("moved", "not there"),
            ("unsigned", "is not signed"),
        ] {
            let answer = try gateway.ask("POST", "/\(way)/get", body: #""x""#)
            #expect(answer.status == 502, "\(way): \(answer.text)")
            #expect(answer.text.contains(detail), "\(way): \(answer.text)")
            #expect(!answer.text.contains("evil"))
        }
    }

    @Test(
        "keys of elliptic curves, both ways", .enabled(if: SecureWorld.hasXMLSec),
        arguments: ["P-256", "P-384", "P-521"])
    func curves(_ curve: String) throws {
        let world = try SecureWorld(
            key: ["ec", "-pkeyopt", "ec_paramgen_curve:\(curve)"], server: ["ec"])
        let sign = "sign: { certificate: me.pem, key: me.key }"
        let gateway = try world.gateway([
            ("plain", "security: { \(sign), timestamp: 5m }"),
            ("signed", "security: { verify: { certificate: peer.pem } }"),
            ("changed", "security: { verify: { certificate: peer.pem } }"),
        ])
        #expect(try world.verdict(gateway, "plain") == "signature good over 2")
        #expect(try gateway.ask("POST", "/signed/get", body: #""x""#).status == 200)
        let changed = try gateway.ask("POST", "/changed/get", body: #""x""#)
        #expect(changed.status == 502)
        #expect(changed.text.contains("changed after"))
        let result = try RunningProcess.run(
            Project.binary, ["check", "--config", gateway.folder.path + "/gateway.yaml"])
        #expect(result.code == 0, "\(result.output)")
    }

    @Test(
        "signers that an authority vouches for", .enabled(if: SecureWorld.hasXMLSec))
    func authorities() throws {
        try world.vouch()
        let verify = "security: { verify: { ca: root.pem"
        let gateway = try world.gateway([
            ("vouched--token", "security: { verify: { ca: middle.pem } }"),
            ("vouched--data", "\(verify), name: ledger.internal } }"),
            ("vouched--path", "\(verify), name: Ledger Signing } }"),
            ("vouched--token--alone", "\(verify) } }"),
            ("vouched--data--late", "\(verify) } }"),
            ("vouched--data--unnamed", "\(verify), name: other.internal } }"),
            ("vouched--token--changed", "security: { verify: { ca: middle.pem } }"),
            ("vouched--none", "\(verify) } }"),
            ("signed", "\(verify) } }"),
            ("unsigned", "\(verify) } }"),
        ])
        for way in ["vouched--token", "vouched--data", "vouched--path"] {
            #expect(try world.verdict(gateway, way) == "nothing", "\(way)")
        }
        for (way, words) in [
            ("vouched--token--alone", "is not trusted (CN=Ledger Signing): unable to get local"),
            ("vouched--data--late", "certificate has expired"),
            ("vouched--data--unnamed", "it is not other.internal's"),
            ("vouched--token--changed", "was changed after it was signed"),
            ("vouched--none", "is signed by a certificate that it does not hold"),
            ("signed", "is signed by a certificate that it does not hold"),
            ("unsigned", "is not signed"),
        ] {
            let answer = try gateway.ask("POST", "/\(way)/get", body: #""x""#)
            #expect(answer.status == 502, "\(way): \(answer.text)")
            #expect(answer.text.contains(words), "\(way): \(answer.text)")
        }
    }

    @Test("an assertion is passed on as it is")
    func assertion() throws {
        let text = """
            <?xml version="1.0"?>
            <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a" Version="2.0">
              <saml:Issuer>https://idp.example</saml:Issuer>
            </saml:Assertion>
            """
        try world.folder.write(text, to: "assertion.xml")
        let gateway = try world.gateway([
            ("saml", "security: { assertion: '\(world.folder.path)/assertion.xml' }")
        ])
        #expect(try world.verdict(gateway, "saml") == "assertion https://idp.example")
    }
}
