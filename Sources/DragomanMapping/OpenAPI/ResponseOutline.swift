// SPDX-License-Identifier: Apache-2.0
// The JSON Schema of what a `response` template makes: its shape is the template's, its values
// have the types of what they are taken from.

internal import DragomanDocument
internal import DragomanSchema

/// Derives the schema of one template. For descriptions only: nothing is judged by it.
struct ResponseOutline {
    let scope: TemplateScope
    let document: Document

    /// Appends the schema of the template's value.
    func value(_ node: YAMLNode) {
        switch node.content {
        case .scalar(let text): scalar(node, text)
        case .sequence(let items): sequence(items)
        case .mapping(let pairs):
            document.object {
                document.member("type", "object")
                object(pairs)
            }
        }
    }

    private func scalar(_ node: YAMLNode, _ source: String) {
        guard let text = try? TemplateText(source) else { return document.append(true) }
        if text.constant != nil {
            document.object {
                document.key("const")
                YAMLDocument.append(node, to: document)
            }
        } else if text.whole != nil {
            shape(TextCompiler.whole(node, scope)?.shape)
        } else {
            document.object { document.member("type", "string") }
        }
    }

    private func shape(_ shape: SchemaShape?) {
        guard let shape else { return document.append(true) }
        if let reference = shape.reference {
            return document.object { document.member("$ref", reference) }
        }
        types(shape.types)
    }

    private func types(_ types: SchemaTypes) {
        let names: [(SchemaTypes, String)] = [
            (.null, "null"), (.boolean, "boolean"), (.string, "string"), (.array, "array"),
            (.object, "object"),
        ]
        var found = names.filter { types.contains($0.0) }.map(\.1)
        if types.contains(.fraction) {
            found.append("number")
        } else if types.contains(.integer) {
            found.append("integer")
        }
        guard types != .all, !found.isEmpty else { return document.append(true) }
        document.object {
            document.member("type", array: { for name in found { document.append(string: name) } })
        }
    }

    private func sequence(_ items: [YAMLNode]) {
        document.object {
            document.member("type", "array")
            guard let only = items.first, items.count == 1, let pair = only.pairs?.first,
                only.pairs?.count == 1,
                case .loop(let variable, let list)? = Directive(pair.key)
            else { return }
            let place = ExpressionPlace(node: pair.key, offset: list.offset)
            let compiled = ExpressionCompiler.compile(list.text, at: place, .operand, scope)
            scope.variables.append(
                TemplateScope.Variable(
                    name: variable, slot: scope.slots.take(), shape: compiled?.shape?.items,
                    usage: nil))
            document.key("items")
            value(pair.value)
            scope.variables.removeLast()
        }
    }

    // MARK: Objects

    private func object(_ pairs: [YAMLNode.Pair]) {
        var found: [(name: String, values: [YAMLNode])] = []
        var hasSpread = false
        collect(pairs, &found, &hasSpread)
        document.member(
            "properties",
            object: {
                for (name, values) in found {
                    document.key(name)
                    member(values)
                }
            })
        // What a spread brings is the other value's own.
        if !hasSpread { document.member("additionalProperties", false) }
    }

    /// A member that both branches of a condition set may be either.
    private func member(_ values: [YAMLNode]) {
        guard values.count > 1 else { return values.forEach(value) }
        document.object {
            document.member("anyOf", array: { values.forEach(value) })
        }
    }

    private func collect(
        _ pairs: [YAMLNode.Pair], _ found: inout [(name: String, values: [YAMLNode])],
        _ hasSpread: inout Bool
    ) {
        for pair in pairs {
            switch Directive(pair.key) {
            case nil:
                guard let text = pair.key.text, let name = (try? TemplateText(text))?.constant
                else { continue }
                if let index = found.firstIndex(where: { $0.name == name }) {
                    found[index].values.append(pair.value)
                } else {
                    found.append((name, [pair.value]))
                }
            case .condition, .otherwise:
                collect(pair.value.pairs ?? [], &found, &hasSpread)
            case .spread: hasSpread = true
            case .loop, .unknown: continue
            }
        }
    }
}
