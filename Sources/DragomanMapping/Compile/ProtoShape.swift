// SPDX-License-Identifier: Apache-2.0
// What an unset field of a reply reads as: a protobuf field without presence has its default,
// though ProtoJSON leaves it out.

internal import DragomanDocument
internal import DragomanProtobuf

/// The message that a value of a reply is, or that each of its items is.
struct ProtoShape {
    let contract: ProtobufContract
    let options: ProtoJSONOptions
    /// Place in the contract's messages.
    let message: Int
    let isList: Bool

    private func field(_ name: String) -> FieldDescriptor? {
        guard !isList, contract.messages[message].wellKnown == .none else { return nil }
        return contract.messages[message].field(ofMember: name)
    }

    /// The message of a member.
    func member(_ name: String) -> ProtoShape? {
        guard let field = field(name), field.cardinality != .map,
            case .message(let index) = field.type
        else { return nil }
        if contract.messages[index].wellKnown == .unwrapped {
            guard !field.isRepeated, case .message(let item)? = unwrapped(index)?.type else {
                return nil
            }
            return ProtoShape(contract: contract, options: options, message: item, isList: true)
        }
        return ProtoShape(
            contract: contract, options: options, message: index,
            isList: field.cardinality == .repeated)
    }

    /// The list that an unwrapped message is.
    private func unwrapped(_ index: Int) -> FieldDescriptor? {
        contract.messages[index].wellKnown == .unwrapped
            ? contract.messages[index].fields.first : nil
    }

    /// The oneof that a member belongs to; nil for none.
    func oneof(of name: String) -> String? {
        field(name)?.oneof.map { contract.messages[message].oneofs[$0] }
    }

    var items: ProtoShape? {
        isList
            ? ProtoShape(contract: contract, options: options, message: message, isList: false)
            : nil
    }

    /// How a member's texts and numbers are read: ProtoJSON's string of an int64 is an int.
    func reading(of name: String) -> CELReading? {
        guard let field = field(name) else { return nil }
        switch field.cardinality {
        case .repeated: return CELReading(own: .plain, element: scalar(field.type))
        case .map:
            guard case .message(let entry) = field.type,
                let value = contract.messages[entry].field(named: "value")
            else { return .plain }
            return CELReading(own: .plain, element: scalar(value.type))
        default:
            if case .message(let index) = field.type, let list = unwrapped(index) {
                return CELReading(own: .plain, element: scalar(list.type))
            }
            return CELReading(own: scalar(field.type), element: .plain)
        }
    }

    private func scalar(_ type: FieldType) -> CELScalar {
        switch type {
        case .int32, .sint32, .sfixed32, .int64, .sint64, .sfixed64: return .int
        case .uint32, .fixed32, .uint64, .fixed64: return .uint
        case .double, .float: return .double
        case .bytes: return .bytes
        case .bool, .string, .enumeration: return .plain
        case .message(let index):
            let message = contract.messages[index]
            switch message.wellKnown {
            case .timestamp: return .timestamp
            case .duration: return .duration
            case .wrapper: return message.field(named: "value").map { scalar($0.type) } ?? .plain
            default: return .plain
            }
        }
    }

    /// Appends what a member that is not there reads as; nothing where it is absent.
    func appendDefault(of name: String, to document: Document) {
        guard let field = field(name) else { return }
        ProtoShape.appendDefault(of: field, contract, options, to: document)
    }

    static func appendDefault(
        of field: FieldDescriptor, _ contract: ProtobufContract, _ options: ProtoJSONOptions,
        to document: Document
    ) {
        switch field.cardinality {
        case .repeated:
            document.beginArray()
            return document.endArray()
        case .map:
            document.beginObject()
            return document.endObject()
        case .explicit, .required: return
        case .implicit: break
        }
        switch field.type {
        case .string, .bytes: document.append(string: "")
        case .bool: document.append(false)
        case .int64, .uint64, .fixed64, .sfixed64, .sint64:
            if field.integerForm == .string
                || field.integerForm == .byOptions && options.int64 == .string
            {
                document.append(string: "0")
            } else {
                document.append(Int64(0))
            }
        case .enumeration(let index):
            guard let first = contract.enums[index].values.first else { return }
            switch options.enums {
            case .name: document.append(string: first.name)
            case .short: document.append(string: first.shortName)
            case .number: document.append(Int64(first.number))
            }
        case .message: break
        case .int32, .fixed32, .uint32, .sfixed32, .sint32:
            if field.integerForm == .string {
                document.append(string: "0")
            } else {
                document.append(Int64(0))
            }
        case .double, .float: document.append(Int64(0))
        }
    }
}
