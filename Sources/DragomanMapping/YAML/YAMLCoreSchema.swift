// SPDX-License-Identifier: Apache-2.0
// What a plain scalar means: YAML 1.2's core schema, with `true`, `false` and `null` in that
// spelling only (YAML 1.1 reads `NO` as false, which has cost Norway its country code). Digits are
// never lost: numbers stay text, rewritten to JSON's grammar where theirs is wider.

/// The value of a scalar by YAML's own rules.
package enum YAMLValue: Sendable, Equatable {
    case null
    case boolean(Bool)
    /// Decimal digits by JSON's grammar, whatever base they were written in.
    case integer(String)
    /// A number with a fraction or an exponent, by JSON's grammar: `.5` is `0.5`, `1.10` stays.
    case number(String)
    case infinity(isNegative: Bool)
    case notANumber
    case string(String)
}

extension YAMLNode {
    /// The value of a scalar; nil for sequences and mappings. What comes from the environment is
    /// read as if it stood there plain.
    package var value: YAMLValue? {
        guard case .scalar(let text) = content else { return nil }
        return isQuoted ? .string(text) : YAMLValue(plain: text)
    }
}

extension YAMLValue {
    package init(plain text: String) {
        switch text {
        case "", "~", "null": self = .null
        case "true": self = .boolean(true)
        case "false": self = .boolean(false)
        default:
            // Numbers begin with one of these; all else is text, which is most of it.
            switch text.utf8.first ?? 0 {
            case 0x30...0x39, 0x2B, 0x2D, 0x2E:
                self = Self.number(Array(text.utf8)) ?? .string(text)
            default: self = .string(text)
            }
        }
    }

    private static func number(_ bytes: [UInt8]) -> YAMLValue? {
        if bytes.starts(with: [0x30, 0x78]) { return based(bytes.dropFirst(2), 16) }
        if bytes.starts(with: [0x30, 0x6F]) { return based(bytes.dropFirst(2), 8) }
        var rest = bytes[...]
        let isNegative = rest.first == 0x2D
        if isNegative || rest.first == 0x2B { rest = rest.dropFirst() }
        switch String(decoding: rest, as: UTF8.self) {
        case ".inf", ".Inf", ".INF": return .infinity(isNegative: isNegative)
        case ".nan", ".NaN", ".NAN": return rest.count == bytes.count ? .notANumber : nil
        default: break
        }
        let whole = rest.prefix { isDigit($0) }
        rest = rest.dropFirst(whole.count)
        var fraction: ArraySlice<UInt8>?
        if rest.first == 0x2E {
            let digits = rest.dropFirst().prefix { isDigit($0) }
            rest = rest.dropFirst(digits.count + 1)
            fraction = digits
        }
        guard whole.count + (fraction?.count ?? 0) > 0 else { return nil }
        var exponent: ArraySlice<UInt8>?
        if rest.first == 0x65 || rest.first == 0x45 {
            var digits = rest.dropFirst()
            if digits.first == 0x2D || digits.first == 0x2B { digits = digits.dropFirst() }
            guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
            exponent = rest
            rest = []
        }
        guard rest.isEmpty else { return nil }
        var output: [UInt8] = isNegative ? [0x2D] : []
        let significant = whole.drop { $0 == 0x30 }
        output += significant.isEmpty ? [0x30] : significant
        if fraction == nil, exponent == nil {
            return .integer(String(decoding: output, as: UTF8.self))
        }
        if let fraction, !fraction.isEmpty { output += [0x2E] + fraction }
        if let exponent {
            output += exponent
        } else if fraction?.isEmpty == true {
            output += [0x2E, 0x30]
        }
        return .number(String(decoding: output, as: UTF8.self))
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    /// Digits of base 8 or 16 as decimal ones. Longer than any number of use is text.
    private static func based(_ digits: ArraySlice<UInt8>, _ base: UInt64) -> YAMLValue? {
        guard !digits.isEmpty, digits.count <= 256 else { return nil }
        // Little-endian limbs of nine decimal digits.
        var limbs: [UInt64] = [0]
        for byte in digits {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, digit < base else {
                return nil
            }
            var carry = UInt64(digit)
            for index in limbs.indices {
                let sum = limbs[index] * base + carry
                limbs[index] = sum % 1_000_000_000
                carry = sum / 1_000_000_000
            }
            if carry > 0 { limbs.append(carry) }
        }
        var text = String(limbs[limbs.count - 1])
        for limb in limbs.dropLast().reversed() {
            let part = String(limb)
            text += String(repeating: "0", count: 9 - part.count) + part
        }
        return .integer(text)
    }
}
