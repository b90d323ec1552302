// SPDX-License-Identifier: Apache-2.0
// The same instructions below a schema that says what is to happen to members and items that
// nothing else has evaluated. A tracker is a stretch of bits, one for each member or item; what a
// branch that fails has noted is forgotten with it.
internal import DragomanDocument

extension EvaluationContext {
    func callTracked(_ block: SchemaBlock, _ node: Node, _ tracker: Int) -> Bool {
        guard descend() else { return false }
        defer { depth &-= 1 }
        return runTracked(block.lists[Int(node.kind.rawValue)], node, tracker)
    }

    private func runTracked(_ list: OperationList, _ node: Node, _ tracker: Int) -> Bool {
        var operation = list
        while true {
            switch operation.pointee.code {
            case .pass: return true
            case .fail: return false
            default: if !checkTracked(operation, node, tracker) { return false }
            }
            operation += 1
        }
    }

    private func checkTracked(_ operation: OperationList, _ node: Node, _ tracker: Int) -> Bool {
        let target = operation.pointee.target
        switch operation.pointee.code {
        case .objectTracked:
            return objectTracked(Self.plan(target, ObjectPlan.self), node, tracker: tracker)
        case .array: return array(Self.plan(target, ArrayPlan.self), node, tracker: tracker)
        case .contains:
            return contains(Self.plan(target, ContainsPlan.self), node, tracker: tracker)
        case .dependentSchemas: return dependentSchemas(operation, node, tracker: tracker)
        case .call: return callTracked(SchemaBlock(target), node, tracker)
        case .anyOf: return branches(target, node, tracker, most: Int.max)
        case .oneOf: return branches(target, node, tracker, most: 1)
        case .condition: return condition(target, node, tracker)
        case .enter: return enter(operation, node, tracker: tracker)
        case .dynamic: return dynamic(operation, node, tracker: tracker)
        case .track: return track(operation, node, into: tracker)
        case .unevaluatedItems: return unevaluatedItems(SchemaBlock(target), node, tracker)
        case .unevaluatedMembers: return unevaluatedMembers(SchemaBlock(target), node, tracker)
        default: return check(operation, node)
        }
    }

    /// Works off the list at the target with a tracker of its own, whose bits go to the outer one
    /// (if there is one) when all went well.
    @inline(never)
    func track(_ operation: OperationList, _ node: Node, into outer: Int) -> Bool {
        let inner = pushBits(node.count)
        guard runTracked(Self.plan(operation.pointee.target, Operation.self), node, inner) else {
            bitsCount = inner
            return false
        }
        if outer >= 0 {
            mergeBits(inner, into: outer)
        } else {
            bitsCount = inner
        }
        return true
    }

    /// One branch, with its own bits that count only if it fits.
    private func branch(_ block: SchemaBlock, _ node: Node, _ tracker: Int) -> Bool {
        let inner = pushBits(node.count)
        if callTracked(block, node, inner) {
            mergeBits(inner, into: tracker)
            return true
        }
        bitsCount = inner
        return false
    }

    /// All branches are tried, for each that fits evaluates something.
    private func branches(
        _ target: UnsafeRawPointer?, _ node: Node, _ tracker: Int, most: Int
    ) -> Bool {
        let plan = Self.plan(target, BranchPlan.self)
        let candidates = plan.pointee.guide.map { BranchGuide.candidates($0, node) } ?? UInt64.max
        var matches = 0
        for index in 0..<plan.pointee.count {
            // A guide has at most as many branches as there are bits.
            if index < BranchGuide.branchesMax, candidates &>> UInt64(index) & 1 == 0 { continue }
            if branch(plan.pointee.blocks[index], node, tracker) {
                matches &+= 1
                if matches > most { return false }
            } else if abortion != nil {
                return false
            }
        }
        return matches > 0
    }

    private func condition(_ target: UnsafeRawPointer?, _ node: Node, _ tracker: Int) -> Bool {
        let plan = Self.plan(target, ConditionPlan.self)
        let holds = branch(plan.pointee.condition, node, tracker)
        if abortion != nil { return false }
        guard let next = holds ? plan.pointee.then : plan.pointee.otherwise else { return true }
        return callTracked(next, node, tracker)
    }

    private func unevaluatedItems(_ block: SchemaBlock, _ node: Node, _ tracker: Int) -> Bool {
        var items = node.items
        var position = 0
        while let item = items.next() {
            if !isMarked(tracker, position) {
                if !apply(block, item) { return false }
                mark(tracker, position)
            }
            position &+= 1
        }
        return true
    }

    private func unevaluatedMembers(_ block: SchemaBlock, _ node: Node, _ tracker: Int) -> Bool {
        var members = node.members
        var position = 0
        while let member = members.next() {
            if !isMarked(tracker, position) {
                if !apply(block, member.value) { return false }
                mark(tracker, position)
            }
            position &+= 1
        }
        return true
    }
}
