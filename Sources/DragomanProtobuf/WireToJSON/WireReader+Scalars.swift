// SPDX-License-Identifier: Apache-2.0
// Scalars from the wire: their bits brought to the range of their type, and their JSON.

internal import DragomanDocument

extension WireReader {
    /// One varint or fixed value, as its type understands it: integers sign-extended to 64
    /// bits, booleans 0 or 1, floats their bits. 0 is always the type's default.
    @inline(__always)
    func readBits(
        _ cursor: inout WireCursor, _ field: Field
    ) throws(WireFailure) -> UInt64 {
        switch field.pointee.kind {
        case .double, .fixed64, .sfixed64: return try cursor.fixed64()
        case .float, .fixed32: return UInt64(try cursor.fixed32())
        case .sfixed32:
            return UInt64(bitPattern: Int64(Int32(bitPattern: try cursor.fixed32())))
        case .int32, .enumeration:
            return UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: try cursor.varint())))
        case .uint32: return try cursor.varint() & 0xFFFF_FFFF
        case .bool: return try cursor.varint() == 0 ? 0 : 1
        case .sint32:
            let value = UInt32(truncatingIfNeeded: try cursor.varint())
            let signed = Int32(bitPattern: value &>> 1) ^ (0 &- Int32(bitPattern: value & 1))
            return UInt64(bitPattern: Int64(signed))
        case .sint64:
            let value = try cursor.varint()
            return value &>> 1 ^ (0 &- (value & 1))
        default: return try cursor.varint()
        }
    }

    @inline(__always)
    func append(_ bits: UInt64, _ field: Field) {
        switch field.pointee.kind {
        case .bool: document.append(bits != 0)
        case .int32, .sint32, .sfixed32:
            append(Int64(bitPattern: bits), isText: field.pointee.integers == .string)
        case .int64, .sint64, .sfixed64:
            append(Int64(bitPattern: bits), isText: isText64(field))
        case .uint32, .fixed32, .uint64, .fixed64:
            let is32 = field.pointee.kind == .uint32 || field.pointee.kind == .fixed32
            let isText = is32 ? field.pointee.integers == .string : isText64(field)
            guard isText else { return document.append(bits) }
            let start = document.beginText()
            document.continueText(atMost: 21) { Digits.write(bits, at: $0) }
            document.endString(from: start, isPlain: true)
        case .double: append(Double(bitPattern: bits))
        case .float: append(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .enumeration: appendEnum(Int32(truncatingIfNeeded: bits), field)
        case .string, .bytes, .message, .group: document.appendNull()
        }
    }

    @inline(__always)
    private func isText64(_ field: Field) -> Bool {
        switch field.pointee.integers {
        case .byOptions: options.int64 == .string
        case .string: true
        case .number: false
        }
    }

    @inline(__always)
    private func append(_ value: Int64, isText: Bool) {
        guard isText else { return document.append(value) }
        let start = document.beginText()
        document.continueText(atMost: 21) { Digits.write(value, at: $0) }
        document.endString(from: start, isPlain: true)
    }

    private func append(_ value: Double) {
        // Whole numbers, and those of a few decimals, of up to 15 digits are their digits.
        guard value.magnitude < 1e12, value != 0 else { return appendAny(value) }
        if value == value.rounded(.towardZero) { return document.append(Int64(value)) }
        for decimals in 1...3 {
            let power = decimals == 1 ? 10.0 : decimals == 2 ? 100.0 : 1000.0
            let scaled = (value * power).rounded()
            // The digits read back as the value, and with fewer of them none did.
            if scaled / power == value { return append(Int64(scaled), decimals: decimals) }
        }
        appendAny(value)
    }

    private func appendAny(_ value: Double) {
        if value.isFinite {
            if value == 0, value.sign == .minus { return appendMinusZero() }
            document.append(value)
        } else {
            appendNotFinite(isNaN: value.isNaN, value < 0)
        }
    }

    /// `scaled` with a point before its last digits.
    private func append(_ scaled: Int64, decimals: Int) {
        let start = document.beginText()
        document.continueText(atMost: 24) { place in
            var rest = scaled.magnitude
            var digits = 0
            var bound: UInt64 = 1
            while bound <= rest || digits <= decimals {
                bound *= 10
                digits += 1
            }
            let first = scaled < 0 ? 1 : 0
            place[0] = 0x2D
            var index = first + digits
            while index > first {
                if index == first + digits - decimals { place[index] = 0x2E }
                index -= 1
                let target = index >= first + digits - decimals ? index + 1 : index
                place[target] = UInt8(truncatingIfNeeded: rest % 10) + 0x30
                rest /= 10
            }
            return first + digits + 1
        }
        document.endNumber(from: start, isInteger: false)
    }

    /// With its point: many readers of JSON take `-0` for an integer, which has no such value.
    private func appendMinusZero() {
        let text: StaticString = "-0.0"
        document.append(
            number: UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount),
            isInteger: false)
    }

    private func append(_ value: Float) {
        if value.isFinite {
            if value == 0, value.sign == .minus { return appendMinusZero() }
            document.append(value)
        } else {
            appendNotFinite(isNaN: value.isNaN, value < 0)
        }
    }

    private func appendNotFinite(isNaN: Bool, _ isNegative: Bool) {
        document.append(string: isNaN ? "NaN" : isNegative ? "-Infinity" : "Infinity")
    }

    /// - Returns: the number is none of a closed enum's, and so an unknown field.
    @inline(__always)
    func isUnknownOfClosed(_ bits: UInt64, _ field: Field) -> Bool {
        // Enumeration kinds always have one (PlanTables.row).
        let table = field.pointee.enumeration.unsafelyUnwrapped
        return table.pointee.isClosed
            && table.pointee.place(number: Int32(truncatingIfNeeded: bits)) < 0
    }

    private func appendEnum(_ number: Int32, _ field: Field) {
        let table = field.pointee.enumeration.unsafelyUnwrapped
        if table.pointee.isNullValue { return document.appendNull() }
        let place = options.enums == .number ? -1 : table.pointee.place(number: number)
        guard place >= 0 else { return document.append(Int64(number)) }
        let value = table.pointee.values + place
        document.append(
            constant: options.enums == .name ? value.pointee.name : value.pointee.shortName)
    }

    /// The value that a field without presence has when it is not there.
    func appendDefault(_ field: Field) {
        switch field.pointee.kind {
        case .string, .bytes:
            document.append(string: UnsafeRawBufferPointer(start: nil, count: 0), isPlain: true)
        default: append(0, field)
        }
    }

    // MARK: Texts

    @inline(__always)
    func appendText(_ slice: WireSlice, _ field: Field) throws(WireFailure) {
        if field.pointee.kind == .string {
            let isPlain = try WireText.check(slice)
            document.append(string: slice.bytes, isPlain: isPlain)
        } else {
            appendBase64(slice)
        }
    }

    private func appendBase64(_ slice: WireSlice) {
        let count = Base64.encodedCount(slice.count)
        let start = document.beginText()
        document.continueText(atMost: count) { place in
            Base64.encode(slice.bytes, to: place)
            return count
        }
        document.endString(from: start, isPlain: true)
    }
}

