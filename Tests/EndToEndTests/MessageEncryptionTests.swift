// SPDX-License-Identifier: Apache-2.0
// Requests that are encrypted for the backend, opened by xmlsec1 and openssl; answers that xmlsec1
// encrypted for us, and those that somebody has spoilt.

import Foundation
import Testing

@Suite("XML encryption, end to end", .serialized, .enabled(if: SecureWorld.hasXMLSec))
struct MessageEncryptionTests {
    private static let encrypt = "encrypt: { certificate: peer.pem"
    private static let decrypt = "decrypt: { key: me.key"

    private let world: SecureWorld

    init() throws { world = try SecureWorld() }

    @Test("requests, by every algorithm and way to name the certificate")
    func requests() throws {
        let gateway = try world.gateway([
            ("default", "security: { \(Self.encrypt) } }"),
            (
                "old",
                "security: { \(Self.encrypt), algorithm: aes128-cbc, key_transport: rsa-1_5, "
                    + "key_identifier: token } }"
            ),
            (
                "new",
                "security: { \(Self.encrypt), algorithm: aes128-gcm, key_identifier: ski, "
                    + "key_transport: rsa-oaep-sha256-mgf1-sha256 } }"
            ),
            (
                "other",
                "security: { \(Self.encrypt), algorithm: aes256-cbc, key_identifier: thumbprint, "
                    + "key_transport: rsa-oaep-sha256 } }"
            ),
        ])
        #expect(
            try world.verdict(gateway, "default", body: #""Zoë & <you>""#)
                == "opened 1 by aes256-gcm and rsa-oaep-mgf1p, X509IssuerSerial; asked Zoë & <you>")
        #expect(
            try world.verdict(gateway, "old")
                == "opened 1 by aes128-cbc and rsa-1_5, #X509E; asked x")
        #expect(
            try world.verdict(gateway, "new")
                == "opened 1 by aes128-gcm and rsa-oaep, SubjectKeyIdentifier; asked x")
        #expect(
            try world.verdict(gateway, "other")
                == "opened 1 by aes256-cbc and rsa-oaep-mgf1p, ThumbprintSHA1; asked x")
    }

    @Test("with tokens and signatures, in both orders")
    func together() throws {
        let sign = "sign: { certificate: me.pem, key: me.key }, timestamp: 5m"
        let token = "username: { name: me, password: secret, type: digest }"
        let gateway = try world.gateway(
            [
                ("body", "security: { \(sign), \(Self.encrypt) } }"),
                (
                    "all",
                    "security: { \(sign), \(token), \(Self.encrypt), "
                        + "parts: [body, username, signature] } }"
                ),
                ("turned", "security: { \(sign), \(Self.encrypt), order: encrypt-sign } }"),
            ], soap: ", addressing: true")
        let way = "by aes256-gcm and rsa-oaep-mgf1p, X509IssuerSerial; asked x; "
        #expect(
            try world.verdict(gateway, "body")
                == "opened 1 \(way)signature good over 6; action urn:get; to body")
        #expect(
            try world.verdict(gateway, "all")
                == "opened 3 \(way)digest fits; signature good over 7; action urn:get; to all")
        #expect(
            try world.verdict(gateway, "turned")
                == "signature good over 6; opened 1 \(way)action urn:get; to turned")
    }

    @Test("answers, by every algorithm, signed within, without, and not")
    func answers() throws {
        let plain = "security: { \(Self.decrypt) } }"
        let both = "security: { \(Self.decrypt) }, verify: { certificate: peer.pem } }"
        let ways = [
            ("encrypted--aes128-cbc--rsa-oaep-mgf1p", plain),
            ("encrypted--aes192-cbc--rsa-oaep-mgf1p", plain),
            ("encrypted--aes256-cbc--rsa-oaep-mgf1p", plain),
            ("encrypted--aes128-gcm--rsa-oaep-mgf1p", plain),
            ("encrypted--aes256-gcm--rsa-oaep-mgf1p--inline", plain),
            ("encrypted--aes256-gcm--rsa-oaep-mgf1p--signed", both),
            ("encrypted--aes256-cbc--rsa-oaep-mgf1p--last", both),
            (
                "encrypted--aes256-gcm--rsa-1_5",
                "security: { \(Self.decrypt), allow_rsa_1_5: true } }"
            ),
        ]
        let gateway = try world.gateway(ways.map { ($0.0, $0.1) })
        for (way, _) in ways { #expect(try world.verdict(gateway, way) == "nothing", "\(way)") }
    }

    @Test("answers in parts (MTOM) are verified and opened as if they were in one")
    func parts() throws {
        let verify = "verify: { certificate: peer.pem }"
        let gateway = try world.gateway([
            ("parts--signed", "security: { \(verify) }"),
            ("parts--signed--changed", "security: { \(verify) }"),
            ("parts--encrypted", "security: { \(verify), \(Self.decrypt) } }"),
        ])
        for way in ["parts--signed", "parts--encrypted"] {
            let answer = try gateway.ask("POST", "/\(way)/get", body: #""x""#)
            #expect(answer.status == 200, "\(way): \(answer.text)")
            #expect(answer.json["Image"] as? String == "AAECAwQ=", "\(way): \(answer.text)")
        }
        let changed = try gateway.ask("POST", "/parts--signed--changed/get", body: #""x""#)
        #expect(changed.status == 502)
        #expect(changed.text.contains("changed after"), "\(changed.text)")
    }

    @Test("faults are opened")
    func faults() throws {
        let way = "encrypted--aes256-gcm--rsa-oaep-mgf1p--fault"
        let gateway = try world.gateway([(way, "security: { \(Self.decrypt) } }")])
        let answer = try gateway.ask("POST", "/\(SecureWorld.name(way))/get", body: #""x""#)
        #expect(answer.status == 400)
        #expect(answer.json["detail"] as? String == "secret trouble")
    }

    @Test("wrong keys, changed and broken answers are all one; what can be named is")
    func spoilt() throws {
        let plain = "security: { \(Self.decrypt) } }"
        let base = "encrypted--aes256-gcm--rsa-oaep-mgf1p"
        let old = "encrypted--aes256-cbc--rsa-oaep-mgf1p"
        let broken = [
            base + "--stranger", base + "--tampered", base + "--truncated", old + "--stranger",
            old + "--truncated",
        ]
        let named = [
            (base + "--unknown", "algorithm http://www.w3.org/2009/xmlenc11#rot13, which is not"),
            (base + "--shared", "by a key that it does not hold"),
            ("encrypted--aes256-gcm--rsa-1_5", "rsa-1_5, which is not accepted"),
            ("nothing", "is not encrypted"),
        ]
        let both = "security: { \(Self.decrypt) }, verify: { certificate: me.pem } }"
        let gateway = try world.gateway(
            broken.map { ($0, plain) } + named.map { ($0.0, plain) }
                + [
                    (base + "--signed", both),
                    ("lenient", "security: { \(Self.decrypt), required: false } }"),
                ])
        var details: Set<String> = []
        for way in broken {
            let answer = try gateway.ask("POST", "/\(SecureWorld.name(way))/get", body: #""x""#)
            #expect(answer.status == 502, "\(way): \(answer.text)")
            details.insert(answer.json["detail"] as? String ?? "")
        }
        #expect(details == ["The backend's answer can not be decrypted."])
        for (way, detail) in named {
            let answer = try gateway.ask("POST", "/\(SecureWorld.name(way))/get", body: #""x""#)
            #expect(answer.status == 502, "\(way): \(answer.text)")
            #expect(answer.text.contains(detail), "\(way): \(answer.text)")
        }
        #expect(try world.verdict(gateway, base + "--signed").contains("is not signed by the"))
        #expect(try world.verdict(gateway, "lenient") == "nothing")
    }

    @Test("`explain` shows both, and takes answers in clear")
    func explained() throws {
        let gateway = try world.gateway([
            ("ledger", "security: { \(Self.encrypt) }, \(Self.decrypt) } }")
        ])
        try gateway.folder.write(
            #"<Photo xmlns="urn:example:photos"><Name>n</Name></Photo>"#, to: "reply.xml")
        let result = try RunningProcess.run(
            Project.binary,
            [
                "explain", "--config", gateway.folder.path + "/gateway.yaml", "POST",
                "/ledger/get", "-d", #""seen""#, "--reply",
                "@\(gateway.folder.path)/reply.xml",
            ])
        #expect(result.code == 0, "\(result.errors)")
        #expect(result.output.contains(">seen<"))
        #expect(result.output.contains("and encrypted"))
        #expect(result.output.contains("xenc:CipherValue"))
        #expect(result.output.contains(#"{"Name":"n"}"#), "\(result.output)")
    }

    @Test("`check` tells what can not be, where it stands")
    func checks() throws {
        let folder = try TemporaryFolder()
        let made = try RunningProcess.run(
            "sh",
            [
                "-c",
                "cd \(folder.path) && openssl ecparam -name prime256v1 -genkey -noout -out ec.key"
                    + " && openssl req -x509 -new -key ec.key -subj /CN=ec -out ec.pem"
                    + " && cp \(world.folder.path)/me.* .",
            ])
        #expect(made.code == 0)
        let wsdl = try String(contentsOfFile: Project.support + "/photos.wsdl", encoding: .utf8)
        try folder.write(wsdl, to: "schemas/photos.wsdl")
        try folder.write(
            "service: ledger\nbackend: { soap: { contract: photos.wsdl } }\n",
            to: "mappings/ledger.yaml")
        for (settings, words) in [
            ("encrypt: { certificate: me.pem, parts: [username] }", "no UsernameToken to encrypt"),
            ("encrypt: { certificate: me.pem, parts: [signature] }", "no signature to encrypt"),
            ("encrypt: { certificate: me.pem, parts: [] }", "`parts` is an empty list"),
            ("encrypt: { certificate: me.pem, order: encrypt-sign }", "nothing is signed"),
            ("encrypt: { certificate: me.pem, algorithm: aes }", "`aes256-gcm`"),
            ("encrypt: { certificate: ec.pem }", "is not RSA of 2048 bits"),
            ("decrypt: { key: ec.key }", "no RSA key"),
            ("decrypt: { key: none.key }", "there is no file `none.key`"),
            ("verify: { certificate: me.pem, ca: me.pem }", "`ca`"),
            ("verify: { ca: me.key }", "no certificates"),
            ("verify: { certificate: me.pem, name: x }", "`name` is for"),
        ] {
            try folder.write(
                """
                listen: 127.0.0.1:0
                upstreams:
                  ledger:
                    url: http://127.0.0.1:9
                    security: { \(settings) }
                """, to: "gateway.yaml")
            let result = try RunningProcess.run(
                Project.binary, ["check", "--config", folder.path + "/gateway.yaml"])
            let text = result.output + result.errors
            #expect(result.code != 0, "\(settings): \(text)")
            #expect(text.contains(words), "\(settings): \(text)")
        }
    }
}
