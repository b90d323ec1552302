// SPDX-License-Identifier: Apache-2.0
// The growing run of bytes that every writer writes into, once, and that a socket sends.

#if canImport(Glibc)
    internal import Glibc
#endif

/// Bytes under construction. One owner; lent to an exchange and used again after `removeAll`.
@usableFromInline
package final class OutputBuffer {
    @usableFromInline
    var base: UnsafeMutablePointer<UInt8>
    @usableFromInline
    var capacity: Int
    /// Bytes written so far.
    @usableFromInline
    package internal(set) var count: Int

    package init(capacity: Int = 4096) {
        self.capacity = max(capacity, 64)
        base = Self.memory(self.capacity)
        count = 0
    }

    deinit { free(base) }

    /// From malloc, so that `grow` can have the system move large buffers without copying them.
    private static func memory(_ capacity: Int) -> UnsafeMutablePointer<UInt8> {
        // Where there is no memory Swift's own allocation ends the process, as everywhere else.
        malloc(capacity)?.bindMemory(to: UInt8.self, capacity: capacity)
            ?? .allocate(capacity: capacity)
    }

    /// The bytes written; valid until the next call that writes.
    @inlinable
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: count)
    }

    package var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Forgets what was written; gives memory back beyond `bytesMax`.
    package func removeAll(keepingAtMost bytesMax: Int = 1 << 20) {
        count = 0
        if capacity > bytesMax {
            free(base)
            capacity = max(bytesMax, 64)
            base = Self.memory(capacity)
        }
    }

    @inlinable
    @inline(__always)
    package func reserve(_ more: Int) {
        if capacity &- count < more { grow(more) }
    }

    @usableFromInline @inline(never)
    func grow(_ more: Int) {
        let wanted = max(count + more, capacity * 2)
        if let larger = realloc(base, wanted) {
            base = larger.bindMemory(to: UInt8.self, capacity: wanted)
        } else {
            let larger = Self.memory(wanted)
            memcpy(larger, base, count)
            free(base)
            base = larger
        }
        capacity = wanted
    }

    @inlinable
    @inline(__always)
    package func append(_ byte: UInt8) {
        reserve(1)
        base[count] = byte
        count &+= 1
    }
    @inlinable
    package func append(_ bytes: UnsafeRawBufferPointer) {
        guard let start = bytes.baseAddress, bytes.count > 0 else { return }
        append(start.assumingMemoryBound(to: UInt8.self), count: bytes.count)
    }

    @inlinable
    @inline(__always)
    package func append(_ start: UnsafePointer<UInt8>, count more: Int) {
        reserve(more)
        UnsafeMutableRawPointer(base + count).copyMemory(from: start, byteCount: more)
        count &+= more
    }

    @inlinable
    @inline(__always)
    package func append(_ text: StaticString) {
        append(text.utf8Start, count: text.utf8CodeUnitCount)
    }

    package func append(_ string: String) {
        var string = string
        string.withUTF8 { append(UnsafeRawBufferPointer($0)) }
    }
    @inlinable
    package func append(_ text: ConstantText) { append(text.base, count: text.count) }

    package func append(decimal value: UInt64) {
        reserve(20)
        count &+= Digits.write(value, at: base + count)
    }

    package func append(decimal value: Int64) {
        reserve(21)
        count &+= Digits.write(value, at: base + count)
    }

    /// Lets `body` write at most `more` bytes at the end; it answers how many it wrote.
    @inlinable
    package func append(
        atMost more: Int, _ body: (UnsafeMutablePointer<UInt8>) -> Int
    ) {
        reserve(more)
        count &+= body(base + count)
    }

    /// Overwrites bytes already written.
    @inlinable
    package func replace(at index: Int, _ byte: UInt8) { base[index] = byte }

    /// A place already written, for patching; valid until the next call that writes.
    @inlinable
    package func pointer(at index: Int) -> UnsafeMutablePointer<UInt8> { base + index }

    /// Makes room for `size` bytes at `index`, moving what stands behind it.
    package func openGap(at index: Int, size: Int) {
        reserve(size)
        memmove(base + index + size, base + index, count - index)
        count += size
    }

    /// Cuts what was written back to `length` bytes.
    package func truncate(to length: Int) {
        if length < count { count = length }
    }
}

/// Decimal digits of integers, written without a String.
package enum Digits {
    /// - Returns: bytes written, at most 20.
    package static func write(_ value: UInt64, at place: UnsafeMutablePointer<UInt8>) -> Int {
        var length = 1
        var bound: UInt64 = 10
        while value >= bound {
            length &+= 1
            if length == 20 { break }
            bound = bound &* 10
        }
        var rest = value
        var index = length
        while index > 0 {
            index &-= 1
            place[index] = UInt8(truncatingIfNeeded: rest % 10) &+ 0x30
            rest /= 10
        }
        return length
    }

    /// - Returns: bytes written, at most 20.
    package static func write(_ value: Int64, at place: UnsafeMutablePointer<UInt8>) -> Int {
        if value >= 0 { return write(UInt64(value), at: place) }
        place[0] = 0x2D
        return write(value.magnitude, at: place + 1) + 1
    }
}
