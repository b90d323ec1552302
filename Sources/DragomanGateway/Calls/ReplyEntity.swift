// SPDX-License-Identifier: Apache-2.0
// What stands between the bytes of an XML answer and its reader: content codings, and parts around
// the message. An answer that has neither goes straight to the reader.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanXML

/// The entity of one answer, coded or of several parts.
final class ReplyEntity {
    private let inflater: Inflater?
    /// The whole of an answer that is looked at once it is there; nil where it is not held.
    private let held: OutputBuffer?
    /// The answer has several parts, and is taken apart at its end.
    let isMultipart: Bool
    /// The parts, once they have been taken apart.
    var parts: MultipartMessage?
    /// The message with its parts in their places, where it is decrypted or verified.
    var joined: OutputBuffer?
    /// What was encrypted, once it has been opened.
    var opened: OpenedMessage?

    /// Nil where the bytes are the message.
    /// `bytesMax`: of the message once its coding is undone.
    /// `isHeld`: the message is looked at as a whole, whatever it is.
    static func make(
        _ fields: HeaderFields, bytesMax: Int, isHeld: Bool = false
    ) throws(ReplyError) -> ReplyEntity? {
        var inflater: Inflater?
        if let index = fields.firstIndex("content-encoding") {
            let coding = fields.value(at: index).lowercased()
            switch coding {
            case "", "identity": break
            case "gzip", "x-gzip": inflater = Inflater(isGzip: true, bytesMax: bytesMax)
            case "deflate": inflater = Inflater(isGzip: false, bytesMax: bytesMax)
            default:
                throw .invalid(
                    "The backend's answer has Content-Encoding \(coding), which was not asked for.")
            }
        }
        var isMultipart = false
        if let index = fields.firstIndex("content-type") {
            isMultipart = fields.withValue(at: index) { MultipartMessage.isMultipart($0) }
        }
        guard inflater != nil || isMultipart || isHeld else { return nil }
        return ReplyEntity(
            inflater: inflater, isMultipart: isMultipart,
            held: isMultipart || isHeld ? OutputBuffer(capacity: 1 << 14) : nil)
    }

    private init(inflater: Inflater?, isMultipart: Bool, held: OutputBuffer?) {
        self.inflater = inflater
        self.isMultipart = isMultipart
        self.held = held
    }

    /// The reader begins once the whole is there.
    var isHeld: Bool { held != nil }

    /// All of an answer that is held.
    var whole: UnsafeRawBufferPointer {
        held?.bytes ?? UnsafeRawBufferPointer(start: nil, count: 0)
    }

    /// Takes the next bytes of the socket; `reader` takes those of a message of one part.
    func feed(
        _ bytes: UnsafeRawBufferPointer,
        _ reader: (UnsafeRawBufferPointer) throws(TranslationError) -> Void
    ) throws(TranslationError) {
        guard let inflater else {
            if let held { held.append(bytes) } else { try reader(bytes) }
            return
        }
        do {
            try inflater.feed(bytes) { (chunk) throws(TranslationError) in
                if let held { held.append(chunk) } else { try reader(chunk) }
            }
        } catch let failure as Inflater.Failure {
            throw ReplyEntity.error(failure)
        } catch let error as TranslationError {
            throw error
        } catch {
            throw TranslationError(.message, "The backend's answer can not be decoded.")
        }
    }

    /// The answer is whole.
    func finish() throws(TranslationError) {
        do throws(Inflater.Failure) {
            try inflater?.finish()
        } catch {
            throw ReplyEntity.error(error)
        }
    }

    /// The parts of the whole answer.
    func message(_ fields: HeaderFields) throws(TranslationError) -> MultipartMessage? {
        guard let held, held.count > 0 else { return nil }
        let type = Array(fields.first("content-type")?.utf8 ?? "".utf8)
        let made = type.withUnsafeBytes { bytes -> Result<MultipartMessage, TranslationError> in
            do throws(TranslationError) {
                return .success(try MultipartMessage(held, contentType: bytes))
            } catch {
                return .failure(error)
            }
        }
        return try made.get()
    }

    private static func error(_ failure: Inflater.Failure) -> TranslationError {
        switch failure {
        case .broken:
            TranslationError(
                .message, keyword: "contentEncoding",
                "The backend's answer is not what its Content-Encoding says.")
        case .tooLarge:
            TranslationError(.size, "The backend's answer is larger than it may be.")
        case .ratio:
            TranslationError(
                .size, keyword: "contentEncoding",
                "The backend's answer grows more than 200 times when it is decoded.")
        }
    }
}
