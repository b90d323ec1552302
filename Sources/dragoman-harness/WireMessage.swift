// SPDX-License-Identifier: Apache-2.0
// A protobuf message held as such: what the conformance suite asks of parsers (merging, unknown
// fields kept, what is malformed refused) and the gateway, whose other side is always JSON, never
// needs. Written on the contract's descriptors alone, so that it also checks the gateway's reader.

internal import DragomanProtobuf

struct WireError: Error {
    let text: String
    init(_ text: String) { self.text = text }
}

/// Looks a contract's fields up by number.
final class WireTypes {
    let contract: ProtobufContract
    private var byNumber: [Int: [Int: FieldDescriptor]] = [:]
    private var enumNumbers: [Int: Set<Int32>] = [:]

    init(_ contract: ProtobufContract) { self.contract = contract }

    func field(_ number: Int, of message: Int) -> FieldDescriptor? {
        fields(of: message)[number]
    }

    func fields(of message: Int) -> [Int: FieldDescriptor] {
        if let known = byNumber[message] { return known }
        var fields: [Int: FieldDescriptor] = [:]
        for field in contract.messages[message].fields { fields[field.number] = field }
        byNumber[message] = fields
        return fields
    }

    /// The number is none of a closed enum's.
    func isUnknown(_ number: Int32, of enumeration: Int) -> Bool {
        guard contract.enums[enumeration].isClosed else { return false }
        if let known = enumNumbers[enumeration] { return !known.contains(number) }
        let numbers = Set(contract.enums[enumeration].values.map(\.number))
        enumNumbers[enumeration] = numbers
        return !numbers.contains(number)
    }
}

/// What stands in one field; of a map its entries, each a message.
final class WireField {
    let descriptor: FieldDescriptor
    var bits: [UInt64] = []
    var texts: [[UInt8]] = []
    var messages: [WireMessage] = []
    /// Of a map: places in `messages`.
    var keys: [WireKey: Int] = [:]

    init(_ descriptor: FieldDescriptor) { self.descriptor = descriptor }
}

enum WireKey: Hashable {
    case bits(UInt64)
    case text([UInt8])
}

final class WireMessage {
    let types: WireTypes
    /// Place in the contract's messages.
    let index: Int
    var fields: [Int: WireField] = [:]
    /// As they came.
    var unknown: [UInt8] = []

    /// Messages, groups and maps' entries inside one another: protobuf's own default.
    static let depthMax = 100

    init(_ types: WireTypes, _ index: Int) {
        self.types = types
        self.index = index
    }

    var descriptor: MessageDescriptor { types.contract.messages[index] }

    static func parse(
        _ bytes: [UInt8], _ types: WireTypes, _ index: Int
    ) throws(WireError) -> WireMessage {
        let message = WireMessage(types, index)
        var scan = WireScan(bytes[...])
        try message.merge(&scan, group: nil, depth: 0)
        try message.checkRequired()
        return message
    }

    /// Merges fields up to the end, or to the end of the group with that number.
    func merge(_ scan: inout WireScan, group: Int?, depth: Int) throws(WireError) {
        guard depth <= WireMessage.depthMax else { throw WireError("nested too deeply") }
        while !scan.isAtEnd {
            let start = scan.index
            let tag = try scan.tag()
            let number = Int(tag >> 3)
            let wireType = UInt8(tag & 7)
            if wireType == 4 {
                guard number == group else { throw WireError("a group ends that has not begun") }
                return
            }
            if descriptor.isMessageSet, try mergeItem(&scan, number, wireType, depth) { continue }
            if let field = types.field(number, of: index), accepts(field, wireType) {
                try merge(&scan, field, wireType, depth)
            } else {
                try scan.skip(number, wireType, depth: depth)
                unknown += scan.bytes[start..<scan.index]
            }
        }
        if group != nil { throw WireError("a group does not end") }
    }

    private func accepts(_ field: FieldDescriptor, _ wireType: UInt8) -> Bool {
        let own = WireScalar.wireType(field)
        let isRun = wireType == 2 && field.cardinality == .repeated && own != 2 && own != 3
        return wireType == own || isRun
    }

    // MARK: Fields

    private func slot(_ field: FieldDescriptor) -> WireField {
        if let oneof = field.oneof, fields[field.number] == nil {
            for other in descriptor.fields where other.oneof == oneof {
                fields[other.number] = nil
            }
        }
        if let known = fields[field.number] { return known }
        let new = WireField(field)
        fields[field.number] = new
        return new
    }

