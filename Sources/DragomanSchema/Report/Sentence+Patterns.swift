// SPDX-License-Identifier: Apache-2.0
// Long patterns as people read them: what a date's pattern asks for is a date, and four hundred
// characters of it tell nobody so.
internal import DragomanDocument

extension Sentence {
    /// Up to here a pattern is its own best description.
    private static let patternBytesMax = 60

    /// What texts of a well-known form look like. What takes one of them, and nothing like it that
    /// is not of the form, asks for that form.
    private static let forms = [
        ("a date and time", "2026-01-31T12:00:00Z"), ("a date", "2026-01-31"),
        ("a time", "12:00:00"), ("a year and month", "2026-01"), ("a month and day", "--01-31"),
        ("a duration", "P1DT12H"), ("a day", "---31"), ("a month", "--01"),
    ]

    static func pattern(_ pattern: Pattern) -> String {
        let known = pattern.source.utf8.count > patternBytesMax ? form(of: pattern) : nil
        return known.map { "must be \($0.name) such as \($0.example)" }
            ?? "must match the pattern \(pattern.source)"
    }

    private static func form(of pattern: Pattern) -> (name: String, example: String)? {
        let context = EvaluationContext()
        func accepts(_ text: String) -> Bool {
            Array(text.utf8).withUnsafeBytes { PatternCode.matches(pattern.code, $0, context) }
        }
        if accepts("") || accepts("x") || accepts("1") { return nil }
        return forms.first { accepts($0.1) && !accepts($0.1 + "x") && !accepts("x" + $0.1) }
    }
}
