// SPDX-License-Identifier: Apache-2.0
// Working off lists of instructions: yes or no, as fast as possible. What explains a no is in
// Report; the tests hold the two against each other.
internal import DragomanDocument

extension EvaluationContext {
    @inline(__always)
    func apply(_ block: SchemaBlock, _ node: Node) -> Bool {
        let list = block.lists[Int(node.kind.rawValue)]
        return list.pointee.code == .pass || run(list, node)
    }

    /// Nothing on the list refuses the value.
    @inline(never)
    func run(_ list: OperationList, _ node: Node) -> Bool {
        var operation = list
        while true {
            switch operation.pointee.code {
            case .pass: return true
            case .fail: return false
            default: if !check(operation, node) { return false }
            }
            operation += 1
        }
    }

    @inline(__always)
    func check(_ operation: OperationList, _ node: Node) -> Bool {
        let target = operation.pointee.target
        switch operation.pointee.code {
        case .length: return length(operation, node.bytes)
        case .pattern:
            return PatternCode.matches(Self.plan(target, PatternCode.self), node.bytes, self)
                || refused(at: node)
        case .format: return isFormatted(operation.pointee.low, node.bytes)
        case .oneOfStrings:
            return NameIndex.contains(Self.plan(target, NameIndex.self), node.bytes)
        case .integral: return ExactNumber(node.bytes).isInteger
        case .integerRange: return isInRange(operation, node.bytes)
        case .numberRange:
            return isWithin(operation, node.bytes) || isBetween(target, node.bytes)
        case .multiple: return isMultiple(target, node.bytes)
        case .oneOfNumbers: return isOneOfNumbers(operation, node.bytes)
        case .oneOfValues: return isOneOfValues(operation, node)
        case .object: return object(Self.plan(target, ObjectPlan.self), node)
        case .objectTracked:
            return objectTracked(Self.plan(target, ObjectPlan.self), node, tracker: -1)
        case .array: return array(Self.plan(target, ArrayPlan.self), node, tracker: -1)
        case .unique: return isUnique(node)
        case .contains: return contains(Self.plan(target, ContainsPlan.self), node, tracker: -1)
        case .dependentNames: return dependentNames(operation, node)
        case .dependentSchemas: return dependentSchemas(operation, node, tracker: -1)
        case .call: return call(SchemaBlock(target), node)
        case .anyOf: return anyOf(Self.plan(target, BranchPlan.self), node)
        case .oneOf: return oneOf(Self.plan(target, BranchPlan.self), node)
        case .not: return !call(SchemaBlock(target), node) && abortion == nil
        case .condition: return condition(Self.plan(target, ConditionPlan.self), node)
        case .enter: return enter(operation, node, tracker: -1)
        case .dynamic: return dynamic(operation, node, tracker: -1)
        case .track: return track(operation, node, into: -1)
        case .unevaluatedItems, .unevaluatedMembers, .pass, .fail: return true
        }
    }

    @inline(__always)
    static func plan<Plan>(_ target: UnsafeRawPointer?, _: Plan.Type) -> UnsafePointer<Plan> {
        // Every code that has a plan as its target is made with one of its own type.
        target.unsafelyUnwrapped.assumingMemoryBound(to: Plan.self)
    }

    @inline(__always)
    func descend() -> Bool {
        depth &+= 1
        if depth <= EvaluationContext.depthMax { return true }
        abort(.depth)
        return false
    }

    // MARK: The same value

    @inline(__always)
    func call(_ block: SchemaBlock, _ node: Node) -> Bool {
        guard descend() else { return false }
        defer { depth &-= 1 }
        return apply(block, node)
    }

    @inline(never)
    private func anyOf(_ plan: UnsafePointer<BranchPlan>, _ node: Node) -> Bool {
        if let guide = plan.pointee.guide {
            return branches(plan, BranchGuide.candidates(guide, node), node) > 0
        }
        for index in 0..<plan.pointee.count {
            if call(plan.pointee.blocks[index], node) { return true }
            if abortion != nil { return false }
        }
        return false
    }

    @inline(never)
    private func oneOf(_ plan: UnsafePointer<BranchPlan>, _ node: Node) -> Bool {
        if let guide = plan.pointee.guide {
            return branches(plan, BranchGuide.candidates(guide, node), node, most: 2) == 1
        }
        var matches = 0
        for index in 0..<plan.pointee.count {
            if call(plan.pointee.blocks[index], node) {
                matches &+= 1
                if matches > 1 { return false }
            } else if abortion != nil {
                return false
            }
        }
        return matches == 1
    }

    /// How many of the branches named by bits fit, counted up to `most`; 0 once one was aborted.
    @inline(__always)
    private func branches(
        _ plan: UnsafePointer<BranchPlan>, _ bits: UInt64, _ node: Node, most: Int = 1
    ) -> Int {
        var left = bits
        var matches = 0
        while left != 0 {
            if call(plan.pointee.blocks[left.trailingZeroBitCount], node) {
                matches &+= 1
                if matches == most { return matches }
            } else if abortion != nil {
                return 0
            }
            left &= left &- 1
        }
        return matches
    }

    @inline(never)
    private func condition(_ plan: UnsafePointer<ConditionPlan>, _ node: Node) -> Bool {
        let holds = call(plan.pointee.condition, node)
        if abortion != nil { return false }
        guard let next = holds ? plan.pointee.then : plan.pointee.otherwise else { return true }
        return call(next, node)
    }

    /// Applies a block of another resource, or of the same with `tracker` at least 0 tracked.
    @inline(never)
    func enter(_ operation: OperationList, _ node: Node, tracker: Int) -> Bool {
        scopes.append(operation.pointee.low)
        defer { scopes.removeLast() }
        let block = SchemaBlock(operation.pointee.target)
        return tracker < 0 ? call(block, node) : callTracked(block, node, tracker)
    }

    /// The outermost resource entered that has the anchor says where the reference leads.
    @inline(never)
    func dynamic(_ operation: OperationList, _ node: Node, tracker: Int) -> Bool {
        var block = SchemaBlock(operation.pointee.target)
        if let entries = dynamicEntries {
            search: for scope in scopes {
                for index in 0..<dynamicCount
                where entries[index].resource == scope
                    && entries[index].anchor == operation.pointee.low
                {
                    block = tracker < 0 ? entries[index].block : entries[index].trackedBlock
                    break search
                }
            }
        }
        return tracker < 0 ? call(block, node) : callTracked(block, node, tracker)
    }
}
