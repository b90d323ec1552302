// SPDX-License-Identifier: Apache-2.0
// Messages and their fields, references resolved, features applied.

internal import SwiftProtobuf

extension ContractLoader {
    mutating func linkMessages() -> [MessageDescriptor] {
        linkExtensions()
        var linked: [MessageDescriptor] = []
        linked.reserveCapacity(messages.count)
        for (index, message) in messages.enumerated() {
            linked.append(link(message, at: index))
        }
        return linked
    }

    private mutating func link(_ message: Message, at index: Int) -> MessageDescriptor {
        let proto = message.proto
        var fields: [FieldDescriptor] = []
        fields.reserveCapacity(proto.field.count)
        let oneofs = spelledOutOneofs(proto)
        for (place, field) in proto.field.enumerated() {
            let oneof =
                field.hasOneofIndex && !field.proto3Optional
                ? oneofs[Int(field.oneofIndex)] : nil
            let linked = link(
                field, in: message.fullName, message.file, message.path + [2, Int32(place)],
                message.features, oneof: oneof, isExtension: false)
            if let linked { fields.append(linked) }
        }
        if let more = extensionFields[index] { fields += more }
        check(fields, message)
        return MessageDescriptor(
            fullName: message.fullName, file: files[message.file].name, fields: fields,
            oneofs: proto.oneofDecl.enumerated().filter { oneofs[$0.offset] != nil }
                .map { $0.element.name },
            isMapEntry: proto.options.mapEntry,
            isMessageSet: proto.options.messageSetWireFormat,
            wellKnown: WellKnownType(fullName: message.fullName),
            isDeprecated: proto.options.deprecated,
            comment: sources[message.file].comment(message.path))
    }

    /// Place among the oneofs that the file spells out, by index; those that only say that a
    /// proto3 field is optional have none.
    private func spelledOutOneofs(_ proto: MessageProto) -> [Int: Int] {
        guard !proto.oneofDecl.isEmpty else { return [:] }
        var real: Set<Int> = []
        for field in proto.field where field.hasOneofIndex && !field.proto3Optional {
            real.insert(Int(field.oneofIndex))
        }
        var places: [Int: Int] = [:]
        for index in proto.oneofDecl.indices where real.contains(index) {
            places[index] = places.count
        }
        return places
    }

    private mutating func check(_ fields: [FieldDescriptor], _ message: Message) {
        var numbers: Set<Int> = []
        for field in fields where !numbers.insert(field.number).inserted {
            report(
                message.file, message.fullName, message.path,
                "the number \(field.number) is given to two fields")
        }
        if fields.count > ContractLoader.fieldsMax {
            report(
                message.file, message.fullName, message.path,
                "has more than \(ContractLoader.fieldsMax) fields")
        }
        guard message.proto.options.mapEntry else { return }
        let key = fields.first { $0.number == 1 }
        let isGood = key.map(ContractLoader.isMapKey) ?? false
        if fields.count != 2 || !isGood || !fields.contains(where: { $0.number == 2 }) {
            report(message.file, message.fullName, message.path, "is no map entry, but says so")
        }
    }

    private static func isMapKey(_ field: FieldDescriptor) -> Bool {
        switch field.type {
        case .double, .float, .bytes, .message, .enumeration: false
        default: !field.isRepeated
        }
    }

    private mutating func linkExtensions() {
        for field in extensions {
            let fullName = ContractLoader.join(field.scope, field.proto.name)
            let index = resolve(field.proto.extendee, from: field.scope, in: symbols.messages)
            guard let index else {
                report(
                    field.file, fullName, field.path,
                    "extends \(plain(field.proto.extendee)), \(whyUnresolved(field.file))")
                continue
            }
            let linked = link(
                field.proto, in: field.scope, field.file, field.path, field.features,
                oneof: nil, isExtension: true)
            if let linked { extensionFields[index, default: []].append(linked) }
        }
    }

    private func plain(_ name: String) -> String {
        name.hasPrefix(".") ? String(name.dropFirst()) : name
    }

    func whyUnresolved(_ file: Int) -> String {
        let missing = files[file].dependency.filter(missingImports.contains)
        return missing.isEmpty
            ? "which is not defined in the set"
            : "which is not in the set; \(missing.joined(separator: ", ")) is missing there"
    }

    // MARK: Fields

