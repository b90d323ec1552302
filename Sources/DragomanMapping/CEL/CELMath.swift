// SPDX-License-Identifier: Apache-2.0
// Functions of numbers.

#if canImport(Glibc)
    internal import Glibc
#endif

enum CELMath {
    typealias Values = [CELValue]

    static func greatest(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try extreme("math.greatest", values) { $0 > 0 }
    }

    static func least(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try extreme("math.least", values) { $0 < 0 }
    }

    /// The first of the arguments, or of the one list, that none goes beyond.
    private static func extreme(
        _ name: String, _ values: Values, _ isBeyond: (Int) -> Bool
    ) throws(CELFailure) -> CELValue {
        var candidates = values
        if values.count == 1, let items = CELEvaluator.items(values[0]) { candidates = items }
        guard var best = candidates.first?.native, CELArithmetic.isNumber(best) else {
            throw .overload(name, values)
        }
        for candidate in candidates.dropFirst() {
            let value = candidate.native
            guard CELArithmetic.isNumber(value) else { throw .overload(name, values) }
            if let order = CELArithmetic.order(value, best), isBeyond(order) { best = value }
        }
        return best
    }

    private static func double(
        _ name: String, _ values: Values, _ body: (Double) -> Double
    ) throws(CELFailure) -> CELValue {
        guard case .double(let value) = values[0] else { throw .overload(name, values) }
        return .double(body(value))
    }

    static func ceil(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try double("math.ceil", values) { $0.rounded(.up) }
    }
    static func floor(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try double("math.floor", values) { $0.rounded(.down) }
    }
    static func round(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try double("math.round", values) { $0.rounded(.toNearestOrAwayFromZero) }
    }
    static func trunc(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try double("math.trunc", values) { $0.rounded(.towardZero) }
    }

    static func squareRoot(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        switch values[0] {
        case .double(let value): return .double(value.squareRoot())
        case .int(let value): return .double(Double(value).squareRoot())
        case .uint(let value): return .double(Double(value).squareRoot())
        default: throw .overload("math.sqrt", values)
        }
    }

    static func abs(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .int(let value):
            if value == .min { throw CELArithmetic.overflow }
            return .int(value < 0 ? -value : value)
        case .uint: return values[0]
        case .double(let value): return .double(value.magnitude)
        default: throw .overload("math.abs", values)
        }
    }

    static func sign(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .int(let value): return .int(value.signum())
        case .uint(let value): return .uint(value == 0 ? 0 : 1)
        case .double(let value):
            if value.isNaN { return values[0] }
            return .double(value > 0 ? 1 : value < 0 ? -1 : 0)
        default: throw .overload("math.sign", values)
        }
    }

    private static func test(
        _ name: String, _ values: Values, _ body: (Double) -> Bool
    ) throws(CELFailure) -> CELValue {
        guard case .double(let value) = values[0] else { throw .overload(name, values) }
        return .bool(body(value))
    }

    static func isNaN(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try test("math.isNaN", values) { $0.isNaN }
    }
    static func isInf(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try test("math.isInf", values) { $0.isInfinite }
    }
    static func isFinite(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try test("math.isFinite", values) { $0.isFinite }
    }

    // MARK: Bits

    static func bitAnd(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try bits("math.bitAnd", values) { $0 & $1 }
    }
    static func bitOr(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try bits("math.bitOr", values) { $0 | $1 }
    }
    static func bitXor(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        try bits("math.bitXor", values) { $0 ^ $1 }
    }

    private static func bits(
        _ name: String, _ values: Values, _ body: (UInt64, UInt64) -> UInt64
    ) throws(CELFailure) -> CELValue {
        if values.count == 2 {
            switch (values[0], values[1]) {
            case (.int(let a), .int(let b)):
                let result = body(UInt64(bitPattern: a), UInt64(bitPattern: b))
                return .int(Int64(bitPattern: result))
            case (.uint(let a), .uint(let b)): return .uint(body(a, b))
            default: break
            }
        }
        throw .overload(name, values)
    }

    static func bitNot(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .int(let value): return .int(~value)
        case .uint(let value): return .uint(~value)
        default: throw .overload("math.bitNot", values)
        }
    }

    static func shiftLeft(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        try shift("math.bitShiftLeft", values) { $1 > 63 ? 0 : $0 << $1 }
    }
    static func shiftRight(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        try shift("math.bitShiftRight", values) { $1 > 63 ? 0 : $0 >> $1 }
    }

    /// Shifts move bits of an int as if it were a uint.
    private static func shift(
        _ name: String, _ values: Values, _ body: (UInt64, UInt64) -> UInt64
    ) throws(CELFailure) -> CELValue {
        guard values.count == 2, case .int(let count) = values[1] else {
            throw .overload(name, values)
        }
        guard let places = UInt64(exactly: count) else {
            throw CELFailure("\(name) by a negative number of places: \(count)")
        }
        switch values[0] {
        case .int(let value):
            return .int(Int64(bitPattern: body(UInt64(bitPattern: value), places)))
        case .uint(let value): return .uint(body(value, places))
        default: throw .overload(name, values)
        }
    }
}
