// SPDX-License-Identifier: Apache-2.0
// The names of an object, and the check that they are all different: while an object is small by
// one bit of each name's hash, in a large one by a table of all at its end.

extension Document {
    /// A member's name and the colon behind it.
    @inline(__always)
    func readName(_ cursor: inout JSONCursor) throws(JSONFault) {
        guard cursor.byte == 0x22 else { throw JSONFault(.name, cursor.index) }
        let start = cursor.index &+ 1
        let word = TextScan.load(cursor.base, start)
        let hits = TextScan.stops(word)
        let stop = start &+ hits.trailingZeroBitCount &>> 3
        let key: UInt64
        if hits != 0, cursor.base[stop] == 0x22 {
            // All bits below the first hit's byte: none where the name is empty.
            key = word & ((hits & (0 &- hits)) &>> 7 &- 1)
            cursor.push(
                Entry.make(.string, length: stop &- start, offset: start) | Entry.flag)
            cursor.index = stop &+ 1
        } else {
            key = try readLongName(&cursor, start, hits == 0 ? start &+ 8 : stop)
        }
        try checkUnique(&cursor, key)
        try cursor.countMember()
        if cursor.byte != 0x3A {
            cursor.index = TextScan.endOfSpace(cursor.base, from: cursor.index)
            guard cursor.byte == 0x3A else { throw JSONFault(.colon, cursor.index) }
        }
        cursor.index &+= 1
        if cursor.byte == 0x20 { cursor.index &+= 1 }
        if cursor.byte <= 0x20 {
            cursor.index = TextScan.endOfSpace(cursor.base, from: cursor.index)
        }
    }

    /// Pushes a name that is not a short one without escapes; what of it goes into its hash.
    @inline(__always)
    private func readLongName(
        _ cursor: inout JSONCursor, _ start: Int, _ from: Int
    ) throws(JSONFault) -> UInt64 {
        try finishText(
            &cursor, start, from: from, TextScan.stops(TextScan.load(cursor.base, from)))
        let entry = cursor.tape[cursor.tapeCount &- 1]
        let offset = Entry.offset(entry)
        let length = Entry.length(entry)
        let first = TextScan.load(cursor.base, offset)
        // A name with escapes or other letters may be short, and must hash as it would plain.
        if length < 8 {
            return first & ((1 as UInt64) &<< UInt64(truncatingIfNeeded: length &* 8) &- 1)
        }
        if length == 8 { return first }
        let last = TextScan.load(cursor.base, offset &+ length &- 8)
        return first ^ (last &<< 25 | last &>> 39) ^ UInt64(truncatingIfNeeded: length)
    }

    /// Refuses the name pushed last if the open object has it already. `key` is equal for equal
    /// names; only where a bit of it was seen before are names compared.
    @inline(__always)
    private func checkUnique(_ cursor: inout JSONCursor, _ key: UInt64) throws(JSONFault) {
        let hash = key &* 0x9E37_79B9_7F4A_7C15
        let place =
            cursor.frame - JSONCursor.frameWords + JSONCursor.frameNames
            + Int(truncatingIfNeeded: hash &>> 62)
        let bit: UInt64 = 1 &<< (hash &>> 56 & 63)
        let seen = place.pointee
        place.pointee = seen | bit
        if seen & bit != 0, cursor.count < JSONCursor.smallObject {
            try compareNames(cursor.tape, cursor.container, cursor.tapeCount &- 1)
        }
    }

    @inline(never)
    private func compareNames(
        _ tape: UnsafeMutablePointer<UInt64>, _ object: Int, _ name: Int
    ) throws(JSONFault) {
        let tape = UnsafePointer(tape)
        let bytes = Node(tape, text, name).bytes
        var index = object &+ 1
        while index < name {
            nameComparisons &+= 1
            if Node(tape, text, index).textEquals(bytes) { throw JSONFault(.twice, name) }
            index = Entry.next(tape, index &+ 1)
        }
    }

    /// What a container of more than a few members or items is asked at its end.
    @inline(never)
    func checkLarge(_ cursor: JSONCursor, _ limits: DocumentLimits) throws(JSONFault) {
        let most = cursor.isObject ? JSONCursor.namesMax(limits) : Entry.lengthMax
        guard cursor.count <= most else { throw JSONFault(.names, cursor.index &- 1) }
        guard cursor.isObject else { return }
        var table = NameTable(
            tape: UnsafePointer(cursor.tape), text: UnsafePointer(text),
            object: cursor.container, end: cursor.tapeCount, count: cursor.count)
        let twice = table.firstTwice()
        nameComparisons &+= table.comparisons
        if let twice { throw JSONFault(.twice, twice) }
    }
}
