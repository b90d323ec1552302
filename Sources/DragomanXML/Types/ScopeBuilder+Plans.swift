// SPDX-License-Identifier: Apache-2.0
// The tables of a scope: members, routes, the content model's tree, continuation bits, and the
// hash table of JSON names.

internal import DragomanDocument

extension ScopeBuilder {
    /// The plan of one member; compiles what stands in it.
    func plan(_ member: Member) -> MemberPlan {
        var plan = MemberPlan(
            kind: .element, isArray: member.isArray, json: compiler.draft.pool.text(member.json),
            min: 0, max: -1)
        switch member.particle.term {
        case .element(let declaration):
            let name = member.contractName
            plan.isOmitted = options.isOmitted(name)
            let path = "\(options.path)/\(declaration.name.local)"
            plan.element = compiler.elementIndex(
                declaration, path: path, numbers: options.numberForm(name))
            compiler.checkNumber(name, of: options, declaration.type)
            if options.isUnwrapped(name) { unwrap(declaration, member, path, &plan) }
        case .wildcard:
            plan.kind = .any
            plan.wildcard = compiler.wildcardIndex(member.wildcards)
        case .group(let kind, _):
            plan.kind = kind == .choice ? .choice : .sequence
            let builder = ScopeBuilder(
                compiler, options, mode: kind == .choice ? .choiceItem : .sequenceItem)
            plan.scope = builder.finish(member.particle)
            // An element of a branch is an item of its own, however often it may come.
            if kind == .choice, builder.leaves.contains(where: { $0.isSingle && $0.isRepeated }) {
                plan.innerMax = 0
            }
        }
        return plan
    }

    private func unwrap(
        _ declaration: ElementDeclaration, _ member: Member, _ path: String,
        _ plan: inout MemberPlan
    ) {
        guard case .complex(let type) = declaration.type, !type.isEffectivelyMixed,
            type.effectiveAttributes.isEmpty, type.effectiveAnyAttribute == nil,
            let particle = type.effectiveParticle.flatMap(ContentModel.simplify),
            case .element(let inner) = particle.term, particle.occurrence.isRepeated,
            !member.isArray
        else {
            return compiler.reportNaming(
                NamingProblem(
                    type: options.path, option: .unwrap, member: member.contractName,
                    "`\(member.contractName)` can not be unwrapped: only an element whose sole "
                        + "content is one repeated element without attributes can"))
        }
        plan.isUnwrapped = true
        plan.isArray = false
        plan.inner = compiler.elementIndex(inner, path: "\(path)/\(inner.name.local)")
        plan.innerMin = Int32(clamping: particle.occurrence.min)
        plan.innerMax = particle.occurrence.max.map { Int32(clamping: $0) } ?? -1
    }

    /// From element names to members, in schema order.
    func routes(_ plans: [MemberPlan]) -> [RoutePlan] {
        var routes: [RoutePlan] = []
        for (index, plan) in plans.enumerated() {
            switch plan.kind {
            case .any: continue
            case .element:
                let entry = compiler.draft.elements[Int(plan.element)]
                routes.append(
                    RoutePlan(
                        name: entry.name, member: Int32(index), element: plan.element,
                        isSubstitute: false, json: plan.json))
                for offset in 0..<entry.substituteCount {
                    let other = compiler.draft.substitutes[Int(entry.firstSubstitute + offset)]
                    routes.append(
                        RoutePlan(
                            name: other.name, member: Int32(index), element: other.target,
                            isSubstitute: true, json: plan.json))
                }
            case .choice, .sequence:
                let scope = compiler.draft.scopes[Int(plan.scope)]
                for offset in 0..<scope.routeCount {
                    let inner = compiler.draft.routes[Int(scope.firstRoute + offset)]
                    routes.append(
                        RoutePlan(
                            name: inner.name, member: Int32(index), element: -1,
                            isSubstitute: false, json: plan.json))
                }
            }
        }
        return routes
    }

