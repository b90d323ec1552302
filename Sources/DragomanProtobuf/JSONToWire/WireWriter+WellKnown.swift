// SPDX-License-Identifier: Apache-2.0
// The well-known types, whose JSON form is their own: google/protobuf/{any,struct,timestamp,
// duration,field_mask,wrappers}.proto.

internal import DragomanDocument

extension WireWriter {
    mutating func writeWellKnown(_ node: Node, _ table: Table, _ depth: Int)
        throws(TranslationError)
    {
        switch table.pointee.wellKnown {
        case .none: try writeFields(node, table, depth, isTyped: false)
        case .any: try writeAny(node, depth)
        case .timestamp: try writeTimestamp(node)
        case .duration: try writeDuration(node)
        case .fieldMask: try writeFieldMask(node)
        case .structure: try writeStructure(node, depth)
        case .value: try writeValue(node, depth)
        case .listValue: try writeList(node, depth)
        case .unwrapped: try writeField(node, Field(table.pointee.fields), depth)
        case .wrapper:
            // Its one field is a scalar (WellKnownShape).
            let field = Field(table.pointee.fields)
            if field.pointee.form == .implicit {
                try writeImplicit(node, field)
            } else {
                try writeValue(node, field, depth)
            }
        }
    }

    // MARK: Times

    private mutating func writeTimestamp(_ node: Node) throws(TranslationError) {
        guard node.isText else { throw mismatch(node, "a timestamp") }
        guard let time = TimestampText.parse(node.bytes) else {
            throw TranslationError(
                .value,
                "\(ValueWords.of(node)) is not a timestamp (RFC 3339, like 2024-01-31T12:00:00Z)",
                at: node)
        }
        writeTime(time)
    }

    private mutating func writeDuration(_ node: Node) throws(TranslationError) {
        guard node.isText else { throw mismatch(node, "a duration") }
        guard let time = DurationText.parse(node.bytes) else {
            throw TranslationError(
                .value, "\(ValueWords.of(node)) is not a duration (seconds, like 1.5s)", at: node)
        }
        writeTime(time)
    }

    /// Fields 1, seconds, and 2, nanos; both without presence.
    private mutating func writeTime(_ time: ProtobufTime) {
        if time.seconds != 0 {
            wire.byte(1 << 3)
            wire.varint(UInt64(bitPattern: time.seconds))
        }
        if time.nanoseconds != 0 {
            wire.byte(2 << 3)
            wire.varint(UInt64(bitPattern: Int64(time.nanoseconds)))
        }
    }

    // MARK: FieldMask

    /// `"userName,address.zipCode"` to field 1, repeated: user_name, address.zip_code.
    private mutating func writeFieldMask(_ node: Node) throws(TranslationError) {
        guard node.isText else { throw mismatch(node, "a field mask") }
        let text = node.bytes
        if text.isEmpty { return }
        var start = 0
        while start <= text.count {
            var end = start
            while end < text.count, text[end] != 0x2C { end += 1 }
            let path = UnsafeRawBufferPointer(rebasing: text[start..<end])
            guard !path.isEmpty, !path.contains(0x5F) else {
                throw TranslationError(
                    .value,
                    "\(ValueWords.of(node)) is not a field mask (paths like user.firstName)",
                    at: node)
            }
            wire.byte(1 << 3 | 2)
            let length = wire.beginLength()
            for byte in path {
                if byte >= 0x41 && byte <= 0x5A {
                    wire.byte(0x5F)
                    wire.byte(byte | 0x20)
                } else {
                    wire.byte(byte)
                }
            }
            wire.endLength(length)
            start = end + 1
        }
    }

    // MARK: Struct, Value, ListValue

    /// Field 1, a map from strings to Values.
    private mutating func writeStructure(_ node: Node, _ depth: Int) throws(TranslationError) {
        guard node.isMap else { throw mismatch(node, "an object") }
        var members = node.members
        while let member = members.next() {
            wire.byte(1 << 3 | 2)
            let entry = wire.beginLength()
            let name = member.name.bytes
            wire.byte(1 << 3 | 2)
            wire.varint(UInt64(name.count))
            wire.bytes(name)
            wire.byte(2 << 3 | 2)
            let length = wire.beginLength()
            try writeValue(member.value, depth + 1)
            wire.endLength(length)
            wire.endLength(entry)
        }
    }

    /// Field 1, repeated Values.
    private mutating func writeList(_ node: Node, _ depth: Int) throws(TranslationError) {
        guard node.isList else { throw mismatch(node, "an array") }
        var items = node.items
        while let item = items.next() {
            wire.byte(1 << 3 | 2)
            let length = wire.beginLength()
            try writeValue(item, depth + 1)
            wire.endLength(length)
        }
    }

