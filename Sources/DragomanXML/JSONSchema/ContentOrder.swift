// SPDX-License-Identifier: Apache-2.0
// The orders in which the items of a `@content` may come, where they are few enough to be said in
// a JSON Schema; the writer checks the others.

internal import DragomanDocument

/// Expands a content model into runs of members.
struct ContentOrder {
    /// A member, and of one that is several wildcards the one that stands there; else -1.
    struct Place: Hashable {
        let member: Int32
        let wildcard: Int32
    }

    /// Members one after the other, and then those of `tail` as often as one likes; nil: the end.
    struct Run: Hashable {
        var items: [Place] = []
        var tail: [Place]?
    }

    private static let runsMax = 48
    private static let itemsMax = 12
    private static let depthMax = 20

    let plans: PlanSet
    let scope: ScopePlan

    /// nil where there are too many, or what repeats is more than single items at the end.
    func runs() -> [Run]? {
        guard scope.root >= 0 else { return nil }
        let members = (0..<scope.memberCount).map { plans.members[scope.firstMember + $0] }
        guard !members.contains(where: \.isOmitted) else { return nil }
        return expand(scope.root, depth: 0)
    }

    private func expand(_ index: Int32, depth: Int) -> [Run]? {
        guard depth < ContentOrder.depthMax else { return nil }
        let node = plans.nodes[index]
        let children = (0..<node.childCount).map { plans.children[node.firstChild + $0] }
        var once: [Run]
        switch node.kind {
        case .leaf: once = [Run(items: [Place(member: node.member, wildcard: node.wildcard)])]
        case .all: return nil
        case .choice:
            once = []
            for child in children {
                guard let runs = expand(child, depth: depth + 1) else { return nil }
                once += runs
            }
        case .sequence:
            once = [Run()]
            for child in children {
                guard let runs = expand(child, depth: depth + 1),
                    let joined = join(once, runs)
                else { return nil }
                once = joined
            }
        }
        return repeated(once, node)
    }

    private func repeated(_ once: [Run], _ node: TreeNode) -> [Run]? {
        if node.min == 1, node.max == 1 { return bounded(once) }
        var current = [Run()]
        for _ in 0..<node.min {
            guard let next = join(current, once) else { return nil }
            current = next
        }
        if node.max < 0 {
            guard once.allSatisfy({ $0.items.count == 1 && $0.tail == nil }) else { return nil }
            let tail = once.map { $0.items[0] }
            return bounded(current.map { Run(items: $0.items, tail: tail) })
        }
        var all = current
        guard node.max - node.min <= ContentOrder.itemsMax else { return nil }
        for _ in node.min..<max(node.max, node.min) {
            guard let next = join(current, once) else { return nil }
            current = next
            all += next
        }
        return bounded(all)
    }

    private func join(_ first: [Run], _ second: [Run]) -> [Run]? {
        var joined: [Run] = []
        for left in first {
            for right in second {
                if left.tail == nil {
                    joined.append(Run(items: left.items + right.items, tail: right.tail))
                } else if right.items.isEmpty, right.tail == nil {
                    joined.append(left)
                } else {
                    return nil
                }
            }
            guard joined.count <= ContentOrder.runsMax * 4 else { return nil }
        }
        return bounded(joined)
    }

    private func bounded(_ runs: [Run]) -> [Run]? {
        var seen: Set<Run> = []
        let different = runs.filter { seen.insert($0).inserted }
        let isSmall =
            different.count <= ContentOrder.runsMax
            && different.allSatisfy { $0.items.count <= ContentOrder.itemsMax }
        return isSmall ? different : nil
    }
}

extension JSONSchemaBuilder {
    /// `anyOf` over the orders that the items of the scope may have.
    func orderBody(_ scope: ScopePlan) {
        guard form != .reply, let runs = ContentOrder(plans: plans, scope: scope).runs() else {
            return
        }
        func isMember(_ place: ContentOrder.Place) {
            let member = plans.members[scope.firstMember + place.member]
            required([member.json.string])
            guard place.wildcard >= 0 else { return }
            object("properties") {
                object(member.json.string) { admittedBody(place.wildcard, of: member.wildcard) }
            }
        }
        array("anyOf") {
            for run in runs {
                item {
                    if !run.items.isEmpty {
                        array("prefixItems") {
                            for member in run.items { item { isMember(member) } }
                        }
                        pair("minItems", run.items.count)
                    }
                    guard let tail = run.tail else { return pair("maxItems", run.items.count) }
                    object("items") {
                        if tail.count == 1 { return isMember(tail[0]) }
                        array("anyOf") { for member in tail { item { isMember(member) } } }
                    }
                }
            }
        }
    }
}
