// SPDX-License-Identifier: Apache-2.0
// What a WSDL 1.1 says, as values: names resolved to namespaces, nothing judged yet. Filled by
// WSDLReader, judged by ServiceContract.

/// A `wsdl:message`.
package struct WSDLMessage: Sendable {
    package let name: XMLName
    package let parts: [WSDLPart]
    package let place: ContractPlace
    package var policy = WSDLPolicyUse()
}

/// A `wsdl:part`: of a global element, or of a type.
package struct WSDLPart: Sendable {
    package let name: String
    package let element: XMLName?
    package let type: XMLName?
    package let place: ContractPlace
}

/// The input, the output or a fault of a port type's operation.
package struct WSDLMessageUse: Sendable {
    package let name: String?
    package let message: XMLName
    /// WS-Addressing's action, where the contract names one.
    package let action: String?
    package let place: ContractPlace
}

/// An operation of a port type.
package struct WSDLOperation: Sendable {
    /// Who speaks first, and whether there is an answer (WSDL 1.1, 2.4).
    package enum Exchange: Sendable {
        case requestResponse, oneWay, solicitResponse, notification
    }

    package let name: String
    package let exchange: Exchange
    package let input: WSDLMessageUse?
    package let output: WSDLMessageUse?
    package let faults: [WSDLMessageUse]
    package let parameterOrder: [String]
    package let documentation: String?
    package let place: ContractPlace
}

package struct WSDLPortType: Sendable {
    package let name: XMLName
    package let operations: [WSDLOperation]
    package let documentation: String?
    package let place: ContractPlace
    package var policy = WSDLPolicyUse()
}

/// A `wsdl:binding`: how a port type's messages look on the wire.
package struct WSDLBinding: Sendable {
    package enum Wire: Sendable, Equatable {
        case soap11, soap12
        /// WSDL's plain HTTP binding; GET or POST.
        case http(verb: String)
        /// No binding that this program knows; the namespaces of its extensions.
        case other(String)
    }

    package enum Style: String, Sendable { case document, rpc }

    package let name: XMLName
    package let portType: XMLName
    package let wire: Wire
    package let style: Style
    /// soap:binding/@transport.
    package let transport: String?
    package let operations: [WSDLBindingOperation]
    package let documentation: String?
    package let place: ContractPlace
    package var policy = WSDLPolicyUse()
}

/// The policies that hold at one place of a contract: those that stand there, and those that are
/// referred to, by URI.
package struct WSDLPolicyUse: Sendable {
    package var elements: [XMLElement] = []
    package var references: [String] = []

    /// What holds where both do.
    func joined(_ other: WSDLPolicyUse) -> WSDLPolicyUse {
        var both = self
        both.elements += other.elements
        both.references += other.references
        return both
    }
}

package struct WSDLBindingOperation: Sendable {
    package let name: String
    package let inputName: String?
    package let outputName: String?
    package let style: WSDLBinding.Style?
    package let soapAction: String?
    /// http:operation/@location.
    package let location: String?
    package let input: WSDLBindingMessage
    package let output: WSDLBindingMessage
    package let faults: [WSDLBindingFault]
    package let place: ContractPlace
}

/// What a binding says of one direction of an operation.
package struct WSDLBindingMessage: Sendable {
    package var body: WSDLBody?
    package var headers: [WSDLHeader] = []
    /// Parts that travel as attachments, by name, and their media types.
    package var attachments: [WSDLAttachment] = []
    /// `mime:multipartRelated` is there.
    package var isMultipart = false
    /// How the HTTP binding carries the message.
    package var httpForm: HTTPForm?

    package enum HTTPForm: Sendable, Equatable {
        case urlEncoded, urlReplacement, formEncoded
        /// `mime:mimeXml` or a `mime:content` of XML; of that part.
        case xml(part: String?)
        /// Some other media type.
        case content(type: String)
    }

    package init() {}
}

package struct WSDLBody: Sendable {
    package let isEncoded: Bool
    /// The namespace of an rpc wrapper.
    package let namespace: String?
    package let encodingStyle: String?
    /// The parts that stand in the body; nil for all.
    package let parts: [String]?
}

package struct WSDLHeader: Sendable {
    package let message: XMLName
    package let part: String
    package let isEncoded: Bool
    package let namespace: String?
    /// Parts of header faults: message and part.
    package let faults: [WSDLHeaderFault]
    package let place: ContractPlace
}

package struct WSDLHeaderFault: Sendable {
    package let message: XMLName
    package let part: String
}

package struct WSDLAttachment: Sendable {
    package let part: String
    package let mediaType: String?
}

package struct WSDLBindingFault: Sendable {
    package let name: String?
    package let isEncoded: Bool
    package let namespace: String?
}

package struct WSDLPort: Sendable {
    package let name: String
    package let binding: XMLName
    package let address: String?
    package let documentation: String?
    package let place: ContractPlace
    package var policy = WSDLPolicyUse()
}

package struct WSDLService: Sendable {
    package let name: XMLName
    package let ports: [WSDLPort]
    package let documentation: String?
    package let place: ContractPlace
}

/// Everything that a WSDL and the files it imports define, in document order.
package struct WSDLModel: Sendable {
    /// definitions/@name of the file that was asked for.
    package var name: String?
    package var targetNamespace = ""
    package var documentation: String?
    package var services: [WSDLService] = []
    package var bindings: [WSDLBinding] = []
    package var portTypes: [WSDLPortType] = []
    package var messages: [WSDLMessage] = []
    /// Extensions that were seen and are not acted on (policies, partner links …), each once.
    package var unknownExtensions: [String] = []
    /// Policies by what references call them.
    package var policies: [String: XMLElement] = [:]
}
