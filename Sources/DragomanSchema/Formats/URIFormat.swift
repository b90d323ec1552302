// SPDX-License-Identifier: Apache-2.0
// URIs and their references by the grammar of RFC 3986, appendix A; IRIs by that of RFC 3987.
internal import DragomanDocument

/// One text while it is looked at.
struct URIFormat {
    private let text: UnsafeRawBufferPointer
    private let isInternational: Bool
    private var index = 0

    init(_ text: UnsafeRawBufferPointer, isInternational: Bool) {
        self.text = text
        self.isInternational = isInternational
    }

    func isURI() -> Bool {
        var copy = self
        return copy.takeScheme() && copy.takeRest(isRelative: false)
    }

    func isReference() -> Bool {
        var copy = self
        if copy.takeScheme() { return copy.takeRest(isRelative: false) }
        copy.index = 0
        return copy.takeRest(isRelative: true)
    }

    private var next: UInt8? { index < text.count ? text[index] : nil }

    private mutating func takeScheme() -> Bool {
        guard let first = next, ASCII.isLetter(first) else { return false }
        while let byte = next {
            index += 1
            if byte == 0x3A { return true }
            guard ASCII.isAlphanumeric(byte) || byte == 0x2B || byte == 0x2D || byte == 0x2E else {
                return false
            }
        }
        return false
    }

    private mutating func takeRest(isRelative: Bool) -> Bool {
        if next == 0x2F, index + 1 < text.count, text[index + 1] == 0x2F {
            index += 2
            guard takeAuthority() else { return false }
            if let byte = next, byte != 0x2F, byte != 0x3F, byte != 0x23 { return false }
        } else if isRelative {
            // The first segment of a relative path holds no colon.
            var place = index
            while place < text.count, !ASCII.isOne(text[place], of: "/?#") {
                if text[place] == 0x3A { return false }
                place += 1
            }
        }
        guard take(while: ":@/") else { return false }
        if next == 0x3F {
            index += 1
            guard take(while: ":@/?", isQuery: true) else { return false }
        }
        if next == 0x23 {
            index += 1
            guard take(while: ":@/?") else { return false }
        }
        return index == text.count
    }

    /// Takes unreserved characters, escapes, sub-delimiters and those of `others`; false where an
    /// escape is broken or a character is not UTF-8's or not allowed.
    private mutating func take(while others: StaticString, isQuery: Bool = false) -> Bool {
        while let byte = next {
            if ASCII.isAlphanumeric(byte) || ASCII.isOne(byte, of: "-._~!$&'()*+,;=")
                || ASCII.isOne(byte, of: others)
            {
                index += 1
            } else if byte == 0x25 {
                guard index + 2 < text.count, ASCII.isHexadecimal(text[index + 1]),
                    ASCII.isHexadecimal(text[index + 2])
                else { return false }
                index += 3
            } else if byte >= 0x80, isInternational {
                guard takeInternational(isQuery: isQuery) else { return false }
            } else {
                return true
            }
        }
        return true
    }

    /// RFC 3987's `ucschar`, and in a query `iprivate`.
    private mutating func takeInternational(isQuery: Bool) -> Bool {
        var decoder = UTF8()
        var source = text[index...].makeIterator()
        guard case .scalarValue(let scalar) = decoder.decode(&source) else { return false }
        let value = scalar.value
        index += UTF8.width(scalar)
        switch value {
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: return true
        case 0x10000...0xEFFFF: return value & 0xFFFF <= 0xFFFD && value >= 0x10000
        case 0xE000...0xF8FF, 0xF0000...0xFFFFD, 0x100000...0x10FFFD: return isQuery
        default: return false
        }
    }

    private mutating func takeAuthority() -> Bool {
        var end = index
        var at = -1
        while end < text.count, !ASCII.isOne(text[end], of: "/?#") {
            if text[end] == 0x40, at < 0 { at = end }
            end += 1
        }
        if at >= 0 {
            guard take(while: ":"), index == at else { return false }
            index += 1
        }
        if next == 0x5B {
            guard takeLiteral(end) else { return false }
        } else {
            guard take(while: "") else { return false }
        }
        if next == 0x3A {
            index += 1
            while let byte = next, ASCII.isDigit(byte) { index += 1 }
        }
        return index == end
    }

    /// `[…]` with an IPv6 address or one of a later version.
    private mutating func takeLiteral(_ end: Int) -> Bool {
        guard let close = text[index..<end].firstIndex(of: 0x5D) else { return false }
        let inner = text.slice(index + 1, close)
        index = close + 1
        guard let first = inner.first, first | 0x20 == 0x76 else {
            return HostFormat.isIPv6(inner)
        }
        guard let dot = inner.firstIndex(of: 0x2E), dot > 1, dot + 1 < inner.count,
            inner[1..<dot].allSatisfy(ASCII.isHexadecimal)
        else { return false }
        return inner[(dot + 1)...].allSatisfy {
            ASCII.isAlphanumeric($0) || ASCII.isOne($0, of: "-._~!$&'()*+,;=:")
        }
    }
}
