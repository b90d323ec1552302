// SPDX-License-Identifier: Apache-2.0
// The tokens of an expression, as CEL's lexis has them (string escapes, comments), each with its
// place.

/// The tokens of one expression, and the one that is looked at.
struct ExpressionTokens {
    enum Token: Equatable {
        case name(String)
        case string(String)
        case number(String, isInteger: Bool)
        case sign(String)
        case end
    }

    struct Placed: Equatable {
        let token: Token
        /// In UTF-8 bytes from the expression's beginning.
        let offset: Int
        /// In Unicode scalars.
        let width: Int

        func isSign(_ sign: String) -> Bool { token == .sign(sign) }

        var text: String {
            switch token {
            case .name(let name): name
            case .string(let text): "\"\(text)\""
            case .number(let text, _): text
            case .sign(let sign): sign
            case .end: "the end"
            }
        }
    }

    private let tokens: [Placed]
    private var index = 0

    var current: Placed { tokens[min(index, tokens.count - 1)] }

    mutating func advance() { index += 1 }

    mutating func take(_ sign: String) -> Bool {
        guard current.isSign(sign) else { return false }
        index += 1
        return true
    }

    init(_ source: String) throws(ExpressionSyntaxError) {
        var lexer = ExpressionLexer(bytes: Array(source.utf8))
        tokens = try lexer.all()
    }
}

private struct ExpressionLexer {
    let bytes: [UInt8]
    var index = 0

    private var byte: UInt8 { index < bytes.count ? bytes[index] : 0 }

    mutating func all() throws(ExpressionSyntaxError) -> [ExpressionTokens.Placed] {
        var tokens: [ExpressionTokens.Placed] = []
        while true {
            skipBlanks()
            let start = index
            let token = try next()
            let text = String(decoding: bytes[start..<index], as: UTF8.self)
            tokens.append(
                .init(token: token, offset: start, width: max(1, text.unicodeScalars.count)))
            if token == .end { return tokens }
        }
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            if byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0C || byte == 0x0D {
                index += 1
            } else if byte == 0x2F, index + 1 < bytes.count, bytes[index + 1] == 0x2F {
                while index < bytes.count, byte != 0x0A { index += 1 }
            } else {
                return
            }
        }
    }

    private mutating func next() throws(ExpressionSyntaxError) -> ExpressionTokens.Token {
        guard index < bytes.count else { return .end }
        switch byte {
        case 0x22, 0x27: return .string(try string(isRaw: false))
        case 0x30...0x39: return try number()
        case 0x41...0x5A, 0x61...0x7A, 0x5F: return try name()
        default: return try sign()
        }
    }

    private mutating func name() throws(ExpressionSyntaxError) -> ExpressionTokens.Token {
        let start = index
        while isNameByte(byte), index < bytes.count { index += 1 }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        if byte == 0x22 || byte == 0x27 {
            switch text {
            case "r", "R": return .string(try string(isRaw: true))
            case "b", "B", "br", "bR", "Br", "BR", "rb", "rB", "Rb", "RB":
                throw ExpressionSyntaxError(
                    isUnsupported: true, message: "bytes are not supported here", offset: start)
            default: break
            }
        }
        return .name(text)
    }

    private func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        default: false
        }
    }

    private mutating func number() throws(ExpressionSyntaxError) -> ExpressionTokens.Token {
        let start = index
        var isInteger = true
        while isDigit(byte) { index += 1 }
        if byte == 0x2E, index + 1 < bytes.count, isDigit(bytes[index + 1]) {
            isInteger = false
            index += 1
            while isDigit(byte) { index += 1 }
        }
        if byte | 0x20 == 0x65 {
            var ahead = index + 1
            if ahead < bytes.count, bytes[ahead] == 0x2B || bytes[ahead] == 0x2D { ahead += 1 }
            if ahead < bytes.count, isDigit(bytes[ahead]) {
                isInteger = false
                index = ahead
                while isDigit(byte) { index += 1 }
            }
        }
        if isNameByte(byte), index < bytes.count {
            throw ExpressionSyntaxError(
                isUnsupported: true, message: "this number is not supported here", offset: start)
        }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        let digits = text.drop { $0 == "0" }
        let isBare = digits.first.map { !$0.isNumber } ?? true
        return .number((isBare ? "0" : "") + digits, isInteger: isInteger)
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }

    private mutating func sign() throws(ExpressionSyntaxError) -> ExpressionTokens.Token {
        if index + 1 < bytes.count {
            let pair = String(decoding: bytes[index...(index + 1)], as: UTF8.self)
            if ["==", "!=", "&&", "||", "<=", ">="].contains(pair) {
                index += 2
                return .sign(pair)
            }
        }
        guard byte < 0x80, byte > 0x20 else {
            throw ExpressionSyntaxError(
                isUnsupported: false, message: "this can not stand in an expression",
                offset: index)
        }
        let sign = String(Unicode.Scalar(byte))
        if sign == "=" {
            throw ExpressionSyntaxError(
                isUnsupported: false, message: "`=` is no operator; equality is `==`",
                offset: index)
        }
        index += 1
        return .sign(sign)
    }

    private mutating func string(isRaw: Bool) throws(ExpressionSyntaxError) -> String {
        let start = index
        let quote = byte
        let isTriple =
            index + 2 < bytes.count && bytes[index + 1] == quote && bytes[index + 2] == quote
        index += isTriple ? 3 : 1
        var text: [UInt8] = []
        while index < bytes.count {
            if byte == quote {
                if !isTriple {
                    index += 1
                    return String(decoding: text, as: UTF8.self)
                }
                if index + 2 < bytes.count, bytes[index + 1] == quote, bytes[index + 2] == quote {
                    index += 3
                    return String(decoding: text, as: UTF8.self)
                }
            }
            if byte == 0x5C, !isRaw {
                try escape(&text)
            } else {
                text.append(byte)
                index += 1
            }
        }
        throw ExpressionSyntaxError(
            isUnsupported: false, message: "this string has no end", offset: start)
    }

    private mutating func escape(_ text: inout [UInt8]) throws(ExpressionSyntaxError) {
        let start = index
        index += 1
        let letter = byte
        index += 1
        switch letter {
        case 0x61: text.append(0x07)
        case 0x62: text.append(0x08)
        case 0x66: text.append(0x0C)
        case 0x6E: text.append(0x0A)
        case 0x72: text.append(0x0D)
        case 0x74: text.append(0x09)
        case 0x76: text.append(0x0B)
        case 0x5C, 0x22, 0x27, 0x60, 0x3F: text.append(letter)
        case 0x78, 0x58: try scalar(&text, digits: 2, radix: 16, start)
        case 0x75: try scalar(&text, digits: 4, radix: 16, start)
        case 0x55: try scalar(&text, digits: 8, radix: 16, start)
        case 0x30...0x33:
            index -= 1
            try scalar(&text, digits: 3, radix: 8, start)
        default:
            throw ExpressionSyntaxError(
                isUnsupported: false, message: "this escape does not exist", offset: start)
        }
    }

    private mutating func scalar(
        _ text: inout [UInt8], digits: Int, radix: Int, _ start: Int
    ) throws(ExpressionSyntaxError) {
        let end = index + digits
        guard end <= bytes.count,
            let value = UInt32(String(decoding: bytes[index..<end], as: UTF8.self), radix: radix),
            let scalar = Unicode.Scalar(value)
        else {
            throw ExpressionSyntaxError(
                isUnsupported: false, message: "this escape does not exist", offset: start)
        }
        text += Array(String(scalar).utf8)
        index = end
    }
}
