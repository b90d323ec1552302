// SPDX-License-Identifier: Apache-2.0
// The texts of integers of a range as a pattern: what numbers kept as text, unions of numbers and
// words, and the years of dates need to say in a JSON Schema.

/// Patterns of decimal texts, in ECMA's syntax.
package enum IntegerPattern {
    package enum Spelling: Sendable {
        /// A plus sign and leading zeros are allowed.
        case xml
        /// One way to write each number, and `-0`.
        case json
    }

    /// The whole text is an integer of the range.
    ///
    /// `least`, `most`: decimal integers; nil for no bound.
    package static func make(
        least: String?, most: String?, spelling: Spelling = .xml
    ) -> String {
        "^\(unanchored(least: least, most: most, spelling: spelling))$"
    }

    /// As `make`, as a group to be part of a larger pattern.
    package static func unanchored(
        least: String?, most: String?, spelling: Spelling = .xml
    ) -> String {
        let low = least.map(parts)
        let high = most.map(parts)
        let zeros = spelling == .xml ? "0*" : ""
        var branches: [String] = []
        // Zero and above.
        if !(high?.isNegative ?? false) {
            let from = low.map { $0.isNegative ? "0" : $0.digits } ?? "0"
            branches.append(
                (spelling == .xml ? "[+]?" : "") + zeros + magnitudes(from, high?.digits))
        }
        // Zero and below: the magnitudes go from the upper bound to the lower.
        if low?.isNegative ?? true || (low?.digits == "0" && spelling == .xml) {
            let from = high.map { $0.isNegative ? $0.digits : "0" } ?? "0"
            branches.append("-" + zeros + magnitudes(from, low?.digits))
        }
        return "(?:\(branches.joined(separator: "|")))"
    }

    private static func parts(_ text: String) -> (isNegative: Bool, digits: String) {
        let unsigned = text.drop { $0 == "-" || $0 == "+" }.drop { $0 == "0" }
        return (text.hasPrefix("-") && !unsigned.isEmpty, unsigned.isEmpty ? "0" : String(unsigned))
    }

    /// Numbers without sign or leading zeros from `least` to `most`, as a group.
    package static func magnitudes(_ least: String, _ most: String?) -> String {
        guard let most else {
            if least == "0" { return "(?:0|[1-9][0-9]*)" }
            let longer = "[1-9][0-9]{\(least.count),}"
            let nines = String(repeating: "9", count: least.count)
            return "(?:\(sameLength(least, nines).joined(separator: "|"))|\(longer))"
        }
        guard least.count < most.count else {
            return "(?:\(sameLength(least, most).joined(separator: "|")))"
        }
        let nines = String(repeating: "9", count: least.count)
        var branches = sameLength(least, nines)
        // All that are longer than the one and shorter than the other.
        if most.count - least.count > 1 {
            let (from, to) = (least.count, most.count - 2)
            branches.append(from == to ? "[1-9]" + any(from) : "[1-9][0-9]{\(from),\(to)}")
        }
        branches += sameLength("1" + zeros(most.count - 1), most)
        return "(?:\(branches.joined(separator: "|")))"
    }

    private static func zeros(_ count: Int) -> String { String(repeating: "0", count: count) }

    /// The texts between two of the same length, leading zeros included, as alternatives.
    package static func sameLength(_ least: String, _ most: String) -> [String] {
        guard let low = least.first, let high = most.first else { return [""] }
        let restLow = String(least.dropFirst())
        let restHigh = String(most.dropFirst())
        let nines = String(repeating: "9", count: restLow.count)
        let noughts = zeros(restLow.count)
        if low == high { return sameLength(restLow, restHigh).map { "\(low)\($0)" } }
        var branches: [String] = []
        var from = low
        var to = high
        if restLow != noughts {
            branches += sameLength(restLow, nines).map { "\(low)\($0)" }
            from = next(low)
        }
        var upper: [String] = []
        if restHigh != nines {
            upper = sameLength(noughts, restHigh).map { "\(high)\($0)" }
            to = previous(high)
        }
        if from <= to {
            let first = from == to ? "\(from)" : "[\(from)-\(to)]"
            branches.append(first + any(restLow.count))
        }
        return branches + upper
    }

    private static func any(_ count: Int) -> String {
        count == 0 ? "" : count == 1 ? "[0-9]" : "[0-9]{\(count)}"
    }

    private static func next(_ digit: Character) -> Character { step(digit, 1) }
    private static func previous(_ digit: Character) -> Character { step(digit, -1) }

    private static func step(_ digit: Character, _ by: Int) -> Character {
        Character("\((digit.wholeNumberValue ?? 0) + by)")
    }
}
