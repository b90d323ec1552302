// SPDX-License-Identifier: Apache-2.0
// WS-Security of one upstream (OASIS WSS 1.1): the Security block of each request, signed where
// that is asked for, and the verification of answers. Keys are read once.

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
    private struct Signer {
        let key: SigningKey
        /// DER, as base64.
        let certificate: String
        let settings: SecuritySettings.Signing
        let algorithm: SecuritySettings.Signing.Algorithm
    }

    let settings: SecuritySettings
    private let signer: Signer?
    let verifier: SignatureVerifier?
    /// A SAML assertion's element, as it stands in its file.
    private let assertion: String

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
        if let path = settings.verifies {
            verifier = SignatureVerifier(key: try Certificate(path: path).publicKey)
        } else {
            verifier = nil
        }
        assertion =
            try settings.assertion.map { path throws(MessageSecurityError) in
                try Self.assertion(path)
            } ?? ""
    }

    private static func privateKey(_ path: String) throws(MessageSecurityError) -> SigningKey {
        guard let key = SigningKey(pem: try Certificate.text(path)) else {
            throw MessageSecurityError(
                detail: "sign: \(path) holds no RSA or EC key in PEM that can be used")
        }
        return key
    }

    private static func assertion(_ path: String) throws(MessageSecurityError) -> String {
        var text = try Certificate.text(path)
        do {
            let root = try XMLTreeReader.read(Array(text.utf8), file: path)
            guard root.name.local == "Assertion" else {
                throw MessageSecurityError(
                    detail: "assertion: the root of \(path) is \(root.name), no Assertion")
            }
        } catch let error as MessageSecurityError {
            throw error
        } catch {
            throw MessageSecurityError(detail: "assertion: \(path): \(error)")
        }
        if text.hasPrefix("<?xml"), let end = text.firstRange(of: "?>") {
            text = String(text[end.upperBound...])
        }
        return text
    }

    /// What soap:Body bears where it is signed.
    static let bodyAttributes = " xmlns:wsu=\"\(WSSecurityNames.utility)\" wsu:Id=\"Body\""

    // MARK: The block

    /// The header blocks of one request, and where a signature goes.
    struct Blocks {
        var text: String
        /// UTF-8 bytes before the end of the Security block; nil where nothing is signed.
        var signatureOffset: Int?
        /// Identifiers of what is signed.
        var signed: [String] = []
        var signsBody = false
    }

    /// `envelopePrefix`: of SOAP's namespace. `addressing`: WS-Addressing's blocks, which are
    /// signed if they have identifiers.
    func blocks(
        _ version: SOAPVersion, envelopePrefix: String, addressing: AddressingBlocks?,
        now: Date = Date()
    ) -> Blocks {
        var blocks = Blocks(text: addressing?.text ?? "")
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
        text += ">"
        if let signer { text += token(signer) }
        if let lifetime = settings.timestamp {
            let expires = Self.time(now.addingTimeInterval(lifetime.seconds))
            text += "<wsu:Timestamp wsu:Id=\"TS\"><wsu:Created>\(created)</wsu:Created>"
            text += "<wsu:Expires>\(expires)</wsu:Expires></wsu:Timestamp>"
        }
        if let username = settings.username { text += self.token(username, created) }
        text += assertion
        if let parts = signer?.settings.parts {
            blocks.signatureOffset = blocks.text.utf8.count + text.utf8.count
            blocks.signsBody = parts.contains(.body)
            if parts.contains(.body) { blocks.signed.append("Body") }
            if parts.contains(.timestamp) { blocks.signed.append("TS") }
            if parts.contains(.username) { blocks.signed.append("UT") }
            if parts.contains(.addressing) { blocks.signed += addressing?.identifiers ?? [] }
        }
        blocks.text += text + "</wsse:Security>"
        return blocks
    }

    private func token(_ signer: Signer) -> String {
        "<wsse:BinarySecurityToken wsu:Id=\"X509\" EncodingType=\"\(WSSecurityNames.message)"
            + "#Base64Binary\" ValueType=\"\(WSSecurityNames.certificates)#X509v3\">"
            + "\(signer.certificate)</wsse:BinarySecurityToken>"
    }

    private func token(_ username: SecuritySettings.Username, _ created: String) -> String {
        var text = "<wsse:UsernameToken wsu:Id=\"UT\"><wsse:Username>"
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

    // MARK: Signing

    /// Puts the signature into a message that is whole but for it.
    /// `start`: where `blocks` begin in `output`.
    func sign(_ blocks: Blocks, at start: Int, in output: OutputBuffer) throws(TranslationError) {
        guard let signer, let offset = blocks.signatureOffset, !blocks.signed.isEmpty else {
            return
        }
        let forms = blocks.signed.map { ($0, CanonicalReader.Form.exclusive(prefixes: [])) }
        let found = try CanonicalReader().read(
            output.bytes, wanted: Dictionary(uniqueKeysWithValues: forms))
        let isStrong = signer.algorithm != .sha1
        var info = "<ds:SignedInfo xmlns:ds=\"\(WSSecurityNames.signature)\">"
        info += Self.element("ds:CanonicalizationMethod", WSSecurityNames.exclusive)
        info += Self.element("ds:SignatureMethod", signer.algorithm.method)
        for id in blocks.signed {
            guard let element = found[id] else { continue }
            info += "<ds:Reference URI=\"#\(id)\"><ds:Transforms>"
            info += Self.element("ds:Transform", WSSecurityNames.exclusive) + "</ds:Transforms>"
            info += Self.element("ds:DigestMethod", SignatureNames.digest(isStrong: isStrong))
            let digest =
                isStrong
                ? Data(SHA256.hash(data: element.octets))
                : Data(Insecure.SHA1.hash(data: element.octets))
            info += "<ds:DigestValue>\(digest.base64EncodedString())</ds:DigestValue>"
            info += "</ds:Reference>"
        }
        info += "</ds:SignedInfo>"
        let value: Data
        do {
            value = try signer.key.signature(over: Array(info.utf8), signer.algorithm)
        } catch {
            throw TranslationError(.message, keyword: "signature", "The request can not be signed.")
        }
        insert(signature(info, value.base64EncodedString()), at: start + offset, in: output)
    }

    private func signature(_ info: String, _ value: String) -> String {
        "<ds:Signature xmlns:ds=\"\(WSSecurityNames.signature)\">\(info)"
            + "<ds:SignatureValue>\(value)</ds:SignatureValue><ds:KeyInfo>"
            + "<wsse:SecurityTokenReference><wsse:Reference URI=\"#X509\" "
            + "ValueType=\"\(WSSecurityNames.certificates)#X509v3\"/>"
            + "</wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>"
    }

    private func insert(_ text: String, at index: Int, in output: OutputBuffer) {
        let bytes = Array(text.utf8)
        output.openGap(at: index, size: bytes.count)
        for (offset, byte) in bytes.enumerated() { output.replace(at: index + offset, byte) }
    }

    /// In canonical form: no empty-element tag.
    private static func element(_ name: String, _ algorithm: String) -> String {
        "<\(name) Algorithm=\"\(algorithm)\"></\(name)>"
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
