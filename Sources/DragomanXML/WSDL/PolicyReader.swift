// SPDX-License-Identifier: Apache-2.0
// Policies into demands: of each choice the first alternative that the gateway can do, what is
// optional left out, references followed.

/// Reads the policies that hold at one place of a contract. Depths are bounded, references that
/// lead back are not followed again.
struct PolicyReader {
    /// Where an assertion stands, since what a token is for is said around it.
    private enum Role {
        case none
        /// The sender's token of a binding.
        case own
        /// The receiver's.
        case backends
        case supporting(isSigned: Bool, isEncrypted: Bool)
    }

    private let policies: [String: XMLElement]
    private(set) var demands = PolicyDemands()
    private var open: Set<String> = []

    private static let depthMax = 48
    private static let addressing = "http://www.w3.org/2005/08/addressing"

    /// `policies`: by what references call them.
    init(_ policies: [String: XMLElement]) { self.policies = policies }

    mutating func read(_ use: WSDLPolicyUse) {
        for element in use.elements { read(element, .none, 0) }
        for reference in use.references { follow(reference, .none, 0) }
    }

    // MARK: Operators

    private mutating func read(_ element: XMLElement, _ role: Role, _ depth: Int) {
        guard depth < Self.depthMax, !WSDLPolicy.isOptional(element) else { return }
        switch element.name.local {
        case "Policy", "All": readChildren(of: element, role, depth)
        case "ExactlyOne": choose(element, role, depth)
        case "PolicyReference": follow(element.token("URI") ?? "", role, depth)
        default: assert(element, role, depth)
        }
    }

    private mutating func readChildren(of element: XMLElement, _ role: Role, _ depth: Int) {
        for child in element.elements { read(child, role, depth + 1) }
    }

    /// What stands in the Policy inside of an assertion.
    private mutating func readNested(_ element: XMLElement, _ role: Role, _ depth: Int) {
        for child in element.elements where child.name.local == "Policy" {
            read(child, role, depth + 1)
        }
    }

    private mutating func choose(_ element: XMLElement, _ role: Role, _ depth: Int) {
        let alternatives = element.elements
        // An empty one: nothing need be done.
        let isFree = alternatives.contains {
            ["All", "Policy"].contains($0.name.local) && $0.elements.isEmpty
        }
        guard let first = alternatives.first, !isFree else { return }
        for alternative in alternatives {
            var trial = self
            trial.read(alternative, role, depth + 1)
            if trial.demands.uncarried == demands.uncarried {
                self = trial
                return
            }
        }
        read(first, role, depth + 1)
    }

    private mutating func follow(_ reference: String, _ role: Role, _ depth: Int) {
        guard let policy = policies[reference] else {
            if !demands.unresolved.contains(reference) { demands.unresolved.append(reference) }
            return
        }
        guard open.insert(reference).inserted else { return }
        read(policy, role, depth + 1)
        open.remove(reference)
    }

    // MARK: Assertions

    private mutating func assert(_ element: XMLElement, _ role: Role, _ depth: Int) {
        let name = element.name.local
        switch name {
        case "UsingAddressing", "Addressing":
            demands.usesAddressing = true
            readNested(element, role, depth)
        case "OptimizedMimeSerialization", "MTOM": demands.usesMTOM = true
        case "TransportBinding":
            demands.needsHTTPS = true
            readNested(element, role, depth)
        case "AsymmetricBinding", "TransportToken", "Layout": readNested(element, role, depth)
        case "InitiatorToken", "InitiatorSignatureToken", "InitiatorEncryptionToken":
            readNested(element, .own, depth)
        case "RecipientToken", "RecipientSignatureToken", "RecipientEncryptionToken":
            demands.isMutual = true
            readNested(element, .backends, depth)
        case "HttpsToken":
            demands.needsHTTPS = true
            if ["true", "1"].contains(element.token("RequireClientCertificate")) {
                demands.needsClientCertificate = true
            }
            readNested(element, role, depth)
        case "RequireClientCertificate": demands.needsClientCertificate = true
        case "HttpBasicAuthentication", "BasicAuthentication": demands.credentials = .basic
        case "HttpDigestAuthentication", "DigestAuthentication": demands.credentials = .digest
        case "AlgorithmSuite": readSuite(element, depth)
        case "IncludeTimestamp": demands.needsTimestamp = true
        case "EncryptSignature": demands.encryptsSignature = true
        case "EncryptBeforeSigning": demands.isEncryptedFirst = true
        case "SignedParts": readSigned(element)
        case "EncryptedParts": readEncrypted(element)
        default: assertToken(element, role, depth)
        }
    }

