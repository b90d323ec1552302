// SPDX-License-Identifier: Apache-2.0
// Formats with small grammars of their own: UUIDs, JSON Pointers, URI templates.
internal import DragomanDocument

enum TextFormat {
    /// RFC 4122's text form, of any version and variant.
    static func isUUID(_ text: UnsafeRawBufferPointer) -> Bool {
        guard text.count == 36 else { return false }
        for index in 0..<36 {
            switch index {
            case 8, 13, 18, 23: if text[index] != 0x2D { return false }
            default: if !ASCII.isHexadecimal(text[index]) { return false }
            }
        }
        return true
    }

    /// RFC 6901.
    static func isPointer(_ text: UnsafeRawBufferPointer) -> Bool {
        guard let first = text.first else { return true }
        guard first == 0x2F else { return false }
        for index in 0..<text.count where text[index] == 0x7E {
            guard index + 1 < text.count, text[index + 1] == 0x30 || text[index + 1] == 0x31 else {
                return false
            }
        }
        return true
    }

    /// A number without leading zeros, then `#` or a pointer.
    static func isRelativePointer(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < text.count, ASCII.isDigit(text[index]) { index += 1 }
        guard index > 0, index == 1 || text[0] != 0x30 else { return false }
        if index + 1 == text.count, text[index] == 0x23 { return true }
        return isPointer(text.slice(index, text.count))
    }

    /// RFC 6570.
    static func isURITemplate(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == 0x7B {
                guard let close = text[index...].firstIndex(of: 0x7D),
                    isExpression(text.slice(index + 1, close))
                else { return false }
                index = close + 1
            } else if byte == 0x25 {
                guard index + 2 < text.count, ASCII.isHexadecimal(text[index + 1]),
                    ASCII.isHexadecimal(text[index + 2])
                else { return false }
                index += 3
            } else {
                guard byte > 0x20, byte != 0x7F, !ASCII.isOne(byte, of: "\"'<>\\^`|}") else {
                    return false
                }
                index += 1
            }
        }
        return true
    }

    /// An operator, then variables between commas.
    private static func isExpression(_ text: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        if let first = text.first, ASCII.isOne(first, of: "+#./;?&=,!@|") { index = 1 }
        while true {
            let start = index
            var isAfterDot = true
            while index < text.count, text[index] != 0x2C, text[index] != 0x3A,
                text[index] != 0x2A
            {
                if text[index] == 0x25 {
                    guard index + 2 < text.count, ASCII.isHexadecimal(text[index + 1]),
                        ASCII.isHexadecimal(text[index + 2])
                    else { return false }
                    index += 3
                    isAfterDot = false
                    continue
                }
                let isDot = text[index] == 0x2E
                guard ASCII.isAlphanumeric(text[index]) || text[index] == 0x5F || isDot,
                    !(isDot && isAfterDot)
                else { return false }
                isAfterDot = isDot
                index += 1
            }
            guard index > start, !isAfterDot else { return false }
            guard takeModifier(text, &index) else { return false }
            if index == text.count { return true }
            guard text[index] == 0x2C else { return false }
            index += 1
        }
    }

    /// `*`, or `:` with a length below 10,000.
    private static func takeModifier(
        _ text: UnsafeRawBufferPointer, _ index: inout Int
    ) -> Bool {
        guard index < text.count else { return true }
        if text[index] == 0x2A {
            index += 1
        } else if text[index] == 0x3A {
            index += 1
            let start = index
            while index < text.count, ASCII.isDigit(text[index]), index - start < 4 { index += 1 }
            return index > start && text[start] != 0x30
        }
        return true
    }
}
