// SPDX-License-Identifier: Apache-2.0
// ProtoJSON to protobuf's wire form in one pass over the Document: each field is written where it
// stands, a nested message's length into a byte kept free before it.

internal import DragomanDocument

struct WireWriter {
    var wire: WireBuffer
    let options: ProtoJSONOptions
    let tables: PlanTables
    /// The values come from a URL: booleans and enum numbers may be texts.
    let takesText: Bool

    typealias Table = UnsafePointer<MessageTable>
    typealias Field = UnsafePointer<FieldTable>

    init(
        output: OutputBuffer, options: ProtoJSONOptions, tables: PlanTables,
        takesText: Bool = false
    ) {
        wire = WireBuffer(output)
        self.options = options
        self.tables = tables
        self.takesText = takesText
    }

    /// The bytes of a message, without tag and length.
    mutating func writeMessage(_ node: Node, _ table: Table, depth: Int) throws(TranslationError) {
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

    /// `isTyped`: the object is an Any's, whose `@type` is not a field.
    mutating func writeFields(
        _ node: Node, _ table: Table, _ depth: Int, isTyped: Bool
    ) throws(TranslationError) {
        guard node.isMap else { throw mismatch(node, "an object") }
        let fields = table.pointee.fields
        let fieldCount = table.pointee.fieldCount
        var seen = SeenBits()
        var oneofs = SeenBits()
        var expected = 0
        var members = node.members
        while let member = members.next() {
            let name = member.name.bytes
            var place = expected
            if place >= fieldCount || !fields[place].hasJSONName(name) {
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
            if value.isNothing, !field.pointee.takesNull || field.pointee.form >= .repeated {
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

    mutating func writeField(_ value: Node, _ field: Field, _ depth: Int)
        throws(TranslationError)
    {
        switch field.pointee.form {
        case .implicit: try writeImplicit(value, field)
        case .explicit: try writeValue(value, field, depth)
        case .item: try writeItem(value, field, depth)
        case .repeated:
            guard value.isList else { throw mismatch(value, "an array") }
            var items = value.items
            while let item = items.next() {
                try checkNotNull(item, field)
                try writeValue(item, field, depth)
            }
        case .packed: try writePacked(value, field)
        case .map: try writeMap(value, field, depth)
        }
    }

    /// In a MessageSet: a group with the number 1, in it the type, field 2, and the message, 3.
    private mutating func writeItem(
        _ value: Node, _ field: Field, _ depth: Int
    ) throws(TranslationError) {
        wire.byte(1 << 3 | WireType.groupStart)
        wire.byte(2 << 3)
        wire.varint(UInt64(field.pointee.number))
        wire.byte(3 << 3 | WireType.bytes)
        let start = wire.beginLength()
        try writeMessage(value, table(field), depth: depth &+ 1)
        wire.endLength(start)
        wire.byte(1 << 3 | WireType.groupEnd)
    }

    @inline(__always)
    func checkNotNull(_ value: Node, _ field: Field) throws(TranslationError) {
        if value.isNothing, !field.pointee.takesNull {
            throw TranslationError(
                .value, "null can stand neither in a list nor in a map", at: value)
        }
    }

    /// A scalar without presence: its default is not written.
    @inline(__always)
    mutating func writeImplicit(_ value: Node, _ field: Field) throws(TranslationError) {
        switch field.pointee.kind {
        case .string:
            guard value.isText else { throw mismatch(value, "a string") }
            let bytes = value.bytes
            if bytes.count > 0 { wire.bytes(bytes, field) }
        case .bytes:
            guard value.isText else { throw mismatch(value, "a base64 string") }
            if value.count > 0 { try writeBase64(value, field) }
        default:
            guard let bits = try bits(value, field), bits != 0 else { return }
            wire.tag(field)
            wire.bits(bits, field.pointee.wireType)
        }
    }

    /// One value with its tag.
    mutating func writeValue(_ value: Node, _ field: Field, _ depth: Int) throws(TranslationError) {
        switch field.pointee.kind {
        case .string:
            guard value.isText else { throw mismatch(value, "a string") }
            wire.bytes(value.bytes, field)
        case .bytes:
            guard value.isText else { throw mismatch(value, "a base64 string") }
            try writeBase64(value, field)
        case .message:
            wire.tag(field)
            let start = wire.beginLength()
            try writeMessage(value, table(field), depth: depth &+ 1)
            wire.endLength(start)
        case .group:
            wire.tag(field)
            try writeMessage(value, table(field), depth: depth &+ 1)
            wire.varint(UInt64(field.pointee.number) &<< 3 | UInt64(WireType.groupEnd))
        default:
            guard let bits = try bits(value, field) else { return }
            wire.tag(field)
            wire.bits(bits, field.pointee.wireType)
        }
    }

    @inline(__always)
    func table(_ field: Field) -> Table {
        // Message kinds and maps always have one (PlanTables.row).
        UnsafePointer(field.pointee.message.unsafelyUnwrapped)
    }

    private mutating func writePacked(_ value: Node, _ field: Field) throws(TranslationError) {
        guard value.isList else { throw mismatch(value, "an array") }
        guard value.count > 0 else { return }
        let before = wire.count
        wire.tag(field)
        let start = wire.beginLength()
        var items = value.items
        while let item = items.next() {
            try checkNotNull(item, field)
            guard let bits = try bits(item, field) else { continue }
            wire.bits(bits, field.pointee.wireType)
        }
        if wire.count == start { wire.truncate(to: before) } else { wire.endLength(start) }
    }

    // MARK: Maps

    private mutating func writeMap(_ value: Node, _ field: Field, _ depth: Int)
        throws(TranslationError)
    {
        guard value.isMap else { throw mismatch(value, "an object") }
        let entry = table(field)
        let keyField = Field(entry.pointee.fields)
        let valueField = Field(entry.pointee.fields + 1)
        var members = value.members
        while let member = members.next() {
            try checkNotNull(member.value, valueField)
            let before = wire.count
            wire.tag(field)
            let start = wire.beginLength()
            try writeKey(member.name, keyField)
            let afterKey = wire.count
            try writeValue(member.value, valueField, depth &+ 1)
            if wire.count == afterKey {
                // An enum member that the contract does not know, where that is ignored.
                wire.truncate(to: before)
            } else {
                wire.endLength(start)
            }
        }
    }

    private mutating func writeKey(_ name: Node, _ field: Field) throws(TranslationError) {
        if field.pointee.kind == .string { return wire.bytes(name.bytes, field) }
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
        wire.tag(field)
        wire.bits(bits, field.pointee.wireType)
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
}
