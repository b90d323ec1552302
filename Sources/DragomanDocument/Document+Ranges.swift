// SPDX-License-Identifier: Apache-2.0
// Building a Document of texts that came before their place was known: they are put into its text
// first, in pieces, and named afterwards by where they stand. Nothing is copied.

extension Document {
    /// Longest text that one value can have.
    package static var textBytesMax: Int { Entry.lengthMax }

    /// A string whose bytes stand already in the text, put there by `continueText`: well-formed
    /// UTF-8, and no more than `textBytesMax`.
    package func append(text range: Range<Int>, isPlain: Bool = false) {
        countValue()
        push(
            Entry.make(.string, length: range.count, offset: range.lowerBound)
                | (isPlain ? Entry.flag : 0))
    }

    /// A member's name whose bytes stand already in the text; its value must follow.
    package func key(text range: Range<Int>) {
        push(Entry.make(.string, length: range.count, offset: range.lowerBound))
    }

    /// A number whose bytes stand already in the text, in JSON's grammar.
    package func append(number range: Range<Int>, isInteger: Bool) {
        countValue()
        push(
            Entry.make(
                isInteger ? .integer : .decimal, length: range.count, offset: range.lowerBound))
    }

    /// Bytes of the text; valid until the Document changes.
    package func text(in range: Range<Int>) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: text + range.lowerBound, count: range.count)
    }
}
