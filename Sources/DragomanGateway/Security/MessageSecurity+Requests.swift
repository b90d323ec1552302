// SPDX-License-Identifier: Apache-2.0
// A request that is whole but for its security: signed and encrypted, in the order that the
// backend wants.

internal import Crypto
internal import DragomanDocument
internal import DragomanMapping
internal import DragomanXML

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

extension MessageSecurity {
    /// `start`: where the text of `blocks` begins in `output`. `body`: where the Body's content
    /// stands.
    func secure(
        _ blocks: SecurityBlocks, at start: Int, body: Range<Int>, in output: OutputBuffer
    ) throws(TranslationError) {
        if let encryptor {
            return try encrypt(blocks, encryptor, at: start, body: body, in: output)
        }
        let signature = try signature(over: output, blocks)
        guard !signature.isEmpty else { return }
        let bytes = Array(signature.utf8)
        let index = start + blocks.signatureOffset
        output.openGap(at: index, size: bytes.count)
        for (offset, byte) in bytes.enumerated() { output.replace(at: index + offset, byte) }
    }

    // MARK: Encrypting

    private func encrypt(
        _ blocks: SecurityBlocks, _ encryptor: MessageEncryptor, at start: Int,
        body: Range<Int>, in output: OutputBuffer
    ) throws(TranslationError) {
        let parts = encryptor.settings.parts
        let isSignedLast = encryptor.settings.order == .encryptFirst
        var session = encryptor.begin()
        var signature = isSignedLast ? "" : try signature(over: output, blocks)
        if parts.contains(.body) {
            let content = Array(output.bytes[body])
            let text = try encryptor.enciphered(content, EncryptionNames.content, &session)
            Self.replace(body, by: text, in: output)
        }
        if isSignedLast { signature = try self.signature(over: output, blocks) }
        var secured = blocks
        if parts.contains(.username) {
            secured.username = try encryptor.enciphered(
                Array(blocks.username.utf8), EncryptionNames.element, &session)
        }
        if parts.contains(.signature) {
            signature = try encryptor.enciphered(
                Array(signature.utf8), EncryptionNames.element, &session)
        }
        let keys = encryptor.token + (try encryptor.encryptedKey(session))
        let text = secured.text(signature: signature, keys: keys, isSignedLast: isSignedLast)
        Self.replace(start..<start + blocks.text.utf8.count, by: text, in: output)
    }

    private static func replace(_ range: Range<Int>, by text: String, in output: OutputBuffer) {
        let rest = Array(output.bytes[range.upperBound...])
        output.truncate(to: range.lowerBound)
        output.append(text)
        rest.withUnsafeBytes { output.append($0) }
    }

    // MARK: Signing

    /// Of a message that is whole but for it; empty where nothing is signed.
    private func signature(
        over output: OutputBuffer, _ blocks: SecurityBlocks
    ) throws(TranslationError) -> String {
        guard let signer, !blocks.signed.isEmpty else { return "" }
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
        return Self.signature(info, value.base64EncodedString())
    }

    /// Whole in itself, since it may be encrypted.
    private static func signature(_ info: String, _ value: String) -> String {
        "<ds:Signature xmlns:ds=\"\(WSSecurityNames.signature)\">\(info)"
            + "<ds:SignatureValue>\(value)</ds:SignatureValue><ds:KeyInfo>"
            + "<wsse:SecurityTokenReference xmlns:wsse=\"\(WSSecurityNames.extension)\">"
            + "\(reference("X509"))</wsse:SecurityTokenReference></ds:KeyInfo></ds:Signature>"
    }

    /// In canonical form: no empty-element tag.
    private static func element(_ name: String, _ algorithm: String) -> String {
        "<\(name) Algorithm=\"\(algorithm)\"></\(name)>"
    }
}
