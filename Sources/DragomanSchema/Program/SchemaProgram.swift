// SPDX-License-Identifier: Apache-2.0
// A compiled schema: immutable, shared by all event loops.
package import DragomanDocument

/// What a schema thinks of a document.
package enum SchemaVerdict: Sendable {
    case valid, invalid
    /// A pattern reached its limit, or schemas went round in circles: refused, whatever the rest
    /// of the schema says. `EvaluationContext.abortion` says which.
    case aborted
}

/// A dynamic reference's target by anchor and resource.
struct DynamicTarget {
    let anchor: String
    let resource: SchemaResource
    let schema: Subschema
}

package final class SchemaProgram: @unchecked Sendable {
    // Sendable: everything it points at was written before it was made, and is never changed.
    let root: Subschema
    let graph: SchemaGraph
    private let entry: SchemaBlock
    /// Where dynamic references may lead.
    private let dynamicEntries: UnsafePointer<DynamicEntry>?
    private let dynamicCount: Int
    /// The same, for the explainer.
    let dynamicTargets: [DynamicTarget]

    init(
        _ graph: SchemaGraph, _ root: Subschema, _ entry: SchemaBlock, _ entries: [DynamicEntry],
        _ targets: [DynamicTarget]
    ) {
        self.graph = graph
        self.root = root
        self.entry = entry
        dynamicEntries = entries.isEmpty ? nil : graph.arena.copy(entries)
        dynamicCount = entries.count
        dynamicTargets = targets
    }

    /// The answer, as fast as possible; for a valid document without allocating.
    package func verdict(_ node: Node, _ context: EvaluationContext) -> SchemaVerdict {
        context.begin()
        if root.reachesDynamic {
            context.dynamicEntries = dynamicEntries
            context.dynamicCount = dynamicCount
            context.scopes.append(root.resource.number)
        }
        let fits = context.apply(entry, node)
        if context.abortion != nil { return .aborted }
        return fits ? .valid : .invalid
    }

    /// `verdict` is `.valid`.
    package func isValid(_ node: Node, _ context: EvaluationContext) -> Bool {
        verdict(node, context) == .valid
    }
}
