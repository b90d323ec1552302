// SPDX-License-Identifier: Apache-2.0
// Protobuf's wire form to ProtoJSON, straight onto the tape. The ordinary message, whose fields
// come by ascending number and each but once, is read in one pass; any other throws `disorder`,
// and is read again from the start by WireReader+Careful.

internal import DragomanDocument

struct WireReader {
    let document: Document
    let options: ProtoJSONOptions
    let limits: DocumentLimits
    let tables: PlanTables
    var members = 0
    /// Fields may come in any order and any number.
    var isCareful = false
    /// Of the messages that are being read carefully, the innermost last.
    var records: [WireRecord] = []
    /// Payloads put together from several; given back by `release`.
    var buffers: [UnsafeMutablePointer<UInt8>] = []

    typealias Table = UnsafePointer<MessageTable>
    typealias Field = UnsafePointer<FieldTable>

    init(
        document: Document, options: ProtoJSONOptions, limits: DocumentLimits, tables: PlanTables
    ) {
        self.document = document
        self.options = options
        self.limits = limits
        self.tables = tables
    }

    /// Reads from here on without expecting any order.
    mutating func startOver() {
        members = 0
        isCareful = true
    }

    func release() {
        for buffer in buffers { buffer.deallocate() }
    }

    // MARK: Messages

    /// One message as a value; `depth` containers stand around it.
    mutating func readMessage(
        _ slice: WireSlice, _ table: Table, depth: Int
    ) throws(WireFailure) {
        guard table.pointee.wellKnown == .none else {
            return try readWellKnown(slice, table, depth)
        }
        try checkDepth(depth)
        document.beginObject()
        try readFields(slice, table, depth &+ 1)
        document.endObject()
    }

    /// A message's fields as members of the object that is open.
    mutating func readFields(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        if isCareful || table.pointee.isReadCarefully {
            try readFieldsCarefully(slice, table, depth)
        } else {
            try readFieldsInOrder(slice, table, depth)
        }
    }

    @inline(__always)
    func checkDepth(_ depth: Int) throws(WireFailure) {
        guard depth < limits.depthMax else {
            throw WireFailure(
                .depth, "more than \(limits.depthMax) objects and arrays inside one another")
        }
    }

    @inline(__always)
    mutating func countMember() throws(WireFailure) {
        members &+= 1
        guard members <= limits.membersMax else {
            throw WireFailure(
                .members, "more than \(limits.membersMax) members and items together")
        }
    }

