// SPDX-License-Identifier: Apache-2.0
// Which texts of parameters are JSON's numbers.

import DragomanDocument
import Testing

@testable import DragomanMapping

@Suite("NumberText")
struct NumberTextTests {
    @Test(
        "knows JSON's numbers",
        arguments: [
            ("0", NumberText.Form.integer), ("-12", .integer), ("1.50", .decimal),
            ("1e9", .decimal),
            ("-0.1E-2", .decimal), ("007", nil), ("+1", nil), (".5", nil), ("1.", nil), ("", nil),
            ("-", nil), ("1e", nil), ("0x1", nil), ("1 ", nil), ("NaN", nil),
        ] as [(String, NumberText.Form?)])
    func numbers(_ text: String, _ form: NumberText.Form?) {
        Array(text.utf8).withUnsafeBytes { #expect(NumberText.classify($0) == form) }
    }
}
