// SPDX-License-Identifier: Apache-2.0
// ProtoJSON to protobuf's wire form in one pass over the Document: each field is written where it
// stands, a nested message's length into a byte kept free before it.

internal import DragomanDocument

struct WireWriter {
    let output: OutputBuffer
    let options: ProtoJSONOptions
    let tables: PlanTables
    /// The values come from a URL: booleans and enum numbers may be texts.
    var takesText = false

    typealias Table = UnsafePointer<MessageTable>
    typealias Field = UnsafePointer<FieldTable>

    /// The bytes of a message, without tag and length.
    func writeMessage(_ node: Node, _ table: Table, depth: Int) throws(TranslationError) {
        guard depth < options.messageDepthMax else { throw tooDeep(node) }
        if table.pointee.wellKnown == .none {
            try writeFields(node, table, depth, isTyped: false)
        } else {
            try writeWellKnown(node, table, depth)
        }
    }

    func tooDeep(_ node: Node) -> TranslationError {
        TranslationError(
            .depth, "more than \(options.messageDepthMax) messages inside one another", at: node)
    }

    /// - Parameter isTyped: the object is an Any's, whose `@type` is not a field.
    func writeFields(
        _ node: Node, _ table: Table, _ depth: Int, isTyped: Bool
    ) throws(TranslationError) {
        guard node.kind == .object else { throw mismatch(node, "an object") }
        let fields = table.pointee.fields
        let fieldCount = table.pointee.fieldCount
        var seen = SeenBits()
        var oneofs = SeenBits()
        var expected = 0
        var members = node.members
        while let member = members.next() {
            let name = member.name.bytes
            var place = expected
            if place >= fieldCount || !Bytes.equal(fields[place].jsonName.bytes, name) {
                place = table.pointee.place(named: name)
                if place < 0 {
                    if isTyped, member.name.textEquals("@type") { continue }
                    if options.unknown == .ignore { continue }
                    throw unknownMember(member.name, table)
                }
            }
            expected = place &+ 1
            let field = Field(fields + place)
            guard seen.insert(place) else {
                throw TranslationError(
                    .value,
                    "the field \(field.pointee.protoName.string) is given twice, by both its names",
                    at: member.name)
            }
            let value = member.value
            if value.kind == .null, !field.pointee.takesNull || field.pointee.form >= .repeated {
                continue
            }
            if field.pointee.oneof >= 0 {
                guard oneofs.insert(Int(field.pointee.oneof)) else {
                    throw oneofTwice(field, table, at: member.name)
                }
            }
            try writeField(value, field, depth)
        }
        if table.pointee.requiredCount > 0 { try checkRequired(node, table) }
    }

    private func unknownMember(_ name: Node, _ table: Table) -> TranslationError {
        TranslationError(
            .value,
            "\(table.pointee.fullName.string) has no field \(JSONText.quoted(name.string))",
            at: name)
    }

    private func oneofTwice(_ field: Field, _ table: Table, at name: Node) -> TranslationError {
        let fields = table.pointee.fields
        let others = (0..<table.pointee.fieldCount)
            .filter { fields[$0].oneof == field.pointee.oneof }
            .map { fields[$0].jsonName.string }
        return TranslationError(
            .value, "only one of \(others.joined(separator: ", ")) may be given", at: name)
    }

    private func checkRequired(_ node: Node, _ table: Table) throws(TranslationError) {
        let fields = table.pointee.fields
        for place in 0..<table.pointee.fieldCount where fields[place].isRequired {
            let value =
                node.member(fields[place].jsonName) ?? node.member(fields[place].protoName)
            let isMissing =
                value.map { $0.kind == .null && !fields[place].takesNull } ?? true
            if isMissing {
                throw TranslationError(
                    .value, keyword: "required",
                    "the field \(fields[place].jsonName.string) is required", at: node)
            }
        }
    }

    // MARK: Fields

    @inline(__always)
    func writeTag(_ field: Field) {
        let bytes = field.pointee.tagBytes
        output.append(atMost: 8) { place in
            UnsafeMutableRawPointer(place).storeBytes(of: bytes.littleEndian, as: UInt64.self)
            return Int(field.pointee.tagCount)
        }
    }

    @inline(__always)
    func writeVarint(_ value: UInt64) {
        output.append(atMost: 10) { Varint.write(value, at: $0) }
    }