    /// Every group is taken once, whole, so that members need no more than their own bounds.
    var isFlat: Bool {
        guard mode != .content, !nodes.isEmpty else { return nodes.isEmpty }
        let groups = nodes.allSatisfy { node in
            node.kind == .leaf || (node.kind != .choice && node.min == 1 && node.max == 1)
        }
        return groups && leaves.count == members.count
    }

    /// Members that stand at one place alone have its bounds.
    func setBounds(_ firstMember: Int) {
        var counts: [Int: Int] = [:]
        for leaf in leaves { counts[leaf.member, default: 0] += 1 }
        for leaf in leaves where counts[leaf.member] == 1 {
            let node = nodes[leaf.node]
            compiler.draft.members[firstMember + leaf.member].min = node.min
            compiler.draft.members[firstMember + leaf.member].max = node.max
        }
    }

    /// - Returns: index of the root's node in the plan's table, or -1.
    func copyTree() -> Int32 {
        guard !nodes.isEmpty else { return -1 }
        let offset = Int32(compiler.draft.nodes.count)
        for (index, node) in nodes.enumerated() {
            var copy = node
            copy.firstChild = Int32(compiler.draft.children.count)
            copy.childCount = Int32(childLists[index].count)
            compiler.draft.children += childLists[index].map { $0 + offset }
            compiler.draft.nodes.append(copy)
        }
        return offset
    }

    /// A square of bits: may an element of the column's member follow, within one item, when the
    /// last was the row's?
    func continuations() -> Int32 {
        let count = members.count
        let words = (count + 63) / 64
        var bits = [UInt64](repeating: 0, count: words * count)
        for last in leaves {
            for next in leaves where ScopeBuilder.continues(last, next) {
                bits[last.member * words + next.member / 64] |= 1 << UInt64(next.member % 64)
            }
        }
        let first = Int32(compiler.draft.continuations.count)
        compiler.draft.continuations += bits
        return first
    }

    private static func continues(_ last: Leaf, _ next: Leaf) -> Bool {
        if last.node == next.node { return last.isRepeated && !last.isSingle }
        for (a, b) in zip(last.path, next.path) {
            if a.node == b.node, a.child == b.child { continue }
            guard a.node == b.node else { return false }
            switch a.kind {
            case .choice: return false
            case .all: return true
            default: return a.child < b.child
            }
        }
        return false
    }

    /// Small objects are searched in order; larger ones by a table.
    func hashTable(_ names: [String]) -> (Int32, Int32) {
        guard names.count > 8 else { return (-1, 0) }
        var size = 16
        while size < names.count * 2 { size *= 2 }
        var slots = [Int32](repeating: -1, count: size)
        for (index, name) in names.enumerated() {
            var place = Int(MemberHash.hash(Array(name.utf8))) & (size - 1)
            while slots[place] >= 0 { place = (place + 1) & (size - 1) }
            slots[place] = Int32(index)
        }
        let first = Int32(compiler.draft.hashes.count)
        compiler.draft.hashes += slots
        return (first, Int32(size - 1))
    }
}

/// A hash of member names, for tables whose size the contract sets.
enum MemberHash {
    static func hash(_ name: [UInt8]) -> UInt32 {
        name.withUnsafeBytes { hash($0) }
    }

    @inline(__always)
    static func hash(_ name: UnsafeRawBufferPointer) -> UInt32 {
        let count = name.count
        guard count > 0 else { return 0 }
        var hash = UInt32(truncatingIfNeeded: count) &* 0x9E37_79B1
        hash ^= UInt32(name[0])
        hash = hash &* 0x85EB_CA6B ^ UInt32(name[count &- 1])
        hash = hash &* 0xC2B2_AE35 ^ UInt32(name[count &>> 1])
        hash = hash &* 0x27D4_EB2F ^ UInt32(name[count &>> 2])
        hash = hash &* 0x1656_67B1 ^ UInt32(name[count &- 1 &- count &>> 2])
        return hash ^ hash &>> 15
    }
}
