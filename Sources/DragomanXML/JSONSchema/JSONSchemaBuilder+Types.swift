// SPDX-License-Identifier: Apache-2.0
// Types in schemas: objects with their members, content in document order, and `if` on `@type`
// where others may stand in, so that errors stay readable.

internal import DragomanDocument

extension JSONSchemaBuilder {
    /// The keywords of a type, into the object that is open.
    func typeBody(_ index: Int32) {
        let type = plans.types[index]
        if let text = plans.descriptions.typeDocumentation[Int(index)] {
            pair("description", text)
        }
        let isPolymorphic = type.derivedCount > 0 && type.kind != .any
        if isPolymorphic, type.kind != .simple || type.isAbstract {
            return polymorphicBody(index, type)
        }
        if isPolymorphic, plans.descriptions.typeNames[Int(index)] != nil {
            return variedText(type)
        }
        if type.isAbstract {
            // Nothing derives from it: no value is possible.
            pair("type", "object")
            required(["@type"])
            return object("properties") {
                document.key("@type"); document.append(false)
            }
        }
        ownBody(index, type)
    }

    private func ownBody(_ index: Int32, _ type: TypePlan) {
        switch type.kind {
        case .simple: simpleBody(type.simple)
        case .any: anyBody(type)
        case .xml: markup()
        case .soapArray: arrayBody(type)
        default:
            open.insert(index)
            let names = typeNames[index] ?? []
            structureBody(index, extra: names.isEmpty ? [] : [("@type", names)])
            open.remove(index)
        }
    }

    private func polymorphicBody(_ index: Int32, _ type: TypePlan) {
        polymorphicBody(
            type, own: type.isAbstract ? [] : typeNames[index] ?? [], element: [],
            body: { self.ownBody(index, type) }, other: namedBody)
    }

    /// Branches by `@type`; `body` is that of the declared type itself.
    private func polymorphicBody(
        _ type: TypePlan, own: [String], element: [String], body: () -> Void,
        other: (Alternative) -> Void
    ) {
        let others = (0..<type.derivedCount).map { plans.derived[type.firstDerived + $0] }
        pair("type", "object")
        let due = (element.isEmpty ? [] : ["@element"]) + (type.isAbstract ? ["@type"] : [])
        required(due)
        object("properties") {
            if !element.isEmpty { object("@element") { enumeration(element) } }
            object("@type") { enumeration(spellings(others) + own) }
        }
        array("allOf") {
            for alternative in others {
                item { branch("@type", spellings(alternative)) { other(alternative) } }
            }
            if !type.isAbstract {
                item {
                    object("if") {
                        object("not") {
                            object("properties") {
                                object("@type") { enumeration(spellings(others)) }
                            }
                            required(["@type"])
                        }
                    }
                    object("then", body)
                }
            }
        }
    }

    /// An object that names its element, which implies the type, or one that derives from it.
    func substituteTypeBody(_ index: Int32, _ names: [String]) {
        let type = plans.types[index]
        let own = type.isAbstract ? [] : typeNames[index] ?? []
        func structure() {
            structureBody(
                index, extra: [("@element", names)] + (own.isEmpty ? [] : [("@type", own)]))
        }
        guard type.derivedCount > 0 else { return structure() }
        polymorphicBody(type, own: own, element: names, body: structure) { other in
            switch plans.types[other.target].kind {
            case .value, .object, .content, .mixed:
                reference(.substitute(type: other.target, names: names))
            default: break
            }
        }
    }

    /// Text for which types with attributes may stand in.
    private func variedText(_ type: TypePlan) {
        let others = (0..<type.derivedCount).map { plans.derived[type.firstDerived + $0] }
            .filter { plans.types[$0.target].kind != .simple }
        guard !others.isEmpty else { return simpleBody(type.simple) }
        object("properties") {
            object("@type") { enumeration(spellings(others)) }
        }
        array("allOf") {
            item {
                object("if") {
                    pair("type", "object")
                    required(["@type"])
                }
                object("else") { simpleBody(type.simple) }
            }
            for other in others {
                item { branch("@type", spellings(other)) { namedBody(other) } }
            }
        }
    }

    /// A type under `@type`.
    func namedBody(_ other: Alternative) {
        let type = plans.types[other.target]
        switch type.kind {
        case .value, .object, .content, .mixed: reference(.type(other.target))
        default:
            pair("type", "object")
            object("properties") {
                object("@type") { one(of: spellings(other)) }
                object("value") {
                    if type.kind == .simple, type.derivedCount > 0 {
                        simpleBody(type.simple)
                    } else {
                        reference(.type(other.target))
                    }
                }
            }
            required(["@type", "value"])
            pair("additionalProperties", false)
        }
    }

    // MARK: Objects

    /// An object: attributes, then elements, `value` or content.
    /// `extra`: members of ours with the values that they may have.
    func structureBody(_ index: Int32, extra: [(name: String, values: [String])]) {
        let type = plans.types[index]
        let scope = plans.scopes[type.scope]
        pair("type", "object")
        var names = requiredAttributes(scope)
        if extra.contains(where: { $0.name == "@element" }) { names.append("@element") }
        object("properties") {
            for member in extra { object(member.name) { enumeration(member.values) } }
            attributeProperties(scope)
            if type.anyAttribute >= 0 {
                object("@anyAttribute") {
                    pair("type", "object")
                    anyAttributeBody(type, scope)
                }
            }
            contentProperties(type, scope)
            let hasAny = scope.wildcardMember >= 0
            if form == .reply, !hasAny { object("@any") { pair("type", "array") } }
        }
        if type.kind == .value { names.append("value") }
        if type.content >= 0, plans.scopes[type.content].root >= 0,
            !plans.nodes[plans.scopes[type.content].root].isEmptiable
        {
            names.append(type.kind == .content ? "@content" : "@mixed")
        }
        groupBody(scope, required: names)
        pair("additionalProperties", false)
    }

