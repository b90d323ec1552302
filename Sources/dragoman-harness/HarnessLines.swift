// SPDX-License-Identifier: Apache-2.0
// What the harnesses that answer line by line share: base64 lines in and out, and refusals as
// lines of JSON.

internal import DragomanDocument
internal import DragomanSchema
internal import DragomanXML
internal import Foundation

enum HarnessLines {
    enum Answer {
        /// Goes out as base64.
        case document([UInt8])
        /// A JSON object, which goes out as it is.
        case refusal(String)
    }

    /// Answers each line of standard input, base64, by one line, until it ends.
    static func answer(_ body: (UnsafeRawBufferPointer) -> Answer) {
        while let line = readLine() {
            let text = line.trimmingCharacters(in: .whitespaces)
            guard let data = Data(base64Encoded: text) else {
                put(object([("error", "the line is not base64")]))
                continue
            }
            switch data.withUnsafeBytes(body) {
            case .document(let bytes): put(Data(bytes).base64EncodedString())
            case .refusal(let json): put(json)
            }
        }
    }

    /// A line on standard output, at once.
    static func put(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    static func complain(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }

    static func object(_ members: [(name: String, value: String)]) -> String {
        let document = Document()
        document.beginObject()
        for member in members {
            document.key(member.name)
            document.append(string: member.value)
        }
        document.endObject()
        return withExtendedLifetime(document) { document.root?.json ?? "{}" }
    }

    /// `document`: what the value stands in.
    static func refusal(_ error: TranslationError, in document: Document?) -> String {
        if let place = error.place, let pointer = document?.pointer(to: place) {
            return refusal([(pointer, error.keyword, error.detail)])
        }
        guard let path = error.path else {
            return object([("error", error.detail), ("keyword", error.keyword)])
        }
        return object([("error", error.detail), ("keyword", error.keyword), ("path", path)])
    }

    static func refusal(_ report: ViolationReport, in document: Document) -> String {
        refusal(
            report.violations.map {
                (document.pointer(to: $0.place) ?? "", $0.keyword, $0.detail)
            })
    }

    private static func refusal(
        _ errors: [(pointer: String, keyword: String, detail: String)]
    ) -> String {
        let document = Document()
        document.beginObject()
        document.key("error")
        let sentences = errors.map { "\($0.pointer.isEmpty ? "" : "\($0.pointer): ")\($0.detail)" }
        document.append(string: sentences.joined(separator: "; "))
        document.key("errors")
        document.beginArray()
        for error in errors {
            document.beginObject()
            document.key("pointer")
            document.append(string: error.pointer)
            document.key("keyword")
            document.append(string: error.keyword)
            document.key("detail")
            document.append(string: error.detail)
            document.endObject()
        }
        document.endArray()
        document.endObject()
        return withExtendedLifetime(document) { document.root?.json ?? "{}" }
    }

    /// A derived JSON Schema, compiled.
    static func compile(_ schema: Document) throws(SchemaProblems) -> SchemaProgram {
        try SchemaCompiler().compile(document: schema, baseURI: "harness:schema")
    }
}
