// SPDX-License-Identifier: Apache-2.0
// `check --format json` and `--format sarif`. The first is PRODUCT.md's own form; the second is
// SARIF 2.1.0 as code scanning services take it, columns counted in Unicode code points.

extension DiagnosticReport {
    /// `{"diagnostics": [{severity, code, file, line, column, message, …}]}`, with a line's end.
    package var json: String {
        let items = diagnostics.map { diagnostic -> JSONText in
            var members: [(name: String, value: JSONText)] = [
                ("severity", .string(diagnostic.severity.rawValue)),
                ("code", .string(diagnostic.code)),
                ("file", .string(diagnostic.file)),
                ("line", .integer(diagnostic.line)),
                ("column", .integer(diagnostic.column)),
                ("message", .string(diagnostic.message)),
            ]
            if let expected = diagnostic.expected {
                members.append(("expected", .string(expected)))
            }
            if let suggestion = diagnostic.suggestion {
                members.append(("suggestion", .string(suggestion)))
            }
            if !diagnostic.related.isEmpty {
                members.append(("related", .array(diagnostic.related.map(Self.json))))
            }
            return .object(members)
        }
        return JSONText.object([("diagnostics", .array(items))]).text(indented: true) + "\n"
    }

    private static func json(_ related: Diagnostic.Related) -> JSONText {
        .object([
            ("file", .string(related.file)),
            ("line", .integer(related.position.line)),
            ("column", .integer(related.position.column)),
            ("message", .string(related.message)),
        ])
    }

    /// A SARIF log of one run. `version`: the program's own.
    package func sarif(version: String) -> String {
        var ruleIndexes: [String: Int] = [:]
        var rules: [JSONText] = []
        for diagnostic in diagnostics where ruleIndexes[diagnostic.code] == nil {
            ruleIndexes[diagnostic.code] = rules.count
            rules.append(.object([("id", .string(diagnostic.code))]))
        }
        let driver = JSONText.object([
            ("name", .string("dragoman")), ("version", .string(version)),
            ("rules", .array(rules)),
        ])
        let run = JSONText.object([
            ("tool", .object([("driver", driver)])),
            ("columnKind", .string("unicodeCodePoints")),
            (
                "results",
                .array(diagnostics.map { Self.result($0, ruleIndexes[$0.code] ?? 0) })
            ),
        ])
        let log = JSONText.object([
            ("$schema", .string("https://json.schemastore.org/sarif-2.1.0.json")),
            ("version", .string("2.1.0")), ("runs", .array([run])),
        ])
        return log.text(indented: true) + "\n"
    }

    private static func result(_ diagnostic: Diagnostic, _ ruleIndex: Int) -> JSONText {
        var text = diagnostic.message
        if let expected = diagnostic.expected { text += "; expected " + expected }
        if let suggestion = diagnostic.suggestion { text += "; try: " + suggestion }
        let place = location(
            diagnostic.file, diagnostic.position, width: max(1, diagnostic.width))
        var members: [(name: String, value: JSONText)] = [
            ("ruleId", .string(diagnostic.code)),
            ("ruleIndex", .integer(ruleIndex)),
            ("level", .string(diagnostic.severity.rawValue)),
            ("message", .object([("text", .string(text))])),
            ("locations", .array([.object(place)])),
        ]
        if !diagnostic.related.isEmpty {
            let places = diagnostic.related.enumerated().map { index, related -> JSONText in
                .object(
                    [("id", .integer(index))]
                        + location(related.file, related.position, width: nil)
                        + [("message", .object([("text", .string(related.message))]))])
            }
            members.append(("relatedLocations", .array(places)))
        }
        return .object(members)
    }

    private static func location(
        _ file: String, _ position: SourcePosition, width: Int?
    ) -> [(name: String, value: JSONText)] {
        var region: [(name: String, value: JSONText)] = [
            ("startLine", .integer(position.line)), ("startColumn", .integer(position.column)),
        ]
        if let width { region.append(("endColumn", .integer(position.column + width))) }
        let place = JSONText.object([
            ("artifactLocation", .object([("uri", .string(uri(file)))])),
            ("region", .object(region)),
        ])
        return [("physicalLocation", place)]
    }

    /// A path as an RFC 3986 reference: an absolute one as a file URI.
    private static func uri(_ path: String) -> String {
        let hex = Array("0123456789ABCDEF")
        var text = path.hasPrefix("/") ? "file://" : ""
        for byte in path.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x2F, 0x5F, 0x7E:
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%"
                text.append(hex[Int(byte >> 4)])
                text.append(hex[Int(byte & 15)])
            }
        }
        return text
    }
}
