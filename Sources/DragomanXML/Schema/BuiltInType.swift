// SPDX-License-Identifier: Apache-2.0
// The built-in simple types of XML Schema (XSD 1.0 part 2, 3) and how each derives.

/// A built-in simple type that is not a list.
package enum BuiltInType: String, Sendable, CaseIterable {
    case anySimpleType
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case string, normalizedString, token, language, Name, NCName, NMTOKEN, ID, IDREF, ENTITY
    case boolean
    case decimal, integer, nonPositiveInteger, negativeInteger, long, int, short, byte
    case nonNegativeInteger, unsignedLong, unsignedInt, unsignedShort, unsignedByte
    case positiveInteger
    case float, double
    case duration, dateTime, time, date, gYearMonth, gYear, gMonthDay, gDay, gMonth
    // swift-format-ignore: AlwaysUseLowerCamelCase
    case hexBinary, base64Binary, anyURI, QName, NOTATION

    /// The type that this one restricts.
    package var base: BuiltInType? {
        switch self {
        case .anySimpleType: nil
        case .normalizedString: .string
        case .token: .normalizedString
        case .language, .Name, .NMTOKEN: .token
        // swift-format-ignore: AlwaysUseLowerCamelCase
        case .NCName: .Name
        // swift-format-ignore: AlwaysUseLowerCamelCase
        case .ID, .IDREF, .ENTITY: .NCName
        case .integer: .decimal
        case .nonPositiveInteger, .long, .nonNegativeInteger: .integer
        case .negativeInteger: .nonPositiveInteger
        case .int: .long
        case .short: .int
        case .byte: .short
        case .unsignedLong, .positiveInteger: .nonNegativeInteger
        case .unsignedInt: .unsignedLong
        case .unsignedShort: .unsignedInt
        case .unsignedByte: .unsignedShort
        default: .anySimpleType
        }
    }

    package func derives(from other: BuiltInType) -> Bool {
        var type: BuiltInType? = self
        while let current = type {
            if current == other { return true }
            type = current.base
        }
        return false
    }

    /// decimal and what derives from it.
    package var isDecimal: Bool { derives(from: .decimal) }
    package var isInteger: Bool { derives(from: .integer) }
    package var isFloat: Bool { self == .float || self == .double }
    package var isBinary: Bool { self == .hexBinary || self == .base64Binary }
    /// Its values name something of a namespace.
    package var isQName: Bool { self == .QName || self == .NOTATION }

    /// Integers that may not fit 53 bits: those that `json: { int64: string }` keeps as text.
    package var isWideInteger: Bool {
        switch self {
        case .integer, .nonPositiveInteger, .negativeInteger, .long, .nonNegativeInteger,
            .unsignedLong, .positiveInteger:
            true
        default: false
        }
    }

    /// What is done to white space before the value is read (XSD 1.0 part 2, 4.3.6).
    package var whiteSpace: WhiteSpace {
        switch self {
        case .string, .anySimpleType: .preserve
        case .normalizedString: .replace
        default: .collapse
        }
    }

    /// The least and greatest value, inclusive.
    package var range: (min: String?, max: String?) {
        switch self {
        case .nonPositiveInteger: (nil, "0")
        case .negativeInteger: (nil, "-1")
        case .long: ("-9223372036854775808", "9223372036854775807")
        case .int: ("-2147483648", "2147483647")
        case .short: ("-32768", "32767")
        case .byte: ("-128", "127")
        case .nonNegativeInteger: ("0", nil)
        case .unsignedLong: ("0", "18446744073709551615")
        case .unsignedInt: ("0", "4294967295")
        case .unsignedShort: ("0", "65535")
        case .unsignedByte: ("0", "255")
        case .positiveInteger: ("1", nil)
        default: (nil, nil)
        }
    }
}

package enum WhiteSpace: UInt8, Sendable, Comparable {
    case preserve, replace, collapse
    package static func < (left: WhiteSpace, right: WhiteSpace) -> Bool {
        left.rawValue < right.rawValue
    }
}
