// SPDX-License-Identifier: Apache-2.0
// Setting fields, items and map members from parameters: each value is tried at once against its
// field, so that every parameter that does not fit is reported, by its name.

internal import DragomanDocument

extension RequestAssembler {
    typealias Field = UnsafePointer<FieldTable>

    // MARK: Ways down

    /// The node of a message field; nil, reported, where the field has been set as a whole.
    func enterMessage(_ node: Int, _ field: Field, _ parameter: Int) -> Int? {
        if let child = tree.child(of: node, field) {
            if tree.nodes[child].content == .message { return child }
            violateTwice(parameter)
            return nil
        }
        return tree.add(.message, to: node, field, parameter: parameter)
    }

    func enterMap(_ node: Int, _ field: Field, _ parameter: Int) -> Int? {
        if let child = tree.child(of: node, field) {
            if tree.nodes[child].content == .map { return child }
            violateTwice(parameter)
            return nil
        }
        return tree.add(.map, to: node, field, parameter: parameter)
    }

    func enterMember(
        _ map: Int, _ key: UnsafeRawBufferPointer, _ field: Field, _ parameter: Int
    ) -> Int? {
        if let child = tree.child(of: map, key: key) {
            if tree.nodes[child].content == .message { return child }
            violateTwice(parameter)
            return nil
        }
        guard field.pointee.message != nil, TextScan.firstInvalidUTF8(key) == nil else {
            violate(parameter, "contract", "no value of this map can be set so")
            return nil
        }
        return tree.add(.message, to: map, field, parameter: parameter, key: tree.keep(key))
    }

    // MARK: Values

    /// A field's value: an item, where the field is a list.
    func setValue(
        _ value: UnsafeRawBufferPointer, at node: Int, _ field: Field, _ parameter: Int
    ) {
        switch field.pointee.form {
        case .implicit, .explicit, .item, .map:
            if let message = field.pointee.message, message.pointee.wellKnown == .unwrapped {
                return addItem(value, at: node, field, Field(message.pointee.fields), parameter)
            }
            if tree.child(of: node, field) != nil { return violateTwice(parameter) }
            add(value, to: node, field, parameter)
        case .repeated, .packed: addItem(value, at: node, field, field, parameter)
        }
    }

    /// `item`: the field that the list's items are of.
    private func addItem(
        _ value: UnsafeRawBufferPointer, at node: Int, _ field: Field, _ item: Field,
        _ parameter: Int
    ) {
        var list = tree.child(of: node, field)
        if list == nil { list = tree.add(.list, to: node, field, parameter: parameter) }
        guard let list, tree.nodes[list].content == .list else {
            return violateTwice(parameter)
        }
        add(value, to: list, item, parameter)
    }

    /// A variable of the path; a list's items stand between commas.
    func setPathValue(
        _ value: UnsafeRawBufferPointer, at node: Int, _ field: Field, _ parameter: Int
    ) {
        guard field.pointee.form == .repeated || field.pointee.form == .packed else {
            return setValue(value, at: node, field, parameter)
        }
        for item in value.split(separator: 0x2C, omittingEmptySubsequences: false) {
            setValue(UnsafeRawBufferPointer(rebasing: item), at: node, field, parameter)
        }
    }

    func setMember(
        _ value: UnsafeRawBufferPointer, of map: Int, _ key: UnsafeRawBufferPointer,
        _ field: Field, _ parameter: Int
    ) {
        if tree.child(of: map, key: key) != nil { return violateTwice(parameter) }
        guard TextScan.firstInvalidUTF8(key) == nil else {
            return violate(parameter, "contract", "the key is not UTF-8")
        }
        add(value, to: map, field, parameter, key: tree.keep(key))
    }

    private func add(
        _ value: UnsafeRawBufferPointer, to node: Int, _ field: Field, _ parameter: Int,
        key: Range<Int> = 0..<0
    ) {
        guard TextScan.firstInvalidUTF8(value) == nil else {
            return violate(parameter, "contract", "the value is not UTF-8")
        }
        let kept = tree.keep(value)
        let content = tree.add(
            .text, to: node, field, parameter: parameter, key: key, value: kept)
        // A string takes any text.
        if field.pointee.kind == .string { return }
        trial.removeAll()
        trialOutput.removeAll()
        guard appendValue(content, to: trial), let root = trial.root else { return }
        tryValue(root, field, parameter)
    }

