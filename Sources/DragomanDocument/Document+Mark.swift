// SPDX-License-Identifier: Apache-2.0
// Going back to an earlier state of a Document under construction, for readers that try the
// ordinary case first and start over where a message turns out not to be ordinary.

/// A state of a Document under construction. Good for `rewind(to:)` as long as the containers
/// that were open then have not been closed since.
package struct DocumentMark {
    let tapeCount: Int
    let textCount: Int
    let open: UInt64
    /// The entry of the container that was open, which counts its values.
    let openEntry: UInt64
}

extension Document {
    package var mark: DocumentMark {
        DocumentMark(
            tapeCount: tapeCount, textCount: textCount, open: open,
            openEntry: open == Entry.noParent ? 0 : tape[Int(open)])
    }

    /// Forgets everything appended since `mark` was taken.
    package func rewind(to mark: DocumentMark) {
        tapeCount = mark.tapeCount
        textCount = mark.textCount
        open = mark.open
        if open != Entry.noParent { tape[Int(open)] = mark.openEntry }
    }
}
