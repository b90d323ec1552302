// SPDX-License-Identifier: Apache-2.0
// google.protobuf.Any in requests: which types its URL may name, and the `value` of those that
// have a JSON form of their own. The members of other types the translation judges.

internal import DragomanDocument

extension MessageSchemaWriter {
    /// The definition that all fields of the type share.
    mutating func anyDefinition() {
        let builtIn = BuiltInTypes.contract?.messages ?? []
        var names: [String] = []
        var seen: Set<String> = []
        for message in contract.messages + builtIn
        where !message.isMapEntry && seen.insert(message.fullName).inserted {
            names.append(message.fullName)
        }
        document.key("google.protobuf.Any")
        document.beginObject()
        types(["object"], isNullable: true)
        document.key("properties")
        document.beginObject()
        document.key("@type")
        document.beginObject()
        member("type", "string")
        member("pattern", "/(?:\(names.map(Self.quoted).joined(separator: "|")))$")
        member(Self.expectation, "the URL of a type of the contract")
        document.endObject()
        document.endObject()
        // Only an empty object says nothing.
        document.key("if")
        document.beginObject()
        number("minProperties", 1)
        document.endObject()
        document.key("then")
        document.beginObject()
        list("required", ["@type"])
        document.endObject()
        document.key("allOf")
        document.beginArray()
        var known: Set<String> = []
        for message in contract.messages + builtIn
        where message.wellKnown != .none && message.wellKnown != .unwrapped
            && known.insert(message.fullName).inserted
        {
            anyValue(message)
        }
        document.endArray()
        document.endObject()
    }

    /// `{ "@type": …, "value": … }` where the type is a well-known one.
    private mutating func anyValue(_ message: MessageDescriptor) {
        document.beginObject()
        document.key("if")
        document.beginObject()
        document.key("properties")
        document.beginObject()
        document.key("@type")
        document.beginObject()
        member("pattern", "/\(Self.quoted(message.fullName))$")
        document.endObject()
        document.endObject()
        list("required", ["@type"])
        document.endObject()
        document.key("then")
        document.beginObject()
        document.key("properties")
        document.beginObject()
        document.key("@type")
        document.append(true)
        document.key("value")
        document.beginObject()
        if message.wellKnown == .any {
            member("$ref", "#/$defs/google.protobuf.Any")
            member("type", "object")
        } else {
            wellKnown(message, isNullable: false)
        }
        document.endObject()
        document.endObject()
        list("required", ["value"])
        document.key("additionalProperties")
        document.append(options.unknown == .ignore)
        document.endObject()
        document.endObject()
    }

    private func number(_ name: String, _ value: Int64) {
        document.key(name)
        document.append(value)
    }

    private func list(_ name: String, _ values: [String]) {
        document.key(name)
        document.beginArray()
        for value in values { document.append(string: value) }
        document.endArray()
    }

    /// Full names have no other sign that means something in a pattern.
    private static func quoted(_ name: String) -> String {
        name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
    }
}
