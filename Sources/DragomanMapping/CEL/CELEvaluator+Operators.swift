// SPDX-License-Identifier: Apache-2.0
// Arithmetic, equality and order. Whole numbers never overflow in silence; numbers of all types
// compare by value; what was sent compares by its digits.

internal import DragomanDocument

extension CELEvaluator {
    mutating func binary(
        _ operation: CELOperator, _ left: CELValue, _ right: CELValue
    ) throws(CELFailure) -> CELValue {
        switch operation {
        case .equal: return .bool(try equal(left, right))
        case .notEqual: return .bool(!(try equal(left, right)))
        case .less: return .bool(try compare(operation, left, right).map { $0 < 0 } ?? false)
        case .lessOrEqual:
            return .bool(try compare(operation, left, right).map { $0 <= 0 } ?? false)
        case .greater: return .bool(try compare(operation, left, right).map { $0 > 0 } ?? false)
        case .greaterOrEqual:
            return .bool(try compare(operation, left, right).map { $0 >= 0 } ?? false)
        case .in: return .bool(try contains(right.native, left))
        case .add: return try add(left.native, right.native)
        case .subtract: return try subtract(left.native, right.native)
        default: return try CELArithmetic.scale(operation, left.native, right.native)
        }
    }

    func negate(_ value: CELValue) throws(CELFailure) -> CELValue {
        switch value {
        case .int(let value):
            let (result, overflow) = Int64(0).subtractingReportingOverflow(value)
            if overflow { throw CELArithmetic.overflow }
            return .int(result)
        case .double(let value): return .double(-value)
        default: throw CELFailure.overload("-", [value])
        }
    }

    private mutating func add(
        _ left: CELValue, _ right: CELValue
    ) throws(CELFailure) -> CELValue {
        switch (left, right) {
        case (.int(let a), .int(let b)):
            return .int(try CELArithmetic.checked(a.addingReportingOverflow(b)))
        case (.uint(let a), .uint(let b)):
            return .uint(try CELArithmetic.checked(a.addingReportingOverflow(b)))
        case (.double(let a), .double(let b)): return .double(a + b)
        case (.string(let a), .string(let b)):
            try spend(bytes: a.utf8.count + b.utf8.count)
            return .string(a + b)
        case (.bytes(let a), .bytes(let b)):
            try spend(bytes: a.count + b.count)
            return .bytes(a + b)
        case (.duration(let a), .duration(let b)): return try CELArithmetic.duration(a + b)
        case (.timestamp(let a), .duration(let b)), (.duration(let a), .timestamp(let b)):
            return try CELArithmetic.timestamp(a + b)
        default:
            guard let a = CELEvaluator.items(left), let b = CELEvaluator.items(right) else {
                throw CELFailure.overload("+", [left, right])
            }
            try spend(a.count + b.count)
            return .list(a + b)
        }
    }

    private func subtract(_ left: CELValue, _ right: CELValue) throws(CELFailure) -> CELValue {
        switch (left, right) {
        case (.int(let a), .int(let b)):
            return .int(try CELArithmetic.checked(a.subtractingReportingOverflow(b)))
        case (.uint(let a), .uint(let b)):
            return .uint(try CELArithmetic.checked(a.subtractingReportingOverflow(b)))
        case (.double(let a), .double(let b)): return .double(a - b)
        case (.duration(let a), .duration(let b)): return try CELArithmetic.duration(a - b)
        case (.timestamp(let a), .duration(let b)): return try CELArithmetic.timestamp(a - b)
        case (.timestamp(let a), .timestamp(let b)):
            // Such a difference is a duration of 64 bits of nanoseconds.
            guard let value = Int64(exactly: a - b) else {
                throw CELFailure("the difference is out of the range of a duration")
            }
            return .duration(Int128(value))
        default: throw CELFailure.overload("-", [left, right])
        }
    }

    /// The items of a list; nil for anything else.
    static func items(_ value: CELValue) -> [CELValue]? {
        switch value {
        case .list(let items): return items
        case .node(let node, let reading) where node.isArray:
            return node.items.map { .node($0, reading.inner) }
        default: return nil
        }
    }

    /// Members or entries; nil for what is no map.
    static func entries(_ value: CELValue) -> CELMap? {
        switch value {
        case .map(let map): return map
        case .node(let node, let reading) where node.isObject:
            var map = CELMap()
            for member in node.members {
                let name = member.name.string
                _ = map.insert(
                    .string(Array(name.utf8)), .string(name), .node(member.value, reading.inner))
            }
            return map
        default: return nil
        }
    }

    // MARK: Equality

