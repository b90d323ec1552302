// SPDX-License-Identifier: Apache-2.0
// Where what came differs from what an example says, with both values.

package struct ExampleDifference: Sendable {
    package enum Part: String, Sendable {
        /// The request led elsewhere, or nowhere.
        case request
        case sends
        case receives
        case responds
    }

    package var part: Part
    /// Of a route of several calls.
    package var step: String?
    /// Inside the part: `/items/0/sku`, `/Order/@id`; empty for the whole.
    package var path: String
    package var message: String
    package var expected: String?
    package var actual: String?
    /// Where the expectation is written.
    package var position: SourcePosition

    package init(
        _ part: Part, step: String? = nil, path: String = "", _ message: String,
        expected: String? = nil, actual: String? = nil, position: SourcePosition
    ) {
        self.part = part
        self.step = step
        self.path = path
        self.message = message
        self.expected = expected
        self.actual = actual
        self.position = position
    }
}

/// A place where two values differ.
package struct ValueDifference: Sendable, Equatable {
    package var path: String
    package var message: String
    package var expected: String?
    package var actual: String?

    package init(
        _ path: String, _ message: String, expected: String? = nil, actual: String? = nil
    ) {
        self.path = path
        self.message = message
        self.expected = expected
        self.actual = actual
    }
}
