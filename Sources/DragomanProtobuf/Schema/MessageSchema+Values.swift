// SPDX-License-Identifier: Apache-2.0
// The schemas of single values: scalars, enums, lists, maps and the well-known types.

internal import DragomanDocument

extension MessageSchemaWriter {
    /// JSON's numbers (RFC 8259, 6), which may also come as strings.
    private static let number = "-?(?:0|[1-9][0-9]*)(?:\\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"
    /// Those that may be whole, as far as a pattern can tell: a fraction has an exponent.
    private static let wholeNumber =
        "-?(?:0|[1-9][0-9]*)(?:\\.0+|\\.[0-9]+(?=[eE]))?(?:[eE][+-]?[0-9]+)?"
    private static let date = "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"

    /// Appends members that describe a field's value to the object that is open.
    mutating func value(
        of field: FieldDescriptor, isNullable: Bool, _ omitted: [String]
    ) {
        switch field.cardinality {
        case .repeated:
            types(["array"], isNullable: isNullable)
            document.key("items")
            document.beginObject()
            single(field.type, isNullable: false, [], field.integerForm)
            document.endObject()
        case .map: map(field, isNullable: isNullable)
        default: single(field.type, isNullable: isNullable, omitted, field.integerForm)
        }
    }

    private mutating func map(_ field: FieldDescriptor, isNullable: Bool) {
        types(["object"], isNullable: isNullable)
        guard let (key, value) = contract.mapEntry(of: field) else { return }
        let pattern: String?
        switch key.type {
        case .string: pattern = nil
        case .bool: pattern = "^(?:true|false)$"
        case .uint32, .uint64, .fixed32, .fixed64: pattern = "^(?:0|[1-9][0-9]*)$"
        default: pattern = "^(?:0|-?[1-9][0-9]*)$"
        }
        if let pattern {
            document.key("propertyNames")
            document.beginObject()
            member("pattern", pattern)
            document.endObject()
        }
        document.key("additionalProperties")
        document.beginObject()
        single(value.type, isNullable: false)
        document.endObject()
    }

    mutating func single(
        _ type: FieldType, isNullable: Bool, _ omitted: [String] = [],
        _ integers: IntegerForm = .byOptions
    ) {
        switch type {
        case .message(let index): reference(to: index, isNullable: isNullable, omitted)
        case .enumeration(let index): reference(toEnum: index, isNullable: isNullable)
        default: scalar(type, isNullable: isNullable, integers)
        }
    }

    private func scalar(_ type: FieldType, isNullable: Bool, _ integers: IntegerForm) {
        switch type {
        case .bool: types(["boolean"], isNullable: isNullable)
        case .string: types(["string"], isNullable: isNullable)
        case .bytes:
            types(["string"], isNullable: isNullable)
            member("contentEncoding", "base64")
            member("pattern", "^[A-Za-z0-9+/_-]*={0,2}$")
        case .double, .float: floatingPoint(isNullable)
        case .int32, .sint32, .sfixed32:
            integer(["integer", "string"], isNullable, isText: integers == .string)
            if isRequest || integers != .string { range(Int64(Int32.min), UInt64(Int32.max)) }
        case .uint32, .fixed32:
            integer(["integer", "string"], isNullable, isText: integers == .string)
            if isRequest || integers != .string { range(0, UInt64(UInt32.max)) }
        case .int64, .sint64, .sfixed64:
            let isText = integers == .byOptions ? options.int64 == .string : integers == .string
            integer(["string", "integer"], isNullable, isText: isText)
            if isRequest || !isText { range(Int64.min, UInt64(Int64.max)) }
        case .uint64, .fixed64:
            let isText = integers == .byOptions ? options.int64 == .string : integers == .string
            integer(["string", "integer"], isNullable, isText: isText)
            if isRequest || !isText { range(0, UInt64.max) }
        case .message, .enumeration: break
        }
    }

