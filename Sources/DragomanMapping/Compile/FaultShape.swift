// SPDX-License-Identifier: Apache-2.0
// What `fault` is in rules of a SOAP backend: XML-FORM.md's object, its detail typed by the faults
// that the contract's operations declare. A file's rules serve all of its routes, so the faults of
// all operations are known to each.

internal import DragomanDocument
internal import DragomanXML

extension SOAPBackend {
    func makeFaultShape() -> SchemaShape? {
        let parts = contract.faultParts
        let details =
            parts.isEmpty
            ? nil : shape("the faults") { [contract] in contract.appendFaultSchemas(to: $0) }
        let references = parts.compactMap { part -> (name: String, reference: String)? in
            guard case .known(let detail)? = details?.member(part.name) else { return nil }
            return detail.reference.map { (name: part.name, reference: $0) }
        }
        return shape("the fault") { document in
            Self.closedObject(document, required: ["code", "reason"]) {
                for name in ["code", "reason", "node", "role"] {
                    document.key(name)
                    Self.type("string", document)
                }
                document.key("subcode")
                Self.type("array", document)
                document.key("detail")
                Self.closedObject(document) {
                    for (name, reference) in references {
                        document.key(name)
                        document.beginObject()
                        document.key("$ref")
                        document.append(string: reference)
                        document.endObject()
                    }
                    document.key("@any")
                    Self.type("array", document)
                }
            }
        }
    }

    private static func type(_ name: String, _ document: Document) {
        document.beginObject()
        document.key("type")
        document.append(string: name)
        document.endObject()
    }

    private static func closedObject(
        _ document: Document, required: [String] = [], _ members: () -> Void
    ) {
        document.beginObject()
        document.key("type")
        document.append(string: "object")
        document.key("properties")
        document.beginObject()
        members()
        document.endObject()
        document.key("required")
        document.beginArray()
        for name in required { document.append(string: name) }
        document.endArray()
        document.key("additionalProperties")
        document.append(false)
        document.endObject()
    }
}
