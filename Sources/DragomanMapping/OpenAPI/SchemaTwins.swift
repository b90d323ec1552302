// SPDX-License-Identifier: Apache-2.0
// Which definitions of several schema documents say the same: each operation's schema has its own
// copy of a contract's types, and an OpenAPI document has one of each.

internal import DragomanDocument

/// Compares definitions by all that they lead to; definitions that refer to themselves are the
/// same where nothing tells them apart.
final class SchemaTwins {
    /// A schema and the document that it stands in.
    struct Definition {
        /// URI and pointer.
        let key: String
        /// Nil where a reference led nowhere.
        let node: Node?
        let file: SchemaDocumentFile
    }

    private struct Pair: Hashable {
        let first: String
        let second: String
    }

    /// A pair that is not yet decided, and the pairs that it depends on.
    private struct Open {
        let pair: Pair
        var rest: [(Definition, Definition)]
    }

    private let resolve: (String, SchemaDocumentFile) -> Definition?
    private var same: Set<Pair> = []
    private var different: Set<Pair> = []

    /// `resolve`: what a reference in a document leads to.
    init(resolve: @escaping (String, SchemaDocumentFile) -> Definition?) {
        self.resolve = resolve
    }

    func areSame(_ first: Definition, _ second: Definition) -> Bool {
        var assumed: Set<Pair> = []
        var open: [Open] = []
        guard enter(first, second, &assumed, &open) else { return false }
        while let last = open.indices.last {
            guard let next = open[last].rest.popLast() else {
                open.removeLast()
                continue
            }
            if !enter(next.0, next.1, &assumed, &open) {
                for waiting in open { different.insert(waiting.pair) }
                return false
            }
        }
        same.formUnion(assumed)
        return true
    }

    /// False where the two differ by themselves; else what they refer to is open.
    private func enter(
        _ first: Definition, _ second: Definition, _ assumed: inout Set<Pair>,
        _ open: inout [Open]
    ) -> Bool {
        if first.key == second.key { return true }
        let pair = Pair(first: first.key, second: second.key)
        if same.contains(pair) { return true }
        if different.contains(pair) { return false }
        guard assumed.insert(pair).inserted else { return true }
        var references: [(Definition, Definition)] = []
        guard !first.file.needsIdentity, !second.file.needsIdentity,
            first.file.draft == second.file.draft, let left = first.node, let right = second.node,
            compare(left, right, (first.file, second.file), &references)
        else {
            different.insert(pair)
            return false
        }
        open.append(Open(pair: pair, rest: references))
        return true
    }

    private func compare(
        _ first: Node, _ second: Node, _ files: (SchemaDocumentFile, SchemaDocumentFile),
        _ references: inout [(Definition, Definition)]
    ) -> Bool {
        guard first.kind == second.kind else { return false }
        switch first.kind {
        case .object:
            guard first.count == second.count else { return false }
            var others = second.members
            for member in first.members {
                guard let other = others.next(), member.name.textEquals(other.name.bytes) else {
                    return false
                }
                if member.name.textEquals("$ref"), member.value.isString, other.value.isString {
                    guard let left = resolve(member.value.string, files.0),
                        let right = resolve(other.value.string, files.1)
                    else { return false }
                    references.append((left, right))
                } else if !compare(member.value, other.value, files, &references) {
                    return false
                }
            }
            return true
        case .array:
            guard first.count == second.count else { return false }
            var others = second.items
            for item in first.items {
                guard let other = others.next(), compare(item, other, files, &references) else {
                    return false
                }
            }
            return true
        case .null, .true, .false: return true
        default: return first.bytes.elementsEqual(second.bytes)
        }
    }
}
