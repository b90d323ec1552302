// SPDX-License-Identifier: Apache-2.0
// A body that is no JSON as the messages of a client stream (docs/decisions/0010-uploads.md): its
// file is never held. What comes before the file stands in every value that is made, beside the
// piece of the file that is its turn.

internal import DragomanDocument
internal import DragomanMapping
internal import DragomanProtobuf

extension FormIntake {
    /// Bytes of the file in one message, unless what stands beside it is more.
    static let pieceBytes = 64 * 1024

    /// So many bytes make the next piece good: else what is held beside them would be sent more
    /// often than it is worth.
    var isPieceDue: Bool {
        guard let file, file.count > 0 else { return false }
        return file.count >= heldBytes
    }

    /// The longest piece. A text of a value has a bound, and base64 makes it a third longer.
    func pieceMax(_ limits: DocumentLimits, bytesMax: Int) -> Int {
        let texts = max(limits.textMax, DocumentLimits.smallest) / 4 * 3
        return max(1, min(max(Self.pieceBytes, heldBytes), texts, bytesMax))
    }

    /// Makes the value of `body`, which holds the texts, with a piece of the file; of a form
    /// without a file once, with none.
    func makeValue(
        _ piece: UnsafeRawBufferPointer, in body: Document
    ) throws(FormFailure) {
        if let beforeValue {
            body.rewind(to: beforeValue)
        } else {
            beforeValue = body.mark
        }
        let start = body.beginText()
        let count = Base64.encodedCount(piece.count)
        if count > 0 {
            body.continueText(atMost: count) { place in
                Base64.encode(piece, to: place)
                return count
            }
        }
        let text = start..<body.beginText()
        switch form {
        case .json: break
        case .bytes: body.append(text: text, isPlain: true)
        case .multipart, .fields: try build(body, piece: text)
        }
    }

    /// All has come. - Throws: where that is no whole form.
    func finishStreamed(_ body: Document) throws(FormFailure) {
        switch form {
        case .json, .bytes: break
        case .fields: try endFields(body)
        case .multipart: try endParts()
        }
    }
}
