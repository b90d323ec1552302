// SPDX-License-Identifier: Apache-2.0
// Verification of a signed answer (XML Signature 1.0, 3.2; WSS 1.1, 8): by a key that is trusted,
// over elements that stand where they are acted on, so that no signed element can be moved away.

internal import Crypto
internal import DragomanDocument
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

struct SignatureVerifier: Sendable {
    let trust: SignatureTrust

    /// How far clocks may differ.
    private static let skew: TimeInterval = 300
    private static let referencesMax = 32

    /// Throws where the answer is not signed by the key, or its Body is not covered.
    func verify(
        _ bytes: UnsafeRawBufferPointer, now: Date = Date()
    ) throws(TranslationError) {
        let envelope: XMLElement
        do {
            envelope = try XMLTreeReader.read(bytes, file: "reply")
        } catch {
            throw Self.refusal("is not well-formed XML")
        }
        guard let header = envelope.elements.first(where: { $0.name.local == "Header" }),
            let security = header.first(WSSecurityNames.extension, "Security"),
            let signature = security.first(WSSecurityNames.signature, "Signature"),
            let info = signature.first(WSSecurityNames.signature, "SignedInfo")
        else { throw Self.refusal("is not signed") }
        var wanted: [String: CanonicalReader.Form] = [:]
        wanted[""] = try Self.form(
            info.first(WSSecurityNames.signature, "CanonicalizationMethod"))
        let references = info.elements(WSSecurityNames.signature, "Reference")
        guard !references.isEmpty, references.count <= Self.referencesMax else {
            throw Self.refusal("has a signature over nothing")
        }
        for reference in references {
            let id = try Self.identifier(reference)
            guard wanted[id] == nil else { throw Self.refusal("is signed twice in one place") }
            wanted[id] = try Self.form(of: reference)
        }
        let found = try CanonicalReader().read(bytes, wanted: wanted)
        let key = try trust.key(of: signature, in: security, now)
        try check(info, signature, key, found[""]?.octets)
        var isBodySigned = false
        for reference in references {
            let id = try Self.identifier(reference)
            guard let element = found[id] else {
                throw Self.refusal("has a signature over \"\(id)\", which is not there")
            }
            try Self.check(reference, element.octets)
            if element.path.count == 2, element.name.local == "Body" { isBodySigned = true }
        }
        guard isBodySigned else { throw Self.refusal("has a signature that leaves out the Body") }
        try Self.checkTime(security, now)
    }

    static func refusal(_ clause: String) -> TranslationError {
        TranslationError(.message, keyword: "signature", "The backend's answer \(clause).")
    }

    private static func identifier(_ reference: XMLElement) throws(TranslationError) -> String {
        guard let uri = reference.attribute("URI"), uri.hasPrefix("#"), uri.count > 1 else {
            throw refusal("has a signature over something outside of it")
        }
        return String(uri.dropFirst())
    }

    private static func form(
        _ method: XMLElement?
    ) throws(TranslationError) -> CanonicalReader.Form {
        switch method?.attribute("Algorithm") {
        case WSSecurityNames.exclusive:
            let list = method?.first(WSSecurityNames.exclusive, "InclusiveNamespaces")
            let prefixes = XMLCharacters.tokens(list?.attribute("PrefixList") ?? "")
            return .exclusive(prefixes: prefixes)
        case WSSecurityNames.inclusive: return .inclusive
        default: throw refusal("is made canonical in a way that is not accepted")
        }
    }

    private static func form(
        of reference: XMLElement
    ) throws(TranslationError) -> CanonicalReader.Form {
        let transforms =
            reference.first(WSSecurityNames.signature, "Transforms")?
            .elements(WSSecurityNames.signature, "Transform") ?? []
        guard transforms.count <= 1 else {
            throw refusal("is signed through transforms that are not accepted")
        }
        guard let transform = transforms.first else { return .inclusive }
        return try form(transform)
    }

    private func check(
        _ info: XMLElement, _ signature: XMLElement, _ key: VerificationKey, _ octets: [UInt8]?
    ) throws(TranslationError) {
        let method = info.first(WSSecurityNames.signature, "SignatureMethod")
        let text = signature.first(WSSecurityNames.signature, "SignatureValue")?.text ?? ""
        guard let octets, let value = Self.base64(text) else {
            throw Self.refusal("has a signature without a value")
        }
        let name = method?.attribute("Algorithm") ?? ""
        guard let isValid = key.isValid(value, over: octets, name) else {
            throw Self.refusal("is signed by an algorithm that is not accepted")
        }
        guard isValid else {
            throw Self.refusal("is not signed by the certificate that it should be")
        }
    }

    private static func check(
        _ reference: XMLElement, _ octets: [UInt8]
    ) throws(TranslationError) {
        let method = reference.first(WSSecurityNames.signature, "DigestMethod")
        let text = reference.first(WSSecurityNames.signature, "DigestValue")?.text ?? ""
        let digest: Data
        switch method?.attribute("Algorithm") {
        case SignatureNames.sha256: digest = Data(SHA256.hash(data: octets))
        case SignatureNames.sha384: digest = Data(SHA384.hash(data: octets))
        case SignatureNames.sha512: digest = Data(SHA512.hash(data: octets))
        case SignatureNames.sha1: digest = Data(Insecure.SHA1.hash(data: octets))
        default: throw refusal("has digests by an algorithm that is not accepted")
        }
        guard base64(text) == digest else { throw refusal("was changed after it was signed") }
    }

    private static func checkTime(
        _ security: XMLElement, _ now: Date
    ) throws(TranslationError) {
        guard let stamp = security.first(WSSecurityNames.utility, "Timestamp") else { return }
        // Times of one form in UTC compare as their texts do.
        let earliest = MessageSecurity.time(now.addingTimeInterval(-skew))
        let latest = MessageSecurity.time(now.addingTimeInterval(skew))
        let expires = stamp.first(WSSecurityNames.utility, "Expires")?.text ?? ""
        if !expires.isEmpty, comparable(expires) < comparable(earliest) {
            throw refusal("has expired")
        }
        let created = stamp.first(WSSecurityNames.utility, "Created")?.text ?? ""
        if !created.isEmpty, comparable(created) > comparable(latest) {
            throw refusal("is from the future")
        }
    }

    /// To the second.
    private static func comparable(_ time: String) -> String {
        String(XMLCharacters.trim(time).prefix(19))
    }

    static func base64(_ text: String) -> Data? {
        Data(base64Encoded: text.filter { !$0.isWhitespace })
    }
}
