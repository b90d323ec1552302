// SPDX-License-Identifier: Apache-2.0
// What a Document may grow to while it is read from bytes that somebody sent.

/// Bounds on the shape of a message; bounds on its bytes are kept where the bytes arrive.
package struct DocumentLimits: Sendable, Equatable {
    /// Containers inside one another.
    package var depthMax: Int
    /// Members and items of all containers together.
    package var membersMax: Int
    /// Members of one object; a bound below `smallest` is taken for that.
    package var namesMax: Int
    /// Bytes of one name, string or number; a bound below `smallest` is taken for that.
    package var textMax: Int

    /// Below so many members, and below so many bytes, nothing is ever refused.
    package static let smallest = 16

    package init(
        depthMax: Int = 100, membersMax: Int = 100_000, namesMax: Int = .max,
        textMax: Int = .max
    ) {
        self.depthMax = depthMax
        self.membersMax = membersMax
        self.namesMax = namesMax
        self.textMax = textMax
    }

    /// No bound but those of the tape itself, for files of the gateway's own directory.
    package static let none = DocumentLimits(depthMax: 10_000, membersMax: Int(UInt32.max))
}
