// SPDX-License-Identifier: Apache-2.0
// What a schema resource is read by: its draft, and which of that draft's vocabularies.

/// The standard vocabularies.
struct Vocabularies: OptionSet, Sendable {
    let rawValue: UInt16
    static let core = Vocabularies(rawValue: 1)
    static let applicator = Vocabularies(rawValue: 2)
    static let unevaluated = Vocabularies(rawValue: 4)
    static let validation = Vocabularies(rawValue: 8)
    static let metaData = Vocabularies(rawValue: 16)
    static let format = Vocabularies(rawValue: 32)
    static let content = Vocabularies(rawValue: 64)
    /// 2020-12's `format-assertion`.
    static let formatAssertion = Vocabularies(rawValue: 128)

    /// All but the one that makes formats assert.
    static let standard = Vocabularies(rawValue: 127)

    /// The vocabulary that a URI names; nil where it is none of the draft's.
    init?(uri: String, of dialect: SchemaDialect) {
        let base = dialect.rawValue.dropLast("schema".utf8.count) + "vocab/"
        guard uri.hasPrefix(base) else { return nil }
        switch (String(uri.dropFirst(base.count)), dialect) {
        case ("core", _): self = .core
        case ("applicator", .draft201909): self = [.applicator, .unevaluated]
        case ("applicator", _): self = .applicator
        case ("unevaluated", .draft202012): self = .unevaluated
        case ("validation", _): self = .validation
        case ("meta-data", _): self = .metaData
        case ("content", _): self = .content
        case ("format", .draft201909): self = .format
        case ("format-annotation", .draft202012): self = .format
        case ("format-assertion", .draft202012): self = [.format, .formatAssertion]
        default: return nil
        }
    }

    init(rawValue: UInt16) { self.rawValue = rawValue }
}

struct DialectRules {
    let dialect: SchemaDialect
    let drafts: Drafts
    var vocabularies: Vocabularies
    /// Keywords may be of vocabularies that are not known here, and need not be.
    var hasUnknownVocabularies = false
    /// The meta-schema's URI where it is not a draft's own.
    var metaSchema: String?

    init(_ dialect: SchemaDialect, _ vocabularies: Vocabularies = .standard) {
        self.dialect = dialect
        self.drafts = Drafts(dialect)
        self.vocabularies = vocabularies
    }

    /// The keyword has a meaning here.
    func has(_ keyword: KeywordName) -> Bool {
        keyword.drafts.contains(drafts) && vocabularies.contains(keyword.vocabulary)
    }

    /// Nothing that stands beside `$ref` counts.
    var isReferenceAlone: Bool { !Drafts.upTo7.isDisjoint(with: drafts) }
}
