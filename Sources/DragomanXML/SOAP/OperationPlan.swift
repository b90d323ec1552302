// SPDX-License-Identifier: Apache-2.0
// How one operation of a contract is called: which element its request is written as, in which
// envelope, and what its replies and faults are read by. Made by ServiceContract, immutable.

package import DragomanDocument

/// One direction of an operation.
package struct MessagePlan: Sendable {
    package enum Placement: Sendable {
        /// The element is the only child of soap:Body.
        case child
        /// The element stands for soap:Body itself: what its type holds is the Body's content.
        case body
    }

    package let element: ElementPlan
    package let placement: Placement
    /// An rpc wrapper: its name is not checked in replies.
    package let isWrapper: Bool
    /// There is no part: the JSON form is `{}`.
    package let isEmpty: Bool
    /// By SOAP's own encoding (SOAP 1.1, 5).
    package let isEncoded: Bool
    /// The message's parts that stand in the Body, as the contract declares them.
    package var parts: [WSDLPart] = []
    /// Parts that travel beside the Envelope, as attachments.
    package var attachments: [AttachmentPlan] = []
    /// The JSON form's element, where that has members which the Envelope does not: attachments.
    package var whole: ElementPlan?

    /// What the JSON form is described by.
    package var schemaElement: ElementPlan { whole ?? element }
}

/// A part of a message that is an attachment; base64 in JSON.
package struct AttachmentPlan: Sendable {
    /// The part's name, and the member's.
    package let name: String
    package let key: ConstantText
    /// As the contract has it; `application/octet-stream` where it leaves it open.
    package let mediaType: String
}

/// A header part or a fault that an operation declares.
package struct PartPlan: Sendable {
    /// The member's name in `soap_header`, `reply_headers.soap`, or a fault's `detail`.
    package let name: String
    package let key: ConstantText
    package let element: ElementPlan
}

/// How an operation is called. Immutable; lives as long as its ServiceContract's plans.
package final class OperationPlan: Sendable {
    /// As `call` names it: the operation's name, or `Op(inputName)` for an overload.
    package let name: String
    /// The operation's name in the WSDL.
    package let wsdlName: String
    /// The input's name where the operation is overloaded.
    package let overload: String?
    package let documentation: String?
    package let isOneWay: Bool
    package let version: SOAPVersion
    package let style: WSDLBinding.Style
    /// Of the request; with the action parameter in SOAP 1.2.
    package let contentType: String
    /// Of the request, unquoted; empty for none.
    package let action: String
    /// WS-Addressing's action of the request: the contract's own word, or as it derives one.
    package let addressingAction: String
    /// The SOAPAction field's value, quoted; nil in SOAP 1.2.
    package let soapAction: String?
    package let request: MessagePlan
    package let reply: MessagePlan
    /// Header parts of the request, in the contract's order.
    package let headers: [PartPlan]
    package let replyHeaders: [PartPlan]
    package let faults: [PartPlan]
    package let plans: PlanSet
    /// The prefix of SOAP's own namespace in requests.
    package var envelopePrefix: String { texts.prefix }
    let texts: EnvelopeTexts
    /// The attribute that says that the body is encoded.
    let encodingStyle: String

    init(
        draft: OperationDraft, version: SOAPVersion, plans: PlanSet, texts: EnvelopeTexts
    ) {
        name = draft.name
        wsdlName = draft.wsdlName
        overload = draft.overload
        documentation = draft.documentation
        isOneWay = draft.isOneWay
        self.version = version
        style = draft.style
        action = SOAPAction.clean(draft.soapAction ?? "")
        addressingAction = draft.addressingAction
        contentType = SOAPAction.contentType(version, action)
        soapAction = version == .soap11 ? SOAPAction.quoted(action) : nil
        request = draft.request
        reply = draft.reply
        headers = draft.headers
        replyHeaders = draft.replyHeaders
        faults = draft.faults
        self.plans = plans
        self.texts = texts
        let encoding = version == .soap11 ? SOAPNames.encoding11 : SOAPNames.encoding12
        encodingStyle = " \(texts.prefix):encodingStyle=\"\(encoding)\""
    }

    private init(mirroring other: OperationPlan) {
        name = other.name
        wsdlName = other.wsdlName
        overload = other.overload
        documentation = other.documentation
        isOneWay = false
        version = other.version
        style = other.style
        contentType = other.contentType
        action = other.action
        addressingAction = other.addressingAction
        soapAction = nil
        request = other.reply
        reply = other.request
        headers = other.replyHeaders
        replyHeaders = other.headers
        faults = []
        plans = other.plans
        texts = other.texts
        encodingStyle = other.encodingStyle
    }

    /// The operation as its server sees it: what is written is the reply, and what is read is the
    /// request. For sample backends and tests.
    package var mirrored: OperationPlan { OperationPlan(mirroring: self) }

    /// The JSON Schema (2020-12) of the request body.
    package func appendRequestSchema(to document: Document) {
        JSONSchemaWriter.append(request.schemaElement, of: plans, form: .request, to: document)
    }

    /// The JSON Schema (2020-12) of the reply.
    package func appendReplySchema(to document: Document) {
        JSONSchemaWriter.append(reply.schemaElement, of: plans, form: .reply, to: document)
    }

    /// The JSON Schema (2020-12) that a header part of the request is held against.
    package func appendSchema(ofHeader part: PartPlan, to document: Document) {
        JSONSchemaWriter.append(part.element, of: plans, form: .accepted, to: document)
    }

}

