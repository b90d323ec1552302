// SPDX-License-Identifier: Apache-2.0
// Both directions of WS-Security with Apache WSS4J, which CXF, Axis2 and Spring's web services are
// built on.

import Foundation
import Testing

@Suite("WSS4J", .enabled(if: SecureWorld.hasWSS4J, "needs libwss4j-java and a JDK"))
struct WSS4JTests {
    @Test("signed and encrypted both ways, by each way to name a certificate")
    func bothWays() throws {
        let world = try SecureWorld(
            key: ["rsa:2048"],
            command: [
                "java", "-cp", SecureWorld.jars.joined(separator: ":"),
                Project.support + "/WSS4J.java",
            ])
        let sign = "sign: { certificate: me.pem, key: me.key }, timestamp: 5m"
        let user = "username: { name: me, password: secret, type: digest }"
        let verify = "verify: { certificate: peer.pem }"
        let decrypt = "decrypt: { key: me.key }"
        func settings(_ encrypt: String, _ sign: String, _ decrypt: String) -> String {
            "security: { \(sign), encrypt: { certificate: peer.pem\(encrypt) }, \(decrypt), "
                + "\(verify) }"
        }
        let ways = [
            ("aes256-gcm--rsa-oaep-mgf1p--issuer", settings("", sign, decrypt)),
            (
                "aes128-cbc--rsa-1_5--ski",
                settings(
                    ", algorithm: aes128-cbc, key_transport: rsa-1_5, key_identifier: ski", sign,
                    "decrypt: { key: me.key, allow_rsa_1_5: true }")
            ),
            (
                "aes256-cbc--rsa-oaep-mgf1p--thumbprint",
                settings(
                    ", algorithm: aes256-cbc, key_identifier: thumbprint, "
                        + "parts: [body, username, signature]", "\(sign), \(user)", decrypt)
            ),
            (
                "aes128-gcm--rsa-oaep-mgf1p--token",
                settings(
                    ", algorithm: aes128-gcm, key_identifier: token, "
                        + "key_transport: rsa-oaep-sha256", sign, decrypt)
            ),
            (
                "aes256-cbc--rsa-oaep-mgf1p--issuer--turned",
                settings(", algorithm: aes256-cbc, order: encrypt-sign", sign, decrypt)
            ),
        ]
        let gateway = try world.gateway(ways.map { ($0.0, $0.1) })
        for (way, settings) in ways {
            let found =
                settings.contains("username:")
                ? "encryption of 3, signature, time, user" : "encryption of 1, signature, time"
            #expect(
                try world.verdict(gateway, way, body: #""Zoë & you""#)
                    == "\(found); asked Zoë & you", "\(way)")
        }
    }
}
