// SPDX-License-Identifier: Apache-2.0
// The schemas of a contract's messages in one direction, which share most of what they say: one
// document, and after the first few one compilation for all the others. Compiled one by one, those
// of VMware's contract would take three minutes and nine gigabytes.

internal import DragomanDocument
internal import Synchronization

/// Schemas that are members of one document's `properties`.
final class SchemaGroup: Sendable {
    private struct State {
        var schemas: [String: LazySchema.Compiled] = [:]
        /// Subschemas that were compiled for one schema alone.
        var alone = 0
        var isWhole = false
    }

    private let library: SchemaLibrary
    private let uri: String
    private let names: [String]
    private let build: @Sendable (Document) -> Void
    private let state = Mutex(State())

    private let aloneMax: Int

    /// `build` writes the document, on the thread that asks first. `aloneMax`: schemas are compiled
    /// alone until they have come to so many subschemas together; most clients call few operations,
    /// and most operations reach few types.
    init(
        _ library: SchemaLibrary, names: [String], aloneMax: Int = 20_000,
        build: @escaping @Sendable (Document) -> Void
    ) {
        self.library = library
        self.names = names
        self.aloneMax = aloneMax
        self.build = build
        uri = "dragoman:messages/\(library.uniqueNumber())"
    }

    /// How many of the schemas there are by now.
    var compiledCount: Int { state.withLock { $0.schemas.count } }

    /// One of the schemas, compiled when it is asked for.
    func lazy(_ name: String) -> LazySchema {
        LazySchema { [self] in state.withLock { schema(name, &$0) } }
    }

    private func schema(_ name: String, _ state: inout State) -> LazySchema.Compiled? {
        if let known = state.schemas[name] { return known }
        if state.isWhole { return nil }
        _ = library.document(uri) {
            let document = Document()
            build(document)
            return document
        }
        state.isWhole = state.alone > aloneMax
        let wanted = state.isWhole ? names.filter { state.schemas[$0] == nil } : [name]
        let made = library.compiled(
            uri, at: wanted.map { "/properties/\(JSONPointer.escape($0))" })
        state.alone += made.added
        for (name, schema) in zip(wanted, made.schemas) { state.schemas[name] = schema }
        return state.schemas[name]
    }
}
