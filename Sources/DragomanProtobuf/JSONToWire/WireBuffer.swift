// SPDX-License-Identifier: Apache-2.0
// The bytes that a WireWriter writes: in the caller's OutputBuffer, past what that counts, so that
// every append is a store and a sum, and no call.

internal import DragomanDocument

#if canImport(Glibc)
    internal import Glibc
#endif

/// Bytes under construction behind those of an OutputBuffer. Nobody else may write into that
/// until `finish`.
struct WireBuffer {
    private let output: OutputBuffer
    /// Bytes of the output before these.
    private let start: Int
    private var base: UnsafeMutablePointer<UInt8>
    /// Bytes written.
    private(set) var count = 0
    /// Of those, bytes that the output counts already.
    private var committed = 0
    /// Bytes that may be written without asking the output.
    private var room: Int

    private static let roomMin = 1024

    init(_ output: OutputBuffer) {
        self.output = output
        start = output.count
        output.reserve(WireBuffer.roomMin)
        base = output.pointer(at: start)
        room = WireBuffer.roomMin
    }

    /// Makes the bytes part of the output; the last call.
    mutating func finish() {
        if committed > count { output.truncate(to: start + count) }
        let more = count - committed
        // They stand there already: the output only has to count them.
        if more > 0 { output.append(atMost: more) { _ in more } }
        committed = count
    }

    @inline(__always)
    private mutating func ensure(_ more: Int) {
        if room &- count < more { grow(more) }
    }

    @inline(never)
    private mutating func grow(_ more: Int) {
        finish()
        let wanted = max(more, count, WireBuffer.roomMin)
        output.reserve(wanted)
        base = output.pointer(at: start)
        room = count + wanted
    }

    mutating func truncate(to count: Int) { self.count = count }

    // MARK: Appending

    @inline(__always)
    mutating func byte(_ value: UInt8) {
        ensure(1)
        base[count] = value
        count &+= 1
    }

    @inline(__always)
    mutating func varint(_ value: UInt64) {
        ensure(10)
        count &+= Varint.write(value, at: base + count)
    }

    mutating func bytes(_ bytes: UnsafeRawBufferPointer) {
        ensure(bytes.count)
        put(bytes)
    }

    @inline(__always)
    private mutating func put(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress else { return }
        UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: bytes.count)
        count &+= bytes.count
    }

    /// Lets `body` write exactly `size` bytes.
    mutating func append(exactly size: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Void) {
        ensure(size)
        body(base + count)
        count &+= size
    }

    @inline(__always)
    mutating func tag(_ field: UnsafePointer<FieldTable>) {
        ensure(8)
        putTag(field)
    }

    @inline(__always)
    private mutating func putTag(_ field: UnsafePointer<FieldTable>) {
        UnsafeMutableRawPointer(base + count).storeBytes(
            of: field.pointee.tagBytes.littleEndian, as: UInt64.self)
        count &+= Int(field.pointee.tagCount)
    }

    /// Tag, length and bytes.
    @inline(__always)
    mutating func bytes(_ bytes: UnsafeRawBufferPointer, _ field: UnsafePointer<FieldTable>) {
        ensure(bytes.count &+ 18)
        putTag(field)
        count &+= Varint.write(UInt64(truncatingIfNeeded: bytes.count), at: base + count)
        put(bytes)
    }

    /// A varint's value, or the bits of a fixed field.
    @inline(__always)
    mutating func bits(_ bits: UInt64, _ wireType: UInt8) {
        ensure(10)
        switch wireType {
        case WireType.varint: count &+= Varint.write(bits, at: base + count)
        case WireType.fixed32:
            UnsafeMutableRawPointer(base + count).storeBytes(
                of: UInt32(truncatingIfNeeded: bits).littleEndian, as: UInt32.self)
            count &+= 4
        default:
            UnsafeMutableRawPointer(base + count).storeBytes(
                of: bits.littleEndian, as: UInt64.self)
            count &+= 8
        }
    }

    // MARK: Lengths

    /// Keeps one byte free for a length. - Returns: where the counted bytes begin.
    @inline(__always)
    mutating func beginLength() -> Int {
        byte(0)
        return count
    }

    /// Puts the length before what was written since `start`; moves that if the length is long.
    @inline(__always)
    mutating func endLength(_ start: Int) {
        let length = count &- start
        if length < 0x80 {
            base[start &- 1] = UInt8(truncatingIfNeeded: length)
        } else {
            endLongLength(start, length)
        }
    }

    @inline(never)
    private mutating func endLongLength(_ start: Int, _ length: Int) {
        let gap = Varint.size(UInt64(length)) - 1
        ensure(gap)
        memmove(base + start + gap, base + start, length)
        count += gap
        _ = Varint.write(UInt64(length), at: base + start - 1)
    }
}

enum Varint {
    /// - Returns: bytes written, at most 10.
    @inline(__always)
    static func write(_ value: UInt64, at place: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = value
        var count = 0
        while rest >= 0x80 {
            place[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest &>>= 7
            count &+= 1
        }
        place[count] = UInt8(truncatingIfNeeded: rest)
        return count &+ 1
    }

    static func size(_ value: UInt64) -> Int {
        (63 - (value | 1).leadingZeroBitCount) / 7 + 1
    }
}

/// Kinds asked for by pattern: `==` on an enum of another module is a call through its witness.
extension Node {
    @inline(__always)
    var isNothing: Bool {
        switch kind {
        case .null: true
        default: false
        }
    }

    @inline(__always)
    var isText: Bool {
        switch kind {
        case .string: true
        default: false
        }
    }

    @inline(__always)
    var isList: Bool {
        switch kind {
        case .array: true
        default: false
        }
    }

    @inline(__always)
    var isMap: Bool {
        switch kind {
        case .object: true
        default: false
        }
    }
}
