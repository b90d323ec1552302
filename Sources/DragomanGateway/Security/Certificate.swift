// SPDX-License-Identifier: Apache-2.0
// An X.509 certificate as a signature needs it: its octets and its key.

internal import DragomanMapping

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

struct Certificate {
    /// DER, as base64 without line breaks.
    let base64: String
    let publicKey: VerificationKey

    init(path: String) throws(MessageSecurityError) {
        let text = try Certificate.text(path)
        guard let der = Certificate.der(text) else {
            throw MessageSecurityError(detail: "\(path) holds no certificate in PEM")
        }
        guard let key = DERReader.publicKey(ofCertificate: der) else {
            throw MessageSecurityError(detail: "\(path) is no X.509 certificate")
        }
        guard let publicKey = VerificationKey(der: key) else {
            throw MessageSecurityError(
                detail: "the key of \(path) is neither RSA of 2048 bits or more, nor EC on a curve "
                    + "of NIST")
        }
        self.publicKey = publicKey
        base64 = Data(der).base64EncodedString()
    }

    static func text(_ path: String) throws(MessageSecurityError) -> String {
        String(decoding: try bytes(path), as: UTF8.self)
    }

    static func bytes(_ path: String) throws(MessageSecurityError) -> [UInt8] {
        switch FileAccess.read(path) {
        case .success(let bytes): return bytes
        case .failure(let error):
            throw MessageSecurityError(detail: "\(path) cannot be read: \(error.message)")
        }
    }

    /// The first certificate of a PEM file.
    private static func der(_ text: String) -> [UInt8]? {
        guard let begin = text.firstRange(of: "-----BEGIN CERTIFICATE-----"),
            let end = text.firstRange(of: "-----END CERTIFICATE-----"),
            begin.upperBound < end.lowerBound
        else { return nil }
        let body = text[begin.upperBound..<end.lowerBound].filter { !$0.isWhitespace }
        return Data(base64Encoded: String(body)).map { Array($0) }
    }
}

/// As much of DER (X.690) as leads to a certificate's key.
enum DERReader {
    /// The SubjectPublicKeyInfo (RFC 5280, 4.1).
    static func publicKey(ofCertificate der: [UInt8]) -> [UInt8]? {
        guard let certificate = value(der[...], tag: 0x30),
            let signed = value(certificate.content, tag: 0x30)
        else { return nil }
        var rest = signed.content
        // version, where it is written
        if rest.first == 0xA0, let version = value(rest, tag: 0xA0) { rest = version.rest }
        // serialNumber, signature, issuer, validity, subject
        for tag in [0x02, 0x30, 0x30, 0x30, 0x30] as [UInt8] {
            guard let skipped = value(rest, tag: tag) else { return nil }
            rest = skipped.rest
        }
        guard let key = value(rest, tag: 0x30) else { return nil }
        return Array(rest[rest.startIndex..<key.rest.startIndex])
    }

    /// The members of a SEQUENCE that are sequences themselves; nil where it is none.
    static func items(ofSequence der: [UInt8]) -> [[UInt8]]? {
        guard let whole = value(der[...], tag: 0x30), whole.rest.isEmpty else { return nil }
        var rest = whole.content
        var items: [[UInt8]] = []
        while !rest.isEmpty {
            guard let item = value(rest, tag: 0x30) else { return nil }
            items.append(Array(rest[rest.startIndex..<item.rest.startIndex]))
            rest = item.rest
        }
        return items
    }

    private static func value(
        _ bytes: ArraySlice<UInt8>, tag: UInt8
    ) -> (content: ArraySlice<UInt8>, rest: ArraySlice<UInt8>)? {
        guard bytes.count >= 2, bytes[bytes.startIndex] == tag else { return nil }
        var index = bytes.startIndex + 1
        var length = Int(bytes[index])
        index += 1
        if length >= 0x80 {
            let count = length & 0x7F
            guard count > 0, count <= 4, bytes.endIndex - index >= count else { return nil }
            length = 0
            for _ in 0..<count {
                length = length << 8 | Int(bytes[index])
                index += 1
            }
        }
        guard bytes.endIndex - index >= length else { return nil }
        return (bytes[index..<(index + length)], bytes[(index + length)...])
    }
}
