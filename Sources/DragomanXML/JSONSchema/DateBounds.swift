// SPDX-License-Identifier: Apache-2.0
// Bounds of dates as patterns: which days a JSON Schema may let in. What is left open, the time of
// the bound's own day and what zones make of it, the writer checks.

internal import DragomanDocument

/// A bound of a dateTime, date, gYearMonth or gYear of our era.
struct DateBound {
    private var year: Int
    private var month: Int
    private var day: Int

    /// Nil where nothing is to be said.
    ///
    /// `isLower`: a bound with a zone is moved by a day to the safe side.
    init?(_ text: String, _ type: BuiltInType, isLower: Bool) {
        let literal = Array(text.utf8)
        guard literal.withUnsafeBytes({ DateTimeValue($0, type) }) != nil,
            literal.first != 0x2D
        else { return nil }
        let parts = text.split(separator: "T")[0].split(
            separator: "-", omittingEmptySubsequences: false)
        guard let year = Int(parts[0].prefix { $0.isNumber }) else { return nil }
        self.year = year
        month = isLower ? 1 : 12
        day = isLower ? 1 : 31
        if type != .gYear, parts.count > 1, let read = Int(parts[1].prefix(2)) { month = read }
        if type == .date || type == .dateTime, parts.count > 2, let read = Int(parts[2].prefix(2)) {
            day = read
        }
        let body = text.drop { $0 != "T" }
        let hasZone =
            text.hasSuffix("Z") || body.contains("+") || body.contains("-")
            || (type != .dateTime && (text.contains("+") || text.contains(":")))
        // A time of 24:00 is the next day's.
        if hasZone || body.hasPrefix("T24") { move(isLower ? -1 : 1) }
        guard self.year >= 1, self.year <= 999_999_999 else { return nil }
    }

    private mutating func move(_ days: Int) {
        let date = CivilDate(
            daysSinceEpoch: CivilDate(year: year, month: month, day: day).daysSinceEpoch + days)
        (year, month, day) = (date.year, date.month, date.day)
    }

    /// Literals of that type on the bound's day or after it.
    func from(_ type: BuiltInType) -> String {
        var branches: [String] = []
        let next = year + 1
        if next <= 9999 {
            branches += IntegerPattern.sameLength(DateBound.padded(next, 4), "9999")
            branches.append("[1-9][0-9]{4,}")
        } else {
            branches.append(IntegerPattern.magnitudes("\(next)", nil))
        }
        return pattern(branches, sameYear: rest(type, isLower: true))
    }

    /// Literals of that type on the bound's day or before it.
    func upTo(_ type: BuiltInType) -> String {
        var branches = ["-[0-9]+"]
        let last = year - 1
        if last >= 1 {
            branches += IntegerPattern.sameLength("0001", DateBound.padded(min(last, 9999), 4))
        }
        if last > 9999 { branches.append(IntegerPattern.magnitudes("10000", "\(last)")) }
        return pattern(branches, sameYear: rest(type, isLower: false))
    }

    private func pattern(_ years: [String], sameYear: String) -> String {
        let other = years.joined(separator: "|")
        return "^(?:(?:\(other))(?![0-9])|\(DateBound.padded(year, 4))\(sameYear))"
    }

    /// What follows the bound's own year.
    private func rest(_ type: BuiltInType, isLower: Bool) -> String {
        guard type != .gYear else { return "(?![0-9])" }
        let own = DateBound.padded(month, 2)
        let months =
            isLower
            ? (month < 12 ? IntegerPattern.sameLength(DateBound.padded(month + 1, 2), "12") : [])
            : (month > 1 ? IntegerPattern.sameLength("01", DateBound.padded(month - 1, 2)) : [])
        let days =
            type == .gYearMonth
            ? ""
            : "-(?:"
                + (isLower
                ? IntegerPattern.sameLength(DateBound.padded(day, 2), "31")
                : IntegerPattern.sameLength("01", DateBound.padded(day, 2)))
                .joined(separator: "|") + ")"
        return "-(?:\((months + [own + days]).joined(separator: "|")))"
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, width - text.count)) + text
    }
}

extension JSONSchemaBuilder {
    /// The range of a date, each bound a schema of its own that bears the facet's name.
    func dateBounds(_ plan: SimplePlan, _ facets: FacetPlan) -> [() -> Void] {
        let type = plan.builtIn
        guard [.dateTime, .date, .gYearMonth, .gYear].contains(type) else { return [] }
        let bounds: [(name: String, words: String, bound: FacetBound?, isLower: Bool)] = [
            ("minInclusive", "at least", facets.minInclusive, true),
            ("maxInclusive", "at most", facets.maxInclusive, false),
            ("minExclusive", "after", facets.minExclusive, true),
            ("maxExclusive", "before", facets.maxExclusive, false),
        ]
        return bounds.compactMap { name, words, bound, isLower in
            guard let bound, let date = DateBound(bound.text, type, isLower: isLower) else {
                return nil
            }
            return { [self] in
                pair("pattern", isLower ? date.from(type) : date.upTo(type))
                pair("x-facet", name)
                pair("x-expects", "\(words) \(bound.text)")
            }
        }
    }
}
