// SPDX-License-Identifier: Apache-2.0
// A certificate as libcrypto reads it, and the ways in which messages name one (WSS X.509 Token
// Profile 1.1.1, 3.2).

internal import CLibCrypto

/// An X.509 certificate. Immutable.
///
/// `@unchecked Sendable`: what it points to is never changed after it was read, and libcrypto
/// counts its users and fills its caches under a lock (OpenSSL 3, "X509_up_ref", "threads").
package final class X509Certificate: @unchecked Sendable {
    let handle: OpaquePointer

    /// Takes what `handle` points to over.
    init(owning handle: OpaquePointer) { self.handle = handle }

    deinit { X509_free(handle) }

    /// Nil where the octets are no certificate, or more than one.
    package init?(der: [UInt8]) {
        let made = der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var place = bytes.baseAddress
            guard let made = d2i_X509(nil, &place, bytes.count) else { return nil }
            guard let base = bytes.baseAddress, place == base + bytes.count else {
                X509_free(made)
                return nil
            }
            return made
        }
        ERR_clear_error()
        guard let made else { return nil }
        handle = made
    }

    /// All certificates of a text in PEM, in order; empty where it has none, or one is broken.
    package static func all(pem: [UInt8]) -> [X509Certificate] {
        defer { ERR_clear_error() }
        guard let source = MemoryInput(pem) else { return [] }
        var found: [X509Certificate] = []
        while let handle = PEM_read_bio_X509(source.handle, nil, nil, nil) {
            found.append(X509Certificate(owning: handle))
        }
        // The text must have ended, and not broken off inside of a certificate.
        let error = ERR_peek_last_error()
        let isEnd = Int32(truncatingIfNeeded: error & 0x7F_FFFF) == PEM_R_NO_START_LINE
        return isEnd ? found : []
    }

    package var der: [UInt8] {
        var start: UnsafeMutablePointer<UInt8>?
        let count = i2d_X509(handle, &start)
        guard count > 0, let start else { return [] }
        defer { CRYPTO_free(start, nil, 0) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// Its own name, to tell it by; in RFC 2253's words.
    package var subject: String { Self.text(of: X509_get_subject_name(handle)) }

    /// The issuer's name, as XML Signature writes it (RFC 2253).
    package var issuer: String { Self.text(of: X509_get_issuer_name(handle)) }

    /// In decimal digits; nil where it is none.
    package var serialNumber: String? {
        guard let number = ASN1_INTEGER_to_BN(X509_get0_serialNumber(handle), nil) else {
            return nil
        }
        defer { BN_free(number) }
        guard let digits = BN_bn2dec(number) else { return nil }
        defer { CRYPTO_free(digits, nil, 0) }
        return String(cString: digits)
    }

    /// The extension SubjectKeyIdentifier; nil where there is none.
    package var keyIdentifier: [UInt8]? {
        guard let octets = X509_get0_subject_key_id(handle) else { return nil }
        guard let start = ASN1_STRING_get0_data(octets) else { return nil }
        return Array(UnsafeBufferPointer(start: start, count: Int(ASN1_STRING_length(octets))))
    }

    /// RFC 2253, UTF-8 left as it is.
    private static func text(of name: OpaquePointer?) -> String {
        guard let output = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(output) }
        // ASN1_STRFLGS_RFC2253 without its ESC_MSB; XN_FLAG_SEP_COMMA_PLUS, DN_REV and
        // DUMP_UNKNOWN_FIELDS: XN_FLAG_RFC2253 is a macro that Swift does not see.
        let flags: UInt = 0x1 | 0x2 | 0x10 | 0x100 | 0x200 | 1 << 16 | 1 << 20 | 1 << 24
        guard X509_NAME_print_ex(output, name, 0, flags) >= 0 else { return "" }
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 256)
        while true {
            let count = Int(BIO_read(output, &piece, Int32(piece.count)))
            guard count > 0 else { break }
            bytes += piece.prefix(count)
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Bytes in memory that libcrypto reads from.
struct MemoryInput: ~Copyable {
    let handle: OpaquePointer
    /// What `handle` reads; libcrypto makes no copy.
    private let storage: UnsafeMutableRawBufferPointer

    init?(_ bytes: [UInt8]) {
        storage = .allocate(byteCount: max(bytes.count, 1), alignment: 1)
        storage.copyBytes(from: bytes)
        guard bytes.count <= Int32.max,
            let made = BIO_new_mem_buf(storage.baseAddress, Int32(bytes.count))
        else {
            storage.deallocate()
            return nil
        }
        handle = made
    }

    deinit {
        BIO_free(handle)
        OPENSSL_cleanse(storage.baseAddress, storage.count)
        storage.deallocate()
    }
}
