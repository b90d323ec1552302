// SPDX-License-Identifier: Apache-2.0
// Keys of a template that are no names: `${*}`, `${if c}`, `${else}`, `${for x in list}`.

/// A directive, taken from a key.
enum Directive {
    /// An expression and where it begins in the key's text, in UTF-8 bytes.
    struct Source {
        let text: String
        let offset: Int
    }

    case spread
    case condition(Source)
    case otherwise
    case loop(variable: String, Source)
    /// `${…}` with something else in it.
    case unknown(String)

    /// Nil for an ordinary name.
    init?(_ key: YAMLNode) {
        guard let text = key.text, text.hasPrefix("${"), text.hasSuffix("}"),
            let parts = try? TemplateText(text), let (source, offset) = parts.whole
        else { return nil }
        let trimmed = Directive.trim(source)
        switch trimmed.text {
        case "*":
            self = .spread
            return
        case "else":
            self = .otherwise
            return
        default: break
        }
        if let rest = Directive.after("if", trimmed) {
            self = .condition(Source(text: rest.text, offset: offset + rest.offset))
        } else if let rest = Directive.after("for", trimmed),
            let loop = Directive.loop(rest, offset)
        {
            self = loop
        } else {
            self = .unknown(trimmed.text)
        }
    }

    var isLoop: Bool { if case .loop = self { true } else { false } }

    private static func loop(_ rest: Source, _ offset: Int) -> Directive? {
        let bytes = Array(rest.text.utf8)
        let nameEnd = bytes.firstIndex { !isNameByte($0) } ?? bytes.count
        guard nameEnd > 0, !(bytes[0] >= 0x30 && bytes[0] <= 0x39) else { return nil }
        let name = String(decoding: bytes[..<nameEnd], as: UTF8.self)
        let behind = Source(
            text: String(decoding: bytes[nameEnd...], as: UTF8.self),
            offset: rest.offset + nameEnd)
        guard let list = after("in", trim(behind.text, from: behind.offset)) else { return nil }
        return .loop(
            variable: name, Source(text: list.text, offset: offset + list.offset))
    }

    /// `for x ni list` as it was meant; nil where it is something else.
    static func mended(_ text: String) -> String? {
        let words = text.split(separator: " ", maxSplits: 3)
        guard words.count == 4, words[0] == "for", words[2].count <= 3 else { return nil }
        return "${for \(words[1]) in \(words[3])}"
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    private static func trim(_ text: String, from start: Int = 0) -> Source {
        let bytes = Array(text.utf8)
        let first = bytes.firstIndex { $0 > 0x20 } ?? bytes.count
        let last = bytes.lastIndex { $0 > 0x20 } ?? first - 1
        guard first <= last else { return Source(text: "", offset: start + first) }
        return Source(
            text: String(decoding: bytes[first...last], as: UTF8.self), offset: start + first)
    }

    /// What follows a word and at least one blank.
    private static func after(_ word: String, _ source: Source) -> Source? {
        let bytes = Array(source.text.utf8)
        guard source.text.hasPrefix(word), bytes.count > word.utf8.count,
            !isNameByte(bytes[word.utf8.count])
        else { return nil }
        return trim(
            String(decoding: bytes[word.utf8.count...], as: UTF8.self),
            from: source.offset + word.utf8.count)
    }
}