    private mutating func assertToken(_ element: XMLElement, _ role: Role, _ depth: Int) {
        let name = element.name.local
        switch name {
        case "X509Token":
            if case .backends = role {} else { demands.needsSignature = true }
            readNested(element, role, depth)
        case "UsernameToken":
            demands.needsUsername = true
            if case .supporting(let isSigned, let isEncrypted) = role {
                demands.signsUsername = isSigned
                demands.encryptsUsername = isEncrypted
            }
            readNested(element, role, depth)
        case "HashPassword": demands.isPasswordDigest = true
        case "SamlToken": demands.needsAssertion = true
        case "RequireThumbprintReference": identify(by: "thumbprint", role)
        case "RequireIssuerSerialReference": identify(by: "issuer-serial", role)
        case "RequireKeyIdentifierReference": identify(by: "ski", role)
        case "RequireEmbeddedTokenReference": identify(by: "token", role)
        case _ where name.hasSuffix("SupportingTokens"):
            let isSigned = name.hasPrefix("Signed")
            let isEncrypted = name.contains("Encrypted")
            readNested(
                element, .supporting(isSigned: isSigned, isEncrypted: isEncrypted), depth)
        case _ where Self.silent.contains(name): break
        default: demands.refuse(name)
        }
    }

    private mutating func identify(by way: String, _ role: Role) {
        if case .backends = role { demands.keyIdentifier = way }
    }

    /// Options of how something is said, which all our messages meet; and what is asked of
    /// backends.
    private static let silent: Set<String> = [
        "AnonymousResponses", "Strict", "Lax", "LaxTsFirst", "OnlySignEntireHeadersAndBody",
        "WssX509V3Token10", "WssX509V3Token11", "WssX509V1Token11", "WssUsernameToken10",
        "WssUsernameToken11", "Wss10", "Wss11", "Trust10", "Trust13", "RequiredElements",
        "RequiredParts", "UsingPolicy", "AppliesTo", "SignBeforeEncrypting",
        "Issuer", "IssuerName",
    ]

    /// `Basic256Sha256Rsa15`, `Basic128GCMSha256`: the names say it all.
    private mutating func readSuite(_ element: XMLElement, _ depth: Int) {
        let names = element.elements.filter { $0.name.local == "Policy" }.flatMap(\.elements)
            .map(\.name.local)
        for name in names {
            guard name.hasPrefix("Basic") else {
                if !["InclusiveC14N", "SoapNormalization10", "XPath10", "XPathFilter20"]
                    .contains(name)
                {
                    demands.refuse(name)
                }
                continue
            }
            demands.keyBits = [128, 192, 256].first { name.hasPrefix("Basic\($0)") }
            demands.usesGCM = name.contains("GCM")
            demands.signsBySHA256 = name.contains("Sha256")
            demands.usesRSA15 = name.hasSuffix("Rsa15")
        }
    }

    private mutating func readSigned(_ element: XMLElement) {
        // Without a word of which parts: all.
        if element.elements.isEmpty {
            demands.signsBody = true
            demands.signsAddressing = true
        }
        for part in element.elements {
            switch part.name.local {
            case "Body": demands.signsBody = true
            case "Header" where part.token("Namespace") == Self.addressing:
                demands.signsAddressing = true
            // Headers that are not there need not be signed; others than these are never.
            case "Header": break
            default: demands.refuse("SignedParts/\(part.name.local)")
            }
        }
    }

    private mutating func readEncrypted(_ element: XMLElement) {
        if element.elements.isEmpty { demands.encryptsBody = true }
        for part in element.elements {
            if part.name.local == "Body" {
                demands.encryptsBody = true
            } else {
                demands.refuse("EncryptedParts/\(part.name.local)")
            }
        }
    }
}