    private mutating func link(
        _ field: FieldProto, in scope: String, _ file: Int, _ path: [Int32], _ around: Features,
        oneof: Int?, isExtension: Bool
    ) -> FieldDescriptor? {
        let fullName = ContractLoader.join(scope, field.name)
        let features =
            field.options.hasFeatures ? around.with(field.options.features) : around
        guard field.number > 0, field.number < 1 << 29 else {
            report(file, fullName, path, "the field number \(field.number) is out of range")
            return nil
        }
        guard let type = type(of: field, fullName, scope, file, path) else { return nil }
        let isMap = isMap(field, type)
        return FieldDescriptor(
            name: isExtension ? "[\(fullName)]" : field.name,
            jsonName: isExtension
                ? "[\(fullName)]"
                : field.hasJsonName ? field.jsonName : FieldNames.json(field.name),
            number: Int(field.number), type: type,
            cardinality: isMap
                ? .map
                : cardinality(field, type, features, hasPresence: oneof != nil || isExtension),
            isPacked: field.label == .repeated && ContractLoader.isPackable(type)
                && (field.options.hasPacked ? field.options.packed : features.isPacked),
            isDelimited: field.type == .group
                || field.type == .message && features.isDelimited
                    && !isMap && !isMapEntry(scope),
            isTextChecked: features.isTextChecked,
            oneof: oneof, isExtension: isExtension, isDeprecated: field.options.deprecated,
            defaultValue: field.hasDefaultValue ? field.defaultValue : nil,
            comment: sources[file].comment(path))
    }

    private func isMapEntry(_ scope: String) -> Bool {
        symbols.messages[scope].map { messages[$0].proto.options.mapEntry } ?? false
    }

    private func isMap(_ field: FieldProto, _ type: FieldType) -> Bool {
        guard field.label == .repeated, case .message(let index) = type else { return false }
        return messages[index].proto.options.mapEntry
    }

    private func cardinality(
        _ field: FieldProto, _ type: FieldType, _ features: Features, hasPresence: Bool
    ) -> FieldCardinality {
        switch field.label {
        case .repeated: return .repeated
        case .required: return .required
        case .optional: break
        }
        if features.presence == .required && !hasPresence { return .required }
        if case .message = type { return .explicit }
        if hasPresence || field.proto3Optional { return .explicit }
        return features.presence == .implicit ? .implicit : .explicit
    }

    static func isPackable(_ type: FieldType) -> Bool {
        switch type {
        case .string, .bytes, .message: false
        default: true
        }
    }

    private mutating func type(
        of field: FieldProto, _ fullName: String, _ scope: String, _ file: Int, _ path: [Int32]
    ) -> FieldType? {
        if let scalar = ContractLoader.scalar(field.type), field.hasType { return scalar }
        if field.hasType ? field.type != .enum : true,
            let index = resolve(field.typeName, from: scope, in: symbols.messages)
        {
            return .message(index)
        }
        if field.hasType ? field.type == .enum : true,
            let index = resolve(field.typeName, from: scope, in: symbols.enums)
        {
            return .enumeration(index)
        }
        report(
            file, fullName, path, "has the type \(plain(field.typeName)), \(whyUnresolved(file))")
        return nil
    }

    private static func scalar(_ type: Google_Protobuf_FieldDescriptorProto.TypeEnum) -> FieldType?
    {
        switch type {
        case .double: .double
        case .float: .float
        case .int64: .int64
        case .uint64: .uint64
        case .int32: .int32
        case .fixed64: .fixed64
        case .fixed32: .fixed32
        case .bool: .bool
        case .string: .string
        case .bytes: .bytes
        case .uint32: .uint32
        case .sfixed32: .sfixed32
        case .sfixed64: .sfixed64
        case .sint32: .sint32
        case .sint64: .sint64
        case .message, .group, .enum: nil
        }
    }
}

/// Names that follow from other names.
enum FieldNames {
    /// `order_id` to `orderId`, as protoc does where a descriptor has no json_name.
    static func json(_ name: String) -> String {
        var json = ""
        var isUpper = false
        for scalar in name.unicodeScalars {
            if scalar == "_" {
                isUpper = true
            } else if isUpper, scalar.isASCII, ("a"..."z").contains(scalar) {
                json.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value) - 32))
                isUpper = false
            } else {
                json.unicodeScalars.append(scalar)
                isUpper = false
            }
        }
        return json
    }

    /// `ORDER_STATUS_PAID` of the enum `OrderStatus` to `PAID`; the name itself where it does not
    /// begin with its enum's.
    static func short(_ name: String, of enumeration: String) -> String {
        let letters = Array(enumeration.utf8.filter { $0 != 0x5F })
        let bytes = Array(name.utf8)
        var index = 0
        for letter in letters {
            while index < bytes.count, bytes[index] == 0x5F { index += 1 }
            guard index < bytes.count, bytes[index] | 0x20 == letter | 0x20 else { return name }
            index += 1
        }
        guard index + 1 < bytes.count, bytes[index] == 0x5F else { return name }
        while index < bytes.count, bytes[index] == 0x5F { index += 1 }
        return index < bytes.count ? String(decoding: bytes[index...], as: UTF8.self) : name
    }
}
