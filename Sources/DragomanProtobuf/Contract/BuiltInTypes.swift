// SPDX-License-Identifier: Apache-2.0
// The messages that errors are made of whatever the contract has: google.rpc.Status, its usual
// details, and the well-known types that those refer to.

internal import SwiftProtobuf

enum BuiltInTypes {
    /// Nil never happens: a test loads it.
    static let contract: ProtobufContract? = try? ContractLoader.load([file])

    /// Each message by name, its fields as `name type number`; `*` before a type is repeated.
    private static let definitions: [(name: String, fields: [String])] = [
        ("protobuf.Any", ["type_url string 1", "value bytes 2"]),
        ("protobuf.Duration", ["seconds int64 1", "nanos int32 2"]),
        ("protobuf.Timestamp", ["seconds int64 1", "nanos int32 2"]),
        ("protobuf.Empty", []),
        ("protobuf.FieldMask", ["paths *string 1"]),
        ("protobuf.DoubleValue", ["value double 1"]),
        ("protobuf.FloatValue", ["value float 1"]),
        ("protobuf.Int64Value", ["value int64 1"]),
        ("protobuf.UInt64Value", ["value uint64 1"]),
        ("protobuf.Int32Value", ["value int32 1"]),
        ("protobuf.UInt32Value", ["value uint32 1"]),
        ("protobuf.BoolValue", ["value bool 1"]),
        ("protobuf.StringValue", ["value string 1"]),
        ("protobuf.BytesValue", ["value bytes 1"]),
        ("rpc.Status", ["code int32 1", "message string 2", "details *protobuf.Any 3"]),
        ("rpc.StringEntry", ["key string 1", "value string 2"]),
        ("rpc.ErrorInfo", ["reason string 1", "domain string 2", "metadata *rpc.StringEntry 3"]),
        ("rpc.RetryInfo", ["retry_delay protobuf.Duration 1"]),
        ("rpc.DebugInfo", ["stack_entries *string 1", "detail string 2"]),
        ("rpc.QuotaFailure", ["violations *rpc.QuotaViolation 1"]),
        (
            "rpc.QuotaViolation",
            [
                "subject string 1", "description string 2", "api_service string 3",
                "quota_metric string 4", "quota_id string 5",
                "quota_dimensions *rpc.StringEntry 6", "quota_value int64 7",
                "future_quota_value ?int64 8",
            ]
        ),
        ("rpc.PreconditionFailure", ["violations *rpc.PreconditionViolation 1"]),
        (
            "rpc.PreconditionViolation",
            ["type string 1", "subject string 2", "description string 3"]
        ),
        ("rpc.BadRequest", ["field_violations *rpc.FieldViolation 1"]),
        (
            "rpc.FieldViolation",
            [
                "field string 1", "description string 2", "reason string 3",
                "localized_message rpc.LocalizedMessage 4",
            ]
        ),
        ("rpc.RequestInfo", ["request_id string 1", "serving_data string 2"]),
        (
            "rpc.ResourceInfo",
            [
                "resource_type string 1", "resource_name string 2", "owner string 3",
                "description string 4",
            ]
        ),
        ("rpc.Help", ["links *rpc.Link 1"]),
        ("rpc.Link", ["description string 1", "url string 2"]),
        ("rpc.LocalizedMessage", ["locale string 1", "message string 2"]),
    ]

    /// All of them in one file of the package `google`, as messages `protobuf.Any` and so on: the
    /// dot makes them what their own files call them.
    private static var file: Google_Protobuf_FileDescriptorProto {
        var file = Google_Protobuf_FileDescriptorProto()
        file.name = "dragoman/built_in.proto"
        file.package = "google"
        file.syntax = "proto3"
        for definition in definitions {
            var message = Google_Protobuf_DescriptorProto()
            message.name = definition.name
            message.field = definition.fields.map { field(Substring($0)) }
            if definition.name == "rpc.StringEntry" { message.options.mapEntry = true }
            file.messageType.append(message)
        }
        return file
    }

    private static func field(_ text: Substring) -> Google_Protobuf_FieldDescriptorProto {
        let words = text.split(separator: " ")
        var field = Google_Protobuf_FieldDescriptorProto()
        var type = words[1]
        field.name = String(words[0])
        field.number = Int32(words[2]) ?? 0
        field.label = .optional
        if type.hasPrefix("*") {
            field.label = .repeated
            type = type.dropFirst()
        } else if type.hasPrefix("?") {
            field.proto3Optional = true
            type = type.dropFirst()
        }
        switch type {
        case "string": field.type = .string
        case "bytes": field.type = .bytes
        case "bool": field.type = .bool
        case "double": field.type = .double
        case "float": field.type = .float
        case "int32": field.type = .int32
        case "int64": field.type = .int64
        case "uint32": field.type = .uint32
        case "uint64": field.type = .uint64
        default:
            field.type = .message
            field.typeName = ".google." + type
        }
        return field
    }
}
