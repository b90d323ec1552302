// SPDX-License-Identifier: Apache-2.0
// Evaluates compiled expressions. It always ends: macros go over what is there, and every step
// is counted against a bound.

internal import DragomanDocument

/// One evaluation.
struct CELEvaluator {
    /// Steps that one expression may take: a part of it, an item gone over, 64 bytes of text.
    static let stepsMax = 1_000_000

    let context: TranslationContext?
    /// In the conformance suite.
    let bindings: [String: CELValue]
    /// Messages by name, for fields that hold one.
    let messages: [String: CELMessageType]
    private var locals: [CELValue] = []
    private var steps = 0
    /// The value of the exchange that was read last: where a failure is pointed at.
    private(set) var lastRead: Node?

    init(
        context: TranslationContext?, bindings: [String: CELValue] = [:],
        messages: [String: CELMessageType] = [:]
    ) {
        self.context = context
        self.bindings = bindings
        self.messages = messages
    }

    mutating func spend(_ more: Int) throws(CELFailure) {
        steps += more
        if steps > Self.stepsMax {
            throw CELFailure(
                "the expression takes more than \(Self.stepsMax) steps on this input", .cost)
        }
    }

    /// For as many bytes of text as are looked at or made.
    mutating func spend(bytes: Int) throws(CELFailure) { try spend(bytes / 64) }

    mutating func evaluate(_ code: CELCode) throws(CELFailure) -> CELValue {
        try spend(1)
        switch code {
        case .constant(let constant): return constant.value
        case .reference(let reference, let reading): return try read(reference, reading)
        case .local(let slot): return locals[slot]
        case .select(let operand, let member, let isOptional):
            let value = try evaluate(operand)
            return try select(value, member, isOptional: isOptional)
        case .index(let operand, let key, let isOptional):
            let value = try evaluate(operand)
            return try index(value, try evaluate(key).native, isOptional: isOptional)
        case .call(let function, let arguments):
            var values: [CELValue] = []
            values.reserveCapacity(arguments.count)
            for argument in arguments { values.append(try evaluate(argument).native) }
            return try function.body(&self, values)
        case .binary(let operation, let left, let right):
            let first = try evaluate(left)
            let second = try evaluate(right)
            if context != nil, let (a, b) = widened(left, first, right, second) {
                return try binary(operation, a, b)
            }
            return try binary(operation, first, second)
        case .not(let operand):
            let value = try evaluate(operand).native
            guard case .bool(let truth) = value else {
                throw CELFailure.overload("!", [value])
            }
            return .bool(!truth)
        case .and(let left, let right): return try join(left, right, decisive: false)
        case .or(let left, let right): return try join(left, right, decisive: true)
        case .conditional(let condition, let first, let second):
            return try evaluate(try truth(condition, "?:") ? first : second)
        default: return try evaluateMore(code)
        }
    }

    private mutating func evaluateMore(_ code: CELCode) throws(CELFailure) -> CELValue {
        switch code {
        case .binding(let name):
            guard let value = bindings[name] else {
                throw CELFailure("undeclared reference to `\(name)`")
            }
            return value
        case .has(let operand, let name, let isLenient):
            return .bool(try has(operand, name, isLenient: isLenient))
        case .hasReference(let reference): return .bool(try isPresent(reference))
        case .isPresent(let operand):
            return .bool(try evaluateOrAbsent(operand) != nil)
        case .defaulted(let first, let second):
            if let value = try evaluateOrAbsent(first) { return value }
            return try evaluate(second)
        case .negate(let operand): return try negate(try evaluate(operand).native)
        case .list(let items): return try list(items)
        case .map(let entries): return try map(entries)
        case .message(let type, let fields): return try message(type, fields)
        case .comprehension(let loop): return try run(loop)
        case .bind(let slot, let value, let body):
            set(slot, try evaluate(value))
            return try evaluate(body)
        case .optionalMap(let operand, let slot, let body, let isFlat):
            return try optionalMap(operand, slot, body, isFlat: isFlat)
        case .optionalOr(let operand, let other, let isValue):
            let value = try evaluate(operand)
            guard case .optional(let inner) = value else {
                throw CELFailure.overload(isValue ? "orValue" : "or", [value])
            }
            if let inner { return isValue ? inner : value }
            return try evaluate(other)
        case .matches(let operand, let pattern):
            let value = try evaluate(operand).native
            guard case .string(let text) = value else {
                throw CELFailure.overload("matches", [value])
            }
            try spend(bytes: text.utf8.count)
            return .bool(try pattern.matches(text))
        case .lookup(let table, let key): return try lookup(table, try evaluate(key))
        case .failing(let message): throw CELFailure(message)
        default: throw CELFailure("this can not be evaluated")
        }
    }

