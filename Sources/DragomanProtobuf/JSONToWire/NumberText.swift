// SPDX-License-Identifier: Apache-2.0
// The grammar of JSON's numbers (RFC 8259, 6), for numbers that come as strings.

enum NumberText {
    /// The whole text is one JSON number: no plus sign, no leading zero, no space.
    static func isNumber(_ bytes: UnsafeRawBufferPointer) -> Bool {
        var index = 0
        func digits() -> Int {
            let start = index
            while index < bytes.count, bytes[index] &- 0x30 <= 9 { index += 1 }
            return index - start
        }
        if bytes.first == 0x2D { index = 1 }
        let first = index
        let whole = digits()
        guard whole == 1 || whole > 1 && bytes[first] != 0x30 else { return false }
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            guard digits() > 0 else { return false }
        }
        if index < bytes.count, bytes[index] | 0x20 == 0x65 {
            index += 1
            if index < bytes.count, bytes[index] == 0x2B || bytes[index] == 0x2D { index += 1 }
            guard digits() > 0 else { return false }
        }
        return index == bytes.count
    }

    /// Neither fraction nor exponent nor minus zero: one spelling for each integer, so that
    /// two keys of a map are never the same.
    static func isCanonicalInteger(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let isNegative = bytes.first == 0x2D
        let digits = UnsafeRawBufferPointer(rebasing: bytes.dropFirst(isNegative ? 1 : 0))
        guard let first = digits.first, digits.allSatisfy({ $0 &- 0x30 <= 9 }) else { return false }
        return first != 0x30 || digits.count == 1 && !isNegative
    }
}