    private mutating func readFieldsInOrder(
        _ slice: WireSlice, _ table: Table, _ depth: Int
    ) throws(WireFailure) {
        var cursor = WireCursor(slice)
        let fields = UnsafePointer(table.pointee.fields)
        let fieldCount = table.pointee.fieldCount
        let isPrinting = options.defaults == .print || options.arrays == .print
        var oneofs: UInt64 = 0
        var requiredCount = 0
        var next = 0
        var tag = try cursor.tag()
        while tag != 0 {
            var place = next
            if next >= fieldCount || fields[next].tag != tag {
                place = table.pointee.place(number: tag &>> 3)
                guard place >= 0, WireReader.takes(fields + place, tag) else {
                    try cursor.skip(tag)
                    tag = try cursor.tag()
                    continue
                }
                if place < next { throw .disorder }
                if isPrinting { try printDefaults(table, next, place) }
            }
            let field = fields + place
            if field.pointee.oneof >= 0 {
                let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: field.pointee.oneof)
                if oneofs & bit != 0 { throw .disorder }
                oneofs |= bit
            }
            if field.pointee.isRequired { requiredCount &+= 1 }
            do throws(WireFailure) {
                switch field.pointee.form {
                case .implicit, .explicit, .item:
                    try readSingle(&cursor, field, depth)
                    tag = try cursor.tag()
                case .repeated, .packed: tag = try readList(&cursor, field, tag, depth)
                case .map: tag = try readMap(&cursor, field, tag, depth)
                }
            } catch {
                throw WireReader.within(field, error)
            }
            next = place &+ 1
        }
        if isPrinting { try printDefaults(table, next, fieldCount) }
        if requiredCount != table.pointee.requiredCount { throw missingField(slice, table) }
    }

    static func within(_ field: Field, _ failure: WireFailure) -> WireFailure {
        if failure.reason == .disorder { return failure }
        var failure = failure
        failure.path.append(field.pointee.protoName.string)
        return failure
    }

    /// A value with that tag is one of the field's; any other is as good as an unknown field.
    @inline(__always)
    static func takes(_ field: Field, _ tag: UInt32) -> Bool {
        field.pointee.tag == tag
            || UInt8(truncatingIfNeeded: tag & 7) == WireType.bytes && isPackable(field)
    }

    @inline(__always)
    static func isPackable(_ field: Field) -> Bool {
        (field.pointee.form == .repeated || field.pointee.form == .packed)
            && field.pointee.wireType != WireType.bytes
            && field.pointee.wireType != WireType.groupStart
    }

    func missingField(_ slice: WireSlice, _ table: Table) -> WireFailure {
        var numbers: Set<UInt32> = []
        var cursor = WireCursor(slice)
        while let tag = try? cursor.tag(), tag != 0 {
            numbers.insert(tag >> 3)
            guard (try? cursor.skip(tag)) != nil else { break }
        }
        let fields = table.pointee.fields
        for place in 0..<table.pointee.fieldCount
        where fields[place].isRequired && !numbers.contains(fields[place].number) {
            return WireFailure(
                .malformed, "the required field \(fields[place].protoName.string) is missing")
        }
        return WireFailure(.malformed, "a required field is missing")
    }

    // MARK: Single values

    @inline(__always)
    func writeKey(_ field: Field) {
        document.key(options.names == .json ? field.pointee.jsonName : field.pointee.protoName)
    }

    @inline(__always)
    mutating func readSingle(
        _ cursor: inout WireCursor, _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        switch field.pointee.kind {
        case .string, .bytes:
            let slice = try cursor.slice()
            if slice.count == 0, field.pointee.form == .implicit, options.defaults == .omit {
                return
            }
            try countMember()
            writeKey(field)
            try appendText(slice, field)
        case .message:
            let slice = try cursor.slice()
            try countMember()
            writeKey(field)
            try readMessage(slice, WireReader.table(field), depth: depth)
        case .group:
            let slice = try cursor.group(field.pointee.tag)
            try countMember()
            writeKey(field)
            try readMessage(slice, WireReader.table(field), depth: depth)
        default:
            try appendScalar(try readBits(&cursor, field), field)
        }
    }

    /// A scalar that is no text, with its name; or nothing, where it is the default of a field
    /// without presence or no member of its closed enum.
    @inline(__always)
    mutating func appendScalar(_ bits: UInt64, _ field: Field) throws(WireFailure) {
        if bits == 0, field.pointee.form == .implicit, options.defaults == .omit { return }
        if field.pointee.kind == .enumeration, isUnknownOfClosed(bits, field) { return }
        try countMember()
        writeKey(field)
        append(bits, field)
    }

    @inline(__always)
    static func table(_ field: Field) -> Table {
        // Message kinds and maps always have one (PlanTables.row).
        UnsafePointer(field.pointee.message.unsafelyUnwrapped)
    }

    // MARK: Lists

    /// All values of the field that stand in a row. - Returns: the tag after them.
    private mutating func readList(
        _ cursor: inout WireCursor, _ field: Field, _ firstTag: UInt32, _ depth: Int
    ) throws(WireFailure) -> UInt32 {
        try checkDepth(depth)
        // Only a run may be empty, or hold nothing but unknown members of a closed enum.
        let mark = field.pointee.wireType == WireType.bytes ? nil : document.mark
        try countMember()
        writeKey(field)
        document.beginArray()
        var tag = firstTag
        repeat {
            if tag == field.pointee.tag {
                try readItem(&cursor, field, depth)
            } else if WireReader.takes(field, tag) {
                try readRun(try cursor.slice(), field)
            } else {
                try cursor.skip(tag)
            }
            tag = try cursor.tag()
        } while tag &>> 3 == field.pointee.number
        let isEmpty = mark != nil && document.openCount == 0
        document.endArray()
        if isEmpty, let mark, options.arrays == .omit { document.rewind(to: mark) }
        return tag
    }

    @inline(__always)
    mutating func readItem(
        _ cursor: inout WireCursor, _ field: Field, _ depth: Int
    ) throws(WireFailure) {
        switch field.pointee.kind {
        case .string, .bytes:
            try countMember()
            try appendText(try cursor.slice(), field)
        case .message:
            try countMember()
            try readMessage(
                try cursor.slice(), WireReader.table(field), depth: depth &+ 1)
        case .group:
            try countMember()
            try readMessage(
                try cursor.group(field.pointee.tag), WireReader.table(field), depth: depth &+ 1)
        default:
            try appendItem(try readBits(&cursor, field), field)
        }
    }

    /// A packed run's items.
    mutating func readRun(_ slice: WireSlice, _ field: Field) throws(WireFailure) {
        var cursor = WireCursor(slice)
        while !cursor.isAtEnd {
            try appendItem(try readBits(&cursor, field), field)
        }
    }

    @inline(__always)
    private mutating func appendItem(_ bits: UInt64, _ field: Field) throws(WireFailure) {
        if field.pointee.kind == .enumeration, isUnknownOfClosed(bits, field) { return }
        try countMember()
        append(bits, field)
    }

    // MARK: Defaults

    /// What the options print of fields that are not there, from `start` to before `end`.
    mutating func printDefaults(_ table: Table, _ start: Int, _ end: Int) throws(WireFailure) {
        var place = start
        while place < end {
            let field = UnsafePointer(table.pointee.fields + place)
            place &+= 1
            switch field.pointee.form {
            case .explicit, .item: continue
            case .implicit:
                if options.defaults == .omit { continue }
                try countMember()
                writeKey(field)
                appendDefault(field)
            case .repeated, .packed:
                if options.arrays == .omit { continue }
                try countMember()
                writeKey(field)
                document.beginArray()
                document.endArray()
            case .map:
                if options.arrays == .omit { continue }
                try countMember()
                writeKey(field)
                document.beginObject()
                document.endObject()
            }
        }
    }
}
