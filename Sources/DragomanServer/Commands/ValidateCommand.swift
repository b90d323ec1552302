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
        let program: SchemaProgram
        do throws(ImportFailure) { program = try compile() } catch {
            Console.error("error: \(error.text)")
            return ExitCode.input
        }
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
        guard let root = results.root else { return }
        if root.count == 1, let only = root.item(0) {
            Console.line(only.indentedJSON)
        } else {
            Console.line(root.indentedJSON)
        }
    }

    // MARK: The schema

    private func compile() throws(ImportFailure) -> SchemaProgram {
        let start = FileAccess.resolved(schema) ?? schema
        let document = try read(schema).document
        let compiler = SchemaCompiler { uri in
            guard uri.hasPrefix("file://") else { return nil }
            return try? self.read(String(uri.dropFirst(7).prefix { $0 != "#" })).document
        }
        do throws(SchemaProblems) {
            return try compiler.compile(document: document, baseURI: "file://\(start)")
        } catch {
            let lines = error.all.map { problem in
                let file =
                    problem.documentURI.hasPrefix("file://")
                    ? String(problem.documentURI.dropFirst(7)) : problem.documentURI
                return "\(file)#\(problem.pointer): \(problem.message)"
            }
            throw ImportFailure(text: lines.joined(separator: "\nerror: "))
        }
    }

    /// A file as a Document, with its bytes for excerpts.
    private func read(
        _ path: String
    ) throws(ImportFailure) -> (document: Document, bytes: [UInt8]) {
        let bytes: [UInt8]
        switch Platform.read(path) {
        case .success(let read): bytes = read
        case .failure(let error): throw ImportFailure(text: "\(path): \(error.message)")
        }
        let document = Document(textCapacity: bytes.count + 64)
        bytes.withUnsafeBytes { document.append(source: $0) }
        do throws(JSONSyntaxError) {
            try document.readJSON()
        } catch {
            throw ImportFailure(
                text: "\(path):\(error.line):\(error.column): \(error.detail)\n"
                    + Excerpt.make(bytes, offset: error.offset))
        }
        return (document, bytes)
    }

    // MARK: Instances

    private func judge(
        _ path: String, _ program: SchemaProgram, into results: Document
    ) -> Int32 {
        let document: Document
        let bytes: [UInt8]
        do throws(ImportFailure) { (document, bytes) = try read(path) } catch {
            Console.error("error: \(error.text)")
            return ExitCode.input
        }
        guard let root = document.root else { return ExitCode.input }
        let context = EvaluationContext()
        let isValid = program.isValid(root, context)
        if let output {
            let form = OutputForm(rawValue: output.rawValue) ?? .flag
            let unit = program.output(of: document, form, context)
            if let node = unit.root { results.append(copy: node) }
        } else if format == .json {
            append(path, document, program, isValid, to: results)
        } else if isValid {
            Console.line("\(path): valid")
        } else {
            show(path, bytes, document, program)
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
        }
        results.endObject()
    }

    private func show(
        _ path: String, _ bytes: [UInt8], _ document: Document, _ program: SchemaProgram
    ) {
        guard let root = document.root else { return }
        let report = program.violations(of: root, EvaluationContext())
        Console.line("\(path): invalid")
        for violation in report.violations {
            let pointer = document.pointer(to: violation.place) ?? ""
            let place = pointer.isEmpty ? "the document" : pointer
            Console.line("\n\(violation.keyword) at \(place): \(violation.detail)")
            if let offset = document.sourceOffset(of: violation.place) {
                Console.line(Excerpt.make(bytes, offset: offset))
            }
        }
        if report.omitted > 0 { Console.line("\nand \(report.omitted) more") }
    }
}

/// The line of a text that an offset stands in, with a caret below.
enum Excerpt {
    private static let columnsMax = 100

    static func make(_ bytes: [UInt8], offset: Int) -> String {
        let at = min(offset, bytes.count)
        let before = bytes[..<at].lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
        let end = bytes[at...].firstIndex(of: 0x0A) ?? bytes.count
        let number = bytes[..<at].count { $0 == 0x0A } + 1
        var left = String(decoding: bytes[before..<at], as: UTF8.self)
        let right = String(decoding: bytes[at..<end], as: UTF8.self)
        if left.count > columnsMax / 2 { left = "…" + left.suffix(columnsMax / 2) }
        let line = left + right.prefix(columnsMax - left.count)
        let margin = String(repeating: " ", count: String(number).count)
        return "  \(number) | \(line)\n  \(margin) | \(String(repeating: " ", count: left.count))^"
    }
}
