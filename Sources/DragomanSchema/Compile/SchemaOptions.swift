// SPDX-License-Identifier: Apache-2.0
// What a caller chooses about the meaning of schemas, and what can be wrong with them.

/// The drafts of JSON Schema that are known, each with its own meaning of keywords.
package enum SchemaDialect: String, Sendable, CaseIterable {
    case draft4 = "http://json-schema.org/draft-04/schema"
    case draft6 = "http://json-schema.org/draft-06/schema"
    case draft7 = "http://json-schema.org/draft-07/schema"
    case draft201909 = "https://json-schema.org/draft/2019-09/schema"
    case draft202012 = "https://json-schema.org/draft/2020-12/schema"
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

/// What is wrong with a schema, and where.
package struct SchemaProblem: Error, Sendable, Equatable {
    /// The URI that the document was loaded by.
    package let documentURI: String
    /// RFC 6901, within that document.
    package let pointer: String
    package let message: String

    package init(documentURI: String, pointer: String, message: String) {
        self.documentURI = documentURI
        self.pointer = pointer
        self.message = message
    }
}

/// All that was found wrong with a schema and the schemas that it refers to; never empty.
package struct SchemaProblems: Error, Sendable {
    package let all: [SchemaProblem]
}
