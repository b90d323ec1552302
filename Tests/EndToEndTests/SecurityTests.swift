// SPDX-License-Identifier: Apache-2.0
// WS-Security, WS-Addressing and HTTP's credentials towards a backend, judged by xmlsec1 and by
// Python's own arithmetic; and answers that are signed, badly signed, or not at all.

import Foundation
import Testing

@Suite("WS-Security, end to end", .serialized)
struct SecurityTests {
    static let hasXMLSec =
        (try? RunningProcess.run("sh", ["-c", "command -v xmlsec1 && command -v openssl"]).code)
        == 0

    private let folder: TemporaryFolder
    private let server: RunningProcess
    private let port: String

    init() throws { try self.init(key: ["rsa:2048"]) }

    /// `key`: what openssl is told to make keys of.
    private init(key: [String], server arguments: [String] = []) throws {
        folder = try TemporaryFolder()
        for name in ["me", "peer"] {
            let made = try RunningProcess.run(
                "openssl",
                [
                    "req", "-x509", "-nodes", "-days", "2", "-subj", "/CN=\(name)", "-keyout",
                    "\(folder.path)/\(name).key", "-out", "\(folder.path)/\(name).pem", "-newkey",
                ] + key)
            #expect(made.code == 0, "\(made.errors)")
        }
        server = try RunningProcess(
            "python3", [Project.support + "/secure_server.py", folder.path] + arguments)
        port = try server.line()
    }

    /// `ways`: the server's paths, each with the settings of its upstream.
    private func gateway(
        _ ways: [(way: String, settings: String)], soap: String = ""
    ) throws -> TestGateway {
        let upstreams = ways.map {
            "\($0.way): { url: 'http://127.0.0.1:\(port)/\($0.way)', \($0.settings) }"
        }
        return try TestGateway(
            upstreams: "{ \(upstreams.joined(separator: ",\n    ")) }",
            files: Dictionary(
                uniqueKeysWithValues: ways.map {
                    (
                        "mappings/\($0.way).yaml",
                        """
                        service: \($0.way)
                        backend: { soap: { contract: photos.wsdl\(soap) } }
                        """
                    )
                }),
            copies: [
                "schemas/photos.wsdl": Project.support + "/photos.wsdl",
                "me.pem": folder.path + "/me.pem", "me.key": folder.path + "/me.key",
                "peer.pem": folder.path + "/peer.pem",
            ])
    }

    private func verdict(_ gateway: TestGateway, _ way: String) throws -> String {
        let answer = try gateway.ask("POST", "/\(way)/get", body: #""x""#)
        return answer.json["Name"] as? String ?? answer.text
    }

    @Test("tokens, and credentials of HTTP")
    func tokens() throws {
        let token = "username: { name: me, password: secret"
        let gateway = try gateway([
            ("text", "security: { \(token) } }"),
            ("digest", "security: { \(token), type: digest }, timestamp: 5m }"),
            ("basic", "credentials: { basic: { username: me, password: 'se:cret' } }"),
            ("challenge", "credentials: { digest: { username: me, password: secret } }"),
        ])
        #expect(try verdict(gateway, "text") == "text secret")
        #expect(try verdict(gateway, "digest") == "digest fits")
        let basic = Data("me:se:cret".utf8).base64EncodedString()
        #expect(try verdict(gateway, "basic") == "Basic \(basic)")
        #expect(try verdict(gateway, "challenge") == "digest True 00000001")
        #expect(try verdict(gateway, "challenge") == "digest True 00000002")
    }

    @Test("requests are signed", .enabled(if: SecurityTests.hasXMLSec))
    func signing() throws {
        let sign = "sign: { certificate: me.pem, key: me.key"
        let all = "username: { name: me, password: secret, type: digest }, timestamp: 5m"
        let gateway = try gateway(
            [
                ("strong", "security: { \(sign) }, \(all) }"),
                ("weak", "security: { \(sign), algorithm: rsa-sha1, parts: [body] } }"),
            ], soap: ", addressing: true")
        #expect(
            try verdict(gateway, "strong")
                == "digest fits; signature good over 7; action urn:get; to strong")
        #expect(try verdict(gateway, "weak") == "signature good over 1; action urn:get; to weak")
    }

    @Test("answers must be signed by the peer", .enabled(if: SecurityTests.hasXMLSec))
    func verifying() throws {
        let verify = "security: { verify: { certificate: peer.pem } }"
        let gateway = try gateway(
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
        "keys of elliptic curves, both ways", .enabled(if: SecurityTests.hasXMLSec),
        arguments: ["P-256", "P-384", "P-521"])
    func curves(_ curve: String) throws {
        let world = try SecurityTests(
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

    @Test("an assertion is passed on as it is")
    func assertion() throws {
        let text = """
            <?xml version="1.0"?>
            <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="a" Version="2.0">
              <saml:Issuer>https://idp.example</saml:Issuer>
            </saml:Assertion>
            """
        try folder.write(text, to: "assertion.xml")
        let gateway = try gateway([
            ("saml", "security: { assertion: '\(folder.path)/assertion.xml' }")
        ])
        #expect(try verdict(gateway, "saml") == "assertion https://idp.example")
    }
}