    mutating func equal(_ left: CELValue, _ right: CELValue) throws(CELFailure) -> Bool {
        try spend(1)
        if case .node(let a, let reading) = left, case .node(let b, let other) = right,
            reading.own == other.own, reading.own == .plain, !a.isObject, !a.isArray
        {
            return Equality.areEqual(a, b)
        }
        let (left, right) = (try exact(left, beside: right), try exact(right, beside: left))
        if let order = CELArithmetic.order(left, right) { return order == 0 }
        switch (left, right) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.string(let a), .string(let b)): return a.utf8.elementsEqual(b.utf8)
        case (.bytes(let a), .bytes(let b)): return a == b
        case (.timestamp(let a), .timestamp(let b)), (.duration(let a), .duration(let b)):
            return a == b
        case (.type(let a), .type(let b)): return a == b
        case (.optional(let a), .optional(let b)):
            guard let a, let b else { return a == nil && b == nil }
            return try equal(a, b)
        case (.message(let a), .message(let b)): return try equal(a, b)
        default: return try equalContainers(left, right)
        }
    }

    /// A number as it was sent, where the other side is a whole one: no digit is lost to a double.
    private func exact(_ value: CELValue, beside other: CELValue) throws(CELFailure) -> CELValue {
        guard case .node(let node, let reading) = value, node.isNumber, reading.own == .plain
        else { return value.native }
        switch other {
        case .int, .uint, .node:
            if let whole = node.int64 { return .int(whole) }
            if let whole = node.uint64 { return .uint(whole) }
        default: break
        }
        return value.native
    }

    private mutating func equal(
        _ left: CELMessage, _ right: CELMessage
    ) throws(CELFailure) -> Bool {
        guard left.type.name == right.type.name else { return false }
        for name in left.type.fields.keys {
            let a = left.fields[name] ?? left.type.fields[name]?.unset ?? .null
            let b = right.fields[name] ?? left.type.fields[name]?.unset ?? .null
            if try !equal(a, b) { return false }
        }
        return true
    }

    private mutating func equalContainers(
        _ left: CELValue, _ right: CELValue
    ) throws(CELFailure) -> Bool {
        if let a = CELEvaluator.items(left), let b = CELEvaluator.items(right) {
            guard a.count == b.count else { return false }
            for (first, second) in zip(a, b) where try !equal(first, second) { return false }
            return true
        }
        guard let a = CELEvaluator.entries(left), let b = CELEvaluator.entries(right),
            a.count == b.count
        else { return false }
        for pair in a.entries {
            let (name, value) = (pair.key, pair.value)
            guard let key = CELKey(name), let other = b[key], try equal(value, other) else {
                return false
            }
        }
        return true
    }

    private mutating func contains(
        _ container: CELValue, _ value: CELValue
    ) throws(CELFailure) -> Bool {
        if let items = CELEvaluator.items(container) {
            for item in items where try equal(item, value) { return true }
            return false
        }
        switch container {
        case .map(let map): return CELKey(value.native).map { map[$0] != nil } ?? false
        case .node(let node, _) where node.isObject:
            guard case .string(var name) = value.native else { return false }
            return name.withUTF8 { node.member(UnsafeRawBufferPointer($0)) } != nil
        default: throw CELFailure.overload("in", [value, container])
        }
    }

    // MARK: Order

    /// Nil where a NaN is among them.
    private func compare(
        _ operation: CELOperator, _ left: CELValue, _ right: CELValue
    ) throws(CELFailure) -> Int? {
        if case .node(let a, let reading) = left, case .node(let b, let other) = right,
            a.isNumber, b.isNumber, reading.own == .plain, other.own == .plain
        {
            return ExactNumber.compare(ExactNumber(a.bytes), ExactNumber(b.bytes))
        }
        let (left, right) = (try exact(left, beside: right), try exact(right, beside: left))
        switch (left, right) {
        case (.string(let a), .string(let b)):
            if a.utf8.elementsEqual(b.utf8) { return 0 }
            return a.utf8.lexicographicallyPrecedes(b.utf8) ? -1 : 1
        case (.bytes(let a), .bytes(let b)):
            return a == b ? 0 : a.lexicographicallyPrecedes(b) ? -1 : 1
        case (.bool(let a), .bool(let b)): return (a ? 1 : 0) - (b ? 1 : 0)
        case (.timestamp(let a), .timestamp(let b)), (.duration(let a), .duration(let b)):
            return a == b ? 0 : a < b ? -1 : 1
        default:
            guard CELArithmetic.isNumber(left), CELArithmetic.isNumber(right) else {
                throw CELFailure.overload(operation.rawValue, [left, right])
            }
            return CELArithmetic.order(left, right)
        }
    }
}
