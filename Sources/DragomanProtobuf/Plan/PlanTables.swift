// SPDX-License-Identifier: Apache-2.0
// Compiles descriptors into tables: a message with everything it can hold, when it is first asked
// for, so that a contract with thousands of messages costs what is used of it.

internal import DragomanDocument
internal import Synchronization

/// Owns the tables of one contract. A table never moves and never changes once it is handed out.
final class PlanTables: @unchecked Sendable {
    // Sendable: the mutable state is the tables' memory and the pool, both written only under
    // `state`'s lock; a table is complete, with all that it refers to, before the lock that made
    // it is released, and is only read after that.
    private let messages: [MessageDescriptor]
    private let enums: [EnumDescriptor]
    private let indexes: [String: Int]
    private let pool = ConstantPool()
    private let state: Mutex<State>

    private struct State: @unchecked Sendable {
        // Sendable: see PlanTables.
        var messages: [UnsafeMutablePointer<MessageTable>?]
        var enums: [UnsafeMutablePointer<EnumTable>?]
    }

    init(_ messages: [MessageDescriptor], _ enums: [EnumDescriptor], _ indexes: [String: Int]) {
        self.messages = messages
        self.enums = enums
        self.indexes = indexes
        state = Mutex(
            State(
                messages: Array(repeating: nil, count: messages.count),
                enums: Array(repeating: nil, count: enums.count)))
    }

    deinit {
        state.withLock { state in
            for case let table? in state.messages {
                if table.pointee.isCompiled {
                    table.pointee.fields.deallocate()
                    table.pointee.byNumber.deallocate()
                    table.pointee.nameSlots.deallocate()
                }
                table.deallocate()
            }
            for case let table? in state.enums {
                table.pointee.values.deallocate()
                table.pointee.nameSlots.deallocate()
                table.deallocate()
            }
        }
    }

    /// The table of the message at that place in the contract, with all that it refers to.
    func table(at index: Int) -> UnsafePointer<MessageTable> {
        state.withLock { state in
            let table = entry(index, &state)
            if !table.pointee.isCompiled {
                var waiting = [index]
                while let next = waiting.popLast() { compile(next, &state, &waiting) }
            }
            return UnsafePointer(table)
        }
    }

    /// The table of the message of that full name; for Any, whose type comes with the message.
    func table(named name: UnsafeRawBufferPointer) -> UnsafePointer<MessageTable>? {
        indexes[String(decoding: name, as: UTF8.self)].map { table(at: $0) }
    }

    private func entry(_ index: Int, _ state: inout State) -> UnsafeMutablePointer<MessageTable> {
        if let table = state.messages[index] { return table }
        let table = UnsafeMutablePointer<MessageTable>.allocate(capacity: 1)
        let none = UnsafeMutablePointer<UInt16>(bitPattern: 8).unsafelyUnwrapped
        table.initialize(
            to: MessageTable(
                fields: UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped, fieldCount: 0,
                byNumber: none, denseCount: 0, nameSlots: none, nameMask: 0, requiredCount: 0,
                oneofCount: 0, wellKnown: messages[index].wellKnown, isMessageSet: false,
                isReadCarefully: false,
                isCompiled: false, fullName: pool.text(messages[index].fullName), index: index))
        state.messages[index] = table
        return table
    }

    // MARK: Messages

