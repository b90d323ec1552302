// SPDX-License-Identifier: Apache-2.0
// Messages whose fields come in any order: several encoders write oneofs last, and the wire form
// allows every field to be repeated. The last scalar wins, messages merge, lists append.

internal import DragomanDocument

/// One field's value on the wire, and which of a message's fields it is of.
struct WireRecord {
    /// Place in the message's fields.
    var place: Int32
    /// A packed run.
    var isRun: Bool
    /// Position among the message's records.
    var sequence: UInt32
    /// The payload; of varints and fixed values their bytes.
    var slice: WireSlice
}

extension WireReader {
    mutating func readFieldsCarefully(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        let base = records.count
        try collect(slice, table)
        if table.pointee.oneofCount > 0 { dropReplacedOneofs(base, table) }
        sort(from: base)
        let isPrinting = options.defaults == .print || options.arrays == .print
        var requiredCount = 0
        var next = 0
        var index = base
        let end = records.count
        while index < end {
            let place = Int(records[index].place)
            var stop = index &+ 1
            while stop < end, records[stop].place == records[index].place { stop &+= 1 }
            if isPrinting { try printDefaults(table, next, place) }
            let field = UnsafePointer(table.pointee.fields + place)
            if field.pointee.isRequired { requiredCount += 1 }
            do throws(WireFailure) {
                try readRecords(index, stop, field, depth)
            } catch {
                throw WireReader.within(field, error)
            }
            next = place &+ 1
            index = stop
        }
        records.removeLast(records.count &- base)
        if isPrinting { try printDefaults(table, next, table.pointee.fieldCount) }
        if requiredCount != table.pointee.requiredCount { throw missingField(slice, table) }
    }

    // MARK: Records

    private mutating func collect(_ slice: WireSlice, _ table: Table) throws(WireFailure) {
        if table.pointee.isMessageSet { return try collectMessageSet(slice, table) }
        var cursor = WireCursor(slice)
        var sequence: UInt32 = 0
        while true {
            let tag = try cursor.tag()
            if tag == 0 { return }
            let place = table.pointee.place(number: tag &>> 3)
            guard place >= 0, WireReader.takes(table.pointee.fields + place, tag) else {
                try cursor.skip(tag)
                continue
            }
            let payload: WireSlice
            switch UInt8(truncatingIfNeeded: tag & 7) {
            case WireType.bytes: payload = try cursor.slice()
            case WireType.groupStart: payload = try cursor.group(tag)
            default:
                let start = cursor.place
                try cursor.skip(tag)
                payload = WireSlice(start: start, end: cursor.place)
            }
            records.append(
                WireRecord(
                    place: Int32(place), isRun: table.pointee.fields[place].tag != tag,
                    sequence: sequence, slice: payload))
            sequence &+= 1
        }
    }

    /// Groups with the number 1, each of a type, field 2, and a message, field 3; or an extension
    /// as in any other message, from writers that know no message sets.
    private mutating func collectMessageSet(
        _ slice: WireSlice, _ table: Table
    ) throws(WireFailure) {
        var cursor = WireCursor(slice)
        var sequence: UInt32 = 0
        while true {
            let tag = try cursor.tag()
            if tag == 0 { return }
            let item: (number: UInt32, message: WireSlice)?
            switch UInt8(truncatingIfNeeded: tag & 7) {
            case WireType.groupStart where tag &>> 3 == 1:
                item = try messageSetItem(try cursor.group(tag))
            case WireType.bytes: item = (tag &>> 3, try cursor.slice())
            default:
                try cursor.skip(tag)
                item = nil
            }
            guard let item else { continue }
            let place = table.pointee.place(number: item.number)
            guard place >= 0 else { continue }
            records.append(
                WireRecord(
                    place: Int32(place), isRun: false, sequence: sequence, slice: item.message))
            sequence &+= 1
        }
    }

    /// The first type and the first message of an item count, in either order.
    private func messageSetItem(
        _ slice: WireSlice
    ) throws(WireFailure) -> (number: UInt32, message: WireSlice)? {
        var item = WireCursor(slice)
        var number: UInt64 = 0
        var message: WireSlice?
        while true {
            let tag = try item.tag()
            if tag == 0 { break }
            switch tag {
            case 2 << 3:
                let value = try item.varint()
                if number == 0 { number = value }
            case 3 << 3 | 2:
                let value = try item.slice()
                if message == nil { message = value }
            default: try item.skip(tag)
            }
        }
        guard let message, number > 0, number < 1 << 29 else { return nil }
        return (UInt32(number), message)
    }

