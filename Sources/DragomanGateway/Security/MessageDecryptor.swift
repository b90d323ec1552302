// SPDX-License-Identifier: Apache-2.0
// Answers that are encrypted for us (XML Encryption 1.1; WSS 1.1, 9), opened as a whole. Who sends
// them learns of every failure of a cipher the same: nothing can be found out by asking.

internal import DragomanDocument
internal import DragomanKeys
internal import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// An answer with what was encrypted in its place.
struct OpenedMessage {
    let text: OutputBuffer
    /// The Body's whole content was.
    let isBodyEncrypted: Bool
    /// It was encrypted before it was signed: the signature is over what came.
    let isSignedAsSent: Bool
}

struct MessageDecryptor: Sendable {
    let settings: SecuritySettings.Decrypting
    private let key: TransportKey

    /// Keys, and pieces under them, of one answer.
    private static let keysMax = 8
    private static let piecesMax = 32

    init(_ settings: SecuritySettings.Decrypting) throws(MessageSecurityError) {
        self.settings = settings
        guard let key = TransportKey(privatePEM: try Certificate.bytes(settings.key)) else {
            throw MessageSecurityError(
                detail: "decrypt: \(settings.key) holds no RSA key in PEM that can be used")
        }
        self.key = key
    }

    /// An EncryptedData, and where it stands.
    private struct Piece {
        let element: XMLElement
        /// Names from the root on, its parent last.
        let path: [XMLName]
        let isOnlyChild: Bool
        /// Of the document, those inside of others not counted.
        let number: Int
    }

    /// Nil where nothing is encrypted, or the answer is no XML, for others to tell.
    /// `bytesMax`: of the message that comes out.
    func open(
        _ bytes: UnsafeRawBufferPointer, bytesMax: Int
    ) throws(TranslationError) -> OpenedMessage? {
        guard let envelope = try? XMLTreeReader.read(bytes, file: "reply") else { return nil }
        let pieces = Self.pieces(in: envelope)
        guard !pieces.isEmpty else { return nil }
        let security = Self.security(of: envelope)
        let keys = security.filter { Self.isEncryption($0, "EncryptedKey") }
        guard keys.count <= Self.keysMax, pieces.count <= Self.piecesMax else {
            throw Self.refusal("has more encrypted pieces than are read")
        }
        var opened: [Int: [UInt8]] = [:]
        for piece in pieces {
            let candidates = Self.keys(of: piece.element, keys)
            if candidates.isEmpty {
                guard Self.mustBeOpened(piece) else { continue }
                throw Self.refusal(Self.reason(piece.element))
            }
            opened[piece.number] = try decipher(piece.element, candidates)
        }
        guard !opened.isEmpty else { return nil }
        let text = OutputBuffer(capacity: bytes.count)
        do {
            try MessageRewriter(to: text, bytesMax: bytesMax).write(bytes, pieces: opened)
        } catch {
            // What the ciphers gave is no XML: the wrong key, or somebody's change.
            throw error.reason == .size ? error : Self.failure
        }
        let isBody = pieces.contains {
            $0.path.count == 2 && $0.path[1].local == "Body" && $0.isOnlyChild
                && opened[$0.number] != nil
        }
        return OpenedMessage(
            text: text, isBodyEncrypted: isBody, isSignedAsSent: Self.isSignedLast(security))
    }

    // MARK: What there is

    private static func pieces(in envelope: XMLElement) -> [Piece] {
        var found: [Piece] = []
        func visit(_ element: XMLElement, _ path: [XMLName]) {
            let children = element.elements
            for child in children {
                guard isEncryption(child, "EncryptedData") else {
                    visit(child, path + [child.name])
                    continue
                }
                found.append(
                    Piece(
                        element: child, path: path, isOnlyChild: children.count == 1,
                        number: found.count))
            }
        }
        visit(envelope, [envelope.name])
        return found
    }

    /// What the Security blocks hold.
    private static func security(of envelope: XMLElement) -> [XMLElement] {
        let header = envelope.elements.first { $0.name.local == "Header" }
        return header?.elements(WSSecurityNames.extension, "Security").flatMap(\.elements) ?? []
    }

    private static func isEncryption(_ element: XMLElement, _ local: String) -> Bool {
        element.name.local == local && element.name.namespace == MessageRewriter.Names.encryption
    }

    /// A signature that comes before the keys was made after the encryption, since a Security block
    /// is read from its beginning (WSS 1.1, 5).
    private static func isSignedLast(_ security: [XMLElement]) -> Bool {
        for element in security {
            if element.name == XMLName(WSSecurityNames.signature, "Signature") { return true }
            if element.name.namespace == MessageRewriter.Names.encryption { return false }
        }
        return false
    }

    /// The keys that a piece may be under: those that refer to it, and those that it names.
    private static func keys(of piece: XMLElement, _ keys: [XMLElement]) -> [XMLElement] {
        var found: [XMLElement] = []
        if let id = piece.attribute("Id"), !id.isEmpty {
            found = keys.filter { references(of: $0).contains("#\(id)") }
        }
        guard let info = piece.first(WSSecurityNames.signature, "KeyInfo") else { return found }
        found += info.elements.filter { isEncryption($0, "EncryptedKey") }
        var named = info.elements(WSSecurityNames.signature, "RetrievalMethod")
            .compactMap { $0.attribute("URI") }
        for reference in info.elements(WSSecurityNames.extension, "SecurityTokenReference") {
            named += reference.elements(WSSecurityNames.extension, "Reference")
                .compactMap { $0.attribute("URI") }
        }
        found += keys.filter { key in
            guard let id = key.attribute("Id"), named.contains("#\(id)") else { return false }
            return !found.contains { $0 === key }
        }
        return found
    }

