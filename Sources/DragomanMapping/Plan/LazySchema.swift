// SPDX-License-Identifier: Apache-2.0
// A schema that is compiled when it is first needed: a contract with a thousand operations must
// not cost a thousand compilations before the first request is served.

package import DragomanDocument
package import DragomanSchema
internal import Synchronization

/// A schema and its program. The program is made once, by whoever asks first.
package final class LazySchema: Sendable {
    /// A program and the schema that it was made of.
    final class Compiled: Sendable {
        let program: SchemaProgram
        let source: SchemaSource?

        init(_ program: SchemaProgram, _ source: SchemaSource?) {
            self.program = program
            self.source = source
        }
    }

    private let reference = AtomicLazyReference<Compiled>()
    private let make: @Sendable () -> Compiled?

    /// - Parameter make: called on the thread that asks first, and again only if it gave nil.
    init(_ make: @escaping @Sendable () -> Compiled?) { self.make = make }

    convenience init(_ program: SchemaProgram, _ source: SchemaSource?) {
        let compiled = Compiled(program, source)
        self.init { compiled }
    }

    private var compiled: Compiled? {
        if let compiled = reference.load() { return compiled }
        guard let made = make() else { return nil }
        return reference.storeIfNil(made)
    }

    /// The program; nil where the schema can not be compiled, which has been reported at load or
    /// is a schema of this program's own making that nothing is checked by.
    package var program: SchemaProgram? { compiled?.program }

    /// The schema as text, for documents and `explain`.
    package var source: SchemaSource? { compiled?.source }

    /// What is first wrong with a value of one of the documents, with its place there; nil where
    /// nothing is. Allocates.
    package func firstViolation(of node: Node, in documents: [Document]) -> String? {
        let found = program?.violations(of: node, EvaluationContext(), limit: 2).violations ?? []
        guard let first = found.first else { return nil }
        let places = documents.lazy.compactMap { $0.pointer(to: first.place) }
        let place = places.first ?? ""
        return place.isEmpty ? first.parts.statement : "\(place) \(first.parts.statement)"
    }

    /// Whether the value is what the schema wants.
    package func isValid(_ node: Node, _ context: TranslationContext) -> Bool {
        program?.isValid(node, context.evaluation) ?? true
    }
}
