// SPDX-License-Identifier: Apache-2.0
// What import turns into one mapping: a SOAP port, a port with an HTTP binding, or the global
// elements of a schema; the differences between them, in one place.

/// A compiled contract on its way into a mapping file.
enum ImportedContract {
    case soap(ServiceContract)
    case xml(XMLServiceContract)

    /// Compiles a port; nil for what no port is.
    init(_ contract: WSDLContract, _ endpoint: WSDLEndpoint) {
        if endpoint.isHTTPBinding {
            self = .xml(XMLServiceContract.make(contract, endpoint))
        } else {
            self = .soap(ServiceContract.make(contract, endpoint))
        }
    }

    var endpoint: WSDLEndpoint? {
        switch self {
        case .soap(let contract): contract.endpoint
        case .xml(let contract): contract.endpoint
        }
    }

    var address: String? { endpoint?.usableAddress }

    var namespaces: [(prefix: String, uri: String)] {
        switch self {
        case .soap(let contract): contract.plans.namespaces
        case .xml(let contract): contract.plans.namespaces
        }
    }

    var operationNames: [String] {
        switch self {
        case .soap(let contract): contract.operations.map(\.name)
        case .xml(let contract): contract.operations.map(\.name)
        }
    }

    var omitted: [OmittedOperation] {
        switch self {
        case .soap(let contract): contract.omitted
        case .xml(let contract): contract.omitted
        }
    }

    /// The key below `backend`.
    var kind: String {
        switch self {
        case .soap: "soap"
        case .xml: "xml"
        }
    }

    /// For reports: `SOAP 1.1`.
    var title: String {
        switch self {
        case .soap(let contract): "SOAP \(contract.version.rawValue)"
        case .xml(let contract): contract.isBound ? "XML by HTTP" : "XML"
        }
    }

    /// `only`: names of operations.
    func routes(only: Set<String>) -> [DerivedRoute] {
        switch self {
        case .soap(let contract): DerivedRoute.routes(of: contract, only: only)
        case .xml(let contract):
            DerivedRoute.routes(of: contract).filter { only.contains($0.call) }
        }
    }
}
