// SPDX-License-Identifier: Apache-2.0
// How often elements stand, and which of a choice's stand together, for replies that must be what
// their contract says. The order of elements is not judged (XML-FORM.md, Replies in the wild).

internal import DragomanDocument

extension PlanReader {
    /// Occurrences are counted, and judged where an object ends.
    var isCounting: Bool { options.checksFacets && !options.reportsMismatch }

    /// One more element of the member, or one more item of the repeated group that it is.
    @inline(__always)
    func count(_ member: Int32, in frame: UnsafeMutablePointer<ReadFrame>) {
        if frame.pointee.seenFrom >= 0, isCounting {
            seen[counter(member, frame)] &+= 1
        }
    }

    private func counter(_ member: Int32, _ frame: UnsafeMutablePointer<ReadFrame>) -> Int {
        let words = (Int(tables.scopes[frame.pointee.scope].memberCount) + 63) / 64
        return Int(frame.pointee.seenFrom) + words + Int(member)
    }

    /// Refuses the open object whose members are too few, too many, or not to go together.
    @inline(never)
    func judge(_ frame: UnsafeMutablePointer<ReadFrame>) throws(TranslationError) {
        guard isCounting else { return }
        let scope = tables.scopes[frame.pointee.scope]
        let first = counter(0, frame)
        let counts = OccurrenceCounts(
            tables: tables, scope: scope,
            counts: Array(seen[first..<(first + Int(scope.memberCount))]))
        if let fault = counts.fault() { throw misfit(fault) }
    }
}

/// The members of one object by how often they stand, against its content model.
private struct OccurrenceCounts {
    let tables: PlanTables
    let scope: ScopePlan
    let counts: [UInt64]

    /// What does not fit, as a sentence's end; nil where all does.
    func fault() -> String? {
        guard scope.isFlat else { return scope.root < 0 ? nil : fault(scope.root) }
        for index in 0..<scope.memberCount {
            let member = tables.members[scope.firstMember &+ index]
            if let fault = fault(index, min: member.min, max: member.max) { return fault }
        }
        return nil
    }

    private func fault(_ index: Int32, min: Int32, max: Int32) -> String? {
        let member = tables.members[scope.firstMember &+ index]
        let count = counts[Int(index)]
        if member.scope >= 0, tables.nodes[tables.scopes[member.scope].root].isEmptiable,
            count < UInt64(clamping: min)
        {
            return nil
        }
        // A choice's item may hold a part of an occurrence only.
        let isCounted = member.innerMax != 0 || member.kind == .element || member.kind == .any
        if count < UInt64(clamping: min) {
            return count == 0 && min == 1
                ? "the element \(name(index)) is missing"
                : "\(name(index)) stands \(count) times, and is due at least \(min) times"
        }
        if max >= 0, isCounted, count > UInt64(max) {
            return "\(name(index)) stands \(count) times, and may stand at most \(max) times"
        }
        return nil
    }

    private func fault(_ index: Int32) -> String? {
        let node = tables.nodes[index]
        switch node.kind {
        case .leaf: return fault(node.member, min: node.min, max: node.max)
        case .choice:
            guard isPresent(index) else {
                return node.isEmptiable ? nil : "one of \(names(index) { _ in true }) is missing"
            }
            var nearest: String?
            for branch in children(node) where isPresent(branch) && takesAll(branch, of: node) {
                guard let fault = fault(branch) else { return nil }
                nearest = nearest ?? fault
            }
            return nearest
                ?? "the elements \(names(index) { counts[Int($0)] > 0 }) do not go together"
        case .sequence, .all:
            if node.min == 0, !isPresent(index) { return nil }
            for child in children(node) {
                if let fault = fault(child) { return fault }
            }
            return nil
        }
    }

    private func children(_ node: TreeNode) -> [Int32] {
        (0..<node.childCount).map { tables.children[node.firstChild &+ $0] }
    }

    private func isPresent(_ index: Int32) -> Bool {
        let node = tables.nodes[index]
        if node.kind == .leaf { return counts[Int(node.member)] > 0 }
        return children(node).contains(where: isPresent)
    }

    /// No member of the choice is present outside of `branch`.
    private func takesAll(_ branch: Int32, of node: TreeNode) -> Bool {
        children(node).allSatisfy { $0 == branch || isCovered($0, by: branch) }
    }

    private func isCovered(_ index: Int32, by branch: Int32) -> Bool {
        let node = tables.nodes[index]
        if node.kind == .leaf { return counts[Int(node.member)] == 0 || holds(branch, node.member) }
        return children(node).allSatisfy { isCovered($0, by: branch) }
    }

    private func holds(_ index: Int32, _ member: Int32) -> Bool {
        let node = tables.nodes[index]
        if node.kind == .leaf { return node.member == member }
        return children(node).contains { holds($0, member) }
    }

    /// Members below the node, each once.
    private func names(_ index: Int32, where isNamed: (Int32) -> Bool) -> String {
        (0..<scope.memberCount).filter { holds(index, $0) && isNamed($0) }.map(name)
            .joined(separator: ", ")
    }

    private func name(_ index: Int32) -> String {
        "\"\(tables.members[scope.firstMember &+ index].json.string)\""
    }
}
