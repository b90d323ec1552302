// SPDX-License-Identifier: Apache-2.0
// The JSON Schemas of all messages of a contract in one document for each direction: operations
// of one contract reach mostly the same types; in VMware's most of 491 reach most of 2,000.

package import DragomanDocument

extension ServiceContract {
    /// Appends a schema document (2020-12) whose `properties` are what requests are held against,
    /// by the operations' names.
    package func appendRequestSchemas(to document: Document) {
        JSONSchemaWriter.append(
            messages: operations.map { ($0.name, $0.request.schemaElement) }, of: plans,
            form: .accepted, to: document)
    }

    /// The same of the replies; one-way operations have none.
    package func appendReplySchemas(to document: Document) {
        JSONSchemaWriter.append(
            messages: operations.filter { !$0.isOneWay }.map { ($0.name, $0.reply.schemaElement) },
            of: plans, form: .reply, to: document)
    }

    /// The parts that faults of any operation may bear, by name; of several of a name the first.
    package var faultParts: [PartPlan] {
        var names: Set<String> = []
        return operations.flatMap(\.faults).filter { names.insert($0.name).inserted }
    }

    /// Appends a schema document whose `properties` are `faultParts`.
    package func appendFaultSchemas(to document: Document) {
        JSONSchemaWriter.append(
            messages: faultParts.map { ($0.name, $0.element) }, of: plans, form: .reply,
            to: document)
    }
}
