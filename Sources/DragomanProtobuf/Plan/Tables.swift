// SPDX-License-Identifier: Apache-2.0
// What translating a message needs to know, laid out flat: rows of plain words behind pointers that
// live as long as their PlanTables, so that the request's way counts no references and looks up
// no strings.

internal import DragomanDocument

/// A field's type with the numbers of descriptor.proto.
enum FieldKind: UInt8 {
    case double = 1
    case float, int64, uint64, int32, fixed64, fixed32, bool, string, group, message, bytes
    case uint32, enumeration, sfixed32, sfixed64, sint32, sint64
}

enum FieldForm: UInt8 {
    /// One value, without presence: the default is not written.
    case implicit
    /// One value, with presence.
    case explicit
    /// A member of a MessageSet: a group with the field's number and its message.
    case item
    case repeated, packed, map
}

struct FieldTable {
    var jsonName: ConstantText
    /// The first eight bytes of `jsonName`, the first in the lowest; zeros behind a shorter one.
    var nameWord: UInt64
    var nameBase: UnsafeRawPointer
    var nameCount: Int
    /// The other name that is read as the same.
    var protoName: ConstantText
    /// As the .proto spells it, which backends' errors name; `protoName` where nothing renames it.
    var contractName: ConstantText
    var number: UInt32
    /// The tag of one value: number and wire type.
    var tag: UInt32
    /// The tag's bytes as written, of a packed field those of its run; the first in the lowest.
    var tagBytes: UInt64
    var tagCount: UInt8
    var kind: FieldKind
    var form: FieldForm
    /// Of one value.
    var wireType: UInt8
    var isRequired: Bool
    var integers: IntegerForm
    /// `null` is a value: google.protobuf.Value and NullValue.
    var takesNull: Bool
    /// Place among the message's oneofs, -1 for none.
    var oneof: Int32
    /// The message, or a map's entry; of a message and group kind and of a map never nil.
    var message: UnsafeMutablePointer<MessageTable>?
    /// Of an enumeration kind never nil.
    var enumeration: UnsafeMutablePointer<EnumTable>?
}

extension FieldTable {
    /// `name`: of a Node, whose first eight bytes can be read even where it is shorter.
    @inline(__always)
    func hasJSONName(_ name: UnsafeRawBufferPointer) -> Bool {
        let count = name.count
        guard count == nameCount, let base = name.baseAddress else { return false }
        let word = UInt64(littleEndian: base.loadUnaligned(as: UInt64.self))
        if count < 8 {
            let mask: UInt64 = (1 &<< (UInt64(truncatingIfNeeded: count) &* 8)) &- 1
            return word & mask == nameWord
        }
        return word == nameWord && (count == 8 || hasSameRest(base, count))
    }

    /// Both names from their ninth byte on.
    @inline(__always)
    private func hasSameRest(_ base: UnsafeRawPointer, _ count: Int) -> Bool {
        var index = 8
        while index &+ 8 <= count {
            if base.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                != nameBase.loadUnaligned(fromByteOffset: index, as: UInt64.self)
            {
                return false
            }
            index &+= 8
        }
        return base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
            == nameBase.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self)
    }
}

struct MessageTable {
    /// By ascending number.
    var fields: UnsafeMutablePointer<FieldTable>
    var fieldCount: Int
    /// Place in `fields` by number, below `denseCount`; `MessageTable.none` for no field.
    var byNumber: UnsafeMutablePointer<UInt16>
    var denseCount: Int
    /// Open addressing over both names of each field: its place plus one, 0 for an empty slot.
    var nameSlots: UnsafeMutablePointer<UInt16>
    var nameMask: Int
    var requiredCount: Int
    var oneofCount: Int
    var wellKnown: WellKnownType
    var isMessageSet: Bool
    /// A MessageSet, or a message with more oneofs than the ordinary reading keeps count of.
    var isReadCarefully: Bool
    var isCompiled: Bool
    var fullName: ConstantText
    /// Place in `ProtobufContract.messages`.
    var index: Int

    static let none = UInt16.max

