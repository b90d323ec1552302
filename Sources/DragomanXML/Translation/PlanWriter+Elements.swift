// SPDX-License-Identifier: Apache-2.0
// One element: which declaration stands for it, whether it is nil, which type it has, and then its
// start tag, content and end tag.

internal import DragomanDocument

extension PlanWriter {
    func writeElement(_ declared: ElementEntry, _ node: Node) throws(TranslationError) {
        depth &+= 1
        defer { depth &-= 1 }
        guard depth < PlanWriter.depthMax else {
            throw TranslationError(.depth, "the message nests too deep", at: node)
        }
        if declared.substituteCount > 0 || declared.isAbstract {
            return try writeSubstitutable(declared, node)
        }
        try write(declared, node, hasElement: false)
    }

    /// `hasElement`: the value names its element by `@element`.
    func write(
        _ entry: ElementEntry, _ node: Node, hasElement: Bool
    ) throws(TranslationError) {
        let declared = tables.types[entry.type]
        if node.isNull { return try writeNil(entry, declared, node) }
        if declared.kind == .any { return try writeAny(entry, declared, node) }
        if declared.kind == .xml { return try writeXML(entry, node) }
        var type = declared
        var hasType = false
        let mayVary = declared.derivedCount > 0 || declared.isAbstract
        if mayVary, node.isObject, let name = node.member("@type") {
            hasType = true
            type = try self.type(named: name, instead: declared)
        } else if declared.isAbstract {
            throw refusal("the type is abstract: \"@type\" must name one that derives", at: node)
        }
        try write(
            entry, type, node, hasElement: hasElement, hasType: hasType,
            isDerived: hasType && type.name != declared.name)
    }

    func write(
        _ entry: ElementEntry, _ type: TypePlan, _ node: Node, hasElement: Bool, hasType: Bool,
        isDerived: Bool
    ) throws(TranslationError) {
        open(entry)
        if isDerived { writeType(type.name) }
        switch type.kind {
        case .simple where hasElement || hasType || isHeaderBlock && node.isObject:
            try writeBoxed(entry, type, node, hasElement: hasElement, hasType: hasType)
        case .simple:
            if node.count == 0, node.isString, entry.constraint >= 0,
                !entry.isFixed || tables.constants[entry.constraint].count > 0
            {
                throw refusal("an empty text would be read as the element's default", at: node)
            }
            try writeText(entry, type.simple, node)
        case .value, .object, .content, .mixed:
            try writeObject(
                entry, type, node, hasElement: hasElement, hasType: hasType)
        case .soapArray where hasElement || hasType:
            let value = try boxed(node, hasElement: hasElement, hasType: hasType)
            guard let value else { return try closeNil(entry, node) }
            try writeArray(entry, type, value)
        case .soapArray: try writeArray(entry, type, node)
        case .any, .xml: output.append("/>")
        }
    }

    /// `<X` has been written: text and end tag.
    @inline(__always)
    func writeText(
        _ entry: ElementEntry, _ simple: Int32, _ node: Node
    ) throws(TranslationError) {
        output.append(0x3E)
        let start = output.count
        try writeSimple(tables.simples[simple], node, inAttribute: false)
        if entry.isFixed {
            try checkFixed(entry.constraint, simple, from: start, node, inAttribute: false)
        }
        output.append(entry.close)
    }

    /// What stands after `start` must be the fixed value; spelled otherwise, it is put as the
    /// contract spells it.
    func checkFixed(
        _ constraint: Int32, _ simple: Int32, from start: Int, _ node: Node, inAttribute: Bool
    ) throws(TranslationError) {
        let fixed = tables.constants[constraint]
        scratch.removeAll()
        _ = XMLTextWriter.append(fixed.bytes, to: scratch, inAttribute: inAttribute)
        let written = UnsafeRawBufferPointer(rebasing: output.bytes[start...])
        if Bytes.equal(scratch.bytes, written) { return }
        let plan = tables.simples[simple]
        guard plan.variety == .atomic,
            FacetPlan.isSameValue(Array(fixed.bytes), written, plan.builtIn)
        else {
            throw refusal("the value must be the fixed one, \"\(fixed.string)\"", at: node)
        }
        output.truncate(to: start)
        output.append(scratch.bytes)
    }

    /// A scalar inside an object, beside members of ours.
    private func writeBoxed(
        _ entry: ElementEntry, _ type: TypePlan, _ node: Node, hasElement: Bool, hasType: Bool
    ) throws(TranslationError) {
        let value = try boxed(node, hasElement: hasElement, hasType: hasType)
        guard let value else { return try closeNil(entry, node) }
        try writeText(entry, type.simple, value)
    }

