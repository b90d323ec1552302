// SPDX-License-Identifier: Apache-2.0
// One operation between WSDL and plan: its parts are looked up and compiled, or the reason is
// found why it can not be called.

internal import DragomanDocument

/// An operation whose elements are compiled, waiting for the plans to be finished.
struct OperationDraft {
    var name: String
    let wsdlName: String
    let overload: String?
    let documentation: String?
    let isOneWay: Bool
    let style: WSDLBinding.Style
    let soapAction: String?
    let addressingAction: String
    let request: MessagePlan
    let reply: MessagePlan
    let headers: [PartPlan]
    let replyHeaders: [PartPlan]
    let faults: [PartPlan]
}

/// Why an operation of a contract can not be called.
package struct OmittedOperation: Sendable, Hashable {
    package let name: String
    /// A clause: "its message AddRequest is defined nowhere".
    package let reason: String
    package let place: ContractPlace
}

extension WSDLContract {
    /// What `draft` makes of each operation of an endpoint, in WSDL order; those that it refuses
    /// are `omitted`, with its reason.
    func drafts<Draft>(
        of endpoint: WSDLEndpoint, omitted: inout [OmittedOperation],
        _ draft: (WSDLBindingOperation, WSDLOperation, String?)
            throws(OperationDrafter.Refusal) -> Draft
    ) -> [Draft] {
        var drafts: [Draft] = []
        for pair in pairs(of: endpoint) {
            guard let operation = pair.operation else {
                omitted.append(
                    OmittedOperation(
                        name: pair.bound.name,
                        reason: "its port type \(endpoint.binding.portType.local) has no such "
                            + "operation", place: pair.bound.place))
                continue
            }
            do throws(OperationDrafter.Refusal) {
                drafts.append(try draft(pair.bound, operation, pair.overload))
            } catch {
                omitted.append(
                    OmittedOperation(
                        name: pair.title, reason: error.reason, place: operation.place))
            }
        }
        return drafts
    }
}

/// Compiles the messages of operations of one endpoint.
struct OperationDrafter {
    let contract: WSDLContract
    let endpoint: WSDLEndpoint
    let compiler: PlanCompiler
    let pool: ConstantPool

    struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    func draft(
        _ bound: WSDLBindingOperation, _ operation: WSDLOperation, overload: String?
    ) throws(Refusal) -> OperationDraft {
        guard let input = operation.input else {
            throw Refusal("it has no input: the service would call the client (notification)")
        }
        let style = bound.style ?? endpoint.binding.style
        let request = try message(input, bound.input, bound, style, isReply: false)
        let reply =
            if let output = operation.output {
                try message(output, bound.output, bound, style, isReply: true)
            } else {
                try emptyMessage(place: operation.place)
            }
        return OperationDraft(
            name: overload.map { "\(operation.name)(\($0))" } ?? operation.name,
            wsdlName: operation.name, overload: overload,
            documentation: operation.documentation, isOneWay: operation.output == nil,
            style: style, soapAction: bound.soapAction,
            addressingAction: addressingAction(operation, input, bound), request: request,
            reply: reply,
            headers: headers(bound.input, place: bound.place),
            replyHeaders: headers(bound.output, place: bound.place),
            faults: faults(operation, bound))
    }

    /// WS-Addressing 1.0 - Metadata, 4.4: what is written, the SOAPAction, or by a pattern.
    private func addressingAction(
        _ operation: WSDLOperation, _ input: WSDLMessageUse, _ bound: WSDLBindingOperation
    ) -> String {
        if let action = input.action, !action.isEmpty { return action }
        if let action = bound.soapAction, !action.isEmpty { return SOAPAction.clean(action) }
        let portType = contract.portType(endpoint.binding.portType)?.name
        let space = portType?.namespace ?? ""
        let separator = space.hasPrefix("urn:") ? ":" : "/"
        let name = input.name ?? operation.name + (operation.output == nil ? "" : "Request")
        let stem = space.hasSuffix(separator) ? String(space.dropLast()) : space
        return [stem, portType?.local ?? endpoint.binding.portType.local, name]
            .joined(separator: separator)
    }

    // MARK: Messages

