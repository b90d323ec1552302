// SPDX-License-Identifier: Apache-2.0
// Content in document order (`@content`, `@mixed`), wildcards, and elements of which only the
// value tells what they are.

internal import DragomanDocument

extension PlanWriter {
    /// `@content` or `@mixed`: an array of one-member objects, in `@mixed` also of strings.
    func writeContent(
        _ type: TypePlan, _ content: Node?, _ object: Node
    ) throws(TranslationError) {
        let scope = tables.scopes[type.content]
        var order: [ContentMatcher.Item] = []
        if let content {
            guard content.isArray else { throw refusal("an array is due here", at: content) }
            var items = content.items
            var wasText = false
            while let item = items.next() {
                if type.kind == .mixed, item.isString {
                    if wasText || item.count == 0 {
                        throw refusal(
                            wasText
                                ? "two texts beside one another would come back as one"
                                : "an empty text between elements would not come back", at: item)
                    }
                    wasText = true
                    try writeCharacters(item.bytes, item, inAttribute: false)
                    continue
                }
                wasText = false
                order.append(try writeContentItem(scope, item))
            }
        }
        var matcher = ContentMatcher(plans: plans, items: order)
        let (isComplete, reached) = matcher.furthest(root: scope.root)
        guard !isComplete else { return }
        if reached < order.count {
            let name = tables.members[scope.firstMember + order[reached].member].json.string
            throw refusal("\"\(name)\" has no place where it stands", at: content ?? object)
        }
        throw refusal("elements are missing at the end", at: content ?? object)
    }

    private func writeContentItem(
        _ scope: ScopePlan, _ item: Node
    ) throws(TranslationError) -> ContentMatcher.Item {
        var members = item.members
        guard item.isObject, let member = members.next(), members.next() == nil else {
            throw refusal("an object of one member is due here", at: item)
        }
        let slot = find(member.name, in: scope, from: 0)
        guard slot >= 0 else {
            throw refusal(
                "the member \"\(member.name.string)\" is not known here", at: member.name)
        }
        let plan = tables.members[scope.firstMember &+ slot]
        if plan.isOmitted {
            throw refusal(
                "the member \"\(member.name.string)\" is not known here", at: member.name)
        }
        guard plan.kind == .any else {
            try writeElement(tables.elements[plan.element], member.value)
            return ContentMatcher.Item(member: slot)
        }
        let element = try writeWildcard(plan.wildcard, member.value, scope)
        return ContentMatcher.Item(member: slot, wild: element)
    }

    // MARK: Wildcards

    /// One element of a wildcard: a string of XML, or `{"name": …}` where the contract knows it.
    /// `place`: the wildcard that it must fit, where the member is several; else -1.
    @discardableResult
    func writeWildcard(
        _ index: Int32, _ node: Node, _ scope: ScopePlan, place: Int32 = -1
    ) throws(TranslationError) -> WildElement {
        let wildcard = tables.wildcards[index]
        let here = place >= 0 ? place : index
        if node.isObject {
            let (member, target) = try declared(node, wildcard)
            let element = WildElement(name: elementName(target), isDeclared: true)
            guard plans.admits(here, element) else {
                throw refusal(
                    "<\(element.name.local)> is of a namespace not allowed here", at: member.name)
            }
            try writeElement(tables.elements[target], member.value)
            return element
        }
        guard node.isString else { throw refusal("a string of XML is due here", at: node) }
        let name = try writeFragment(node)
        guard plans.allows(here, name.namespace) else {
            throw refusal("<\(name.local)> is of a namespace not allowed here", at: node)
        }
        if let known = plans.nameIndexes[name] {
            let isDeclared = (0..<scope.routeCount).contains {
                tables.routes[scope.firstRoute + $0].name == known
            }
            if isDeclared {
                throw refusal("<\(name.local)> has a member of its own here", at: node)
            }
            let isCandidate = (0..<wildcard.candidateCount).contains {
                tables.substitutes[wildcard.firstCandidate + $0].name == known
            }
            if isCandidate {
                throw refusal(
                    "the contract declares <\(name.local)>: write it as an object, not as XML",
                    at: node)
            }
        }
        let element = WildElement(name: name, isDeclared: false)
        guard plans.admits(here, element) else {
            throw refusal("<\(name.local)> is not declared by the contract", at: node)
        }
        return element
    }

