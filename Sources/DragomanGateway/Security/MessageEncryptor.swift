// SPDX-License-Identifier: Apache-2.0
// Encryption of a request (XML Encryption 1.1; WSS 1.1, 9): for each message a new key, which goes
// along under the backend's.

internal import Crypto
internal import DragomanDocument
internal import DragomanKeys
internal import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

struct MessageEncryptor: Sendable {
    let settings: SecuritySettings.Encrypting
    private let key: TransportKey
    /// How an EncryptedKey names the certificate.
    private let keyInfo: String
    /// The certificate, where the message brings it along; else empty.
    let token: String

    /// RSA's least, of those that are for others' secrets.
    private static let bitsMin = 2048

    init(_ settings: SecuritySettings.Encrypting) throws(MessageSecurityError) {
        self.settings = settings
        let path = settings.certificate
        guard let certificate = X509Certificate.all(pem: try Certificate.bytes(path)).first else {
            throw MessageSecurityError(detail: "encrypt: \(path) holds no certificate in PEM")
        }
        guard let key = TransportKey(of: certificate), key.bits >= Self.bitsMin else {
            throw MessageSecurityError(
                detail: "encrypt: the key of \(path) is not RSA of \(Self.bitsMin) bits or more")
        }
        self.key = key
        let der = certificate.der
        switch settings.identifier {
        case .issuerSerial:
            let name = MessageSecurity.escaped(certificate.issuer)
            keyInfo =
                "<ds:X509Data><ds:X509IssuerSerial><ds:X509IssuerName>\(name)"
                + "</ds:X509IssuerName><ds:X509SerialNumber>\(certificate.serialNumber ?? "0")"
                + "</ds:X509SerialNumber></ds:X509IssuerSerial></ds:X509Data>"
            token = ""
        case .keyIdentifier:
            guard let identifier = certificate.keyIdentifier else {
                throw MessageSecurityError(
                    detail: "encrypt: \(path) has no SubjectKeyIdentifier to name it by")
            }
            keyInfo = Self.identifier(
                identifier, WSSecurityNames.certificates + "#X509SubjectKeyIdentifier")
            token = ""
        case .thumbprint:
            keyInfo = Self.identifier(
                Array(Insecure.SHA1.hash(data: der)), WSSecurityNames.message11 + "#ThumbprintSHA1")
            token = ""
        case .token:
            keyInfo = MessageSecurity.reference("X509E")
            token = MessageSecurity.token("X509E", Data(der).base64EncodedString())
        }
    }

    private static func identifier(_ octets: [UInt8], _ type: String) -> String {
        "<wsse:KeyIdentifier EncodingType=\"\(WSSecurityNames.message)#Base64Binary\" "
            + "ValueType=\"\(type)\">\(Data(octets).base64EncodedString())</wsse:KeyIdentifier>"
    }

    // MARK: One message

    /// The key of one message, and what was enciphered by it.
    struct Session {
        fileprivate let secret: [UInt8]
        fileprivate var identifiers: [String] = []
    }

    func begin() -> Session {
        Session(secret: ContentCipher.random(ContentCipher(settings.algorithm).keyCount))
    }

    /// The EncryptedData that stands for a text. `type`: whether it is an element or an element's
    /// content.
    func enciphered(
        _ text: [UInt8], _ type: String, _ session: inout Session
    ) throws(TranslationError) -> String {
        let cipher = ContentCipher(settings.algorithm)
        let id = "ED\(session.identifiers.count + 1)"
        session.identifiers.append(id)
        let value: Data
        do {
            value = try cipher.encipher(text, session.secret)
        } catch {
            throw Self.failure
        }
        let token = WSSecurityNames.message11 + "#EncryptedKey"
        return "<xenc:EncryptedData xmlns:xenc=\"\(MessageRewriter.Names.encryption)\" "
            + "Id=\"\(id)\" Type=\"\(type)\">"
            + "<xenc:EncryptionMethod Algorithm=\"\(cipher.name)\"/>"
            + "<ds:KeyInfo xmlns:ds=\"\(WSSecurityNames.signature)\">"
            + "<wsse:SecurityTokenReference xmlns:wsse=\"\(WSSecurityNames.extension)\" "
            + "xmlns:wsse11=\"\(MessageRewriter.Names.security11)\" wsse11:TokenType=\"\(token)\">"
            + "<wsse:Reference URI=\"#EK\"/></wsse:SecurityTokenReference></ds:KeyInfo>"
            + "<xenc:CipherData><xenc:CipherValue>\(value.base64EncodedString())"
            + "</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>"
    }

    /// The EncryptedKey of a session, once all is enciphered.
    func encryptedKey(_ session: Session) throws(TranslationError) -> String {
        guard let value = key.encipher(session.secret, settings.transport.transport) else {
            throw Self.failure
        }
        let references = session.identifiers.map { "<xenc:DataReference URI=\"#\($0)\"/>" }
        return "<xenc:EncryptedKey xmlns:xenc=\"\(MessageRewriter.Names.encryption)\" Id=\"EK\">"
            + "<xenc:EncryptionMethod Algorithm=\"\(settings.transport.name)\">"
            + "\(parameters)</xenc:EncryptionMethod>"
            + "<ds:KeyInfo xmlns:ds=\"\(WSSecurityNames.signature)\">"
            + "<wsse:SecurityTokenReference>\(keyInfo)</wsse:SecurityTokenReference></ds:KeyInfo>"
            + "<xenc:CipherData><xenc:CipherValue>\(Data(value).base64EncodedString())"
            + "</xenc:CipherValue></xenc:CipherData>"
            + "<xenc:ReferenceList>\(references.joined())</xenc:ReferenceList>"
            + "</xenc:EncryptedKey>"
    }

    /// OAEP's.
    private var parameters: String {
        func digest(_ name: String) -> String {
            "<ds:DigestMethod xmlns:ds=\"\(WSSecurityNames.signature)\" Algorithm=\"\(name)\"/>"
        }
        return switch settings.transport {
        case .oaep: digest(SignatureNames.sha1)
        case .oaepSHA256: digest(SignatureNames.sha256)
        case .oaep11:
            digest(SignatureNames.sha256)
                + "<xenc11:MGF xmlns:xenc11=\"\(MessageRewriter.Names.encryption11)\" "
                + "Algorithm=\"\(EncryptionNames.mask)sha256\"/>"
        case .pkcs1: ""
        }
    }

    private static var failure: TranslationError {
        TranslationError(.message, keyword: "encryption", "The request can not be encrypted.")
    }
}