/// The action URI as the two versions of SOAP send it.
enum SOAPAction {
    /// Without characters that a header field can not hold.
    static func clean(_ action: String) -> String {
        let bytes = action.utf8.filter { $0 >= 0x20 && $0 != 0x7F && $0 != 0x22 }
        return XMLCharacters.trim(String(decoding: bytes, as: UTF8.self))
    }

    /// `type/subtype` and nothing that could end a header field.
    static func isMediaType(_ text: String) -> Bool {
        text.utf8.contains(0x2F) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    static func quoted(_ action: String) -> String { "\"\(action)\"" }

    static func contentType(_ version: SOAPVersion, _ action: String) -> String {
        switch version {
        case .soap11: return "text/xml; charset=utf-8"
        case .soap12:
            let parameter = action.isEmpty ? "" : "; action=\(quoted(action))"
            return "application/soap+xml; charset=utf-8\(parameter)"
        }
    }
}

/// The constant pieces of an envelope around its body.
struct EnvelopeTexts: Sendable {
    /// Up to and without the `>` of the Envelope's start tag.
    let open: ConstantText
    /// From that `>` to behind `<soap:Body>`.
    let body: ConstantText
    /// From that `>` to behind `<soap:Header>`.
    let header: ConstantText
    /// From `</soap:Header>` to behind `<soap:Body>`.
    let bodyAfterHeader: ConstantText
    let close: ConstantText
    /// The prefix of SOAP's own namespace.
    let prefix: String
    private let pool: ConstantPool

    /// `taken`: prefixes that the contract's namespaces have.
    init(version: SOAPVersion, taken: Set<String>) {
        let prefix =
            ["soap", "soapenv", "SOAP-ENV", "env"].first { !taken.contains($0) } ?? "soap-envelope"
        let pool = ConstantPool()
        open = pool.text(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
                + "<\(prefix):Envelope xmlns:\(prefix)=\"\(version.envelope)\"")
        body = pool.text("><\(prefix):Body>")
        header = pool.text("><\(prefix):Header>")
        bodyAfterHeader = pool.text("</\(prefix):Header><\(prefix):Body>")
        close = pool.text("</\(prefix):Body></\(prefix):Envelope>")
        self.prefix = prefix
        self.pool = pool
    }
}
