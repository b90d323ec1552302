// SPDX-License-Identifier: Apache-2.0
// What a caller chooses about the meaning of schemas, and what can be wrong with them.

internal import DragomanDocument

/// The drafts of JSON Schema that are known, each with its own meaning of keywords.
package enum SchemaDialect: String, Sendable, CaseIterable {
    case draft4 = "http://json-schema.org/draft-04/schema"
    case draft6 = "http://json-schema.org/draft-06/schema"
    case draft7 = "http://json-schema.org/draft-07/schema"
    case draft201909 = "https://json-schema.org/draft/2019-09/schema"
    case draft202012 = "https://json-schema.org/draft/2020-12/schema"

    /// What people call it.
    var title: String {
        switch self {
        case .draft4: "draft 4"
        case .draft6: "draft 6"
        case .draft7: "draft 7"
        case .draft201909: "draft 2019-09"
        case .draft202012: "draft 2020-12"
        }
    }
}

/// Choices that hold for everything one `SchemaCompiler` compiles.
package struct SchemaOptions: Sendable {
    package enum FormatPolicy: Sendable {
        /// `format` refuses what does not fit: the gateway's default.
        case assert
        /// `format` only annotates, unless the dialect's vocabulary asks for assertion.
        case annotate
    }

    package var formats = FormatPolicy.assert
    /// The dialect of a document without `$schema`.
    package var dialectDefault = SchemaDialect.draft202012
    /// Keywords that the dialect does not have are problems; else they are annotations.
    package var refusesUnknownKeywords = false
    /// Schemas are validated against their meta-schema. Switch it off only for schemas that this
    /// program has made itself.
    package var checksSchemas = true

    package init() {}
}

/// What is wrong with a schema, or what it says without any effect, and where.
package struct SchemaProblem: Error, Sendable, Equatable {
    /// The URI that the document was loaded by.
    package let documentURI: String
    /// RFC 6901, within that document.
    package let pointer: String
    package let message: String
    /// The name that was probably meant.
    package let suggestion: String?
    /// The meta-schema found it, which says it better than whoever else stumbles over it.
    let isByMetaSchema: Bool

    package init(
        documentURI: String, pointer: String, message: String, suggestion: String? = nil
    ) {
        self.init(
            documentURI: documentURI, pointer: pointer, message: message, suggestion: suggestion,
            isByMetaSchema: false)
    }

    init(
        documentURI: String, pointer: String, message: String, suggestion: String?,
        isByMetaSchema: Bool
    ) {
        self.documentURI = documentURI
        self.pointer = pointer
        self.message = message
        self.suggestion = suggestion
        self.isByMetaSchema = isByMetaSchema
    }

    /// The message, with the suggestion as a question.
    package var sentence: String {
        suggestion.map { "\(message)\(Sentence.question)\(JSONText.quoted($0))?" } ?? message
    }
}

/// All that was found wrong with a schema and the schemas that it refers to; never empty.
package struct SchemaProblems: Error, Sendable {
    package let all: [SchemaProblem]

    init(all: [SchemaProblem]) { self.all = all }

    /// Where the meta-schema says what is wrong, nobody else does.
    init(merging problems: [SchemaProblem]) {
        let places = Set(
            problems.lazy.filter(\.isByMetaSchema).map { "\($0.documentURI)\n\($0.pointer)" })
        all = problems.filter {
            $0.isByMetaSchema || !places.contains("\($0.documentURI)\n\($0.pointer)")
        }
    }
}
