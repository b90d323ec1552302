// SPDX-License-Identifier: Apache-2.0
// WS-Security of one upstream (OASIS WSS 1.1): the Security block of each request, and what makes
// requests safe and answers believed. Keys are read once.

internal import Crypto
internal import DragomanDocument
package import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// What is wrong with the files that `security` names.
package struct MessageSecurityError: Error {
    package let detail: String
}

/// The security of one upstream's messages. Immutable.
package final class MessageSecurity: Sendable {
    struct Signer {
        let key: SigningKey
        /// DER, as base64.
        let certificate: String
        let settings: SecuritySettings.Signing
        let algorithm: SecuritySettings.Signing.Algorithm
    }

    let settings: SecuritySettings
    let signer: Signer?
    let encryptor: MessageEncryptor?
    let verifier: SignatureVerifier?
    let decryptor: MessageDecryptor?
    /// A SAML assertion's element, as it stands in its file.
    let assertion: String
    /// The same with nothing in it, to be shown.
    let maskedAssertion: String

    /// Throws where a file can not be used.
    package init(_ settings: SecuritySettings) throws(MessageSecurityError) {
        self.settings = settings
        if let signing = settings.signing {
            let certificate = try Certificate(path: signing.certificate)
            let key = try Self.privateKey(signing.key)
            guard key.publicKey.der == certificate.publicKey.der else {
                throw MessageSecurityError(
                    detail: "sign: \(signing.key) is not the key of \(signing.certificate)")
            }
            let algorithm = signing.algorithm ?? (key.isRSA ? .sha256 : .ecdsa)
            guard key.isRSA == (algorithm != .ecdsa) else {
                throw MessageSecurityError(
                    detail: "sign: \(signing.key) is no key for \(algorithm.rawValue)")
            }
            signer = Signer(
                key: key, certificate: certificate.base64, settings: signing,
                algorithm: algorithm)
        } else {
            signer = nil
        }
        encryptor = try settings.encrypting.map { made throws(MessageSecurityError) in
            try MessageEncryptor(made)
        }
        decryptor = try settings.decrypting.map { made throws(MessageSecurityError) in
            try MessageDecryptor(made)
        }
        verifier = try settings.verifying.map { made throws(MessageSecurityError) in
            SignatureVerifier(trust: try SignatureTrust(made))
        }
        (assertion, maskedAssertion) =
            try settings.assertion.map { path throws(MessageSecurityError) in
                try Self.assertion(path)
            } ?? ("", "")
    }

    private static func privateKey(_ path: String) throws(MessageSecurityError) -> SigningKey {
        guard let key = SigningKey(pem: try Certificate.text(path)) else {
            throw MessageSecurityError(
                detail: "sign: \(path) holds no RSA or EC key in PEM that can be used")
        }
        return key
    }

    /// The text, and what is shown of it.
    private static func assertion(
        _ path: String
    ) throws(MessageSecurityError) -> (text: String, masked: String) {
        var text = try Certificate.text(path)
        let masked: String
        do {
            let root = try XMLTreeReader.read(Array(text.utf8), file: path)
            guard root.name.local == "Assertion" else {
                throw MessageSecurityError(
                    detail: "assertion: the root of \(path) is \(root.name), no Assertion")
            }
            let namespace = escaped(root.name.namespace)
            masked = "<Assertion xmlns=\"\(namespace)\">\(SecretMask.text)</Assertion>"
        } catch let error as MessageSecurityError {
            throw error
        } catch {
            throw MessageSecurityError(detail: "assertion: \(path): \(error)")
        }
        if text.hasPrefix("<?xml"), let end = text.firstRange(of: "?>") {
            text = String(text[end.upperBound...])
        }
        return (text, masked)
    }

    /// Answers are looked at as a whole.
    var holdsReplies: Bool { verifier != nil || decryptor != nil }

    /// What soap:Body bears where it is signed.
    static let bodyAttributes = " xmlns:wsu=\"\(WSSecurityNames.utility)\" wsu:Id=\"Body\""

    // MARK: The block

    /// `envelopePrefix`: of SOAP's namespace. `addressing`: WS-Addressing's blocks, which are
    /// signed if they have identifiers.
    func blocks(
        _ version: SOAPVersion, envelopePrefix: String, addressing: AddressingBlocks?,
        now: Date = Date()
    ) -> SecurityBlocks {
        var blocks = SecurityBlocks(addressing: addressing?.text ?? "")
        let created = Self.time(now)
        var text = "<wsse:Security xmlns:wsse=\"\(WSSecurityNames.extension)\""
        text += " xmlns:wsu=\"\(WSSecurityNames.utility)\""
        if settings.mustUnderstand {
            text += " \(envelopePrefix):mustUnderstand=\"\(version == .soap11 ? "1" : "true")\""
        }
        if let actor = settings.actor {
            let name = version == .soap11 ? "actor" : "role"
            text += " \(envelopePrefix):\(name)=\"\(Self.escaped(actor))\""
        }
        blocks.open = text + ">"
        if let lifetime = settings.timestamp {
            let expires = Self.time(now.addingTimeInterval(lifetime.seconds))
            blocks.timestamp =
                "<wsu:Timestamp wsu:Id=\"TS\"><wsu:Created>\(created)</wsu:Created>"
                + "<wsu:Expires>\(expires)</wsu:Expires></wsu:Timestamp>"
        }
        if let signer { blocks.token = Self.token("X509", signer.certificate) }
        if let username = settings.username { blocks.username = token(username, created) }
        blocks.assertion = assertion
        if let parts = signer?.settings.parts {
            blocks.signsBody = parts.contains(.body)
            if parts.contains(.body) { blocks.signed.append("Body") }
            if parts.contains(.timestamp) { blocks.signed.append("TS") }
            if parts.contains(.username) { blocks.signed.append("UT") }
            if parts.contains(.addressing) { blocks.signed += addressing?.identifiers ?? [] }
        }
        return blocks
    }

    static func token(_ id: String, _ certificate: String) -> String {
        "<wsse:BinarySecurityToken wsu:Id=\"\(id)\" EncodingType=\"\(WSSecurityNames.message)"
            + "#Base64Binary\" ValueType=\"\(WSSecurityNames.certificates)#X509v3\">"
            + "\(certificate)</wsse:BinarySecurityToken>"
    }

    /// To a `token`.
    static func reference(_ id: String) -> String {
        "<wsse:Reference URI=\"#\(id)\" ValueType=\"\(WSSecurityNames.certificates)#X509v3\"/>"
    }

    private func token(_ username: SecuritySettings.Username, _ created: String) -> String {
        // Whole in itself, since it may be encrypted.
        var text = "<wsse:UsernameToken xmlns:wsse=\"\(WSSecurityNames.extension)\" "
        text += "xmlns:wsu=\"\(WSSecurityNames.utility)\" wsu:Id=\"UT\"><wsse:Username>"
        text += Self.escaped(username.name) + "</wsse:Username>"
        let kind = username.isDigest ? "PasswordDigest" : "PasswordText"
        text += "<wsse:Password Type=\"\(WSSecurityNames.tokens)#\(kind)\">"
        guard username.isDigest else {
            return text + Self.escaped(username.password)
                + "</wsse:Password></wsse:UsernameToken>"
        }
        var generator = SystemRandomNumberGenerator()
        let nonce = (0..<16).map { _ in UInt8.random(in: 0...255, using: &generator) }
        let secret = nonce + Array(created.utf8) + Array(username.password.utf8)
        let digest = Data(Insecure.SHA1.hash(data: secret)).base64EncodedString()
        text += "\(digest)</wsse:Password><wsse:Nonce EncodingType=\"\(WSSecurityNames.message)"
        text += "#Base64Binary\">\(Data(nonce).base64EncodedString())</wsse:Nonce>"
        return text + "<wsu:Created>\(created)</wsu:Created></wsse:UsernameToken>"
    }

    // MARK: Texts

    static func escaped(_ text: String) -> String {
        let output = OutputBuffer(capacity: 128)
        CanonicalText.write(text, isAttribute: true, output)
        return output.string
    }

    /// `2026-11-21T14:30:48.969Z`
    static func time(_ date: Date) -> String {
        let milliseconds = Int((date.timeIntervalSince1970 * 1000).rounded(.down))
        let days = Int((Double(milliseconds) / 86_400_000).rounded(.down))
        let rest = milliseconds - days * 86_400_000
        let day = CivilDate(daysSinceEpoch: days)
        func padded(_ number: Int, _ width: Int) -> String {
            let text = String(number)
            return String(repeating: "0", count: max(0, width - text.count)) + text
        }
        let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60]
            .map { padded($0, 2) }.joined(separator: ":")
        return "\(padded(day.year, 4))-\(padded(day.month, 2))-\(padded(day.day, 2))T\(clock)"
            + ".\(padded(rest % 1000, 3))Z"
    }
}

extension Duration {
    /// In seconds, with fractions.
    var seconds: Double {
        Double(components.seconds) + Double(components.attoseconds) / 1e18
    }
}
