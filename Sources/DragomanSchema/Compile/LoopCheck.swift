// SPDX-License-Identifier: Apache-2.0
// Finds schemas that are applied to a value because they are applied to it: such a schema has no
// answer, and looking for one would not end.
internal import DragomanDocument

enum LoopCheck {
    private enum Mark { case open, done }

    private struct Step {
        let schema: Subschema
        var next: [Subschema]
    }

    /// Reports each of `schemas` that leads back to itself without going into the value.
    static func run(_ schemas: [Subschema], _ builder: SchemaBuilder) {
        var marks: [ObjectIdentifier: Mark] = [:]
        for schema in schemas where marks[ObjectIdentifier(schema)] == nil {
            var steps = [Step(schema: schema, next: schema.rules.flatMap(\.inPlace))]
            if steps[0].next.isEmpty { continue }
            marks[ObjectIdentifier(schema)] = .open
            while let step = steps.last {
                guard let target = step.next.last else {
                    marks[ObjectIdentifier(step.schema)] = .done
                    steps.removeLast()
                    continue
                }
                steps[steps.count - 1].next.removeLast()
                switch marks[ObjectIdentifier(target)] {
                case .done: continue
                case .open:
                    builder.report(
                        "the schema refers to itself without going deeper into the value",
                        at: target.node, in: target)
                case nil:
                    marks[ObjectIdentifier(target)] = .open
                    steps.append(Step(schema: target, next: target.rules.flatMap(\.inPlace)))
                }
            }
        }
    }
}
