// SPDX-License-Identifier: Apache-2.0
// application/x-www-form-urlencoded cut into its fields while it comes, however its bytes are cut:
// as `QueryFields` has a query, decoded.

/// Reads one body. A value is never held: what has been decoded of it is handed out as it comes.
package struct FormFieldsReader {
    package enum Event: Equatable {
        /// A field begins; its name is in `name`.
        case field
        /// The next bytes of its value are in `decoded`.
        case content
        case fieldEnd
    }

    /// A malformed escape, a NUL, or a name that is no UTF-8.
    package struct Malformed: Error, Equatable {
        /// Bytes before the place in the body.
        package let offset: Int
    }

    /// Bytes of a value that are decoded before they are handed out.
    private static let contentBytes = 4096

    package private(set) var name = ""
    package private(set) var decoded: [UInt8] = []

    private var isValue = false
    /// The field has begun, if only with its `=`.
    private var isBegun = false
    /// What has come of an escape: 0, 1 for `%`, 2 for a digit behind it.
    private var escape = 0
    private var high: UInt8 = 0
    /// Bytes of the pieces before this one.
    private var before = 0
    /// The field's end is to be told next.
    private var isEndDue = false

    package init() { decoded.reserveCapacity(Self.contentBytes) }

    /// The next event of `piece`, from `index` on, which is moved; nil where more is needed.
    package mutating func next(
        _ piece: UnsafeRawBufferPointer, from index: inout Int
    ) throws(Malformed) -> Event? {
        if isEndDue { return endField() }
        if isValue { decoded.removeAll(keepingCapacity: true) }
        while index < piece.count {
            let byte = piece[index]
            index += 1
            if escape > 0 {
                try takeDigit(byte, at: index)
            } else {
                switch byte {
                case Octet.percent:
                    isBegun = true
                    escape = 1
                case Octet.plus: take(Octet.space)
                case 0x26:
                    if isBegun, let event = try endPair(at: index) { return event }
                case Octet.equals where !isValue: return try beginValue(at: index)
                case 0: throw Malformed(offset: before + index)
                default: take(byte)
                }
            }
            if isValue, decoded.count >= Self.contentBytes { return .content }
        }
        let isContent = isValue && !decoded.isEmpty
        if !isContent {
            before += piece.count
            index = 0
        }
        return isContent ? .content : nil
    }

    /// All has come. - Returns: the events that are left, one call after the other.
    package mutating func finish() throws(Malformed) -> Event? {
        if isEndDue { return endField() }
        if isValue { decoded.removeAll(keepingCapacity: true) }
        guard isBegun else { return nil }
        return try endPair(at: 0)
    }

    private mutating func take(_ byte: UInt8) {
        isBegun = true
        decoded.append(byte)
    }

    private mutating func takeDigit(_ byte: UInt8, at index: Int) throws(Malformed) {
        guard let digit = Octet.hex(byte) else { throw Malformed(offset: before + index) }
        if escape == 1 {
            high = digit
            escape = 2
            return
        }
        escape = 0
        guard high != 0 || digit != 0 else { throw Malformed(offset: before + index) }
        take(high << 4 | digit)
    }

    /// The name is complete.
    private mutating func beginValue(at index: Int) throws(Malformed) -> Event {
        guard escape == 0, let text = String(validating: decoded, as: UTF8.self) else {
            throw Malformed(offset: before + index)
        }
        name = text
        decoded.removeAll(keepingCapacity: true)
        isBegun = true
        isValue = true
        return .field
    }

    /// The pair is complete: of one without `=` the name is told first.
    private mutating func endPair(at index: Int) throws(Malformed) -> Event? {
        guard escape == 0 else { throw Malformed(offset: before + index) }
        isEndDue = true
        guard isValue else { return try beginValue(at: index) }
        return decoded.isEmpty ? endField() : .content
    }

    private mutating func endField() -> Event {
        isEndDue = false
        isValue = false
        isBegun = false
        decoded.removeAll(keepingCapacity: true)
        return .fieldEnd
    }
}
