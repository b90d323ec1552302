// SPDX-License-Identifier: Apache-2.0
// The schemas of single values: scalars, enums, lists, maps and the well-known types.

internal import DragomanDocument

extension MessageSchemaWriter {
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
        if let (pattern, expectation) = MessageSchemaPatterns.key(key.type) {
            document.key("propertyNames")
            document.beginObject()
            member("pattern", pattern)
            member(Self.expectation, expectation)
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

    private mutating func scalar(
        _ type: FieldType, isNullable: Bool, _ integers: IntegerForm
    ) {
        switch type {
        case .bool: types(["boolean"], isNullable: isNullable)
        case .string: types(["string"], isNullable: isNullable)
        case .bytes:
            types(["string"], isNullable: isNullable)
            member("contentEncoding", "base64")
            pattern(MessageSchemaPatterns.base64, "base64")
        case .double: floatingPoint(isNullable, most: "1.7976931348623157e308", wholeDigits: 308)
        case .float: floatingPoint(isNullable, most: "3.4028234663852886e38", wholeDigits: 38)
        case .int32, .sint32, .sfixed32: integer(.int32, isNullable, isText: integers == .string)
        case .uint32, .fixed32: integer(.uint32, isNullable, isText: integers == .string)
        case .int64, .sint64, .sfixed64:
            let isText = integers == .byOptions ? options.int64 == .string : integers == .string
            integer(.int64, isNullable, isText: isText)
        case .uint64, .fixed64:
            let isText = integers == .byOptions ? options.int64 == .string : integers == .string
            integer(.uint64, isNullable, isText: isText)
        case .message, .enumeration: break
        }
    }

    private func pattern(_ pattern: String, _ expectation: String) {
        member("pattern", pattern)
        member(Self.expectation, expectation)
    }

    /// `most`: the largest number that the type has.
    /// `wholeDigits`: as many digits before the point as never reach it.
    private func floatingPoint(_ isNullable: Bool, most: String, wholeDigits: Int) {
        types(["number", "string"], isNullable: isNullable)
        let words = "NaN|-?Infinity"
        guard isRequest else { return member("pattern", "^(?:\(words))$") }
        for (key, sign) in [("minimum", "-"), ("maximum", "")] {
            document.key(key)
            Array((sign + most).utf8).withUnsafeBytes {
                document.append(number: $0, isInteger: false)
            }
        }
        pattern(
            "^(?:\(words)|\(MessageSchemaPatterns.number(wholeDigits: wholeDigits)))$",
            "a number, \"NaN\", \"Infinity\" or \"-Infinity\"")
    }

    /// `isText`: how replies write it.
    private mutating func integer(
        _ integer: MessageSchemaInteger, _ isNullable: Bool, isText: Bool
    ) {
        if isRequest {
            reference(to: integer)
            if !isNullable { types(integer.names, isNullable: false) }
            return
        }
        types([isText ? "string" : "integer"], isNullable: false)
        if isText {
            member("pattern", "^-?[0-9]+$")
        } else {
            range(integer.least, integer.most)
        }
    }

    /// The definition that all fields of such a type share: numbers, and texts of them.
    func definition(_ integer: MessageSchemaInteger) {
        document.beginObject()
        types(integer.names, isNullable: true)
        range(integer.least, integer.most)
        pattern(integer.pattern, integer.expectation)
        document.endObject()
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
            pattern(
                MessageSchemaPatterns.timestamp,
                "a time with its zone, such as 2026-01-31T12:00:00Z")
        case .duration:
            types(["string"], isNullable: isNullable)
            pattern(MessageSchemaPatterns.duration, "a duration in seconds, such as 1.5s")
        case .fieldMask:
            types(["string"], isNullable: isNullable)
            pattern(
                "^(?:[^_,]+(?:,[^_,]+)*)?$", "a field mask: paths such as user.firstName, by commas"
            )
        case .structure: types(["object"], isNullable: isNullable)
        case .listValue: types(["array"], isNullable: isNullable)
        case .unwrapped:
            if let field = message.fields.first { value(of: field, isNullable: isNullable, []) }
        case .wrapper:
            if let field = message.fields.first { single(field.type, isNullable: isNullable) }
        }
    }
}
