// SPDX-License-Identifier: Apache-2.0
// What texts of ProtoJSON look like, as patterns in ECMA's syntax, and what the integers' types
// hold. A text that matches is one that the translation takes.

internal import DragomanDocument

/// The integers' types, as far as their values go.
enum MessageSchemaInteger: String, CaseIterable, Hashable, Sendable {
    case int32, uint32, int64, uint64

    var least: Int64 {
        switch self {
        case .int32: Int64(Int32.min)
        case .int64: Int64.min
        case .uint32, .uint64: 0
        }
    }

    var most: UInt64 {
        switch self {
        case .int32: UInt64(Int32.max)
        case .uint32: UInt64(UInt32.max)
        case .int64: UInt64(Int64.max)
        case .uint64: UInt64.max
        }
    }

    /// Both ways to write the type, the one that replies use first.
    var names: [String] {
        switch self {
        case .int32, .uint32: ["integer", "string"]
        case .int64, .uint64: ["string", "integer"]
        }
    }

    var expectation: String { "a whole number from \(least) to \(most)" }

    /// Texts of the type's numbers, also with fractions of zeros and with exponents, up to the
    /// exponent of the type's largest power of ten either way.
    ///
    /// With an exponent, the digits without the point are the number's own (and zeros), so that
    /// one comparison with the bound's digits does for all places of the point.
    var pattern: String {
        let sign = least < 0 ? "-?" : ""
        let plain = IntegerPattern.unanchored(least: "\(least)", most: "\(most)", spelling: .json)
        let digits = String(most).utf8.count
        let whole = "(?:\\.0+)?(?:[eE][+-]?0+)?"
        let shrunk = (1..<digits).map { "0{\($0)}(?:\\.0+)?[eE]-0*\($0)" }
        let zero = "-?0(?:\\.0+)?(?:[eE][+-]?[0-9]+)?"
        // Fewer digits than the bound, or as many: with which the exponent leaves the first.
        let smaller = (1..<digits).map { exponent in
            let rest = digits - 1 - exponent
            let before = rest == 0 ? "0" : "(?:0|[1-9]\(Self.any(0, rest - 1)))"
            return "\(before)(?:\\.[0-9]{1,\(exponent)}0*)?\(Self.grown(exponent))"
        }
        let full = (1..<digits).map { exponent in
            "[1-9]\(Self.any(digits - 1 - exponent))(?:\\.[0-9]{1,\(exponent)}0*)?"
                + Self.grown(exponent)
        }
        let above = "(?!\(Self.above(String(most))))"
        let within =
            least < 0 ? "(?:\(above)|-(?!\(Self.above(String(least.magnitude)))))" : above
        return "^(?:(?:\(plain))(?:\(whole)|\(shrunk.joined(separator: "|")))|\(zero)"
            + "|\(sign)(?:\(smaller.joined(separator: "|")))"
            + "|\(within)(?:\(full.joined(separator: "|"))))$"
    }

    private static func grown(_ exponent: Int) -> String { "[eE]\\+?0*\(exponent)" }

    private static func any(_ count: Int) -> String {
        count == 0 ? "" : count == 1 ? "[0-9]" : "[0-9]{\(count)}"
    }

    private static func any(_ least: Int, _ most: Int) -> String {
        most == 0 ? "" : "[0-9]{\(least),\(most)}"
    }

    /// What the digits of a number that is as long as `bound`, and larger, begin with, wherever
    /// the point is.
    private static func above(_ bound: String) -> String {
        var pattern = ""
        for digit in bound.reversed() {
            let larger = digit < "8" ? "[\(Character.next(digit))-9]" : digit == "8" ? "9" : ""
            let longer = pattern.isEmpty ? "" : "\(digit)\\.?\(pattern)"
            let both = [larger, longer].filter { !$0.isEmpty }
            pattern = both.count > 1 ? "(?:\(both.joined(separator: "|")))" : both.first ?? ""
        }
        return pattern
    }
}

extension Character {
    /// The next of the digits.
    fileprivate static func next(_ digit: Character) -> Character {
        Character(Unicode.Scalar((digit.asciiValue ?? 0x30) + 1))
    }
}

enum MessageSchemaPatterns {
    /// Both alphabets, with all padding or none.
    static let base64: String = {
        let digit = "[A-Za-z0-9+/_-]"
        return "^(?:\(digit){4})*(?:\(digit){2}(?:==)?|\(digit){3}=?)?$"
    }()

    /// Numbers of JSON's grammar that a floating point type holds.
    static func number(wholeDigits: Int) -> String {
        let fraction = "(?:\\.[0-9]+)?"
        // The exponents of one digit before the point that stay in range.
        let exponents = IntegerPattern.magnitudes("0", String(wholeDigits - 1))
        return "-?(?:(?:0|[1-9][0-9]{0,\(wholeDigits - 1)})\(fraction)(?:[eE]-[0-9]+)?"
            + "|[0-9]\(fraction)[eE]\\+?0*\(exponents))"
    }

    /// The names of a map's members, and what they are in words; nil where any is right.
    static func key(_ type: FieldType) -> (pattern: String, expectation: String)? {
        let integer: MessageSchemaInteger
        switch type {
        case .bool: return ("^(?:true|false)$", "true or false")
        case .int32, .sint32, .sfixed32: integer = .int32
        case .uint32, .fixed32: integer = .uint32
        case .int64, .sint64, .sfixed64: integer = .int64
        case .uint64, .fixed64: integer = .uint64
        default: return nil
        }
        let range = IntegerPattern.unanchored(
            least: "\(integer.least)", most: "\(integer.most)", spelling: .json)
        return ("^(?!-0)\(range)$", integer.expectation)
    }

    /// From 0001-01-01T00:00:00Z to 9999-12-31T23:59:59Z; at both ends the zone is not looked
    /// at, and must not lead out of the range.
    static let timestamp: String = {
        let monthDay =
            "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
            + "|02-(?:0[1-9]|1[0-9]|2[0-8]))"
        let leap =
            "(?:(?:[02468][048]|[13579][26])00|[0-9]{2}(?:0[48]|[2468][048]|[13579][26]))-02-29"
        let ends = "(?!0000|0001-01-01T.*\\+|9999-12-31T.*-[0-9]{2}:)"
        let time = "(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,9})?"
        let zone = "(?:Z|[+-](?:[01][0-9]|2[0-3]):[0-5][0-9])"
        return "^\(ends)(?:[0-9]{4}-\(monthDay)|\(leap))T\(time)\(zone)$"
    }()

    /// About 10,000 years either way.
    static let duration =
        "^-?0*\(IntegerPattern.magnitudes("0", "315576000000"))(?:\\.[0-9]{1,9})?s$"
}
