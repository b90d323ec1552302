// SPDX-License-Identifier: Apache-2.0
// A schema as text, kept beside its program for those who publish and explain it.

package import DragomanDocument

/// A schema within a Document that nobody changes any more.
package struct SchemaSource: @unchecked Sendable {
    // Sendable: the Document is complete before this is made, and only read afterwards.
    package let document: Document
    /// Base of the references in it: `schemas/order.schema.json`, or a URI of the gateway's own.
    package let uri: String
    /// RFC 6901, within `document`.
    package let pointer: String

    package init(document: Document, uri: String, pointer: String = "") {
        self.document = document
        self.uri = uri
        self.pointer = pointer
    }

    /// The schema; nil where the pointer leads nowhere.
    package var node: Node? { document.root?.value(at: pointer) }
}
