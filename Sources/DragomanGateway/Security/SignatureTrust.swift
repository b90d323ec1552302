// SPDX-License-Identifier: Apache-2.0
// Whose signatures are believed: the holder of one certificate, or of any that authorities vouch
// for, which then comes with the message (WSS X.509 Token Profile 1.1.1, 3).

internal import DragomanDocument
internal import DragomanKeys
internal import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

enum SignatureTrust: Sendable {
    case pinned(VerificationKey)
    case authorities(TrustAnchors, name: String?)

    /// Certificates of one message.
    private static let certificatesMax = 16

    init(_ settings: SecuritySettings.Verifying) throws(MessageSecurityError) {
        switch settings {
        case .certificate(let path): self = .pinned(try Certificate(path: path).publicKey)
        case .authorities(let path, let name):
            let certificates = X509Certificate.all(pem: try Certificate.bytes(path))
            guard let anchors = TrustAnchors(certificates) else {
                throw MessageSecurityError(
                    detail: "verify: \(path) holds no certificates in PEM, or a broken one")
            }
            self = .authorities(anchors, name: name)
        }
    }

    /// The key that the signature must be made with.
    func key(
        of signature: XMLElement, in security: XMLElement, _ now: Date
    ) throws(TranslationError) -> VerificationKey {
        switch self {
        case .pinned(let key): return key
        case .authorities(let anchors, let name):
            let given = try Self.certificates(of: signature, in: security)
            guard let signer = given.first else {
                throw SignatureVerifier.refusal("is signed by a certificate that it does not hold")
            }
            let refusal = anchors.refusal(
                of: signer, with: Array(given.dropFirst()), name: name,
                at: Int(now.timeIntervalSince1970))
            if let refusal {
                let subject = String(signer.subject.prefix(256))
                throw SignatureVerifier.refusal(
                    "is signed by a certificate that is not trusted (\(subject)): \(refusal)")
            }
            guard let der = DERReader.publicKey(ofCertificate: signer.der),
                let key = VerificationKey(der: der)
            else { throw SignatureVerifier.refusal("is signed by a key that is not accepted") }
            return key
        }
    }

    /// The signer's, and others that come with it.
    private static func certificates(
        of signature: XMLElement, in security: XMLElement
    ) throws(TranslationError) -> [X509Certificate] {
        guard let info = signature.first(WSSecurityNames.signature, "KeyInfo") else { return [] }
        let reference = info.first(WSSecurityNames.extension, "SecurityTokenReference")
        let data =
            info.first(WSSecurityNames.signature, "X509Data")
            ?? reference?.first(WSSecurityNames.signature, "X509Data")
        var found: [X509Certificate] = []
        if let uri = reference?.first(WSSecurityNames.extension, "Reference")?.attribute("URI"),
            uri.hasPrefix("#"), uri.count > 1
        {
            let id = String(uri.dropFirst())
            let tokens = security.elements(WSSecurityNames.extension, "BinarySecurityToken")
                .filter { $0.attribute("Id", namespace: WSSecurityNames.utility) == id }
            // Of two with one name nobody could say which was meant.
            if tokens.count == 1 { found = certificates(of: tokens[0]) }
        } else if let data {
            let texts = data.elements(WSSecurityNames.signature, "X509Certificate")
            found = texts.prefix(certificatesMax).compactMap { certificate($0.text) }
        }
        guard found.count <= certificatesMax else {
            throw SignatureVerifier.refusal("brings too many certificates")
        }
        return leafFirst(found)
    }

    private static func certificate(_ base64: String) -> X509Certificate? {
        SignatureVerifier.base64(base64).flatMap { X509Certificate(der: Array($0)) }
    }

    private static func certificates(of token: XMLElement) -> [X509Certificate] {
        guard token.attribute("ValueType")?.hasSuffix("#X509PKIPathv1") ?? false else {
            return certificate(token.text).map { [$0] } ?? []
        }
        guard let path = SignatureVerifier.base64(token.text),
            let items = DERReader.items(ofSequence: Array(path)), items.count <= certificatesMax
        else { return [] }
        return items.compactMap { X509Certificate(der: $0) }
    }

    /// The signer's is the one that issued none of the others, wherever it stands.
    private static func leafFirst(_ all: [X509Certificate]) -> [X509Certificate] {
        let issuers = Set(all.filter { $0.issuer != $0.subject }.map(\.issuer))
        guard let leaf = all.firstIndex(where: { !issuers.contains($0.subject) }) else {
            return all
        }
        return [all[leaf]] + all[..<leaf] + all[(leaf + 1)...]
    }
}
