// SPDX-License-Identifier: Apache-2.0
// What the names of steps mean in expressions: each step is what its operation answers, `steps`
// tells which of them went well.

internal import DragomanDocument
internal import DragomanSchema

/// The names that a route with steps adds to its expressions.
struct StepNames {
    /// The name of the object that holds `NAME.ok`.
    static let overview = "steps"

    let variables: [TemplateScope.Variable]

    init(
        _ steps: [(step: MappingStep, operation: OperationContract)], slots: SlotAllocator,
        library: SchemaLibrary
    ) {
        var variables = steps.map { step, operation in
            TemplateScope.Variable(
                name: step.name.text, slot: slots.take(),
                shape: StepNames.shape(step, operation, library), usage: nil,
                mayBeAbsent: step.isOptional && step.fallback == nil)
        }
        variables.append(
            TemplateScope.Variable(
                name: StepNames.overview, slot: slots.take(),
                shape: StepNames.overview(steps.map(\.step.name.text), library), usage: nil))
        self.variables = variables
    }

    func slot(_ name: String) -> Int? { variables.first { $0.name == name }?.slot }

    /// The reply; with `each` a list of replies.
    private static func shape(
        _ step: MappingStep, _ operation: OperationContract, _ library: SchemaLibrary
    ) -> SchemaShape? {
        guard let reply = operation.reply else { return nil }
        guard step.each != nil else { return reply }
        guard let reference = reply.reference else { return nil }
        let document = Document(tapeCapacity: 16, textCapacity: 128)
        document.beginObject()
        document.key("type")
        document.append(string: "array")
        document.key("items")
        document.beginObject()
        document.key("$ref")
        document.append(string: reference)
        document.endObject()
        document.endObject()
        return shape(document, name: reply.name, library)
    }

    /// `{ NAME: { ok } }` for each step.
    private static func overview(_ names: [String], _ library: SchemaLibrary) -> SchemaShape? {
        let document = Document(tapeCapacity: 64, textCapacity: 512)
        closedObject(document, names) {
            closedObject(document, ["ok"]) {
                document.beginObject()
                document.key("type")
                document.append(string: "boolean")
                document.endObject()
            }
        }
        return shape(document, name: overview, library)
    }

    private static func closedObject(
        _ document: Document, _ names: [String], _ member: () -> Void
    ) {
        document.beginObject()
        document.key("type")
        document.append(string: "object")
        document.key("properties")
        document.beginObject()
        for name in names {
            document.key(name)
            member()
        }
        document.endObject()
        document.key("required")
        document.beginArray()
        for name in names { document.append(string: name) }
        document.endArray()
        document.key("additionalProperties")
        document.append(false)
        document.endObject()
    }

    private static func shape(
        _ document: Document, name: String, _ library: SchemaLibrary
    ) -> SchemaShape? {
        let uri = library.add(document, name: "steps", origin: .derived)
        guard let compiled = library.compiled(uri) else { return nil }
        return SchemaShape(view: compiled.program.view, source: compiled.source, name: name)
    }
}
