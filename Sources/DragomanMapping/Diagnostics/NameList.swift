// SPDX-License-Identifier: Apache-2.0
// Names that would have been right, as messages list them: each once, and not by the hundred.

enum NameList {
    /// So many names are read by people; more are cut off, visibly.
    private static let namesMax = 30

    /// `one of a, b, …`; nil where there are none.
    static func oneOf(_ names: [String]) -> String? {
        names.isEmpty ? nil : "one of " + listed(names)
    }

    /// `a, b, …`
    static func listed(_ names: [String]) -> String {
        var seen: Set<String> = []
        let different = names.filter { seen.insert($0).inserted }
        return different.prefix(namesMax).joined(separator: ", ")
            + (different.count > namesMax ? ", …" : "")
    }
}
