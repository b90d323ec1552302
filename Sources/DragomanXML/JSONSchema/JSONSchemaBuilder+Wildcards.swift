// SPDX-License-Identifier: Apache-2.0
// Wildcards in schemas: XML in strings, elements that the contract declares, and attributes whose
// names a namespace constraint lets in.

internal import DragomanDocument

extension JSONSchemaBuilder {
    /// A string that is one element as XML.
    func markup() {
        pair("type", "string")
        pair("contentMediaType", "application/xml")
    }

    /// One element of a wildcard.
    func wildcardBody(_ index: Int32) {
        let plan = plans.wildcards[index]
        let takesXML = plan.process != .strict || form == .reply
        guard plan.candidateCount > 0 else {
            // Nothing that the wildcard admits is declared.
            guard takesXML else {
                pair("type", "string")
                return pair("maxLength", 0)
            }
            return foreignBody(index)
        }
        guard takesXML else { return reference(.wildcard(index)) }
        array("anyOf") {
            item { foreignBody(index) }
            item { reference(.wildcard(index)) }
        }
    }

    /// Of the elements that a member may hold, those that one of its wildcards admits, as far as
    /// their names are seen: of XML in a string, the writer says it.
    func admittedBody(_ place: Int32, of wildcard: Int32) {
        let plan = plans.wildcards[wildcard]
        let names = (0..<plan.candidateCount).flatMap { offset -> [String] in
            let candidate = plans.substitutes[plan.firstCandidate + offset]
            let name = plans.name(plans.names[candidate.name])
            return plans.allows(place, name.namespace) ? spellings(candidate) : []
        }
        let takesXML = plans.wildcards[place].process != .strict || form == .reply
        guard takesXML || !names.isEmpty else { return object("not") {} }
        strings("type", (takesXML ? ["string"] : []) + (names.isEmpty ? [] : ["object"]))
        if !names.isEmpty { object("propertyNames") { enumeration(names) } }
    }

    /// An element that the contract does not declare.
    private func foreignBody(_ index: Int32) {
        let text: String
        switch foreignNamespaces(index) {
        case .any: text = "One element as XML, of any namespace"
        case .other(let own): text = "One element as XML, of a namespace other than \(own)"
        case .among(let known):
            let names = known.map { $0.isEmpty ? "none" : $0 }
            text = "One element as XML, of the namespace \(names.joined(separator: " or "))"
        }
        if form != .reply { pair("description", text) }
        markup()
    }

    /// Those of which elements may come that the contract does not declare.
    private func foreignNamespaces(_ index: Int32) -> NamespaceConstraint {
        let plan = plans.wildcards[index]
        let parts = (0..<plan.partCount).map { plans.children[plan.firstPart + $0] }
            .filter { plans.wildcards[$0].process != .strict || form == .reply }
            .map { plans.wildcardConstraints[Int($0)] }
        guard let first = parts.first else { return plans.wildcardConstraints[Int(index)] }
        return parts.dropFirst().reduce(first) { $0.union($1) }
    }

    /// `{"name": …}`: the elements of the contract that a wildcard takes.
    func candidatesBody(_ index: Int32) {
        let plan = plans.wildcards[index]
        pair("type", "object")
        object("properties") {
            for offset in 0..<plan.candidateCount {
                let candidate = plans.substitutes[plan.firstCandidate + offset]
                object(candidate.json.string) { elementBody(candidate.target) }
            }
            // The other spelling says no more than that it is one.
            for offset in 0..<plan.candidateCount {
                let candidate = plans.substitutes[plan.firstCandidate + offset]
                for name in spellings(candidate).dropFirst() {
                    object(name) {
                        pair("x-alias-of", candidate.json.string)
                        reference(.wildcard(index), member: candidate.json.string)
                    }
                }
            }
        }
        pair("minProperties", 1)
        pair("maxProperties", 1)
        pair("additionalProperties", false)
    }

    /// `@anyAttribute`: names that the wildcard admits and the type does not declare, with texts.
    func anyAttributeBody(_ type: TypePlan, _ scope: ScopePlan) {
        pair("minProperties", 1)
        object("additionalProperties") { pair("type", "string") }
        guard form != .reply else { return }
        object("propertyNames") {
            pair(
                "pattern", attributeNames(plans.wildcardConstraints[Int(type.anyAttribute)], scope))
            pair(
                "x-expects", "an attribute's name that may stand here, as {uri}name or prefix:name")
        }
    }

    private func attributeNames(
        _ constraint: NamespaceConstraint, _ scope: ScopePlan
    ) -> String {
        let refused = [XMLNamespace.instance, XMLNamespace.xmlns]
        var forms: [String] = []
        switch constraint {
        case .any: forms.append("\\{(?!\(quoted(refused))\\})[^{}\\s]+\\}")
        case .other(let own): forms.append("\\{(?!\(quoted(refused + [own]))\\})[^{}\\s]+\\}")
        case .among(let known):
            let named = known.filter { !$0.isEmpty && !refused.contains($0) }
            if !named.isEmpty { forms.append("\\{\(quoted(named))\\}") }
        }
        var prefixes: [(prefix: String, uri: String)] = []
        for index in 0..<plans.namespacePlans.count {
            let plan = plans.namespacePlans[Int32(index)]
            prefixes.append((plan.prefix.string, plan.uri.string))
        }
        let admitted = prefixes.filter { constraint.allows($0.uri) && !refused.contains($0.uri) }
        if !admitted.isEmpty { forms.append(quoted(admitted.map(\.prefix)) + ":") }
        if constraint.allows("") { forms.append("") }
        let names = declared(scope, prefixes)
        let other = names.isEmpty ? "" : "(?!\(quoted(names))$)"
        // No name is admitted where there is no form.
        guard !forms.isEmpty else { return "^(?!)" }
        return "^\(other)(?:\(forms.joined(separator: "|")))\(XSDPatternECMA.colonlessName)$"
    }

    /// The attributes that the type declares, as a name of `@anyAttribute` could spell them.
    private func declared(
        _ scope: ScopePlan, _ prefixes: [(prefix: String, uri: String)]
    ) -> [String] {
        (0..<scope.attributeCount).flatMap { offset -> [String] in
            let name = plans.name(
                plans.names[plans.attributes[scope.firstAttribute + offset].name])
            guard !name.namespace.isEmpty else { return [name.local] }
            return ["{\(name.namespace)}\(name.local)"]
                + prefixes.filter { $0.uri == name.namespace }.map { "\($0.prefix):\(name.local)" }
        }
    }

    private func quoted(_ texts: [String]) -> String {
        "(?:\(texts.map(XSDPatternECMA.quoted).joined(separator: "|")))"
    }
}
