// SPDX-License-Identifier: Apache-2.0
// The keys of XML signatures, RSA and those of the elliptic curves of NIST, and the algorithms that
// they are used with (RFC 9231).

internal import Crypto
internal import CryptoExtras
internal import DragomanMapping

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What signs.
enum SigningKey: Sendable {
    case rsa(_RSA.Signing.PrivateKey)
    case p256(P256.Signing.PrivateKey)
    case p384(P384.Signing.PrivateKey)
    case p521(P521.Signing.PrivateKey)

    /// Nil where the text is none of them in PEM.
    init?(pem text: String) {
        // OpenSSL writes the curve's name before the key.
        let start = text.firstRange(of: "-----BEGIN EC PRIVATE KEY-----")?.lowerBound
        let pem = String(text[(start ?? text.startIndex)...])
        if let key = try? P256.Signing.PrivateKey(pemRepresentation: pem) {
            self = .p256(key)
        } else if let key = try? P384.Signing.PrivateKey(pemRepresentation: pem) {
            self = .p384(key)
        } else if let key = try? P521.Signing.PrivateKey(pemRepresentation: pem) {
            self = .p521(key)
        } else if let key = try? _RSA.Signing.PrivateKey(pemRepresentation: pem) {
            self = .rsa(key)
        } else {
            return nil
        }
    }

    var isRSA: Bool { if case .rsa = self { true } else { false } }

    var publicKey: VerificationKey {
        switch self {
        case .rsa(let key): .rsa(key.publicKey)
        case .p256(let key): .p256(key.publicKey)
        case .p384(let key): .p384(key.publicKey)
        case .p521(let key): .p521(key.publicKey)
        }
    }

    /// The value of a signature: of ECDSA both numbers, one behind the other.
    func signature(
        over octets: [UInt8], _ algorithm: SecuritySettings.Signing.Algorithm
    ) throws -> Data {
        switch self {
        case .rsa(let key) where algorithm == .sha1:
            try key.signature(for: Insecure.SHA1.hash(data: octets), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case .rsa(let key):
            try key.signature(for: SHA256.hash(data: octets), padding: .insecurePKCS1v1_5)
                .rawRepresentation
        case .p256(let key): try key.signature(for: SHA256.hash(data: octets)).rawRepresentation
        case .p384(let key): try key.signature(for: SHA256.hash(data: octets)).rawRepresentation
        case .p521(let key): try key.signature(for: SHA256.hash(data: octets)).rawRepresentation
        }
    }
}

/// What a signature is verified by.
enum VerificationKey: Sendable {
    case rsa(_RSA.Signing.PublicKey)
    case p256(P256.Signing.PublicKey)
    case p384(P384.Signing.PublicKey)
    case p521(P521.Signing.PublicKey)

    /// Nil where the SubjectPublicKeyInfo is none of them, or is too short to be safe.
    init?(der: [UInt8]) {
        if let key = try? P256.Signing.PublicKey(derRepresentation: der) {
            self = .p256(key)
        } else if let key = try? P384.Signing.PublicKey(derRepresentation: der) {
            self = .p384(key)
        } else if let key = try? P521.Signing.PublicKey(derRepresentation: der) {
            self = .p521(key)
        } else if let key = try? _RSA.Signing.PublicKey(derRepresentation: der) {
            self = .rsa(key)
        } else {
            return nil
        }
    }

    var der: Data {
        switch self {
        case .rsa(let key): key.derRepresentation
        case .p256(let key): key.derRepresentation
        case .p384(let key): key.derRepresentation
        case .p521(let key): key.derRepresentation
        }
    }

    /// Whether the value is a signature over the octets; nil where the method is not accepted, or
    /// not one of this kind of key.
    func isValid(_ value: Data, over octets: [UInt8], _ method: String) -> Bool? {
        switch method {
        case SignatureNames.rsaSHA256: isRSA(value, SHA256.hash(data: octets))
        case SignatureNames.rsaSHA512: isRSA(value, SHA512.hash(data: octets))
        case SignatureNames.rsaSHA1: isRSA(value, Insecure.SHA1.hash(data: octets))
        case SignatureNames.ecdsaSHA256: isECDSA(value, SHA256.hash(data: octets))
        case SignatureNames.ecdsaSHA384: isECDSA(value, SHA384.hash(data: octets))
        case SignatureNames.ecdsaSHA512: isECDSA(value, SHA512.hash(data: octets))
        default: nil
        }
    }

    private func isRSA(_ value: Data, _ digest: some Digest) -> Bool? {
        guard case .rsa(let key) = self else { return nil }
        return key.isValidSignature(
            _RSA.Signing.RSASignature(rawRepresentation: value), for: digest,
            padding: .insecurePKCS1v1_5)
    }

    private func isECDSA(_ value: Data, _ digest: some Digest) -> Bool? {
        switch self {
        case .rsa: return nil
        case .p256(let key):
            let signature = try? P256.Signing.ECDSASignature(rawRepresentation: value)
            return signature.map { key.isValidSignature($0, for: digest) } ?? false
        case .p384(let key):
            let signature = try? P384.Signing.ECDSASignature(rawRepresentation: value)
            return signature.map { key.isValidSignature($0, for: digest) } ?? false
        case .p521(let key):
            let signature = try? P521.Signing.ECDSASignature(rawRepresentation: value)
            return signature.map { key.isValidSignature($0, for: digest) } ?? false
        }
    }
}

/// Algorithms of XML signatures.
enum SignatureNames {
    static let rsaSHA1 = "http://www.w3.org/2000/09/xmldsig#rsa-sha1"
    static let rsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"
    static let rsaSHA512 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha512"
    static let ecdsaSHA256 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"
    static let ecdsaSHA384 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384"
    static let ecdsaSHA512 = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512"
    static let sha1 = "http://www.w3.org/2000/09/xmldsig#sha1"
    static let sha224 = "http://www.w3.org/2001/04/xmldsig-more#sha224"
    static let sha256 = "http://www.w3.org/2001/04/xmlenc#sha256"
    static let sha384 = "http://www.w3.org/2001/04/xmldsig-more#sha384"
    static let sha512 = "http://www.w3.org/2001/04/xmlenc#sha512"

    static func digest(isStrong: Bool) -> String { isStrong ? sha256 : sha1 }
}

extension SecuritySettings.Signing.Algorithm {
    var method: String {
        switch self {
        case .sha256: SignatureNames.rsaSHA256
        case .sha1: SignatureNames.rsaSHA1
        case .ecdsa: SignatureNames.ecdsaSHA256
        }
    }
}
