// SPDX-License-Identifier: Apache-2.0
// Values as texts: what `string(x)` and `%s` of `format` give, and what messages show.

internal import DragomanDocument

#if canImport(Glibc)
    internal import Glibc
#endif

enum CELText {
    /// The shortest text that reads back as the same double: digits alone from 0.0001 to 1e21.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Infinity" : "Infinity" }
        if value == 0 { return value.sign == .minus ? "-0" : "0" }
        let (digits, point) = shortest(value.magnitude)
        let sign = value < 0 ? "-" : ""
        // `point`: how many digits stand before the decimal point.
        if point > 21 || point < -3 {
            let rest = digits.dropFirst()
            let exponent = point - 1
            let size = String(exponent.magnitude)
            return sign + digits.prefix(1) + (rest.isEmpty ? "" : "." + rest)
                + (exponent < 0 ? "e-" : "e+") + (size.utf8.count < 2 ? "0" : "") + size
        }
        if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
        let count = digits.utf8.count
        if count <= point { return sign + digits + String(repeating: "0", count: point - count) }
        return sign + digits.prefix(point) + "." + digits.dropFirst(point)
    }

    /// The significant digits, and how many of them stand before the decimal point.
    private static func shortest(_ value: Double) -> (digits: String, point: Int) {
        let parts = value.description.split(separator: "e")
        let exponent = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
        let mantissa = parts[0].split(separator: ".", omittingEmptySubsequences: false)
        let whole = String(mantissa[0])
        let fraction = mantissa.count > 1 ? String(mantissa[1]) : ""
        var digits = whole + fraction
        var point = whole.utf8.count + exponent
        while digits.hasPrefix("0"), digits.utf8.count > 1 {
            digits.removeFirst()
            point -= 1
        }
        while digits.hasSuffix("0"), digits.utf8.count > 1 { digits.removeLast() }
        return (digits, point)
    }

    /// For messages and `%s`; long texts are not cut, so bound them before.
    static func text(_ value: CELValue) -> String {
        switch value.native {
        case .null: return "null"
        case .bool(let value): return value ? "true" : "false"
        case .int(let value): return String(value)
        case .uint(let value): return String(value)
        case .double(let value): return text(value)
        case .string(let text): return text
        case .bytes(let bytes): return String(decoding: bytes, as: UTF8.self)
        case .timestamp(let value): return CELTime.text(timestamp: value)
        case .duration(let value): return CELTime.text(duration: value)
        case .type(let name): return name
        case .optional(let inner):
            return inner.map { "optional(" + text($0) + ")" } ?? "optional.none()"
        case .message(let message): return message.type.name
        default:
            if let items = CELEvaluator.items(value) {
                return "[" + items.map(text).joined(separator: ", ") + "]"
            }
            let entries = CELEvaluator.entries(value)?.entries ?? []
            let parts = entries.map { (text($0.key), text($0.value)) }
            let sorted = parts.sorted { $0.0.utf8.lexicographicallyPrecedes($1.0.utf8) }
            return "{" + sorted.map { "\($0.0): \($0.1)" }.joined(separator: ", ") + "}"
        }
    }

    /// As C's `%.*f` and `%.*e`.
    static func formatted(_ value: Double, precision: Int, exponent: Bool) -> String {
        if value.isNaN || value.isInfinite { return text(value) }
        let size = 400 + precision
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            let written = buffer.withMemoryRebound(to: CChar.self) { characters in
                withVaList([Int32(precision), value]) {
                    vsnprintf(characters.baseAddress, size, exponent ? "%.*e" : "%.*f", $0)
                }
            }
            count = max(0, min(Int(written), size - 1))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// Base64 of the standard alphabet.
enum CELBase64 {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count + 2) / 3 * 4)
        var index = 0
        while index < bytes.count {
            let count = min(3, bytes.count - index)
            var group = 0
            for offset in 0..<3 {
                group = group << 8 | (offset < count ? Int(bytes[index + offset]) : 0)
            }
            for offset in 0..<4 {
                text.append(
                    offset <= count ? alphabet[group >> (18 - 6 * offset) & 63] : 0x3D)
            }
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// With or without padding, of either alphabet; nil where it is none.
    static func decode(_ text: String) -> [UInt8]? {
        var digits = Array(text.utf8)
        if digits.count % 4 == 0 {
            for _ in 0..<2 where digits.last == 0x3D { digits.removeLast() }
        }
        guard digits.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count * 3 / 4)
        var group = 0
        var bits = 0
        for digit in digits {
            guard let value = value(digit) else { return nil }
            group = group << 6 | value
            bits += 6
            if bits >= 8 {
                bits -= 8
                bytes.append(UInt8(group >> bits & 255))
                group &= (1 << bits) - 1
            }
        }
        return bytes
    }

    private static func value(_ digit: UInt8) -> Int? {
        switch digit {
        case 0x41...0x5A: Int(digit) - 0x41
        case 0x61...0x7A: Int(digit) - 0x61 + 26
        case 0x30...0x39: Int(digit) - 0x30 + 52
        case 0x2B, 0x2D: 62
        case 0x2F, 0x5F: 63
        default: nil
        }
    }
}
