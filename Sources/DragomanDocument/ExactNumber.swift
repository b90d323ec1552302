// SPDX-License-Identifier: Apache-2.0
// A number by its digits: compared, and turned into integers, without ever becoming a double, and
// at a cost that depends on the length of its text and not on its size (1e1000000 is cheap).

/// A view of a number's text in JSON's grammar: ± digits × 10^exponent, the digits without zeros
/// at either end. `+5`, `.5` and leading zeros are read too. Valid as long as the text.
package struct ExactNumber {
    /// From the first digit that is not zero to the last; may have the point inside.
    private let digits: UnsafeRawBufferPointer
    /// Digits in `digits`, the point not counted; 0 for zero.
    package let digitCount: Int
    /// Power of ten of the last digit. Clamped to ±2^60.
    package let exponent: Int
    package let isNegative: Bool

    package var isZero: Bool { digitCount == 0 }
    /// No digit stands behind the point once the exponent is applied.
    package var isInteger: Bool { digitCount == 0 || exponent >= 0 }
    /// Power of ten of the first digit.
    package var magnitude: Int { exponent + digitCount - 1 }

    package init(_ text: UnsafeRawBufferPointer) {
        var index = 0
        let negative = text.first == 0x2D
        if negative || text.first == 0x2B { index = 1 }
        var first = -1
        var last = -1
        var point = -1
        while index < text.count {
            let byte = text[index]
            if byte == 0x2E {
                point = index
            } else if byte >= 0x30 && byte <= 0x39 {
                if byte != 0x30 {
                    if first < 0 { first = index }
                    last = index
                }
            } else {
                break
            }
            index += 1
        }
        let end = index
        let power = index < text.count ? ExactNumber.power(text, from: index + 1) : 0
        guard first >= 0 else {
            digits = UnsafeRawBufferPointer(start: nil, count: 0)
            digitCount = 0
            exponent = 0
            isNegative = false
            return
        }
        isNegative = negative
        digits = UnsafeRawBufferPointer(rebasing: text[first...last])
        let holdsPoint = point > first && point < last
        digitCount = last - first + (holdsPoint ? 0 : 1)
        // How far the last digit stands from the point: to its left positive, right negative.
        let onesPlace = point < 0 ? end - 1 : point - 1
        let shift = last <= onesPlace ? onesPlace - last : onesPlace - last + 1
        exponent = max(-(1 << 60), min(1 << 60, power + shift))
    }

    private static func power(_ text: UnsafeRawBufferPointer, from start: Int) -> Int {
        var index = start
        var negative = false
        if index < text.count, text[index] == 0x2D || text[index] == 0x2B {
            negative = text[index] == 0x2D
            index += 1
        }
        var value = 0
        while index < text.count {
            value = min(value * 10 + Int(text[index] &- 0x30), 1 << 60)
            if value >= 1 << 59 { break }
            index += 1
        }
        return negative ? -value : value
    }

    /// The digits as an integer, where there are at most 15 of them.
    package var smallCoefficient: UInt64? { digitCount <= 15 ? coefficient : nil }

    private var coefficient: UInt64? {
        guard digitCount <= 20 else { return nil }
        var value: UInt64 = 0
        for byte in digits where byte != 0x2E {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(byte &- 0x30))
            if overflow || carry { return nil }
            value = sum
        }
        return value
    }

    private var magnitudeValue: UInt64? {
        guard isInteger, exponent <= 20, var value = coefficient else { return nil }
        for _ in 0..<exponent {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { return nil }
            value = product
        }
        return value
    }

    /// The value, where it is an integer that fits.
    package var int64: Int64? {
        guard let value = magnitudeValue else { return nil }
        if !isNegative { return Int64(exactly: value) }
        if value == UInt64(Int64.max) + 1 { return Int64.min }
        return Int64(exactly: value).map { -$0 }
    }

    /// The value, where it is an integer that fits.
    package var uint64: UInt64? {
        guard let value = magnitudeValue, !isNegative || value == 0 else { return nil }
        return value
    }

    /// Calls `body` with each digit's value, the most significant first.
    package func forEachDigit(_ body: (UInt8) -> Void) {
        for byte in digits where byte != 0x2E { body(byte &- 0x30) }
    }

    /// Below zero, zero or above, as `left` is less than, equal to or greater than `right`.
    package static func compare(_ left: ExactNumber, _ right: ExactNumber) -> Int {
        if left.isZero || right.isZero {
            let a = left.isZero ? 0 : left.isNegative ? -1 : 1
            let b = right.isZero ? 0 : right.isNegative ? -1 : 1
            return a - b
        }
        if left.isNegative != right.isNegative { return left.isNegative ? -1 : 1 }
        let order = compareMagnitudes(left, right)
        return left.isNegative ? -order : order
    }

    private static func compareMagnitudes(_ left: ExactNumber, _ right: ExactNumber) -> Int {
        if left.magnitude != right.magnitude { return left.magnitude < right.magnitude ? -1 : 1 }
        var a = 0
        var b = 0
        while true {
            if a < left.digits.count, left.digits[a] == 0x2E { a += 1 }
            if b < right.digits.count, right.digits[b] == 0x2E { b += 1 }
            if a >= left.digits.count { return b >= right.digits.count ? 0 : -1 }
            if b >= right.digits.count { return 1 }
            if left.digits[a] != right.digits[b] {
                return left.digits[a] < right.digits[b] ? -1 : 1
            }
            a += 1
            b += 1
        }
    }

    /// A hash that is equal for numbers that are equal, however they are written.
    package var hash: UInt64 {
        var hash: UInt64 = isNegative ? 0x9E37_79B9_7F4A_7C15 : 0xCBF2_9CE4_8422_2325
        for byte in digits where byte != 0x2E {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return (hash ^ UInt64(bitPattern: Int64(isZero ? 0 : exponent))) &* 0x0000_0100_0000_01B3
    }
}
