// SPDX-License-Identifier: Apache-2.0
// TLS to backends: what is verified, and what is refused.

import DragomanBackends
import DragomanHTTP2
import Foundation
import NIOCore
import NIOSSL
import Testing

/// An authority and a server's certificate, made by openssl in a folder of their own.
struct TestCertificates {
    let folder: String

    static let openssl = ["/usr/bin/openssl", "/usr/local/bin/openssl"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }

    init() throws {
        folder = "/tmp/dragoman-tls-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: folder, withIntermediateDirectories: true)
        try run(
            "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem")
        try run("req -newkey rsa:2048 -nodes -subj /CN=x -keyout server.key -out server.csr")
        try Data("subjectAltName=DNS:localhost,DNS:orders.test,DNS:*.wild.test,IP:127.0.0.1\n".utf8)
            .write(to: URL(fileURLWithPath: "\(folder)/names"))
        try run(
            "x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 "
                + "-extfile names -out server.pem")
    }

    private func run(_ arguments: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.openssl ?? "")
        process.arguments = arguments.split(separator: " ").map(String.init)
        process.currentDirectoryURL = URL(fileURLWithPath: folder)
        process.standardError = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }

    func server(_ protocols: [String]) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile("\(folder)/server.pem")
                .map { .certificate($0) },
            privateKey: .privateKey(
                try NIOSSLPrivateKey(file: "\(folder)/server.key", format: .pem)))
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }

    func client(
        _ backendProtocol: BackendProtocol = .http2, serverName: String? = nil,
        trusted: Bool = true
    ) throws -> BackendTLS {
        try BackendTLS(
            TLSSettings(
                authorityFile: trusted ? "\(folder)/ca.pem" : nil, serverName: serverName),
            backendProtocol: backendProtocol)
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }
}

@Suite("BackendPool, TLS", .enabled(if: TestCertificates.openssl != nil, "needs openssl"))
struct TLSTests {
    @Test("verifies chain and name, and chooses h2")
    func verifies() async throws {
        let files = try TestCertificates()
        defer { files.remove() }
        let server = try await TestServer.echo(tls: try files.server(["h2", "http/1.1"]))
        let good: [(String, BackendTLS)] = [
            ("127.0.0.1", try files.client()),
            ("127.0.0.1", try files.client(.negotiated)),
            ("127.0.0.1", try files.client(serverName: "orders.test")),
            ("127.0.0.1", try files.client(serverName: "a.wild.test")),
            ("localhost", try files.client()),
        ]
        for (host, tls) in good {
            let pool = try await TestPool(port: server.port, host: host, tls: tls)
            let body = ByteBuffer(repeating: 3, count: 1_000_000)
            let outcome = try await pool.call(body: .bytes(body))
            #expect(outcome.status == 200 && outcome.body.count == 1_000_000)
            try await pool.close()
        }
        for tls in [
            try files.client(serverName: "other.test"),
            try files.client(serverName: "a.b.wild.test"), try files.client(trusted: false),
        ] {
            let pool = try await TestPool(port: server.port, tls: tls)
            let failure = try await pool.call().failure
            #expect(failure?.kind == .connect)
            #expect(failure?.detail.contains("TLS") == true)
            try await pool.close()
        }
        try await server.stop()
    }

    @Test("a peer without h2 is refused where h2 is needed")
    func noALPN() async throws {
        let files = try TestCertificates()
        defer { files.remove() }
        for offered in [[], ["http/1.1"]] {
            let server = try await TestServer.echo(tls: try files.server(offered))
            let pool = try await TestPool(port: server.port, tls: try files.client())
            let failure = try await pool.call().failure
            #expect(failure?.kind == .connect)
            try await pool.close()
            try await server.stop()
        }
    }

    @Test("a cleartext peer is a failed handshake")
    func cleartext() async throws {
        let files = try TestCertificates()
        defer { files.remove() }
        let server = try await TestServer.raw(Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8))
        let pool = try await TestPool(port: server.port, tls: try files.client())
        let failure = try await pool.call().failure
        #expect(failure?.kind == .connect && failure?.detail.contains("TLS") == true)
        try await pool.close()
        try await server.stop()
    }

    @Test("files that cannot be used are told with the setting")
    func badFiles() throws {
        let files = try TestCertificates()
        defer { files.remove() }
        func setting(_ settings: TLSSettings) -> BackendTLSError.Setting? {
            do throws(BackendTLSError) {
                _ = try BackendTLS(settings, backendProtocol: .http2)
                return nil
            } catch { return error.setting }
        }
        let folder = files.folder
        #expect(setting(TLSSettings(authorityFile: "\(folder)/none.pem")) == .authority)
        #expect(setting(TLSSettings(authorityFile: "\(folder)/server.key")) == .authority)
        #expect(setting(TLSSettings(certificateFile: "\(folder)/server.pem")) == .key)
        #expect(
            setting(
                TLSSettings(
                    certificateFile: "\(folder)/server.pem", keyFile: "\(folder)/names"))
                == .key)
        #expect(
            setting(
                TLSSettings(
                    certificateFile: "\(folder)/server.pem", keyFile: "\(folder)/server.key"))
                == nil)
    }
}
