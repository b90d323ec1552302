// SPDX-License-Identifier: Apache-2.0
// Whether a message that bears a well-known type's name is that type. Readers and writers of
// those types rely on their fields, and a contract may say anything.

enum WellKnownShape {
    static func isRight(
        _ type: WellKnownType, _ message: MessageDescriptor, _ messages: [MessageDescriptor]
    ) -> Bool {
        func field(_ number: Int) -> FieldDescriptor? {
            message.fields.first { $0.number == number }
        }
        func holds(_ number: Int, _ type: WellKnownType) -> Bool {
            guard let field = field(number), !field.isRepeated, !field.isDelimited,
                case .message(let index) = field.type
            else { return false }
            return messages[index].wellKnown == type
        }
        func isRepeated(_ number: Int, _ cardinality: FieldCardinality) -> Int? {
            guard let field = field(number), field.cardinality == cardinality,
                !field.isDelimited, case .message(let index) = field.type
            else { return nil }
            return index
        }
        switch type {
        case .none: return true
        case .unwrapped: return message.fields.count == 1
        case .any: return field(1)?.type == .string && field(2)?.type == .bytes
        case .timestamp, .duration: return field(1)?.type == .int64 && field(2)?.type == .int32
        case .fieldMask: return field(1)?.type == .string && field(1)?.cardinality == .repeated
        case .structure:
            guard message.fields.count == 1, let entry = isRepeated(1, .map),
                case .message(let value)? = messages[entry].fields.first(where: { $0.number == 2 })?
                    .type,
                messages[entry].fields.first(where: { $0.number == 1 })?.type == .string
            else { return false }
            return messages[value].wellKnown == .value
        case .value:
            return message.fields.count == 6 && field(2)?.type == .double
                && field(3)?.type == .string && field(4)?.type == .bool
                && holds(5, .structure) && holds(6, .listValue)
        case .listValue:
            guard message.fields.count == 1, let value = isRepeated(1, .repeated) else {
                return false
            }
            return messages[value].wellKnown == .value
        case .wrapper:
            guard message.fields.count == 1, let field = field(1), !field.isRepeated else {
                return false
            }
            switch field.type {
            case .message, .enumeration: return false
            default: return true
            }
        }
    }
}
