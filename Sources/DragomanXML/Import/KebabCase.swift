// SPDX-License-Identifier: Apache-2.0
// Names of contracts as they stand in paths, file names and header names (XML-FORM.md, "What
// import writes for SOAP"): GetHTTPStatus_2 → get-http-status-2.

package enum KebabCase {
    /// Lower-case ASCII letters and digits with single hyphens between words; `fallback` where
    /// nothing of the name is left, and before a digit that would stand first.
    package static func make(_ name: String, fallback: String = "service") -> String {
        let scalars = Array(name.unicodeScalars)
        var words: [UInt8] = []
        var pendingHyphen = false
        for (index, scalar) in scalars.enumerated() {
            guard isLetter(scalar) || isDigit(scalar) else {
                pendingHyphen = !words.isEmpty
                continue
            }
            if isUpper(scalar), index > 0, breaks(scalars, before: index) {
                pendingHyphen = !words.isEmpty
            }
            if pendingHyphen { words.append(0x2D) }
            pendingHyphen = false
            words.append(UInt8(truncatingIfNeeded: scalar.value) | (isUpper(scalar) ? 0x20 : 0))
        }
        guard let first = words.first else { return fallback }
        let kebab = String(decoding: words, as: UTF8.self)
        return first <= 0x39 ? "\(fallback)-\(kebab)" : kebab
    }

    /// `name`, or `name-2`, `name-3`, … : the first that is not in `taken`, which it joins.
    package static func unique(_ name: String, among taken: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !taken.insert(candidate).inserted {
            candidate = "\(name)-\(number)"
            number += 1
        }
        return candidate
    }

    /// The words of a name, in lower case.
    package static func words(_ name: String) -> [String] {
        make(name, fallback: "").split(separator: "-").map(String.init)
    }

    private static func breaks(_ scalars: [Unicode.Scalar], before index: Int) -> Bool {
        let previous = scalars[index - 1]
        if isLower(previous) || isDigit(previous) { return true }
        return isUpper(previous) && index + 1 < scalars.count && isLower(scalars[index + 1])
    }

    private static func isUpper(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x41 && scalar.value <= 0x5A
    }

    private static func isLower(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x61 && scalar.value <= 0x7A
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x30 && scalar.value <= 0x39
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        isUpper(scalar) || isLower(scalar)
    }
}
