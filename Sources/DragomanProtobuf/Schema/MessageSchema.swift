// SPDX-License-Identifier: Apache-2.0
// The JSON Schema (2020-12) of a message in its ProtoJSON form: what a derived `accepts` checks,
// and what the OpenAPI document shows.

package import DragomanDocument

/// What a schema is for.
package enum MessageSchemaUse: Sendable {
    /// All that ProtoJSON reads: both names of a field, numbers as strings, null as absence.
    case request
    /// What this gateway writes with the given options.
    case reply
}

extension ProtobufContract {
    /// The schema of a message as one document, the messages and enums it refers to in `$defs` by
    /// their full names.
    ///
    /// `message`: by its place in `messages`.
    /// `omitted`: dotted paths of .proto or JSON names that other parts of a request set, and the
    /// body therefore must not.
    /// `field`: the schema of that field's value instead of the message's (an HttpRule's `body`
    /// or `response_body`).
    /// `refusesTwins`: of a field's two names only one may be there. The translation judges that
    /// anyway, so that only people and other programs need to be told.
    package func jsonSchema(
        of message: Int, _ use: MessageSchemaUse = .request,
        _ options: ProtoJSONOptions = ProtoJSONOptions(), omitting omitted: [String] = [],
        field: FieldDescriptor? = nil, refusesTwins: Bool = false
    ) -> Document {
        var writer = MessageSchemaWriter(contract: self, use: use, options: options)
        writer.refusesTwins = refusesTwins
        return writer.document(message, omitted, field)
    }
}

