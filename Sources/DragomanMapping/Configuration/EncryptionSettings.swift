// SPDX-License-Identifier: Apache-2.0
// `encrypt`, `decrypt` and `verify` of an upstream's `security`: for whom requests are enciphered,
// by which key answers are deciphered, and whom they must be from.

extension SecuritySettings {
    /// How requests are enciphered.
    package struct Encrypting: Sendable, Hashable {
        package enum Part: String, Sendable, CaseIterable {
            case body, username, signature
        }

        package enum Algorithm: String, Sendable, CaseIterable {
            case aes128CBC = "aes128-cbc"
            case aes192CBC = "aes192-cbc"
            case aes256CBC = "aes256-cbc"
            case aes128GCM = "aes128-gcm"
            case aes192GCM = "aes192-gcm"
            case aes256GCM = "aes256-gcm"
        }

        package enum Transport: String, Sendable, CaseIterable {
            /// SHA-1 for the label and the mask, which every backend takes.
            case oaep = "rsa-oaep"
            /// SHA-256 for the label, SHA-1 for the mask.
            case oaepSHA256 = "rsa-oaep-sha256"
            /// SHA-256 for both, by the names of XML Encryption 1.1.
            case oaep11 = "rsa-oaep-sha256-mgf1-sha256"
            case pkcs1 = "rsa-1_5"
        }

        /// How the message names the certificate.
        package enum Identifier: String, Sendable, CaseIterable {
            case issuerSerial = "issuer-serial"
            case keyIdentifier = "ski"
            case thumbprint
            /// The certificate itself, as a BinarySecurityToken.
            case token
        }

        package enum Order: String, Sendable, CaseIterable {
            case signFirst = "sign-encrypt"
            case encryptFirst = "encrypt-sign"
        }

        /// The backend's, a file of PEM.
        package var certificate: String
        package var parts: [Part] = [.body]
        package var algorithm = Algorithm.aes256GCM
        package var transport = Transport.oaep
        package var identifier = Identifier.issuerSerial
        package var order = Order.signFirst
    }

    /// How answers are deciphered.
    package struct Decrypting: Sendable, Hashable {
        /// Our private key, a file of PEM.
        package var key: String
        /// The Body of a reply that is no fault must be encrypted.
        package var isRequired = true
        /// PKCS #1 1.5 is taken from backends that have nothing better.
        package var allowsPKCS1 = false
    }

    /// Whom answers must be signed by.
    package enum Verifying: Sendable, Hashable {
        /// The holder of this very certificate, a file of PEM.
        case certificate(String)
        /// The holder of a certificate that those of the file, PEM, vouch for; and that bears the
        /// name, if one is given.
        case authorities(String, name: String?)
    }
}

extension GatewayReader {
    func encrypting(_ node: YAMLNode, _ security: SecuritySettings) -> SecuritySettings.Encrypting?
    {
        guard let certificate = path(node["certificate"]) else { return nil }
        let checked = CheckedNode(node: node)
        var made = SecuritySettings.Encrypting(certificate: certificate)
        if let parts = checked["parts"].texts?.compactMap(SecuritySettings.Encrypting.Part.init) {
            made.parts = parts
        }
        made.algorithm = choice(checked, "algorithm") ?? made.algorithm
        made.transport = choice(checked, "key_transport") ?? made.transport
        made.identifier = choice(checked, "key_identifier") ?? made.identifier
        made.order = choice(checked, "order") ?? made.order
        check(made, node, security)
        return made
    }

    private func choice<Choice: RawRepresentable<String>>(
        _ node: CheckedNode, _ name: String
    ) -> Choice? {
        node[name].text.flatMap(Choice.init)
    }

