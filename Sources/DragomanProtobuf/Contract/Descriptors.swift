// SPDX-License-Identifier: Apache-2.0
// What a contract says about messages, fields, enums and services, as values without cycles: a
// field names its message or enum by its place in the contract's arrays.

/// A field's type, as descriptor.proto numbers them; a message or an enum by its place in
/// `ProtobufContract.messages` or `.enums`.
package enum FieldType: Sendable, Equatable {
    case double, float, int64, uint64, int32, fixed64, fixed32, bool, string, bytes, uint32
    case sfixed32, sfixed64, sint32, sint64
    case message(Int)
    case enumeration(Int)
}

/// How often a field stands in a message, and whether its absence can be told from its default.
package enum FieldCardinality: UInt8, Sendable {
    /// Without presence: the default value is the same as absence.
    case implicit
    /// With presence: `optional`, members of a oneof, message fields.
    case explicit
    /// proto2's `required`, editions' LEGACY_REQUIRED.
    case required
    case repeated
    /// The field's message is an entry with the fields 1, key, and 2, value.
    case map
}

/// The well-known types whose JSON form is not that of an ordinary message.
package enum WellKnownType: UInt8, Sendable {
    case none, any, timestamp, duration, fieldMask, structure, value, listValue, wrapper
    /// No type of google.protobuf: a message whose only field is a list, as that list, where a
    /// mapping unwraps it.
    case unwrapped

    /// By the full name of the message.
    package init(fullName: String) {
        guard fullName.hasPrefix("google.protobuf.") else {
            self = .none
            return
        }
        switch fullName.dropFirst(16) {
        case "Any": self = .any
        case "Timestamp": self = .timestamp
        case "Duration": self = .duration
        case "FieldMask": self = .fieldMask
        case "Struct": self = .structure
        case "Value": self = .value
        case "ListValue": self = .listValue
        case "DoubleValue", "FloatValue", "Int64Value", "UInt64Value", "Int32Value",
            "UInt32Value", "BoolValue", "StringValue", "BytesValue":
            self = .wrapper
        default: self = .none
        }
    }
}

/// How integers stand in JSON.
package enum IntegerForm: UInt8, Sendable {
    /// By the service's options: ProtoJSON has 64 bits as strings, 32 as numbers.
    case byOptions
    case string, number
}

package struct FieldDescriptor: Sendable {
    /// As the .proto spells it; an extension's is its full name in brackets.
    package let name: String
    package let jsonName: String
    /// What a mapping's `rename` calls it, in place of both; nil without.
    package internal(set) var rename: String?
    package internal(set) var integerForm = IntegerForm.byOptions
    package let number: Int
    package internal(set) var type: FieldType
    package let cardinality: FieldCardinality
    /// A repeated scalar is written as one length-delimited run.
    package let isPacked: Bool
    /// The message is written between group tags instead of behind its length.
    package let isDelimited: Bool
    /// A string must be UTF-8 for the message to be one; JSON has no other strings either way.
    package let isTextChecked: Bool
    /// Place in `MessageDescriptor.oneofs`.
    package let oneof: Int?
    package let isExtension: Bool
    package let isDeprecated: Bool
    /// proto2's and editions' default, as descriptor.proto spells it.
    package let defaultValue: String?
    package let comment: String?

    package var isRepeated: Bool { cardinality == .repeated || cardinality == .map }

    /// Of a message, or of a list of messages, its place in the contract.
    package var messageIndex: Int? {
        if case .message(let index) = type { index } else { nil }
    }

    /// The member's name in ProtoJSON.
    package var memberName: String { rename ?? jsonName }
    /// The other name that is read as the same: the .proto's.
    package var otherMemberName: String { rename ?? name }

    /// As replies have it.
    package func writtenName(_ form: ProtoJSONOptions.NameForm) -> String {
        form == .json ? memberName : otherMemberName
    }
}

package struct MessageDescriptor: Sendable {
    /// Without a leading dot.
    package let fullName: String
    /// The .proto file.
    package let file: String
    /// In the order of the file; extensions of the message last.
    package internal(set) var fields: [FieldDescriptor]
    /// Names of the oneofs that the file spells out.
    package let oneofs: [String]
    package let isMapEntry: Bool
    package let isMessageSet: Bool
    package internal(set) var wellKnown: WellKnownType
    package let isDeprecated: Bool
    package let comment: String?

    /// The field that the contract calls so, by its JSON name or the .proto's.
    package func field(named name: String) -> FieldDescriptor? {
        fields.first { $0.jsonName == name } ?? fields.first { $0.name == name }
    }

    /// The list that stands for this message in JSON, where the contract calls it so.
    package func unwrappedField(_ name: String) -> FieldDescriptor? {
        wellKnown == .unwrapped ? field(named: name) : nil
    }

    /// The field that a member of that name is.
    package func field(ofMember name: String) -> FieldDescriptor? {
        fields.first { $0.memberName == name } ?? fields.first { $0.otherMemberName == name }
    }
}

package struct EnumValueDescriptor: Sendable {
    package let name: String
    /// Without the prefix that is the enum's own name; `name` where there is no such prefix.
    package let shortName: String
    package let number: Int32
    package let isDeprecated: Bool
    package let comment: String?
}

package struct EnumDescriptor: Sendable {
    package let fullName: String
    package let file: String
    /// In the order of the file; the first is the default.
    package let values: [EnumValueDescriptor]
    /// Numbers without a name are unknown fields, not values (proto2).
    package let isClosed: Bool
    package let isDeprecated: Bool
    package let comment: String?

    /// google.protobuf.NullValue, which is `null` in JSON.
    package var isNullValue: Bool { fullName == "google.protobuf.NullValue" }
}

/// What the contract promises about repeating a call.
package enum Idempotency: Sendable {
    case unknown, noSideEffects, idempotent
}

package struct MethodDescriptor: Sendable {
    package let name: String
    /// `package.Service/Method`.
    package let operation: String
    /// `package.Service.Method`, as service configurations select methods.
    package let fullName: String
    /// Places in `ProtobufContract.messages`.
    package let input: Int
    package let output: Int
    package let isClientStreaming: Bool
    package let isServerStreaming: Bool
    package let idempotency: Idempotency
    package let isDeprecated: Bool
    package let comment: String?
    /// The google.api.http rule, additional bindings flattened in their order; empty without one.
    package let bindings: [HTTPBinding]

    /// The `:path` of a call.
    package var path: String { "/" + operation }
}

package struct ServiceDescriptor: Sendable {
    package let fullName: String
    package let file: String
    package let methods: [MethodDescriptor]
    package let isDeprecated: Bool
    package let comment: String?

    /// The last part of `fullName`.
    package var name: String { fullName.split(separator: ".").last.map(String.init) ?? fullName }

    package func method(named name: String) -> MethodDescriptor? {
        methods.first { $0.name == name }
    }
}
