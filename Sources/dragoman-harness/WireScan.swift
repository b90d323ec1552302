// SPDX-License-Identifier: Apache-2.0
// Wire bytes read one value after another, and written: the grammar under WireMessage.

internal import DragomanProtobuf

struct WireScan {
    let bytes: ArraySlice<UInt8>
    var index: Int

    init(_ bytes: ArraySlice<UInt8>) {
        self.bytes = bytes
        index = bytes.startIndex
    }

    var isAtEnd: Bool { index >= bytes.endIndex }

    mutating func varint() throws(WireError) -> UInt64 {
        var value: UInt64 = 0
        for position in 0..<10 {
            guard index < bytes.endIndex else { throw WireError("ends inside a varint") }
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 0x7F) << UInt64(position * 7)
            if byte < 0x80 {
                guard position < 9 || byte <= 1 else { break }
                return value
            }
        }
        throw WireError("a varint of more than 64 bits")
    }

    mutating func tag() throws(WireError) -> UInt32 {
        let start = index
        guard let tag = UInt32(exactly: try varint()), index - start <= 5, tag >= 8, tag & 7 < 6
        else { throw WireError("a tag that no field has") }
        return tag
    }

    mutating func slice() throws(WireError) -> ArraySlice<UInt8> {
        try take(try varint())
    }

    private mutating func take(_ count: UInt64) throws(WireError) -> ArraySlice<UInt8> {
        guard count <= UInt64(bytes.endIndex - index) else {
            throw WireError("ends inside a field")
        }
        let start = index
        index += Int(count)
        return bytes[start..<index]
    }

    mutating func fixed(_ count: Int) throws(WireError) -> UInt64 {
        try take(UInt64(count)).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    mutating func skip(_ number: Int, _ wireType: UInt8, depth: Int) throws(WireError) {
        switch wireType {
        case 0: _ = try varint()
        case 1: _ = try fixed(8)
        case 2: _ = try slice()
        case 5: _ = try fixed(4)
        case 3:
            guard depth < WireMessage.depthMax else { throw WireError("nested too deeply") }
            while true {
                let tag = try tag()
                if tag & 7 == 4 {
                    guard Int(tag >> 3) == number else {
                        throw WireError("a group ends that has not begun")
                    }
                    return
                }
                try skip(Int(tag >> 3), UInt8(tag & 7), depth: depth + 1)
            }
        default: throw WireError("a group ends that has not begun")
        }
    }

    /// The value as its type understands it: integers sign-extended, floats their bits.
    mutating func scalar(_ type: FieldType) throws(WireError) -> UInt64 {
        switch type {
        case .double, .fixed64, .sfixed64: return try fixed(8)
        case .float, .fixed32, .sfixed32: return try fixed(4)
        case .int32, .enumeration:
            return UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: try varint())))
        case .uint32: return try varint() & 0xFFFF_FFFF
        case .sint32: return try varint() & 0xFFFF_FFFF
        case .bool: return try varint() == 0 ? 0 : 1
        default: return try varint()
        }
    }
}

enum WireScalar {
    /// Of one value.
    static func wireType(_ field: FieldDescriptor) -> UInt8 {
        switch field.type {
        case .double, .fixed64, .sfixed64: 1
        case .float, .fixed32, .sfixed32: 5
        case .string, .bytes: 2
        case .message: field.isDelimited ? 3 : 2
        default: 0
        }
    }
}

/// Canonical wire bytes.
struct WireOutput {
    private(set) var bytes: [UInt8] = []

    static func varint(_ value: UInt64) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    mutating func varint(_ value: UInt64) { bytes += WireOutput.varint(value) }

    mutating func tag(_ number: Int, _ wireType: UInt8) {
        varint(UInt64(number) << 3 | UInt64(wireType))
    }

    mutating func text(_ text: [UInt8]) {
        varint(UInt64(text.count))
        bytes += text
    }

    mutating func append(_ more: [UInt8]) { bytes += more }

    mutating func scalar(_ bits: UInt64, _ wireType: UInt8) {
        switch wireType {
        case 1, 5:
            for shift in 0..<(wireType == 1 ? 8 : 4) {
                bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift * 8)))
            }
        default: varint(bits)
        }
    }
}

extension WireMessage {
    /// Fields by ascending number, unknown ones behind them.
    func serialized() -> [UInt8] {
        var output = WireOutput()
        for number in fields.keys.sorted() {
            guard let field = fields[number] else { continue }
            write(field, to: &output)
        }
        output.append(unknown)
        return output.bytes
    }

    private func write(_ field: WireField, to output: inout WireOutput) {
        let descriptor = field.descriptor
        let wireType = WireScalar.wireType(descriptor)
        if descriptor.cardinality == .implicit {
            // The default is not written; minus zero is none.
            if field.bits.last == 0 || field.texts.last?.isEmpty == true { return }
        }
        if descriptor.isPacked, !field.bits.isEmpty {
            var run = WireOutput()
            for bits in field.bits { run.scalar(bits, wireType) }
            output.tag(descriptor.number, 2)
            output.text(run.bytes)
            return
        }
        for bits in field.bits {
            output.tag(descriptor.number, wireType)
            output.scalar(bits, wireType)
        }
        for text in field.texts {
            output.tag(descriptor.number, 2)
            output.text(text)
        }
        for message in field.messages { write(message, descriptor, to: &output) }
    }

    private func write(
        _ message: WireMessage, _ field: FieldDescriptor, to output: inout WireOutput
    ) {
        if self.descriptor.isMessageSet {
            output.tag(1, 3)
            output.tag(2, 0)
            output.varint(UInt64(field.number))
            output.tag(3, 2)
            output.text(message.serialized())
            output.tag(1, 4)
        } else if field.isDelimited {
            output.tag(field.number, 3)
            output.append(message.serialized())
            output.tag(field.number, 4)
        } else {
            output.tag(field.number, 2)
            output.text(field.cardinality == .map ? message.entry() : message.serialized())
        }
    }

    /// A map's entry: key and value are written even where they are defaults.
    private func entry() -> [UInt8] {
        var output = WireOutput()
        for number in 1...2 {
            guard let descriptor = types.field(number, of: index) else { continue }
            let wireType = WireScalar.wireType(descriptor)
            let field = fields[number]
            output.tag(number, wireType)
            switch descriptor.type {
            case .string, .bytes: output.text(field?.texts.last ?? [])
            case .message:
                let content = field?.messages.last?.serialized() ?? []
                if wireType == 3 {
                    output.append(content)
                    output.tag(number, 4)
                } else {
                    output.text(content)
                }
            case .enumeration(let type):
                let first = types.contract.enums[type].values.first?.number ?? 0
                output.scalar(field?.bits.last ?? UInt64(bitPattern: Int64(first)), wireType)
            default: output.scalar(field?.bits.last ?? 0, wireType)
            }
        }
        return output.bytes
    }
}