    private func message(
        _ use: WSDLMessageUse, _ bound: WSDLBindingMessage, _ operation: WSDLBindingOperation,
        _ style: WSDLBinding.Style, isReply: Bool
    ) throws(Refusal) -> MessagePlan {
        guard let message = contract.message(use.message) else {
            contract.problems.warning(
                use.place, code: "reference",
                "there is no message \(use.message.local)\(nearest(use.message.local))")
            throw Refusal("its message \(use.message.local) is defined nowhere")
        }
        let isEncoded = bound.body?.isEncoded ?? false
        let attachments = self.attachments(of: message, bound)
        let parts = bodyParts(of: message, bound).filter { part in
            !attachments.contains { $0.name == part.name }
        }
        for part in parts where part.element == nil && part.type == nil {
            throw Refusal("its part \(part.name) has neither an element nor a type")
        }
        if style == .rpc {
            let name = isReply ? operation.name + "Response" : operation.name
            let space = bound.body?.namespace ?? endpoint.binding.name.namespace
            var plan = try wrapper(
                XMLName(space, name), parts, .child, isEncoded: isEncoded, message.place)
            try add(attachments, beside: parts, to: &plan, message.place)
            return plan
        }
        if !attachments.isEmpty {
            var plan = try wrapper(
                XMLName("", "Body"), parts, .body, isEncoded: isEncoded, message.place)
            try add(attachments, beside: parts, to: &plan, message.place)
            return plan
        }
        guard let first = parts.first else {
            return try emptyMessage(place: message.place)
        }
        if parts.count > 1 {
            return try wrapper(
                XMLName("", "Body"), parts, .body, isEncoded: isEncoded, message.place)
        }
        var plan = try single(first, isEncoded: isEncoded)
        plan.parts = [first]
        return plan
    }

    /// The parts that `mime:content` carries beside the Envelope; of alternatives the first.
    private func attachments(
        of message: WSDLMessage, _ bound: WSDLBindingMessage
    ) -> [AttachmentPlan] {
        var plans: [AttachmentPlan] = []
        for attachment in bound.attachments {
            let name = attachment.part
            guard message.parts.contains(where: { $0.name == name }),
                !plans.contains(where: { $0.name == name })
            else { continue }
            let type = attachment.mediaType ?? ""
            let isOpen = type.isEmpty || type.contains("*") || !SOAPAction.isMediaType(type)
            plans.append(
                AttachmentPlan(
                    name: name, key: pool.text(name),
                    mediaType: isOpen ? "application/octet-stream" : type))
        }
        return plans
    }

    /// In JSON an attachment is a member like any part; none has to be there.
    private func add(
        _ attachments: [AttachmentPlan], beside parts: [WSDLPart], to plan: inout MessagePlan,
        _ place: ContractPlace
    ) throws(Refusal) {
        guard !attachments.isEmpty else { return }
        let style: MessagePlan.Placement = plan.placement
        var wrapped = OperationDrafter.wrapped(parts, style)
        let binary = XMLName(XMLNamespace.schema, "base64Binary")
        wrapped += attachments.map {
            WrapperPart(name: $0.name, content: .type(binary), isRequired: false)
        }
        plan.whole = compiler.wrapper(XMLName("", "Message"), parts: wrapped, at: place)
        plan.attachments = attachments
    }

    /// The only part of a document. Encoded, a part by type is an element called as the part is
    /// (SOAP 1.1, 5.1: an accessor); literal, it is what soap:Body holds (WSDL 1.1, 3.5).
    private func single(
        _ part: WSDLPart, isEncoded: Bool
    ) throws(Refusal) -> MessagePlan {
        if let element = part.element {
            guard let plan = compiler.element(element, at: part.place) else {
                throw Refusal("its element \(element) is defined nowhere")
            }
            return MessagePlan(
                element: plan, placement: .child, isWrapper: false, isEmpty: false,
                isEncoded: isEncoded)
        }
        let name = XMLName("", isEncoded ? part.name : "Body")
        guard let type = part.type,
            let plan = compiler.element(name, type: type, isNillable: false, at: part.place)
        else { throw Refusal("the type of its part \(part.name) is defined nowhere") }
        return MessagePlan(
            element: plan, placement: isEncoded ? .child : .body, isWrapper: true, isEmpty: false,
            isEncoded: isEncoded)
    }

