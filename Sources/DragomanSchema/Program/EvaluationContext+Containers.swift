// SPDX-License-Identifier: Apache-2.0
// Instructions about objects and arrays: one pass each. With a tracker (from 0 on) they note which
// members and items they have evaluated.
internal import DragomanDocument

extension EvaluationContext {
    @inline(never)
    func object(_ plan: UnsafePointer<ObjectPlan>, _ node: Node) -> Bool {
        let count = node.count
        guard count >= plan.pointee.least, count <= plan.pointee.most, descend() else {
            return false
        }
        var missing = plan.pointee.requiredCount
        // Members mostly come in the order in which the schema names them.
        var entry = plan.pointee.entries
        var members = node.members
        while let member = members.next() {
            var lists = plan.pointee.rest.lists
            let name = member.name.bytes
            if !NameEntry.isName(entry, name) {
                let names = plan.pointee.names
                entry =
                    names.pointee.lacks(name.count)
                    ? names.pointee.entries + names.pointee.count : NameIndex.entry(names, name)
            }
            missing &-= Int(entry.pointee.required)
            if let known = entry.pointee.lists {
                lists = known
                entry += 1
            } else if plan.pointee.patternCount > 0 {
                guard let left = patterns(plan, entry, member.name, member.value) else {
                    depth &-= 1
                    return false
                }
                lists = left
            }
            let value = member.value
            let list = lists[Int(value.kind.rawValue)]
            if list.pointee.code != .pass, !run(list, value) {
                depth &-= 1
                return false
            }
        }
        depth &-= 1
        return missing == 0 && (plan.pointee.nameBlock == nil || areNamed(plan, node))
    }

    /// Applies what patterns say about a member; the lists that are still to be applied, or nil
    /// where the member is refused.
    @inline(never)
    private func patterns(
        _ plan: UnsafePointer<ObjectPlan>, _ entry: UnsafeMutablePointer<NameEntry>,
        _ name: Node, _ value: Node
    ) -> UnsafeMutablePointer<OperationList>? {
        var isMatched = false
        for index in 0..<plan.pointee.patternCount {
            let pattern = plan.pointee.patterns + index
            if PatternCode.matches(pattern.pointee.code, name.bytes, self) {
                isMatched = true
                if !apply(pattern.pointee.block, value) { return nil }
            } else if abortion != nil {
                _ = refused(at: name)
                return nil
            }
        }
        if let own = entry.pointee.own, entry.pointee.isProperty || !isMatched { return own }
        return isMatched ? plan.pointee.pass.lists : plan.pointee.rest.lists
    }

    /// All names fit what is said about names.
    @inline(never)
    private func areNamed(_ plan: UnsafePointer<ObjectPlan>, _ node: Node) -> Bool {
        guard let block = plan.pointee.nameBlock else { return true }
        var members = node.members
        while let member = members.next() {
            if !apply(block, member.name) { return false }
        }
        return true
    }

    /// With a tracker, or on the way from one to another.
    @inline(never)
    func objectTracked(_ plan: UnsafePointer<ObjectPlan>, _ node: Node, tracker: Int) -> Bool {
        let count = node.count
        guard count >= plan.pointee.least, count <= plan.pointee.most, descend() else {
            return false
        }
        defer { depth &-= 1 }
        var missing = plan.pointee.requiredCount
        var position = 0
        var members = node.members
        while let member = members.next() {
            let entry = NameIndex.entry(plan.pointee.names, member.name.bytes)
            missing &-= Int(entry.pointee.required)
            var lists = entry.pointee.lists ?? plan.pointee.rest.lists
            var isEvaluated = entry.pointee.isProperty || plan.pointee.hasRest
            if entry.pointee.lists == nil, plan.pointee.patternCount > 0 {
                guard let left = patterns(plan, entry, member.name, member.value) else {
                    return false
                }
                isEvaluated = isEvaluated || left == plan.pointee.pass.lists
                lists = left
            }
            if !apply(SchemaBlock(lists), member.value) { return false }
            if tracker >= 0, isEvaluated { mark(tracker, position) }
            position &+= 1
        }
        return missing == 0 && (plan.pointee.nameBlock == nil || areNamed(plan, node))
    }

    /// The list asks for that and for nothing else.
    @inline(__always)
    private func isOnly(_ list: OperationList, _ code: OperationCode) -> Bool {
        list.pointee.code == code && (list + 1).pointee.code == .pass
    }

