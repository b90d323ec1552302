// SPDX-License-Identifier: Apache-2.0
// The schemas of schemas that are built in: what each draft says a schema looks like, written down
// without the texts that only people read.
internal import DragomanDocument

enum MetaSchema {
    /// The JSON text of the meta-schema, or part of one, that is known by `uri`.
    static func text(_ uri: String) -> String? {
        switch uri {
        case SchemaDialect.draft4.rawValue: draft4
        case SchemaDialect.draft6.rawValue: draft6
        case SchemaDialect.draft7.rawValue: draft7
        case SchemaDialect.draft201909.rawValue: draft201909
        case SchemaDialect.draft202012.rawValue: draft202012
        default: part(uri)
        }
    }

    private static func part(_ uri: String) -> String? {
        for dialect in [SchemaDialect.draft201909, .draft202012] {
            let base = dialect.rawValue.dropLast("schema".utf8.count) + "meta/"
            guard uri.hasPrefix(base) else { continue }
            let name = String(uri.dropFirst(base.count))
            return dialect == .draft201909 ? parts201909[name] : parts202012[name]
        }
        return nil
    }

    static func document(_ uri: String) -> Document? {
        guard let text = text(uri) else { return nil }
        // The texts are this file's neighbours; a test reads them all.
        return try? Document.reading(text)
    }
}