    private func floatingPoint(_ isNullable: Bool) {
        types(["number", "string"], isNullable: isNullable)
        let words = "NaN|-?Infinity"
        member("pattern", isRequest ? "^(?:\(words)|\(Self.number))$" : "^(?:\(words))$")
    }

    /// `names`: both ways to write the type.
    /// `isText`: how replies write it.
    private func integer(_ names: [String], _ isNullable: Bool, isText: Bool) {
        if isRequest {
            types(names, isNullable: isNullable)
            member("pattern", "^\(Self.wholeNumber)$")
            return
        }
        types([isText ? "string" : "integer"], isNullable: false)
        if isText { member("pattern", "^-?[0-9]+$") }
    }

    private func range(_ least: Int64, _ most: UInt64) {
        document.key("minimum")
        document.append(least)
        document.key("maximum")
        document.append(most)
    }

    // MARK: Enums

    /// Names; numbers too, which an open enum takes even where it does not know them.
    func enumeration(_ descriptor: EnumDescriptor) {
        document.beginObject()
        member("title", descriptor.fullName.split(separator: ".").last.map(String.init) ?? "")
        if let comment = descriptor.comment { member("description", comment) }
        if descriptor.isDeprecated {
            document.key("deprecated")
            document.append(true)
        }
        if !isRequest, options.enums == .number {
            member("type", "integer")
        } else if descriptor.isClosed {
            document.key("enum")
            document.beginArray()
            names(descriptor)
            if isRequest {
                for number in Set(descriptor.values.map(\.number)).sorted() {
                    document.append(Int64(number))
                }
                document.appendNull()
            }
            document.endArray()
        } else {
            openEnumeration(descriptor)
        }
        document.endObject()
    }

    private func openEnumeration(_ descriptor: EnumDescriptor) {
        types(["string", "integer"], isNullable: isRequest)
        range(Int64(Int32.min), UInt64(Int32.max))
        document.key("if")
        document.beginObject()
        member("type", "string")
        document.endObject()
        document.key("then")
        document.beginObject()
        document.key("enum")
        document.beginArray()
        names(descriptor)
        document.endArray()
        document.endObject()
    }

    private func names(_ descriptor: EnumDescriptor) {
        var taken: Set<String> = []
        for value in descriptor.values {
            let short = options.enums == .short
            for name in isRequest
                ? short ? [value.shortName, value.name] : [value.name]
                : [short ? value.shortName : value.name]
            where taken.insert(name).inserted {
                document.append(string: name)
            }
        }
    }

    // MARK: Well-known types

    mutating func wellKnown(_ message: MessageDescriptor, isNullable: Bool) {
        switch message.wellKnown {
        case .none, .value: break
        case .any:
            types(["object"], isNullable: isNullable)
            document.key("properties")
            document.beginObject()
            document.key("@type")
            document.beginObject()
            member("type", "string")
            document.endObject()
            document.endObject()
            document.key("dependentRequired")
            document.beginObject()
            document.key("value")
            document.beginArray()
            document.append(string: "@type")
            document.endArray()
            document.endObject()
        case .timestamp:
            types(["string"], isNullable: isNullable)
            member("format", "date-time")
            member(
                "pattern", "^\(Self.date)(?:\\.[0-9]{1,9})?(?:Z|[+-][0-9]{2}:[0-9]{2})$")
        case .duration:
            types(["string"], isNullable: isNullable)
            member("pattern", "^-?[0-9]+(?:\\.[0-9]{1,9})?s$")
        case .fieldMask:
            types(["string"], isNullable: isNullable)
            member("pattern", "^(?:[^_,]+(?:,[^_,]+)*)?$")
        case .structure: types(["object"], isNullable: isNullable)
        case .listValue: types(["array"], isNullable: isNullable)
        case .unwrapped:
            if let field = message.fields.first { value(of: field, isNullable: isNullable, []) }
        case .wrapper:
            if let field = message.fields.first { single(field.type, isNullable: isNullable) }
        }
    }
}
