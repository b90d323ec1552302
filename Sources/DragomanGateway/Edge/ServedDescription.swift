// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document as a client gets it: beside the routes, where gateway.yaml names a path for
// it, and on the admin listener.

internal import DragomanHTTP
package import NIOCore

/// A description that the public listener serves beside the routes.
package struct ServedDescription: Sendable {
    package let path: String
    package let text: ByteBuffer

    package init(path: String, text: ByteBuffer) {
        self.path = path
        self.text = text
    }

    /// Answers a client with the text of a description.
    package static func send(_ text: ByteBuffer, to client: any ClientSide) {
        var fields = HeaderFields()
        fields.append("content-type", "application/json" as StaticString)
        text.withUnsafeReadableBytes {
            client.sendResponse(status: 200, fields: fields, body: $0)
        }
    }
}
