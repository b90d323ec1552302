// SPDX-License-Identifier: Apache-2.0
// Diagnostics for a person, in the form that compilers have taught: what is wrong, where, the line
// itself with carets under the matter, and what would have been right.
//
//     error[unknown-key]: a route has no key `reqest`
//      --> mappings/countries.yaml:9:5
//       |
//     9 |     reqest:
//       |     ^^^^^^
//       = help: did you mean `request`?

package struct DiagnosticReport {
    package let diagnostics: [Diagnostic]
    package let omittedCount: Int
    private let source: (String) -> SourceText?

    /// `source`: the text of a file that a diagnostic names, if it is known.
    package init(
        _ diagnostics: [Diagnostic], omittedCount: Int = 0,
        source: @escaping (String) -> SourceText? = { _ in nil }
    ) {
        self.diagnostics = diagnostics
        self.omittedCount = omittedCount
        self.source = source
    }

    package init(_ collector: DiagnosticCollector) {
        self.init(
            collector.sorted, omittedCount: collector.omittedCount,
            source: { collector.source($0) })
    }

    /// All of them, an empty line between two, and a count at the end; empty where there is none.
    package func text(colored: Bool = false) -> String {
        guard !diagnostics.isEmpty else { return "" }
        let style = Style(colored: colored)
        var output = ""
        for diagnostic in diagnostics {
            write(diagnostic, style, to: &output)
            output += "\n"
        }
        let errors = diagnostics.count { $0.severity == .error }
        let warnings = diagnostics.count - errors
        var parts: [String] = []
        if errors > 0 { parts.append(errors == 1 ? "1 error" : "\(errors) errors") }
        if warnings > 0 { parts.append(warnings == 1 ? "1 warning" : "\(warnings) warnings") }
        if omittedCount > 0 { parts.append("\(omittedCount) more not shown") }
        return output + parts.joined(separator: ", ") + "\n"
    }

    private func write(_ diagnostic: Diagnostic, _ style: Style, to output: inout String) {
        let severity = "\(diagnostic.severity.rawValue)[\(diagnostic.code)]"
        output += style.severity(severity, diagnostic.severity)
        output += style.bold(": " + Self.printable(diagnostic.message)) + "\n"
        let quoted = source(diagnostic.file)?.line(diagnostic.line)
        let gutter = String(diagnostic.line).count
        place(diagnostic.file, diagnostic.position, gutter, style, to: &output)
        if let quoted {
            quote(quoted, diagnostic, gutter, style, to: &output)
        }
        let margin = String(repeating: " ", count: gutter) + " " + style.dim("=") + " "
        if let expected = diagnostic.expected {
            output += margin + "expected: " + Self.printable(expected) + "\n"
        }
        if let suggestion = diagnostic.suggestion {
            output += margin + "help: "
            output +=
                suggestion.contains("\n") || suggestion.contains(" ")
                ? Self.printable(suggestion) : "did you mean `\(Self.printable(suggestion))`?"
            output += "\n"
        }
        for related in diagnostic.related {
            output += margin + "note: " + Self.printable(related.message) + "\n"
            place(related.file, related.position, gutter, style, to: &output)
        }
    }

    private func place(
        _ file: String, _ position: SourcePosition, _ gutter: Int, _ style: Style,
        to output: inout String
    ) {
        output += String(repeating: " ", count: gutter) + style.dim("--> ")
        output += "\(Self.printable(file)):\(position.line):\(position.column)\n"
    }

    private func quote(
        _ line: String, _ diagnostic: Diagnostic, _ gutter: Int, _ style: Style,
        to output: inout String
    ) {
        let window = LineWindow(line, column: diagnostic.column, width: diagnostic.width)
        let empty = String(repeating: " ", count: gutter) + " " + style.dim("|")
        output += empty + "\n"
        output += style.dim("\(diagnostic.line) |") + " " + window.text + "\n"
        output += empty + " " + window.padding
        output += style.severity(window.carets, diagnostic.severity) + "\n"
    }

    /// Control characters would move the cursor of the terminal that shows them.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7F }) else {
            return text
        }
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x0A: output += "\n"
            case 0x09: output += "    "
            case 0..<0x20, 0x7F: output += "\u{FFFD}"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }
}

/// The part of a long line that holds the matter, and the carets that go under it.
private struct LineWindow {
    private static let scalarsMax = 120

    var text = ""
    var padding = ""
    var carets = ""

    init(_ line: String, column: Int, width: Int) {
        let scalars = Array(line.unicodeScalars)
        let at = min(max(column - 1, 0), scalars.count)
        var first = 0
        if scalars.count > Self.scalarsMax, at > Self.scalarsMax / 2 {
            first = min(at - Self.scalarsMax / 2, scalars.count - Self.scalarsMax)
            text += "…"
            padding += " "
        }
        let last = min(scalars.count, first + Self.scalarsMax)
        for index in first..<last {
            let shown = DiagnosticReport.printable(String(scalars[index]))
            text += shown
            if index < at { padding += String(repeating: " ", count: shown.count) }
        }
        if last < scalars.count { text += "…" }
        carets = String(repeating: "^", count: max(1, min(width, last - at)))
    }
}

/// ANSI colours, or none.
private struct Style {
    let colored: Bool

    func bold(_ text: String) -> String { colored ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    func dim(_ text: String) -> String { colored ? "\u{1B}[1;34m\(text)\u{1B}[0m" : text }
    func severity(_ text: String, _ severity: Diagnostic.Severity) -> String {
        guard colored else { return text }
        return "\u{1B}[1;\(severity == .error ? 31 : 33)m\(text)\u{1B}[0m"
    }
}