    @inline(never)
    func array(_ plan: UnsafePointer<ArrayPlan>, _ node: Node, tracker: Int) -> Bool {
        let count = node.count
        guard count >= plan.pointee.least, count <= plan.pointee.most, descend() else {
            return false
        }
        defer { depth &-= 1 }
        let prefixCount = plan.pointee.prefixCount
        guard prefixCount > 0 || plan.pointee.rest != nil else { return true }
        var items = node.items
        var position = 0
        while position < prefixCount, let item = items.next() {
            if !apply(plan.pointee.prefix[position], item) { return false }
            position &+= 1
        }
        if let rest = plan.pointee.rest {
            // Items are mostly of one kind, and often that is all that is asked of them.
            var kind = Kind.null
            var list = rest.lists[Int(kind.rawValue)]
            while let item = items.next() {
                if item.kind != kind {
                    kind = item.kind
                    list = rest.lists[Int(kind.rawValue)]
                }
                if list.pointee.code == .pass { continue }
                if isOnly(list, .array) {
                    let inner = Self.plan(list.pointee.target, ArrayPlan.self)
                    if !array(inner, item, tracker: -1) { return false }
                } else if !run(list, item) {
                    return false
                }
            }
            position = count
        }
        if tracker >= 0 {
            for index in 0..<position { mark(tracker, index) }
        }
        return true
    }

    @inline(never)
    func contains(_ plan: UnsafePointer<ContainsPlan>, _ node: Node, tracker: Int) -> Bool {
        guard descend() else { return false }
        defer { depth &-= 1 }
        let marks = tracker >= 0 && plan.pointee.marksItems
        var matches = 0
        var position = 0
        var items = node.items
        while let item = items.next() {
            if apply(plan.pointee.block, item) {
                matches &+= 1
                if matches > plan.pointee.most { return false }
                if marks { mark(tracker, position) }
                if !marks && matches >= plan.pointee.least && plan.pointee.most == Int.max {
                    return true
                }
            } else if abortion != nil {
                return false
            }
            position &+= 1
        }
        return matches >= plan.pointee.least
    }

    /// `low` plans at the target.
    @inline(never)
    func dependentNames(_ operation: OperationList, _ node: Node) -> Bool {
        let plans = Self.plan(operation.pointee.target, DependencyPlan.self)
        for index in 0..<operation.pointee.low where node.member(plans[index].name) != nil {
            for number in 0..<plans[index].requiredCount
            where node.member(plans[index].required[number]) == nil {
                return false
            }
        }
        return true
    }

    /// `low` plans at the target.
    @inline(never)
    func dependentSchemas(_ operation: OperationList, _ node: Node, tracker: Int) -> Bool {
        let plans = Self.plan(operation.pointee.target, DependencyPlan.self)
        for index in 0..<operation.pointee.low where node.member(plans[index].name) != nil {
            guard let block = plans[index].block else { continue }
            let fits = tracker < 0 ? call(block, node) : callTracked(block, node, tracker)
            if !fits { return false }
        }
        return true
    }

    // MARK: uniqueItems

    /// Arrays up to so many items are compared pair by pair.
    private static let fewItems = 8

    @inline(never)
    func isUnique(_ node: Node) -> Bool {
        let count = node.count
        if count < 2 { return true }
        if count > Self.fewItems { return isUniqueByHash(node, count) }
        return withUnsafeTemporaryAllocation(of: Int.self, capacity: Self.fewItems) { marks in
            var items = node.items
            var place = 0
            while let item = items.next() {
                let mark = Self.mark(item)
                for other in 0..<place where marks[other] == mark {
                    if let twin = node.item(other), ValueEquality.equal(item, twin) {
                        return false
                    }
                }
                marks[place] = mark
                place &+= 1
            }
            return true
        }
    }

    /// The same for equal values. Most strings differ in their lengths or their first bytes.
    @inline(__always)
    private static func mark(_ item: Node) -> Int {
        guard item.kind == .string else { return 0 }
        let bytes = item.bytes
        guard let start = bytes.baseAddress, bytes.count > 0 else { return 1 }
        return bytes.count &<< 8 | Int(start.load(as: UInt8.self))
    }

    private func isUniqueByHash(_ node: Node, _ count: Int) -> Bool {
        var size = 32
        while size < count * 2 { size *= 2 }
        if slots.count < size { slots = [Int32](repeating: -1, count: size) }
        for index in 0..<size { slots[index] = -1 }
        hashes.removeAll(keepingCapacity: true)
        let mask = size - 1
        var items = node.items
        nodes.removeAll(keepingCapacity: true)
        while let item = items.next() {
            let hash = ValueHash.hash(item)
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 {
                let other = Int(slots[slot])
                if hashes[other] == hash, ValueEquality.equal(nodes[other], item) {
                    return false
                }
                slot = (slot + 1) & mask
            }
            slots[slot] = Int32(hashes.count)
            hashes.append(hash)
            nodes.append(item)
        }
        return true
    }
}
