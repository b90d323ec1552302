// SPDX-License-Identifier: Apache-2.0
// Conversions between types; what does not fit is an error.

enum CELConversions {
    typealias Values = [CELValue]

    private static let range = "range error: the value does not fit"

    static func int(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .int: return values[0]
        case .uint(let value):
            guard let whole = Int64(exactly: value) else { throw CELFailure(range) }
            return .int(whole)
        case .double(let value):
            guard value > -0x1p63, value < 0x1p63 else { throw CELFailure(range) }
            return .int(Int64(value))
        case .string(let text):
            guard let whole = Int64(text) else {
                throw CELFailure("`\(text.prefix(100))` is no int")
            }
            return .int(whole)
        case .timestamp(let value): return .int(CELTime.split(value).seconds)
        case .duration(let value):
            return .int(Int64(truncatingIfNeeded: value / CELTime.second))
        default: throw .overload("int", values)
        }
    }

    static func uint(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .uint: return values[0]
        case .int(let value):
            guard let whole = UInt64(exactly: value) else { throw CELFailure(range) }
            return .uint(whole)
        case .double(let value):
            guard value >= 0, value < 0x1p64 else { throw CELFailure(range) }
            return .uint(UInt64(value))
        case .string(let text):
            guard let whole = UInt64(text) else {
                throw CELFailure("`\(text.prefix(100))` is no uint")
            }
            return .uint(whole)
        default: throw .overload("uint", values)
        }
    }

    static func double(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .double: return values[0]
        case .int(let value): return .double(Double(value))
        case .uint(let value): return .double(Double(value))
        case .string(let text):
            guard let value = Double(text) else {
                throw CELFailure("`\(text.prefix(100))` is no double")
            }
            return .double(value)
        default: throw .overload("double", values)
        }
    }

    static func string(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .bytes(let bytes):
            guard let text = String(validating: bytes, as: UTF8.self) else {
                throw CELFailure("invalid UTF-8 in bytes, cannot convert to string")
            }
            return .string(text)
        case .string: return values[0]
        case .bool, .int, .uint, .double, .timestamp, .duration:
            return .string(CELText.text(values[0]))
        default: throw .overload("string", values)
        }
    }

    static func bytes(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .bytes: return values[0]
        case .string(let text): return .bytes(Array(text.utf8))
        default: throw .overload("bytes", values)
        }
    }

    static func bool(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        switch values[0] {
        case .bool: return values[0]
        case .string(let text):
            switch text {
            case "1", "t", "true", "TRUE", "True": return .bool(true)
            case "0", "f", "false", "FALSE", "False": return .bool(false)
            default:
                throw CELFailure("Type conversion error: `\(text.prefix(100))` is no bool")
            }
        default: throw .overload("bool", values)
        }
    }

    static func timestamp(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        switch values[0] {
        case .timestamp: return values[0]
        case .int(let seconds):
            return try CELArithmetic.timestamp(Int128(seconds) * CELTime.second)
        case .string(let text):
            guard let value = CELTime.timestamp(text) else {
                throw CELFailure(
                    "`\(text.prefix(100))` is no timestamp of RFC 3339, or out of range")
            }
            return .timestamp(value)
        default: throw .overload("timestamp", values)
        }
    }

    static func duration(_: inout CELEvaluator, _ values: Values) throws(CELFailure)
        -> CELValue
    {
        switch values[0] {
        case .duration: return values[0]
        case .string(let text):
            guard let value = CELTime.duration(text) else {
                throw CELFailure(
                    "`\(text.prefix(100))` is no duration, such as 1h30m, or out of range")
            }
            return .duration(value)
        default: throw .overload("duration", values)
        }
    }

    static func type(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        .type(values[0].typeName)
    }

    static func dyn(_: inout CELEvaluator, _ values: Values) throws(CELFailure) -> CELValue {
        values[0]
    }
}