    private static func references(of key: XMLElement) -> [String] {
        key.first(MessageRewriter.Names.encryption, "ReferenceList")?
            .elements(MessageRewriter.Names.encryption, "DataReference")
            .compactMap { $0.attribute("URI") } ?? []
    }

    /// Elsewhere an EncryptedData may be what the contract carries.
    private static func mustBeOpened(_ piece: Piece) -> Bool {
        let isBody = piece.path.count == 2 && piece.path[1].local == "Body"
        return isBody || piece.path.last == XMLName(WSSecurityNames.extension, "Security")
    }

    private static func reason(_ piece: XMLElement) -> String {
        let info = piece.first(WSSecurityNames.signature, "KeyInfo")
        let reference = info?.first(WSSecurityNames.extension, "SecurityTokenReference")
        let type = reference?.first(WSSecurityNames.extension, "KeyIdentifier")?
            .attribute("ValueType")
        if type?.hasSuffix("#EncryptedKeySHA1") ?? false {
            return "is encrypted by a key of the request's, which is not kept"
        }
        return "is encrypted by a key that it does not hold"
    }

    // MARK: Deciphering

    private static func refusal(_ clause: String) -> TranslationError {
        TranslationError(.message, keyword: "encryption", "The backend's answer \(clause).")
    }

    /// The one for all that keys and ciphers find wrong.
    private static var failure: TranslationError { refusal("can not be decrypted") }

    private func decipher(
        _ piece: XMLElement, _ keys: [XMLElement]
    ) throws(TranslationError) -> [UInt8] {
        let name = Self.algorithm(of: piece)
        guard let cipher = ContentCipher(name: name) else {
            throw Self.refusal("is encrypted by the algorithm \(name), which is not accepted")
        }
        let value = try Self.value(of: piece)
        for key in keys.prefix(Self.keysMax) {
            let secret = try secret(key, count: cipher.keyCount)
            if let text = cipher.decipher(value, secret) { return text }
        }
        throw Self.failure
    }

    /// The key that an EncryptedKey holds; a random one where it can not be had, so that this
    /// failure is the next one.
    private func secret(_ key: XMLElement, count: Int) throws(TranslationError) -> [UInt8] {
        let transport = try transport(of: key)
        let value = try Self.value(of: key)
        let instead = ContentCipher.random(count)
        let secret = self.key.decipher(Array(value), transport) ?? instead
        return secret.count == count ? secret : instead
    }

    private func transport(of key: XMLElement) throws(TranslationError) -> KeyTransport {
        let name = Self.algorithm(of: key)
        let method = key.first(MessageRewriter.Names.encryption, "EncryptionMethod")
        switch name {
        case EncryptionNames.pkcs1 where settings.allowsPKCS1: return .pkcs1
        case EncryptionNames.oaep, EncryptionNames.oaep11: break
        default:
            throw Self.refusal(
                "has its key encrypted by the algorithm \(name), which is not accepted")
        }
        let digest = try Self.digest(
            method?.first(WSSecurityNames.signature, "DigestMethod")?.attribute("Algorithm"),
            SignatureNames.sha1, Self.digests)
        var mask = KeyTransport.Digest.sha1
        if name == EncryptionNames.oaep11 {
            mask = try Self.digest(
                method?.first(MessageRewriter.Names.encryption11, "MGF")?.attribute("Algorithm"),
                EncryptionNames.mask + "sha1", Self.masks)
        }
        let label = method?.first(MessageRewriter.Names.encryption, "OAEPparams")?.text
        return .oaep(digest: digest, mask: mask, label: label.map(Self.octets) ?? [])
    }

    private static let digests: [String: KeyTransport.Digest] = [
        SignatureNames.sha1: .sha1, SignatureNames.sha224: .sha224,
        SignatureNames.sha256: .sha256, SignatureNames.sha384: .sha384,
        SignatureNames.sha512: .sha512,
    ]

    private static let masks: [String: KeyTransport.Digest] = [
        EncryptionNames.mask + "sha1": .sha1, EncryptionNames.mask + "sha224": .sha224,
        EncryptionNames.mask + "sha256": .sha256, EncryptionNames.mask + "sha384": .sha384,
        EncryptionNames.mask + "sha512": .sha512,
    ]

    private static func digest(
        _ name: String?, _ absent: String, _ all: [String: KeyTransport.Digest]
    ) throws(TranslationError) -> KeyTransport.Digest {
        guard let digest = all[name ?? absent] else {
            throw refusal(
                "has its key encrypted with \(clipped(name ?? absent)), which is not accepted")
        }
        return digest
    }

    private static func algorithm(of element: XMLElement) -> String {
        let method = element.first(MessageRewriter.Names.encryption, "EncryptionMethod")
        return clipped(method?.attribute("Algorithm") ?? "without a name")
    }

    /// A backend's word in an error.
    private static func clipped(_ name: String) -> String { String(name.prefix(128)) }

    private static func value(of element: XMLElement) throws(TranslationError) -> Data {
        let data = element.first(MessageRewriter.Names.encryption, "CipherData")
        guard let value = data?.first(MessageRewriter.Names.encryption, "CipherValue"),
            value.elements.isEmpty
        else { throw refusal("holds encrypted pieces that are elsewhere") }
        return Data(octets(value.text))
    }

    /// Empty where the text is no base64: no cipher takes that.
    private static func octets(_ base64: String) -> [UInt8] {
        let letters = base64.utf8.filter { !XMLCharacters.isSpace($0) }
        return Data(base64Encoded: Data(letters)).map { Array($0) } ?? []
    }
}