    private func contentProperties(_ type: TypePlan, _ scope: ScopePlan) {
        switch type.kind {
        case .value: object("value") { simpleBody(type.simple) }
        case .content: object("@content") { contentBody(type) }
        case .mixed: object("@mixed") { contentBody(type) }
        default: memberProperties(scope)
        }
    }

    func attributeProperties(_ scope: ScopePlan) {
        for offset in 0..<scope.attributeCount {
            let index = scope.firstAttribute + offset
            let plan = plans.attributes[index]
            if plan.isOmitted { continue }
            object(plan.json.string) {
                if let text = plans.descriptions.attributeDocumentation[index] {
                    pair("description", text)
                }
                simpleBody(plan.simple)
                if plan.constraint >= 0 {
                    constant(
                        plan.isFixed ? "const" : "default", plan.constraint,
                        plans.simples[plan.simple])
                }
            }
        }
    }

    func requiredAttributes(_ scope: ScopePlan) -> [String] {
        (0..<scope.attributeCount).compactMap { offset in
            let plan = plans.attributes[scope.firstAttribute + offset]
            let isDue = plan.isRequired && plan.constraint < 0 && !plan.isOmitted
            return isDue ? plan.json.string : nil
        }
    }

    func memberProperties(_ scope: ScopePlan) {
        for offset in 0..<scope.memberCount {
            let member = plans.members[scope.firstMember + offset]
            if member.isOmitted { continue }
            object(member.json.string) { memberBody(member) }
        }
    }

    private func memberBody(_ member: MemberPlan) {
        if member.isUnwrapped {
            let isNillable = plans.elements[member.element].isNillable
            if isNillable { strings("type", ["array", "null"]) } else { pair("type", "array") }
            object("items") { elementBody(member.inner) }
            if member.innerMin > 0 { pair("minItems", Int(member.innerMin)) }
            if member.innerMax >= 0 { pair("maxItems", Int(member.innerMax)) }
            return
        }
        guard member.isArray else { return oneBody(member) }
        pair("type", "array")
        object("items") { oneBody(member) }
        let isEmptiable =
            member.scope >= 0 && plans.nodes[plans.scopes[member.scope].root].isEmptiable
        if member.min > 0, !isEmptiable { pair("minItems", Int(member.min)) }
        let isCounted = member.innerMax != 0 || member.scope < 0
        if member.max >= 0, isCounted { pair("maxItems", Int(member.max)) }
    }

    private func oneBody(_ member: MemberPlan) {
        switch member.kind {
        case .element: elementBody(member.element)
        case .any: wildcardBody(member.wildcard)
        default: itemBody(member.scope)
        }
    }

    /// An item of `@choice` or `@sequence`.
    private func itemBody(_ index: Int32) {
        let scope = plans.scopes[index]
        pair("type", "object")
        object("properties") { memberProperties(scope) }
        groupBody(scope, required: [])
        pair("minProperties", 1)
        pair("additionalProperties", false)
    }

    // MARK: Content in document order

    private func contentBody(_ type: TypePlan) {
        let scope = plans.scopes[type.content]
        pair("type", "array")
        let isMixed = type.kind == .mixed
        guard scope.memberCount > 0 || form == .reply else {
            // Texts beside one another would be one.
            pair("maxItems", 1)
            return object("items") { textItemBody() }
        }
        object("items") {
            guard isMixed else { return contentItemBody(scope) }
            array("anyOf") {
                item { textItemBody() }
                item { contentItemBody(scope) }
            }
        }
        if scope.root >= 0, !plans.nodes[scope.root].isEmptiable {
            if isMixed {
                object("contains") { pair("type", "object") }
            } else {
                pair("minItems", 1)
            }
        }
        if isMixed, form != .reply { apartBody() } else if !isMixed { orderBody(scope) }
    }

    /// Texts of the first items are not beside one another; of later ones the writer says so.
    private func apartBody() {
        array("allOf") {
            item {
                pair("x-facet", "contract")
                pair("x-expects", "without two texts beside one another, which would become one")
                object("not") {
                    array("anyOf") {
                        for position in 0..<12 {
                            item {
                                array("prefixItems") {
                                    for _ in 0..<position { document.append(true) }
                                    item { pair("type", "string") }
                                    item { pair("type", "string") }
                                }
                                pair("minItems", position + 2)
                            }
                        }
                    }
                }
            }
        }
    }

    private func textItemBody() {
        pair("type", "string")
        pair("minLength", 1)
    }

    private func contentItemBody(_ scope: ScopePlan) {
        pair("type", "object")
        object("properties") {
            memberProperties(scope)
            if form == .reply, scope.wildcardMember < 0 {
                object("@any") { pair("type", "string") }
            }
        }
        pair("minProperties", 1)
        pair("maxProperties", 1)
        pair("additionalProperties", false)
    }
}
