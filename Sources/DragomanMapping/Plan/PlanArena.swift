// SPDX-License-Identifier: Apache-2.0
// What compiled plans point into: names, constants and reference steps, allocated once while
// loading, so that instructions are plain words without reference counts.

package import DragomanDocument

/// Owns the memory behind the constants and references of plans.
///
/// Every `RoutePlan` keeps its arena and every exchange its route, so that no pointer handed out
/// here outlives what it points at.
package final class PlanArena: @unchecked Sendable {
    // Sendable: only the thread that loads calls the functions below, before the plan that keeps
    // the arena is published; afterwards nothing in here changes until it is deallocated.
    private let pool = ConstantPool()
    private var texts: [String: ConstantText] = [:]
    private var documents: [Document] = []
    private var steps: [UnsafeMutablePointer<ReferenceStep>] = []

    package init() {}

    deinit {
        // ReferenceStep is trivial, so there is nothing to deinitialize.
        for block in steps { block.deallocate() }
    }

    /// The text, kept once however often it is asked for.
    package func text(_ string: String) -> ConstantText {
        if let known = texts[string] { return known }
        let text = pool.text(string)
        texts[string] = text
        return text
    }

    /// A value that `build` appends to an empty Document; nil where it appends none.
    package func constant(_ build: (Document) -> Void) -> ConstantNode? {
        let document = Document(tapeCapacity: 16, textCapacity: 64)
        build(document)
        guard let root = document.root else { return nil }
        documents.append(document)
        return ConstantNode(node: root)
    }

    /// A string value.
    package func constant(string: String) -> ConstantNode? {
        let kept = text(string)
        return constant { $0.append(constant: kept) }
    }

    func keep(_ list: [ReferenceStep]) -> UnsafePointer<ReferenceStep> {
        let block = UnsafeMutablePointer<ReferenceStep>.allocate(capacity: max(list.count, 1))
        for (index, step) in list.enumerated() { (block + index).initialize(to: step) }
        steps.append(block)
        return UnsafePointer(block)
    }
}

/// A value that never changes, owned by a `PlanArena`.
package struct ConstantNode: @unchecked Sendable {
    // Sendable: the Document it stands in was finished before this was made and is never
    // written again.
    package let node: Node
}