    private func tryValue(_ root: Node, _ field: Field, _ parameter: Int) {
        guard let assembly, field.pointee.form != .map else { return }
        var writer = WireWriter(
            output: trialOutput, options: assembly.options, tables: assembly.plan.tables,
            takesText: true)
        do throws(TranslationError) {
            try writer.writeValue(root, field, 0)
        } catch {
            violate(parameter, error.keyword, error.detail)
        }
    }

    // MARK: Text to JSON

    /// Appends a text's JSON value; false, reported, where it has none.
    func appendValue(_ node: Int, to document: Document) -> Bool {
        guard let field = tree.nodes[node].field else { return false }
        let text = tree.bytes(tree.nodes[node].value)
        let parameter = tree.nodes[node].parameter
        if field.pointee.form == .map, tree.nodes[node].key.isEmpty {
            return appendJSON(text, to: document, parameter)
        }
        guard let table = field.pointee.message else {
            ParameterText.append(text, field.pointee.kind, to: document)
            return true
        }
        switch table.pointee.wellKnown {
        case .timestamp, .duration: document.append(string: text)
        case .wrapper: ParameterText.append(text, table.pointee.fields[0].kind, to: document)
        case .fieldMask: ParameterText.appendFieldMask(text, to: document)
        default: return appendJSON(text, to: document, parameter)
        }
        return true
    }

    private func appendJSON(
        _ text: UnsafeRawBufferPointer, to document: Document, _ parameter: Int
    ) -> Bool {
        let value: Document
        do throws(JSONSyntaxError) {
            value = try Document.reading(text, DocumentLimits())
        } catch {
            violate(parameter, "contract", "the value is not JSON: \(error.detail)")
            return false
        }
        guard let root = value.root else { return false }
        documents.append(value)
        document.append(reference: root)
        return true
    }
}

/// Texts of parameters as JSON values.
enum ParameterText {
    /// Messages whose JSON form is a text or a scalar.
    static func isText(_ type: WellKnownType) -> Bool {
        switch type {
        case .timestamp, .duration, .wrapper, .fieldMask: true
        default: false
        }
    }

    /// What is no number of a numeric field, or no boolean, stays a string, which is then refused
    /// where it does not fit.
    static func append(
        _ text: UnsafeRawBufferPointer, _ kind: FieldKind, to document: Document
    ) {
        switch kind {
        case .string, .bytes: document.append(string: text)
        case .bool:
            if text.elementsEqual("true".utf8) {
                document.append(true)
            } else if text.elementsEqual("false".utf8) {
                document.append(false)
            } else {
                document.append(string: text)
            }
        case .enumeration:
            if NumberText.isCanonicalInteger(text) {
                document.append(number: text, isInteger: true)
            } else {
                document.append(string: text)
            }
        default:
            if NumberText.isNumber(text) {
                let isInteger = text.allSatisfy { $0 == 0x2D || $0 >= 0x30 && $0 <= 0x39 }
                document.append(number: text, isInteger: isInteger)
            } else {
                document.append(string: text)
            }
        }
    }

    /// Paths in JSON's names or, as is usual in URLs, in the .proto's: `display_name` becomes
    /// `displayName`.
    static func appendFieldMask(_ text: UnsafeRawBufferPointer, to document: Document) {
        let start = document.beginText()
        document.continueText(atMost: text.count) { place in
            var count = 0
            var index = 0
            while index < text.count {
                if text[index] == 0x5F, index + 1 < text.count, text[index + 1] >= 0x61,
                    text[index + 1] <= 0x7A
                {
                    place[count] = text[index + 1] & 0xDF
                    index += 2
                } else {
                    place[count] = text[index]
                    index += 1
                }
                count += 1
            }
            return count
        }
        document.endString(from: start)
    }
}
