// SPDX-License-Identifier: Apache-2.0
// Several calls in one route: which, in what order, and where their results are kept
// (MAPPING.md, "Several calls in one route").

package import DragomanDocument

/// The calls of a route, in file order. Data flow decides when each is made.
package struct StepsPlan: Sendable {
    package let steps: [StepPlan]
    /// Slot of `steps`, where `steps.NAME.ok` is read; nil where nothing reads it.
    package let slot: Int?
}

/// One call, or one for each item of a list.
package final class StepPlan: Sendable {
    package let name: String
    /// Names the step where `steps` is built.
    package let nameText: ConstantText
    /// The call as a route of its own: its request, its call and its policies. Its slots are those
    /// of the route that it stands in.
    package let route: RoutePlan
    /// Slot of the result.
    package let slot: Int
    /// Steps that must be over before this one may begin, by index.
    package let dependencies: [Int]
    package let isOptional: Bool
    package let fallback: TemplateProgram?
    package let each: EachPlan?

    init(
        name: ConstantText, route: RoutePlan, slot: Int, dependencies: [Int], isOptional: Bool,
        fallback: TemplateProgram?, each: EachPlan?
    ) {
        self.name = name.string
        nameText = name
        self.route = route
        self.slot = slot
        self.dependencies = dependencies
        self.isOptional = isOptional
        self.fallback = fallback
        self.each = each
    }
}

/// A call for each item of a list.
package struct EachPlan: Sendable {
    let list: Expression
    /// Slot of `item`.
    package let itemSlot: Int
    /// Calls at a time.
    package let parallelMax: Int

    /// The items; nil where the list is absent.
    ///
    /// - Throws: keyword `mapping`, where it is no list.
    package func items(
        _ context: TranslationContext, into document: Document
    ) throws(TranslationError) -> Node? {
        let value = try list.evaluate(context)
        if case .absent = value { return nil }
        value.append(to: document)
        guard let root = document.root, root.isArray else {
            list.noteFailure(context)
            throw TranslationError(
                .value, keyword: "mapping",
                "`each` wants an array, and got \(document.root.map { Kinds.article($0.kind) } ?? "nothing")"
            )
        }
        return root
    }
}

extension TranslationContext {
    /// Begins a call of a step: everything that the whole exchange knows is known to it.
    package func begin(_ step: RoutePlan, within exchange: TranslationContext) {
        begin(step)
        values = exchange.values
        given = exchange.given
    }

    /// Sets the value of a step, of `item` or of `steps`; nil makes it absent.
    package func set(slot: Int, _ node: Node?) { values[slot] = node }

    /// The value of a step.
    package func value(slot: Int) -> Node? { values[slot] }
}
