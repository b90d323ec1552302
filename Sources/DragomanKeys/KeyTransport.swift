// SPDX-License-Identifier: Apache-2.0
// How the key of an encrypted message travels: under the receiver's RSA key (XML Encryption 1.1,
// 5.5), with every parameter that OAEP has there, which swift-crypto does not let one choose.

internal import CLibCrypto

/// What is done with RSA.
package enum KeyTransport: Sendable, Hashable {
    package enum Digest: Sendable, Hashable, CaseIterable {
        case sha1, sha224, sha256, sha384, sha512
    }

    /// PKCS #1, 1.5; a sender that takes it can be made to tell what it deciphers.
    case pkcs1
    /// `digest`: of the label. `mask`: of the mask generation function MGF1.
    case oaep(digest: Digest, mask: Digest, label: [UInt8] = [])
}

extension KeyTransport.Digest {
    fileprivate var handle: OpaquePointer? {
        switch self {
        case .sha1: EVP_sha1()
        case .sha224: EVP_sha224()
        case .sha256: EVP_sha256()
        case .sha384: EVP_sha384()
        case .sha512: EVP_sha512()
        }
    }
}

/// An RSA key that enciphers, or one that deciphers too. Immutable.
///
/// `@unchecked Sendable`: the key is never changed after it was read, every use has a context of
/// its own, and libcrypto locks its caches (OpenSSL 3, EVP_PKEY).
package final class TransportKey: @unchecked Sendable {
    private let handle: OpaquePointer
    /// Of the modulus.
    package let bits: Int

    private init?(owning handle: OpaquePointer?) {
        ERR_clear_error()
        guard let handle else { return nil }
        guard EVP_PKEY_get_base_id(handle) == EVP_PKEY_RSA else {
            EVP_PKEY_free(handle)
            return nil
        }
        self.handle = handle
        bits = Int(EVP_PKEY_get_bits(handle))
    }

    /// A certificate's public key; nil where it is no RSA key.
    package convenience init?(of certificate: X509Certificate) {
        self.init(owning: X509_get_pubkey(certificate.handle))
    }

    /// A private key without a pass phrase; nil where the text has no RSA key.
    package convenience init?(privatePEM pem: [UInt8]) {
        guard let source = MemoryInput(pem) else { return nil }
        // Without its own answer, libcrypto would ask the terminal for a pass phrase.
        self.init(
            owning: PEM_read_bio_PrivateKey(source.handle, nil, { _, _, _, _ in -1 }, nil))
    }

    deinit { EVP_PKEY_free(handle) }

    /// Nil where the key is too short for the secret.
    package func encipher(_ secret: [UInt8], _ transport: KeyTransport) -> [UInt8]? {
        run(secret, transport, EVP_PKEY_encrypt_init, EVP_PKEY_encrypt)
    }

    /// Nil where it can not be deciphered, for whatever reason: not to be told apart by the sender.
    package func decipher(_ octets: [UInt8], _ transport: KeyTransport) -> [UInt8]? {
        run(octets, transport, EVP_PKEY_decrypt_init, EVP_PKEY_decrypt)
    }

    private typealias Begin = (OpaquePointer?) -> Int32
    private typealias Operation = (
        OpaquePointer?, UnsafeMutablePointer<UInt8>?, UnsafeMutablePointer<Int>?,
        UnsafePointer<UInt8>?, Int
    ) -> Int32

    private func run(
        _ input: [UInt8], _ transport: KeyTransport, _ begin: Begin, _ operation: Operation
    ) -> [UInt8]? {
        defer { ERR_clear_error() }
        guard let context = EVP_PKEY_CTX_new(handle, nil) else { return nil }
        defer { EVP_PKEY_CTX_free(context) }
        guard begin(context) == 1, set(transport, in: context) else { return nil }
        var count = 0
        guard operation(context, nil, &count, input, input.count) == 1 else { return nil }
        var output = [UInt8](repeating: 0, count: count)
        guard operation(context, &output, &count, input, input.count) == 1 else { return nil }
        return Array(output.prefix(count))
    }

    private func set(_ transport: KeyTransport, in context: OpaquePointer) -> Bool {
        guard case .oaep(let digest, let mask, let label) = transport else {
            return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1
        }
        guard EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING) == 1,
            EVP_PKEY_CTX_set_rsa_oaep_md(context, digest.handle) == 1,
            EVP_PKEY_CTX_set_rsa_mgf1_md(context, mask.handle) == 1
        else { return false }
        guard !label.isEmpty else { return true }
        // The context takes it over where it succeeds, and frees it as it frees its own.
        guard let copy = CRYPTO_malloc(label.count, nil, 0) else { return false }
        copy.copyMemory(from: label, byteCount: label.count)
        if EVP_PKEY_CTX_set0_rsa_oaep_label(context, copy, Int32(label.count)) == 1 { return true }
        CRYPTO_free(copy, nil, 0)
        return false
    }
}
