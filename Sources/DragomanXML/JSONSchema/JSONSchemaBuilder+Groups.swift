// SPDX-License-Identifier: Apache-2.0
// Which members go together: what groups and choices of a content model say, as `required`,
// `oneOf` with forbidden names, and `if`.

internal import DragomanDocument

extension JSONSchemaBuilder {
    /// `required`, and what of the scope's groups it can not say, into the object that is open.
    func groupBody(_ scope: ScopePlan, required names: [String]) {
        guard scope.root >= 0 else { return required(names) }
        if scope.isFlat {
            let due = (0..<scope.memberCount).compactMap { offset -> String? in
                let member = plans.members[scope.firstMember + offset]
                return member.min > 0 ? dueName(member) : nil
            }
            return required(names + due)
        }
        var due = names
        var rest: [() -> Void] = []
        collect(scope.root, scope, &due, &rest)
        required(due)
        if rest.count == 1 {
            rest[0]()
        } else if rest.count > 1 {
            array("allOf") { for body in rest { item(body) } }
        }
    }

    /// The member's name, if its absence is an error.
    private func dueName(_ member: MemberPlan) -> String? {
        if member.isOmitted { return nil }
        if member.kind == .element, !member.isArray,
            plans.elements[member.element].constraint >= 0
        {
            return nil
        }
        if member.scope >= 0, plans.nodes[plans.scopes[member.scope].root].isEmptiable {
            return nil
        }
        return member.json.string
    }

    /// What a node of the tree asks: names that must be there, and schemas that must hold.
    private func collect(
        _ index: Int32, _ scope: ScopePlan, _ due: inout [String], _ rest: inout [() -> Void]
    ) {
        let node = plans.nodes[index]
        switch node.kind {
        case .leaf:
            let member = plans.members[scope.firstMember + node.member]
            if node.min > 0, let name = dueName(member), !due.contains(name) { due.append(name) }
        case .sequence, .all:
            if node.min == 0 {
                var innerDue: [String] = []
                var innerRest: [() -> Void] = []
                collectChildren(node, scope, &innerDue, &innerRest)
                guard !innerDue.isEmpty || !innerRest.isEmpty else { return }
                let names = names(index, scope)
                let (dueNow, restNow) = (innerDue, innerRest)
                rest.append {
                    self.object("if") { self.someBody(names) }
                    self.object("then") { self.all(dueNow, restNow) }
                }
            } else {
                collectChildren(node, scope, &due, &rest)
            }
        case .choice: rest.append { self.choiceBody(index, scope) }
        }
    }

    private func collectChildren(
        _ node: TreeNode, _ scope: ScopePlan, _ due: inout [String], _ rest: inout [() -> Void]
    ) {
        for offset in 0..<node.childCount {
            collect(plans.children[node.firstChild + offset], scope, &due, &rest)
        }
    }

    private func all(_ due: [String], _ rest: [() -> Void]) {
        required(due)
        guard !rest.isEmpty else { return }
        array("allOf") { for body in rest { item(body) } }
    }

    /// One of the names is there.
    private func someBody(_ names: [String]) {
        if names.count == 1 { return required(names) }
        array("anyOf") { for name in names { item { required([name]) } } }
    }

    /// The names of all members under a node, in order.
    private func names(_ index: Int32, _ scope: ScopePlan) -> [String] {
        let node = plans.nodes[index]
        if node.kind == .leaf {
            let member = plans.members[scope.firstMember + node.member]
            return member.isOmitted ? [] : [member.json.string]
        }
        var all: [String] = []
        for offset in 0..<node.childCount {
            for name in names(plans.children[node.firstChild + offset], scope)
            where !all.contains(name) {
                all.append(name)
            }
        }
        return all
    }

    // MARK: Choices

    private func choiceBody(_ index: Int32, _ scope: ScopePlan) {
        let node = plans.nodes[index]
        let branches = (0..<node.childCount).map { plans.children[node.firstChild + $0] }
        let all = names(index, scope)
        var counts: [String: Int] = [:]
        for branch in branches {
            for name in names(branch, scope) { counts[name, default: 0] += 1 }
        }
        // Branches that share names can both fit; the first is written.
        let isDisjoint = counts.values.allSatisfy { $0 == 1 }
        array(isDisjoint ? "oneOf" : "anyOf") {
            for branch in branches {
                let own = names(branch, scope)
                guard !own.isEmpty else { continue }
                item { branchBody(branch, scope, own: own, all: all) }
            }
            if node.isEmptiable { item { forbid(all) } }
        }
    }

    private func branchBody(_ branch: Int32, _ scope: ScopePlan, own: [String], all: [String]) {
        var due: [String] = []
        var rest: [() -> Void] = []
        let node = plans.nodes[branch]
        if node.kind == .leaf {
            due = own
        } else if node.kind == .choice {
            rest.append { self.choiceBody(branch, scope) }
        } else {
            collectChildren(node, scope, &due, &rest)
        }
        if due.isEmpty { rest.append { self.someBody(own) } }
        forbid(all.filter { !own.contains($0) })
        required(due)
        if rest.count == 1 {
            rest[0]()
        } else if rest.count > 1 {
            array("allOf") { for body in rest { item(body) } }
        }
    }

    private func forbid(_ names: [String]) {
        guard !names.isEmpty else { return }
        object("properties") {
            for name in names {
                document.key(name)
                document.append(false)
            }
        }
    }
}
