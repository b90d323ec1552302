// SPDX-License-Identifier: Apache-2.0
// What each keyword asks for. A value that the keyword can not have is a problem here too, for
// schemas whose meta-schema does not look.
internal import DragomanDocument

extension SchemaBuilder {
    /// nil where the keyword asks for nothing, says nothing, or is said by another.
    func content(_ name: KeywordName, _ value: Node, _ schema: Subschema) -> RuleContent? {
        switch name {
        case .id, .idOfDraft4, .schema, .anchor, .dynamicAnchor, .recursiveAnchor, .vocabulary,
            .comment, .defs, .definitions, .then, .else, .minContains, .maxContains:
            return nil
        case .ref: return text(value, schema) { content(ofReference: value, schema) }
        case .dynamicRef: return text(value, schema) { content(ofDynamic: value, schema) }
        case .recursiveRef: return text(value, schema) { content(ofRecursive: value, schema) }
        case .allOf, .anyOf, .oneOf, .prefixItems: return schemas(value, schema)
        case .not, .additionalProperties, .propertyNames, .unevaluatedItems,
            .unevaluatedProperties:
            return .schema(self.schema(value, in: schema))
        case .if: return condition(value, schema)
        case .properties, .dependentSchemas: return schemasByName(value, schema)
        case .patternProperties: return schemasByPattern(value, schema)
        case .dependencies: return dependentSchemas(value, schema)
        case .items, .additionalItems: return items(name, value, schema)
        case .contains: return contains(value, schema)
        case .type: return types(value, schema)
        case .enum: return values(value, schema)
        case .const: return .values([value])
        case .multipleOf: return divisor(value, schema)
        case .maximum, .exclusiveMaximum, .minimum, .exclusiveMinimum:
            return bound(name, value, schema)
        case .maxLength, .minLength, .maxItems, .minItems, .maxProperties, .minProperties:
            return count(value, schema).map { .count($0) }
        case .uniqueItems: return value.bool == true ? .unique : nil
        case .pattern:
            return text(value, schema) {
                pattern(value, text: value, in: schema).map { .pattern($0) }
            }
        case .required: return required(value, schema)
        case .dependentRequired: return dependentNames(value, schema)
        case .format: return format(value, schema)
        case .contentEncoding, .contentMediaType, .contentSchema, .title, .description, .default,
            .examples, .deprecated, .readOnly, .writeOnly:
            return .annotation
        }
    }

    private func text(
        _ value: Node, _ schema: Subschema, _ content: () -> RuleContent?
    ) -> RuleContent? {
        guard value.isString else {
            report("a string is due here", at: value, in: schema)
            return nil
        }
        return content()
    }

    private func isObject(_ value: Node, _ schema: Subschema) -> Bool {
        if value.kind == .object { return true }
        report("an object is due here", at: value, in: schema)
        return false
    }

    private func isArray(_ value: Node, _ schema: Subschema) -> Bool {
        if value.kind == .array { return true }
        report("an array is due here", at: value, in: schema)
        return false
    }

    // MARK: Applicators

    private func schemas(_ value: Node, _ schema: Subschema) -> RuleContent? {
        guard isArray(value, schema) else { return nil }
        return .schemas(value.items.map { self.schema($0, in: schema) })
    }

    private func schemasByName(_ value: Node, _ schema: Subschema) -> RuleContent? {
        guard isObject(value, schema) else { return nil }
        return .schemasByName(
            value.members.map { ($0.name, self.schema($0.value, in: schema)) })
    }

    private func schemasByPattern(_ value: Node, _ schema: Subschema) -> RuleContent? {
        guard isObject(value, schema) else { return nil }
        var result: [(pattern: Pattern, name: Node, schema: Subschema)] = []
        for member in value.members {
            let inner = self.schema(member.value, in: schema)
            if let pattern = pattern(member.value, text: member.name, in: schema) {
                result.append((pattern, member.name, inner))
            }
        }
        return .schemasByPattern(result)
    }

    /// The members of `dependencies` that are schemas.
    private func dependentSchemas(_ value: Node, _ schema: Subschema) -> RuleContent? {
        guard isObject(value, schema) else { return nil }
        let members = value.members.filter { $0.value.kind != .array }
        guard !members.isEmpty else { return .annotation }
        return .schemasByName(members.map { ($0.name, self.schema($0.value, in: schema)) })
    }

    /// The members that are lists of names.
    func dependentNames(_ value: Node, _ schema: Subschema) -> RuleContent? {
        guard value.kind == .object else { return nil }
        var result: [(name: Node, names: [Node])] = []
        for member in value.members where member.value.kind == .array {
            result.append((member.name, member.value.items.filter(\.isString)))
        }
        return result.isEmpty ? nil : .namesByName(result)
    }

