// SPDX-License-Identifier: Apache-2.0
// The facets that hold for a simple type, those of its bases included, compiled for checking.

internal import DragomanDocument

/// A bound of a range, as the type compares.
struct FacetBound: Sendable {
    let text: String
    private let bytes: [UInt8]
    private let type: BuiltInType

    init(_ text: String, _ type: BuiltInType) {
        self.text = text
        self.type = type
        bytes = Array(text.utf8)
    }

    /// How a value of the type stands to the bound; nil where that is not known.
    func order(of value: UnsafeRawBufferPointer) -> TimeOrder {
        bytes.withUnsafeBytes { bound in
            if type.isFloat {
                guard let left = FacetBound.double(value), let right = FacetBound.double(bound),
                    !left.isNaN, !right.isNaN
                else { return .unknown }
                return left < right ? .before : left > right ? .after : .equal
            }
            if type.isDecimal {
                let order = ExactNumber.compare(ExactNumber(value), ExactNumber(bound))
                return order < 0 ? .before : order > 0 ? .after : .equal
            }
            if type == .duration {
                guard let left = DurationValue(value), let right = DurationValue(bound) else {
                    return .unknown
                }
                return left.compared(to: right)
            }
            guard let left = DateTimeValue(value, type), let right = DateTimeValue(bound, type)
            else { return .unknown }
            return left.compared(to: right)
        }
    }

    static func double(_ text: UnsafeRawBufferPointer) -> Double? {
        switch Lexical.special(text) {
        case .infinity: .infinity
        case .minusInfinity: -.infinity
        case .notANumber: .nan
        case nil: Doubles.parse(text)
        }
    }
}

/// Facets of one simple type. Values are checked as literals, white space dealt with.
final class FacetPlan: Sendable {
    let builtIn: BuiltInType
    let isList: Bool
    let isUnion: Bool
    /// As written, white space dealt with; QNames as `{uri}local`.
    let enumeration: [String]?
    /// In byte order.
    private let enumerationBytes: [[UInt8]]
    /// Values of the type have several spellings.
    private let hasSpellings: Bool
    /// One of each step's must match.
    let patterns: [[XSDPattern]]
    let length: Int?
    let minLength: Int?
    let maxLength: Int?
    let totalDigits: Int?
    let fractionDigits: Int?
    let minInclusive: FacetBound?
    let maxInclusive: FacetBound?
    let minExclusive: FacetBound?
    let maxExclusive: FacetBound?

    init(_ draft: FacetDraft) {
        builtIn = draft.builtIn
        isList = draft.isList
        isUnion = draft.isUnion
        enumeration = draft.enumeration
        enumerationBytes = (draft.enumeration ?? []).map { Array($0.utf8) }
            .sorted { $0.lexicographicallyPrecedes($1) }
        hasSpellings =
            !draft.isList && !draft.isUnion && !draft.builtIn.derives(from: .string)
        patterns = draft.patterns
        length = draft.length
        minLength = draft.minLength
        maxLength = draft.maxLength
        totalDigits = draft.totalDigits
        fractionDigits = draft.fractionDigits
        let type = draft.builtIn
        minInclusive = draft.minInclusive.map { FacetBound($0, type) }
        maxInclusive = draft.maxInclusive.map { FacetBound($0, type) }
        minExclusive = draft.minExclusive.map { FacetBound($0, type) }
        maxExclusive = draft.maxExclusive.map { FacetBound($0, type) }
    }

    /// The values allowed, where inclusive bounds that fit 64 bits are all there is.
    var range: ClosedRange<Int64>? {
        guard enumeration == nil, patterns.isEmpty, length == nil, minLength == nil,
            maxLength == nil, totalDigits == nil, fractionDigits ?? 0 == 0,
            minExclusive == nil, maxExclusive == nil
        else { return nil }
        let least = minInclusive.map { Int64($0.text) } ?? .min
        let most = maxInclusive.map { Int64($0.text) } ?? .max
        guard let least, let most, least <= most, minInclusive != nil, maxInclusive != nil else {
            return nil
        }
        return least...most
    }

