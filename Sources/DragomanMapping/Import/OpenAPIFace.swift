// SPDX-License-Identifier: Apache-2.0
// `dragoman import --onto`: an OpenAPI document as the face of a mapping that is there. Its
// schemas become `accepts` and `returns` of the routes that it describes; what the user wrote
// stays.

package import DragomanDocument
package import DragomanXML

package enum OpenAPIFace {
    /// What became of the mapping.
    package struct Result: Sendable {
        /// The mapping's new text.
        package var text: String
        package var files: [ImportedFile]
        package var report: [String]
    }

    /// `document`: as `OpenAPIImport.read` gives it; `mapping`: the mapping file's text.
    package static func apply(
        _ document: Document, to mapping: String, file: String
    ) throws(OpenAPIImportProblem) -> Result {
        guard let root = document.root else {
            throw OpenAPIImportProblem(message: "there is nothing in it")
        }
        let source = try OpenAPISource(root)
        let collector = DiagnosticCollector()
        let read = YAMLReader.read(
            SourceText(path: file, bytes: Array(mapping.utf8)), into: collector)
        guard let node = read, !collector.hasErrors, let service = node["service"]?.text else {
            throw OpenAPIImportProblem(
                message: "\(file) is no mapping file; `dragoman check` says what is wrong with it")
        }
        let schemas = OpenAPISchemaFiles(source, folder: service)
        let face = OpenAPIMapping(source: source, name: service, schemas: schemas)
        var editor = MappingEditor(mapping)
        var report: [String] = []
        let routes = (node["routes"]?.pairs ?? []).reversed()
        var described: Set<String> = []
        for pair in routes {
            let shape = routeShape(pair.name, base: node["base"]?.text ?? "")
            let found = source.operations.first { self.shape($0) == shape }
            guard let found, let shape else { continue }
            described.insert(shape)
            edit(
                pair, renamed(found, pair.name, base: node["base"]?.text ?? ""), face, &editor,
                &report)
        }
        for operation in source.operations where !described.contains(shape(operation) ?? "") {
            report.append(
                "not in \(file): \(operation.method) \(operation.path); write the route with its "
                    + "`call`, and import again")
        }
        return Result(
            text: editor.text, files: schemas.files, report: report + schemas.notes)
    }

    private static func shape(_ operation: OpenAPISourceOperation) -> String? {
        routeShape("\(operation.method) \(operation.path)", base: "")
    }

    private static func routeShape(_ key: String, base: String) -> String? {
        let method = key.prefix { $0 != " " }
        let path = key.dropFirst(method.count).drop { $0 == " " }
        guard let template = try? PathTemplate(PathTemplate.join(base: base, String(path))) else {
            return nil
        }
        return "\(method) \(OpenAPIPath(template).shape)"
    }

    /// The operation with the mapping's names for what varies in the path.
    private static func renamed(
        _ operation: OpenAPISourceOperation, _ key: String, base: String
    ) -> OpenAPISourceOperation {
        var operation = operation
        let path = key.drop { $0 != " " }.drop { $0 == " " }
        guard let own = try? PathTemplate(PathTemplate.join(base: base, String(path))),
            let theirs = try? PathTemplate(operation.path)
        else { return operation }
        var names: [String: String] = [:]
        for (mine, other) in zip(own.variables, theirs.variables)
        where mine.segments == other.segments {
            names[other.name] = mine.name
        }
        operation.parameters = operation.parameters.compactMap { parameter in
            guard parameter.place == "path" else { return parameter }
            var parameter = parameter
            guard let name = names[parameter.name] else { return nil }
            parameter.name = name
            return parameter
        }
        return operation
    }

    private static func edit(
        _ pair: YAMLNode.Pair, _ operation: OpenAPISourceOperation, _ face: OpenAPIMapping,
        _ editor: inout MappingEditor, _ report: inout [String]
    ) {
        let present = pair.value.pairs ?? []
        if pair.value.style == .flow, !present.isEmpty {
            report.append(
                "kept: \(pair.name) is written in braces; write it on lines of its own to give it "
                    + "a face")
            return
        }
        let column = present.first?.key.position.column ?? pair.key.position.column + 2
        let indent = String(repeating: " ", count: column - 1)
        var lines: [String] = []
        for (key, text) in face.faceKeys(operation, indent: indent) {
            if present.contains(where: { $0.name == key }) {
                report.append("kept: \(key) of \(pair.name); the document has")
                report += text
            } else {
                lines += text
            }
        }
        guard !lines.isEmpty else { return }
        report.append("set: \(pair.name)")
        editor.insert(lines, afterLine: pair.key.position.line, replacing: pair.value)
    }
}

/// Puts lines into a text; from below, so that the places above stay true.
struct MappingEditor {
    private var lines: [Substring]

    init(_ text: String) {
        lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    var text: String { lines.joined(separator: "\n") }

    /// `afterLine`: from 1. An empty value in braces on that line goes.
    mutating func insert(_ new: [String], afterLine line: Int, replacing value: YAMLNode) {
        guard line >= 1, line <= lines.count else { return }
        if value.style == .flow, value.pairs?.isEmpty == true,
            let brace = lines[line - 1].lastIndex(of: "{")
        {
            lines[line - 1] = lines[line - 1][..<brace]
            while lines[line - 1].last == " " { lines[line - 1].removeLast() }
        }
        lines.insert(contentsOf: new.map { Substring($0) }, at: line)
    }
}
