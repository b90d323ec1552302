// SPDX-License-Identifier: Apache-2.0
// What a Document may grow to while it is read from bytes that somebody sent.

/// Bounds on the shape of a message; bounds on its bytes are kept where the bytes arrive.
package struct DocumentLimits: Sendable, Equatable {
    /// Containers inside one another.
    package var depthMax: Int
    /// Members and items of all containers together.
    package var membersMax: Int

    package init(depthMax: Int = 100, membersMax: Int = 100_000) {
        self.depthMax = depthMax
        self.membersMax = membersMax
    }

    /// No bound but those of the tape itself, for files of the gateway's own directory.
    package static let none = DocumentLimits(depthMax: 10_000, membersMax: Int(UInt32.max))
}
