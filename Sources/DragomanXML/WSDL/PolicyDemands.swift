// SPDX-License-Identifier: Apache-2.0
// What the policies of a contract ask of whoever calls (WS-Policy 1.2 and 1.5; WS-SecurityPolicy
// 1.1 to 1.3, and what WCF says in words of its own), in the gateway's terms.

/// What is asked for, with what of it the gateway can not do.
package struct PolicyDemands: Sendable, Equatable {
    package enum Credentials: Sendable, Equatable { case basic, digest }

    package var usesAddressing = false
    package var usesMTOM = false
    package var needsHTTPS = false
    /// Mutual TLS.
    package var needsClientCertificate = false
    package var credentials: Credentials?
    package var needsTimestamp = false
    package var needsUsername = false
    package var isPasswordDigest = false
    package var needsAssertion = false
    /// A signature by a certificate of ours.
    package var needsSignature = false
    package var signsBody = false
    package var signsAddressing = false
    package var signsUsername = false
    /// The backend has a certificate of its own, which answers are signed by.
    package var isMutual = false
    package var encryptsBody = false
    package var encryptsUsername = false
    package var encryptsSignature = false
    package var isEncryptedFirst = false
    /// `sha256` of the signature, as `algorithm` says; nil where the suite does not say SHA-256.
    package var signsBySHA256 = false
    /// Of AES; nil where no suite is named.
    package var keyBits: Int?
    package var usesGCM = false
    package var usesRSA15 = false
    /// How the backend's certificate is named, as `key_identifier` says; nil for any way.
    package var keyIdentifier: String?
    /// By name, each once, in order.
    package var uncarried: [String] = []
    /// References that lead nowhere.
    package var unresolved: [String] = []

    package init() {}

    /// Of messages: with other bindings the transport encrypts.
    package var encrypts: Bool {
        isMutual && (encryptsBody || encryptsUsername || encryptsSignature)
    }

    /// Something for `security`.
    package var needsSecurity: Bool {
        needsTimestamp || needsUsername || needsAssertion || needsSignature || encrypts
    }

    mutating func refuse(_ name: String) {
        if !uncarried.contains(name) { uncarried.append(name) }
    }

    // MARK: In words

    /// What is asked for beside what requests bear of themselves; for a report.
    package var titles: [String] {
        var titles: [String] = []
        if needsHTTPS { titles.append("HTTPS") }
        if needsClientCertificate { titles.append("a client certificate") }
        switch credentials {
        case .basic: titles.append("HTTP Basic")
        case .digest: titles.append("HTTP Digest")
        case nil: break
        }
        if needsTimestamp { titles.append("a Timestamp") }
        if needsUsername { titles.append("a UsernameToken") }
        if needsAssertion { titles.append("a SAML assertion") }
        if needsSignature { titles.append("a signature") }
        if encrypts { titles.append("encryption") }
        return titles
    }

    /// The lines of an upstream in gateway.yaml that do what is asked for; empty where nothing is
    /// to be said. Names of files and secrets are for people to set.
    package func settings(of upstream: String) -> [String] {
        var lines: [String] = []
        if needsClientCertificate { lines.append("tls: { certificate: me.pem, key: me.key }") }
        let secret = "{ env: \(Self.variable(upstream))_PASSWORD }"
        switch credentials {
        case .basic: lines.append("credentials: { basic: { username: me, password: \(secret) } }")
        case .digest: lines.append("credentials: { digest: { username: me, password: \(secret) } }")
        case nil: break
        }
        guard needsSecurity else { return lines }
        lines.append("security:")
        lines += security(secret).map { "  " + $0 }
        return lines
    }

    private func security(_ secret: String) -> [String] {
        var lines: [String] = []
        if needsTimestamp { lines.append("timestamp: 5m") }
        if needsUsername {
            let type = isPasswordDigest ? ", type: digest" : ""
            lines.append("username: { name: me, password: \(secret)\(type) }")
        }
        if needsAssertion { lines.append("assertion: assertion.xml") }
        if needsSignature {
            var parts = signsBody ? ["body"] : []
            if needsTimestamp { parts.append("timestamp") }
            if signsUsername { parts.append("username") }
            if signsAddressing { parts.append("addressing") }
            let some = parts.isEmpty ? "" : ", parts: [\(parts.joined(separator: ", "))]"
            let algorithm = signsBySHA256 ? "" : ", algorithm: rsa-sha1"
            lines.append("sign: { certificate: me.pem, key: me.key\(some)\(algorithm) }")
        }
        if encrypts {
            var parts = encryptsBody ? ["body"] : []
            if encryptsUsername { parts.append("username") }
            if encryptsSignature { parts.append("signature") }
            var text = "certificate: backend.pem"
            if parts != ["body"] { text += ", parts: [\(parts.joined(separator: ", "))]" }
            text += ", algorithm: aes\(keyBits ?? 256)-\(usesGCM ? "gcm" : "cbc")"
            if usesRSA15 { text += ", key_transport: rsa-1_5" }
            if let keyIdentifier { text += ", key_identifier: \(keyIdentifier)" }
            if isEncryptedFirst { text += ", order: encrypt-sign" }
            lines.append("encrypt: { \(text) }")
            let old = usesRSA15 ? ", allow_rsa_1_5: true" : ""
            lines.append("decrypt: { key: me.key\(old) }")
        }
        if isMutual, needsSignature { lines.append("verify: { certificate: backend.pem }") }
        return lines
    }

    /// `order-desk` as `ORDER_DESK`.
    private static func variable(_ name: String) -> String {
        var text = ""
        for byte in name.utf8 {
            let isLetter = (byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7A
            let isDigit = byte >= 0x30 && byte <= 0x39
            if isDigit, text.isEmpty { text = "_" }
            text.unicodeScalars.append(
                isLetter ? Unicode.Scalar(byte & 0xDF) : isDigit ? Unicode.Scalar(byte) : "_")
        }
        return text
    }
}