    /// The one member of an object that stands for a wildcard's element, and which element it is.
    private func declared(
        _ node: Node, _ wildcard: WildcardPlan
    ) throws(TranslationError) -> (member: Member, target: Int32) {
        var members = node.members
        guard let member = members.next(), members.next() == nil else {
            throw refusal("an object of one member, the element's name, is due", at: node)
        }
        guard
            let target = alternative(
                member.name, in: tables.substitutes, wildcard.firstCandidate,
                wildcard.candidateCount)
        else {
            throw refusal(
                "\"\(member.name.string)\" is no element that can stand here", at: member.name)
        }
        return (member, target)
    }

    private func elementName(_ index: Int32) -> XMLName {
        plans.name(tables.names[tables.elements[index].name])
    }

    /// Whether what a member holds are elements that the wildcard at one of its places admits.
    /// What is no element at all, writing it will say.
    func admits(_ place: Int32, _ member: MemberPlan, _ value: Node) -> Bool {
        let wildcard = tables.wildcards[member.wildcard]
        func isAdmitted(_ node: Node) -> Bool {
            if node.isObject {
                guard let (_, target) = try? declared(node, wildcard) else { return true }
                let element = WildElement(name: elementName(target), isDeclared: true)
                return plans.admits(place, element)
            }
            guard node.isString, let name = try? fragments.copy(node, to: OutputBuffer())
            else { return true }
            return plans.admits(place, WildElement(name: name, isDeclared: false))
        }
        return value.isArray ? value.items.allSatisfy(isAdmitted) : isAdmitted(value)
    }

    /// Reads a string as one element behind the fence and writes it anew from its events.
    /// - Returns: the element's name.
    private func writeFragment(_ node: Node) throws(TranslationError) -> XMLName {
        return try fragments.copy(node, to: output.object)
    }

    /// The whole element is a string of XML, and must bear the element's name.
    func writeXML(_ entry: ElementEntry, _ node: Node) throws(TranslationError) {
        guard node.isString else { throw refusal("a string of XML is due here", at: node) }
        let name = try fragments.copy(node, to: output.object)
        guard name == plans.name(tables.names[entry.name]) else {
            throw refusal("the XML must be one <\(entryName(entry))>", at: node)
        }
    }

    private func entryName(_ entry: ElementEntry) -> String {
        plans.name(tables.names[entry.name]).description
    }

    // MARK: anyType

    /// A string is text; an object says by `@type` or `@xml` what it is.
    func writeAny(
        _ entry: ElementEntry, _ type: TypePlan, _ node: Node
    ) throws(TranslationError) {
        if node.isString {
            open(entry)
            return try writeText(entry, type.simple, node)
        }
        guard node.isObject else {
            throw refusal(
                "a string, or an object with \"@type\" or \"@xml\", is due here: a bare value's "
                    + "XML type would be a guess", at: node)
        }
        if let name = node.member("@type") { return try writeTyped(entry, type, name, node) }
        if let xml = node.member("@xml"), !type.isSimpleOnly {
            guard node.count == 1 else {
                throw refusal("\"@xml\" stands alone", at: node)
            }
            return try writeXML(entry, xml)
        }
        if let isNil = node.member("@nil"), isNil.bool == true, node.count == 1 {
            open(entry)
            return try closeNil(entry, node)
        }
        let isSubstitute = node.member("@element") != nil
        guard node.count == (isSubstitute ? 1 : 0) || isHeaderBlock else {
            throw refusal("an object here has \"@type\" or \"@xml\"", at: node)
        }
        isHeaderBlock = false
        open(entry)
        output.append("/>")
    }

    private func writeTyped(
        _ entry: ElementEntry, _ type: TypePlan, _ name: Node, _ node: Node
    ) throws(TranslationError) {
        guard name.isString else { throw refusal("\"@type\" must be a string", at: name) }
        let text = name.string
        let schema = "{\(XMLNamespace.schema)}"
        var builtIn: String?
        if text.hasPrefix("xs:") { builtIn = String(text.dropFirst(3)) }
        if text.hasPrefix(schema) { builtIn = String(text.dropFirst(schema.count)) }
        let hasElement = node.member("@element") != nil
        if let builtIn {
            guard let index = plans.builtInTypes[builtIn] else {
                throw refusal("\"\(text)\" is no type of XML Schema", at: name)
            }
            let found = tables.types[index]
            return try write(
                entry, found, node, hasElement: hasElement, hasType: true, isDerived: true)
        }
        guard
            let target = alternative(
                name, in: tables.derived, type.firstDerived, type.derivedCount)
        else {
            throw refusal("\"\(text)\" is no type that can stand here", at: name)
        }
        try write(
            entry, tables.types[target], node, hasElement: hasElement, hasType: true,
            isDerived: true)
    }
}