    /// `value` of an object that says what it is of; nil where it is said to be nil.
    private func boxed(
        _ node: Node, hasElement: Bool, hasType: Bool
    ) throws(TranslationError) -> Node? {
        var value: Node?
        var isNil = false
        var members = node.members
        while let member = members.next() {
            if member.name.textEquals("value") {
                value = member.value
            } else if member.name.textEquals("@nil") {
                isNil = member.value.bool == true
            } else if !isOurs(member.name, hasElement: hasElement, hasType: hasType) {
                throw refusal(
                    "the member \"\(member.name.string)\" is not known here", at: member.name)
            }
        }
        isHeaderBlock = false
        if isNil, value == nil { return nil }
        guard let value else { throw refusal("the member \"value\" is required", at: node) }
        return value
    }

    /// A member that says what its object is, and is no content.
    func isOurs(_ name: Node, hasElement: Bool, hasType: Bool) -> Bool {
        if hasType, name.textEquals("@type") { return true }
        if hasElement, name.textEquals("@element") { return true }
        return isHeaderBlock
            && (name.textEquals("@mustUnderstand") || name.textEquals("@role")
                || name.textEquals("@relay"))
    }

    // MARK: Nil

    /// Attributes are due even where an element is nil.
    private func writeNil(
        _ entry: ElementEntry, _ type: TypePlan, _ node: Node
    ) throws(TranslationError) {
        if type.isAbstract {
            throw refusal("the type is abstract: \"@type\" must name one that derives", at: node)
        }
        open(entry)
        if entry.isNillable, type.scope >= 0 {
            let scope = tables.scopes[type.scope]
            let first = takeSlots(Int(scope.attributeCount))
            defer { slotTop = first }
            try writeAttributes(scope, from: first, node)
        }
        try closeNil(entry, node)
    }

    /// `<X …` has been written.
    func closeNil(_ entry: ElementEntry, _ node: Node) throws(TranslationError) {
        guard entry.isNillable else {
            throw refusal("null is refused: the element is not nillable", at: node)
        }
        use(Int32(NamespaceTable.instance))
        output.append(" xsi:nil=\"true\"/>")
    }

    // MARK: Types and elements that stand in

    func writeType(_ name: Int32) {
        guard name >= 0 else { return }
        let plan = tables.names[name]
        use(Int32(NamespaceTable.instance))
        output.append(" xsi:type=\"")
        if plan.namespace >= 0 {
            use(plan.namespace)
            output.append(tables.namespacePlans[plan.namespace].prefix)
            output.append(0x3A)
        }
        output.append(plan.local)
        output.append(0x22)
    }

    private func type(
        named name: Node, instead declared: TypePlan
    ) throws(TranslationError) -> TypePlan {
        guard name.isString else { throw refusal("\"@type\" must be a string", at: name) }
        if let target = alternative(
            name, in: tables.derived, declared.firstDerived, declared.derivedCount)
        {
            return tables.types[target]
        }
        if declared.name >= 0, !declared.isAbstract, isName(declared.name, name) {
            return declared
        }
        throw refusal(
            "\"\(name.string)\" is no type that can stand here", at: name)
    }

    /// The target of the alternative that JSON calls `name`; also `{uri}local`, `p:local`.
    func alternative(
        _ name: Node, in table: PlanTable<Alternative>, _ first: Int32, _ count: Int32
    ) -> Int32? {
        for offset in 0..<count where name.textEquals(table[first + offset].json) {
            return table[first + offset].target
        }
        for offset in 0..<count where isName(table[first + offset].name, name) {
            return table[first + offset].target
        }
        return nil
    }

    /// Whether a string is the name, as `local`, `p:local` or `{uri}local`.
    func isName(_ index: Int32, _ text: Node) -> Bool {
        let name = plans.name(tables.names[index])
        let string = text.string
        if string == name.description { return true }
        let plan = tables.names[index]
        guard plan.namespace >= 0 else { return string == name.local }
        let prefix = tables.namespacePlans[plan.namespace].prefix.string
        return string == "\(prefix):\(name.local)" || string == name.local
    }

    private func writeSubstitutable(
        _ declared: ElementEntry, _ node: Node
    ) throws(TranslationError) {
        guard node.isObject, let name = node.member("@element") else {
            if declared.isAbstract {
                throw refusal(
                    "the element is abstract: \"@element\" must name one that stands in for it",
                    at: node)
            }
            return try write(declared, node, hasElement: false)
        }
        guard name.isString,
            let target = alternative(
                name, in: tables.substitutes, declared.firstSubstitute,
                declared.substituteCount)
        else {
            throw refusal("\"\(name.string)\" is no element that can stand here", at: name)
        }
        try write(tables.elements[target], node, hasElement: true)
    }
}
