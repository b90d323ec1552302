// SPDX-License-Identifier: Apache-2.0
// The output forms of JSON Schema 2020-12 (Core, 12): what was found, for programs.
package import DragomanDocument

package enum OutputForm: String, Sendable, CaseIterable {
    /// `{"valid": …}` and nothing else.
    case flag
    /// One list of all errors, or of all annotations.
    case basic
    /// Errors and annotations nested as the schemas are.
    case hierarchical
}

extension SchemaProgram {
    /// The output for the value of `document`; a Document of its own.
    package func output(
        of document: Document, _ form: OutputForm, _ context: EvaluationContext
    ) -> Document {
        let output = Document()
        guard let node = document.root else { return output }
        let explainer = Explainer(self, context, keepsAll: form != .flag)
        let finding = explainer.explain(node)
        let isValid = finding.isValid && context.abortion == nil
        let writer = OutputWriter(document, output)
        switch form {
        case .flag:
            output.beginObject()
            output.key("valid")
            output.append(isValid)
            output.endObject()
        case .basic: writer.writeBasic(finding, isValid)
        case .hierarchical: writer.write(finding, [], [], isValid: isValid)
        }
        return output
    }
}

/// Findings to output units.
struct OutputWriter {
    private let instance: Document
    private let output: Document

    init(_ instance: Document, _ output: Document) {
        self.instance = instance
        self.output = output
    }

    private func member(_ name: String, _ value: String) {
        output.key(name)
        output.append(string: value)
    }

    private static func pointer(_ tokens: [String]) -> String {
        tokens.map { "/" + JSONPointer.escape($0) }.joined()
    }

    private func locations(_ tokens: [String], _ absolute: String, _ node: Node) {
        member("keywordLocation", Self.pointer(tokens))
        member("absoluteKeywordLocation", absolute)
        member("instanceLocation", instance.pointer(to: DocumentPlace(node)) ?? "")
    }

    private func absolute(_ schema: Subschema, _ keyword: String) -> String {
        keyword.isEmpty
            ? schema.location
            : schema.location + "/" + URIReference.encoded(pointer: JSONPointer.escape(keyword))
    }

    private func append(json: String) {
        guard let document = try? Document.reading(json), let root = document.root else {
            return output.appendNull()
        }
        withExtendedLifetime(document) { output.append(copy: root) }
    }

    // MARK: basic

    func writeBasic(_ finding: SchemaFinding, _ isValid: Bool) {
        output.beginObject()
        output.key("valid")
        output.append(isValid)
        output.key(isValid ? "annotations" : "errors")
        output.beginArray()
        if !isValid, finding.keywords.isEmpty || !finding.schema.rules.isEmpty {
            unit([], finding.schema, "", finding.node) {
                member("error", "the value does not fit the schema")
            }
        }
        list(finding, [], isValid: isValid)
        output.endArray()
        output.endObject()
    }

    private func unit(
        _ tokens: [String], _ schema: Subschema, _ keyword: String, _ node: Node,
        _ content: () -> Void
    ) {
        output.beginObject()
        locations(tokens, absolute(schema, keyword), node)
        content()
        output.endObject()
    }

    private func list(_ finding: SchemaFinding, _ tokens: [String], isValid: Bool) {
        for keyword in finding.keywords where keyword.isValid == isValid {
            let path = keyword.keyword.isEmpty ? tokens : tokens + [keyword.keyword]
            if let annotation = keyword.annotation, isValid {
                unit(path, finding.schema, keyword.keyword, finding.node) {
                    output.key("annotation")
                    append(json: annotation)
                }
            }
            if !isValid {
                unit(path, finding.schema, keyword.keyword, finding.node) {
                    member("error", error(keyword))
                }
            }
            for schema in keyword.schemas where schema.isValid == isValid {
                list(schema, path + schema.tokens, isValid: isValid)
            }
        }
    }

    private func error(_ keyword: KeywordFinding) -> String {
        if !keyword.details.isEmpty { return keyword.details.joined(separator: "; ") }
        return keyword.keyword.isEmpty
            ? "nothing is allowed here" : "a schema under \(keyword.keyword) refuses it"
    }

    // MARK: hierarchical

    func write(
        _ finding: SchemaFinding, _ evaluation: [String], _ tokens: [String], isValid: Bool
    ) {
        let path = evaluation + tokens
        output.beginObject()
        output.key("valid")
        output.append(isValid)
        locations(path, finding.schema.location, finding.node)
        let shown = finding.keywords.filter { $0.isValid == isValid }
        if shown.contains(where: { $0.annotation != nil || !$0.schemas.isEmpty || !isValid }) {
            output.key(isValid ? "annotations" : "errors")
            output.beginArray()
            for keyword in shown { write(keyword, finding, path) }
            output.endArray()
        }
        output.endObject()
    }

    private func write(_ keyword: KeywordFinding, _ finding: SchemaFinding, _ path: [String]) {
        guard !keyword.isValid || keyword.annotation != nil || !keyword.schemas.isEmpty else {
            return
        }
        let inner = keyword.keyword.isEmpty ? path : path + [keyword.keyword]
        output.beginObject()
        output.key("valid")
        output.append(keyword.isValid)
        locations(inner, absolute(finding.schema, keyword.keyword), finding.node)
        if !keyword.isValid, !keyword.details.isEmpty || keyword.schemas.isEmpty {
            member("error", error(keyword))
        }
        if keyword.isValid, let annotation = keyword.annotation {
            output.key("annotation")
            append(json: annotation)
        }
        let schemas = keyword.schemas.filter { $0.isValid == keyword.isValid }
        if !schemas.isEmpty {
            output.key(keyword.isValid ? "annotations" : "errors")
            output.beginArray()
            for schema in schemas {
                write(schema, inner, schema.tokens, isValid: schema.isValid)
            }
            output.endArray()
        }
        output.endObject()
    }
}
