// SPDX-License-Identifier: Apache-2.0
// Answers that are held until they are whole: those of several parts, and those that must be
// decrypted or verified.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanXML

extension Exchange {
    /// The end of what came coded or in parts, or is held.
    func finish(
        _ entity: ReplyEntity, _ call: SOAPCall, _ reader: SOAPReplyReader,
        _ fields: HeaderFields
    ) throws(TranslationError) {
        try entity.finish()
        guard entity.isHeld else { return }
        let document = replyDocument
        let status = backendStatus
        guard entity.isMultipart else {
            try open(entity, entity.whole, call)
            if let opened = entity.opened {
                let type = Array(Self.rewrittenType(fields.first("content-type") ?? "").utf8)
                type.withUnsafeBytes {
                    reader.begin(call.operation, status: status, contentType: $0, into: document)
                }
                return try reader.feed(opened.text.bytes)
            }
            fields.withOptionalValue("content-type") {
                reader.begin(call.operation, status: status, contentType: $0, into: document)
            }
            return try reader.feed(entity.whole)
        }
        guard let message = try entity.message(fields) else {
            return reader.begin(
                call.operation, status: status, contentType: nil, into: document)
        }
        if security(of: call)?.holdsReplies ?? false {
            let joined = OutputBuffer(capacity: entity.whole.count)
            let writer = MessageRewriter(to: joined, bytesMax: route?.limits.reply ?? 0)
            try message.withRoot { (bytes) throws(TranslationError) in
                try writer.write(bytes, pieces: [:], attachments: message)
            }
            entity.joined = joined
            try open(entity, joined.bytes, call)
        }
        var type = message.rootContentType
        if entity.joined != nil { type = Self.rewrittenType(type) }
        Array(type.utf8).withUnsafeBytes { type in
            reader.begin(
                call.operation, status: status, contentType: type.isEmpty ? nil : type,
                attachments: message, into: document)
        }
        if let text = entity.opened?.text ?? entity.joined {
            try reader.feed(text.bytes)
        } else {
            try message.withRoot { (bytes) throws(TranslationError) in try reader.feed(bytes) }
        }
        entity.parts = message
    }

    /// What was written anew is UTF-8, whatever it was.
    private static func rewrittenType(_ type: String) -> String {
        type.isEmpty ? "" : "\(type.prefix { $0 != ";" }); charset=utf-8"
    }

    private func open(
        _ entity: ReplyEntity, _ bytes: UnsafeRawBufferPointer, _ call: SOAPCall
    ) throws(TranslationError) {
        guard let decryptor = security(of: call)?.decryptor else { return }
        entity.opened = try decryptor.open(bytes, bytesMax: route?.limits.reply ?? 0)
    }

    /// An answer that must be encrypted and signed is.
    func checkProtection(_ call: SOAPCall) throws(TranslationError) {
        guard let security = security(of: call), let entity, security.holdsReplies, !isReplyBare
        else { return }
        if call.operation.isOneWay, entity.whole.isEmpty { return }
        if let decryptor = security.decryptor, decryptor.settings.isRequired,
            entity.opened?.isBodyEncrypted != true
        {
            throw TranslationError(
                .message, keyword: "encryption", "The backend's answer is not encrypted.")
        }
        guard let verifier = security.verifier else { return }
        if let opened = entity.opened, !opened.isSignedAsSent {
            try verifier.verify(opened.text.bytes)
        } else if let joined = entity.joined {
            try verifier.verify(joined.bytes)
        } else {
            try verifier.verify(entity.whole)
        }
    }
}
