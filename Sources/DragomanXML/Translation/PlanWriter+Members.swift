// SPDX-License-Identifier: Apache-2.0
// The elements of one object in the schema's order: each member's own bounds where the model is
// flat, else the tree of groups, in which every choice takes the first branch that fits exactly.

internal import DragomanDocument

extension PlanWriter {
    /// Writes the members whose values stand in slots from `first`.
    func writeMembers(
        _ scope: ScopePlan, from first: Int, _ object: Node
    ) throws(TranslationError) {
        guard scope.isFlat else { return try writeTree(scope.root, scope, from: first, object) }
        for index in 0..<scope.memberCount {
            let member = tables.members.base + Int(scope.firstMember &+ index)
            if let value = slots[first &+ Int(index)] {
                if try writeDirectly(member, value) { continue }
                try write(
                    member.pointee, value, scope, min: member.pointee.min, max: member.pointee.max)
            } else if member.pointee.min > 0 {
                try writeAbsent(member.pointee, object)
            }
        }
    }

    /// A required member that is not there: its default, or a refusal.
    private func writeAbsent(_ member: MemberPlan, _ object: Node) throws(TranslationError) {
        if member.isOmitted { return }
        if member.kind == .element, !member.isArray {
            let entry = tables.elements[member.element]
            if entry.constraint >= 0, entry.substituteCount == 0 {
                open(entry)
                output.append(0x3E)
                _ = output.appendText(tables.constants[entry.constraint].bytes, inAttribute: false)
                output.append(entry.close)
                return
            }
        }
        if member.kind == .choice || member.kind == .sequence,
            tables.nodes[tables.scopes[member.scope].root].isEmptiable
        {
            return
        }
        throw refusal("the member \"\(member.json.string)\" is required", at: object)
    }

    /// Writes one member's value.
    /// `place`: of a member that is several wildcards, the one that stands here.
    func write(
        _ member: MemberPlan, _ value: Node, _ scope: ScopePlan, min: Int32, max: Int32,
        place: Int32 = -1
    ) throws(TranslationError) {
        if member.isOmitted {
            throw refusal("the member \"\(member.json.string)\" is not known here", at: value)
        }
        if member.isUnwrapped { return try writeUnwrapped(member, value) }
        guard member.isArray else { return try writeOne(member, value, scope, place) }
        guard value.isArray else { throw refusal("an array is due here", at: value) }
        let count = value.count
        if count == 0, min > 0, isEmptiable(member) { return }
        let isCounted = member.innerMax != 0 || member.kind == .element || member.kind == .any
        if count < Int(min) || (max >= 0 && isCounted && count > Int(max)) {
            throw refusal(
                max < 0
                    ? "at least \(min) items are due here, not \(count)"
                    : "\(min) to \(max) items are due here, not \(count)", at: value)
        }
        var items = value.items
        while let item = items.next() { try writeOne(member, item, scope, place) }
    }

    private func isEmptiable(_ member: MemberPlan) -> Bool {
        member.scope >= 0 && tables.nodes[tables.scopes[member.scope].root].isEmptiable
    }

    @inline(__always)
    private func writeOne(
        _ member: MemberPlan, _ value: Node, _ scope: ScopePlan, _ place: Int32
    ) throws(TranslationError) {
        switch member.kind {
        case .element: try writeElement(tables.elements[member.element], value)
        case .any: try writeWildcard(member.wildcard, value, scope, place: place)
        default: try writeItem(member.scope, value)
        }
    }

    /// `"tags": ["a"]` to `<Tags><Tag>a</Tag></Tags>`.
    private func writeUnwrapped(_ member: MemberPlan, _ value: Node) throws(TranslationError) {
        let wrapper = tables.elements[member.element]
        if value.isNull { return try writeElement(wrapper, value) }
        guard value.isArray else { throw refusal("an array is due here", at: value) }
        let count = value.count
        if count < Int(member.innerMin)
            || (member.innerMax >= 0 && count > Int(member.innerMax))
        {
            throw refusal("the number of items, \(count), is not allowed here", at: value)
        }
        open(wrapper)
        guard count > 0 else { return output.append("/>") }
        output.append(0x3E)
        var items = value.items
        while let item = items.next() { try writeElement(tables.elements[member.inner], item) }
        output.append(wrapper.close)
    }

    /// An item of `@choice` or `@sequence`.
    private func writeItem(_ index: Int32, _ node: Node) throws(TranslationError) {
        guard node.isObject else { throw refusal("an object is due here", at: node) }
        depth &+= 1
        defer { depth &-= 1 }
        guard depth < PlanWriter.depthMax else {
            throw TranslationError(.depth, "the message nests too deep", at: node)
        }
        let scope = tables.scopes[index]
        let first = takeSlots(Int(scope.memberCount))
        defer { slotTop = first }
        var expected: Int32 = 0
        var isEmpty = true
        var members = node.members
        while let member = members.next() {
            let slot = find(member.name, in: scope, from: expected)
            guard slot >= 0 else {
                throw refusal(
                    "the member \"\(member.name.string)\" is not known here", at: member.name)
            }
            slots[first &+ Int(slot)] = member.value
            // An empty array is no element, but where the one element's text is a list.
            let plan = tables.members[scope.firstMember &+ slot &- scope.attributeCount]
            if !plan.isArray || !member.value.isArray || member.value.count > 0 { isEmpty = false }
            expected = slot &+ 1
        }
        if isEmpty { throw refusal("an item without elements is refused", at: node) }
        try writeMembers(scope, from: first, node)
    }

