// SPDX-License-Identifier: Apache-2.0
// Products, quotients and the order of numbers of different types.

enum CELArithmetic {
    static let overflow = CELFailure("the result overflows 64 bits: return error for overflow")

    static func checked<Whole>(
        _ result: (partialValue: Whole, overflow: Bool)
    ) throws(CELFailure) -> Whole {
        if result.overflow { throw overflow }
        return result.partialValue
    }

    static func timestamp(_ value: Int128) throws(CELFailure) -> CELValue {
        guard CELTime.timestamps.contains(value) else {
            throw CELFailure("the timestamp is out of range")
        }
        return .timestamp(value)
    }

    static func duration(_ value: Int128) throws(CELFailure) -> CELValue {
        guard CELTime.durations.contains(value) else {
            throw CELFailure("the duration is out of range")
        }
        return .duration(value)
    }

    /// `*`, `/` and `%`.
    static func scale(
        _ operation: CELOperator, _ left: CELValue, _ right: CELValue
    ) throws(CELFailure) -> CELValue {
        switch (operation, left, right) {
        case (.multiply, .int(let a), .int(let b)):
            return .int(try checked(a.multipliedReportingOverflow(by: b)))
        case (.multiply, .uint(let a), .uint(let b)):
            return .uint(try checked(a.multipliedReportingOverflow(by: b)))
        case (.multiply, .double(let a), .double(let b)): return .double(a * b)
        case (.divide, .double(let a), .double(let b)): return .double(a / b)
        case (.divide, .int(let a), .int(let b)):
            if b == 0 { throw CELFailure("divide by zero") }
            return .int(try checked(a.dividedReportingOverflow(by: b)))
        case (.divide, .uint(let a), .uint(let b)):
            if b == 0 { throw CELFailure("divide by zero") }
            return .uint(a / b)
        case (.modulo, .int(let a), .int(let b)):
            if b == 0 { throw CELFailure("modulus by zero") }
            return .int(b == -1 ? 0 : a % b)
        case (.modulo, .uint(let a), .uint(let b)):
            if b == 0 { throw CELFailure("modulus by zero") }
            return .uint(a % b)
        default: throw CELFailure.overload(operation.rawValue, [left, right])
        }
    }

    static func isNumber(_ value: CELValue) -> Bool {
        switch value {
        case .int, .uint, .double: true
        default: false
        }
    }

    /// Less than, equal to or greater than 0; nil where one is NaN or no number.
    static func order(_ left: CELValue, _ right: CELValue) -> Int? {
        switch (left, right) {
        case (.int(let a), .int(let b)): return a == b ? 0 : a < b ? -1 : 1
        case (.uint(let a), .uint(let b)): return a == b ? 0 : a < b ? -1 : 1
        case (.double(let a), .double(let b)): return order(a, b)
        case (.int(let a), .uint(let b)): return order(a, b)
        case (.uint(let a), .int(let b)): return order(b, a).map { -$0 }
        case (.int(let a), .double(let b)): return order(a, b)
        case (.double(let a), .int(let b)): return order(b, a).map { -$0 }
        case (.uint(let a), .double(let b)): return order(a, b)
        case (.double(let a), .uint(let b)): return order(b, a).map { -$0 }
        default: return nil
        }
    }

    private static func order(_ a: Double, _ b: Double) -> Int? {
        if a == b { return 0 }
        if a < b { return -1 }
        return a > b ? 1 : nil
    }

    private static func order(_ a: Int64, _ b: UInt64) -> Int? {
        guard let whole = UInt64(exactly: a) else { return -1 }
        return whole == b ? 0 : whole < b ? -1 : 1
    }

    private static func order(_ a: Int64, _ b: Double) -> Int? {
        if b < -0x1p63 { return 1 }
        if b > 0x1p63 { return -1 }
        return order(Double(a), b)
    }

    private static func order(_ a: UInt64, _ b: Double) -> Int? {
        if b < 0 { return 1 }
        if b > 0x1p64 { return -1 }
        return order(Double(a), b)
    }
}
