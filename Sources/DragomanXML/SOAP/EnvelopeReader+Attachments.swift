// SPDX-License-Identifier: Apache-2.0
// What a reply has beside its Envelope, or has none of: parts that XOP includes and that the
// contract declares as attachments, and answers without any content.

internal import DragomanDocument

extension EnvelopeReader {
    /// XOP's Include stands for the base64 of the part that it refers to (XOP 1.0, 3.2).
    func include(
        _ tag: XMLStartTag, _ parser: XMLPushParser
    ) throws(TranslationError) -> Bool {
        guard let uri = tag.uri, XMLText.equals(tag.local, "Include"),
            XMLText.equals(uri, "http://www.w3.org/2004/08/xop/include"), let attachments
        else { return false }
        let href = tag.attribute("href").map { String(decoding: $0, as: UTF8.self) } ?? ""
        included.removeAll(keepingAtMost: 1 << 16)
        guard attachments.appendBase64(of: href, to: included) else {
            throw TranslationError(
                .message, keyword: "multipart",
                "The reply includes \"\(href)\", which is none of its attachments.")
        }
        try text(included.bytes, in: parser)
        skipped = 1
        return true
    }

    /// Puts the parts that the contract has as attachments beside those of the Envelope.
    func addAttachments() {
        guard let operation, !operation.reply.attachments.isEmpty, !isFault else { return }
        let envelope = Document(tapeCapacity: 64, textCapacity: 1024)
        if let root = document.root { envelope.append(copy: root) }
        document.removeAll()
        document.beginObject()
        if let root = envelope.root, root.isObject {
            var members = root.members
            while let member = members.next() {
                let isAttachment = operation.reply.attachments.contains {
                    member.name.textEquals($0.key)
                }
                if isAttachment { continue }
                document.key(member.name.bytes)
                document.append(copy: member.value)
            }
        }
        for (position, plan) in operation.reply.attachments.enumerated() {
            included.removeAll(keepingAtMost: 1 << 16)
            guard let attachments,
                let part = attachments.part(named: plan.name, position: position),
                attachments.appendBase64(part, to: included)
            else {
                note("The reply has no attachment for the part \(plan.name).")
                continue
            }
            document.key(plan.key)
            document.append(string: included.bytes, isPlain: true)
        }
        document.endObject()
    }

    // MARK: Nothing

    /// An empty entity is `{}` where the contract has a reply without members, or one of which
    /// none is required.
    /// `isSaid`: the status says that there is no content.
    func finishEmpty(
        isSaid: Bool, in parser: XMLPushParser
    ) throws(TranslationError) {
        if let operation, !operation.isOneWay, !operation.reply.isEmpty, !isSaid {
            guard isSatisfiedByNothing(operation.reply, parser) else {
                throw TranslationError(.message, "The backend answered with an empty message.")
            }
        }
        answerNothing()
    }

    private func isSatisfiedByNothing(_ reply: MessagePlan, _ parser: XMLPushParser) -> Bool {
        let options = reader.options
        defer { reader.options = options }
        reader.options = ReadOptions()
        reader.options.reportsMismatch = false
        document.removeAll()
        do throws(TranslationError) {
            try reader.begin(
                reply.element, bare(EnvelopeReader.bodyTag.utf8Start), in: parser, into: document)
            _ = try reader.end(in: parser)
        } catch {
            return false
        }
        return document.root?.isObject ?? false
    }

    private static let bodyTag: StaticString = "Body"

    func answerNothing() {
        document.removeAll()
        document.beginObject()
        document.endObject()
        finishHeaders()
        isFinished = true
    }
}
