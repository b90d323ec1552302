// SPDX-License-Identifier: Apache-2.0
// What can be wrong with a contract: found while loading, collected, reported together.

/// One thing wrong with a contract.
package struct ContractProblem: Sendable, Equatable {
    /// The .proto file inside the set; nil where the set itself is at fault.
    package let file: String?
    /// Full name of the message, field, method …
    package let element: String?
    /// In the .proto file, from 1, where the set carries source information.
    package let line: Int?
    package let column: Int?
    package let message: String

    package init(
        file: String? = nil, element: String? = nil, line: Int? = nil, column: Int? = nil,
        _ message: String
    ) {
        self.file = file
        self.element = element
        self.line = line
        self.column = column
        self.message = message
    }

    /// All of it in one line.
    package var description: String {
        var text = ""
        if let file {
            text += file
            if let line { text += ":\(line)" }
            if let line, line > 0, let column { text += ":\(column)" }
            text += ": "
        }
        if let element { text += element + ": " }
        return text + message
    }
}

/// Why bytes are no usable contract; at least one problem.
package struct ContractLoadError: Error, Sendable {
    package let problems: [ContractProblem]
}