    private func compile(_ index: Int, _ state: inout State, _ waiting: inout [Int]) {
        let table = entry(index, &state)
        guard !table.pointee.isCompiled else { return }
        let message = messages[index]
        let fields = message.fields.sorted { $0.number < $1.number }
        let rows = UnsafeMutablePointer<FieldTable>.allocate(capacity: max(fields.count, 1))
        for (place, field) in fields.enumerated() {
            (rows + place).initialize(to: row(field, &state, &waiting))
        }
        table.pointee.fields = rows
        table.pointee.fieldCount = fields.count
        table.pointee.requiredCount = fields.count { $0.cardinality == .required }
        table.pointee.oneofCount = message.oneofs.count
        table.pointee.isMessageSet = message.isMessageSet
        table.pointee.isReadCarefully = message.isMessageSet || message.oneofs.count > 64
        if message.isMessageSet {
            for place in fields.indices where rows[place].kind == .message {
                rows[place].form = .item
            }
        }
        indexNumbers(fields, table)
        let names = NameSlots.make(
            count: fields.count,
            names: {
                // The members of an unwrapped message are not seen.
                message.wellKnown == .unwrapped
                    ? [] : [fields[$0].memberName, fields[$0].otherMemberName]
            })
        table.pointee.nameSlots = names.slots
        table.pointee.nameMask = names.mask
        if !WellKnownShape.isRight(table.pointee.wellKnown, message, messages) {
            table.pointee.wellKnown = .none
        }
        table.pointee.isCompiled = true
    }

    /// Dense up to where half the places would be empty and more than a few.
    private func indexNumbers(
        _ fields: [FieldDescriptor], _ table: UnsafeMutablePointer<MessageTable>
    ) {
        var count = 0
        for (place, field) in fields.enumerated() where field.number < 64 + 4 * (place + 1) {
            count = field.number + 1
        }
        let numbers = UnsafeMutablePointer<UInt16>.allocate(capacity: max(count, 1))
        numbers.initialize(repeating: MessageTable.none, count: max(count, 1))
        for (place, field) in fields.enumerated() where field.number < count {
            numbers[field.number] = UInt16(place)
        }
        table.pointee.byNumber = numbers
        table.pointee.denseCount = count
    }

    private func row(
        _ field: FieldDescriptor, _ state: inout State, _ waiting: inout [Int]
    ) -> FieldTable {
        var message: UnsafeMutablePointer<MessageTable>?
        var enumeration: UnsafeMutablePointer<EnumTable>?
        var takesNull = false
        switch field.type {
        case .message(let index):
            let table = entry(index, &state)
            if !table.pointee.isCompiled { waiting.append(index) }
            message = table
            takesNull = messages[index].wellKnown == .value
        case .enumeration(let index):
            enumeration = table(ofEnum: index, &state)
            takesNull = enums[index].isNullValue
        default: break
        }
        let kind = PlanTables.kind(field)
        let wireType = PlanTables.wireType(kind)
        let number = UInt32(field.number)
        let form = PlanTables.form(field)
        let written = PlanTables.tag(
            number << 3 | UInt32(form == .packed ? WireType.bytes : wireType))
        let name = pool.text(field.memberName)
        let other = pool.text(field.otherMemberName)
        return FieldTable(
            jsonName: name, nameWord: PlanTables.firstWord(name.bytes),
            // A pool's text is never at nil, not even an empty one.
            nameBase: name.bytes.baseAddress.unsafelyUnwrapped, nameCount: name.count,
            protoName: other,
            contractName: field.rename == nil ? other : pool.text(field.name), number: number,
            tag: number << 3 | UInt32(wireType),
            tagBytes: written.bytes,
            tagCount: written.count, kind: kind, form: form, wireType: wireType,
            isRequired: field.cardinality == .required, integers: field.integerForm,
            takesNull: takesNull,
            oneof: Int32(field.oneof ?? -1), message: message, enumeration: enumeration)
    }

    private static func firstWord(_ name: UnsafeRawBufferPointer) -> UInt64 {
        var word: UInt64 = 0
        for (index, byte) in name.prefix(8).enumerated() { word |= UInt64(byte) << (index * 8) }
        return word
    }

    private static func form(_ field: FieldDescriptor) -> FieldForm {
        switch field.cardinality {
        case .implicit: .implicit
        case .explicit, .required: .explicit
        case .repeated: field.isPacked ? .packed : .repeated
        case .map: .map
        }
    }

