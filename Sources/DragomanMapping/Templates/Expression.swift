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
package indirect enum Expression: Sendable {
    case reference(Reference)
    case constant(ConstantNode)
    case has(Reference)
    case defaulted(Expression, Expression)
    case equal(Expression, Expression)
    case not(Expression)
    case and(Expression, Expression)
    case or(Expression, Expression)
}

extension Expression {
    /// - Throws: keyword `mapping`, for every error of CEL but an absent value.
    package func evaluate(_ context: TranslationContext) throws(TranslationError)
        -> ExpressionValue
    {
        switch self {
        case .reference(let reference):
            guard let node = try reference.resolve(context) else { return .absent }
            return .node(node)
        case .constant(let constant): return .node(constant.node)
        case .has(let reference): return .bool(try reference.isPresent(context))
        case .defaulted(let first, let second):
            let value = try first.evaluate(context)
            if case .absent = value { return try second.evaluate(context) }
            return value
        case .equal(let left, let right): return try Expression.equal(left, right, context)
        case .not(let operand):
            let value = try operand.evaluate(context)
            if case .absent = value { return .absent }
            return .bool(!(try Expression.truth(value, of: "!")))
        case .and(let left, let right):
            return try Expression.join(left, right, decisive: false, context)
        case .or(let left, let right):
            return try Expression.join(left, right, decisive: true, context)
        }
    }

    /// The expression as a condition of `if` or `when`: absent is false.
    package func condition(_ context: TranslationContext) throws(TranslationError) -> Bool {
        let value = try evaluate(context)
        if case .absent = value { return false }
        return try Expression.truth(value, of: "a condition")
    }

    private static func truth(
        _ value: ExpressionValue, of place: StaticString
    ) throws(TranslationError) -> Bool {
        guard let truth = value.truth else {
            var at: Node?
            if case .node(let node) = value { at = node }
            throw TranslationError(
                .value, keyword: "mapping", "\(place) wants a boolean", at: at)
        }
        return truth
    }

    /// `&&` and `||` as CEL has them: either side decides, whatever becomes of the other.
    private static func join(
        _ left: Expression, _ right: Expression, decisive: Bool, _ context: TranslationContext
    ) throws(TranslationError) -> ExpressionValue {
        let name: StaticString = decisive ? "||" : "&&"
        let first: ExpressionValue
        do throws(TranslationError) {
            first = try left.evaluate(context)
        } catch {
            if try right.evaluate(context).truth == decisive { return .bool(decisive) }
            throw error
        }
        if case .absent = first {
            return try right.evaluate(context).truth == decisive ? .bool(decisive) : .absent
        }
        if try truth(first, of: name) == decisive { return .bool(decisive) }
        let second = try right.evaluate(context)
        if case .absent = second { return .absent }
        return .bool(try truth(second, of: name))
    }

    private static func equal(
        _ left: Expression, _ right: Expression, _ context: TranslationContext
    ) throws(TranslationError) -> ExpressionValue {
        let first = try left.evaluate(context)
        let second = try right.evaluate(context)
        switch (first, second) {
        case (.absent, _), (_, .absent): return .absent
        case (.bool(let a), _): return .bool(second.truth == a)
        case (_, .bool(let b)): return .bool(first.truth == b)
        case (.node(let a), .node(let b)), (.node(let a), .temporary(let b)),
            (.temporary(let a), .node(let b)), (.temporary(let a), .temporary(let b)):
            return .bool(Equality.areEqual(a, b))
        }
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