    /// A oneof: null 1, number 2, string 3, bool 4, struct 5, list 6.
    private mutating func writeValue(_ node: Node, _ depth: Int) throws(TranslationError) {
        guard depth < options.messageDepthMax else { throw tooDeep(node) }
        switch node.kind {
        case .null:
            wire.byte(1 << 3)
            wire.byte(0)
        case .false, .true:
            wire.byte(4 << 3)
            wire.byte(node.kind == .true ? 1 : 0)
        case .integer, .decimal:
            var value = Doubles.parse(node.bytes)
            guard value.isFinite else {
                throw TranslationError(
                    .value, "\(ValueWords.of(node)) is out of the range of a double", at: node)
            }
            if value == 0, node.bytes.first == 0x2D { value = -0.0 }
            wire.byte(2 << 3 | 1)
            wire.bits(value.bitPattern, WireType.fixed64)
        case .array:
            wire.byte(6 << 3 | 2)
            let length = wire.beginLength()
            try writeList(node, depth + 1)
            wire.endLength(length)
        case .object:
            wire.byte(5 << 3 | 2)
            let length = wire.beginLength()
            try writeStructure(node, depth + 1)
            wire.endLength(length)
        default:
            wire.byte(3 << 3 | 2)
            wire.varint(UInt64(node.count))
            wire.bytes(node.bytes)
        }
    }

    // MARK: Any

    /// `{"@type": "host/full.Name", …}` to field 1, the type's URL, and field 2, its bytes.
    private mutating func writeAny(_ node: Node, _ depth: Int) throws(TranslationError) {
        guard node.isMap else { throw mismatch(node, "an object with @type") }
        if node.count == 0 { return }
        guard let type = node.member("@type") else {
            throw TranslationError(
                .value, keyword: "required", "the member @type is required here", at: node)
        }
        guard type.isText, let table = AnyType.table(type.bytes, tables) else {
            throw TranslationError(
                .value, "\(ValueWords.of(type)) is not the URL of a type of the contract", at: type)
        }
        wire.byte(1 << 3 | 2)
        wire.varint(UInt64(type.count))
        wire.bytes(type.bytes)
        wire.byte(2 << 3 | 2)
        let length = wire.beginLength()
        if table.pointee.wellKnown == .none {
            guard depth + 1 < options.messageDepthMax else { throw tooDeep(node) }
            let content = AnyType.isEmptyMessage(table) ? node.member("value") ?? node : node
            try writeFields(content, table, depth + 1, isTyped: true)
        } else {
            try writeAnyValue(node, table, depth)
        }
        if wire.count == length { wire.truncate(to: length - 2) } else { wire.endLength(length) }
    }

    /// A type with a JSON form of its own stands in the member `value`.
    private mutating func writeAnyValue(
        _ node: Node, _ table: Table, _ depth: Int
    ) throws(TranslationError) {
        guard let value = node.member("value") else {
            throw TranslationError(
                .value, keyword: "required",
                "the member value is required where @type is \(table.pointee.fullName.string)",
                at: node)
        }
        var members = node.members
        while let member = members.next() {
            if member.name.textEquals("@type") || member.name.textEquals("value") { continue }
            if options.unknown == .ignore { continue }
            throw TranslationError(
                .value, "only @type and value may stand in this object", at: member.name)
        }
        if value.isNothing, table.pointee.wellKnown != .value {
            throw mismatch(value, "a \(table.pointee.fullName.string)")
        }
        try writeMessage(value, table, depth: depth + 1)
    }
}

/// Finding the type that an Any names.
enum AnyType {
    /// The message after the URL's last slash: of the contract, else one of those built in.
    static func table(
        _ url: UnsafeRawBufferPointer, _ tables: PlanTables
    ) -> UnsafePointer<MessageTable>? {
        var slash = -1
        for index in 0..<url.count where url[index] == 0x2F { slash = index }
        guard slash >= 0, slash + 1 < url.count else { return nil }
        let name = UnsafeRawBufferPointer(rebasing: url[(slash + 1)...])
        return tables.table(named: name) ?? BuiltInTypes.contract?.tables.table(named: name)
    }

    /// google.protobuf.Empty, which implementations write with and without `value`.
    static func isEmptyMessage(_ table: UnsafePointer<MessageTable>) -> Bool {
        table.pointee.fieldCount == 0
            && table.pointee.fullName.string == "google.protobuf.Empty"
    }
}