    private func merge(
        _ scan: inout WireScan, _ field: FieldDescriptor, _ wireType: UInt8, _ depth: Int
    ) throws(WireError) {
        switch field.type {
        case .message(let type):
            if field.cardinality == .map {
                return try mergeEntry(try scan.slice(), field, type, depth)
            }
            let target = target(field, type)
            if wireType == 3 {
                try target.merge(&scan, group: field.number, depth: depth + 1)
            } else {
                var inner = WireScan(try scan.slice())
                try target.merge(&inner, group: nil, depth: depth + 1)
            }
        case .string, .bytes:
            let text = Array(try scan.slice())
            if case .string = field.type, field.isTextChecked,
                String(validating: text, as: UTF8.self) == nil
            {
                throw WireError("the field \(field.name) is not UTF-8")
            }
            let slot = slot(field)
            if !field.isRepeated { slot.texts.removeAll() }
            slot.texts.append(text)
        default:
            guard wireType == 2 else {
                return add(try scan.scalar(field.type), field)
            }
            var run = WireScan(try scan.slice())
            while !run.isAtEnd { add(try run.scalar(field.type), field) }
        }
    }

    /// The message that a message field's value goes into.
    private func target(_ field: FieldDescriptor, _ type: Int) -> WireMessage {
        let slot = slot(field)
        if !field.isRepeated, let known = slot.messages.first { return known }
        let new = WireMessage(types, type)
        slot.messages.append(new)
        return new
    }

    private func add(_ bits: UInt64, _ field: FieldDescriptor) {
        if case .enumeration(let type) = field.type,
            types.isUnknown(Int32(truncatingIfNeeded: bits), of: type)
        {
            unknown += WireOutput.varint(UInt64(field.number) << 3) + WireOutput.varint(bits)
            return
        }
        let slot = slot(field)
        if !field.isRepeated { slot.bits.removeAll() }
        slot.bits.append(bits)
    }

    private func mergeEntry(
        _ slice: ArraySlice<UInt8>, _ field: FieldDescriptor, _ type: Int, _ depth: Int
    ) throws(WireError) {
        let entry = WireMessage(types, type)
        var scan = WireScan(slice)
        try entry.merge(&scan, group: nil, depth: depth + 1)
        if !entry.unknown.isEmpty, entry.fields[2] == nil, entry.hasUnknownEnum {
            unknown += WireOutput.varint(UInt64(field.number) << 3 | 2)
            unknown += WireOutput.varint(UInt64(slice.count)) + Array(slice)
            return
        }
        entry.unknown.removeAll()
        let key: WireKey =
            switch types.field(1, of: type)?.type {
            case .string: .text(entry.fields[1]?.texts.last ?? [])
            default: .bits(entry.fields[1]?.bits.last ?? 0)
            }
        let slot = slot(field)
        if let place = slot.keys[key] {
            slot.messages[place] = entry
        } else {
            slot.keys[key] = slot.messages.count
            slot.messages.append(entry)
        }
    }

    /// A map's entry whose value is no member of its closed enum.
    private var hasUnknownEnum: Bool {
        guard case .enumeration(let type)? = types.field(2, of: index)?.type else { return false }
        return types.contract.enums[type].isClosed
    }

    // MARK: Message sets

    /// - Returns: false where it is no item of a known type; the scan is then as it was.
    private func mergeItem(
        _ scan: inout WireScan, _ number: Int, _ wireType: UInt8, _ depth: Int
    ) throws(WireError) -> Bool {
        guard number == 1, wireType == 3 else { return false }
        let before = scan
        var type: UInt64 = 0
        var content: ArraySlice<UInt8>?
        while true {
            let tag = try scan.tag()
            if tag == 1 << 3 | 4 { break }
            switch tag {
            case 2 << 3:
                let value = try scan.varint()
                if type == 0 { type = value }
            case 3 << 3 | 2:
                let value = try scan.slice()
                if content == nil { content = value }
            default: try scan.skip(Int(tag >> 3), UInt8(tag & 7), depth: depth + 1)
            }
        }
        guard let content, let number = Int(exactly: type),
            let field = types.field(number, of: index), case .message(let message) = field.type
        else {
            scan = before
            return false
        }
        var inner = WireScan(content)
        try target(field, message).merge(&inner, group: nil, depth: depth + 1)
        return true
    }

    // MARK: Required fields

    private func checkRequired() throws(WireError) {
        for field in descriptor.fields
        where field.cardinality == .required && fields[field.number] == nil {
            throw WireError("the required field \(field.name) is missing")
        }
        for field in fields.values {
            for message in field.messages { try message.checkRequired() }
        }
    }
}