    private func writeField(_ value: Node, _ field: Field, _ depth: Int) throws(TranslationError) {
        switch field.pointee.form {
        case .implicit: try writeImplicit(value, field)
        case .explicit: try writeValue(value, field, depth)
        case .repeated:
            guard value.kind == .array else { throw mismatch(value, "an array") }
            var items = value.items
            while let item = items.next() {
                try checkNotNull(item, field)
                try writeValue(item, field, depth)
            }
        case .packed: try writePacked(value, field)
        case .map: try writeMap(value, field, depth)
        }
    }

    @inline(__always)
    func checkNotNull(_ value: Node, _ field: Field) throws(TranslationError) {
        if value.kind == .null, !field.pointee.takesNull {
            throw TranslationError(
                .value, "null can stand neither in a list nor in a map", at: value)
        }
    }

    /// A scalar without presence: its default is not written.
    @inline(__always)
    func writeImplicit(_ value: Node, _ field: Field) throws(TranslationError) {
        switch field.pointee.kind {
        case .string:
            guard value.kind == .string else { throw mismatch(value, "a string") }
            if value.count > 0 { writeBytes(value.bytes, field) }
        case .bytes:
            guard value.kind == .string else { throw mismatch(value, "a base64 string") }
            if value.count > 0 { try writeBase64(value, field) }
        default:
            guard let bits = try bits(value, field), bits != 0 else { return }
            writeTag(field)
            writeBits(bits, field.pointee.wireType)
        }
    }

    /// One value with its tag.
    func writeValue(_ value: Node, _ field: Field, _ depth: Int) throws(TranslationError) {
        switch field.pointee.kind {
        case .string:
            guard value.kind == .string else { throw mismatch(value, "a string") }
            writeBytes(value.bytes, field)
        case .bytes:
            guard value.kind == .string else { throw mismatch(value, "a base64 string") }
            try writeBase64(value, field)
        case .message:
            writeTag(field)
            let start = beginLength()
            try writeMessage(value, table(field), depth: depth &+ 1)
            endLength(start)
        case .group:
            writeTag(field)
            try writeMessage(value, table(field), depth: depth &+ 1)
            writeVarint(UInt64(field.pointee.number) &<< 3 | UInt64(WireType.groupEnd))
        default:
            guard let bits = try bits(value, field) else { return }
            writeTag(field)
            writeBits(bits, field.pointee.wireType)
        }
    }

    @inline(__always)
    func table(_ field: Field) -> Table {
        // Message kinds and maps always have one (PlanTables.row).
        UnsafePointer(field.pointee.message.unsafelyUnwrapped)
    }

    private func writePacked(_ value: Node, _ field: Field) throws(TranslationError) {
        guard value.kind == .array else { throw mismatch(value, "an array") }
        guard value.count > 0 else { return }
        let before = output.count
        writeTag(field)
        let start = beginLength()
        var items = value.items
        while let item = items.next() {
            try checkNotNull(item, field)
            guard let bits = try bits(item, field) else { continue }
            writeBits(bits, field.pointee.wireType)
        }
        if output.count == start { output.truncate(to: before) } else { endLength(start) }
    }

    @inline(__always)
    func writeBits(_ bits: UInt64, _ wireType: UInt8) {
        output.append(atMost: 10) { place in
            switch wireType {
            case WireType.varint: return Varint.write(bits, at: place)
            case WireType.fixed32:
                UnsafeMutableRawPointer(place).storeBytes(
                    of: UInt32(truncatingIfNeeded: bits).littleEndian, as: UInt32.self)
                return 4
            default:
                UnsafeMutableRawPointer(place).storeBytes(
                    of: bits.littleEndian, as: UInt64.self)
                return 8
            }
        }
    }

    /// Tag, length and bytes.
    @inline(__always)
    func writeBytes(_ bytes: UnsafeRawBufferPointer, _ field: Field) {
        let tag = field.pointee.tagBytes
        let tagCount = Int(field.pointee.tagCount)
        output.append(atMost: bytes.count &+ 18) { place in
            UnsafeMutableRawPointer(place).storeBytes(of: tag.littleEndian, as: UInt64.self)
            var count = tagCount
            count &+= Varint.write(UInt64(truncatingIfNeeded: bytes.count), at: place + count)
            if let start = bytes.baseAddress {
                UnsafeMutableRawPointer(place + count).copyMemory(
                    from: start, byteCount: bytes.count)
            }
            return count &+ bytes.count
        }
    }

