// SPDX-License-Identifier: Apache-2.0
// google.api.HttpBody in its JSON form, made of bytes and taken apart into them.

package import DragomanDocument

package enum HTTPBodyForm {
    /// Appends the message that says these bytes, of that media type.
    package static func append(
        _ bytes: UnsafeRawBufferPointer, mediaType: String?, to document: Document
    ) {
        document.beginObject()
        if let mediaType {
            document.key("contentType")
            document.append(string: mediaType)
        }
        if !bytes.isEmpty {
            document.key("data")
            let start = document.beginText()
            let count = Base64.encodedCount(bytes.count)
            document.continueText(atMost: count) { place in
                Base64.encode(bytes, to: place)
                return count
            }
            document.endString(from: start, isPlain: true)
        }
        document.endObject()
    }

    /// Its media type; nil where it says none.
    package static func mediaType(_ node: Node) -> String? {
        let text = (node.member("contentType") ?? node.member("content_type"))?.string
        return text?.isEmpty == false ? text : nil
    }

    /// Appends its bytes.
    package static func appendBytes(_ node: Node, to output: OutputBuffer) {
        guard let data = node.member("data"), let count = Base64.decodedCount(data.bytes),
            count > 0
        else { return }
        output.append(atMost: count) { Base64.decode(data.bytes, to: $0) ? count : 0 }
    }
}
