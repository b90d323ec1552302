// SPDX-License-Identifier: Apache-2.0
// Finding members by name, comparing texts, and taking scalars out of a Node.

#if canImport(Glibc)
    internal import Glibc
#endif

@usableFromInline
package enum Bytes {
    @inlinable
    @inline(__always)
    package static func equal(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        guard left.count == right.count else { return false }
        guard let a = left.baseAddress, let b = right.baseAddress else { return true }
        return equal(a, b, left.count)
    }

    /// As `equal`, for texts of Documents and of plans, behind which bytes may be read.
    @inlinable
    @inline(__always)
    package static func equalPadded(
        _ left: UnsafeRawBufferPointer, _ right: UnsafeRawBufferPointer
    ) -> Bool {
        guard left.count == right.count else { return false }
        guard let a = left.baseAddress, let b = right.baseAddress else { return true }
        var rest = left.count
        var index = 0
        while rest > 8 {
            if a.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                != b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            {
                return false
            }
            index &+= 8
            rest &-= 8
        }
        if rest == 0 { return true }
        let difference =
            a.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            ^ b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
        // The bytes that count stand lowest.
        return UInt64(littleEndian: difference) &<< UInt64(64 &- 8 &* rest) == 0
    }

    @inlinable
    @inline(__always)
    package static func equal(
        _ a: UnsafeRawPointer, _ b: UnsafeRawPointer, _ count: Int
    ) -> Bool {
        var index = 0
        while index &+ 8 <= count {
            if a.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                != b.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            {
                return false
            }
            index &+= 8
        }
        while index < count {
            if a.load(fromByteOffset: index, as: UInt8.self)
                != b.load(fromByteOffset: index, as: UInt8.self)
            {
                return false
            }
            index &+= 1
        }
        return true
    }
}

extension Node {
    @inlinable
    @inline(__always)
    package func textEquals(_ other: UnsafeRawBufferPointer) -> Bool {
        Bytes.equal(bytes, other)
    }

    @inlinable
    @inline(__always)
    package func textEquals(_ other: ConstantText) -> Bool { Bytes.equal(bytes, other.bytes) }
    @inlinable
    package func textEquals(_ other: StaticString) -> Bool {
        Bytes.equal(
            bytes,
            UnsafeRawBufferPointer(
                start: other.utf8Start, count: other.utf8CodeUnitCount))
    }

    /// The value of the member of that name; nil where there is none or this is no object.
    @inlinable
    package func member(_ name: UnsafeRawBufferPointer) -> Node? {
        var members = members
        while let member = members.next() {
            if member.name.textEquals(name) { return member.value }
        }
        return nil
    }
    @inlinable
    package func member(_ name: ConstantText) -> Node? { member(name.bytes) }
    @inlinable
    package func member(_ name: StaticString) -> Node? {
        member(
            UnsafeRawBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    }

    package func member(named name: String) -> Node? {
        var name = name
        return name.withUTF8 { member(UnsafeRawBufferPointer($0)) }
    }

    /// The item at `position`, from 0; walks the items before it.
    package func item(_ position: Int) -> Node? {
        guard kind == .array, position >= 0, position < count else { return nil }
        var items = items
        for _ in 0..<position { _ = items.next() }
        return items.next()
    }

    /// The number's value where it is an integer (in any spelling: 1, 1.0, 1e0) that fits.
    package var int64: Int64? {
        switch kind {
        case .integer: Integers.parse(bytes)
        case .decimal: ExactNumber(bytes).int64
        default: nil
        }
    }

    /// As `int64`, for the unsigned range.
    package var uint64: UInt64? {
        switch kind {
        case .integer: Integers.parseUnsigned(bytes)
        case .decimal: ExactNumber(bytes).uint64
        default: nil
        }
    }

    /// The double nearest to the number; infinity where it is too large. Nil for no number.
    package var double: Double? { isNumber ? Doubles.parse(bytes) : nil }
}

/// Integers by their digits, without leaving the integers.
package enum Integers {
    /// `-?[0-9]+`; nil where it does not fit or is not of that form.
    package static func parse(_ bytes: UnsafeRawBufferPointer) -> Int64? {
        guard let first = bytes.first else { return nil }
        if first != 0x2D {
            guard let value = parseUnsigned(bytes) else { return nil }
            return Int64(exactly: value)
        }
        let digits = UnsafeRawBufferPointer(rebasing: bytes.dropFirst())
        guard digits.first != 0x2D, let value = parseUnsigned(digits) else { return nil }
        if value == UInt64(Int64.max) + 1 { return Int64.min }
        return Int64(exactly: value).map { -$0 }
    }

    /// `[0-9]+`, and `-0`; nil where it does not fit or is not of that form.
    package static func parseUnsigned(_ bytes: UnsafeRawBufferPointer) -> UInt64? {
        guard !bytes.isEmpty else { return nil }
        var value: UInt64 = 0
        var start = 0
        if bytes[0] == 0x2D { start = 1 }
        guard start < bytes.count else { return nil }
        for index in start..<bytes.count {
            let digit = bytes[index] &- 0x30
            guard digit <= 9 else { return nil }
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(UInt64(digit))
            if overflow || carry { return nil }
            value = sum
        }
        return start == 1 && value != 0 ? nil : value
    }
}

/// Doubles by their text.
package enum Doubles {
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
        1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ]

    /// The nearest double of a text in JSON's grammar, ties to even.
    package static func parse(_ bytes: UnsafeRawBufferPointer) -> Double {
        // Up to 15 digits and a power of ten up to 22 are exact, and so is one operation on them.
        let number = ExactNumber(bytes)
        if let small = number.smallCoefficient, number.exponent >= -22, number.exponent <= 22 {
            let magnitude =
                number.exponent < 0
                ? Double(small) / powers[-number.exponent]
                : Double(small) * powers[number.exponent]
            return number.isNegative ? -magnitude : magnitude
        }
        return slow(bytes)
    }

    private static func slow(_ bytes: UnsafeRawBufferPointer) -> Double {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: bytes.count + 1) { copy in
            for index in 0..<bytes.count { copy[index] = CChar(bitPattern: bytes[index]) }
            copy[bytes.count] = 0
            guard let base = copy.baseAddress else { return 0 }
            return strtod(base, nil)
        }
    }
}
