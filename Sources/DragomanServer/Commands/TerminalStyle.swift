// SPDX-License-Identifier: Apache-2.0
// Colours on a terminal, and none anywhere else or where NO_COLOR is set (no-color.org).

struct TerminalStyle {
    let colored: Bool

    func bold(_ text: String) -> String { code("1", text) }
    func dim(_ text: String) -> String { code("2", text) }
    func red(_ text: String) -> String { code("1;31", text) }
    func green(_ text: String) -> String { code("32", text) }
    func yellow(_ text: String) -> String { code("33", text) }
    func cyan(_ text: String) -> String { code("36", text) }

    private func code(_ code: String, _ text: String) -> String {
        colored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}

extension Console {
    /// Whether standard output takes colours.
    static var isColored: Bool { isTerminal && (Platform.environment("NO_COLOR") ?? "").isEmpty }
}
