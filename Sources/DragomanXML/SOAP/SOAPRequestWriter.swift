// SPDX-License-Identifier: Apache-2.0
// A request Envelope from its JSON form: constants around what the type plans write.

package import DragomanDocument

/// Writes requests of any contract, one after the other. Belongs to one event loop.
package final class SOAPRequestWriter {
    private var writer: PlanWriter?
    private lazy var fragments = FragmentReader()
    private let none = Document(tapeCapacity: 16, textCapacity: 64)
    /// Where `blocks` stand in what was written last.
    package private(set) var blocksStart = 0
    /// Where the content of soap:Body stands in it.
    package private(set) var bodyRange = 0..<0

    package init() {
        none.beginObject()
        none.endObject()
    }

    /// Appends the whole Envelope to `output`.
    /// `body`: the JSON form of the request body; nil is `{}`.
    /// `header`: an object of header parts by name, `@any` for undeclared blocks.
    /// `blocks`: header blocks as they go out, before all others; the gateway's own.
    /// `bodyAttributes`: of soap:Body, each after a space; nil for none.
    /// Throws where a value does not fit the contract, with its place. What was appended by
    ///   then is no message.
    package func write(
        _ operation: OperationPlan, body: Node?, header: Node? = nil, blocks: String? = nil,
        bodyAttributes: String? = nil, to output: OutputBuffer
    ) throws(TranslationError) {
        guard let body = body ?? none.root else { return }
        let texts = operation.texts
        output.append(texts.open)
        let writer = planWriter(operation.plans)
        writer.begin(operation.plans, to: output)
        writer.declareHere()
        if operation.request.isEncoded {
            writer.arrayStyle = operation.version == .soap12 ? .soap12 : .soap11
        }
        if let header, header.isObject, header.count > 0 {
            try write(header, operation, writer, blocks, to: output)
        } else {
            if let header, !header.isObject, !header.isNull {
                throw TranslationError(
                    .value, "SOAP headers are an object of parts by name.", at: header)
            }
            if let blocks {
                output.append(texts.header)
                blocksStart = output.count
                output.append(blocks)
                output.append(texts.bodyAfterHeader)
            } else {
                output.append(texts.body)
            }
        }
        let request = operation.request
        let bodyStyle = bodyStyle(operation)
        if bodyAttributes != nil || bodyStyle != nil {
            // Behind the last `>`, which is soap:Body's.
            output.truncate(to: output.count - 1)
            if let bodyAttributes { output.append(bodyAttributes) }
            if let bodyStyle { output.append(bodyStyle) }
            output.append(0x3E)
        }
        let bodyStart = output.count
        if request.isEmpty {
            try refuseMembers(of: body)
        } else if request.placement == .child {
            let style = request.isEncoded ? operation.encodingStyle : ""
            try writer.write(request.element, body, attributes: style)
        } else {
            try writer.writeContent(request.element, body)
        }
        let bodyEnd = output.count
        output.append(texts.close)
        let count = output.count
        writer.end()
        // Namespaces are declared before the blocks.
        let shift = output.count - count
        blocksStart += shift
        bodyRange = bodyStart + shift..<bodyEnd + shift
    }

    /// Several encoded parts of a document stand beside each other in soap:Body, which says so for
    /// them. SOAP 1.2 has no encodingStyle there (part 1, 5.1.1).
    private func bodyStyle(_ operation: OperationPlan) -> String? {
        let request = operation.request
        guard request.isEncoded, request.placement == .body, !request.isEmpty else { return nil }
        return operation.version == .soap11 ? operation.encodingStyle : nil
    }

    private func planWriter(_ plans: PlanSet) -> PlanWriter {
        if let writer { return writer }
        let made = PlanWriter(plans: plans)
        writer = made
        return made
    }

    private func refuseMembers(of body: Node) throws(TranslationError) {
        guard body.isObject else {
            throw TranslationError(.value, "The operation takes an empty object.", at: body)
        }
        var members = body.members
        guard let member = members.next() else { return }
        throw TranslationError(
            .value, "The operation takes no members, and \(member.name.string) is one.",
            at: member.name)
    }

    // MARK: Header blocks

    /// Blocks go out in the contract's order, undeclared ones last.
    private func write(
        _ header: Node, _ operation: OperationPlan, _ writer: PlanWriter, _ blocks: String?,
        to output: OutputBuffer
    ) throws(TranslationError) {
        try refuseUnknown(header, operation)
        let texts = operation.texts
        let start = output.count
        output.append(texts.header)
        blocksStart = output.count
        if let blocks { output.append(blocks) }
        for part in operation.headers {
            guard let value = header.member(part.key), !isLeftOut(value) else { continue }
            let attributes = try attributes(value, operation)
            do throws(TranslationError) {
                try writer.write(part.element, value, attributes: attributes, isHeaderBlock: true)
            } catch {
                throw error.led(by: "the SOAP header part \"\(part.name)\": ")
            }
        }
        if let blocks = header.member("@any") {
            var items = blocks.items
            while let block = items.next() {
                guard block.isString else {
                    throw TranslationError(
                        .value, "A header block is a string, one element as XML.", at: block)
                }
                _ = try fragments.copy(block, to: output)
            }
        }
        guard output.count > blocksStart else {
            output.truncate(to: start)
            return output.append(texts.body)
        }
        output.append(texts.bodyAfterHeader)
    }

    /// A part of which a template has set no member is not sent: "no header, no part".
    private func isLeftOut(_ value: Node) -> Bool { value.isObject && value.count == 0 }

    private func refuseUnknown(
        _ header: Node, _ operation: OperationPlan
    ) throws(TranslationError) {
        var members = header.members
        while let member = members.next() {
            if member.name.textEquals("@any") {
                if member.value.isArray { continue }
                throw TranslationError(
                    .value, "@any is an array of header blocks.", at: member.value)
            }
            if operation.headers.contains(where: { member.name.textEquals($0.key) }) { continue }
            throw TranslationError(
                .value, "The operation declares no header part \(member.name.string).",
                at: member.name)
        }
    }

    /// `@mustUnderstand` and `@role`, as attributes of the block.
    private func attributes(
        _ value: Node, _ operation: OperationPlan
    ) throws(TranslationError) -> String {
        guard value.isObject else { return "" }
        var text = ""
        let prefix = operation.texts.prefix
        if let must = value.member("@mustUnderstand") {
            let isSet =
                must.bool ?? (must.int64 == 1 || must.textEquals("1") || must.textEquals("true"))
            if isSet {
                let spelling = operation.version == .soap11 ? "1" : "true"
                text += " \(prefix):mustUnderstand=\"\(spelling)\""
            }
        }
        if let role = value.member("@role") {
            guard role.isString else {
                throw TranslationError(.value, "@role is a string, a URI.", at: role)
            }
            let name = operation.version == .soap11 ? "actor" : "role"
            text += " \(prefix):\(name)=\"\(try escaped(role))\""
        }
        return text
    }

    private func escaped(_ node: Node) throws(TranslationError) -> String {
        var text = ""
        for scalar in node.string.unicodeScalars {
            switch scalar {
            case "&": text += "&amp;"
            case "<": text += "&lt;"
            case "\"": text += "&quot;"
            case "\u{0}"..<"\u{20}", "\u{FFFE}", "\u{FFFF}":
                throw TranslationError(
                    .value, keyword: "xmlCharacter",
                    "The text holds a character that a URI in XML can not hold.", at: node)
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}
