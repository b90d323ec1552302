// SPDX-License-Identifier: Apache-2.0
// What is wrong with a mapping's `types`: found where a contract is compiled, XML's or protobuf's,
// and told at the mapping's line.

/// Something in `types` that the contract does not have, or that can not be.
package struct NamingProblem: Sendable, Equatable {
    package enum Option: String, Sendable {
        case rename, omit, unwrap
        case textual = "as"
    }

    /// The type, or the element path, as the mapping has it.
    package let type: String
    /// Nil where it is the type itself.
    package let option: Option?
    package let member: String?
    package let message: String
    /// Names that would have been right.
    package let known: [String]
    /// Nothing comes of it.
    package let isHarmless: Bool

    package init(
        type: String, option: Option? = nil, member: String? = nil, known: [String] = [],
        isHarmless: Bool = false, _ message: String
    ) {
        self.type = type
        self.option = option
        self.member = member
        self.message = message
        self.known = known
        self.isHarmless = isHarmless
    }
}