    // MARK: Trees

    private func writeTree(
        _ index: Int32, _ scope: ScopePlan, from first: Int, _ object: Node
    ) throws(TranslationError) {
        guard index >= 0 else { return }
        let node = tables.nodes[index]
        switch node.kind {
        case .leaf:
            let member = tables.members[scope.firstMember &+ node.member]
            if let value = slots[first &+ Int(node.member)] {
                try write(
                    member, value, scope, min: node.min, max: node.max, place: node.wildcard)
            } else if node.min > 0 {
                try writeAbsent(member, object)
            }
        case .sequence, .all:
            if !isPresent(index, first), node.min == 0 { return }
            for offset in 0..<node.childCount {
                try writeTree(
                    tables.children[node.firstChild &+ offset], scope, from: first, object)
            }
        case .choice:
            guard isPresent(index, first) else {
                if node.isEmptiable { return }
                throw refusal(
                    "one of \(names(index, scope)) is required", at: object)
            }
            guard let branch = branch(of: node, scope, first) else {
                throw refusal(
                    "the members \(presentNames(index, scope, first)) do not go together",
                    at: object)
            }
            try writeTree(branch, scope, from: first, object)
        }
    }

    /// The first branch that takes exactly the members present.
    private func branch(of node: TreeNode, _ scope: ScopePlan, _ first: Int) -> Int32? {
        var nearest: Int32?
        for offset in 0..<node.childCount {
            let branch = tables.children[node.firstChild &+ offset]
            guard isPresent(branch, first), takesAll(branch, of: node, first) else { continue }
            if fits(branch, scope, first) { return branch }
            nearest = nearest ?? branch
        }
        // Nothing fits: writing the only candidate says what is missing.
        return nearest
    }

    /// No member of the choice is present outside of `branch`.
    private func takesAll(_ branch: Int32, of node: TreeNode, _ first: Int) -> Bool {
        for offset in 0..<node.childCount {
            let other = tables.children[node.firstChild &+ offset]
            if other != branch, !isCovered(other, by: branch, first) { return false }
        }
        return true
    }

    private func isCovered(_ index: Int32, by branch: Int32, _ first: Int) -> Bool {
        let node = tables.nodes[index]
        if node.kind == .leaf {
            return !hasValue(node, first) || holds(branch, node.member)
        }
        return (0..<node.childCount).allSatisfy {
            isCovered(tables.children[node.firstChild &+ $0], by: branch, first)
        }
    }

    private func holds(_ index: Int32, _ member: Int32) -> Bool {
        let node = tables.nodes[index]
        if node.kind == .leaf { return node.member == member }
        return (0..<node.childCount).contains {
            holds(tables.children[node.firstChild &+ $0], member)
        }
    }

    @inline(__always)
    private func hasValue(_ leaf: TreeNode, _ first: Int) -> Bool {
        guard let value = slots[first &+ Int(leaf.member)] else { return false }
        return !leaf.isArray || !value.isArray || value.count > 0
    }

    /// Some member of the tree has a value.
    private func isPresent(_ index: Int32, _ first: Int) -> Bool {
        let node = tables.nodes[index]
        if node.kind == .leaf { return hasValue(node, first) }
        for offset in 0..<node.childCount
        where isPresent(tables.children[node.firstChild &+ offset], first) {
            return true
        }
        return false
    }

    /// The members present are what the tree allows.
    private func fits(_ index: Int32, _ scope: ScopePlan, _ first: Int) -> Bool {
        let node = tables.nodes[index]
        switch node.kind {
        case .leaf:
            guard let value = slots[first &+ Int(node.member)] else { return node.min == 0 }
            if node.wildcard >= 0 {
                let member = tables.members[scope.firstMember &+ node.member]
                guard admits(node.wildcard, member, value) else { return false }
            }
            guard node.isArray, value.isArray else { return true }
            return value.count >= Int(node.min) && (node.max < 0 || value.count <= Int(node.max))
        case .choice:
            if !isPresent(index, first) { return node.isEmptiable }
            return (0..<node.childCount).contains { offset in
                let branch = tables.children[node.firstChild &+ offset]
                return isPresent(branch, first) && takesAll(branch, of: node, first)
                    && fits(branch, scope, first)
            }
        default:
            if node.min == 0, !isPresent(index, first) { return true }
            return (0..<node.childCount).allSatisfy {
                fits(tables.children[node.firstChild &+ $0], scope, first)
            }
        }
    }

    private func names(_ index: Int32, _ scope: ScopePlan, isFirst: Bool = true) -> String {
        let node = tables.nodes[index]
        if node.kind == .leaf {
            return "\"\(tables.members[scope.firstMember + node.member].json.string)\""
        }
        return (0..<node.childCount).map {
            names(tables.children[node.firstChild + $0], scope)
        }.joined(separator: ", ")
    }

    private func presentNames(_ index: Int32, _ scope: ScopePlan, _ first: Int) -> String {
        let present = (0..<scope.memberCount).filter {
            slots[first &+ Int($0)] != nil && holds(index, $0)
        }
        return present.map { "\"\(tables.members[scope.firstMember + $0].json.string)\"" }
            .joined(separator: ", ")
    }
}
