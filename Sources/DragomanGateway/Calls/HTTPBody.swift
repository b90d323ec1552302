// SPDX-License-Identifier: Apache-2.0
// google.api.HttpBody: the client's bytes as they are, with their media type, in the one message
// that is made for that; and the way back.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf

extension Exchange {
    /// The body is not JSON but bytes of any media type.
    var takesHTTPBody: Bool {
        if case .json(let plan)? = route?.body { return plan.isHTTPBody }
        return false
    }

    /// Makes the message of the bytes that came. Nothing at all makes no message.
    func readHTTPBody() {
        let mediaType = head.fields.first("content-type")
        guard body.sourceCount > 0 || mediaType != nil else { return }
        let bytes = Array(body.source)
        body.removeAll()
        bytes.withUnsafeBytes { HTTPBodyForm.append($0, mediaType: mediaType, to: body) }
    }

    /// Writes the bytes of a reply's message, and names their media type.
    func writeHTTPBody(
        _ node: Node, _ fields: inout HeaderFields
    ) throws(TranslationError) {
        let mediaType = HTTPBodyForm.mediaType(node) ?? "application/octet-stream"
        guard mediaType.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F }) else {
            throw TranslationError(.message, "The backend's media type is no header's value.")
        }
        fields.append("content-type", mediaType)
        HTTPBodyForm.appendBytes(node, to: output)
    }
}
