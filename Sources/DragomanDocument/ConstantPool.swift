// SPDX-License-Identifier: Apache-2.0
// Text that plans hold for as long as they live (member names, enum names, constants of a
// template), kept so that a Document can point at it instead of copying it.

/// A run of UTF-8 owned by a `ConstantPool`; valid as long as that pool.
@usableFromInline
package struct ConstantText: @unchecked Sendable {
    // Sendable: the bytes are written once, before the pool is published, and never again.
    @usableFromInline
    let base: UnsafePointer<UInt8>
    @usableFromInline
    package let count: Int
    /// No byte of it needs an escape in JSON.
    @usableFromInline
    package let isPlain: Bool

    @inlinable
    package var bytes: UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(start: base, count: count)
    }

    package var string: String { String(decoding: bytes, as: UTF8.self) }
}

/// Owns the bytes of the `ConstantText` values that it hands out. A plan keeps its pool, an
/// exchange keeps its plan, so no Document outlives what it points at.
package final class ConstantPool: @unchecked Sendable {
    // Sendable: only the thread that compiles a plan calls `text`; afterwards it is only kept.
    private var blocks: [UnsafeMutablePointer<UInt8>] = []

    package init() {}

    deinit {
        for block in blocks { block.deallocate() }
    }

    package func text(_ string: String) -> ConstantText {
        var string = string
        return string.withUTF8 { text(UnsafeRawBufferPointer($0)) }
    }

    /// `bytes`: valid UTF-8; copied.
    package func text(_ bytes: UnsafeRawBufferPointer) -> ConstantText {
        // Bytes behind every text may be read, as in a Document.
        let block = UnsafeMutablePointer<UInt8>.allocate(
            capacity: bytes.count + Document.padding)
        UnsafeMutableRawBufferPointer(start: block, count: bytes.count).copyMemory(from: bytes)
        blocks.append(block)
        return ConstantText(
            base: UnsafePointer(block), count: bytes.count, isPlain: TextScan.isPlain(bytes))
    }
}
