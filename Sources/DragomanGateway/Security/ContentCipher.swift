// SPDX-License-Identifier: Apache-2.0
// How the content of a message is enciphered: AES with chained blocks or Galois counters (XML
// Encryption 1.1, 5.2).

internal import Crypto
internal import CryptoExtras
internal import DragomanKeys
internal import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Algorithms of XML Encryption.
enum EncryptionNames {
    static let content = MessageRewriter.Names.encryption + "Content"
    static let element = MessageRewriter.Names.encryption + "Element"
    static let oaep = MessageRewriter.Names.encryption + "rsa-oaep-mgf1p"
    static let oaep11 = MessageRewriter.Names.encryption11 + "rsa-oaep"
    static let pkcs1 = MessageRewriter.Names.encryption + "rsa-1_5"
    static let mask = MessageRewriter.Names.encryption11 + "mgf1"
}

/// AES in one of its modes.
struct ContentCipher: Hashable {
    let keyCount: Int
    let isGCM: Bool

    init(_ algorithm: SecuritySettings.Encrypting.Algorithm) {
        switch algorithm {
        case .aes128CBC: self.init(keyCount: 16, isGCM: false)
        case .aes192CBC: self.init(keyCount: 24, isGCM: false)
        case .aes256CBC: self.init(keyCount: 32, isGCM: false)
        case .aes128GCM: self.init(keyCount: 16, isGCM: true)
        case .aes192GCM: self.init(keyCount: 24, isGCM: true)
        case .aes256GCM: self.init(keyCount: 32, isGCM: true)
        }
    }

    private init(keyCount: Int, isGCM: Bool) {
        self.keyCount = keyCount
        self.isGCM = isGCM
    }

    /// Nil where the name is none of them.
    init?(name: String) {
        let all = SecuritySettings.Encrypting.Algorithm.allCases.map(ContentCipher.init)
        guard let found = all.first(where: { $0.name == name }) else { return nil }
        self = found
    }

    /// XML Encryption's.
    var name: String {
        isGCM
            ? MessageRewriter.Names.encryption11 + "aes\(keyCount * 8)-gcm"
            : MessageRewriter.Names.encryption + "aes\(keyCount * 8)-cbc"
    }

    static func random(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// What a CipherValue holds: the vector, the text, and with GCM its tag.
    func encipher(_ text: [UInt8], _ key: [UInt8]) throws -> Data {
        let key = SymmetricKey(data: key)
        if isGCM {
            let nonce = try AES.GCM.Nonce(data: Self.random(12))
            return try AES.GCM.seal(text, using: key, nonce: nonce).combined ?? Data()
        }
        let vector = Self.random(16)
        // The library's padding is one of those that XML Encryption allows.
        let blocks = try AES._CBC.encrypt(text, using: key, iv: AES._CBC.IV(ivBytes: vector))
        return Data(vector) + blocks
    }

    /// Nil where it can not be deciphered: one answer, whatever the reason.
    func decipher(_ value: Data, _ key: [UInt8]) -> [UInt8]? {
        let key = SymmetricKey(data: key)
        if isGCM {
            guard let box = try? AES.GCM.SealedBox(combined: value) else { return nil }
            return (try? AES.GCM.open(box, using: key)).map { Array($0) }
        }
        guard value.count >= 32, value.count % 16 == 0,
            let vector = try? AES._CBC.IV(ivBytes: value.prefix(16)),
            let blocks = try? AES._CBC.decrypt(
                value.dropFirst(16), using: key, iv: vector, noPadding: true),
            let last = blocks.last, (1...16).contains(last)
        else { return nil }
        // All of the padding but its last byte may be anything (XML Encryption, 5.2).
        return Array(blocks.dropLast(Int(last)))
    }
}

extension SecuritySettings.Encrypting.Transport {
    var transport: KeyTransport {
        switch self {
        case .oaep: .oaep(digest: .sha1, mask: .sha1)
        case .oaepSHA256: .oaep(digest: .sha256, mask: .sha1)
        case .oaep11: .oaep(digest: .sha256, mask: .sha256)
        case .pkcs1: .pkcs1
        }
    }

    var name: String {
        switch self {
        case .oaep, .oaepSHA256: EncryptionNames.oaep
        case .oaep11: EncryptionNames.oaep11
        case .pkcs1: EncryptionNames.pkcs1
        }
    }
}
