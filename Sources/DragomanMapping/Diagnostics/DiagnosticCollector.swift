// SPDX-License-Identifier: Apache-2.0
// Collects what is wrong while a gateway directory is loaded: nothing stops at the first problem.
// Lives on the one thread that loads; what it holds in the end is handed on as values.

package final class DiagnosticCollector {
    /// A file with a mistake on every line must not fill the memory.
    package static let diagnosticsMax = 1_000

    package private(set) var diagnostics: [Diagnostic] = []
    /// How many were dropped after `diagnosticsMax`.
    package private(set) var omittedCount = 0
    package private(set) var errorCount = 0
    package private(set) var warningCount = 0
    private var sources: [String: SourceText] = [:]
    private var reported: Set<Mistake> = []
    /// Files and lines where YAML's own marks stand in an expression.
    private var takenApart: Set<String> = []

    private struct Mistake: Hashable {
        let file: String
        let position: SourcePosition
        let code: String
        let message: String
    }

    package init() {}

    package var hasErrors: Bool { errorCount > 0 }

    /// Something is wrong that follows from what has been reported, and is not told itself.
    func countSilenced() { errorCount += 1 }

    package func report(_ diagnostic: Diagnostic) {
        switch diagnostic.severity {
        case .error: errorCount += 1
        case .warning: warningCount += 1
        }
        // A text that YAML takes apart is no expression, and that has been said.
        let line = "\(diagnostic.file)\n\(diagnostic.position.line)"
        if diagnostic.code == "yaml-template-quotes" { takenApart.insert(line) }
        if diagnostic.code == "expression-syntax", takenApart.contains(line) { return }
        // One mistake is one message: rules of a file are compiled for each of its routes.
        let mistake = Mistake(
            file: diagnostic.file, position: diagnostic.position, code: diagnostic.code,
            message: diagnostic.message)
        guard reported.insert(mistake).inserted else { return }
        if diagnostics.count < Self.diagnosticsMax {
            diagnostics.append(diagnostic)
        } else {
            omittedCount += 1
        }
    }

    /// An error at a node of a YAML file.
    package func error(
        _ code: String, _ file: String, _ node: YAMLNode, _ message: String,
        expected: String? = nil, suggestion: String? = nil,
        related: [Diagnostic.Related] = []
    ) {
        report(
            Diagnostic(
                .error, code: code, file: file, position: node.position, width: node.width,
                message: message, expected: expected, suggestion: suggestion, related: related))
    }

    /// A warning at a node of a YAML file.
    package func warning(
        _ code: String, _ file: String, _ node: YAMLNode, _ message: String,
        expected: String? = nil, suggestion: String? = nil,
        related: [Diagnostic.Related] = []
    ) {
        report(
            Diagnostic(
                .warning, code: code, file: file, position: node.position, width: node.width,
                message: message, expected: expected, suggestion: suggestion, related: related))
    }

    /// Remembers a file, so that the text form can quote its lines.
    package func remember(_ source: SourceText) {
        sources[source.path] = source
    }

    /// A file's lines are quoted without what stands at that node.
    func conceal(_ node: YAMLNode, in path: String) {
        guard node.style != .external, let source = sources[path] else { return }
        sources[path] = source.concealing(node)
    }

    /// As `conceal`, of a file that is no YAML: whatever follows these names on their lines.
    func conceal(valuesOf names: [String], in path: String) {
        guard let source = sources[path] else { return }
        sources[path] = source.concealing(valuesOf: names)
    }

    package func source(_ path: String) -> SourceText? { sources[path] }

    /// By file, then place; what was reported first stands first at one place.
    package var sorted: [Diagnostic] {
        diagnostics.enumerated().sorted { left, right in
            if left.element.file != right.element.file {
                return left.element.file < right.element.file
            }
            if left.element.position != right.element.position {
                return left.element.position < right.element.position
            }
            return left.offset < right.offset
        }.map(\.element)
    }
}
