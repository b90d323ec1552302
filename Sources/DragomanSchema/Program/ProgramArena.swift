// SPDX-License-Identifier: Apache-2.0
// Memory that compiled programs stand in: places never move, so that programs can point into one
// another while more are compiled beside them.

/// Owns plain values for as long as any program that points at them.
final class ProgramArena: @unchecked Sendable {
    // Sendable: only the thread that compiles allocates and writes, and it never again writes to
    // what belongs to a program that it has handed out.
    private var blocks: [UnsafeMutableRawPointer] = []
    private var place: UnsafeMutableRawPointer?
    private var left = 0
    private static let blockBytes = 1 << 14

    deinit {
        for block in blocks { block.deallocate() }
    }

    /// Room for `count` values, not yet initialised. `Value` must be trivial: nothing is ever
    /// deinitialised.
    func allocate<Value>(
        _ type: Value.Type, _ count: Int
    ) -> UnsafeMutablePointer<Value> {
        let bytes = (max(count, 1) * MemoryLayout<Value>.stride + 15) & ~15
        let start: UnsafeMutableRawPointer
        if bytes > left || place == nil {
            let size = max(bytes, ProgramArena.blockBytes)
            start = .allocate(byteCount: size, alignment: 64)
            blocks.append(start)
            place = start + bytes
            left = size - bytes
        } else {
            start = place.unsafelyUnwrapped
            place = start + bytes
            left -= bytes
        }
        return start.bindMemory(to: Value.self, capacity: max(count, 1))
    }

    func copy<Value>(_ values: [Value]) -> UnsafePointer<Value> {
        let place = allocate(Value.self, values.count)
        for (index, value) in values.enumerated() { (place + index).initialize(to: value) }
        return UnsafePointer(place)
    }

    func copy(_ bytes: UnsafeRawBufferPointer) -> UnsafeRawBufferPointer {
        let place = allocate(UInt8.self, bytes.count)
        for index in 0..<bytes.count { (place + index).initialize(to: bytes[index]) }
        return UnsafeRawBufferPointer(start: place, count: bytes.count)
    }
}
