// SPDX-License-Identifier: Apache-2.0
// An Envelope with what travels beside it: multipart/related as SOAP with Attachments has it, or
// as MTOM, whose root part may hold all of its binary content inline.

package import DragomanDocument

/// Writes messages of several parts. Belongs to one event loop.
package final class SOAPPackageWriter {
    /// The body without the members that are attachments.
    private let body = Document(tapeCapacity: 64, textCapacity: 256)

    private let envelope = OutputBuffer(capacity: 64)

    package init() {}

    /// Appends the entity of a request of `operation`.
    /// `asMTOM`: the root part is application/xop+xml.
    /// `write`: appends the Envelope, given its own body.
    /// - Returns: its Content-Type.
    package func write(
        _ operation: OperationPlan, body: Node?, asMTOM: Bool, to output: OutputBuffer,
        _ write: (Node?, OutputBuffer) throws(TranslationError) -> Void
    ) throws(TranslationError) -> String {
        let boundary = "MIME-" + SOAPPackageWriter.token()
        let attachments = operation.request.attachments
        let envelopeType = operation.version == .soap11 ? "text/xml" : "application/soap+xml"
        output.append("--\(boundary)\r\nContent-Type: ")
        output.append(
            asMTOM
                ? "application/xop+xml; charset=UTF-8; type=\"\(envelopeType)\""
                : "\(envelopeType); charset=UTF-8")
        output.append("\r\nContent-Transfer-Encoding: 8bit\r\nContent-ID: <root@dragoman>\r\n\r\n")
        envelope.removeAll()
        try write(attachments.isEmpty ? body : try envelopeBody(operation, body), envelope)
        output.append(envelope.bytes)
        for attachment in attachments {
            guard let value = body?.member(attachment.key), !value.isNull else { continue }
            guard value.isString else {
                throw TranslationError(
                    .value, "An attachment is a string, base64.", at: value)
            }
            output.append(
                "\r\n--\(boundary)\r\nContent-Type: \(attachment.mediaType)\r\n"
                    + "Content-Transfer-Encoding: binary\r\n"
                    + "Content-ID: <\(attachment.name)=\(SOAPPackageWriter.token())@dragoman>"
                    + "\r\n\r\n")
            guard Base64Coding.decode(value.bytes, to: output) else {
                throw TranslationError(
                    .value, keyword: "contentEncoding", "An attachment is a string, base64.",
                    at: value)
            }
        }
        output.append("\r\n--\(boundary)--\r\n")
        return contentType(operation, boundary, envelopeType, asMTOM: asMTOM)
    }

    private func contentType(
        _ operation: OperationPlan, _ boundary: String, _ envelopeType: String, asMTOM: Bool
    ) -> String {
        var type = "multipart/related; boundary=\"\(boundary)\"; start=\"<root@dragoman>\"; "
        if asMTOM {
            type += "type=\"application/xop+xml\"; start-info=\"\(envelopeType)\""
        } else {
            type += "type=\"\(envelopeType)\""
        }
        if operation.version == .soap12, !operation.action.isEmpty {
            type += "; action=\"\(operation.action)\""
        }
        return type
    }

    /// The members that stand in the Envelope.
    private func envelopeBody(
        _ operation: OperationPlan, _ whole: Node?
    ) throws(TranslationError) -> Node? {
        guard let whole else { return nil }
        guard whole.isObject else {
            throw TranslationError(.value, "The message is an object of parts by name.", at: whole)
        }
        body.removeAll()
        body.beginObject()
        var members = whole.members
        while let member = members.next() {
            let isAttachment = operation.request.attachments.contains {
                member.name.textEquals($0.key)
            }
            if isAttachment { continue }
            body.key(member.name.bytes)
            body.append(reference: member.value)
        }
        body.endObject()
        return body.root
    }

    /// 128 bits that no message holds by chance.
    static func token() -> String {
        var generator = SystemRandomNumberGenerator()
        let bits = [generator.next() as UInt64, generator.next() as UInt64]
        return bits.map { String($0, radix: 36) }.joined()
    }
}