    private static func kind(_ field: FieldDescriptor) -> FieldKind {
        switch field.type {
        case .double: .double
        case .float: .float
        case .int64: .int64
        case .uint64: .uint64
        case .int32: .int32
        case .fixed64: .fixed64
        case .fixed32: .fixed32
        case .bool: .bool
        case .string: .string
        case .bytes: .bytes
        case .uint32: .uint32
        case .sfixed32: .sfixed32
        case .sfixed64: .sfixed64
        case .sint32: .sint32
        case .sint64: .sint64
        case .message: field.isDelimited ? .group : .message
        case .enumeration: .enumeration
        }
    }

    private static func wireType(_ kind: FieldKind) -> UInt8 {
        switch kind {
        case .double, .fixed64, .sfixed64: WireType.fixed64
        case .float, .fixed32, .sfixed32: WireType.fixed32
        case .string, .bytes, .message: WireType.bytes
        case .group: WireType.groupStart
        default: WireType.varint
        }
    }

    private static func tag(_ value: UInt32) -> (bytes: UInt64, count: UInt8) {
        var rest = value
        var bytes: UInt64 = 0
        var count: UInt8 = 0
        while rest >= 0x80 {
            bytes |= UInt64(rest & 0x7F | 0x80) << (UInt64(count) * 8)
            rest >>= 7
            count += 1
        }
        return (bytes | UInt64(rest) << (UInt64(count) * 8), count + 1)
    }

    // MARK: Enums

    private func table(
        ofEnum index: Int, _ state: inout State
    ) -> UnsafeMutablePointer<EnumTable> {
        if let table = state.enums[index] { return table }
        let descriptor = enums[index]
        let order = descriptor.values.indices.sorted {
            let (left, right) = (descriptor.values[$0], descriptor.values[$1])
            return left.number != right.number ? left.number < right.number : $0 < $1
        }
        let rows = UnsafeMutablePointer<EnumValueTable>.allocate(capacity: max(order.count, 1))
        var denseCount = 0
        for (place, position) in order.enumerated() {
            let value = descriptor.values[position]
            let name = pool.text(value.name)
            (rows + place).initialize(
                to: EnumValueTable(
                    number: value.number, name: name,
                    shortName: value.shortName == value.name ? name : pool.text(value.shortName)))
            if place == denseCount, Int(value.number) == place { denseCount += 1 }
        }
        let names = NameSlots.make(
            count: order.count,
            names: { [descriptor.values[order[$0]].name, descriptor.values[order[$0]].shortName] })
        let table = UnsafeMutablePointer<EnumTable>.allocate(capacity: 1)
        table.initialize(
            to: EnumTable(
                values: rows, valueCount: order.count, denseCount: denseCount,
                nameSlots: names.slots, nameMask: names.mask, isClosed: descriptor.isClosed,
                isNullValue: descriptor.isNullValue,
                defaultNumber: descriptor.values.first?.number ?? 0,
                fullName: pool.text(descriptor.fullName)))
        state.enums[index] = table
        return table
    }
}

/// Builds the open-addressing tables that names are found by.
enum NameSlots {
    static func make(
        count: Int, names: (Int) -> [String]
    ) -> (slots: UnsafeMutablePointer<UInt16>, mask: Int) {
        var capacity = 4
        while capacity < count * 4 { capacity *= 2 }
        let slots = UnsafeMutablePointer<UInt16>.allocate(capacity: capacity)
        slots.initialize(repeating: 0, count: capacity)
        let mask = capacity - 1
        for index in 0..<count {
            var previous = ""
            for (position, var name) in names(index).enumerated() {
                if position > 0, name == previous { continue }
                previous = name
                var slot = name.withUTF8 {
                    Int(truncatingIfNeeded: TableHash.hash(UnsafeRawBufferPointer($0))) & mask
                }
                while slots[slot] != 0 { slot = (slot + 1) & mask }
                slots[slot] = UInt16(index + 1)
            }
        }
        return (slots, mask)
    }
}
