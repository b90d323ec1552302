// SPDX-License-Identifier: Apache-2.0
// Protobuf's wire form, byte by byte: varints, tags, lengths, groups. Never reads past its end,
// whatever the bytes are.

/// Why bytes are not a message of their contract.
struct WireFailure: Error {
    enum Reason: UInt8 {
        /// The bytes are at fault.
        case malformed
        case depth, members
        /// Fields come in an order that one pass can not follow; the careful reading can.
        case disorder
    }

    var reason: Reason
    var detail: String
    /// Names of the fields around the place, innermost first.
    var path: [String] = []

    init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }

    static var truncated: WireFailure {
        WireFailure(.malformed, "the message ends inside a field")
    }

    static var disorder: WireFailure { WireFailure(.disorder, "") }
}

enum WireType {
    static let varint: UInt8 = 0
    static let fixed64: UInt8 = 1
    static let bytes: UInt8 = 2
    static let groupStart: UInt8 = 3
    static let groupEnd: UInt8 = 4
    static let fixed32: UInt8 = 5
}

/// A place in wire bytes and where they end. The bytes stay the caller's.
struct WireCursor {
    var place: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    /// Groups inside one another that are skipped; more are refused.
    static let skippedGroupsMax = 100
    /// Of a varint of 32 bits; a longer spelling of a small one is refused, as protobuf's own
    /// parsers do.
    static let tagBytesMax = 5

    init(_ place: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) {
        self.place = place
        self.end = end
    }

    init(_ slice: WireSlice) {
        place = slice.start
        end = slice.end
    }

    @inline(__always)
    var isAtEnd: Bool { place >= end }

    @inline(__always)
    var left: Int { end - place }

    @inline(__always)
    mutating func varint() throws(WireFailure) -> UInt64 {
        guard place < end else { throw .truncated }
        let first = place[0]
        if first < 0x80 {
            place += 1
            return UInt64(first)
        }
        return try longVarint()
    }

    /// At most ten bytes, and no bit beyond the 64th.
    @inline(never)
    mutating func longVarint() throws(WireFailure) -> UInt64 {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while place < end {
            let byte = place[0]
            place += 1
            if shift == 63 {
                guard byte <= 1 else {
                    throw WireFailure(.malformed, "a varint of more than 64 bits")
                }
                return value | UInt64(byte) &<< 63
            }
            value |= UInt64(byte & 0x7F) &<< shift
            if byte < 0x80 { return value }
            shift &+= 7
        }
        throw .truncated
    }

    /// The next field's tag; 0 at the end, which no field has.
    @inline(__always)
    mutating func tag() throws(WireFailure) -> UInt32 {
        guard place < end else { return 0 }
        let first = place[0]
        if first < 0x80, first >= 8 {
            place += 1
            return UInt32(first)
        }
        return try longTag()
    }

    @inline(never)
    private mutating func longTag() throws(WireFailure) -> UInt32 {
        let start = place
        let value = try varint()
        guard value <= UInt32.max, value >= 8 else {
            throw WireFailure(.malformed, "a field with the number \(value &>> 3)")
        }
        guard place - start <= WireCursor.tagBytesMax else {
            throw WireFailure(.malformed, "a field's tag of more than 32 bits")
        }
        return UInt32(value)
    }

    /// A length and the bytes it counts.
    @inline(__always)
    mutating func slice() throws(WireFailure) -> WireSlice {
        let length = try varint()
        guard length <= UInt64(left) else { throw .truncated }
        let start = place
        place += Int(length)
        return WireSlice(start: start, end: place)
    }

    @inline(__always)
    mutating func fixed32() throws(WireFailure) -> UInt32 {
        guard left >= 4 else { throw .truncated }
        let value = UnsafeRawPointer(place).loadUnaligned(as: UInt32.self)
        place += 4
        return UInt32(littleEndian: value)
    }

