// SPDX-License-Identifier: Apache-2.0
// The name that was probably meant: the nearest by edit distance, if it is near enough that
// proposing it helps. `reqest` gives `request`; `foo` among `listen`, `admin` gives nothing.

package enum NearestName {
    /// The nearest of `names`, the first of several equally near; nil where none is near.
    package static func find(_ name: String, in names: some Sequence<String>) -> String? {
        let wanted = Array(name.unicodeScalars.prefix(64))
        let wantedFolded = folded(name)
        var best: (name: String, distance: Int)?
        for candidate in names where candidate != name {
            if folded(candidate) == wantedFolded { return candidate }
            let letters = Array(candidate.unicodeScalars.prefix(64))
            let threshold = max(1, min(max(wanted.count, letters.count) / 3, 4))
            guard abs(letters.count - wanted.count) <= threshold else { continue }
            let distance = distance(wanted, letters)
            // A name of one letter is near those that have it.
            let isNear =
                distance < min(wanted.count, letters.count)
                || wanted.count == 1 && letters.count > 1 && letters.contains(wanted[0])
                || letters.count == 1 && wanted.count > 1 && wanted.contains(letters[0])
            guard distance <= threshold, isNear else { continue }
            if distance < best?.distance ?? Int.max { best = (candidate, distance) }
        }
        return best?.name
    }

    /// Names that differ only in case and in how words are joined are the same word to a person.
    private static func folded(_ name: String) -> [Unicode.Scalar] {
        name.lowercased().unicodeScalars.filter { $0 != "_" && $0 != "-" }
    }

    /// Damerau and Levenshtein's, as optimal string alignment: insert, delete, replace, swap.
    static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar]) -> Int {
        var beforeLast = [Int](repeating: 0, count: right.count + 1)
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            current.reserveCapacity(right.count + 1)
            for column in 0..<right.count {
                let cost = left[row] == right[column] ? 0 : 1
                var best = min(
                    last[column + 1] + 1, current[column] + 1, last[column] + cost)
                if row > 0, column > 0, left[row] == right[column - 1],
                    left[row - 1] == right[column]
                {
                    best = min(best, beforeLast[column - 1] + 1)
                }
                current.append(best)
            }
            (beforeLast, last) = (last, current)
        }
        return last[right.count]
    }
}
