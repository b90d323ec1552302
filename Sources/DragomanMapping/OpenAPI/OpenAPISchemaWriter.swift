// SPDX-License-Identifier: Apache-2.0
// One schema, copied into an OpenAPI document: references rewritten, keywords of older drafts in
// the words of 2020-12.

internal import DragomanDocument

struct OpenAPISchemaWriter {
    let schemas: OpenAPISchemas
    let file: SchemaDocumentFile
    let output: Document

    /// Deeper than any schema that people write; what is below may be anything.
    private static let depthMax = 400

    /// Values are data, whatever they look like.
    private static let data: Set = [
        "const", "default", "enum", "example", "examples", "required", "type", "dependentRequired",
    ]
    private static let maps: Set = [
        "properties", "patternProperties", "dependentSchemas",
    ]
    private static let lists: Set = ["allOf", "anyOf", "oneOf", "prefixItems"]
    /// What says nothing here: definitions become components, the dialect is OpenAPI's.
    private static let omitted: Set = ["$schema", "$id", "$defs", "definitions", "$comment"]

    func schema(_ node: Node, depth: Int) {
        guard node.isObject else { return output.append(copy: node) }
        guard depth < Self.depthMax else { return output.append(true) }
        if let part = inlined(node) {
            return OpenAPISchemaWriter(
                schemas: schemas, file: SchemaDocumentFile(part.source), output: output
            ).schema(part.node, depth: depth + 1)
        }
        output.object {
            // Up to draft 7 nothing beside a reference counts.
            if file.draft <= 7, let reference = node.member(named: "$ref"), reference.isString {
                return self.reference(reference.string)
            }
            for member in node.members {
                keyword(member.name.string, member.value, of: node, depth)
            }
        }
    }

    /// What a reference leads to that is no definition but a part of one: it has no name to be a
    /// component by.
    private func inlined(_ node: Node) -> (source: SchemaSource, node: Node)? {
        guard node.count == 1, let reference = node.member(named: "$ref"), reference.isString,
            let source = schemas.resolve(reference.string, from: file), !source.pointer.isEmpty,
            let target = source.node
        else { return nil }
        let isDefinition = ["/$defs/", "/definitions/", "/components/schemas/"].contains {
            source.pointer.hasPrefix($0) && !source.pointer.dropFirst($0.count).contains("/")
        }
        return isDefinition ? nil : (source, target)
    }

    private func keyword(_ name: String, _ value: Node, of node: Node, _ depth: Int) {
        if Self.omitted.contains(name) { return }
        switch name {
        case "$ref" where value.isString: return reference(value.string)
        case "id" where file.draft == 4 && value.isString: return
        case "exclusiveMinimum", "exclusiveMaximum":
            if value.kind == .true || value.kind == .false { return }
        case "minimum", "maximum":
            let exclusive = name == "minimum" ? "exclusiveMinimum" : "exclusiveMaximum"
            if node.member(named: exclusive)?.kind == .true {
                output.key(exclusive)
                return output.append(copy: value)
            }
        case "items" where value.isArray:
            output.key("prefixItems")
            return list(value, depth)
        case "additionalItems":
            guard node.member(named: "items")?.isArray == true else { return }
            output.key("items")
            return schema(value, depth: depth + 1)
        case "dependencies" where value.isObject: return dependencies(value, depth)
        default: break
        }
        output.key(name)
        if Self.data.contains(name) {
            output.append(copy: value)
        } else if Self.maps.contains(name), value.isObject {
            output.object {
                for member in value.members {
                    output.key(member.name.bytes)
                    schema(member.value, depth: depth + 1)
                }
            }
        } else if Self.lists.contains(name), value.isArray {
            list(value, depth)
        } else {
            schema(value, depth: depth + 1)
        }
    }

    private func list(_ value: Node, _ depth: Int) {
        output.array {
            for item in value.items { schema(item, depth: depth + 1) }
        }
    }

    /// Names of members that come along, or schemas for the whole.
    private func dependencies(_ value: Node, _ depth: Int) {
        let members = Array(value.members)
        let names = members.filter { $0.value.isArray }
        let schemas = members.filter { !$0.value.isArray }
        if !names.isEmpty {
            output.member(
                "dependentRequired",
                object: {
                    for member in names {
                        output.key(member.name.bytes)
                        output.append(copy: member.value)
                    }
                })
        }
        if !schemas.isEmpty {
            output.member(
                "dependentSchemas",
                object: {
                    for member in schemas {
                        output.key(member.name.bytes)
                        schema(member.value, depth: depth + 1)
                    }
                })
        }
    }

    /// A reference that leads nowhere was refused when the schema was compiled.
    private func reference(_ text: String) {
        guard let source = schemas.resolve(text, from: file) else { return }
        output.member("$ref", schemas.reference(to: source))
    }
}
