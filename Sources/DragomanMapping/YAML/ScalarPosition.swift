// SPDX-License-Identifier: Apache-2.0
// Where in the file a byte of a scalar's text stands. Expressions are parsed from the text after
// unquoting and folding; their errors must point at the line and column as written.

extension SourceText {
    /// The place of the byte at `offset` (UTF-8) of the text of a scalar of this file. Exact for
    /// plain, quoted and literal scalars; folded blocks by line and column of their own text.
    package func position(in node: YAMLNode, utf8Offset offset: Int) -> SourcePosition {
        guard offset > 0, let start = self.offset(of: node.position) else { return node.position }
        var walk = ScalarWalk(bytes: bytes, index: start, remaining: offset)
        walk.skipProperties()
        switch node.style {
        case .literal, .folded: walk.block(isFolded: node.style == .folded)
        case .singleQuoted, .doubleQuoted: walk.quoted()
        case .plain: walk.plain()
        case .flow, .block, .external: return node.position
        }
        return position(atOffset: walk.index)
    }
}

/// Goes through the source of a scalar until so many bytes of its text have gone by.
private struct ScalarWalk {
    let bytes: [UInt8]
    var index: Int
    var remaining: Int

    private var byte: UInt8? { index < bytes.count ? bytes[index] : nil }

    private func isBlank(_ byte: UInt8?) -> Bool { byte == 0x20 || byte == 0x09 }

    /// An anchor stands before the value that it names.
    mutating func skipProperties() {
        guard byte == UInt8(ascii: "&") else { return }
        while let byte, byte > 0x20 { index += 1 }
        while let byte, byte <= 0x20 { index += 1 }
    }

    private mutating func take(_ source: Int, _ text: Int) {
        index += source
        remaining -= text
    }

    mutating func plain() {
        while remaining > 0, byte != nil {
            if !fold() { take(1, 1) }
        }
    }

    mutating func quoted() {
        let quote = byte
        index += 1
        while remaining > 0, let byte {
            if byte == quote {
                guard quote == UInt8(ascii: "'") else { return }
                take(2, 1)
            } else if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                escape()
            } else if !fold() {
                take(1, 1)
            }
        }
        // An escaped line's end is no text of its own.
        if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] <= 0x0D {
            escape()
        }
    }

    /// An escape of a double-quoted scalar.
    private mutating func escape() {
        let digits: Int
        switch index + 1 < bytes.count ? bytes[index + 1] : 0 {
        case UInt8(ascii: "x"): digits = 2
        case UInt8(ascii: "u"): digits = 4
        case UInt8(ascii: "U"): digits = 8
        case UInt8(ascii: "N"), UInt8(ascii: "_"): return take(2, 2)
        case UInt8(ascii: "L"), UInt8(ascii: "P"): return take(2, 3)
        case 0x0A, 0x0D:
            index += 1
            while let byte, byte <= 0x20 { index += 1 }
            return
        default: return take(2, 1)
        }
        let end = min(bytes.count, index + 2 + digits)
        let text = String(decoding: bytes[(index + 2)..<end], as: UTF8.self)
        let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init)
        take(2 + digits, scalar.map { String(Character($0)).utf8.count } ?? 1)
    }

    /// A line's end with the blanks around it: one break is a space, more are one break less.
    private mutating func fold() -> Bool {
        var end = index
        while end < bytes.count, isBlank(bytes[end]) { end += 1 }
        guard end < bytes.count, bytes[end] == 0x0A || bytes[end] == 0x0D else { return false }
        var breaks = 0
        while end < bytes.count, bytes[end] <= 0x20 {
            if bytes[end] == 0x0A { breaks += 1 }
            end += 1
        }
        let text = max(1, breaks - 1)
        if remaining < text {
            remaining = 0
        } else {
            index = end
            remaining -= text
        }
        return true
    }

    /// The lines of a block scalar, without their indentation.
    mutating func block(isFolded: Bool) {
        let explicit = header()
        let indentation = explicit ?? firstIndentation()
        while remaining >= 0, index < bytes.count {
            var skipped = 0
            while skipped < indentation, byte == 0x20 {
                index += 1
                skipped += 1
            }
            let end = bytes[index...].firstIndex(of: 0x0A) ?? bytes.count
            if remaining <= end - index {
                index += remaining
                return
            }
            remaining -= end - index
            index = end
            if isFolded { foldedBreak(indentation) } else { take(1, 1) }
        }
    }

    /// `|2-` and its comment; an indentation indicator counts from the parent, which is not known
    /// here, so the first line decides.
    private mutating func header() -> Int? {
        while let byte, byte != 0x0A { index += 1 }
        index = min(index + 1, bytes.count)
        return nil
    }

    private func firstIndentation() -> Int {
        var at = index
        var count = 0
        while at < bytes.count {
            switch bytes[at] {
            case 0x20: count += 1
            case 0x0A, 0x0D: count = 0
            default: return count
            }
            at += 1
        }
        return count
    }

    /// Line ends of a folded block: one between two lines of text is a space, of more the first
    /// goes; next to a line that is indented further all stay.
    private mutating func foldedBreak(_ indentation: Int) {
        var breaks = 0
        var lineStart = index
        var at = index
        while at < bytes.count, bytes[at] <= 0x20 {
            if bytes[at] == 0x0A {
                breaks += 1
                lineStart = at + 1
            }
            at += 1
        }
        let isIndented = at - lineStart > indentation
        index = lineStart
        remaining -= isIndented ? breaks : max(1, breaks - 1)
        if remaining < 0 { remaining = 0 }
    }
}
