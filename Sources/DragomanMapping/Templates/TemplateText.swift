// SPDX-License-Identifier: Apache-2.0
// A scalar of a template taken apart: text, and the expressions between `${` and `}`.
//
//     order ${body.id} of $${x}   →   text "order " · expression "body.id" · text " of ${x}"

/// The parts of a scalar, in order.
struct TemplateText {
    enum Part: Equatable, Sendable {
        case text(String)
        /// The source between `${` and `}`, and where it begins in the scalar's text, in UTF-8
        /// bytes.
        case expression(String, offset: Int)
    }

    /// Where an `${` has no end.
    struct Unclosed: Error, Equatable { let offset: Int }

    let parts: [Part]

    /// The one expression, where nothing stands beside it.
    var whole: (source: String, offset: Int)? {
        guard parts.count == 1, case .expression(let source, let offset) = parts[0] else {
            return nil
        }
        return (source, offset)
    }

    var isConstant: Bool {
        parts.allSatisfy { if case .text = $0 { true } else { false } }
    }

    /// The text, where no expression is in it.
    var constant: String? {
        guard isConstant else { return nil }
        return parts.reduce(into: "") { if case .text(let text) = $1 { $0 += text } }
    }

    init(_ source: String) throws(Unclosed) {
        let bytes = Array(source.utf8)
        guard bytes.contains(0x24) else {
            parts = [.text(source)]
            return
        }
        var parts: [Part] = []
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if TemplateText.has(bytes, index, "$${") {
                text += [0x24, 0x7B]
                index += 3
            } else if TemplateText.has(bytes, index, "${") {
                let start = index + 2
                guard let end = TemplateText.end(of: bytes, from: start) else {
                    throw Unclosed(offset: index)
                }
                if !text.isEmpty { parts.append(.text(String(decoding: text, as: UTF8.self))) }
                text = []
                parts.append(
                    .expression(
                        String(decoding: bytes[start..<end], as: UTF8.self), offset: start))
                index = end + 1
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
        if !text.isEmpty || parts.isEmpty {
            parts.append(.text(String(decoding: text, as: UTF8.self)))
        }
        self.parts = parts
    }

    private static func has(_ bytes: [UInt8], _ index: Int, _ text: StaticString) -> Bool {
        guard index + text.utf8CodeUnitCount <= bytes.count else { return false }
        for position in 0..<text.utf8CodeUnitCount
        where bytes[index + position] != text.utf8Start[position] {
            return false
        }
        return true
    }

    /// Index of the `}` that ends the expression begun at `start`: braces inside it are counted,
    /// those in its string literals are not.
    private static func end(of bytes: [UInt8], from start: Int) -> Int? {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case 0x7B: depth += 1
            case 0x7D:
                if depth == 0 { return index }
                depth -= 1
            case 0x22, 0x27:
                guard let next = literalEnd(bytes, index, isRaw: isRaw(bytes, index, start)) else {
                    return nil
                }
                index = next
                continue
            default: break
            }
            index += 1
        }
        return nil
    }

    /// CEL's `r"…"`, in which a backslash is itself; also `br` and `rb`.
    private static func isRaw(_ bytes: [UInt8], _ quote: Int, _ start: Int) -> Bool {
        var index = quote - 1
        var isRaw = false
        while index >= start, quote - index <= 2 {
            switch bytes[index] | 0x20 {
            case 0x72: isRaw = true
            case 0x62: break
            default: return isRaw && !isNameByte(bytes[index])
            }
            index -= 1
        }
        return isRaw && (index < start || !isNameByte(bytes[index]))
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    /// Index after the string literal whose quote stands at `index`.
    private static func literalEnd(_ bytes: [UInt8], _ index: Int, isRaw: Bool) -> Int? {
        let quote = bytes[index]
        let isTriple =
            index + 2 < bytes.count && bytes[index + 1] == quote && bytes[index + 2] == quote
        var position = index + (isTriple ? 3 : 1)
        while position < bytes.count {
            if bytes[position] == 0x5C, !isRaw {
                position += 2
            } else if bytes[position] == quote {
                if !isTriple { return position + 1 }
                if position + 2 < bytes.count, bytes[position + 1] == quote,
                    bytes[position + 2] == quote
                {
                    return position + 3
                }
                position += 1
            } else {
                position += 1
            }
        }
        return nil
    }
}
