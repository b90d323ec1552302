// SPDX-License-Identifier: Apache-2.0
// A pattern of ECMA-262 written down for PCRE2, with nothing left to PCRE2's own defaults: every
// class is spelled out by its code points.
//
//     ^\w+(?<d>\d)\k<d>$   →   \A[\x{30}-\x{39}…]+(?:([\x{30}-\x{39}])(?:\g{1}))\z

enum PatternExpression {
    /// The expression matches from the first byte on: where the pattern may start anywhere, that
    /// is a choice like any other, so that the match limit counts it.
    static func text(_ node: PatternNode) -> String {
        var text = isAnchored(node) ? "" : "\\A[\\x{0}-\\x{10ffff}]*?"
        write(.sequence([node]), to: &text)
        return text
    }

    private static func isAnchored(_ node: PatternNode) -> Bool {
        switch node {
        case .start: true
        case .sequence(let nodes): nodes.first.map(isAnchored) ?? false
        case .alternatives(let nodes): nodes.allSatisfy(isAnchored)
        case .capture(_, let node): isAnchored(node)
        default: false
        }
    }

    private static func write(_ node: PatternNode, to text: inout String) {
        switch node {
        case .empty: text += "(?:)"
        case .set(let set): write(set, to: &text)
        case .properties(let properties, let set, let inverted):
            text += inverted ? "[^" : "["
            for property in properties {
                text += property.inverted ? "\\P{\(property.name)}" : "\\p{\(property.name)}"
            }
            writeRanges(set, to: &text)
            text += "]"
        case .sequence(let nodes): for node in nodes { write(node, to: &text) }
        case .alternatives(let nodes):
            text += "(?:"
            write(branches: nodes, to: &text)
            text += ")"
        case .repeated(let node, let least, let most, let isLazy):
            // Without a group PCRE2 counts instead of copying.
            let isSingle = node.isSingle
            text += isSingle ? "" : "(?:"
            write(node, to: &text)
            text +=
                (isSingle ? "" : ")") + "{\(least),\(most.map(String.init) ?? "")}"
                + (isLazy ? "?" : "")
        case .start: text += "\\A"
        case .end: text += "\\z"
        case .wordBoundary(let inverted): text += inverted ? "\\B" : "\\b"
        case .capture(_, let node):
            text += "("
            write(node, to: &text)
            text += ")"
        case .backreference(let number): text += "(?:\\g{\(number)})"
        case .look(let isAhead, let inverted, let node):
            text += isAhead ? (inverted ? "(?!" : "(?=") : (inverted ? "(?<!" : "(?<=")
            // Behind, branches may differ in length, but only where nothing is around them.
            if case .alternatives(let nodes) = node {
                write(branches: nodes, to: &text)
            } else {
                write(node, to: &text)
            }
            text += ")"
        }
    }

    private static func write(branches: [PatternNode], to text: inout String) {
        for (position, node) in branches.enumerated() {
            if position > 0 { text += "|" }
            write(node, to: &text)
        }
    }

    private static func write(_ set: ScalarSet, to text: inout String) {
        if set.isEmpty {
            text += "(?!)"
        } else {
            text += "["
            writeRanges(set, to: &text)
            text += "]"
        }
    }

    private static func writeRanges(_ set: ScalarSet, to text: inout String) {
        for range in set.ranges {
            text += "\\x{" + String(range.first, radix: 16) + "}"
            if range.last > range.first {
                text += "-\\x{" + String(range.last, radix: 16) + "}"
            }
        }
    }
}
