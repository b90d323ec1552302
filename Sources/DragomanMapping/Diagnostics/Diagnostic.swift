// SPDX-License-Identifier: Apache-2.0
// One thing that is wrong with the files of a gateway directory, placed where the user can mend it.

package struct Diagnostic: Sendable, Equatable {
    package enum Severity: String, Sendable {
        case error
        case warning
    }

    /// Another place that belongs to the matter: the first of two duplicates, the contract's line.
    package struct Related: Sendable, Equatable {
        package var file: String
        package var position: SourcePosition
        package var message: String

        package init(file: String, position: SourcePosition, message: String) {
            self.file = file
            self.position = position
            self.message = message
        }
    }

    package var severity: Severity
    /// A stable slug, such as `unknown-key`; scripts and editors filter by it.
    package var code: String
    package var file: String
    package var position: SourcePosition
    /// How many Unicode scalars of the line the matter covers; for the caret alone, at least 1.
    package var width: Int
    package var message: String
    /// What would have been right, in general: `a duration such as 300ms`.
    package var expected: String?
    /// What would have been right, here: the nearest name, the mended line.
    package var suggestion: String?
    package var related: [Related]
    /// Names of members that it is about, and that hold only where the contract's names are known;
    /// nil: it depends on none.
    package var about: Set<String>?

    package init(
        _ severity: Severity = .error, code: String, file: String,
        position: SourcePosition = .start, width: Int = 1, message: String,
        expected: String? = nil, suggestion: String? = nil, related: [Related] = [],
        about: Set<String>? = nil
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.position = position
        self.width = width
        self.message = message
        self.expected = expected
        self.suggestion = suggestion
        self.related = related
        self.about = about
    }

    package var line: Int { position.line }
    package var column: Int { position.column }
}
