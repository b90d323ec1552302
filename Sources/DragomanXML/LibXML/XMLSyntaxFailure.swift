// SPDX-License-Identifier: Apache-2.0
// What the parser says of bytes that are no XML.

/// Where and why bytes are no XML.
package struct XMLSyntaxFailure: Sendable, Equatable {
    /// From 1; 0 where not known.
    package let line: Int
    package let column: Int
    package let message: String
    /// XML it may be, but it has a DOCTYPE.
    package var isDoctype = false
}
