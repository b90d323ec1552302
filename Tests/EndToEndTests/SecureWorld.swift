// SPDX-License-Identifier: Apache-2.0
// A gateway with keys, and a backend that judges by xmlsec1 and openssl what reaches it.

import Foundation
import Testing

struct SecureWorld {
    static let hasXMLSec =
        (try? RunningProcess.run("sh", ["-c", "command -v xmlsec1 && command -v openssl"]).code)
        == 0

    /// WSS4J and what it needs, as Debian has them.
    static let jars = ["wss4j", "xmlsec", "commons-logging", "slf4j-api", "commons-codec"]
        .map { "/usr/share/java/\($0).jar" }

    static let hasWSS4J =
        FileManager.default.fileExists(atPath: jars[0])
        && (try? RunningProcess.run("sh", ["-c", "command -v javac"]).code) == 0

    let folder: TemporaryFolder
    private let server: RunningProcess
    private let port: String

    init() throws { try self.init(key: ["rsa:2048"]) }

    /// `key`: what openssl is told to make keys of. `command`: another server than ours, which is
    /// given the folder, and prints its port.
    init(
        key: [String], server arguments: [String] = [],
        command: [String] = ["python3", Project.support + "/secure_server.py"]
    ) throws {
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
        let packed = try RunningProcess.run(
            "sh",
            [
                "-c",
                "cd '\(folder.path)' && openssl pkcs12 -export -inkey peer.key -in peer.pem "
                    + "-name peer -out peer.p12 -passout pass:secret",
            ])
        #expect(packed.code == 0, "\(packed.errors)")
        server = try RunningProcess(
            command[0], Array(command.dropFirst()) + [folder.path] + arguments)
        port = try server.line()
    }

    /// A certificate for the backend's key, by an intermediate authority of a root: `root.pem`,
    /// `middle.pem` and `signer.pem`, and `late.pem` by the same, which has expired.
    func vouch() throws {
        let script = """
            set -e; cd '\(folder.path)'
            printf '%s\\n' '[ca]' 'basicConstraints=critical,CA:true' '[leaf]' \
              'keyUsage=digitalSignature' 'subjectAltName=DNS:ledger.internal' >x.cnf
            openssl req -x509 -nodes -days 9 -subj /CN=Root -newkey rsa:2048 -keyout root.key \
              -out root.pem
            openssl req -new -nodes -subj /CN=Middle -newkey rsa:2048 -keyout middle.key \
              -out middle.csr
            openssl x509 -req -days 5 -in middle.csr -CA root.pem -CAkey root.key \
              -CAcreateserial -extfile x.cnf -extensions ca -out middle.pem
            openssl req -new -key peer.key -subj '/CN=Ledger Signing' -out peer.csr
            openssl x509 -req -days 5 -in peer.csr -CA middle.pem -CAkey middle.key \
              -CAcreateserial -extfile x.cnf -extensions leaf -out signer.pem
            openssl x509 -req -days -1 -in peer.csr -CA middle.pem -CAkey middle.key \
              -CAcreateserial -extfile x.cnf -extensions leaf -out late.pem
            """
        let made = try RunningProcess.run("sh", ["-c", script])
        #expect(made.code == 0, "\(made.errors)")
    }

    /// `ways`: the server's paths, each with the settings of its upstream. In names of services
    /// `_` is `-`.
    func gateway(
        _ ways: [(way: String, settings: String)], soap: String = ""
    ) throws -> TestGateway {
        let upstreams = ways.map {
            "\(Self.name($0.way)): { url: 'http://127.0.0.1:\(port)/\($0.way)', \($0.settings) }"
        }
        var copies = ["schemas/photos.wsdl": Project.support + "/photos.wsdl"]
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path)
        where name.hasSuffix(".pem") || name.hasSuffix(".key") {
            copies[name] = "\(folder.path)/\(name)"
        }
        return try TestGateway(
            upstreams: "{ \(upstreams.joined(separator: ",\n    ")) }",
            files: Dictionary(
                uniqueKeysWithValues: ways.map {
                    (
                        "mappings/\(Self.name($0.way)).yaml",
                        """
                        service: \(Self.name($0.way))
                        backend: { soap: { contract: photos.wsdl\(soap) } }
                        """
                    )
                }),
            copies: copies)
    }

    static func name(_ way: String) -> String { way.replacingOccurrences(of: "_", with: "-") }

    /// What the server found; the whole answer where it was none of its own.
    func verdict(_ gateway: TestGateway, _ way: String, body: String = #""x""#) throws -> String {
        let answer = try gateway.ask("POST", "/\(Self.name(way))/get", body: body)
        return answer.json["Name"] as? String ?? answer.text
    }
}