/// The state of writing one schema document.
package struct MessageSchemaWriter {
    /// A message with what is left out of it: one entry of `$defs`.
    struct Definition: Hashable {
        let message: Int
        let omitted: [String]
    }

    let contract: ProtobufContract
    let use: MessageSchemaUse
    let options: ProtoJSONOptions
    let document = Document(tapeCapacity: 1024, textCapacity: 16_384)
    /// A second name of a field bears the first one under this keyword.
    package static let alias = "x-alias-of"
    /// What a pattern asks for in words, which errors say instead of it.
    static let expectation = "x-expects"

    var refusesTwins = false
    private var waiting: [Definition] = []
    private var known: Set<Definition> = []
    private var enums: [Int] = []
    private var knownEnums: Set<Int> = []
    private var integers: Set<MessageSchemaInteger> = []
    private var isAnyUsed = false

    /// The rule that names the other members grows with the square.
    static let smallOneofMax = 8

    init(contract: ProtobufContract, use: MessageSchemaUse, options: ProtoJSONOptions) {
        self.contract = contract
        self.use = use
        self.options = options
    }

    var isRequest: Bool { use == .request }

    mutating func document(
        _ message: Int, _ omitted: [String], _ field: FieldDescriptor?
    ) -> Document {
        document.beginObject()
        member("$schema", "https://json-schema.org/draft/2020-12/schema")
        if let field {
            // Where a path sets a member, there is a message.
            value(of: field, isNullable: isRequest && omitted.isEmpty, omitted)
        } else {
            reference(to: message, isNullable: false, omitted)
        }
        document.key("$defs")
        document.beginObject()
        var isMore = true
        while isMore {
            isMore = false
            if let next = waiting.popLast() {
                document.key(name(next))
                definition(next)
                isMore = true
            } else if let next = enums.popLast() {
                document.key(contract.enums[next].fullName)
                enumeration(contract.enums[next])
                isMore = true
            }
        }
        if isAnyUsed { anyDefinition() }
        for integer in MessageSchemaInteger.allCases where integers.contains(integer) {
            document.key(integer.rawValue)
            self.definition(integer)
        }
        document.endObject()
        document.endObject()
        return document
    }

    // MARK: Pieces

    func member(_ name: String, _ text: String) {
        document.key(name)
        document.append(string: text)
    }

    /// `type`, with null where that is accepted.
    func types(_ names: [String], isNullable: Bool) {
        document.key("type")
        if names.count == 1, !isNullable {
            document.append(string: names[0])
            return
        }
        document.beginArray()
        for name in names { document.append(string: name) }
        if isNullable { document.append(string: "null") }
        document.endArray()
    }

    private func name(_ definition: Definition) -> String {
        let fullName = contract.messages[definition.message].fullName
        return definition.omitted.isEmpty
            ? fullName : fullName + "-without-" + definition.omitted.joined(separator: "-")
    }

    /// The members that refer to a message's schema. Definitions take null where requests do, so
    /// that a place where it is not taken says so, and no other needs a choice between schemas.
    mutating func reference(to message: Int, isNullable: Bool, _ omitted: [String] = []) {
        let descriptor = contract.messages[message]
        if descriptor.wellKnown == .any, isRequest {
            isAnyUsed = true
            member("$ref", "#/$defs/" + descriptor.fullName)
            if !isNullable { member("type", "object") }
            return
        }
        if descriptor.wellKnown != .none {
            return wellKnown(descriptor, isNullable: isNullable)
        }
        let definition = Definition(message: message, omitted: omitted.sorted())
        if known.insert(definition).inserted { waiting.append(definition) }
        member("$ref", "#/$defs/" + name(definition))
        if isRequest, !isNullable { member("type", "object") }
    }

    mutating func reference(toEnum index: Int, isNullable: Bool) {
        let descriptor = contract.enums[index]
        if descriptor.isNullValue {
            document.key("enum")
            document.beginArray()
            document.appendNull()
            if isRequest {
                document.append(string: "NULL_VALUE")
                document.append(Int64(0))
            }
            document.endArray()
            return
        }
        if knownEnums.insert(index).inserted { enums.append(index) }
        member("$ref", "#/$defs/" + descriptor.fullName)
        if isRequest, !isNullable {
            types(["string", "integer"], isNullable: false)
        }
    }

    mutating func reference(to integer: MessageSchemaInteger) {
        integers.insert(integer)
        member("$ref", "#/$defs/" + integer.rawValue)
    }

    // MARK: Messages

    private mutating func definition(_ definition: Definition) {
        let message = contract.messages[definition.message]
        document.beginObject()
        member("title", message.fullName.split(separator: ".").last.map(String.init) ?? "")
        if let comment = message.comment { member("description", comment) }
        if message.isDeprecated {
            document.key("deprecated")
            document.append(true)
        }
        types(["object"], isNullable: isRequest)
        let fields = message.fields.filter { field in
            !definition.omitted.contains { $0 == field.name || $0 == field.jsonName }
        }
        document.key("properties")
        document.beginObject()
        properties(fields, definition.omitted)
        document.endObject()
        document.key("additionalProperties")
        document.append(isRequest && options.unknown == .ignore)
        conditions(message, fields)
        if refusesTwins, isRequest { twins(fields) }
        document.endObject()
    }

    /// Where a field's second name is, its first one is not.
    private func twins(_ fields: [FieldDescriptor]) {
        let twins = fields.filter { $0.name != $0.jsonName }
        guard !twins.isEmpty else { return }
        document.key("dependentSchemas")
        document.beginObject()
        for field in twins {
            document.key(field.name)
            document.beginObject()
            document.key("properties")
            document.beginObject()
            document.key(field.jsonName)
            document.append(false)
            document.endObject()
            document.endObject()
        }
        document.endObject()
    }

    private mutating func properties(_ fields: [FieldDescriptor], _ omitted: [String]) {
        var taken: Set<String> = []
        for field in fields {
            let name = isRequest ? field.memberName : field.writtenName(options.names)
            guard taken.insert(name).inserted else { continue }
            document.key(name)
            property(field, omitted, isMain: true)
        }
        guard isRequest else { return }
        for field in fields where taken.insert(field.otherMemberName).inserted {
            document.key(field.otherMemberName)
            property(field, omitted, isMain: false)
        }
    }

    private mutating func property(_ field: FieldDescriptor, _ omitted: [String], isMain: Bool) {
        document.beginObject()
        if isMain, let comment = field.comment { member("description", comment) }
        if !isMain { member(Self.alias, field.jsonName) }
        if field.isDeprecated {
            document.key("deprecated")
            document.append(true)
        }
        let inside = omitted.compactMap { path -> String? in
            for name in [field.name, field.jsonName] where path.hasPrefix(name + ".") {
                return String(path.dropFirst(name.count + 1))
            }
            return nil
        }
        value(of: field, isNullable: isRequest, inside)
        document.endObject()
    }

    /// proto2's required fields, one of both names where they differ; and oneofs.
    private func conditions(_ message: MessageDescriptor, _ fields: [FieldDescriptor]) {
        let required = fields.filter { $0.cardinality == .required }
        let single = required.filter { !isRequest || $0.otherMemberName == $0.memberName }
        if !single.isEmpty {
            document.key("required")
            document.beginArray()
            for field in single {
                document.append(
                    string: isRequest ? field.memberName : field.writtenName(options.names))
            }
            document.endArray()
        }
        guard isRequest else { return }
        let double = required.filter { $0.otherMemberName != $0.memberName }
        let groups = message.oneofs.indices.map { index in fields.filter { $0.oneof == index } }
            .filter { $0.count > 1 }
        guard !double.isEmpty || !groups.isEmpty else { return }
        document.key("allOf")
        document.beginArray()
        for field in double { either(field) }
        for members in groups { oneof(members) }
        document.endArray()
    }

    private func either(_ field: FieldDescriptor) {
        document.beginObject()
        document.key("anyOf")
        document.beginArray()
        for name in [field.memberName, field.otherMemberName] {
            document.beginObject()
            document.key("required")
            document.beginArray()
            document.append(string: name)
            document.endArray()
            document.endObject()
        }
        document.endArray()
        document.endObject()
    }

    private func oneof(_ members: [FieldDescriptor]) {
        document.beginObject()
        if members.count <= Self.smallOneofMax { fewMembers(members) } else { manyMembers(members) }
        document.endObject()
    }

    /// All members but one are absent or null.
    private func fewMembers(_ members: [FieldDescriptor]) {
        document.key("anyOf")
        document.beginArray()
        for chosen in members.indices {
            document.beginObject()
            document.key("properties")
            document.beginObject()
            for (index, field) in members.enumerated() where index != chosen { unset(field) }
            document.endObject()
            document.endObject()
        }
        document.endArray()
    }

    /// Exactly one is set, or none.
    private func manyMembers(_ members: [FieldDescriptor]) {
        document.key("oneOf")
        document.beginArray()
        document.beginObject()
        document.key("properties")
        document.beginObject()
        for field in members { unset(field) }
        document.endObject()
        document.endObject()
        for field in members {
            document.beginObject()
            document.key("not")
            document.beginObject()
            document.key("properties")
            document.beginObject()
            unset(field)
            document.endObject()
            document.endObject()
            document.endObject()
        }
        document.endArray()
    }

    /// The field is absent or null, by both of its names. Where null is a value, it is absent.
    private func unset(_ field: FieldDescriptor) {
        let isValue =
            switch field.type {
            case .message(let index): contract.messages[index].wellKnown == .value
            case .enumeration(let index): contract.enums[index].isNullValue
            default: false
            }
        for name in field.otherMemberName == field.memberName
            ? [field.memberName] : [field.memberName, field.otherMemberName]
        {
            document.key(name)
            if isValue {
                document.append(false)
                continue
            }
            document.beginObject()
            if name != field.jsonName { member(Self.alias, field.jsonName) }
            member("type", "null")
            document.endObject()
        }
    }
}
