// SPDX-License-Identifier: Apache-2.0
// `format`: "%s costs %.2f".format([name, price]).

internal import DragomanDocument

enum CELFormat {
    static func format(
        _ evaluator: inout CELEvaluator, _ values: [CELValue]
    ) throws(CELFailure) -> CELValue {
        guard values.count == 2, case .string(let pattern) = values[0],
            let arguments = CELEvaluator.items(values[1])
        else { throw .overload("format", values) }
        let scalars = Array(pattern.unicodeScalars)
        var result = String.UnicodeScalarView()
        var index = 0
        var next = 0
        while index < scalars.count {
            let scalar = scalars[index]
            index += 1
            guard scalar == "%" else {
                result.append(scalar)
                continue
            }
            if index < scalars.count, scalars[index] == "%" {
                result.append("%")
                index += 1
                continue
            }
            let precision = try precision(scalars, &index)
            guard index < scalars.count else {
                throw CELFailure("could not parse formatting clause: unexpected end of string")
            }
            guard next < arguments.count else {
                throw CELFailure("index \(next) out of range")
            }
            let text = try clause(scalars[index], precision, arguments[next].native)
            try evaluator.spend(1 + text.utf8.count / 64)
            result.append(contentsOf: text.unicodeScalars)
            index += 1
            next += 1
        }
        return .string(String(result))
    }

    private static func precision(
        _ scalars: [Unicode.Scalar], _ index: inout Int
    ) throws(CELFailure) -> Int? {
        guard index < scalars.count, scalars[index] == "." else { return nil }
        index += 1
        var value = 0
        let start = index
        while index < scalars.count, let digit = scalars[index].properties.numericType,
            digit == .decimal, scalars[index].isASCII
        {
            value = value * 10 + Int(scalars[index].value - 0x30)
            index += 1
            if value > 1000 { throw CELFailure("a precision is at most 1000") }
        }
        if index == start { throw CELFailure("could not parse formatting clause: no precision") }
        return value
    }

    private static func clause(
        _ letter: Unicode.Scalar, _ precision: Int?, _ value: CELValue
    ) throws(CELFailure) -> String {
        switch letter {
        case "s":
            try checkText(value)
            return CELText.text(value)
        case "d": return try decimal(value)
        case "f": return try fraction(value, precision ?? 6, "fixed-point", exponent: false)
        case "e": return try fraction(value, precision ?? 6, "scientific", exponent: true)
        case "b": return try binary(value)
        case "o": return try octal(value)
        case "x": return try hexadecimal(value, isUpper: false)
        case "X": return try hexadecimal(value, isUpper: true)
        default:
            throw CELFailure(
                "could not parse formatting clause: unrecognized formatting clause \"\(letter)\"")
        }
    }

    private static func failure(_ message: String, _ value: CELValue) -> CELFailure {
        CELFailure("error during formatting: \(message), was given \(value.typeName)")
    }

    /// A message has no text, and nothing that holds one has.
    private static func checkText(_ value: CELValue, depth: Int = 0) throws(CELFailure) {
        if case .message = value {
            throw failure("string clause can only be used on values that have a text", value)
        }
        guard depth < 100 else { throw CELFailure("this value nests too deep to be formatted") }
        if case .node = value { return }
        for item in CELEvaluator.items(value) ?? [] { try checkText(item, depth: depth + 1) }
        for entry in CELEvaluator.entries(value)?.entries ?? [] {
            try checkText(entry.value, depth: depth + 1)
        }
    }

    private static func decimal(_ value: CELValue) throws(CELFailure) -> String {
        switch value {
        case .int, .uint: return CELText.text(value)
        case .double(let number):
            if number.isNaN || number.isInfinite || number == number.rounded() {
                return CELText.text(value)
            }
        default: break
        }
        throw failure("decimal clause can only be used on integers", value)
    }

    private static func fraction(
        _ value: CELValue, _ precision: Int, _ name: String, exponent: Bool
    ) throws(CELFailure) -> String {
        let number: Double
        switch value {
        case .double(let value): number = value
        case .int(let value): number = Double(value)
        case .uint(let value): number = Double(value)
        default: throw failure("\(name) clause can only be used on doubles", value)
        }
        return CELText.formatted(number, precision: precision, exponent: exponent)
    }

    private static func binary(_ value: CELValue) throws(CELFailure) -> String {
        switch value {
        case .int(let value): String(value, radix: 2)
        case .uint(let value): String(value, radix: 2)
        case .bool(let value): value ? "1" : "0"
        default:
            throw failure("only integers and bools can be formatted as binary", value)
        }
    }

    private static func octal(_ value: CELValue) throws(CELFailure) -> String {
        switch value {
        case .int(let value): String(value, radix: 8)
        case .uint(let value): String(value, radix: 8)
        default: throw failure("octal clause can only be used on integers", value)
        }
    }

    private static func hexadecimal(
        _ value: CELValue, isUpper: Bool
    ) throws(CELFailure) -> String {
        switch value {
        case .int(let value): return String(value, radix: 16, uppercase: isUpper)
        case .uint(let value): return String(value, radix: 16, uppercase: isUpper)
        case .string(let text): return digits(Array(text.utf8), isUpper)
        case .bytes(let bytes): return digits(bytes, isUpper)
        default:
            throw failure(
                "only integers, byte buffers, and strings can be formatted as hex", value)
        }
    }

    private static func digits(_ bytes: [UInt8], _ isUpper: Bool) -> String {
        var text = ""
        for byte in bytes {
            text += byte < 16 ? "0" : ""
            text += String(byte, radix: 16, uppercase: isUpper)
        }
        return text
    }
}
