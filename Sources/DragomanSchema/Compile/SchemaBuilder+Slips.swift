// SPDX-License-Identifier: Apache-2.0
// Schemas that are right and can not have been meant: a member that must be there and may not,
// bounds that nothing meets. Warned of where people write schemas.

internal import DragomanDocument

extension SchemaBuilder {
    func checkSlips(_ schema: Subschema) {
        guard registry.options.checksSchemas, schema.node.isObject else { return }
        checkRequired(schema)
        for (low, high) in SchemaBuilder.bounds { checkBounds(schema, low, high) }
    }

    private static let bounds = [
        ("minimum", "maximum"), ("minLength", "maxLength"), ("minItems", "maxItems"),
        ("minProperties", "maxProperties"),
    ]

    private func checkRequired(_ schema: Subschema) {
        guard let required = schema.node.member("required"), required.isArray,
            let properties = schema.node.member("properties"), properties.isObject
        else { return }
        let isClosed =
            schema.node.member("additionalProperties")?.bool == false
            && schema.node.member("patternProperties") == nil
        var items = required.items
        while let item = items.next() {
            guard item.isString, properties.member(named: item.string) == nil else { continue }
            var names: [String] = []
            for member in properties.members { names.append(member.name.string) }
            let meant = NearestName.find(item.string, in: names)
            guard isClosed || meant != nil else { continue }
            let quoted = JSONText.quoted(item.string)
            warn(
                isClosed
                    ? "\(quoted) is required, and `additionalProperties: false` refuses it"
                    : "\(quoted) is required, and is none of the properties", item, schema, meant)
        }
    }

    private func checkBounds(_ schema: Subschema, _ low: String, _ high: String) {
        guard let least = schema.node.member(named: low), let lowest = least.double,
            let most = schema.node.member(named: high), let highest = most.double,
            lowest > highest
        else { return }
        warn("nothing is at least \(least.json) and at most \(most.json)", most, schema, nil)
    }

    private func warn(
        _ message: String, _ node: Node, _ schema: Subschema, _ suggestion: String?
    ) {
        registry.warn(
            message, about: "\(message) at \(schema.resource.file.pointer(to: node))", at: node,
            in: schema.resource.file, suggestion: suggestion)
    }
}
