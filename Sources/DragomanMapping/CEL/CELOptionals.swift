// SPDX-License-Identifier: Apache-2.0
// Optional values: made, asked, and taken from. `or` and `orValue` are no functions, because
// their argument is evaluated only where it is wanted.

internal import DragomanDocument

#if canImport(Glibc)
    internal import Glibc
#endif

enum CELOptionals {
    typealias Values = [CELValue]

    static func of(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        .optional(values[0])
    }

    static func none(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        .optional(nil)
    }

    static func ofNonZeroValue(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        .optional(CELEvaluator.isZero(values[0]) ? nil : values[0])
    }

    static func hasValue(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        guard case .optional(let inner) = values[0] else { throw .overload("hasValue", values) }
        return .bool(inner != nil)
    }

    static func value(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        guard case .optional(let inner) = values[0] else { throw .overload("value", values) }
        guard let inner else { throw CELFailure("optional.none() has no value") }
        return inner
    }

    /// The values of a list of optional ones.
    static func unwrap(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        guard let items = CELEvaluator.items(values[0]) else {
            throw .overload("optional.unwrap", values)
        }
        var result: [CELValue] = []
        for item in items {
            guard case .optional(let inner) = item else {
                throw .overload("optional.unwrap", [item])
            }
            if let inner { result.append(inner) }
        }
        return .list(result)
    }
}

/// What mappings have beyond the standard.
enum CELMappingFunctions {
    static func now(_ evaluator: inout CELEvaluator, _: [CELValue]) throws(CELFailure)
        -> CELValue
    {
        if let given = evaluator.context?.given?.now {
            guard let value = CELTime.timestamp(given) else {
                throw CELFailure("`given.now` is no timestamp of RFC 3339: \(given)")
            }
            return .timestamp(value)
        }
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return .timestamp(Int128(time.tv_sec) * CELTime.second + Int128(time.tv_nsec))
    }

    /// A random UUID (RFC 9562, version 4).
    static func uuid(_ evaluator: inout CELEvaluator, _: [CELValue]) throws(CELFailure)
        -> CELValue
    {
        if let given = evaluator.context?.given?.uuid { return .string(given) }
        var generator = SystemRandomNumberGenerator()
        let high = generator.next() & ~0xF000 | 0x4000
        let low = generator.next() & ~(0b11 << 62) | 0b10 << 62
        func digits(_ value: UInt64, _ count: Int) -> String {
            let text = String(value, radix: 16)
            return String(repeating: "0", count: count - text.utf8.count) + text
        }
        return .string(
            [
                digits(high >> 32, 8), digits(high >> 16 & 0xFFFF, 4), digits(high & 0xFFFF, 4),
                digits(low >> 48, 4), digits(low & 0xFFFF_FFFF_FFFF, 12),
            ].joined(separator: "-"))
    }
}