/// Checks texts as they come off the wire: eight bytes at a time, none read outside the text.
enum WireText {
    private static let ones: UInt64 = 0x0101_0101_0101_0101

    /// Not zero where a byte needs an escape in JSON.
    @inline(__always)
    private static func escapes(_ word: UInt64) -> UInt64 {
        let quote = word ^ (ones &* 0x22)
        let backslash = word ^ (ones &* 0x5C)
        return
            (((quote &- ones) & ~quote) | ((backslash &- ones) & ~backslash)
            | ((word &- (ones &* 0x20)) & ~word)) & (ones &* 0x80)
    }

    /// - Returns: whether no byte needs an escape in JSON.
    /// - Throws: where the bytes are not UTF-8.
    @inline(__always)
    static func check(_ slice: WireSlice) throws(WireFailure) -> Bool {
        let base = UnsafeRawPointer(slice.start)
        let count = slice.count
        var hits: UInt64 = 0
        var all: UInt64 = 0
        if count >= 8 {
            var index = 0
            while index &+ 8 <= count {
                let word = base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                hits |= escapes(word)
                all |= word
                index &+= 8
            }
            let word = base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            hits |= escapes(word)
            all |= word
        } else if count >= 4 {
            let first = base.loadUnaligned(as: UInt32.self)
            let last = base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            all = UInt64(first) | UInt64(last) &<< 32
            hits = escapes(all)
        } else {
            all = ones &* 0x20
            var index = 0
            while index < count {
                all = all &<< 8 | UInt64(slice.start[index])
                index &+= 1
            }
            hits = escapes(all)
        }
        if all & (ones &* 0x80) != 0 { try checkUTF8(slice) }
        return hits == 0
    }

    @inline(never)
    private static func checkUTF8(_ slice: WireSlice) throws(WireFailure) {
        if TextScan.firstInvalidUTF8(slice.bytes) != nil {
            throw WireFailure(.malformed, "a string that is not UTF-8")
        }
    }
}
