// SPDX-License-Identifier: Apache-2.0
// Maps from the wire: repeated entries of a key and a value, of which the last with a key counts.

internal import DragomanDocument

/// A map's key on the wire: bytes of a text, else bits. The bytes stand in the message.
struct MapKey: Hashable {
    let slice: WireSlice?
    let bits: UInt64

    static func == (left: MapKey, right: MapKey) -> Bool {
        guard let a = left.slice, let b = right.slice else { return left.bits == right.bits }
        return Bytes.equal(a.bytes, b.bytes)
    }

    func hash(into hasher: inout Hasher) {
        if let slice { hasher.combine(bytes: slice.bytes) } else { hasher.combine(bits) }
    }

    var filterBit: UInt64 {
        let hash = slice.map { TableHash.hash($0.bytes) } ?? bits &* 0x9E37_79B9_7F4A_7C15 &>> 32
        return 1 &<< (hash & 63)
    }
}

/// A map's entry, taken apart. A value that is missing is the default of its type.
struct MapEntry {
    var key: MapKey
    /// Of texts and messages.
    var slice: WireSlice?
    var bits: UInt64 = 0
}

extension WireReader {
    /// All entries that stand in a row, as one object. - Returns: the tag after them.
    mutating func readMap(
        _ cursor: inout WireCursor, _ field: Field, _ firstTag: UInt32, _ depth: Int
    ) throws(WireFailure) -> UInt32 {
        try checkDepth(depth)
        let mark = document.mark
        try countMember()
        writeKey(field)
        document.beginObject()
        let tag = try readEntries(&cursor, field, firstTag, depth &+ 1)
        let isEmpty = document.openCount == 0
        document.endObject()
        if isEmpty, options.arrays == .omit { document.rewind(to: mark) }
        return tag
    }

    /// The entries as members of the object that is open.
    mutating func readEntries(
        _ cursor: inout WireCursor, _ field: Field, _ firstTag: UInt32, _ depth: Int
    ) throws(WireFailure) -> UInt32 {
        let run = WireCursor(cursor.place, cursor.end)
        var filter: UInt64 = 0
        var count = 0
        var index: Set<MapKey> = []
        var tag = firstTag
        repeat {
            if tag == field.pointee.tag {
                let entry = try readEntry(try cursor.slice(), field)
                let bit = entry.key.filterBit
                if filter & bit != 0,
                    try isKnown(entry.key, run, count, field, &index)
                {
                    throw .disorder
                }
                filter |= bit
                count &+= 1
                if !index.isEmpty { index.insert(entry.key) }
                try appendEntry(entry, field, depth)
            } else {
                try cursor.skip(tag)
            }
            tag = try cursor.tag()
        } while tag &>> 3 == field.pointee.number
        return tag
    }

    /// The key is one of the first `count` of the run: read again where they are few, and where
    /// they are many kept in `index`, which the caller goes on filling.
    @inline(never)
    private mutating func isKnown(
        _ key: MapKey, _ run: WireCursor, _ count: Int, _ field: Field,
        _ index: inout Set<MapKey>
    ) throws(WireFailure) -> Bool {
        if !index.isEmpty { return index.contains(key) }
        var cursor = run
        for position in 0..<count {
            let other = try readEntry(try cursor.slice(), field).key
            if count > 16 {
                index.insert(other)
            } else if other == key {
                return true
            }
            if position == count - 1 { break }
            while true {
                let tag = try cursor.tag()
                if tag == field.pointee.tag { break }
                try cursor.skip(tag)
            }
        }
        return index.contains(key)
    }

    /// An entry whose value is no member of its closed enum is as good as an unknown field.
    mutating func appendEntry(
        _ entry: MapEntry, _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        let fields = WireReader.table(field).pointee.fields
        let value = Field(fields + 1)
        if value.pointee.kind == .enumeration, isUnknownOfClosed(entry.bits, value) { return }
        try countMember()
        try appendKey(entry.key, Field(fields))
        switch value.pointee.kind {
        case .string, .bytes:
            if let slice = entry.slice {
                try appendText(slice, value)
            } else {
                appendDefault(value)
            }
        case .message, .group:
            let table = WireReader.table(value)
            if let slice = entry.slice {
                try readMessage(slice, table, depth: depth)
            } else {
                try WireSlice.with(UnsafeRawBufferPointer(start: nil, count: 0)) {
                    empty throws(WireFailure) in
                    try readMessage(empty, table, depth: depth)
                }
            }
        default: append(entry.bits, value)
        }
    }

