// SPDX-License-Identifier: Apache-2.0
// What stands between `${` and `}`, compiled: a reference in most cases, which costs a look-up
// and nothing else.

package import DragomanDocument

/// The outcome of an expression.
package enum ExpressionValue {
    /// The expression ended in CEL's no-such-key or no-such-field error.
    case absent
    /// A value that stands where it was sent or in a plan, and lasts as long as the exchange.
    case node(Node)
    /// A value in `TranslationContext.scratch`, that lasts until the next computation.
    case temporary(Node)
    case bool(Bool)

    /// The value where it stands in a Document; nil for what is absent, and for a truth.
    package var node: Node? {
        switch self {
        case .node(let node), .temporary(let node): node
        case .absent, .bool: nil
        }
    }

    /// The value as a truth; nil where it is none.
    var truth: Bool? {
        switch self {
        case .bool(let value): value
        case .node(let node), .temporary(let node): node.bool
        case .absent: nil
        }
    }
}

/// A compiled expression. Evaluation always ends and never changes anything but `scratch`.
package enum Expression: Sendable {
    /// A value moved as it is: a look-up and nothing else.
    case reference(Reference)
    case constant(ConstantNode)
    case program(CELProgram)
}

extension Expression {
    /// - Throws: keyword `mapping`, for every error of CEL but an absent value.
    package func evaluate(_ context: TranslationContext) throws(TranslationError)
        -> ExpressionValue
    {
        switch self {
        case .reference(let reference):
            guard let node = try reference.read(context) else { return .absent }
            return .node(node)
        case .constant(let constant): return .node(constant.node)
        case .program(let program): return try program.evaluate(context)
        }
    }

    /// The expression as a condition of `if` or `when`: absent is false.
    package func condition(_ context: TranslationContext) throws(TranslationError) -> Bool {
        let value = try evaluate(context)
        if case .absent = value { return false }
        guard let truth = value.truth else {
            noteFailure(context)
            var at: Node?
            if case .node(let node) = value { at = node }
            throw TranslationError(
                .value, keyword: "mapping", "a condition wants a boolean", at: at)
        }
        return truth
    }
}

/// Equality of values as JSON and CEL agree on it: numbers by value, objects without order.
enum Equality {
    static func areEqual(_ left: Node, _ right: Node, depthMax: Int = 1_000) -> Bool {
        if left.isNumber, right.isNumber {
            return ExactNumber.compare(ExactNumber(left.bytes), ExactNumber(right.bytes)) == 0
        }
        guard left.kind == right.kind, depthMax > 0 else { return false }
        switch left.kind {
        case .string: return left.textEquals(right.bytes)
        case .array:
            guard left.count == right.count else { return false }
            var a = left.items
            var b = right.items
            while let first = a.next(), let second = b.next() {
                if !areEqual(first, second, depthMax: depthMax - 1) { return false }
            }
            return true
        case .object:
            guard left.count == right.count else { return false }
            var members = left.members
            while let member = members.next() {
                guard let other = right.member(member.name.bytes),
                    areEqual(member.value, other, depthMax: depthMax - 1)
                else { return false }
            }
            return true
        default: return true
        }
    }
}
