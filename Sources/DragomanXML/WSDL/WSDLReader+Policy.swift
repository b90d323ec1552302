// SPDX-License-Identifier: Apache-2.0
// Where policies stand in a WSDL (WS-PolicyAttachment 1.2 and 1.5): as elements, as references, and
// as lists of URIs in an attribute.

extension WSDLReader {
    /// What holds at a binding, a port or a port type, for its operations and messages too: what
    /// one message needs, the upstream must be told of.
    func policy(of element: XMLElement) -> WSDLPolicyUse {
        var use = WSDLPolicyUse()
        gatherPolicy(element, into: &use)
        return use
    }

    private func gatherPolicy(_ element: XMLElement, into use: inout WSDLPolicyUse) {
        for attribute in element.attributes where attribute.name.local == "PolicyURIs" {
            use.references += XMLCharacters.tokens(attribute.value)
        }
        for child in element.elements {
            if child.name.namespace == WSDLNames.wsdl {
                if ["operation", "input", "output"].contains(child.name.local) {
                    gatherPolicy(child, into: &use)
                }
            } else if child.name.local == "PolicyReference" {
                use.references.append(child.token("URI") ?? "")
            } else if WSDLPolicy.isPolicy(child), child.name.local != "UsingPolicy" {
                use.elements.append(child)
            }
        }
    }

    /// A policy of its own, below `definitions`.
    /// - Returns: false for an element that is none.
    mutating func readPolicy(_ element: XMLElement) -> Bool {
        guard element.name.local == "Policy" else { return WSDLPolicy.isPolicy(element) }
        let id =
            element.attribute("Id", namespace: WSSecurityNames.utility)
            ?? element.attribute("id", namespace: XMLNamespace.xml)
        if let id { model.policies["#\(id)"] = element }
        if let name = element.token("Name") {
            model.policies[name] = element
            if id == nil { model.policies["#\(name)"] = element }
        }
        return true
    }
}

enum WSDLPolicy {
    /// Elements of WS-Policy, and assertions that stand in a WSDL by themselves.
    static func isPolicy(_ element: XMLElement) -> Bool {
        [
            "Policy", "PolicyReference", "UsingPolicy", "UsingAddressing", "Addressing",
            "OptimizedMimeSerialization",
        ].contains(element.name.local)
    }

    static func isOptional(_ element: XMLElement) -> Bool {
        if element.attribute("required", namespace: WSDLNames.wsdl) == "false" { return true }
        return element.attributes.contains {
            $0.name.local == "Optional" && ["true", "1"].contains($0.value)
        }
    }
}

extension WSDLContract {
    /// What the policies of an endpoint ask for: those of its service and port, its binding, its
    /// port type, and the messages of that.
    package func policyDemands(of endpoint: WSDLEndpoint) -> PolicyDemands {
        var reader = PolicyReader(model.policies)
        reader.read(endpoint.binding.policy)
        for service in model.services where service.name == endpoint.serviceName {
            for port in service.ports where port.name == endpoint.port { reader.read(port.policy) }
        }
        guard let type = portType(endpoint.binding.portType) else { return reader.demands }
        reader.read(type.policy)
        for use in type.operations.flatMap({ [$0.input, $0.output] }) {
            if let message = use.flatMap({ message($0.message) }) { reader.read(message.policy) }
        }
        return reader.demands
    }
}

extension ServiceContract {
    /// Requests must bear WS-Addressing's headers.
    package var wantsAddressing: Bool { demands.usesAddressing }

    /// Requests must be MTOM.
    package var wantsMTOM: Bool { demands.usesMTOM }
}
