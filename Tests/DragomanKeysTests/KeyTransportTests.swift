// SPDX-License-Identifier: Apache-2.0
// Keys that travel, and certificates that vouch for one another, as openssl's command makes them.

import DragomanKeys
import Foundation
import Testing

/// A folder that openssl has worked in.
final class Workshop {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "keys-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Whether every line, given to openssl in this folder, succeeded.
    func run(_ lines: String...) throws -> Bool {
        for line in lines {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/bin/sh")
            process.arguments = ["-c", "cd '\(path)' && openssl \(line) 2>>log"]
            try process.run()
            process.waitUntilExit()
            if process.terminationStatus != 0 { return false }
        }
        return true
    }

    func bytes(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: "\(path)/\(name)")))
    }

    func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
    }
}

@Suite("Keys under RSA", .serialized)
struct KeyTransportTests {
    private static let secret: [UInt8] = Array(0..<32)

    @Test("what openssl enciphers is deciphered, and the other way round")
    func bothWays() throws {
        let shop = try Workshop()
        #expect(
            try shop.run(
                "req -x509 -nodes -days 2 -subj /CN=a -newkey rsa:2048 -keyout k.pem -out c.pem"))
        let certificate = try #require(X509Certificate.all(pem: shop.bytes("c.pem")).first)
        let open = try #require(TransportKey(of: certificate))
        let key = try #require(TransportKey(privatePEM: shop.bytes("k.pem")))
        #expect(open.bits == 2048)
        try shop.write(Self.secret, "secret")
        let ways: [(KeyTransport, String)] = [
            (.oaep(digest: .sha1, mask: .sha1), "oaep -pkeyopt rsa_oaep_md:sha1"),
            (
                .oaep(digest: .sha256, mask: .sha1),
                "oaep -pkeyopt rsa_oaep_md:sha256 -pkeyopt rsa_mgf1_md:sha1"
            ),
            (
                .oaep(digest: .sha512, mask: .sha256, label: [0xAB, 0xCD]),
                "oaep -pkeyopt rsa_oaep_md:sha512 -pkeyopt rsa_mgf1_md:sha256 "
                    + "-pkeyopt rsa_oaep_label:abcd"
            ),
            (.pkcs1, "pkcs1"),
        ]
        for (way, options) in ways {
            let mode = "-pkeyopt rsa_padding_mode:\(options)"
            #expect(
                try shop.run("pkeyutl -encrypt -certin -inkey c.pem -in secret -out e \(mode)"))
            #expect(try key.decipher(shop.bytes("e"), way) == Self.secret, "\(options)")
            let sent = try #require(open.encipher(Self.secret, way))
            try shop.write(sent, "o")
            #expect(try shop.run("pkeyutl -decrypt -inkey k.pem -in o -out d \(mode)"))
            #expect(try shop.bytes("d") == Self.secret, "\(options)")
            var broken = sent
            broken[7] ^= 1
            #expect(key.decipher(broken, way) != Self.secret)
            #expect(key.decipher(Array(sent.dropLast()), way) == nil)
        }
        #expect(key.decipher([], .pkcs1) == nil)
        #expect(open.encipher([UInt8](repeating: 1, count: 400), .pkcs1) == nil)
    }

    @Test("keys of other kinds, locked keys and broken texts are none")
    func noKeys() throws {
        let shop = try Workshop()
        #expect(
            try shop.run(
                "ecparam -name prime256v1 -genkey -noout -out ec.pem",
                "genpkey -algorithm RSA -aes128 -pass pass:x -out locked.pem"))
        #expect(try TransportKey(privatePEM: shop.bytes("ec.pem")) == nil)
        #expect(try TransportKey(privatePEM: shop.bytes("locked.pem")) == nil)
        #expect(TransportKey(privatePEM: []) == nil)
        #expect(X509Certificate(der: [0x30, 0x00]) == nil)
        #expect(X509Certificate.all(pem: Array("nothing".utf8)).isEmpty)
    }
}
