// SPDX-License-Identifier: Apache-2.0
// The output forms that JSON Schema specifies: what was found, for programs. Each form is written
// as the specification that has its name does: `flag` and `basic` that of 2020-12 (Core, 12),
// `hierarchical` its successor's (the specification of machine-readable output).
package import DragomanDocument

package enum OutputForm: String, Sendable, CaseIterable {
    /// `{"valid": …}` and nothing else.
    case flag
    /// One list of all errors, or of all annotations.
    case basic
    /// A unit for every schema that was applied, nested as the schemas are.
    case hierarchical
}

extension SchemaProgram {
    /// The output for the value of `document`; a Document of its own.
    package func output(
        of document: Document, _ form: OutputForm, _ context: EvaluationContext
    ) -> Document {
        let output = Document()
        guard let node = document.root else { return output }
        if form == .flag {
            output.beginObject()
            output.key("valid")
            output.append(isValid(node, context))
            output.endObject()
            return output
        }
        let explainer = Explainer(self, context, keepsAll: true)
        let finding = explainer.explain(node)
        if let abortion = context.abortion {
            // What was found on the way there is not all, and may not even be so.
            finding.isValid = false
            finding.keywords = [KeywordFinding("", isValid: false, [abortion.sentence])]
        }
        let writer = OutputWriter(document, output)
        if form == .basic {
            writer.writeBasic(finding)
        } else {
            writer.write(finding, [])
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

    private func pointer(_ node: Node) -> String {
        instance.pointer(to: DocumentPlace(node)) ?? ""
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

    func writeBasic(_ finding: SchemaFinding) {
        let isValid = finding.isValid
        output.beginObject()
        output.key("valid")
        output.append(isValid)
        output.key(isValid ? "annotations" : "errors")
        output.beginArray()
        if !isValid, !finding.keywords.contains(where: { $0.keyword.isEmpty }) {
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
        member("keywordLocation", Self.pointer(tokens))
        member("absoluteKeywordLocation", absolute(schema, keyword))
        member("instanceLocation", pointer(node))
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
        let sentence = keyword.sentence
        return sentence.isEmpty ? "a schema under \(keyword.keyword) refuses it" : sentence
    }

    // MARK: hierarchical

    /// The unit of one schema applied, with those of the schemas that it applied itself.
    func write(_ finding: SchemaFinding, _ path: [String]) {
        output.beginObject()
        output.key("valid")
        output.append(finding.isValid)
        member("evaluationPath", Self.pointer(path))
        member("schemaLocation", finding.schema.location)
        member("instanceLocation", pointer(finding.node))
        let errors = finding.keywords.filter { !$0.isValid && !$0.sentence.isEmpty }
        if !errors.isEmpty {
            output.key("errors")
            output.beginObject()
            for keyword in errors {
                // A schema that is false has no keyword to name.
                member(keyword.keyword.isEmpty ? "false" : keyword.keyword, keyword.sentence)
            }
            output.endObject()
        }
        let annotations = finding.keywords.filter { $0.isValid && $0.annotation != nil }
        if !annotations.isEmpty {
            output.key(finding.isValid ? "annotations" : "droppedAnnotations")
            output.beginObject()
            for keyword in annotations {
                output.key(keyword.keyword)
                append(json: keyword.annotation ?? "null")
            }
            output.endObject()
        }
        if finding.keywords.contains(where: { !$0.schemas.isEmpty }) {
            output.key("details")
            output.beginArray()
            for keyword in finding.keywords {
                for schema in keyword.schemas {
                    write(schema, path + [keyword.keyword] + schema.tokens)
                }
            }
            output.endArray()
        }
        output.endObject()
    }
}

extension KeywordFinding {
    /// What is wrong, in words; empty where the schemas that the keyword applied say it.
    fileprivate var sentence: String {
        if keyword.isEmpty, details.isEmpty { return "nothing is allowed here" }
        return details.joined(separator: "; ")
    }
}
