// SPDX-License-Identifier: Apache-2.0
// WS-Policy as far as it can be acted on or told: which assertions hold for a binding or a port.

extension WSDLReader {
    /// Takes a policy, a reference to one, or WS-Addressing's marker.
    /// - Returns: false for an element that is none of these.
    func readPolicy(_ element: XMLElement, into use: inout WSDLPolicyUse) -> Bool {
        switch element.name.local {
        case "UsingAddressing", "Addressing", "OptimizedMimeSerialization":
            if !WSDLPolicy.isOptional(element) { use.assertions.append(element.name) }
        case "Policy": use.assertions += WSDLPolicy.assertions(of: element)
        case "PolicyReference":
            let uri = element.attribute("URI") ?? ""
            if uri.hasPrefix("#") { use.references.append(String(uri.dropFirst())) }
        default: return false
        }
        return true
    }

    /// A policy of its own, below `definitions`.
    /// - Returns: false for an element that is none.
    mutating func readPolicy(_ element: XMLElement) -> Bool {
        guard element.name.local == "Policy" else { return false }
        let id =
            element.attribute("Id", namespace: WSSecurityNames.utility)
            ?? element.attribute("id", namespace: XMLNamespace.xml) ?? element.attribute("Name")
        if let id { model.policies[id] = WSDLPolicy.assertions(of: element) }
        return true
    }
}

enum WSDLPolicy {
    /// Names of the assertions of the first alternative, with those inside of them.
    static func assertions(of element: XMLElement, depth: Int = 0) -> [XMLName] {
        var names: [XMLName] = []
        guard depth < 32 else { return names }
        for child in element.elements where !isOptional(child) {
            switch child.name.local {
            case "ExactlyOne":
                if let first = child.elements.first {
                    let isGroup = ["All", "Policy"].contains(first.name.local)
                    if !isGroup { names.append(first.name) }
                    names += assertions(of: first, depth: depth + 1)
                }
            case "All", "Policy": names += assertions(of: child, depth: depth + 1)
            default:
                names.append(child.name)
                names += assertions(of: child, depth: depth + 1)
            }
        }
        return names
    }

    static func isOptional(_ element: XMLElement) -> Bool {
        if element.attribute("required", namespace: WSDLNames.wsdl) == "false" { return true }
        return element.attributes.contains {
            $0.name.local == "Optional" && ["true", "1"].contains($0.value)
        }
    }
}

extension WSDLContract {
    /// What the policies of an endpoint's binding and port ask for, each once.
    package func policyAssertions(of endpoint: WSDLEndpoint) -> [XMLName] {
        var uses = [endpoint.binding.policy]
        for service in model.services where service.name.local == endpoint.service {
            uses += service.ports.filter { $0.name == endpoint.port }.map(\.policy)
        }
        var seen: Set<XMLName> = []
        return uses.flatMap { use in
            use.assertions + use.references.flatMap { model.policies[$0] ?? [] }
        }.filter { seen.insert($0).inserted }
    }
}

extension ServiceContract {
    /// Requests must bear WS-Addressing's headers.
    package var wantsAddressing: Bool {
        assertions.contains { ["UsingAddressing", "Addressing"].contains($0.local) }
    }

    /// Requests must be MTOM.
    package var wantsMTOM: Bool {
        assertions.contains { $0.local == "OptimizedMimeSerialization" }
    }

    /// What else the contract's policies ask for: a user says it in `security`.
    package var otherAssertions: [String] {
        let known: Set<String> = [
            "UsingAddressing", "Addressing", "OptimizedMimeSerialization", "AnonymousResponses",
            "NonAnonymousResponses",
        ]
        return assertions.map(\.local).filter { !known.contains($0) }
    }
}
