// SPDX-License-Identifier: Apache-2.0
// Fills a WSDLModel from the element trees of a WSDL and of the files that it imports, in chains
// and circles. Inline schemas and imported ones are handed on as they stand.

/// A schema that stands in a WSDL, or in a file of its own that a `wsdl:import` named.
struct InlineSchema {
    let element: XMLElement
    let file: String
}

/// A location that a WSDL file imports.
struct WSDLImport {
    let location: String
    let place: ContractPlace
}

/// Reads `wsdl:definitions` elements into one model; every problem is collected, none stops it.
struct WSDLReader {
    var model = WSDLModel()
    let problems: ContractProblems
    /// Of all files, in document order.
    private(set) var schemas: [InlineSchema] = []
    /// Imports of the file read last, for the caller to load.
    private var imports: [WSDLImport] = []
    /// The file being read, as the resolver named it.
    private var file = ""
    private var seenExtensions: Set<String> = []

    init(problems: ContractProblems) { self.problems = problems }

    /// Says what an element is that is no WSDL 1.1 and no schema; nil for those two.
    static func refusal(of root: XMLElement) -> String? {
        let space = root.name.namespace
        let local = root.name.local
        if space == WSDLNames.wsdl, local == "definitions" { return nil }
        if space == WSDLNames.schema, local == "schema" { return nil }
        if space == WSDLNames.wsdl20 || WSDLNames.wsdl20Drafts.contains(space) {
            return "this is WSDL 2.0, which is not supported: a WSDL 1.1 of the service is needed"
        }
        if local.lowercased() == "html" { return "this is an HTML page, not a WSDL" }
        if local == "Envelope" { return "this is a SOAP message, not a WSDL" }
        if local == "definitions" || local == "schema" {
            return "<\(local)> is in the namespace \"\(space)\", "
                + "which is neither WSDL 1.1's nor XML Schema's"
        }
        return "this is neither a WSDL nor an XML Schema: its root element is "
            + (space.isEmpty ? "<\(local)>" : "<\(local)> of \(space)")
    }

    func place(_ element: XMLElement) -> ContractPlace { ContractPlace(file: file, element) }

    mutating func takeImports() -> [WSDLImport] {
        defer { imports = [] }
        return imports
    }

    /// `isFirst`: this is the file that was asked for, whose name and text count.
    mutating func read(definitions: XMLElement, file: String, isFirst: Bool) {
        self.file = file
        let target = definitions.token("targetNamespace") ?? ""
        if isFirst {
            model.name = definitions.token("name")
            model.targetNamespace = target
            model.documentation = documentation(of: definitions)
        }
        for child in definitions.elements {
            guard child.name.namespace == WSDLNames.wsdl else {
                if child.name.local == "schema", SchemaSet.isSchemaNamespace(child.name.namespace) {
                    schemas.append(InlineSchema(element: child, file: file))
                } else {
                    if !readPolicy(child) { noteExtension(child) }
                }
                continue
            }
            switch child.name.local {
            case "import", "include": readImport(child)
            case "types": readTypes(child)
            case "message": readMessage(child, target)
            case "portType": readPortType(child, target)
            case "binding": readBinding(child, target)
            case "service": readService(child, target)
            case "documentation": break
            default:
                problems.warning(
                    place(child), code: "wsdl", "<\(child.name.local)> is no element of WSDL 1.1")
            }
        }
    }

    mutating func add(schema: XMLElement, file: String) {
        schemas.append(InlineSchema(element: schema, file: file))
    }

    private mutating func readImport(_ element: XMLElement) {
        let attribute =
            element.name.namespace == WSDLNames.schema ? "schemaLocation" : "location"
        guard let location = element.token(attribute), !location.isEmpty else {
            problems.warning(
                place(element), code: "wsdl", "an import without a location imports nothing")
            return
        }
        imports.append(WSDLImport(location: location, place: place(element)))
    }

    private mutating func readTypes(_ types: XMLElement) {
        for child in types.elements {
            if child.name.local == "schema", SchemaSet.isSchemaNamespace(child.name.namespace) {
                schemas.append(InlineSchema(element: child, file: file))
            } else if child.name.namespace == WSDLNames.schema, child.name.local == "import" {
                readImport(child)
            } else if child.name.local == "schema", isDraft(child.name.namespace) {
                problems.error(
                    place(child), code: "unsupported",
                    "this schema is written in a draft of XML Schema "
                        + "(\(child.name.namespace)), not in XML Schema 1.0")
            } else if child.name.namespace != WSDLNames.wsdl {
                noteExtension(child)
            }
        }
    }

    private func isDraft(_ namespace: String) -> Bool {
        namespace.hasPrefix("http://www.w3.org/") && namespace.hasSuffix("/XMLSchema")
    }

    private mutating func readMessage(_ element: XMLElement, _ target: String) {
        guard let name = requiredName(element) else { return }
        var parts: [WSDLPart] = []
        for child in wsdlChildren(element, "part") {
            guard let partName = requiredName(child) else { continue }
            if parts.contains(where: { $0.name == partName }) {
                problems.error(
                    place(child), code: "wsdl", "message \(name) has two parts called \(partName)")
                continue
            }
            parts.append(
                WSDLPart(
                    name: partName, element: qualified(child, "element"),
                    type: qualified(child, "type"), place: place(child)))
        }
        let qualifiedName = XMLName(target, name)
        if model.messages.contains(where: { $0.name == qualifiedName }) { return }
        model.messages.append(
            WSDLMessage(
                name: qualifiedName, parts: parts, place: place(element),
                policy: policy(of: element)))
    }

