// SPDX-License-Identifier: Apache-2.0
// Elements in schemas: their type, null, defaults, and those that stand in for them.

internal import DragomanDocument

extension JSONSchemaBuilder {
    /// The keywords of an element's value, into the object that is open.
    func elementBody(_ index: Int32) {
        let entry = plans.elements[index]
        if let text = plans.descriptions.elementDocumentation[index] {
            pair("description", text)
        }
        let alternatives = (0..<entry.substituteCount).map {
            plans.substitutes[entry.firstSubstitute + $0]
        }
        if !alternatives.isEmpty || entry.isAbstract {
            return substitutionBody(entry, alternatives)
        }
        valueBody(entry)
    }

    /// The value of the element itself.
    private func valueBody(_ entry: ElementEntry) {
        guard entry.isNillable else {
            plainBody(entry)
            return
        }
        array("anyOf") {
            item { plainBody(entry) }
            let type = plans.types[entry.type]
            let scope = type.scope >= 0 ? plans.scopes[type.scope] : nil
            // Attributes are due even where an element is nil.
            let isFree = !type.isAbstract && scope.map { requiredAttributes($0).isEmpty } ?? true
            if form == .reply || isFree {
                item { pair("type", "null") }
            }
            if let scope, scope.attributeCount > 0 { item { nilBody(type) } }
            if type.derivedCount > 0, type.kind != .any, type.kind != .soapArray {
                item { reference(.null(entry.type)) }
            }
        }
    }

    /// `{"@type": …, "@nil": true}` for the types that derive, with their attributes.
    func derivedNilBody(_ index: Int32) {
        let type = plans.types[index]
        array("anyOf") {
            for offset in 0..<type.derivedCount {
                let other = plans.derived[type.firstDerived + offset]
                item {
                    nilObject(plans.types[other.target], said: ("@type", spellings(other)))
                }
            }
        }
    }

    /// A nil object that says what it is: as `said`, and with attributes.
    private func nilObject(_ type: TypePlan, said: (name: String, values: [String])) {
        let scope = type.scope >= 0 ? plans.scopes[type.scope] : nil
        pair("type", "object")
        object("properties") {
            object(said.name) { one(of: said.values) }
            object("@nil") { pair("const", true) }
            if let scope { attributeProperties(scope) }
        }
        required([said.name, "@nil"] + (scope.map { requiredAttributes($0) } ?? []))
        pair("additionalProperties", false)
    }

    private func plainBody(_ entry: ElementEntry) {
        if isDefined(entry.type) {
            reference(.type(entry.type))
        } else {
            typeBody(entry.type)
        }
        constraintBody(entry)
    }

    /// `{"@nil": true}` beside attributes.
    private func nilBody(_ type: TypePlan) {
        let scope = plans.scopes[type.scope]
        pair("type", "object")
        object("properties") {
            object("@nil") { pair("const", true) }
            attributeProperties(scope)
        }
        let due = requiredAttributes(scope)
        required(["@nil"] + due)
        // Without an attribute it is null.
        if due.isEmpty { pair("minProperties", 2) }
        pair("additionalProperties", false)
    }

    private func constraintBody(_ entry: ElementEntry) {
        guard entry.constraint >= 0 else { return }
        let type = plans.types[entry.type]
        guard type.kind == .simple else {
            // With attributes the text is a member.
            guard type.kind == .value, !type.isAbstract else { return }
            return object("default") {
                constant("value", entry.constraint, plans.simples[type.simple])
            }
        }
        let plan = plans.simples[type.simple]
        constant(entry.isFixed ? "const" : "default", entry.constraint, plan)
        // Empty text would be read as the default.
        if !entry.isFixed, plan.form == .string, plan.variety == .atomic { pair("minLength", 1) }
    }

    /// A default or fixed value as JSON.
    func constant(_ key: String, _ index: Int32, _ plan: SimplePlan) {
        document.key(key)
        let mark = document.mark
        if !simple.append(plans.constants[index].bytes, plan, document) {
            document.rewind(to: mark)
            document.append(string: plans.constants[index].bytes)
        }
    }

    // MARK: Substitution

    private func substitutionBody(_ head: ElementEntry, _ alternatives: [Alternative]) {
        if head.isAbstract {
            pair("type", "object")
            required(["@element"])
        }
        guard !alternatives.isEmpty else {
            // Nothing stands in for it: no value is possible.
            return object("properties") {
                document.key("@element"); document.append(false)
            }
        }
        object("properties") {
            object("@element") { enumeration(spellings(alternatives)) }
        }
        array("allOf") {
            if !head.isAbstract {
                item {
                    object("if") {
                        pair("type", "object")
                        required(["@element"])
                    }
                    object("else") { valueBody(head) }
                }
            }
            for alternative in alternatives {
                item {
                    branch("@element", spellings(alternative)) { substituteBody(alternative) }
                }
            }
        }
    }

    /// `if` the member is one of the texts, `then` the body.
    func branch(_ member: String, _ values: [String], _ body: () -> Void) {
        object("if") {
            pair("type", "object")
            object("properties") { object(member) { one(of: values) } }
            required([member])
        }
        object("then", body)
    }

    private func substituteBody(_ alternative: Alternative) {
        let entry = plans.elements[alternative.target]
        let names = spellings(alternative)
        switch plans.types[entry.type].kind {
        case .simple:
            pair("type", "object")
            object("properties") {
                object("@element") { one(of: names) }
                object("value") {
                    simpleBody(plans.types[entry.type].simple)
                    constraintBody(entry)
                }
                if entry.isNillable { object("@nil") { pair("const", true) } }
            }
            required(entry.isNillable ? ["@element"] : ["@element", "value"])
            pair("additionalProperties", false)
        case .value, .object, .content, .mixed:
            if entry.isNillable {
                array("anyOf") {
                    item { reference(.substitute(type: entry.type, names: names)) }
                    item { nilObject(plans.types[entry.type], said: ("@element", names)) }
                }
            } else {
                reference(.substitute(type: entry.type, names: names))
            }
        default: pair("type", "object")
        }
    }
}
