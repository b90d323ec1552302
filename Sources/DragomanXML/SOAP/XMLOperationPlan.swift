// SPDX-License-Identifier: Apache-2.0
// How one call of an `xml` backend is made: a global element in the request's entity, or the
// parts of a message as WSDL's HTTP binding puts them into the URL or a form.

/// A call without an envelope. Immutable; lives as long as its XMLServiceContract.
package struct XMLOperationPlan: Sendable {
    /// How the message goes out.
    package enum Request: Sendable {
        /// As the document whose root this element is.
        case document(ElementPlan)
        /// Its parts as a query: `name=value&…`.
        case query(ElementPlan)
        /// Its parts in the places of the location that are named after them: `(name)`.
        case replacement(ElementPlan)
        /// Its parts as application/x-www-form-urlencoded.
        case form(ElementPlan)

        package var element: ElementPlan {
            switch self {
            case .document(let element), .query(let element), .replacement(let element),
                .form(let element):
                element
            }
        }
    }

    /// What may come back.
    package enum Reply: Sendable {
        /// That element.
        case element(ElementPlan)
        /// Content of that element's type, whatever the root is called.
        case content(ElementPlan)
        /// Any global element of the contract.
        case anyElement
        /// Nothing that is looked at.
        case nothing
    }

    /// As `call` names it.
    package let name: String
    package let documentation: String?
    /// Of HTTP.
    package let method: String
    /// Behind the address of the port; empty for elements of a schema.
    package let location: String
    package let request: Request
    package let reply: Reply
    package let isOneWay: Bool

    /// Of the entity; nil where there is none.
    package var contentType: StaticString? {
        switch request {
        case .document: XMLServiceContract.contentType
        case .form: "application/x-www-form-urlencoded"
        case .query, .replacement: nil
        }
    }
}

/// An operation of WSDL's HTTP binding before its elements are compiled into plans.
struct HTTPBindingDrafter {
    let contract: WSDLContract
    let endpoint: WSDLEndpoint
    let compiler: PlanCompiler

    typealias Refusal = OperationDrafter.Refusal

    func draft(
        _ bound: WSDLBindingOperation, _ operation: WSDLOperation, overload: String?
    ) throws(Refusal) -> XMLOperationPlan {
        guard case .http(let verb) = endpoint.binding.wire else {
            throw Refusal("its binding is not HTTP's own")
        }
        guard let input = operation.input else {
            throw Refusal("it has no input: the service would call the client (notification)")
        }
        let location = bound.location ?? ""
        let request = try request(
            input, bound.input.httpForm ?? (verb == "POST" ? .formEncoded : .urlEncoded),
            location: location)
        let reply = try operation.output.map { output throws(Refusal) in
            try self.reply(output, bound.output.httpForm)
        }
        return XMLOperationPlan(
            name: overload.map { "\(operation.name)(\($0))" } ?? operation.name,
            documentation: operation.documentation, method: verb, location: location,
            request: request, reply: reply ?? .nothing, isOneWay: operation.output == nil)
    }

    private func message(_ use: WSDLMessageUse) throws(Refusal) -> WSDLMessage {
        if let message = contract.message(use.message) { return message }
        contract.problems.warning(
            use.place, code: "reference", "there is no message \(use.message.local)")
        throw Refusal("its message \(use.message.local) is defined nowhere")
    }

    private func request(
        _ use: WSDLMessageUse, _ form: WSDLBindingMessage.HTTPForm, location: String
    ) throws(Refusal) -> XMLOperationPlan.Request {
        let message = try message(use)
        switch form {
        case .xml(let name): return .document(try element(of: message, part: name).element)
        case .urlEncoded: return .query(try parts(of: message))
        case .formEncoded: return .form(try parts(of: message))
        case .urlReplacement:
            for part in message.parts where !location.contains("(\(part.name))") {
                throw Refusal(
                    "its location \(location) has no place for the part \(part.name)")
            }
            return .replacement(try parts(of: message))
        case .content(let type): throw Refusal("its message is \(type), which is not XML")
        }
    }

    /// Parts that travel as text: each a scalar, or an array of scalars.
    private func parts(of message: WSDLMessage) throws(Refusal) -> ElementPlan {
        var parts: [WrapperPart] = []
        for part in message.parts {
            let content: WrapperPart.Content
            if let element = part.element {
                content = .accessor(element)
            } else if let type = part.type {
                content = .type(type)
            } else {
                throw Refusal("its part \(part.name) has neither an element nor a type")
            }
            // An URL that lacks a parameter is one that servers read all the same.
            parts.append(WrapperPart(name: part.name, content: content, isRequired: false))
        }
        guard
            let plan = compiler.wrapper(XMLName("", "Parts"), parts: parts, at: message.place)
        else { throw Refusal("a part of its message refers to what is defined nowhere") }
        return plan
    }

    private func element(
        of message: WSDLMessage, part name: String?
    ) throws(Refusal) -> (element: ElementPlan, isNamed: Bool) {
        let found = message.parts.first { name == nil || $0.name == name }
        guard let part = found ?? message.parts.first else {
            throw Refusal("its message \(message.name.local) has no part")
        }
        if let element = part.element, let plan = compiler.element(element, at: part.place) {
            return (plan, true)
        }
        if let type = part.type,
            let plan = compiler.element(
                XMLName("", part.name), type: type, isNillable: false, at: part.place)
        {
            return (plan, false)
        }
        throw Refusal("its part \(part.name) refers to what is defined nowhere")
    }

    private func reply(
        _ use: WSDLMessageUse, _ form: WSDLBindingMessage.HTTPForm?
    ) throws(Refusal) -> XMLOperationPlan.Reply {
        let message = try message(use)
        if message.parts.isEmpty { return .nothing }
        var part: String?
        switch form {
        case .xml(let name): part = name
        case .content(let type):
            throw Refusal("its reply is \(type), which is not XML")
        case nil, .urlEncoded, .urlReplacement, .formEncoded: break
        }
        let (element, isNamed) = try element(of: message, part: part)
        return isNamed ? .element(element) : .content(element)
    }
}
