// SPDX-License-Identifier: Apache-2.0
// What the checker of expressions has to say of one, before it is placed in the mapping's file.

/// What is wrong with an expression: UTF-8 bytes into its source.
struct CELProblem {
    var severity = Diagnostic.Severity.error
    let code: String
    let start: Int
    let end: Int
    let message: String
    var expected: String?
    var suggestion: String?
    /// As `Diagnostic.about`.
    var about: Set<String>?
}
