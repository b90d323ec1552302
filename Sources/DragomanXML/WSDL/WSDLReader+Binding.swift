// SPDX-License-Identifier: Apache-2.0
// Bindings: what WSDL's SOAP 1.1, SOAP 1.2, HTTP and MIME extensions say of each message.

extension WSDLReader {
    mutating func readBinding(_ element: XMLElement, _ target: String) {
        guard let name = requiredName(element) else { return }
        guard let portType = qualified(element, "type") else {
            problems.error(place(element), code: "wsdl", "binding \(name) names no port type")
            return
        }
        var wire = WSDLBinding.Wire.other("")
        var style = WSDLBinding.Style.document
        var transport: String?
        for child in element.elements where child.name.namespace != WSDLNames.wsdl {
            switch (child.name.namespace, child.name.local) {
            case (WSDLNames.soap11, "binding"), (WSDLNames.soap12, "binding"):
                wire = child.name.namespace == WSDLNames.soap11 ? .soap11 : .soap12
                style = readStyle(child) ?? .document
                transport = child.token("transport")
            case (WSDLNames.http, "binding"):
                wire = .http(verb: (child.attribute("verb") ?? "POST").uppercased())
            default:
                if WSDLPolicy.isPolicy(child) { continue }
                if case .other("") = wire { wire = .other(child.name.namespace) }
                noteExtension(child)
            }
        }
        if case .other("") = wire, let version = soapVersion(ofOperationsIn: element) {
            wire = version
        }
        var operations: [WSDLBindingOperation] = []
        for child in wsdlChildren(element, "operation") {
            if let operation = readBindingOperation(child) { operations.append(operation) }
        }
        add(
            binding: WSDLBinding(
                name: XMLName(target, name), portType: portType, wire: wire,
                style: style, transport: transport, operations: operations,
                documentation: documentation(of: element), place: place(element),
                policy: policy(of: element)))
    }

    /// The SOAP of the operations, or of their bodies, for bindings that forget to say it
    /// themselves.
    private func soapVersion(ofOperationsIn binding: XMLElement) -> WSDLBinding.Wire? {
        for operation in binding.elements where operation.name.local == "operation" {
            let messages = operation.elements.flatMap(\.elements)
            for child in operation.elements + messages
            where ["operation", "body"].contains(child.name.local) {
                if child.name.namespace == WSDLNames.soap11 { return .soap11 }
                if child.name.namespace == WSDLNames.soap12 { return .soap12 }
            }
        }
        return nil
    }

    private mutating func readStyle(_ element: XMLElement) -> WSDLBinding.Style? {
        guard let text = element.token("style") else { return nil }
        if let style = WSDLBinding.Style(rawValue: text) { return style }
        problems.warning(
            place(element), code: "wsdl",
            "style is \"\(text)\", not document or rpc; document is assumed")
        return nil
    }

    private mutating func readBindingOperation(_ element: XMLElement) -> WSDLBindingOperation? {
        guard let name = requiredName(element) else { return nil }
        var style: WSDLBinding.Style?
        var soapAction: String?
        var location: String?
        var inputName: String?
        var outputName: String?
        var input = WSDLBindingMessage()
        var output = WSDLBindingMessage()
        var faults: [WSDLBindingFault] = []
        for child in element.elements {
            switch (child.name.namespace, child.name.local) {
            case (WSDLNames.soap11, "operation"), (WSDLNames.soap12, "operation"):
                style = readStyle(child)
                soapAction = child.attribute("soapAction")
            case (WSDLNames.http, "operation"): location = child.token("location")
            case (WSDLNames.wsdl, "input"):
                inputName = child.token("name")
                input = readBindingMessage(child)
            case (WSDLNames.wsdl, "output"):
                outputName = child.token("name")
                output = readBindingMessage(child)
            case (WSDLNames.wsdl, "fault"): faults.append(readBindingFault(child))
            case (WSDLNames.wsdl, _): break
            default: noteExtension(child)
            }
        }
        return WSDLBindingOperation(
            name: name, inputName: inputName, outputName: outputName, style: style,
            soapAction: soapAction, location: location, input: input, output: output,
            faults: faults, place: place(element))
    }

