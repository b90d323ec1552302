// SPDX-License-Identifier: Apache-2.0
// The words of an expression: names, literals and signs, with their places.

internal import DragomanDocument

struct CELToken {
    enum Kind: Equatable {
        case name(String)
        /// Between back quotes: stands only where a field is named.
        case quotedName(String)
        case string(String)
        case bytes([UInt8])
        /// Digits, with `0x` before hexadecimal ones.
        case int(String)
        case uint(String)
        case double(String)
        case sign(String)
        case end
    }

    let kind: Kind
    /// UTF-8 bytes.
    let start: Int
    let end: Int
}

/// Takes an expression's text apart.
struct CELLexer {
    let bytes: [UInt8]
    var index = 0

    init(_ text: String) { bytes = Array(text.utf8) }

    static func tokens(_ text: String) throws(CELSyntaxError) -> [CELToken] {
        var lexer = CELLexer(text)
        var tokens: [CELToken] = []
        while true {
            let token = try lexer.next()
            tokens.append(token)
            if token.kind == .end { return tokens }
        }
    }

    func byte(_ ahead: Int = 0) -> UInt8 {
        index + ahead < bytes.count ? bytes[index + ahead] : 0
    }

    private mutating func skipBlanks() {
        while index < bytes.count {
            switch byte() {
            case 0x20, 0x09, 0x0A, 0x0C, 0x0D: index += 1
            case 0x2F where byte(1) == 0x2F:
                while index < bytes.count, byte() != 0x0A { index += 1 }
            default: return
            }
        }
    }

    private mutating func next() throws(CELSyntaxError) -> CELToken {
        skipBlanks()
        let start = index
        guard index < bytes.count else { return CELToken(kind: .end, start: start, end: start) }
        let kind: CELToken.Kind
        if let literal = try quoted() {
            kind = literal
        } else if Self.isNameStart(byte()) {
            while index < bytes.count, Self.isNameByte(byte()) { index += 1 }
            kind = .name(text(start))
        } else if Self.isDigit(byte()) || byte() == 0x2E && Self.isDigit(byte(1)) {
            kind = try number()
        } else if byte() == 0x60 {
            kind = try quotedName()
        } else {
            kind = try sign()
        }
        return CELToken(kind: kind, start: start, end: index)
    }

    private func text(_ start: Int) -> String {
        String(decoding: bytes[start..<index], as: UTF8.self)
    }

    static func isNameStart(_ byte: UInt8) -> Bool {
        byte == 0x5F || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x7A
    }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
    static func isNameByte(_ byte: UInt8) -> Bool { isNameStart(byte) || isDigit(byte) }
    static func isHexDigit(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66
    }

    private mutating func quotedName() throws(CELSyntaxError) -> CELToken.Kind {
        let start = index
        index += 1
        while index < bytes.count, byte() != 0x60 {
            let isAllowed =
                Self.isNameByte(byte()) || [0x2E, 0x2D, 0x2F, 0x20].contains(byte())
            guard isAllowed else {
                throw CELSyntaxError(
                    message: "this can not stand in a name between back quotes", start: index,
                    end: index + 1, expected: "letters, digits, `_`, `.`, `-`, `/` and blanks")
            }
            index += 1
        }
        guard index < bytes.count, index > start + 1 else {
            throw CELSyntaxError(
                message: "this name has no closing back quote", start: start, end: start + 1)
        }
        index += 1
        return .quotedName(String(decoding: bytes[(start + 1)..<(index - 1)], as: UTF8.self))
    }

    private mutating func number() throws(CELSyntaxError) -> CELToken.Kind {
        let start = index
        if byte() == 0x30, byte(1) | 0x20 == 0x78 {
            index += 2
            let digits = index
            while Self.isHexDigit(byte()) { index += 1 }
            if index == digits { throw malformedNumber(start) }
            return try suffixed(text(start), start)
        }
        while Self.isDigit(byte()) { index += 1 }
        var isDouble = false
        if byte() == 0x2E, Self.isDigit(byte(1)) {
            isDouble = true
            index += 1
            while Self.isDigit(byte()) { index += 1 }
        }
        if byte() | 0x20 == 0x65 {
            let ahead = byte(1) == 0x2B || byte(1) == 0x2D ? 2 : 1
            if Self.isDigit(byte(ahead)) {
                isDouble = true
                index += ahead
                while Self.isDigit(byte()) { index += 1 }
            }
        }
        if isDouble {
            if Self.isNameByte(byte()) { throw malformedNumber(start) }
            return .double(text(start))
        }
        return try suffixed(text(start), start)
    }

    private mutating func suffixed(
        _ digits: String, _ start: Int
    ) throws(CELSyntaxError) -> CELToken.Kind {
        let isUnsigned = byte() | 0x20 == 0x75
        if isUnsigned { index += 1 }
        if Self.isNameByte(byte()) { throw malformedNumber(start) }
        return isUnsigned ? .uint(digits) : .int(digits)
    }

    private mutating func malformedNumber(_ start: Int) -> CELSyntaxError {
        while Self.isNameByte(byte()) { index += 1 }
        return CELSyntaxError(
            message: "this is no number", start: start, end: index,
            expected: "for example 12, 12u, 0x1F, 1.5 or 6e23")
    }

    private static let pairs = ["==", "!=", "&&", "||", "<=", ">="]
    private static let singles = "()[]{}.,?:+-*/%<>!"

    private mutating func sign() throws(CELSyntaxError) -> CELToken.Kind {
        if index + 1 < bytes.count {
            let pair = String(decoding: bytes[index...(index + 1)], as: UTF8.self)
            if Self.pairs.contains(pair) {
                index += 2
                return .sign(pair)
            }
        }
        let single = Character(Unicode.Scalar(byte()))
        if Self.singles.contains(single) {
            index += 1
            return .sign(String(single))
        }
        var suggestion: String?
        var message = "this can not stand in an expression"
        switch byte() {
        case 0x3D: (message, suggestion) = ("`=` is no operator", "==")
        case 0x26: (message, suggestion) = ("`&` is no operator", "&&")
        case 0x7C: (message, suggestion) = ("`|` is no operator", "||")
        default: break
        }
        throw CELSyntaxError(
            message: message, start: index, end: index + 1, suggestion: suggestion)
    }
}
