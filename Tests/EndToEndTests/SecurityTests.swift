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

    init() throws {
        folder = try TemporaryFolder()
        for name in ["me", "peer"] {
            let made = try RunningProcess.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                    "/CN=\(name)", "-keyout", "\(folder.path)/\(name).key", "-out",
                    "\(folder.path)/\(name).pem",
                ])
            #expect(made.code == 0, "\(made.errors)")
        }
        server = try RunningProcess(
            "python3", [Project.support + "/secure_server.py", folder.path])
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
}
