// SPDX-License-Identifier: Apache-2.0
// Where a reading of JSON stands: the few words that the loop over a document keeps in registers.

/// The byte behind the source is a NUL, which is no part of any token: scans stop at it without
/// asking where the end is. A cursor is a local variable of the loop; what is not inlined gets
/// copies of what it needs, for its address must go nowhere.
struct JSONCursor {
    var base: UnsafePointer<UInt8>
    var index = 0
    var tape: UnsafeMutablePointer<UInt64>
    var tapeCount = 0
    /// The tape has room for a name and a value as long as `tapeCount` is at most this.
    var tapeRoom: Int
    /// Index of the open container's entry, -1 for none.
    var container = -1
    /// Its members or items so far.
    var count = 0
    var isObject = false
    /// Behind the open container's frame.
    var frame: UnsafeMutablePointer<UInt64>
    var frameLimit: UnsafeMutablePointer<UInt64>
    /// Members and items that may still come.
    var remaining: Int
    let textMax: Int

    /// Words of a frame: the container around it and whether that is an object, how many members
    /// that has so far, and the hashes of the open object's names, one bit of 256 each.
    static let frameWords = 8
    static let frameNames = 2
    static let framesAtFirst = 32

    /// Objects up to so many members compare names at once where their hashes' bits are alike;
    /// larger ones compare all at their end.
    static let smallObject = DocumentLimits.smallest

    /// Texts up to so many bytes are scanned where they are met.
    static let shortText = 40

    static func namesMax(_ limits: DocumentLimits) -> Int {
        min(max(limits.namesMax, DocumentLimits.smallest), Entry.lengthMax)
    }

    static func textMax(_ limits: DocumentLimits) -> Int {
        min(max(limits.textMax, DocumentLimits.smallest), Entry.lengthMax)
    }

    @inline(__always)
    var byte: UInt8 { base[index] }

    @inline(__always)
    mutating func push(_ entry: UInt64) {
        tape[tapeCount] = entry
        tapeCount &+= 1
    }

    /// Mostly there is none, or a line feed with the spaces that indent the next line.
    @inline(__always)
    mutating func skipSpace() {
        if byte > 0x20 { return }
        let rest = TextScan.load(base, index &+ 1) ^ 0x2020_2020_2020_2020
        if byte == 0x0A || byte == 0x20 {
            // None is different where the line is indented by eight spaces or more.
            index &+= 1 &+ rest.trailingZeroBitCount &>> 3
            if byte > 0x20 { return }
        }
        index = TextScan.endOfSpace(base, from: index)
    }

    @inline(__always)
    mutating func countMember() throws(JSONFault) {
        count &+= 1
        remaining &-= 1
        if remaining < 0 { throw JSONFault(.members, index) }
    }

    @inline(__always)
    func isDigit(_ place: Int) -> Bool { base[place] &- 0x30 <= 9 }

    /// A number of less than eight digits before its point, without an exponent; false where it is
    /// something else, and nothing is read then.
    @inline(__always)
    private mutating func readShortNumber() -> Bool {
        let first = base[index] == 0x2D ? index &+ 1 : index
        let others = TextScan.others(TextScan.load(base, first))
        let whole = others.trailingZeroBitCount &>> 3
        if others == 0 || whole == 0 || (base[first] == 0x30 && whole > 1) { return false }
        var kind = Entry.make(.integer)
        var end = first &+ whole
        if base[end] == 0x2E {
            let left = others & (others &- 1)
            let fraction = end &+ 1
            kind = Entry.make(.decimal)
            end =
                left != 0
                ? first &+ left.trailingZeroBitCount &>> 3
                : TextScan.endOfDigits(base, from: first &+ 8)
            if end == fraction { return false }
        }
        if base[end] | 0x20 == 0x65 || end &- index > textMax { return false }
        push(kind | Entry.make(.null, length: end &- index, offset: index))
        index = end
        return true
    }

    @inline(__always)
    mutating func readNumber() throws(JSONFault) {
        if !readShortNumber() { try readLongNumber() }
    }

    @inline(__always)
    private mutating func readLongNumber() throws(JSONFault) {
        let start = index
        var end = start
        if base[end] == 0x2D { end &+= 1 }
        if base[end] == 0x30 {
            end &+= 1
            if isDigit(end) { throw JSONFault(.leadingZero, start) }
        } else {
            guard isDigit(end) else { throw JSONFault(.minus, start) }
            end = TextScan.endOfDigits(base, from: end)
        }
        var kind = Entry.make(.integer)
        if base[end] == 0x2E {
            kind = Entry.make(.decimal)
            end &+= 1
            guard isDigit(end) else { throw JSONFault(.fraction, start) }
            end = TextScan.endOfDigits(base, from: end)
        }
        if base[end] | 0x20 == 0x65 {
            kind = Entry.make(.decimal)
            end &+= 1
            if base[end] == 0x2B || base[end] == 0x2D { end &+= 1 }
            guard isDigit(end) else { throw JSONFault(.exponent, start) }
            end = TextScan.endOfDigits(base, from: end)
        }
        guard end &- start <= textMax else { throw JSONFault(.text, start) }
        push(kind | Entry.make(.null, length: end &- start, offset: start))
        index = end
    }

    @inline(__always)
    mutating func readLiteral() throws(JSONFault) {
        let word = UInt32(
            littleEndian: UnsafeRawPointer(base + index).loadUnaligned(as: UInt32.self))
        if word == 0x6575_7274 {
            push(Entry.make(.true))
            index &+= 4
        } else if word == 0x736C_6166, base[index &+ 4] == 0x65 {
            push(Entry.make(.false))
            index &+= 5
        } else if word == 0x6C6C_756E {
            push(Entry.make(.null))
            index &+= 4
        } else {
            throw JSONFault(.value, index)
        }
    }
}
