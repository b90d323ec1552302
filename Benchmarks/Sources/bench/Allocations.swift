// SPDX-License-Identifier: Apache-2.0
// Counts the objects that Swift allocates while something runs, by the hook that its runtime has
// for tools. Only for a program of one thread, which this one is.

internal import Foundation

enum Allocations {
    typealias Allocate =
        @convention(c) (UnsafeRawPointer?, Int, Int) -> UnsafeMutableRawPointer?

    // The program has one thread.
    nonisolated(unsafe) private static var original: Allocate?
    nonisolated(unsafe) private static var count = 0

    /// Nil where the runtime has no such hook.
    static func counted(_ body: () throws -> Void) rethrows -> Int? {
        let library = dlopen(nil, RTLD_NOW)
        guard let hook = dlsym(library, "_swift_allocObject"),
            let gate = dlsym(
                library,
                "_swift_enableSwizzlingOfAllocationAndRefCountingFunctions_forInstrumentsOnly")
        else { return nil }
        let place = hook.assumingMemoryBound(to: Allocate.self)
        let isOpen = gate.assumingMemoryBound(to: Bool.self)
        original = place.pointee
        count = 0
        place.pointee = { metadata, size, alignment in
            Allocations.count += 1
            return Allocations.original?(metadata, size, alignment)
        }
        isOpen.pointee = true
        defer {
            isOpen.pointee = false
            if let original { place.pointee = original }
        }
        try body()
        return count
    }
}
