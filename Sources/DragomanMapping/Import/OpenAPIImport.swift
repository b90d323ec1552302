// SPDX-License-Identifier: Apache-2.0
// `dragoman import` of an OpenAPI document: an http backend with a route for each operation, its
// schemas in front of it. Nothing is read or written here.

package import DragomanDocument
package import DragomanXML

package struct OpenAPIImportOptions: Sendable {
    /// `--name`
    package var name: String?
    /// Names of mappings that are there already.
    package var takenNames: Set<String> = []

    package init() {}
}

package enum OpenAPIImport {
    /// The document's value, from JSON or YAML.
    package static func read(
        _ bytes: [UInt8], name: String
    ) throws(OpenAPIImportProblem) -> Document {
        let collector = DiagnosticCollector()
        let node = YAMLReader.read(SourceText(path: name, bytes: bytes), into: collector)
        guard let node, !collector.hasErrors else {
            let first = collector.diagnostics.first
            throw OpenAPIImportProblem(
                message: "line \(first?.line ?? 1), column \(first?.column ?? 1): "
                    + (first?.message ?? "this is no YAML"))
        }
        return YAMLDocument.make(node)
    }

    /// `document`: as `read` gives it.
    package static func make(
        _ document: Document, options: OpenAPIImportOptions = OpenAPIImportOptions()
    ) throws(OpenAPIImportProblem) -> ImportResult {
        guard let root = document.root else {
            throw OpenAPIImportProblem(message: "there is nothing in it")
        }
        let source = try OpenAPISource(root)
        var taken = options.takenNames
        let name = KebabCase.unique(
            options.name ?? KebabCase.make(source.title, fallback: "api"), among: &taken)
        let schemas = OpenAPISchemaFiles(source, folder: name)
        let mapping = OpenAPIMapping(source: source, name: name, schemas: schemas)
        var result = ImportResult()
        let text = mapping.text(report: &result.report)
        result.operationCount = source.operations.count
        result.files.append(
            ImportedFile(path: "mappings/\(name).yaml", bytes: Array(text.utf8)))
        result.files += schemas.files
        result.report += schemas.notes
        result.report.insert(
            "imported: \(source.title): \(result.operationCount) operations, as "
                + "mappings/\(name).yaml", at: 0)
        result.upstreams.append(upstream(name, source))
        return result
    }

    private static func upstream(_ name: String, _ source: OpenAPISource) -> ImportedUpstream {
        guard let address = source.address, !address.isEmpty else {
            return ImportedUpstream(
                name: name, url: SOAPImport.noAddress, comment: "the document has no server")
        }
        if address.hasPrefix("http://") || address.hasPrefix("https://") {
            return ImportedUpstream(name: name, url: address, comment: nil)
        }
        let path = address.hasPrefix("/") ? String(address.dropFirst()) : address
        return ImportedUpstream(
            name: name, url: SOAPImport.noAddress + path,
            comment: "the document's server is relative to where it was")
    }
}

/// The text of the mapping.
struct OpenAPIMapping {
    let source: OpenAPISource
    let name: String
    let schemas: OpenAPISchemaFiles

    func text(report: inout [String]) -> String {
        var lines = [
            "# yaml-language-server: $schema=../schemas/dragoman/mapping.schema.json",
            "service: \(name)", "backend: { http: {} }", "routes:",
        ]
        let operations = source.operations
        if operations.isEmpty { lines[lines.count - 1] = "routes: {}" }
        for operation in operations {
            if let problem = problem(ofPath: operation.path) {
                report.append("not carried: \(operation.method) \(operation.path): \(problem)")
                continue
            }
            lines += route(operation)
            report += operation.notes.map { "\(operation.method) \(operation.path): \($0)" }
            for (what, body) in [("body", operation.request), ("answer", operation.response)] {
                guard case .other(let types) = body else { continue }
                report.append(
                    "\(operation.method) \(operation.path): the \(what) may be "
                        + types.joined(separator: ", ") + " and passes as it is")
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func problem(ofPath path: String) -> String? {
        do throws(PathTemplateError) {
            _ = try PathTemplate(path)
            return nil
        } catch {
            return error.message
        }
    }

    /// Keys of the route that come from the document, each with its lines.
    func faceKeys(
        _ operation: OpenAPISourceOperation, indent: String
    ) -> [(key: String, lines: [String])] {
        var keys: [(key: String, lines: [String])] = []
        if let summary = operation.summary {
            keys.append(("summary", ["\(indent)summary: \(YAMLText.scalar(summary))"]))
        }
        let parameters = self.parameters(operation, indent: indent)
        if !parameters.isEmpty { keys.append(("parameters", parameters)) }
        if case .json(let schema?) = operation.request {
            let file = schemas.file(for: schema, named: "\(operation.id).request")
            keys.append(("accepts", ["\(indent)accepts: \(YAMLText.scalar(file))"]))
        }
        if case .json(let schema?) = operation.response {
            let file = schemas.file(for: schema, named: "\(operation.id).response")
            keys.append(("returns", ["\(indent)returns: \(YAMLText.scalar(file))"]))
        }
        return keys
    }

    private func route(_ operation: OpenAPISourceOperation) -> [String] {
        var lines = ["  \(YAMLText.scalar("\(operation.method) \(operation.path)")):"]
        guard isJSON(operation) else {
            let summary = operation.summary.map { " summary: \(YAMLText.quoted($0)) " } ?? ""
            return [lines[0] + " {\(summary)}"]
        }
        let keys = faceKeys(operation, indent: "    ")
        if keys.isEmpty { return [lines[0] + " {}"] }
        lines += keys.flatMap(\.lines)
        if keys.contains(where: { $0.key == "returns" }) {
            lines.append("    on_mismatch: report")
        }
        let loose = source.queryKeys
        if operation.hasSpreadQuery {
            lines.append("    unknown_parameters: ignore")
        } else if !loose.isEmpty {
            lines.append(
                "    unknown_parameters: ["
                    + loose.map(YAMLText.quoted).joined(separator: ", ") + "]")
        }
        return lines
    }

    /// Bytes that are no JSON pass as they are, and nothing looks into them.
    private func isJSON(_ operation: OpenAPISourceOperation) -> Bool {
        for case .other in [operation.request, operation.response] { return false }
        // An answer without content has nothing to look into.
        if case .none = operation.response, case .none = operation.request { return false }
        return true
    }

    private func parameters(_ operation: OpenAPISourceOperation, indent: String) -> [String] {
        guard !operation.parameters.isEmpty else { return [] }
        return ["\(indent)parameters:"]
            + operation.parameters.map { parameter in
                var parts = ["in: \(parameter.place)"]
                if parameter.isRequired, !parameter.isSpread { parts.append("required: true") }
                if let schema = parameter.schema {
                    let text = schemas.inline(
                        schema, named: "\(operation.id).\(parameter.name)")
                    parts.append("schema: \(text)")
                }
                return "\(indent)  \(YAMLText.scalar(parameter.name)): { "
                    + parts.joined(separator: ", ") + " }"
            }
    }
}