    private mutating func readPortType(_ element: XMLElement, _ target: String) {
        guard let name = requiredName(element) else { return }
        var operations: [WSDLOperation] = []
        for child in wsdlChildren(element, "operation") {
            if let operation = readOperation(child) { operations.append(operation) }
        }
        let qualifiedName = XMLName(target, name)
        if model.portTypes.contains(where: { $0.name == qualifiedName }) { return }
        model.portTypes.append(
            WSDLPortType(
                name: qualifiedName, operations: operations,
                documentation: documentation(of: element), place: place(element),
                policy: policy(of: element)))
    }

    private mutating func readOperation(_ element: XMLElement) -> WSDLOperation? {
        guard let name = requiredName(element) else { return nil }
        var input: WSDLMessageUse?
        var output: WSDLMessageUse?
        var faults: [WSDLMessageUse] = []
        var outputFirst = false
        for child in element.elements where child.name.namespace == WSDLNames.wsdl {
            switch child.name.local {
            case "input": input = readUse(child)
            case "output":
                outputFirst = input == nil
                output = readUse(child)
            case "fault":
                if let fault = readUse(child) { faults.append(fault) }
            default: break
            }
        }
        let exchange: WSDLOperation.Exchange =
            input == nil
            ? .notification
            : output == nil ? .oneWay : outputFirst ? .solicitResponse : .requestResponse
        let order = element.attribute("parameterOrder") ?? ""
        return WSDLOperation(
            name: name, exchange: exchange, input: input, output: output, faults: faults,
            parameterOrder: XMLCharacters.tokens(order),
            documentation: documentation(of: element), place: place(element))
    }

    private mutating func readUse(_ element: XMLElement) -> WSDLMessageUse? {
        guard let message = qualified(element, "message") else {
            problems.error(place(element), code: "wsdl", "<\(element.name.local)> names no message")
            return nil
        }
        var action: String?
        for space in WSDLNames.addressingActions where action == nil {
            action = element.attribute("Action", namespace: space)
        }
        return WSDLMessageUse(
            name: element.token("name"), message: message, action: action,
            place: place(element))
    }

    private mutating func readService(_ element: XMLElement, _ target: String) {
        guard let name = requiredName(element) else { return }
        let own = policy(of: element)
        var ports: [WSDLPort] = []
        for child in wsdlChildren(element, "port") {
            guard let portName = requiredName(child) else { continue }
            guard let binding = qualified(child, "binding") else {
                problems.error(place(child), code: "wsdl", "port \(portName) names no binding")
                continue
            }
            let address = child.elements.first { $0.name.local == "address" }
            ports.append(
                WSDLPort(
                    name: portName, binding: binding,
                    address: address?.token("location"),
                    documentation: documentation(of: child), place: place(child),
                    policy: policy(of: child).joined(own)))
        }
        let qualifiedName = XMLName(target, name)
        if model.services.contains(where: { $0.name == qualifiedName }) { return }
        model.services.append(
            WSDLService(
                name: qualifiedName, ports: ports, documentation: documentation(of: element),
                place: place(element)))
    }
}

extension WSDLReader {
    mutating func add(binding: WSDLBinding) {
        if model.bindings.contains(where: { $0.name == binding.name }) { return }
        model.bindings.append(binding)
    }

    func wsdlChildren(_ element: XMLElement, _ name: String) -> [XMLElement] {
        element.elements.filter { $0.name.namespace == WSDLNames.wsdl && $0.name.local == name }
    }

    mutating func requiredName(_ element: XMLElement) -> String? {
        if let name = element.token("name"), !name.isEmpty { return name }
        problems.error(place(element), code: "wsdl", "<\(element.name.local)> has no name")
        return nil
    }

    /// The XMLName that an attribute holds; nil where the attribute is absent. One whose prefix is
    /// declared nowhere, which is reported, is a name that nothing has: what it stands for is not
    /// there, and the rest of the contract is.
    mutating func qualified(_ element: XMLElement, _ attribute: String) -> XMLName? {
        guard let text = element.attribute(attribute), !text.isEmpty else { return nil }
        if let name = element.resolve(text) { return name }
        problems.warning(
            place(element), code: "wsdl", "the prefix of \(attribute)=\"\(text)\" is not declared")
        let colon = text.firstIndex(of: ":") ?? text.startIndex
        return XMLName(
            "undeclared prefix \(text[..<colon])", String(text[colon...].drop { $0 == ":" }))
    }

    mutating func noteExtension(_ element: XMLElement) {
        let ignored = [WSDLNames.schema, WSDLNames.soap11, WSDLNames.soap12, WSDLNames.mime]
        if ignored.contains(element.name.namespace) || WSDLPolicy.isPolicy(element) { return }
        let space = element.name.namespace
        let name = space.isEmpty ? element.name.local : "\(element.name.local) of \(space)"
        if seenExtensions.insert(name).inserted { model.unknownExtensions.append(name) }
    }

    /// The text of the `wsdl:documentation` child, white space collapsed by paragraph.
    func documentation(of element: XMLElement) -> String? {
        guard let child = wsdlChildren(element, "documentation").first else { return nil }
        let text = child.deepText.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return text.isEmpty ? nil : text
    }
}