    private mutating func readBindingMessage(_ element: XMLElement) -> WSDLBindingMessage {
        var message = WSDLBindingMessage()
        readBindingParts(element, into: &message)
        return message
    }

    private mutating func readBindingParts(
        _ element: XMLElement, into message: inout WSDLBindingMessage
    ) {
        for child in element.elements {
            switch (child.name.namespace, child.name.local) {
            case (WSDLNames.soap11, "body"), (WSDLNames.soap12, "body"):
                message.body = readBody(child)
            case (WSDLNames.soap11, "header"), (WSDLNames.soap12, "header"):
                if let header = readHeader(child) { message.headers.append(header) }
            case (WSDLNames.mime, "multipartRelated"):
                message.isMultipart = true
                for part in child.elements where part.name.namespace == WSDLNames.mime {
                    readBindingParts(part, into: &message)
                }
            case (WSDLNames.mime, "content"): readContent(child, into: &message)
            case (WSDLNames.mime, "mimeXml"):
                message.httpForm = .xml(part: child.token("part"))
            case (WSDLNames.http, "urlEncoded"): message.httpForm = .urlEncoded
            case (WSDLNames.http, "urlReplacement"): message.httpForm = .urlReplacement
            case (WSDLNames.wsdl, _): break
            default: noteExtension(child)
            }
        }
    }

    private func readContent(_ element: XMLElement, into message: inout WSDLBindingMessage) {
        let type = element.token("type")
        if message.isMultipart {
            if let part = element.token("part") {
                message.attachments.append(WSDLAttachment(part: part, mediaType: type))
            }
            return
        }
        switch type {
        case "application/x-www-form-urlencoded": message.httpForm = .formEncoded
        case "text/xml", "application/xml": message.httpForm = .xml(part: element.token("part"))
        default: message.httpForm = .content(type: type ?? "*/*")
        }
    }

    /// The mess of the wild: `use="literal/literal"`, and no `use` at all, mean literal.
    private func isEncoded(_ element: XMLElement) -> Bool {
        element.token("use")?.lowercased() == "encoded"
    }

    private mutating func readBody(_ element: XMLElement) -> WSDLBody {
        let parts = element.attribute("parts").map(XMLCharacters.tokens)
        return WSDLBody(
            isEncoded: isEncoded(element), namespace: element.attribute("namespace"),
            encodingStyle: element.attribute("encodingStyle"), parts: parts)
    }

    private mutating func readHeader(_ element: XMLElement) -> WSDLHeader? {
        guard let message = qualified(element, "message"),
            let part = element.token("part")
        else {
            problems.warning(
                place(element), code: "wsdl", "a header without message and part is ignored")
            return nil
        }
        var faults: [WSDLHeaderFault] = []
        for child in element.elements where child.name.local == "headerfault" {
            if let message = qualified(child, "message"),
                let part = child.token("part")
            {
                faults.append(WSDLHeaderFault(message: message, part: part))
            }
        }
        return WSDLHeader(
            message: message, part: part, isEncoded: isEncoded(element),
            namespace: element.attribute("namespace"), faults: faults, place: place(element))
    }

    private mutating func readBindingFault(_ element: XMLElement) -> WSDLBindingFault {
        let fault = element.elements.first {
            $0.name.local == "fault"
                && ($0.name.namespace == WSDLNames.soap11 || $0.name.namespace == WSDLNames.soap12)
        }
        return WSDLBindingFault(
            name: element.token("name") ?? fault?.token("name"),
            isEncoded: fault?.token("use")?.lowercased() == "encoded",
            namespace: fault?.attribute("namespace"))
    }
}
