// SPDX-License-Identifier: Apache-2.0
// Which texts the built-in simple types can read (XSD 1.0 part 2, 3.2 and 3.3), white space
// having been dealt with.

enum Lexical {
    /// Whether `text` is a literal of the type.
    static func isValid(_ text: UnsafeRawBufferPointer, _ type: BuiltInType) -> Bool {
        switch type {
        case .string, .normalizedString, .token, .anySimpleType, .anyURI: return true
        case .boolean: return boolean(text) != nil
        case .float, .double: return isFloat(text)
        case .decimal: return isDecimal(text, allowsPoint: true)
        case _ where type.isInteger: return isDecimal(text, allowsPoint: false)
        case .hexBinary: return isHex(text)
        case .base64Binary: return isBase64(text)
        case .language: return isLanguage(text)
        case .Name: return isName(text, allowsColon: true, allowsAnyStart: false)
        case .NMTOKEN: return isName(text, allowsColon: true, allowsAnyStart: true)
        case .NCName, .ID, .IDREF, .ENTITY:
            return isName(text, allowsColon: false, allowsAnyStart: false)
        case .QName, .NOTATION: return isQName(text)
        case .duration: return DurationValue(text) != nil
        default: return DateTimeValue(text, type) != nil
        }
    }

    static func boolean(_ text: UnsafeRawBufferPointer) -> Bool? {
        switch text.count {
        case 1: return text[0] == 0x31 ? true : text[0] == 0x30 ? false : nil
        case 4: return isWord(text, 0x6575_7274) ? true : nil
        case 5: return isWord(text, 0x736C_6166) && text[4] == 0x65 ? false : nil
        default: return nil
        }
    }

    /// The first four bytes, least significant first.
    @inline(__always)
    private static func isWord(_ text: UnsafeRawBufferPointer, _ word: UInt32) -> Bool {
        UInt32(littleEndian: text.loadUnaligned(as: UInt32.self)) == word
    }

    @inline(__always)
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 }

    static func isDecimal(_ text: UnsafeRawBufferPointer, allowsPoint: Bool) -> Bool {
        var index = 0
        if let first = text.first, first == 0x2B || first == 0x2D { index = 1 }
        var digits = 0
        var points = 0
        while index < text.count {
            let byte = text[index]
            if isDigit(byte) {
                digits &+= 1
            } else if byte == 0x2E, allowsPoint, points == 0 {
                points = 1
            } else {
                return false
            }
            index &+= 1
        }
        return digits > 0
    }

    /// Which of the values without a number the text is.
    enum Special { case infinity, minusInfinity, notANumber }

    static func special(_ text: UnsafeRawBufferPointer) -> Special? {
        guard text.count == 3 || text.count == 4, !isDigit(text[text.count - 1]) else { return nil }
        if text.elementsEqual("INF".utf8) { return .infinity }
        if text.elementsEqual("-INF".utf8) { return .minusInfinity }
        if text.elementsEqual("NaN".utf8) { return .notANumber }
        return nil
    }

    static func isFloat(_ text: UnsafeRawBufferPointer) -> Bool {
        if let exponent = text.firstIndex(where: { $0 == 0x65 || $0 == 0x45 }) {
            return isDecimal(
                UnsafeRawBufferPointer(rebasing: text[..<exponent]), allowsPoint: true)
                && isDecimal(
                    UnsafeRawBufferPointer(rebasing: text[(exponent + 1)...]), allowsPoint: false)
        }
        return isDecimal(text, allowsPoint: true) || special(text) != nil
    }

    private static func isHex(_ text: UnsafeRawBufferPointer) -> Bool {
        text.count % 2 == 0
            && text.allSatisfy { isDigit($0) || ($0 | 0x20) &- 0x61 <= 5 }
    }

    private static func isBase64(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count % 4 == 0 else { return false }
        var padding = 0
        for (index, byte) in text.enumerated() {
            if byte == 0x3D {
                padding += 1
                if index < text.count - 2 { return false }
            } else {
                let isSign = byte == 0x2B || byte == 0x2F
                guard padding == 0, isSign || isDigit(byte) || (byte | 0x20) &- 0x61 <= 25 else {
                    return false
                }
            }
        }
        // The bits that no octet has are zero (XSD 1.0 part 2, 3.2.16).
        guard padding > 0 else { return true }
        let last = text[text.count - padding - 1]
        return (padding == 2 ? "AQgw" : "AEIMQUYcgkosw048").utf8.contains(last)
    }

    /// Octets that a binary literal stands for.
    static func octets(_ text: UnsafeRawBufferPointer, _ type: BuiltInType) -> Int {
        guard type == .base64Binary else { return text.count / 2 }
        let padding = text.suffix(2).filter { $0 == 0x3D }.count
        return text.count / 4 * 3 - padding
    }

    private static func isLanguage(_ text: UnsafeRawBufferPointer) -> Bool {
        var length = 0
        var isFirst = true
        for byte in text {
            if byte == 0x2D {
                guard length > 0 else { return false }
                isFirst = false
                length = 0
                continue
            }
            let isLetter = (byte | 0x20) &- 0x61 <= 25
            guard isLetter || (!isFirst && isDigit(byte)) else { return false }
            length += 1
            if length > 8 { return false }
        }
        return length > 0
    }

    static func isName(
        _ text: UnsafeRawBufferPointer, allowsColon: Bool, allowsAnyStart: Bool
    ) -> Bool {
        guard !text.isEmpty else { return false }
        var isFirst = true
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            let isColon = scalar == ":" && allowsColon
            let value = scalar.value
            guard
                isColon || XMLCharacters.isNameStart(value)
                    || ((!isFirst || allowsAnyStart) && XMLCharacters.isName(value))
            else { return false }
            isFirst = false
        }
        return true
    }

    static func isQName(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let colon = text.firstIndex(of: 0x3A) else {
            return isName(text, allowsColon: false, allowsAnyStart: false)
        }
        return isName(
            UnsafeRawBufferPointer(rebasing: text[..<colon]), allowsColon: false,
            allowsAnyStart: false)
            && isName(
                UnsafeRawBufferPointer(rebasing: text[(colon + 1)...]), allowsColon: false,
                allowsAnyStart: false)
    }
}
