// SPDX-License-Identifier: Apache-2.0
// Literals of strings and bytes: quotes of one and of three, raw ones, and escapes.

internal import DragomanDocument

extension CELLexer {
    /// A string or bytes literal, if one begins here.
    mutating func quoted() throws(CELSyntaxError) -> CELToken.Kind? {
        var ahead = 0
        var isRaw = false
        var isBytes = false
        while ahead < 2 {
            let letter = byte(ahead) | 0x20
            if letter == 0x72, !isRaw {
                isRaw = true
            } else if letter == 0x62, !isBytes {
                isBytes = true
            } else {
                break
            }
            ahead += 1
        }
        let quote = byte(ahead)
        guard quote == 0x22 || quote == 0x27 else { return nil }
        let start = index
        index += ahead
        let isTriple = byte(1) == quote && byte(2) == quote
        index += isTriple ? 3 : 1
        let content = try content(
            Literal(quote: quote, isTriple: isTriple, isRaw: isRaw, isBytes: isBytes), start)
        if isBytes { return .bytes(content) }
        return .string(String(decoding: content, as: UTF8.self))
    }

    private struct Literal {
        let quote: UInt8
        let isTriple: Bool
        let isRaw: Bool
        let isBytes: Bool
    }

    private mutating func content(
        _ literal: Literal, _ start: Int
    ) throws(CELSyntaxError) -> [UInt8] {
        var content: [UInt8] = []
        while index < bytes.count {
            let byte = byte()
            if byte == literal.quote {
                if !literal.isTriple {
                    index += 1
                    return content
                }
                if self.byte(1) == byte, self.byte(2) == byte {
                    index += 3
                    return content
                }
            }
            if !literal.isTriple, byte == 0x0A || byte == 0x0D { break }
            if byte == 0x5C, !literal.isRaw {
                try escape(literal, &content)
            } else {
                content.append(byte)
                index += 1
            }
        }
        throw CELSyntaxError(
            message: "this string has no end", start: start, end: start + 1,
            expected: literal.isTriple ? "three closing quotes" : "a closing quote in this line")
    }

    private mutating func escape(
        _ literal: Literal, _ content: inout [UInt8]
    ) throws(CELSyntaxError) {
        let start = index
        let letter = byte(1)
        index += 2
        switch letter {
        case 0x61: content.append(0x07)
        case 0x62: content.append(0x08)
        case 0x66: content.append(0x0C)
        case 0x6E: content.append(0x0A)
        case 0x72: content.append(0x0D)
        case 0x74: content.append(0x09)
        case 0x76: content.append(0x0B)
        case 0x5C, 0x22, 0x27, 0x60, 0x3F: content.append(letter)
        case 0x78, 0x58: try number(literal, &content, digits: 2, radix: 16, start)
        case 0x75 where !literal.isBytes:
            try number(literal, &content, digits: 4, radix: 16, start)
        case 0x55 where !literal.isBytes:
            try number(literal, &content, digits: 8, radix: 16, start)
        case 0x30...0x33:
            index -= 1
            try number(literal, &content, digits: 3, radix: 8, start)
        default: throw unknownEscape(start)
        }
    }

    private func unknownEscape(_ start: Int) -> CELSyntaxError {
        CELSyntaxError(
            message: "this escape does not exist", start: start,
            end: min(start + 2, bytes.count),
            expected: #"\n, \t, \\, \", \xHH, \uHHHH …; in a raw string, r"…", \ is itself"#)
    }

    private mutating func number(
        _ literal: Literal, _ content: inout [UInt8], digits: Int, radix: Int, _ start: Int
    ) throws(CELSyntaxError) {
        let end = index + digits
        guard end <= bytes.count, bytes[index..<end].allSatisfy(CELLexer.isHexDigit),
            let value = UInt32(String(decoding: bytes[index..<end], as: UTF8.self), radix: radix)
        else { throw unknownEscape(start) }
        index = end
        if literal.isBytes {
            guard let byte = UInt8(exactly: value) else { throw unknownEscape(start) }
            return content.append(byte)
        }
        guard let scalar = Unicode.Scalar(value) else { throw unknownEscape(start) }
        content += Array(String(Character(scalar)).utf8)
    }
}
