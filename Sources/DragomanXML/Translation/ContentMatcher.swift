// SPDX-License-Identifier: Apache-2.0
// Whether a run of elements is what a content model allows: for `@content` and `@mixed`, whose
// order is the message's own.

/// Matches sequences of members against a tree of `PlanSet.nodes`. Keeps the set of places where
/// a part can end, which for deterministic models is one place.
struct ContentMatcher {
    struct Item {
        /// Index within the scope.
        var member: Int32
        /// Of an element of a wildcard.
        var wild: WildElement?
    }

    let plans: PlanSet
    /// In document order.
    let items: [Item]

    /// How far the items can be right: `items.count` where all are and the model is complete.
    mutating func furthest(root: Int32) -> (isComplete: Bool, reached: Int) {
        reached = 0
        guard root >= 0 else { return (items.isEmpty, 0) }
        let ends = match(root, from: [0], depth: 0)
        return (ends.contains(items.count), reached)
    }

    private var reached = 0

    init(plans: PlanSet, items: [Item]) {
        self.plans = plans
        self.items = items
    }

    private mutating func match(_ index: Int32, from starts: [Int], depth: Int) -> [Int] {
        let node = plans.nodes[index]
        guard depth < 200 else { return [] }
        var ends: Set<Int> = node.min == 0 ? Set(starts) : []
        var current = starts
        var seen = Set(starts)
        var count: Int32 = 0
        while !current.isEmpty, node.max < 0 || count < node.max {
            var next = once(node, from: current, depth: depth)
            count &+= 1
            if count >= node.min { ends.formUnion(next) }
            if count >= node.min {
                next.removeAll { seen.contains($0) }
                seen.formUnion(next)
            } else if next == current {
                // Nothing is read: what is still due can be nothing, too.
                ends.formUnion(next)
                break
            }
            current = next
        }
        return ends.sorted()
    }

    private func isOf(_ leaf: TreeNode, _ item: Item) -> Bool {
        guard item.member == leaf.member else { return false }
        guard leaf.wildcard >= 0, let element = item.wild else { return true }
        return plans.admits(leaf.wildcard, element)
    }

    private mutating func once(_ node: TreeNode, from starts: [Int], depth: Int) -> [Int] {
        switch node.kind {
        case .leaf:
            var ends: [Int] = []
            for start in starts where start < items.count && isOf(node, items[start]) {
                ends.append(start + 1)
                reached = max(reached, start + 1)
            }
            return ends
        case .choice:
            var ends: Set<Int> = []
            for offset in 0..<node.childCount {
                let child = plans.children[node.firstChild + offset]
                ends.formUnion(match(child, from: starts, depth: depth + 1))
            }
            return ends.sorted()
        case .sequence:
            var current = starts
            for offset in 0..<node.childCount {
                if current.isEmpty { return [] }
                let child = plans.children[node.firstChild + offset]
                current = match(child, from: current, depth: depth + 1)
            }
            return current
        case .all: return all(node, from: starts, depth: depth)
        }
    }

    /// Children in any order, each as often as it may.
    private mutating func all(_ node: TreeNode, from starts: [Int], depth: Int) -> [Int] {
        var ends: Set<Int> = []
        for start in starts {
            var left = (0..<node.childCount).map { plans.children[node.firstChild + $0] }
            var place = start
            var hasMoved = true
            while hasMoved {
                hasMoved = false
                for (position, child) in left.enumerated() {
                    let furthest = match(child, from: [place], depth: depth + 1).max() ?? place
                    if furthest > place {
                        place = furthest
                        left.remove(at: position)
                        hasMoved = true
                        break
                    }
                }
            }
            if left.allSatisfy({ plans.nodes[$0].isEmptiable }) { ends.insert(place) }
        }
        return ends.sorted()
    }
}
