// SPDX-License-Identifier: Apache-2.0
// Objects: members into slots by name, attributes into the start tag, then the content.

internal import DragomanDocument

extension PlanWriter {
    /// `<X …` has been written: attributes, content and end tag.
    func writeObject(
        _ entry: ElementEntry, _ type: TypePlan, _ node: Node, hasElement: Bool, hasType: Bool
    ) throws(TranslationError) {
        guard node.isObject else { throw refusal("an object is due here", at: node) }
        let scope = tables.scopes[type.scope]
        let first = takeSlots(Int(scope.attributeCount &+ scope.memberCount))
        defer { slotTop = first }
        let special = try fill(
            scope, type, node, from: first, hasElement: hasElement, hasType: hasType)
        isHeaderBlock = false
        try writeAttributes(scope, from: first, node)
        if let attributes = special.anyAttribute { try writeAnyAttributes(type, attributes) }
        if special.isNil {
            for slot in Int(scope.attributeCount)..<Int(scope.attributeCount + scope.memberCount)
            where slots[first + slot] != nil {
                throw refusal("an element that is nil has no content", at: node)
            }
            return try closeNil(entry, node)
        }
        switch type.kind {
        case .value:
            if let value = special.value {
                if value.isString, value.count == 0, entry.constraint >= 0 {
                    throw refusal("an empty text would be read as the element's default", at: value)
                }
                return try writeText(entry, type.simple, value)
            }
            guard entry.constraint >= 0 else {
                throw refusal("the member \"value\" is required", at: node)
            }
            output.append(0x3E)
            _ = output.appendText(tables.constants[entry.constraint].bytes, inAttribute: false)
            output.append(entry.close)
        case .object:
            output.append(0x3E)
            let start = output.count
            try writeMembers(scope, from: first &+ Int(scope.attributeCount), node)
            close(entry, from: start)
        default:
            output.append(0x3E)
            let start = output.count
            try writeContent(type, special.content, node)
            close(entry, from: start)
        }
    }

    /// The content began at `start`: `</X>`, or `/>` where there is none.
    @inline(__always)
    private func close(_ entry: ElementEntry, from start: Int) {
        if output.count == start {
            output.truncate(to: start &- 1)
            output.append("/>")
        } else {
            output.append(entry.close)
        }
    }

    /// Members that are neither attributes nor elements.
    struct SpecialMembers {
        var isNil = false
        var value: Node?
        var content: Node?
        var anyAttribute: Node?
    }

    /// Puts the object's members into their slots.
    private func fill(
        _ scope: ScopePlan, _ type: TypePlan, _ node: Node, from first: Int, hasElement: Bool,
        hasType: Bool
    ) throws(TranslationError) -> SpecialMembers {
        var special = SpecialMembers()
        var expected: Int32 = 0
        var members = node.members
        while let member = members.next() {
            let slot = find(member.name, in: scope, from: expected)
            if slot >= 0 {
                slots[first &+ Int(slot)] = member.value
                expected = slot &+ 1
                continue
            }
            let name = member.name
            if type.kind == .value, name.textEquals("value") {
                special.value = member.value
            } else if type.kind == .content, name.textEquals("@content") {
                special.content = member.value
            } else if type.kind == .mixed, name.textEquals("@mixed") {
                special.content = member.value
            } else if type.anyAttribute >= 0, name.textEquals("@anyAttribute") {
                special.anyAttribute = member.value
            } else if name.textEquals("@nil"), member.value.bool != nil {
                special.isNil = member.value.bool == true
            } else if name.textEquals("@type"), type.name >= 0, member.value.isString,
                isName(type.name, member.value)
            {
                continue
            } else if !isOurs(name, hasElement: hasElement, hasType: hasType) {
                throw refusal("the member \"\(name.string)\" is not known here", at: name)
            }
        }
        return special
    }

    /// The slot of a member; -1 where the scope has none of that name.
    @inline(__always)
    func find(_ name: Node, in scope: ScopePlan, from expected: Int32) -> Int32 {
        let count = scope.attributeCount &+ scope.memberCount
        let bytes = name.bytes
        if expected < count, isName(bytes, of: expected, in: scope) { return expected }
        return search(bytes, in: scope, from: expected &+ 1)
    }

    @inline(__always)
    private func isName(
        _ bytes: UnsafeRawBufferPointer, of slot: Int32, in scope: ScopePlan
    ) -> Bool {
        let own =
            slot < scope.attributeCount
            ? tables.attributes.base[Int(scope.firstAttribute &+ slot)].json
            : tables.members.base[Int(scope.firstMember &+ slot &- scope.attributeCount)].json
        return Bytes.equalPadded(own.bytes, bytes)
    }

