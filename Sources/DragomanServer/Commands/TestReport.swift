// SPDX-License-Identifier: Apache-2.0
// What `dragoman test` prints: text for people, JSON for programs, JUnit's XML for build servers.

internal import DragomanGateway
internal import DragomanMapping

struct TestReport {
    private let outcomes: [ExampleOutcome]

    init(_ outcomes: [ExampleOutcome]) { self.outcomes = outcomes }

    private var failedCount: Int { outcomes.count { !$0.differences.isEmpty } }

    private static func route(_ outcome: ExampleOutcome) -> String {
        "\(outcome.route.method) \(outcome.route.template.text)"
    }

    private static func place(
        _ outcome: ExampleOutcome, _ difference: ExampleDifference
    ) -> String {
        "\(outcome.route.texts.file):\(difference.position.line):\(difference.position.column)"
    }

    /// `sends /Order/Line[2]/@id differs`
    private static func headline(_ difference: ExampleDifference) -> String {
        var words = [difference.part.rawValue]
        if let step = difference.step { words.append("of step `\(step)`") }
        if !difference.path.isEmpty { words.append(difference.path) }
        return words.joined(separator: " ") + ": " + difference.message
    }

    // MARK: Text

    func text(colored: Bool) -> String {
        let style = TerminalStyle(colored: colored)
        var lines: [String] = []
        for outcome in outcomes {
            let isFine = outcome.differences.isEmpty
            let mark = isFine ? style.green("ok  ") : style.red("FAIL")
            lines.append(
                "\(mark)  \(outcome.route.service)  \(Self.route(outcome))  \(outcome.example.name)"
            )
            for difference in outcome.differences {
                lines.append("      \(Self.headline(difference))")
                lines += Self.value("expected", difference.expected)
                lines += Self.value("actual  ", difference.actual)
                lines.append("      at \(Self.place(outcome, difference))")
            }
        }
        let examples = outcomes.count == 1 ? "1 example" : "\(outcomes.count) examples"
        let verdict = failedCount == 0 ? "all fine" : "\(failedCount) failed"
        lines.append(outcomes.isEmpty ? "no examples" : "\(examples), \(verdict)")
        return lines.joined(separator: "\n")
    }

    private static func value(_ name: String, _ value: String?) -> [String] {
        guard let value else { return [] }
        let lines = value.split(separator: "\n", omittingEmptySubsequences: false)
        let rest = lines.dropFirst().map { String(repeating: " ", count: 18) + $0 }
        return ["        \(name)  \(lines.first ?? "")"] + rest
    }

    // MARK: JSON

    var json: String {
        let examples = outcomes.map { outcome -> JSONText in
            .object([
                ("name", .string(outcome.example.name)),
                ("service", .string(outcome.route.service)),
                ("route", .string(Self.route(outcome))),
                ("file", .string(outcome.route.texts.file)),
                ("line", .integer(outcome.example.node.position.line)),
                ("ok", .boolean(outcome.differences.isEmpty)),
                ("differences", .array(outcome.differences.map(Self.json))),
            ])
        }
        return JSONText.object([
            ("examples", .array(examples)),
            ("passed", .integer(outcomes.count - failedCount)),
            ("failed", .integer(failedCount)),
        ]).text(indented: true)
    }

    private static func json(_ difference: ExampleDifference) -> JSONText {
        var members: [(name: String, value: JSONText)] = [
            ("part", .string(difference.part.rawValue))
        ]
        if let step = difference.step { members.append(("step", .string(step))) }
        members.append(("path", .string(difference.path)))
        members.append(("message", .string(difference.message)))
        if let expected = difference.expected { members.append(("expected", .string(expected))) }
        if let actual = difference.actual { members.append(("actual", .string(actual))) }
        members.append(("line", .integer(difference.position.line)))
        members.append(("column", .integer(difference.position.column)))
        return .object(members)
    }

    // MARK: JUnit

    var junit: String {
        var services: [String] = []
        for outcome in outcomes where !services.contains(outcome.route.service) {
            services.append(outcome.route.service)
        }
        var lines = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
        lines.append("<testsuites tests=\"\(outcomes.count)\" failures=\"\(failedCount)\">")
        for service in services {
            let cases = outcomes.filter { $0.route.service == service }
            let failures = cases.count { !$0.differences.isEmpty }
            lines.append(
                "  <testsuite name=\"\(Self.escaped(service))\" tests=\"\(cases.count)\" "
                    + "failures=\"\(failures)\" errors=\"0\" skipped=\"0\">")
            for outcome in cases { lines += Self.testCase(outcome) }
            lines.append("  </testsuite>")
        }
        lines.append("</testsuites>")
        return lines.joined(separator: "\n")
    }

    private static func testCase(_ outcome: ExampleOutcome) -> [String] {
        let name = escaped("\(route(outcome)): \(outcome.example.name)")
        let open =
            "    <testcase name=\"\(name)\" classname=\"\(escaped(outcome.route.service))\" "
            + "file=\"\(escaped(outcome.route.texts.file))\" "
            + "line=\"\(outcome.example.node.position.line)\""
        guard let first = outcome.differences.first else { return [open + "/>"] }
        let details = outcome.differences.flatMap { difference in
            [headline(difference)] + value("expected", difference.expected)
                + value("actual  ", difference.actual) + ["at \(place(outcome, difference))"]
        }
        return [
            open + ">",
            "      <failure message=\"\(escaped(headline(first)))\" type=\"difference\">"
                + escaped(details.joined(separator: "\n")) + "</failure>",
            "    </testcase>",
        ]
    }

    /// XML 1.0 has no control characters but three.
    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "&": escaped += "&amp;"
            case "\"": escaped += "&quot;"
            case _ where scalar.value < 0x20 && scalar != "\n" && scalar != "\t":
                escaped += "\u{FFFD}"
            case "\u{FFFE}", "\u{FFFF}": escaped += "\u{FFFD}"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}
