// SPDX-License-Identifier: Apache-2.0
// One entry of the tape: what a value is and where its text or its end stands, in 64 bits.
//
//     63    60 59   58                    32 31                      0
//     [ kind ][flag][ length or count (27) ][ offset or next (32)     ]   text, array, object
//     [ kind ][flag][ length (11) ][ address (48)                     ]   constant
//     [ kind ][ 0                                                      ]   null, false, true
//     [ kind ][ 0 ][ index (32) ] and two words: its tape, its text   reference
//
// A container's `next` is the index after its last descendant. While a container is still open,
// that place holds the index of the container around it, so that building needs no stack.

/// What a value is. `reference` and `constant` are how a value is kept, and are never seen from
/// outside: `Node.kind` answers with the kind of what they stand for.
@usableFromInline
package enum Kind: UInt8, Sendable {
    case null, `false`, `true`, integer, decimal, string, array, object, reference, constant
}
@usableFromInline
enum Entry {
    /// Longest text of one value and most members of one container.
    @inlinable
    static var lengthMax: Int { (1 << 27) - 1 }
    /// Longest text that a constant entry can point to.
    @inlinable
    static var constantLengthMax: Int { (1 << 11) - 1 }
    @inlinable
    static var offsetMax: Int { Int(UInt32.max) }

    @inlinable
    static var flag: UInt64 { 1 << 59 }
    @inlinable
    static var noParent: UInt64 { 0xFFFF_FFFF }

    @inlinable
    @inline(__always)
    static func kind(_ entry: UInt64) -> Kind {
        // Every entry is made below from a `Kind`, so the top four bits always hold one.
        unsafeBitCast(UInt8(truncatingIfNeeded: entry &>> 60), to: Kind.self)
    }

    @inlinable
    @inline(__always)
    static func make(_ kind: Kind, length: Int = 0, offset: Int = 0) -> UInt64 {
        UInt64(kind.rawValue) &<< 60 | UInt64(truncatingIfNeeded: length) &<< 32
            | UInt64(truncatingIfNeeded: offset)
    }

    @inlinable
    @inline(__always)
    static func length(_ entry: UInt64) -> Int {
        Int(truncatingIfNeeded: (entry &>> 32) & 0x7FF_FFFF)
    }

    @inlinable
    @inline(__always)
    static func offset(_ entry: UInt64) -> Int {
        Int(truncatingIfNeeded: entry & 0xFFFF_FFFF)
    }

    @inlinable
    @inline(__always)
    static func constant(_ text: ConstantText) -> UInt64 {
        // User-space addresses have 48 bits on x86-64 and arm64 Linux; ConstantPool checks it.
        UInt64(Kind.constant.rawValue) &<< 60 | (text.isPlain ? flag : 0)
            | UInt64(truncatingIfNeeded: text.count) &<< 48
            | UInt64(UInt(bitPattern: text.base))
    }

    @inlinable
    @inline(__always)
    static func constantText(_ entry: UInt64) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: UnsafeRawPointer(bitPattern: UInt(entry & 0xFFFF_FFFF_FFFF)),
            count: Int(truncatingIfNeeded: (entry &>> 48) & 0x7FF))
    }

    /// The index after the value that starts at `index`.
    @inlinable
    @inline(__always)
    static func next(_ tape: UnsafePointer<UInt64>, _ index: Int) -> Int {
        let entry = tape[index]
        switch kind(entry) {
        case .array, .object: return offset(entry)
        case .reference: return index &+ 3
        default: return index &+ 1
        }
    }
}
