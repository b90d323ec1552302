// SPDX-License-Identifier: Apache-2.0
// `${body.order.items[0]}`: which value of an exchange is meant, as a slot and steps from there.

package import DragomanDocument

/// Where a value of an exchange is kept in its `TranslationContext`. A route's parameters follow
/// behind the roots, and behind them the variables of its comprehensions.
package enum RootSlot: Int, CaseIterable, Sendable {
    case body, parts, path, query, header, cookie, claims, consumer
    case reply, replyHeaders, grpc, fault, status

    /// The root's name in expressions.
    package var name: String {
        switch self {
        case .body: "body"
        case .parts: "parts"
        case .path: "path"
        case .query: "query"
        case .header: "header"
        case .cookie: "cookie"
        case .claims: "claims"
        case .consumer: "consumer"
        case .reply: "reply"
        case .replyHeaders: "reply_headers"
        case .grpc: "grpc"
        case .fault: "fault"
        case .status: "status"
        }
    }

    package static let count = allCases.count
}

/// One step from a value to one inside it.
package struct ReferenceStep: Sendable {
    enum Kind: UInt8, Sendable { case member, item }
    let kind: Kind
    /// The member's name.
    let name: ConstantText
    /// The item's position, from 0.
    let position: Int
    /// What an absent member reads as: a protobuf field without presence has its default.
    let absent: ConstantNode?

    static func member(_ name: ConstantText, absent: ConstantNode? = nil) -> ReferenceStep {
        ReferenceStep(kind: .member, name: name, position: 0, absent: absent)
    }

    static func item(_ position: Int, _ name: ConstantText) -> ReferenceStep {
        ReferenceStep(kind: .item, name: name, position: position, absent: nil)
    }
}

/// A value by its slot and the steps to it. Plain words; valid as long as its `PlanArena`.
package struct Reference: @unchecked Sendable {
    // Sendable: the steps are written once, before the arena is published.
    let slot: Int
    let stepCount: Int
    let steps: UnsafePointer<ReferenceStep>

    init(slot: Int, steps list: [ReferenceStep], arena: PlanArena) {
        self.slot = slot
        stepCount = list.count
        steps = arena.keep(list)
    }

    /// The value; nil where it is absent, which is CEL's no-such-key.
    ///
    /// - Throws: keyword `mapping`, where a step asks something of a value that has none of it:
    ///   a member of a string, the third of two items.
    @inline(__always)
    package func resolve(_ context: TranslationContext) throws(TranslationError) -> Node? {
        guard var node = context.values[slot] else { return nil }
        var index = 0
        while index < stepCount {
            guard let next = try Reference.step(steps + index, from: node) else { return nil }
            node = next
            index &+= 1
        }
        return node
    }

    /// What the last step asks for, for messages.
    var lastName: String {
        guard stepCount > 0 else { return "" }
        let step = steps[stepCount - 1]
        return step.kind == .member ? step.name.string : "\(step.position)"
    }

    /// The value is there as it was sent: what `has()` asks.
    package func isPresent(_ context: TranslationContext) throws(TranslationError) -> Bool {
        guard var node = context.values[slot] else { return false }
        for index in 0..<stepCount {
            let step = steps[index]
            if step.kind == .member, node.isObject, index == stepCount - 1 {
                return node.member(step.name) != nil
            }
            guard let next = try Reference.step(steps + index, from: node) else { return false }
            node = next
        }
        return true
    }

    private static func step(
        _ step: UnsafePointer<ReferenceStep>, from node: Node
    ) throws(TranslationError) -> Node? {
        switch step.pointee.kind {
        case .member:
            guard node.kind == .object else { throw Reference.noMember(step.pointee, node) }
            return node.member(step.pointee.name) ?? step.pointee.absent?.node
        case .item:
            guard let item = node.item(step.pointee.position) else {
                throw Reference.noItem(step.pointee, node)
            }
            return item
        }
    }

    private static func noMember(_ step: ReferenceStep, _ node: Node) -> TranslationError {
        TranslationError(
            .value, keyword: "mapping",
            "the mapping reads the member \(step.name.string) of \(Kinds.article(node.kind))",
            at: node)
    }

    private static func noItem(_ step: ReferenceStep, _ node: Node) -> TranslationError {
        let detail =
            node.kind == .array
            ? "the mapping reads item \(step.position) of an array of \(node.count)"
            : "the mapping reads an item of \(Kinds.article(node.kind))"
        return TranslationError(.value, keyword: "mapping", detail, at: node)
    }
}

/// The kinds of JSON values as people read them.
enum Kinds {
    static func article(_ kind: Kind) -> String {
        switch kind {
        case .null: "null"
        case .false, .true: "a boolean"
        case .integer, .decimal: "a number"
        case .array: "an array"
        case .object: "an object"
        default: "a string"
        }
    }
}
