// SPDX-License-Identifier: Apache-2.0
// Looking back at what was built since a mark, for readers that find out late how a value has to
// be written.

extension Document {
    /// The value that was appended first after `mark`, which must be complete.
    package func value(after mark: DocumentMark) -> Node? {
        guard mark.tapeCount < tapeCount else { return nil }
        return Node.at(UnsafePointer(tape), UnsafePointer(text), mark.tapeCount)
    }
}
