// SPDX-License-Identifier: Apache-2.0
// A regular expression of ECMA-262 as a tree, and why a text is none.

/// What stands in a pattern. Captures are numbered from 1 in the order of their parentheses.
indirect enum PatternNode {
    case empty
    case set(ScalarSet)
    /// Sets that only Unicode's tables know; `inverted` is for the whole.
    case properties([PropertySet], ScalarSet, inverted: Bool)
    case sequence([PatternNode])
    case alternatives([PatternNode])
    case repeated(PatternNode, least: Int, most: Int?, isLazy: Bool)
    case start
    case end
    case wordBoundary(inverted: Bool)
    case capture(Int, PatternNode)
    case backreference(Int)
    case look(isAhead: Bool, inverted: Bool, PatternNode)
}

extension PatternNode {
    /// It stands for exactly one character of a class that is not empty.
    var isSingle: Bool {
        switch self {
        case .set(let set): !set.isEmpty
        case .properties: true
        default: false
        }
    }
}

/// `\p{…}` as PCRE2 names it.
struct PropertySet {
    let name: String
    let inverted: Bool
}

/// Why a text is no pattern.
struct PatternError: Error {
    let message: String
}
