// SPDX-License-Identifier: Apache-2.0
// Whether a certificate that came with a message may be believed: a path from it to a certificate
// of ours (RFC 5280, 6), found and checked by libcrypto.

internal import CLibCrypto

/// Certificates that are trusted, and what they may vouch for. Immutable.
///
/// `@unchecked Sendable`: the store is filled before anybody else has it; verifying only reads it,
/// under libcrypto's own lock (OpenSSL 3, X509_STORE).
package final class TrustAnchors: @unchecked Sendable {
    /// Certificates between the signer's and a trusted one.
    package static let depthMax = 8
    /// RSA of 2048 bits or the like, and no SHA-1 (NIST SP 800-57: 112 bits).
    private static let securityLevel: Int32 = 2

    private let store: OpaquePointer

    /// Nil where there is none, or none that can be used.
    package init?(_ certificates: [X509Certificate]) {
        guard !certificates.isEmpty, let store = X509_STORE_new() else { return nil }
        for certificate in certificates
        where X509_STORE_add_cert(store, certificate.handle) != 1 {
            X509_STORE_free(store)
            ERR_clear_error()
            return nil
        }
        self.store = store
    }

    deinit { X509_STORE_free(store) }

    /// Why the certificate is not to be believed as one that signs; nil where it is.
    /// `intermediates`: others that came with it, believed only on a path.
    /// `name`: what it must bear, as a DNS name or as its common name; nil for any.
    /// `time`: seconds since 1970.
    package func refusal(
        of signer: X509Certificate, with intermediates: [X509Certificate], name: String?,
        at time: Int
    ) -> String? {
        defer { ERR_clear_error() }
        guard let context = X509_STORE_CTX_new() else { return "there is no memory" }
        defer { X509_STORE_CTX_free(context) }
        guard let others = OPENSSL_sk_new_null() else { return "there is no memory" }
        // The stack holds no reference of its own: `intermediates` outlives it.
        defer { OPENSSL_sk_free(others) }
        for certificate in intermediates {
            OPENSSL_sk_push(others, UnsafeRawPointer(certificate.handle))
        }
        guard X509_STORE_CTX_init(context, store, signer.handle, others) == 1,
            let parameters = X509_STORE_CTX_get0_param(context)
        else { return "its path can not be looked for" }
        X509_VERIFY_PARAM_set_time(parameters, time)
        X509_VERIFY_PARAM_set_depth(parameters, Int32(Self.depthMax))
        X509_VERIFY_PARAM_set_auth_level(parameters, Self.securityLevel)
        // What stands in the file is trusted, whether or not it signed itself.
        X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        let isTrusted = X509_verify_cert(context) == 1
        let code = X509_STORE_CTX_get_error(context)
        guard isTrusted, code == X509_V_OK else {
            return String(cString: X509_verify_cert_error_string(Int(code)))
        }
        return withExtendedLifetime(intermediates) { Self.misuse(of: signer, name: name) }
    }

    private static func misuse(of signer: X509Certificate, name: String?) -> String? {
        // All ones where the certificate does not say what it is for.
        let usage = X509_get_key_usage(signer.handle)
        guard usage & UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION) != 0 else {
            return "its key is not for signatures"
        }
        guard let name else { return nil }
        let flags = UInt32(X509_CHECK_FLAG_ALWAYS_CHECK_SUBJECT | X509_CHECK_FLAG_NO_WILDCARDS)
        let isNamed = X509_check_host(signer.handle, name, name.utf8.count, flags, nil) == 1
        return isNamed ? nil : "it is not \(name)'s"
    }
}