    /// Place in `fields` of the field with that number, -1 for none.
    @inline(__always)
    func place(number: UInt32) -> Int {
        if number < UInt32(truncatingIfNeeded: denseCount) {
            let place = byNumber[Int(number)]
            return place == MessageTable.none ? -1 : Int(place)
        }
        return sparsePlace(number: number)
    }

    @inline(never)
    private func sparsePlace(number: UInt32) -> Int {
        var low = 0
        var high = fieldCount
        while low < high {
            let middle = (low + high) / 2
            if fields[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < fieldCount && fields[low].number == number ? low : -1
    }

    /// Place in `fields` of the field that the contract calls so, -1 for none.
    func place(ofContract name: String) -> Int {
        for place in 0..<fieldCount where fields[place].contractName.string == name {
            return place
        }
        return -1
    }

    /// Place in `fields` of the field with that JSON or .proto name, -1 for none.
    func place(named name: UnsafeRawBufferPointer) -> Int {
        var slot = Int(truncatingIfNeeded: TableHash.hash(name)) & nameMask
        while true {
            let entry = nameSlots[slot]
            if entry == 0 { return -1 }
            let field = fields + (Int(entry) - 1)
            if Bytes.equal(field.pointee.jsonName.bytes, name)
                || Bytes.equal(field.pointee.protoName.bytes, name)
            {
                return Int(entry) - 1
            }
            slot = (slot &+ 1) & nameMask
        }
    }
}

struct EnumValueTable {
    var number: Int32
    var name: ConstantText
    var shortName: ConstantText
}

struct EnumTable {
    /// By ascending number; of one number, in the order of the file.
    var values: UnsafeMutablePointer<EnumValueTable>
    var valueCount: Int
    /// `values[n]` has the number n for every n below this.
    var denseCount: Int
    var nameSlots: UnsafeMutablePointer<UInt16>
    var nameMask: Int
    var isClosed: Bool
    var isNullValue: Bool
    /// The number of the file's first value.
    var defaultNumber: Int32
    var fullName: ConstantText

    /// Place in `values` of the first value with that number, -1 for none.
    @inline(__always)
    func place(number: Int32) -> Int {
        if number >= 0, Int(number) < denseCount { return Int(number) }
        return sparsePlace(number: number)
    }

    @inline(never)
    private func sparsePlace(number: Int32) -> Int {
        var low = 0
        var high = valueCount
        while low < high {
            let middle = (low + high) / 2
            if values[middle].number < number { low = middle + 1 } else { high = middle }
        }
        return low < valueCount && values[low].number == number ? low : -1
    }

    /// Place in `values` of the value with that name; -1 for none. The short name counts where
    /// `acceptsShort`.
    func place(named name: UnsafeRawBufferPointer, acceptsShort: Bool) -> Int {
        var slot = Int(truncatingIfNeeded: TableHash.hash(name)) & nameMask
        while true {
            let entry = nameSlots[slot]
            if entry == 0 { return -1 }
            let value = values + (Int(entry) - 1)
            if Bytes.equal(value.pointee.name.bytes, name)
                || acceptsShort && Bytes.equal(value.pointee.shortName.bytes, name)
            {
                return Int(entry) - 1
            }
            slot = (slot &+ 1) & nameMask
        }
    }
}

/// Hashes for tables whose size no sender controls.
enum TableHash {
    /// Reads no byte outside `name`.
    @inline(__always)
    static func hash(_ name: UnsafeRawBufferPointer) -> UInt64 {
        guard let base = name.baseAddress else { return 0 }
        let count = name.count
        var word: UInt64
        if count >= 8 {
            word =
                base.loadUnaligned(as: UInt64.self)
                ^ base.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self) &* 31
        } else if count >= 4 {
            word =
                UInt64(base.loadUnaligned(as: UInt32.self))
                | UInt64(base.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)) &<< 32
        } else {
            word = 0
            for index in 0..<count {
                word = word &<< 8 | UInt64(base.load(fromByteOffset: index, as: UInt8.self))
            }
        }
        word = (word ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        return word &>> 32
    }
}
