// SPDX-License-Identifier: Apache-2.0
// The ports of a contract as they can be called: each with its binding, and with what is assumed
// where the contract says nothing (a binding without a port, a port type without a binding).

/// A port, or what stands for one.
package struct WSDLEndpoint: Sendable {
    /// How mappings name the service: by its local name, `{uri}Name` where an earlier service of
    /// another namespace has that.
    package let service: String
    /// Its name, or the local name alone of what stands for a service.
    package let serviceName: XMLName
    package let serviceDocumentation: String?
    /// Nil where the contract has none and the endpoint is made from a binding or a port type.
    package let port: String?
    package let binding: WSDLBinding
    package let address: String?
    /// The contract has no binding: SOAP 1.1 document/literal is assumed.
    package let isAssumed: Bool

    /// SOAP over HTTP.
    package var isSOAP: Bool {
        switch binding.wire {
        case .soap11, .soap12: transportIsHTTP
        default: false
        }
    }

    package var isHTTPBinding: Bool {
        if case .http = binding.wire { true } else { false }
    }

    /// By SOAP over HTTP, or by HTTP's own binding.
    package var isCallable: Bool { isSOAP || isHTTPBinding }

    /// Transports of the wild: none at all, and the address instead, mean HTTP too.
    private var transportIsHTTP: Bool {
        switch binding.transport {
        case nil, "", WSDLNames.soapHTTPTransport, WSDLNames.soap12HTTPTransport:
            break
        case .some(let transport):
            let lower = transport.lowercased()
            // `http://schemas.xmlsoap.org/soap/http/` and the namespace of SOAP itself are seen.
            if lower.contains("jms") || lower.contains("tcp") || lower.contains("smtp")
                || lower.contains("mq") || lower.contains("namedpipe")
            {
                return false
            }
        }
        guard let address, let colon = address.firstIndex(of: ":") else { return true }
        let scheme = address[..<colon].lowercased()
        return ![
            "jms", "net.tcp", "net.pipe", "net.msmq", "soap.tcp", "smtp", "mailto", "soap.udp",
        ]
        .contains(scheme)
    }

    /// Whether a mapping means this service by the name.
    package func isOfService(_ name: String) -> Bool {
        name == service || name == serviceName.description
    }

    /// How reports name it.
    package var title: String { port.map { "\(service), port \($0)" } ?? service }
}

extension WSDLContract {
    /// All endpoints, by service and then in document order. What is made up is named after the
    /// contract.
    package func endpoints() -> [WSDLEndpoint] {
        var endpoints: [WSDLEndpoint] = []
        var taken: Set<String> = []
        for service in model.services {
            let isFirst = taken.insert(service.name.local).inserted
            let name = isFirst ? service.name.local : service.name.description
            for port in service.ports {
                guard let binding = binding(port.binding) else {
                    problems.warning(
                        port.place, code: "wsdl",
                        "port \(port.name) has the binding \(port.binding.local), "
                            + "which is defined nowhere")
                    continue
                }
                endpoints.append(
                    WSDLEndpoint(
                        service: name, serviceName: service.name,
                        serviceDocumentation: service.documentation ?? model.documentation,
                        port: port.name, binding: binding, address: port.address,
                        isAssumed: false))
            }
        }
        if endpoints.isEmpty { endpoints = endpointsOfBindings() }
        return endpoints
    }

    private func endpointsOfBindings() -> [WSDLEndpoint] {
        let service = model.services.first
        let isSingle = max(model.bindings.count, 1) == 1 && model.portTypes.count <= 1
        let name = service?.name.local ?? (isSingle ? model.name : nil)
        func endpoint(_ binding: WSDLBinding, isAssumed: Bool) -> WSDLEndpoint {
            let name = name ?? binding.portType.local
            return WSDLEndpoint(
                service: name, serviceName: service?.name ?? XMLName("", name),
                serviceDocumentation: service?.documentation ?? model.documentation, port: nil,
                binding: binding, address: nil, isAssumed: isAssumed)
        }
        if !model.bindings.isEmpty {
            return model.bindings.map { endpoint($0, isAssumed: false) }
        }
        return model.portTypes.map { portType in
            let operations = portType.operations.map { operation in
                var message = WSDLBindingMessage()
                message.body = WSDLBody(
                    isEncoded: false, namespace: nil, encodingStyle: nil, parts: nil)
                return WSDLBindingOperation(
                    name: operation.name, inputName: operation.input?.name,
                    outputName: operation.output?.name, style: .document, soapAction: nil,
                    location: nil, input: message, output: message, faults: [],
                    place: operation.place)
            }
            return endpoint(
                WSDLBinding(
                    name: portType.name, portType: portType.name, wire: .soap11,
                    style: .document, transport: nil, operations: operations,
                    documentation: portType.documentation, place: portType.place),
                isAssumed: true)
        }
    }
}
