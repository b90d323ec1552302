// SPDX-License-Identifier: Apache-2.0
// `multipleOf` by the digits: exact for every decimal, at a cost that depends on how many digits
// are written and not on how large the number is.
//
//     m × 10^e is a multiple of d × 10^f   (d without zeros at its end, and e ≥ f)
//     ⇔ d divides m × 10^k, k = e - f
//     ⇔ d without its factors 2 and 5, at most k of each, divides m
internal import DragomanDocument

/// A divisor greater than zero. Immutable.
final class Divisor: Sendable {
    /// Power of ten of the divisor's last digit.
    private let exponent: Int
    /// The digits as an integer, where they fit; else 0.
    private let small: UInt64
    /// The digits as an integer, 32 bits each, the lowest first, where they do not fit in `small`.
    private let large: [UInt32]

    /// nil where the number is not above zero.
    init?(_ text: UnsafeRawBufferPointer) {
        let number = ExactNumber(text)
        guard !number.isZero, !number.isNegative else { return nil }
        exponent = number.exponent
        var limbs: [UInt32] = []
        number.forEachDigit { Divisor.append(digit: $0, to: &limbs) }
        large = limbs.count > 2 ? limbs : []
        small =
            limbs.count > 2
            ? 0 : UInt64(limbs[0]) | (limbs.count > 1 ? UInt64(limbs[1]) << 32 : 0)
    }

    private static func append(digit: UInt8, to limbs: inout [UInt32]) {
        var carry = UInt64(digit)
        for index in limbs.indices {
            let value = UInt64(limbs[index]) * 10 + carry
            limbs[index] = UInt32(truncatingIfNeeded: value)
            carry = value >> 32
        }
        if carry > 0 || limbs.isEmpty { limbs.append(UInt32(carry)) }
    }

    func divides(_ text: UnsafeRawBufferPointer) -> Bool {
        let number = ExactNumber(text)
        if number.isZero { return true }
        let shift = number.exponent - exponent
        // Fewer powers of ten than the divisor has, and no zero at the end: not a multiple.
        guard shift >= 0 else { return false }
        return small > 0 ? dividesBySmall(number, shift) : dividesByLarge(number, shift)
    }

    private func dividesBySmall(_ number: ExactNumber, _ shift: Int) -> Bool {
        var divisor = small
        divisor >>= UInt64(min(divisor.trailingZeroBitCount, shift))
        var left = shift
        while left > 0, divisor % 5 == 0 {
            divisor /= 5
            left -= 1
        }
        if divisor == 1 { return true }
        var rest: UInt64 = 0
        number.forEachDigit { digit in
            let (product, overflow) = rest.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry {
                let wide = rest.multipliedFullWidth(by: 10)
                let (low, more) = wide.low.addingReportingOverflow(UInt64(digit))
                rest = divisor.dividingFullWidth((wide.high + (more ? 1 : 0), low)).remainder
            } else {
                rest = sum % divisor
            }
        }
        return rest == 0
    }

    private func dividesByLarge(_ number: ExactNumber, _ shift: Int) -> Bool {
        var divisor = large
        for prime: UInt32 in [2, 5] {
            var left = shift
            while left > 0, let quotient = Divisor.quotient(divisor, prime) {
                divisor = quotient
                left -= 1
            }
        }
        var rest = [UInt32](repeating: 0, count: divisor.count + 1)
        number.forEachDigit { Divisor.shift(&rest, $0, divisor) }
        return rest.allSatisfy { $0 == 0 }
    }

    /// `limbs / prime` where nothing is left over.
    private static func quotient(_ limbs: [UInt32], _ prime: UInt32) -> [UInt32]? {
        var result = limbs
        var rest: UInt64 = 0
        for index in limbs.indices.reversed() {
            let value = rest << 32 | UInt64(limbs[index])
            result[index] = UInt32(truncatingIfNeeded: value / UInt64(prime))
            rest = value % UInt64(prime)
        }
        return rest == 0 ? result : nil
    }

    /// `rest = (rest × 10 + digit) mod divisor`, where rest < divisor.
    private static func shift(_ rest: inout [UInt32], _ digit: UInt8, _ divisor: [UInt32]) {
        var carry = UInt64(digit)
        for index in rest.indices {
            let value = UInt64(rest[index]) * 10 + carry
            rest[index] = UInt32(truncatingIfNeeded: value)
            carry = value >> 32
        }
        while isAtLeast(rest, divisor) {
            var borrow: Int64 = 0
            for index in rest.indices {
                let subtrahend = index < divisor.count ? Int64(divisor[index]) : 0
                let value = Int64(rest[index]) - subtrahend - borrow
                rest[index] = UInt32(truncatingIfNeeded: value)
                borrow = value < 0 ? 1 : 0
            }
        }
    }

    private static func isAtLeast(_ left: [UInt32], _ right: [UInt32]) -> Bool {
        for index in left.indices.reversed() {
            let other = index < right.count ? right[index] : 0
            if left[index] != other { return left[index] > other }
        }
        return true
    }
}
