// SPDX-License-Identifier: Apache-2.0
// `dragoman validate`: JSON Schema on the command line, with the offending places shown, or in
// the specification's own output forms.

internal import DragomanDocument
internal import DragomanMapping
internal import DragomanSchema

package struct ValidateCommand: Sendable {
    package enum Output: String, Sendable, CaseIterable { case flag, basic, hierarchical }

    package var schema: String
    package var instances: [String]
    package var output: Output?
    package var format = OutputFormat.text

    package init(schema: String, instances: [String]) {
        self.schema = schema
        self.instances = instances
    }

    package func run() -> Int32 {
        let files = SchemaFiles()
        let program = files.compile(schema)
        let report = DiagnosticReport(files.collector).text(colored: Console.isTerminal)
        if !report.isEmpty { Console.error(String(report.dropLast())) }
        guard let program else { return ExitCode.input }
        var code = ExitCode.fine
        let results = Document()
        results.beginArray()
        for instance in instances {
            let outcome = judge(instance, program, into: results)
            code = max(code, outcome)
        }
        results.endArray()
        if format == .json || output != nil { print(results) }
        return code
    }

    /// One result as it is; several as an array.
    private func print(_ results: Document) {
        guard let root = results.root, root.count > 0 else { return }
        if instances.count == 1, let only = root.item(0) {
            Console.line(only.indentedJSON)
        } else {
            Console.line(root.indentedJSON)
        }
    }

    // MARK: Instances

    private func judge(
        _ path: String, _ program: SchemaProgram, into results: Document
    ) -> Int32 {
        let file: ValueFile
        switch Platform.read(path) {
        case .failure(let error):
            Console.error("error: \(path): \(error.message)")
            return ExitCode.input
        case .success(let bytes):
            do throws(ValueSyntaxError) { file = try ValueFile.read(bytes, path: path) } catch {
                let source = SourceText(path: path, bytes: bytes)
                let place = "\(path):\(error.position.line):\(error.position.column)"
                Console.error(
                    "error: \(place): \(error.detail)\n" + Excerpt.make(source, error.position))
                return ExitCode.input
            }
        }
        let document = file.document
        guard let root = document.root else { return ExitCode.input }
        let context = EvaluationContext()
        let isValid = program.isValid(root, context)
        if let output {
            let form = OutputForm(rawValue: output.rawValue) ?? .flag
            let unit = program.output(of: document, form, context)
            if let node = unit.root { results.append(copy: node) }
            withExtendedLifetime(unit) {}
        } else if format == .json {
            append(path, document, program, isValid, to: results)
        } else if isValid {
            Console.line("\(path): valid")
        } else {
            show(path, file, program)
        }
        return withExtendedLifetime(document) { isValid ? ExitCode.fine : ExitCode.no }
    }

    private func append(
        _ path: String, _ document: Document, _ program: SchemaProgram, _ isValid: Bool,
        to results: Document
    ) {
        results.beginObject()
        results.key("instance")
        results.append(string: path)
        results.key("valid")
        results.append(isValid)
        if !isValid, let root = document.root {
            let report = program.violations(of: root, EvaluationContext())
            results.key("errors")
            results.beginArray()
            for violation in report.violations {
                results.beginObject()
                for (name, value) in [
                    ("pointer", document.pointer(to: violation.place) ?? ""),
                    ("keyword", violation.keyword), ("detail", violation.detail),
                    ("schemaLocation", violation.schemaLocation),
                ] {
                    results.key(name)
                    results.append(string: value)
                }
                results.endObject()
            }
            results.endArray()
            if report.omitted > 0 {
                results.key("omitted")
                results.append(Int64(report.omitted))
            }
        }
        results.endObject()
    }

    private func show(_ path: String, _ file: ValueFile, _ program: SchemaProgram) {
        guard let root = file.document.root else { return }
        let report = program.violations(of: root, EvaluationContext())
        Console.line("\(path): invalid")
        for violation in report.violations {
            let pointer = file.document.pointer(to: violation.place) ?? ""
            let place = pointer.isEmpty ? "the document" : pointer
            Console.line("\n\(violation.keyword) at \(place): \(violation.detail)")
            Console.line(Excerpt.make(file.source, file.position(of: violation.place)))
        }
        if report.omitted > 0 { Console.line("\nand \(report.omitted) more") }
    }
}

/// The line of a text that a position stands in, with a caret below.
enum Excerpt {
    private static let columnsMax = 100

    static func make(_ source: SourceText, _ position: SourcePosition) -> String {
        let number = String(position.line)
        let line = Array((source.line(position.line) ?? "").unicodeScalars)
        let column = min(position.column - 1, line.count)
        // Of a long line the part around the place is shown.
        let start = column > columnsMax / 2 ? column - columnsMax / 2 : 0
        var shown = start > 0 ? "…" : ""
        var blank = start > 0 ? " " : ""
        for (index, scalar) in line.enumerated().dropFirst(start).prefix(columnsMax) {
            // A control character would move the caret, or do worse to a terminal.
            let isControl = scalar.properties.generalCategory == .control
            shown.unicodeScalars.append(isControl ? " " : scalar)
            if index < column { blank += " " }
        }
        let margin = String(repeating: " ", count: number.count)
        return "  \(number) | \(shown)\n  \(margin) | \(blank)^"
    }
}
