// SPDX-License-Identifier: Apache-2.0
// Whether a certificate is for the name that was asked for.

internal import NIOSSL

/// NIOSSL takes a certificate also for the address it came from when a name was asked for; a
/// configured name means that name only (RFC 9525 section 6).
enum CertificateName {
    /// Matches the DNS names of the certificate; without any alternative name NIOSSL's own verdict
    /// stands.
    static func matches(_ certificate: NIOSSLCertificate, _ name: String) -> Bool {
        var isAnyNamed = false
        for alternative in certificate._subjectAlternativeNames() {
            isAnyNamed = true
            guard alternative.nameType == .dnsName else { continue }
            if matches(pattern: Array(alternative.contents), Array(name.utf8)) { return true }
        }
        return !isAnyNamed
    }

    /// `*` stands for the whole first label and nothing else; letters compare without case.
    static func matches(pattern: [UInt8], _ name: [UInt8]) -> Bool {
        let pattern = folded(pattern)
        let name = folded(name)
        if pattern == name { return !name.isEmpty }
        guard pattern.starts(with: [0x2A, 0x2E]), let dot = name.firstIndex(of: 0x2E), dot > 0
        else { return false }
        let rest = name[dot...]
        return rest.dropFirst().contains(0x2E) && pattern.dropFirst().elementsEqual(rest)
    }

    private static func folded(_ name: [UInt8]) -> [UInt8] {
        let end = name.last == 0x2E ? name.count - 1 : name.count
        return name[..<end].map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
    }
}