    /// In a mapping an integer literal beside a double is one, also where the type shows only now.
    private func widened(
        _ left: CELCode, _ first: CELValue, _ right: CELCode, _ second: CELValue
    ) -> (CELValue, CELValue)? {
        if case .constant(.int(let whole)) = left, case .double = second.native {
            return (.double(Double(whole)), second)
        }
        if case .constant(.int(let whole)) = right, case .double = first.native {
            return (first, .double(Double(whole)))
        }
        return nil
    }

    // MARK: Values of the exchange

    private mutating func read(
        _ reference: Reference, _ reading: CELReading
    ) throws(CELFailure) -> CELValue {
        guard let context else { throw CELFailure("there is no exchange") }
        let found: Node?
        do throws(TranslationError) {
            found = try reference.resolve(context)
        } catch {
            throw CELFailure(error.detail)
        }
        guard let node = found else { throw CELFailure.noSuchKey(reference.lastName) }
        lastRead = node
        return .node(node, reading)
    }

    private func isPresent(_ reference: Reference) throws(CELFailure) -> Bool {
        guard let context else { return false }
        do throws(TranslationError) {
            return try reference.isPresent(context)
        } catch {
            throw CELFailure(error.detail)
        }
    }

    /// The value; nil where it is absent.
    private mutating func evaluateOrAbsent(_ code: CELCode) throws(CELFailure) -> CELValue? {
        do throws(CELFailure) {
            let value = try evaluate(code)
            if case .optional(let inner) = value, context != nil { return inner }
            return value
        } catch {
            if error.kind == .absent { return nil }
            throw error
        }
    }

    private mutating func lookup(
        _ table: CELTable, _ key: CELValue
    ) throws(CELFailure) -> CELValue {
        let text: [UInt8]
        switch key {
        case .node(let node, _) where node.isString || node.isNumber: text = Array(node.bytes)
        default:
            switch key.native {
            case .string(let value): text = Array(value.utf8)
            case .bool(let value): text = Array((value ? "true" : "false").utf8)
            case .int(let value): text = Array(String(value).utf8)
            case .uint(let value): text = Array(String(value).utf8)
            case .double(let value): text = Array(CELText.text(value).utf8)
            default: throw CELFailure.overload("lookup", [key])
            }
        }
        guard let node = table.value(text) else {
            throw CELFailure.noSuchKey(String(decoding: text, as: UTF8.self))
        }
        return .node(node, table.reading)
    }

    // MARK: Logic

    mutating func set(_ slot: Int, _ value: CELValue) {
        while locals.count <= slot { locals.append(.null) }
        locals[slot] = value
    }

    mutating func truth(_ code: CELCode, _ place: String) throws(CELFailure) -> Bool {
        let value = try evaluate(code).native
        guard case .bool(let truth) = value else {
            throw CELFailure("no such overload: \(place) wants a bool, not \(value.typeName)")
        }
        return truth
    }

    /// `&&` and `||`: either side decides, whatever becomes of the other.
    private mutating func join(
        _ left: CELCode, _ right: CELCode, decisive: Bool
    ) throws(CELFailure) -> CELValue {
        let name = decisive ? "||" : "&&"
        var failure: CELFailure?
        do throws(CELFailure) {
            if try truth(left, name) == decisive { return .bool(decisive) }
        } catch {
            if error.kind == .cost { throw error }
            failure = error
        }
        do throws(CELFailure) {
            if try truth(right, name) == decisive { return .bool(decisive) }
        } catch {
            if error.kind == .cost { throw error }
            failure = failure ?? error
        }
        if let failure { throw failure }
        return .bool(!decisive)
    }

    private mutating func optionalMap(
        _ operand: CELCode, _ slot: Int, _ body: CELCode, isFlat: Bool
    ) throws(CELFailure) -> CELValue {
        let value = try evaluate(operand)
        guard case .optional(let inner) = value else {
            throw CELFailure.overload(isFlat ? "optFlatMap" : "optMap", [value])
        }
        guard let inner else { return .optional(nil) }
        set(slot, inner)
        let result = try evaluate(body)
        guard isFlat else { return .optional(result) }
        guard case .optional = result else { throw CELFailure.overload("optFlatMap", [result]) }
        return result
    }
}