    @inline(__always)
    mutating func fixed64() throws(WireFailure) -> UInt64 {
        guard left >= 8 else { throw .truncated }
        let value = UnsafeRawPointer(place).loadUnaligned(as: UInt64.self)
        place += 8
        return UInt64(littleEndian: value)
    }

    /// Steps over the value of a field with that tag.
    @inline(__always)
    mutating func skip(_ tag: UInt32) throws(WireFailure) {
        switch UInt8(truncatingIfNeeded: tag & 7) {
        case WireType.varint: _ = try varint()
        case WireType.fixed64: _ = try fixed64()
        case WireType.bytes: _ = try slice()
        case WireType.fixed32: _ = try fixed32()
        case WireType.groupStart: _ = try group(tag)
        case WireType.groupEnd:
            throw WireFailure(.malformed, "a group ends that has not begun")
        default: throw WireFailure(.malformed, "a field with the wire type \(tag & 7)")
        }
    }

    /// What stands between a group's start, just read, and its end, which is stepped over.
    @inline(never)
    mutating func group(_ startTag: UInt32) throws(WireFailure) -> WireSlice {
        let start = place
        var open: [UInt32] = [startTag &>> 3]
        while true {
            let before = place
            let tag = try tag()
            if tag == 0 { throw .truncated }
            switch UInt8(truncatingIfNeeded: tag & 7) {
            case WireType.groupStart:
                guard open.count < WireCursor.skippedGroupsMax else {
                    throw WireFailure(
                        .depth, "more than \(WireCursor.skippedGroupsMax) groups in one another")
                }
                open.append(tag &>> 3)
            case WireType.groupEnd:
                guard open.removeLast() == tag &>> 3 else {
                    throw WireFailure(.malformed, "a group ends that has not begun")
                }
                if open.isEmpty { return WireSlice(start: start, end: before) }
            default: try skip(tag)
            }
        }
    }
}

/// A run of bytes inside a message.
struct WireSlice {
    let start: UnsafePointer<UInt8>
    let end: UnsafePointer<UInt8>

    @inline(__always)
    var count: Int { end - start }

    @inline(__always)
    var bytes: UnsafeRawBufferPointer { UnsafeRawBufferPointer(start: start, count: count) }
}

extension WireSlice {
    /// Calls `body` with each length-delimited field of a message, by its number; others are
    /// passed over.
    func forEachBytesField(
        _ body: (UInt32, WireSlice) throws(WireFailure) -> Void
    ) throws(WireFailure) {
        var cursor = WireCursor(self)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { return }
            if UInt8(truncatingIfNeeded: tag & 7) == WireType.bytes {
                try body(tag >> 3, try cursor.slice())
            } else {
                try cursor.skip(tag)
            }
        }
    }

    /// Runs `body` on the bytes as a slice that is never null.
    static func with<Result>(
        _ bytes: UnsafeRawBufferPointer, _ body: (WireSlice) throws(WireFailure) -> Result
    ) throws(WireFailure) -> Result {
        guard let base = bytes.baseAddress?.assumingMemoryBound(to: UInt8.self) else {
            return try withEmpty(body)
        }
        return try body(WireSlice(start: base, end: base + bytes.count))
    }

    /// As for raw bytes; the slice is good within `body`.
    static func with<Value>(
        _ bytes: [UInt8], _ body: (WireSlice) throws(WireFailure) -> Value
    ) throws(WireFailure) -> Value {
        let result: Result<Value, WireFailure> = bytes.withUnsafeBytes { raw in
            do throws(WireFailure) {
                return .success(try with(raw, body))
            } catch {
                return .failure(error)
            }
        }
        return try result.get()
    }

    private static func withEmpty<Result>(
        _ body: (WireSlice) throws(WireFailure) -> Result
    ) throws(WireFailure) -> Result {
        let empty: StaticString = "-"
        return try body(WireSlice(start: empty.utf8Start, end: empty.utf8Start))
    }
}