    private func condition(_ value: Node, _ schema: Subschema) -> RuleContent? {
        let rules = schema.resource.rules
        let then = rules.has(.then) ? schema.node.member("then") : nil
        let otherwise = rules.has(.else) ? schema.node.member("else") : nil
        return .condition(
            self.schema(value, in: schema), then: then.map { self.schema($0, in: schema) },
            else: otherwise.map { self.schema($0, in: schema) })
    }

    private func items(
        _ name: KeywordName, _ value: Node, _ schema: Subschema
    ) -> RuleContent? {
        if name == .items, value.kind == .array, schema.resource.rules.has(.additionalItems) {
            return schemas(value, schema)
        }
        var start = 0
        if name == .additionalItems {
            // It says something only beside a list of schemas.
            guard let items = schema.node.member("items"), items.kind == .array else { return nil }
            start = items.count
        } else if schema.resource.rules.has(.prefixItems) {
            start = schema.node.member("prefixItems")?.count ?? 0
        }
        return .items(self.schema(value, in: schema), from: start)
    }

    private func contains(_ value: Node, _ schema: Subschema) -> RuleContent? {
        let rules = schema.resource.rules
        var least = 1
        var most: Int?
        if rules.has(.minContains), let node = schema.node.member("minContains") {
            least = count(node, schema) ?? 1
        }
        if rules.has(.maxContains), let node = schema.node.member("maxContains") {
            most = count(node, schema)
        }
        return .contains(
            self.schema(value, in: schema), least: least, most: most,
            marksItems: rules.dialect == .draft202012)
    }

    // MARK: Assertions

    private func types(_ value: Node, _ schema: Subschema) -> RuleContent? {
        var types: SchemaTypes = []
        let names = value.kind == .array ? Array(value.items) : [value]
        for name in names {
            guard name.isString, let type = SchemaTypes(name: name.string) else {
                report("this is no type", at: name, in: schema)
                return nil
            }
            types.formUnion(type)
        }
        return .types(types)
    }

    private func values(_ value: Node, _ schema: Subschema) -> RuleContent? {
        isArray(value, schema) ? .values(Array(value.items)) : nil
    }

    private func divisor(_ value: Node, _ schema: Subschema) -> RuleContent? {
        guard value.isNumber, let divisor = Divisor(value.bytes) else {
            report("a number above zero is due here", at: value, in: schema)
            return nil
        }
        return .multiple(divisor)
    }

    private func bound(
        _ name: KeywordName, _ value: Node, _ schema: Subschema
    ) -> RuleContent? {
        let isMinimum = name == .minimum || name == .exclusiveMinimum
        var isExclusive = name == .exclusiveMinimum || name == .exclusiveMaximum
        if schema.resource.rules.dialect == .draft4 {
            // A boolean beside the bound.
            if isExclusive { return nil }
            let flag = schema.node.member(isMinimum ? "exclusiveMinimum" : "exclusiveMaximum")
            isExclusive = flag?.bool == true
        }
        guard value.isNumber else {
            report("a number is due here", at: value, in: schema)
            return nil
        }
        return .bound(isMinimum: isMinimum, isExclusive: isExclusive)
    }

    private func count(_ value: Node, _ schema: Subschema) -> Int? {
        guard value.isNumber else {
            report("a whole number is due here", at: value, in: schema)
            return nil
        }
        if let number = value.int64, number >= 0 { return Int(number) }
        let number = ExactNumber(value.bytes)
        guard number.isInteger, !number.isNegative else {
            report("a whole number is due here", at: value, in: schema)
            return nil
        }
        return Int.max
    }

    private func required(_ value: Node, _ schema: Subschema) -> RuleContent? {
        // Draft 3 had a boolean here, and so do schemas that were never validated.
        guard isArray(value, schema) else { return nil }
        var names: [Node] = []
        for name in value.items {
            guard name.isString else {
                report("a string is due here", at: name, in: schema)
                continue
            }
            if !names.contains(where: { $0.textEquals(name.bytes) }) { names.append(name) }
        }
        return .names(names)
    }

    private func format(_ value: Node, _ schema: Subschema) -> RuleContent? {
        let isAsserted =
            registry.options.formats == .assert
            || schema.resource.rules.vocabularies.contains(.formatAssertion)
        guard isAsserted, value.isString else { return .annotation }
        let name = value.string
        if let format = Format(rawValue: name) { return .format(format) }
        if registry.options.checksSchemas {
            registry.warn(
                "the format \(JSONText.quoted(name)) is not known, and checks nothing",
                about: "format " + name, at: value, in: schema.resource.file,
                suggestion: NearestName.find(name, in: Format.allCases.map(\.rawValue)))
        }
        return .annotation
    }
}
