// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a message: bytes that are no JSON, and a value that does not fit what it
// is turned into. Everything above turns these into answers; nothing here knows HTTP.

/// Why bytes could not be read as one JSON value (RFC 8259), and where.
package struct JSONSyntaxError: Error, Equatable, Sendable {
    package enum Reason: Sendable {
        case syntax
        /// More containers inside one another than `DocumentLimits.depthMax`.
        case depth
        /// More members and items than `DocumentLimits.membersMax`.
        case members
        /// More members in one object than `DocumentLimits.namesMax`.
        case names
        /// A name, string or number longer than `DocumentLimits.textMax`.
        case text
    }

    package let reason: Reason
    /// Bytes before the place, from 0.
    package let offset: Int
    /// From 1.
    package let line: Int
    /// From 1, in bytes.
    package let column: Int
    package let detail: String
}

/// A value that does not fit the contract it is written to, or a message that does not fit the
/// contract it is read by.
package struct TranslationError: Error, Sendable {
    package enum Reason: Sendable {
        /// The value given does not fit: the client's fault on the way out.
        case value
        /// The message is not what its contract allows: the backend's fault.
        case message
        /// A bound on depth, members or size was reached.
        case depth, members, size
    }

    package let reason: Reason
    /// The facet's name, `contract`, `mapping`, `xmlCharacter`, …
    package let keyword: String
    /// A sentence that a person understands, without the pointer.
    package let detail: String
    /// Where the value stands; nil where there is no single one.
    package let place: DocumentPlace?
    /// A path in the message's own terms (XPath, field names), where the message is at fault.
    package let path: String?

    package init(
        _ reason: Reason, keyword: String = "contract", _ detail: String, at node: Node? = nil,
        path: String? = nil
    ) {
        self.init(reason, keyword, detail, node.map(DocumentPlace.init), path)
    }

    private init(
        _ reason: Reason, _ keyword: String, _ detail: String, _ place: DocumentPlace?,
        _ path: String?
    ) {
        self.reason = reason
        self.keyword = keyword
        self.detail = detail
        self.place = place
        self.path = path
    }

    /// The same error, which says first what it is about.
    package func led(by words: String) -> TranslationError {
        TranslationError(reason, keyword, words + detail, place, path)
    }
}

/// Which value of which Document: kept beyond the life of a Node, for finding its pointer.
package struct DocumentPlace: Sendable, Equatable {
    package let tapeAddress: UInt
    package let index: Int

    package init(_ node: Node) {
        tapeAddress = UInt(bitPattern: node.tape)
        index = node.index
    }
}
