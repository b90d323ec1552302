// SPDX-License-Identifier: Apache-2.0
// One level of what a reader of XML has open.

/// What is open: an element, or an item of a repeated group inside one.
struct ReadFrame {
    enum Kind: UInt8 {
        /// Text of a simple type, being collected in the Document.
        case text
        /// The same of a string taken as it is; neither wrapped nor filled by a default.
        case string
        case object
        /// An item of `@choice` or `@sequence`; no element of its own.
        case item
        /// The array of `@content`.
        case content
        /// The array of `@mixed`.
        case mixed
        /// A wrapper that JSON does not show.
        case unwrap
        /// An array of SOAP encoding.
        case array
        /// anyType: text so far.
        case any
        /// An element that becomes a string of XML.
        case capture
        /// An element that is left out, with all in it.
        case skip
        /// An element that is nil.
        case empty
    }

    var kind: Kind
    /// Index of the element's plan; -1 for none.
    var entry: Int32 = -1
    var type: Int32 = -1
    var scope: Int32 = -1
    /// The route that is tried first.
    var expected: Int32 = 0
    /// The member whose array is open; `noMember`, or `unknownMember` for unknown elements.
    var openMember: Int32 = ReadFrame.noMember
    /// Items: the member of the last element. Captures and skips: elements open inside.
    var last: Int32 = -1
    /// Items so far of the open array; for paths and SOAP arrays.
    var occurrence: Int32 = 0
    /// Bits of members that have been read; of more than 64 members in `PlanReader.seen`, from
    /// the word `seenFrom` on.
    var seen: UInt64 = 0
    var seenFrom: Int32 = -1
    /// Where the text begins in the Document; -1 for none.
    var textStart: Int = -1
    /// Of strings: no byte so far needs an escape in JSON.
    var isPlain = true
    /// Objects around the value that end with it.
    var wrappers: UInt8 = 0

    static let noMember: Int32 = -1
    static let unknownMember: Int32 = -2
}