    // MARK: Lengths

    /// Keeps one byte free for a length. - Returns: where the counted bytes begin.
    @inline(__always)
    func beginLength() -> Int {
        output.append(0)
        return output.count
    }

    /// Puts the length before what was written since `start`; moves that if the length is long.
    @inline(__always)
    func endLength(_ start: Int) {
        let length = output.count &- start
        if length < 0x80 {
            output.replace(at: start &- 1, UInt8(truncatingIfNeeded: length))
        } else {
            endLongLength(start, length)
        }
    }

    @inline(never)
    private func endLongLength(_ start: Int, _ length: Int) {
        output.openGap(at: start, size: Varint.size(UInt64(length)) - 1)
        _ = Varint.write(UInt64(length), at: output.pointer(at: start - 1))
    }

    // MARK: Maps

    private func writeMap(_ value: Node, _ field: Field, _ depth: Int) throws(TranslationError) {
        guard value.kind == .object else { throw mismatch(value, "an object") }
        let entry = table(field)
        let keyField = Field(entry.pointee.fields)
        let valueField = Field(entry.pointee.fields + 1)
        var members = value.members
        while let member = members.next() {
            try checkNotNull(member.value, valueField)
            let before = output.count
            writeTag(field)
            let start = beginLength()
            try writeKey(member.name, keyField)
            let afterKey = output.count
            try writeValue(member.value, valueField, depth &+ 1)
            if output.count == afterKey {
                // An enum member that the contract does not know, where that is ignored.
                output.truncate(to: before)
            } else {
                endLength(start)
            }
        }
    }

    private func writeKey(_ name: Node, _ field: Field) throws(TranslationError) {
        if field.pointee.kind == .string { return writeBytes(name.bytes, field) }
        let bits: UInt64
        if field.pointee.kind == .bool {
            if name.textEquals("true") {
                bits = 1
            } else if name.textEquals("false") {
                bits = 0
            } else {
                throw mismatch(name, "the key of a map by booleans")
            }
        } else {
            guard NumberText.isCanonicalInteger(name.bytes),
                let number = try self.bits(name, field)
            else { throw mismatch(name, "the key of a map by integers") }
            bits = number
        }
        writeTag(field)
        writeBits(bits, field.pointee.wireType)
    }
}

extension FieldForm {
    /// In the order of their declaration: lists and maps come after single values.
    @inline(__always)
    static func >= (left: FieldForm, right: FieldForm) -> Bool { left.rawValue >= right.rawValue }
}

/// Which of a message's fields have been seen: the first 64 without memory of its own.
struct SeenBits {
    private var low: UInt64 = 0
    private var more: [UInt64] = []

    /// - Returns: false where it was there already.
    @inline(__always)
    mutating func insert(_ place: Int) -> Bool {
        guard place < 64 else { return insertMore(place &- 64) }
        let bit: UInt64 = 1 &<< UInt64(truncatingIfNeeded: place)
        if low & bit != 0 { return false }
        low |= bit
        return true
    }

    @inline(never)
    private mutating func insertMore(_ place: Int) -> Bool {
        while more.count <= place / 64 { more.append(0) }
        let bit: UInt64 = 1 << UInt64(place % 64)
        if more[place / 64] & bit != 0 { return false }
        more[place / 64] |= bit
        return true
    }

    @inline(__always)
    func contains(_ place: Int) -> Bool {
        if place < 64 { return low & 1 &<< UInt64(truncatingIfNeeded: place) != 0 }
        let index = (place &- 64) / 64
        return index < more.count && more[index] & 1 << UInt64(place % 64) != 0
    }
}

enum Varint {
    /// - Returns: bytes written, at most 10.
    @inline(__always)
    static func write(_ value: UInt64, at place: UnsafeMutablePointer<UInt8>) -> Int {
        var rest = value
        var count = 0
        while rest >= 0x80 {
            place[count] = UInt8(truncatingIfNeeded: rest) | 0x80
            rest &>>= 7
            count &+= 1
        }
        place[count] = UInt8(truncatingIfNeeded: rest)
        return count &+ 1
    }

    static func size(_ value: UInt64) -> Int {
        (63 - (value | 1).leadingZeroBitCount) / 7 + 1
    }
}