    private func search(
        _ bytes: UnsafeRawBufferPointer, in scope: ScopePlan, from expected: Int32
    ) -> Int32 {
        let count = scope.attributeCount &+ scope.memberCount
        if scope.hash >= 0 {
            var place = Int32(bitPattern: MemberHash.hash(bytes)) & scope.hashMask
            while true {
                let slot = tables.hashes[scope.hash &+ place]
                if slot < 0 || isName(bytes, of: slot, in: scope) { return slot }
                place = (place &+ 1) & scope.hashMask
            }
        }
        var slot = expected < count ? expected : 0
        for _ in 0..<count {
            if isName(bytes, of: slot, in: scope) { return slot }
            slot = slot &+ 1 == count ? 0 : slot &+ 1
        }
        return -1
    }

    // MARK: Attributes

    func writeAttributes(
        _ scope: ScopePlan, from first: Int, _ object: Node
    ) throws(TranslationError) {
        for slot in 0..<scope.attributeCount {
            let plan = tables.attributes.base + Int(scope.firstAttribute &+ slot)
            guard let value = slots[first &+ Int(slot)] else {
                if plan.pointee.isRequired, !plan.pointee.isOmitted {
                    try writeAbsent(plan.pointee, object)
                }
                continue
            }
            if plan.pointee.isOmitted {
                throw refusal(
                    "the member \"\(plan.pointee.json.string)\" is not known here", at: value)
            }
            use(plan.pointee.namespace)
            output.append(plan.pointee.open)
            let start = output.count
            try writeSimple(
                tables.simples.base[Int(plan.pointee.simple)], value, inAttribute: true)
            if plan.pointee.isFixed {
                try checkFixed(
                    plan.pointee.constraint, plan.pointee.simple, from: start, value,
                    inAttribute: true)
            }
            output.append(0x22)
        }
    }

    /// A required attribute that is not there: its default, or a refusal.
    private func writeAbsent(_ plan: AttributePlan, _ object: Node) throws(TranslationError) {
        guard plan.constraint >= 0 else {
            throw refusal("the member \"\(plan.json.string)\" is required", at: object)
        }
        use(plan.namespace)
        output.append(plan.open)
        _ = output.appendText(tables.constants[plan.constraint].bytes, inAttribute: true)
        output.append(0x22)
    }

    /// `@anyAttribute`: names as `local`, `p:local` or `{uri}local`, values as text.
    private func writeAnyAttributes(
        _ type: TypePlan, _ node: Node
    ) throws(TranslationError) {
        guard node.isObject else { throw refusal("an object is due here", at: node) }
        let constraint = plans.wildcardConstraints[
            Int(type.anyAttribute)]
        var members = node.members
        while let member = members.next() {
            guard member.value.isString else {
                throw refusal("an attribute's value must be a string", at: member.value)
            }
            let name = try expandedName(member.name)
            guard constraint.allows(name.namespace), name.namespace != XMLNamespace.instance,
                name.namespace != XMLNamespace.xmlns, !declares(name, type)
            else {
                throw refusal(
                    "the attribute \"\(name.description)\" is not allowed here", at: member.name)
            }
            output.append(0x20)
            if name.namespace == XMLNamespace.xml {
                output.append("xml:")
            } else if !name.namespace.isEmpty {
                output.append(prefix(of: name.namespace))
                output.append(0x3A)
            }
            output.append(name.local)
            output.append("=\"")
            try writeCharacters(member.value.bytes, member.value, inAttribute: true)
            output.append(0x22)
        }
    }

    private func declares(_ name: XMLName, _ type: TypePlan) -> Bool {
        let scope = tables.scopes[type.scope]
        return (0..<scope.attributeCount).contains {
            plans.name(tables.names[tables.attributes[scope.firstAttribute + $0].name]) == name
        }
    }

    /// A name that JSON gives as `local`, `p:local` or `{uri}local`.
    func expandedName(_ node: Node) throws(TranslationError) -> XMLName {
        let text = node.string
        if text.hasPrefix("{"), let end = text.firstIndex(of: "}") {
            let name = XMLName(
                String(text[text.index(after: text.startIndex)..<end]),
                String(text[text.index(after: end)...]))
            if XMLCharacters.isNCName(name.local) { return name }
        } else if let colon = text.firstIndex(of: ":") {
            let local = String(text[text.index(after: colon)...])
            let wanted = text[..<colon]
            for index in 0..<tables.namespacePlans.count {
                let plan = tables.namespacePlans[Int32(index)]
                if plan.prefix.string == wanted, XMLCharacters.isNCName(local) {
                    return XMLName(plan.uri.string, local)
                }
            }
        } else if XMLCharacters.isNCName(text) {
            return XMLName("", text)
        }
        throw refusal("\"\(text)\" is no name of XML with a known prefix", at: node)
    }
}
