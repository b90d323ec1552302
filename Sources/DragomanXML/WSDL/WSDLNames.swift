// SPDX-License-Identifier: Apache-2.0
// The namespaces that a WSDL is written in, and those that SOAP messages use.

package enum WSDLNames {
    package static let wsdl = "http://schemas.xmlsoap.org/wsdl/"
    package static let wsdl20 = "http://www.w3.org/ns/wsdl"
    /// Namespaces of WSDL 2.0's drafts: refused by the same name.
    static let wsdl20Drafts = [
        "http://www.w3.org/2006/01/wsdl", "http://www.w3.org/2005/08/wsdl",
        "http://www.w3.org/2004/08/wsdl", "http://www.w3.org/2003/11/wsdl",
    ]
    package static let soap11 = "http://schemas.xmlsoap.org/wsdl/soap/"
    package static let soap12 = "http://schemas.xmlsoap.org/wsdl/soap12/"
    package static let http = "http://schemas.xmlsoap.org/wsdl/http/"
    package static let mime = "http://schemas.xmlsoap.org/wsdl/mime/"
    package static let schema = "http://www.w3.org/2001/XMLSchema"
    package static let soapHTTPTransport = "http://schemas.xmlsoap.org/soap/http"
    package static let soap12HTTPTransport = "http://www.w3.org/2003/05/soap/bindings/HTTP/"
    /// Namespaces that may hold an `Action` attribute of an input, an output or a fault.
    static let addressingActions = [
        "http://www.w3.org/2006/05/addressing/wsdl",
        "http://www.w3.org/2007/05/addressing/metadata",
        "http://www.w3.org/2005/08/addressing", "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        "http://www.w3.org/2006/02/addressing/wsdl", "http://www.w3.org/2005/02/addressing/wsdl",
    ]
}

package enum SOAPNames {
    package static let envelope11 = "http://schemas.xmlsoap.org/soap/envelope/"
    package static let envelope12 = "http://www.w3.org/2003/05/soap-envelope"
    static func isEnvelope(_ namespace: String) -> Bool {
        namespace == envelope11 || namespace == envelope12
    }

    static let rpc12: StaticString = "http://www.w3.org/2003/05/soap-rpc"
    package static let encoding11 = "http://schemas.xmlsoap.org/soap/encoding/"
    package static let encoding12 = "http://www.w3.org/2003/05/soap-encoding"
    package static let instance = "http://www.w3.org/2001/XMLSchema-instance"
    package static let next11 = "http://schemas.xmlsoap.org/soap/actor/next"
    package static let next12 = "http://www.w3.org/2003/05/soap-envelope/role/next"
    package static let ultimateReceiver12 =
        "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"
    /// Header blocks of these are understood (passed over) even where no contract declares them.
    package static let understood = [
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd",
        "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
        "http://docs.oasis-open.org/wss/oasis-wss-wssecurity-secext-1.1.xsd",
        "http://schemas.xmlsoap.org/ws/2002/04/secext",
        "http://schemas.xmlsoap.org/ws/2002/07/secext",
        "http://schemas.xmlsoap.org/ws/2002/12/secext",
        "http://schemas.xmlsoap.org/ws/2003/06/secext",
        "http://www.w3.org/2005/08/addressing",
        "http://schemas.xmlsoap.org/ws/2004/08/addressing",
        "http://schemas.xmlsoap.org/ws/2004/03/addressing",
        "http://schemas.xmlsoap.org/ws/2003/03/addressing",
    ]
}