    private func appendKey(_ key: MapKey, _ field: Field) throws(WireFailure) {
        switch field.pointee.kind {
        case .string:
            guard let slice = key.slice else {
                return document.key(UnsafeRawBufferPointer(start: nil, count: 0), isPlain: true)
            }
            let isPlain = try WireText.check(slice)
            document.key(slice.bytes, isPlain: isPlain)
        case .bool: document.key(key.bits == 0 ? "false" : "true")
        case .uint32, .uint64, .fixed32, .fixed64:
            let start = document.beginText()
            document.continueText(atMost: 20) { Digits.write(key.bits, at: $0) }
            document.endKey(from: start)
        default:
            let start = document.beginText()
            document.continueText(atMost: 21) { Digits.write(Int64(bitPattern: key.bits), at: $0) }
            document.endKey(from: start)
        }
    }

    // MARK: Entries

    /// Key, value and nothing else is the ordinary entry; any other is taken apart slowly.
    @inline(__always)
    mutating func readEntry(
        _ slice: WireSlice, _ field: Field
    ) throws(WireFailure) -> MapEntry {
        let fields = WireReader.table(field).pointee.fields
        let keyField = Field(fields)
        let valueField = Field(fields + 1)
        var cursor = WireCursor(slice)
        if try cursor.tag() == keyField.pointee.tag {
            var entry = MapEntry(key: try readKey(&cursor, keyField))
            if try cursor.tag() == valueField.pointee.tag {
                if valueField.pointee.wireType == WireType.bytes {
                    entry.slice = try cursor.slice()
                } else {
                    entry.bits = try readBits(&cursor, valueField)
                }
                if cursor.isAtEnd { return entry }
            }
        }
        return try readOddEntry(slice, keyField, valueField)
    }

    @inline(__always)
    private func readKey(
        _ cursor: inout WireCursor, _ field: Field
    ) throws(WireFailure) -> MapKey {
        field.pointee.kind == .string
            ? MapKey(slice: try cursor.slice(), bits: 0)
            : MapKey(slice: nil, bits: try readBits(&cursor, field))
    }

    @inline(never)
    private mutating func readOddEntry(
        _ slice: WireSlice, _ keyField: Field, _ valueField: Field
    ) throws(WireFailure) -> MapEntry {
        var entry = MapEntry(key: emptyKey(keyField))
        if valueField.pointee.kind == .enumeration,
            let table = valueField.pointee.enumeration
        {
            entry.bits = UInt64(bitPattern: Int64(table.pointee.defaultNumber))
        }
        var cursor = WireCursor(slice)
        while true {
            let tag = try cursor.tag()
            if tag == 0 { return entry }
            if tag == keyField.pointee.tag {
                entry.key = try readKey(&cursor, keyField)
            } else if tag == valueField.pointee.tag {
                if valueField.pointee.wireType != WireType.bytes {
                    entry.bits = try readBits(&cursor, valueField)
                } else if valueField.pointee.kind == .message, let first = entry.slice {
                    entry.slice = concatenated([first, try cursor.slice()])
                } else {
                    entry.slice = try cursor.slice()
                }
            } else {
                try cursor.skip(tag)
            }
        }
    }

    private func emptyKey(_ field: Field) -> MapKey {
        guard field.pointee.kind == .string else { return MapKey(slice: nil, bits: 0) }
        let empty: StaticString = "-"
        return MapKey(
            slice: WireSlice(start: empty.utf8Start, end: empty.utf8Start), bits: 0)
    }

    /// Payloads one after the other: a message's, put together so, are the merged message.
    mutating func concatenated(_ slices: [WireSlice]) -> WireSlice {
        let count = slices.reduce(0) { $0 + $1.count }
        let buffer = UnsafeMutablePointer<UInt8>.allocate(capacity: max(count, 1))
        buffers.append(buffer)
        var place = buffer
        for slice in slices {
            place.update(from: slice.start, count: slice.count)
            place += slice.count
        }
        return WireSlice(start: UnsafePointer(buffer), end: UnsafePointer(place))
    }
}