    /// Of each oneof only the member that was set last stays, with what merges into it.
    private mutating func dropReplacedOneofs(_ base: Int, _ table: Table) {
        var winners = [Int32](repeating: -1, count: table.pointee.oneofCount)
        var isClosed = [Bool](repeating: false, count: table.pointee.oneofCount)
        var dropped = false
        for index in stride(from: records.count - 1, through: base, by: -1) {
            let place = records[index].place
            let oneof = Int(table.pointee.fields[Int(place)].oneof)
            guard oneof >= 0 else { continue }
            if winners[oneof] < 0 { winners[oneof] = place }
            if winners[oneof] != place { isClosed[oneof] = true }
            if isClosed[oneof] {
                records[index].place = -1
                dropped = true
            }
        }
        if dropped {
            var kept = base
            for index in base..<records.count where records[index].place >= 0 {
                records[kept] = records[index]
                kept += 1
            }
            records.removeLast(records.count - kept)
        }
    }

    private mutating func sort(from base: Int) {
        var isSorted = true
        for index in base..<records.count where index > base {
            if records[index - 1].place > records[index].place {
                isSorted = false
                break
            }
        }
        if isSorted { return }
        records[base...].sort {
            $0.place != $1.place ? $0.place < $1.place : $0.sequence < $1.sequence
        }
    }

    // MARK: Values

    /// All records of one field.
    private mutating func readRecords(
        _ start: Int, _ end: Int, _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        switch field.pointee.form {
        case .implicit, .explicit, .item: try readSingle(start, end, field, depth)
        case .repeated, .packed: try readItems(start, end, field, depth)
        case .map: try readMapCarefully(records[start..<end].map(\.slice), field, depth)
        }
    }

    private mutating func readMapCarefully(
        _ slices: [WireSlice], _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        try checkDepth(depth)
        let mark = document.mark
        try countMember()
        writeKey(field)
        document.beginObject()
        try readEntriesCarefully(slices, field, depth &+ 1)
        let isEmpty = document.openCount == 0
        document.endObject()
        if isEmpty, options.arrays == .omit { document.rewind(to: mark) }
    }

    /// The entries that stand in a row. - Returns: the tag after them.
    mutating func readMapCarefully(
        _ cursor: inout WireCursor, _ field: Field, _ firstTag: UInt32, _ depth: Int
    ) throws(WireFailure) -> UInt32 {
        var slices: [WireSlice] = []
        var tag = firstTag
        repeat {
            if tag == field.pointee.tag {
                slices.append(try cursor.slice())
            } else {
                try cursor.skip(tag)
            }
            tag = try cursor.tag()
        } while tag &>> 3 == field.pointee.number
        try readMapCarefully(slices, field, depth)
        return tag
    }

    private mutating func readSingle(
        _ start: Int, _ end: Int, _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        var slice = records[end - 1].slice
        switch field.pointee.kind {
        case .message, .group:
            if end - start > 1 {
                slice = concatenated((start..<end).map { records[$0].slice })
            }
            try countMember()
            writeKey(field)
            try readMessage(slice, WireReader.table(field), depth: depth)
        case .string, .bytes:
            if slice.count == 0, field.pointee.form == .implicit, options.defaults == .omit {
                return
            }
            try countMember()
            writeKey(field)
            try appendText(slice, field)
        default:
            // A number that a closed enum does not know is no value, and so replaces none.
            for index in stride(from: end - 1, through: start, by: -1) {
                var cursor = WireCursor(records[index].slice)
                let bits = try readBits(&cursor, field)
                if field.pointee.kind == .enumeration, isUnknownOfClosed(bits, field) { continue }
                return try appendScalar(bits, field)
            }
        }
    }

    private mutating func readItems(
        _ start: Int, _ end: Int, _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        try checkDepth(depth)
        let mark = document.mark
        try countMember()
        writeKey(field)
        document.beginArray()
        for index in start..<end {
            let record = records[index]
            switch field.pointee.kind {
            case .string, .bytes:
                try countMember()
                try appendText(record.slice, field)
            case .message, .group:
                try countMember()
                try readMessage(record.slice, WireReader.table(field), depth: depth &+ 1)
            default: try readRun(record.slice, field)
            }
        }
        let isEmpty = document.openCount == 0
        document.endArray()
        if isEmpty, options.arrays == .omit { document.rewind(to: mark) }
    }

    /// Entries of which the last with each key counts.
    mutating func readEntriesCarefully(
        _ slices: [WireSlice], _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        var entries: [MapEntry] = []
        entries.reserveCapacity(slices.count)
        for slice in slices { entries.append(try readEntry(slice, field)) }
        var last: [MapKey: Int] = [:]
        for (index, entry) in entries.enumerated() { last[entry.key] = index }
        for (index, entry) in entries.enumerated() where last[entry.key] == index {
            try appendEntry(entry, field, depth)
        }
    }
}
