// SPDX-License-Identifier: Apache-2.0
// Something wrong with a contract, found at load, with the place where it is. Problems are
// collected; nothing stops at the first.

/// An error or a warning located in a contract's file.
package struct ContractProblem: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Severity: String, Sendable { case error, warning }

    package let severity: Severity
    /// Short and stable: `xml`, `reference`, `schema`, `name`, `unsupported`, …
    package let code: String
    /// As the resolver named it.
    package let file: String
    /// From 1; 0 where not known.
    package let line: Int
    /// From 1, in Unicode scalars; 0 where not known.
    package let column: Int
    package let message: String

    package init(
        _ severity: Severity, code: String, file: String, line: Int, column: Int,
        _ message: String
    ) {
        self.severity = severity
        self.code = code
        self.file = file
        self.line = line
        self.column = column
        self.message = message
    }

    package var description: String {
        "\(file):\(line):\(column): \(severity.rawValue): \(message)"
    }
}

/// Where something of a contract stands.
package struct ContractPlace: Sendable, Hashable {
    package let file: String
    package let line: Int
    package let column: Int

    package init(file: String, _ element: XMLElement) {
        self.file = file
        line = element.line
        column = element.column
    }

    package init(file: String, line: Int, column: Int) {
        self.file = file
        self.line = line
        self.column = column
    }
}

/// Collects problems while a contract is read.
package final class ContractProblems {
    package private(set) var all: [ContractProblem] = []
    private var seen: Set<ContractProblem> = []

    package init() {}

    package var hasErrors: Bool { all.contains { $0.severity == .error } }

    package func add(_ problem: ContractProblem) {
        if seen.insert(problem).inserted { all.append(problem) }
    }

    package func error(_ place: ContractPlace, code: String = "schema", _ message: String) {
        add(
            ContractProblem(
                .error, code: code, file: place.file, line: place.line, column: place.column,
                message))
    }

    package func warning(_ place: ContractPlace, code: String = "schema", _ message: String) {
        add(
            ContractProblem(
                .warning, code: code, file: place.file, line: place.line, column: place.column,
                message))
    }
}