    private func wrapper(
        _ name: XMLName, _ parts: [WSDLPart], _ placement: MessagePlan.Placement,
        isEncoded: Bool, _ place: ContractPlace
    ) throws(Refusal) -> MessagePlan {
        let wrapped = OperationDrafter.wrapped(parts, placement)
        guard let plan = compiler.wrapper(name, parts: wrapped, at: place) else {
            throw Refusal("a part of its message refers to what is defined nowhere")
        }
        return MessagePlan(
            element: plan, placement: placement, isWrapper: true,
            isEmpty: parts.isEmpty && placement == .body, isEncoded: isEncoded, parts: parts)
    }

    private static func wrapped(
        _ parts: [WSDLPart], _ placement: MessagePlan.Placement
    ) -> [WrapperPart] {
        parts.map { part in
            let content: WrapperPart.Content =
                if let element = part.element {
                    placement == .child ? .accessor(element) : .element(element)
                } else {
                    .type(part.type ?? XMLName("", ""))
                }
            return WrapperPart(name: part.name, content: content)
        }
    }

    private func emptyMessage(place: ContractPlace) throws(Refusal) -> MessagePlan {
        try wrapper(XMLName("", "Body"), [], .body, isEncoded: false, place)
    }

    /// The parts that stand in soap:Body: those that `parts` names, else all that are neither
    /// header parts of the same message nor attachments.
    private func bodyParts(
        of message: WSDLMessage, _ bound: WSDLBindingMessage
    ) -> [WSDLPart] {
        if let names = bound.body?.parts {
            return message.parts.filter { names.contains($0.name) }
        }
        let headers = bound.headers.filter { contract.message($0.message)?.name == message.name }
        guard message.parts.count > 1 else { return message.parts }
        return message.parts.filter { part in
            !headers.contains { $0.part == part.name }
        }
    }

    // MARK: Headers and faults

    private func headers(_ bound: WSDLBindingMessage, place: ContractPlace) -> [PartPlan] {
        var plans: [PartPlan] = []
        for header in bound.headers {
            guard let message = contract.message(header.message),
                let part = message.parts.first(where: { $0.name == header.part })
            else {
                contract.problems.warning(
                    header.place, code: "reference",
                    "the header's part \(header.part) of message \(header.message.local) "
                        + "is defined nowhere; it is not carried")
                continue
            }
            let isAlike = bound.headers.contains {
                $0.part == header.part && $0.message != header.message
            }
            let name = isAlike ? "\(message.name.local).\(part.name)" : part.name
            guard !plans.contains(where: { $0.name == name }) else { continue }
            let local = XMLName(header.namespace ?? "", part.name)
            if let plan = plan(of: part, named: local, title: name) { plans.append(plan) }
        }
        return plans
    }

    private func faults(
        _ operation: WSDLOperation, _ bound: WSDLBindingOperation
    ) -> [PartPlan] {
        var plans: [PartPlan] = []
        for fault in operation.faults {
            let binding = bound.faults.first { $0.name == fault.name }
            guard let message = contract.message(fault.message) else {
                contract.problems.warning(
                    fault.place, code: "reference",
                    "the fault's message \(fault.message.local) is defined nowhere; "
                        + "its detail is not typed")
                continue
            }
            for part in message.parts {
                let name = part.element?.local ?? part.name
                guard !plans.contains(where: { $0.name == name }) else { continue }
                let local = XMLName(binding?.namespace ?? "", part.name)
                if let plan = plan(of: part, named: local, title: name) { plans.append(plan) }
            }
        }
        return plans
    }

    private func plan(of part: WSDLPart, named name: XMLName, title: String) -> PartPlan? {
        let element =
            if let element = part.element {
                compiler.element(element, at: part.place)
            } else if let type = part.type {
                compiler.element(name, type: type, isNillable: false, at: part.place)
            } else {
                ElementPlan?.none
            }
        return element.map { PartPlan(name: title, key: pool.text(title), element: $0) }
    }

    private func nearest(_ name: String) -> String {
        let lower = name.lowercased()
        let alike = contract.model.messages.first {
            let other = $0.name.local.lowercased()
            return other == lower || other.hasPrefix(lower) || lower.hasPrefix(other)
        }
        return alike.map { "; is \($0.name.local) meant?" } ?? ""
    }
}
