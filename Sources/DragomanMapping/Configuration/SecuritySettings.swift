// SPDX-License-Identifier: Apache-2.0
// How an upstream wants to be convinced of who calls: credentials of HTTP, and WS-Security in the
// Envelope. Secrets come by `{ env: }` and `{ file: }`.

/// `credentials` of an upstream.
package struct UpstreamCredentials: Sendable, Hashable {
    package enum Scheme: String, Sendable {
        /// RFC 7617
        case basic
        /// RFC 7616
        case digest
        /// RFC 6750
        case bearer
    }

    package var scheme: Scheme
    /// Empty of a bearer.
    package var username: String
    /// The token of a bearer.
    package var password: String
}

/// `security` of an upstream: what each SOAP request bears, and what each answer must.
package struct SecuritySettings: Sendable, Hashable {
    package struct Username: Sendable, Hashable {
        package var name: String
        package var password: String
        /// The password goes out as a digest with nonce and time.
        package var isDigest: Bool
    }

    package enum Part: String, Sendable, CaseIterable {
        case body, timestamp, username, addressing
    }

    package struct Signing: Sendable, Hashable {
        package enum Algorithm: String, Sendable {
            case sha256 = "rsa-sha256"
            case sha1 = "rsa-sha1"
            case ecdsa = "ecdsa-sha256"
        }

        /// Files of PEM, by paths that can be opened.
        package var certificate: String
        package var key: String
        package var parts: [Part]
        /// Nil: as the key is, with SHA-256.
        package var algorithm: Algorithm?
    }

    package var username: Username?
    /// How long a request is good for; nil for no Timestamp.
    package var timestamp: Duration?
    package var signing: Signing?
    package var encrypting: Encrypting?
    /// Nil: answers that are encrypted can not be read.
    package var decrypting: Decrypting?
    /// Nil: answers are not verified.
    package var verifying: Verifying?
    /// A SAML assertion that is passed on as it is, by a path that can be opened.
    package var assertion: String?
    /// `actor` or `role` of the Security block.
    package var actor: String?
    package var mustUnderstand = true
}

extension GatewayReader {
    func credentials(_ node: YAMLNode) -> UpstreamCredentials? {
        if let token = node["bearer"]?["token"]?.text {
            return UpstreamCredentials(scheme: .bearer, username: "", password: token)
        }
        for scheme in [UpstreamCredentials.Scheme.basic, .digest] {
            guard let inner = node[scheme.rawValue] else { continue }
            guard let name = inner["username"]?.text, let password = inner["password"]?.text else {
                return nil
            }
            if name.contains(":"), scheme == .basic, let place = inner["username"] {
                collector.error(
                    "wrong-value", file, place, "a user name of HTTP can hold no colon",
                    expected: "a name without `:`")
            }
            return UpstreamCredentials(scheme: scheme, username: name, password: password)
        }
        return nil
    }

    func security(_ node: YAMLNode) -> SecuritySettings? {
        guard node.pairs != nil else { return nil }
        let checked = CheckedNode(node: node)
        var security = SecuritySettings()
        if let inner = node["username"], let name = inner["name"]?.text,
            let password = inner["password"]?.text
        {
            security.username = SecuritySettings.Username(
                name: name, password: password, isDigest: inner["type"]?.text == "digest")
        }
        security.timestamp = checked["timestamp"].duration
        if let inner = node["sign"] { security.signing = signing(inner, security) }
        if let inner = node["encrypt"] { security.encrypting = encrypting(inner, security) }
        security.decrypting = node["decrypt"].flatMap(decrypting)
        security.verifying = node["verify"].flatMap(verifying)
        security.assertion = path(node["assertion"])
        security.actor = node["actor"]?.text
        security.mustUnderstand = checked["must_understand"].boolean ?? true
        return security
    }

    private func signing(
        _ node: YAMLNode, _ security: SecuritySettings
    ) -> SecuritySettings.Signing? {
        guard let certificate = path(node["certificate"]), let key = path(node["key"]) else {
            return nil
        }
        let checked = CheckedNode(node: node)
        let named = checked["parts"].texts?.compactMap(SecuritySettings.Part.init)
        if named?.isEmpty ?? false, let place = node["parts"] {
            collector.error(
                "wrong-value", file, place, "`parts` is an empty list", expected: "what to sign")
        }
        var parts = named ?? [.body, .timestamp, .username, .addressing]
        if security.timestamp == nil { parts.removeAll { $0 == .timestamp } }
        if security.username == nil { parts.removeAll { $0 == .username } }
        return SecuritySettings.Signing(
            certificate: certificate, key: key, parts: parts,
            algorithm: checked["algorithm"].text
                .flatMap(SecuritySettings.Signing.Algorithm.init))
    }
}

/// The keys of `credentials` and `security`.
enum SecurityShapes {
    private static func login(_ name: String) -> ObjectShape {
        ObjectShape(
            name, "`\(name)`",
            keys: [
                .required("username", .scalar(.text), "Who calls"),
                .required("password", .scalar(.secret), "Its secret; `{ env: }` or `{ file: }`"),
            ])
    }

    static let credentials = ObjectShape(
        "credentials", "`credentials`", exactlyOne: ["basic", "digest", "bearer"],
        keys: [
            .optional("basic", .object(login("basic")), "HTTP's Basic authentication"),
            .optional("digest", .object(login("digest")), "HTTP's Digest authentication"),
            .optional("bearer", .object(bearer), "A bearer token"),
        ])

    private static let bearer = ObjectShape(
        "bearer", "`bearer`",
        keys: [
            .required("token", .scalar(.fieldValue), "The token; `{ env: }` or `{ file: }`")
        ])

    private static let username = ObjectShape(
        "usernameToken", "`username`",
        keys: [
            .required("name", .scalar(.text), "Who calls"),
            .required("password", .scalar(.secret), "Its secret; `{ env: }` or `{ file: }`"),
            .optional("type", .choice(["text", "digest"]), "How the password goes out"),
        ])

    private static let sign = ObjectShape(
        "sign", "`sign`",
        keys: [
            .required("certificate", .scalar(.path), "Ours, PEM; sent along"),
            .required("key", .scalar(.path), "Its private key, RSA or EC, PEM"),
            .optional(
                "parts", .list(.choice(SecuritySettings.Part.allCases.map(\.rawValue))),
                "What is signed; all that is there by default"),
            .optional(
                "algorithm", .choice(["rsa-sha256", "rsa-sha1", "ecdsa-sha256"]),
                "Of the signature and digests"),
        ])

    static let security = ObjectShape(
        "security", "`security`",
        keys: [
            .optional("username", .object(username), "A UsernameToken"),
            .optional("timestamp", .scalar(.duration), "How long a request is good for"),
            .optional("sign", .object(sign), "An X.509 signature"),
            .optional(
                "encrypt", .object(EncryptionShapes.encrypt), "For whom requests are encrypted"),
            .optional(
                "decrypt", .object(EncryptionShapes.decrypt), "How answers are decrypted"),
            .optional("verify", .object(EncryptionShapes.verify), "Who must have signed answers"),
            .optional("assertion", .scalar(.path), "A SAML assertion, passed on as it is"),
            .optional("actor", .scalar(.text), "Whom the Security block is for"),
            .optional("must_understand", .boolean, "Whether the backend must act on it"),
        ])
}
