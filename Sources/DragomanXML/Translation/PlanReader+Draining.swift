// SPDX-License-Identifier: Apache-2.0
// Values that go out while they are read: whether what is complete of one may be forgotten.

internal import DragomanDocument

extension PlanReader {
    /// Whether what is complete of the value may be forgotten: not where a member's items are
    /// still to be put together. Once some of it is gone they can not be, which throws.
    func mayDrain(_ drain: DocumentDrain) throws(TranslationError) -> Bool {
        if !needsMerge { return true }
        guard drain.hasBegun else { return false }
        throw TranslationError(
            .message, keyword: "buffer",
            "The items of a member come in several runs, in a reply too large to hold.")
    }
}
