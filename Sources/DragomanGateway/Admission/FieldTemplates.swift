// SPDX-License-Identifier: Apache-2.0
// Header fields and metadata that the mapping sets: values of templates, checked before they are
// put where a line break would begin another field.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping

extension Exchange {
    /// Sets the fields that are not absent, in place of others of their names.
    ///
    /// - Throws: keyword `header`, where a value can not stand in a field (RFC 9110, 5.5).
    func setFields(
        _ templates: [NamedTemplate], into fields: inout HeaderFields, isMetadata: Bool = false
    ) throws(TranslationError) {
        for template in templates {
            let name = template.name.string
            if !template.isFurtherLine { fields.remove(name) }
            if let list = template.list {
                let value = try list.evaluate(context)
                if let node = value.node, node.isArray {
                    var items = node.items
                    while let item = items.next() {
                        try append(name, item.bytes, to: &fields, isMetadata)
                    }
                    continue
                }
                fieldText.removeAll()
                guard try Interpolation.write(value, to: fieldText) else { continue }
            } else {
                fieldText.removeAll()
                guard try write(template, isAddress: Self.holdsAddress(name)) else { continue }
            }
            try append(name, fieldText.bytes, to: &fields, isMetadata)
        }
    }

    /// Fields whose value is a URL: what a template puts into one is percent-encoded.
    private static func holdsAddress(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "location" || name == "content-location"
    }

    /// What stands among the text of an address is a part of one.
    private func write(
        _ template: NamedTemplate, isAddress: Bool
    ) throws(TranslationError) -> Bool {
        if isAddress, case .text = template.value.pieces.first {
            return try template.value.writePercentEncoded(context, to: fieldText)
        }
        return try template.value.write(context, to: fieldText)
    }

    private func append(
        _ name: String, _ value: UnsafeRawBufferPointer, to fields: inout HeaderFields,
        _ isMetadata: Bool
    ) throws(TranslationError) {
        let value = value.withoutOuterSpace
        if isMetadata, name.hasSuffix("-bin") {
            return fields.append(name, try Self.binary(name, value))
        }
        guard HeaderFields.isValidValue(value) else {
            throw TranslationError(
                .value, keyword: "header",
                "The value for the field \(name) has a line break or another control character.")
        }
        fields.append(name, String(decoding: value, as: UTF8.self))
    }
}

extension Exchange {
    /// The value of binary metadata as it is sent: base64 of the standard alphabet, unpadded. It
    /// may be of either, padded or not.
    private static func binary(
        _ name: String, _ value: UnsafeRawBufferPointer
    ) throws(TranslationError) -> String {
        var digits: [UInt8] = []
        digits.reserveCapacity(value.count)
        var padding = 0
        for byte in value {
            switch byte {
            case 0x3D: padding += 1
            case _ where padding > 0: padding = 3
            case 0x41...0x5A, 0x61...0x7A, 0x30...0x39, 0x2B, 0x2F: digits.append(byte)
            case 0x2D: digits.append(0x2B)
            case 0x5F: digits.append(0x2F)
            default: padding = 3
            }
        }
        guard padding < 3, digits.count + padding == value.count, digits.count % 4 != 1,
            padding == 0 || value.count % 4 == 0
        else {
            throw TranslationError(
                .value, keyword: "header", "The value for the metadata \(name) is not base64.")
        }
        return String(decoding: digits, as: UTF8.self)
    }
}

extension HeaderFields {
    /// One line of that name has exactly that value; lines are never joined.
    func hasLine(_ name: String, equalTo value: String) -> Bool {
        var index = firstIndex(name)
        while let at = index {
            if self.value(at: at) == value { return true }
            index = firstIndex(name, from: at + 1)
        }
        return false
    }
}