    private func check(
        _ made: SecuritySettings.Encrypting, _ node: YAMLNode, _ security: SecuritySettings
    ) {
        let place = node["parts"] ?? node
        func complain(_ text: String, _ expected: String) {
            collector.error("wrong-value", file, place, text, expected: expected)
        }
        if made.parts.isEmpty { complain("`parts` is an empty list", "what to encrypt") }
        if made.parts.contains(.username), security.username == nil {
            complain("there is no UsernameToken to encrypt", "`username` in `security`")
        }
        if made.parts.contains(.signature), security.signing == nil {
            complain("there is no signature to encrypt", "`sign` in `security`")
        }
        if made.order == .encryptFirst {
            if security.signing == nil, let place = node["order"] {
                collector.error(
                    "wrong-value", file, place, "nothing is signed that could be encrypted first",
                    expected: "`sign` in `security`")
            }
            if made.parts != [.body] {
                complain(
                    "what is encrypted before it is signed can only be the Body",
                    "`parts: [body]`")
            }
        }
    }

    func decrypting(_ node: YAMLNode) -> SecuritySettings.Decrypting? {
        guard let key = path(node["key"]) else { return nil }
        let checked = CheckedNode(node: node)
        return SecuritySettings.Decrypting(
            key: key, isRequired: checked["required"].boolean ?? true,
            allowsPKCS1: checked["allow_rsa_1_5"].boolean ?? false)
    }

    func verifying(_ node: YAMLNode) -> SecuritySettings.Verifying? {
        if let certificate = path(node["certificate"]) {
            if let place = node["name"] {
                collector.error(
                    "wrong-value", file, place, "`name` is for certificates that `ca` vouches for",
                    expected: "`ca` in place of `certificate`, or no `name`")
            }
            return .certificate(certificate)
        }
        guard let authorities = path(node["ca"]) else { return nil }
        let name = node["name"]?.text
        if name?.isEmpty ?? false, let place = node["name"] {
            collector.error(
                "wrong-value", file, place, "`name` is empty",
                expected: "what the signer's certificate bears")
        }
        return .authorities(authorities, name: name)
    }
}

/// The keys of `encrypt`, `decrypt` and `verify`.
enum EncryptionShapes {
    private static func choices<Choice: RawRepresentable<String> & CaseIterable>(
        _ kind: Choice.Type
    ) -> Shape {
        .choice(kind.allCases.map(\.rawValue))
    }

    static let encrypt = ObjectShape(
        "encrypt", "`encrypt`",
        keys: [
            .required("certificate", .scalar(.path), "The backend's own, RSA, PEM"),
            .optional(
                "parts", .list(choices(SecuritySettings.Encrypting.Part.self)),
                "What is encrypted; the Body's content by default"),
            .optional(
                "algorithm", choices(SecuritySettings.Encrypting.Algorithm.self),
                "Of the content; aes256-gcm by default"),
            .optional(
                "key_transport", choices(SecuritySettings.Encrypting.Transport.self),
                "How the content's key is encrypted; rsa-oaep by default"),
            .optional(
                "key_identifier", choices(SecuritySettings.Encrypting.Identifier.self),
                "How the certificate is named; issuer-serial by default"),
            .optional(
                "order", choices(SecuritySettings.Encrypting.Order.self),
                "What comes first; sign-encrypt by default"),
        ])

    static let decrypt = ObjectShape(
        "decrypt", "`decrypt`",
        keys: [
            .required("key", .scalar(.path), "Our private key, RSA, PEM"),
            .optional(
                "required", .boolean, "Whether answers must be encrypted; they must by default"),
            .optional(
                "allow_rsa_1_5", .boolean, "Whether keys may come by RSA 1.5; not by default"),
        ])

    static let verify = ObjectShape(
        "verify", "`verify`", exactlyOne: ["certificate", "ca"],
        keys: [
            .optional("certificate", .scalar(.path), "The backend's own, PEM"),
            .optional(
                "ca", .scalar(.path), "Certificates that vouch for the signer's, PEM"),
            .optional("name", .scalar(.text), "What the signer's certificate must bear"),
        ])
}
