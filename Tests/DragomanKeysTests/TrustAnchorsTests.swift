// SPDX-License-Identifier: Apache-2.0
// Paths of certificates: root, intermediate and leaf of openssl's making, and what is wrong with
// the others.

import DragomanKeys
import Foundation
import Testing

@Suite("Paths of certificates", .serialized)
struct TrustAnchorsTests {
    private static let day = 86_400

    private let shop: Workshop

    init() throws {
        shop = try Workshop()
        let extensions = """
            [ca]
            basicConstraints=critical,CA:true
            keyUsage=critical,keyCertSign
            subjectKeyIdentifier=hash
            [leaf]
            basicConstraints=CA:false
            keyUsage=digitalSignature
            subjectKeyIdentifier=hash
            subjectAltName=DNS:ledger.internal
            [closed]
            keyUsage=keyEncipherment
            [strange]
            1.2.3.4=critical,ASN1:UTF8String:what
            """
        try shop.write(Array(extensions.utf8), "x.cnf")
        var made = try shop.run(
            "req -x509 -nodes -days 9 -subj '/CN=Root' -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout root.key "
                + "-out root.pem -config /etc/ssl/openssl.cnf -extensions v3_ca",
            "req -x509 -nodes -days 9 -subj '/CN=Other' -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout other.key "
                + "-out other.pem")
        made = try made && issue("middle", by: "root", "ca", "/CN=Middle")
        made = try made && issue("leaf", by: "middle", "leaf", "/O=Zürich, AG/CN=Ledger Signing")
        made = try made && issue("false", by: "leaf", "leaf", "/CN=False")
        made = try made && issue("closed", by: "root", "closed", "/CN=Closed")
        made = try made && issue("strange", by: "root", "strange", "/CN=Strange")
        made = try made && issue("weak", by: "root", "leaf", "/CN=Weak", "-sha1")
        try #require(made)
    }

    private func issue(
        _ name: String, by issuer: String, _ section: String, _ subject: String,
        _ more: String = "-sha256"
    ) throws -> Bool {
        try shop.run(
            "req -new -utf8 -nodes -subj '\(subject)' -newkey ec -pkeyopt ec_paramgen_curve:P-256 -keyout \(name).key "
                + "-out \(name).csr",
            "x509 -req -days 5 \(more) -in \(name).csr -CA \(issuer).pem -CAkey \(issuer).key "
                + "-CAcreateserial -extfile x.cnf -extensions \(section) -out \(name).pem")
    }

    private func certificate(_ name: String) throws -> X509Certificate {
        try #require(X509Certificate.all(pem: shop.bytes("\(name).pem")).first)
    }

    private func refusal(
        _ name: String, with others: [String] = [], root: String = "root", as title: String? = nil,
        days: Int = 0
    ) throws -> String? {
        let now = Int(Date().timeIntervalSince1970)
        let anchors = try #require(TrustAnchors([certificate(root)]))
        return anchors.refusal(
            of: try certificate(name), with: try others.map(certificate), name: title,
            at: now + days * Self.day)
    }

    @Test("a path to the root, by way of what came with the message")
    func path() throws {
        #expect(try refusal("leaf", with: ["middle"]) == nil)
        #expect(try refusal("leaf", with: ["other", "middle", "middle"]) == nil)
        #expect(try refusal("leaf")?.contains("issuer") == true)
        #expect(try refusal("leaf", with: ["middle"], root: "other")?.contains("issuer") == true)
        // An intermediate one in the file is enough.
        #expect(try refusal("leaf", root: "middle") == nil)
        #expect(try refusal("leaf", root: "leaf") == nil)
    }

    @Test("dates, uses, and what can not be understood")
    func rules() throws {
        #expect(try refusal("leaf", with: ["middle"], days: 30)?.contains("expired") == true)
        #expect(try refusal("leaf", with: ["middle"], days: -3)?.contains("not yet") == true)
        // A leaf may issue nothing.
        #expect(try refusal("false", with: ["leaf", "middle"]) != nil)
        #expect(try refusal("closed") == "its key is not for signatures")
        #expect(try refusal("strange")?.contains("critical") == true)
        #expect(try refusal("weak") != nil)
    }

    @Test("the name that is asked for, whole")
    func name() throws {
        #expect(try refusal("leaf", with: ["middle"], as: "ledger.internal") == nil)
        #expect(try refusal("leaf", with: ["middle"], as: "Ledger Signing") == nil)
        for other in ["internal", "edger.internal", "ledger.internal.evil", "Root", ""] {
            #expect(
                try refusal("leaf", with: ["middle"], as: other) == "it is not \(other)'s")
        }
    }

    @Test("how a certificate is named")
    func facts() throws {
        let leaf = try certificate("leaf")
        #expect(leaf.subject == "CN=Ledger Signing,O=Zürich\\, AG")
        #expect(leaf.issuer == "CN=Middle")
        #expect(leaf.keyIdentifier?.count == 20)
        #expect(leaf.serialNumber.map { $0.allSatisfy(\.isNumber) && $0.count > 20 } == true)
        #expect(X509Certificate(der: leaf.der)?.subject == leaf.subject)
        #expect(X509Certificate(der: leaf.der + [0]) == nil)
        #expect(try certificate("other").serialNumber != leaf.serialNumber)
        let both = try shop.bytes("leaf.pem") + shop.bytes("middle.pem")
        #expect(X509Certificate.all(pem: both).map(\.subject).last == "CN=Middle")
        #expect(X509Certificate.all(pem: Array(both.dropLast(60))).isEmpty)
        #expect(TrustAnchors([]) == nil)
    }
}
