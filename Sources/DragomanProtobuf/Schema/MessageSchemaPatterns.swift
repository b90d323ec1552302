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

    /// Texts of the type's numbers: as they are, and with exponents that leave no doubt that the
    /// number is whole and in range. Not every such text: one that is exact for all places of the
    /// point is too long to read, and no table can hold it (PatternTable).
    var pattern: String {
        let sign = least < 0 ? "-?" : ""
        let plain = IntegerPattern.unanchored(least: "\(least)", most: "\(most)", spelling: .json)
        let isShort = self == .int32 || self == .uint32
        let whole = isShort ? "(?:0|[1-9][0-9]{0,3})" : "(?:0|[1-9][0-9]{0,8})"
        let powers =
            isShort
            ? [
                "\(whole)(?:\\.0+)?[eE]\\+?0*[0-5]", "\(whole)\\.[0-9]0*[eE]\\+?0*[1-5]",
                "\(whole)\\.[0-9]{1,2}0*[eE]\\+?0*[2-5]",
                "[0-9](?:\\.[0-9]{1,6}0*)?[eE]\\+?0*[6-8]",
                "[0-\(leading)](?:\\.0+)?[eE]\\+?0*9",
            ]
            : [
                "\(whole)(?:\\.0+)?[eE]\\+?0*[0-9]", "\(whole)\\.[0-9]0*[eE]\\+?0*[1-9]",
                "\(whole)\\.[0-9]{1,2}0*[eE]\\+?0*[2-9]",
                "\(whole)\\.[0-9]{1,6}0*[eE]\\+?0*[6-9]",
                "[0-9](?:\\.[0-9]{1,10}0*)?[eE]\\+?0*1[0-7]",
                "[0-9](?:\\.0+)?[eE]\\+?0*18",
            ]
        let zero = "(?:\\.0+)?(?:[eE]-0+)?"
        return "^(?:\(plain)\(zero)|\(sign)(?:\(powers.joined(separator: "|"))))$"
    }

    /// The first digit of the largest number.
    private var leading: Character { String(most).first ?? "0" }
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