    /// The name of the first facet that `text` breaks; nil for none.
    /// `text`: a valid literal; of QNames `{uri}local` stands in `name`.
    func violation(_ text: UnsafeRawBufferPointer, name: String? = nil) -> String? {
        if let broken = rangeViolation(text) { return broken }
        if let broken = lengthViolation(text) { return broken }
        if enumeration != nil {
            if let name {
                if !(enumeration ?? []).contains(name) { return "enumeration" }
            } else if !isListed(text) {
                return "enumeration"
            }
        }
        for step in patterns where !step.contains(where: { $0.matches(text) }) {
            return "pattern"
        }
        return nil
    }

    /// Whether the enumeration has the value.
    private func isListed(_ text: UnsafeRawBufferPointer) -> Bool {
        var low = 0
        var high = enumerationBytes.count
        while low < high {
            let middle = (low + high) / 2
            if enumerationBytes[middle].lexicographicallyPrecedes(text) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        if low < enumerationBytes.count,
            enumerationBytes[low].withUnsafeBytes({ Bytes.equal($0, text) })
        {
            return true
        }
        return hasSpellings
            && enumerationBytes.contains { FacetPlan.isSameValue($0, text, builtIn) }
    }

    /// Whether two literals of a built-in type are spellings of one value.
    static func isSameValue(
        _ value: [UInt8], _ text: UnsafeRawBufferPointer, _ builtIn: BuiltInType
    ) -> Bool {
        value.withUnsafeBytes { value in
            if builtIn.isDecimal {
                return ExactNumber.compare(ExactNumber(value), ExactNumber(text)) == 0
            }
            if builtIn.isFloat {
                return FacetBound.double(value) == FacetBound.double(text)
            }
            if builtIn == .boolean { return Lexical.boolean(value) == Lexical.boolean(text) }
            if builtIn == .hexBinary {
                return value.count == text.count
                    && zip(value, text).allSatisfy { $0 | 0x20 == $1 | 0x20 }
            }
            if let left = DateTimeValue(value, builtIn), let right = DateTimeValue(text, builtIn) {
                return left.compared(to: right) == .equal
            }
            return false
        }
    }

    private func rangeViolation(_ text: UnsafeRawBufferPointer) -> String? {
        if let bound = minInclusive {
            let order = bound.order(of: text)
            if order != .after && order != .equal { return "minInclusive" }
        }
        if let bound = maxInclusive {
            let order = bound.order(of: text)
            if order != .before && order != .equal { return "maxInclusive" }
        }
        if let bound = minExclusive, bound.order(of: text) != .after { return "minExclusive" }
        if let bound = maxExclusive, bound.order(of: text) != .before { return "maxExclusive" }
        guard totalDigits != nil || fractionDigits != nil else { return nil }
        let number = ExactNumber(text)
        let fraction = number.isZero ? 0 : max(0, -number.exponent)
        if let fractionDigits, fraction > fractionDigits { return "fractionDigits" }
        if let totalDigits {
            let digits =
                number.isZero
                ? 1 : max(number.digitCount + max(0, number.exponent), fraction)
            if digits > totalDigits { return "totalDigits" }
        }
        return nil
    }

    private func lengthViolation(_ text: UnsafeRawBufferPointer) -> String? {
        guard length != nil || minLength != nil || maxLength != nil else { return nil }
        let count: Int
        if isList {
            count = text.split(whereSeparator: XMLCharacters.isSpace).count
        } else if builtIn.isBinary {
            count = Lexical.octets(text, builtIn)
        } else if builtIn.isQName {
            return nil
        } else {
            count = TextScan.scalarCount(text)
        }
        if let length, count != length { return "length" }
        if let minLength, count < minLength { return "minLength" }
        if let maxLength, count > maxLength { return "maxLength" }
        return nil
    }
}

/// What a `FacetPlan` is made of.
struct FacetDraft {
    var builtIn: BuiltInType
    var isList = false
    var isUnion = false
    var enumeration: [String]?
    var patterns: [[XSDPattern]] = []
    var length: Int?
    var minLength: Int?
    var maxLength: Int?
    var totalDigits: Int?
    var fractionDigits: Int?
    var minInclusive: String?
    var maxInclusive: String?
    var minExclusive: String?
    var maxExclusive: String?

    var isEmpty: Bool {
        enumeration == nil && patterns.isEmpty && length == nil && minLength == nil
            && maxLength == nil && totalDigits == nil && fractionDigits == nil
            && minInclusive == nil && maxInclusive == nil && minExclusive == nil
            && maxExclusive == nil
    }
}
