// SPDX-License-Identifier: Apache-2.0
// Texts as keys of tables, byte for byte: to a Swift String, é is é however it is made up, and to
// JSON it is not.
internal import DragomanDocument

/// A text that stands elsewhere, for as long as it does.
struct TextKey: Hashable {
    let bytes: UnsafeRawBufferPointer

    init(_ node: Node) { bytes = node.bytes }
    private init(_ bytes: UnsafeRawBufferPointer) { self.bytes = bytes }

    /// Lends a key that is `text`.
    static func with<Result>(_ text: String, _ body: (TextKey) -> Result) -> Result {
        var text = text
        return text.withUTF8 { body(TextKey(UnsafeRawBufferPointer($0))) }
    }

    static func isEqual(_ node: Node, _ text: String) -> Bool {
        with(text) { $0 == TextKey(node) }
    }

    static func == (left: TextKey, right: TextKey) -> Bool {
        Bytes.equal(left.bytes, right.bytes)
    }

    func hash(into hasher: inout Hasher) { hasher.combine(bytes: bytes) }
}
