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
        _ templates: [NamedTemplate], into fields: inout HeaderFields
    ) throws(TranslationError) {
        for template in templates {
            let name = template.name.string
            fields.remove(name)
            if let list = template.list, case .node(let node) = try list.evaluate(context),
                node.isArray
            {
                var items = node.items
                while let item = items.next() { try append(name, item.bytes, to: &fields) }
                continue
            }
            fieldText.removeAll()
            guard try write(template, isAddress: Self.holdsAddress(name)) else { continue }
            try append(name, fieldText.bytes, to: &fields)
        }
    }

    /// Fields whose value is a URL: what a template puts into one is percent-encoded.
    private static func holdsAddress(_ name: String) -> Bool {
        let name = name.lowercased()
        return name == "location" || name == "content-location"
    }

    /// A whole `${…}` is an address already; only what stands among other text is a part of one.
    private func write(
        _ template: NamedTemplate, isAddress: Bool
    ) throws(TranslationError) -> Bool {
        if isAddress, case .text = template.value.pieces.first {
            return try template.value.writePercentEncoded(context, to: fieldText)
        }
        return try template.value.write(context, to: fieldText)
    }

    private func append(
        _ name: String, _ value: UnsafeRawBufferPointer, to fields: inout HeaderFields
    ) throws(TranslationError) {
        let value = value.withoutOuterSpace
        guard HeaderFields.isValidValue(value) else {
            throw TranslationError(
                .value, keyword: "header",
                "The value for the field \(name) has a line break or another control character.")
        }
        fields.append(name, String(decoding: value, as: UTF8.self))
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
