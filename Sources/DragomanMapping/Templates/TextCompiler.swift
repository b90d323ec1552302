// SPDX-License-Identifier: Apache-2.0
// Texts with values in them: interpolated strings, headers and metadata, paths of http backends,
// and single expressions such as a status or a condition.

internal import DragomanDocument
internal import DragomanSchema

enum TextCompiler {
    /// The scalar's parts; nil where an expression has no end, which is reported.
    static func split(_ node: YAMLNode, _ source: String, _ file: MappingSource) -> TemplateText? {
        do throws(TemplateText.Unclosed) {
            return try TemplateText(source)
        } catch {
            let rest = String(decoding: source.utf8.dropFirst(error.offset + 2), as: UTF8.self)
            let quote = CELHabitWord.words(rest).first { $0.kind == .string && !$0.isClosed }
            if let quote, rest.contains("}") {
                file.report(
                    .error, "expression-syntax", node, offset: error.offset + 2 + quote.start,
                    "the text that begins here has no closing quote",
                    expected: "`\(quote.text.first ?? "'")` before the `}`")
                return nil
            }
            file.report(
                .error, "expression-syntax", node, offset: error.offset, width: 2,
                "this `${` has no `}`", expected: "`}`, or `$${` for the text `${` itself")
            return nil
        }
    }

    static func interpolation(
        _ text: TemplateText, _ node: YAMLNode, _ scope: TemplateScope
    ) -> Interpolation? {
        LooseExpression.warnOfBraces(node, scope)
        var pieces = ContiguousArray<Interpolation.Piece>()
        var isWhole = true
        for part in text.parts {
            switch part {
            case .text(let text): pieces.append(.text(scope.arena.text(text)))
            case .expression(let source, let offset):
                let place = ExpressionPlace(node: node, offset: offset)
                guard
                    let compiled = scope.compile(source, at: place, .operand)
                else {
                    isWhole = false
                    continue
                }
                // Alone in a header, a list is its lines.
                let isAlone = text.parts.count == 1
                if let types = isAlone ? compiled.shape?.types : compiled.jsonTypes,
                    isStructure(types)
                {
                    scope.file.report(
                        .error, "wrong-type", node, offset: offset, width: source.count,
                        "\(TypeNames.article(types)) can not stand in a text")
                    isWhole = false
                    continue
                }
                pieces.append(.expression(compiled.expression))
            }
        }
        return isWhole ? Interpolation(pieces: pieces) : nil
    }

    private static func isStructure(_ types: SchemaTypes) -> Bool {
        !types.isEmpty && types.isSubset(of: [.object, .array])
    }

    /// A scalar as a text; nil where something is wrong, which has been reported.
    static func text(_ node: YAMLNode, _ scope: TemplateScope) -> Interpolation? {
        guard let source = node.text else {
            scope.file.report(
                .error, "wrong-type", node, "\(node.kindDescription) is no text",
                expected: "a string")
            return nil
        }
        guard let text = split(node, source, scope.file) else { return nil }
        return interpolation(text, node, scope)
    }

    /// A scalar that is one `${…}`; nil where it is a constant or wrong.
    static func whole(
        _ node: YAMLNode, _ scope: TemplateScope, as use: ExpressionUse = .operand
    ) -> CompiledExpression? {
        guard let source = node.text, let text = split(node, source, scope.file),
            let (expression, offset) = text.whole
        else { return nil }
        return scope.compile(expression, at: ExpressionPlace(node: node, offset: offset), use)
    }

    /// Names and texts of `headers`, `metadata`.
    static func named(
        _ node: YAMLNode?, isMetadata: Bool, _ scope: TemplateScope
    ) -> [NamedTemplate] {
        var templates: [NamedTemplate] = []
        if let node, node.pairs == nil, !node.isNull {
            scope.file.report(
                .error, "wrong-type", node,
                "\(isMetadata ? "metadata" : "header fields") can not be \(node.kindDescription)",
                expected: "a mapping from names to texts")
        }
        for pair in node?.pairs ?? [] {
            guard check(pair.key, isMetadata: isMetadata, scope.file) else { continue }
            if let meant = FieldNames.meant(pair.name) {
                scope.file.report(
                    .warning, "unusual-header", pair.key,
                    "`\(pair.name)` is no usual header", suggestion: meant)
            }
            for (index, value) in (pair.value.items ?? [pair.value]).enumerated() {
                append(pair.name, value, index > 0, isMetadata, scope, &templates)
            }
        }
        return templates
    }

    private static func append(
        _ name: String, _ value: YAMLNode, _ isFurtherLine: Bool, _ isMetadata: Bool,
        _ scope: TemplateScope, _ templates: inout [NamedTemplate]
    ) {
        guard let text = text(value, scope) else { return }
        if let constant = text.constant, !FieldNames.isValue(constant.bytes) {
            return scope.file.report(
                .error, "wrong-value", value, "this can not stand in a header",
                expected: "a text without line breaks and control characters")
        }
        var list: Expression?
        if text.pieces.count == 1, case .expression(let expression) = text.pieces[0] {
            list = expression
        }
        templates.append(
            NamedTemplate(
                name: scope.arena.text(isMetadata ? name.lowercased() : name), value: text,
                list: list, isFurtherLine: isFurtherLine))
    }

    /// Whether a mapping may set a field of that name (PRODUCT.md, What is forwarded).
    private static func check(
        _ key: YAMLNode, isMetadata: Bool, _ file: MappingSource
    ) -> Bool {
        let name = (key.text ?? "").lowercased()
        let isToken =
            !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x61...0x7A: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
        guard isToken else {
            let isPseudo = name.hasPrefix(":")
            file.report(
                .error, "wrong-name", key,
                isPseudo
                    ? "pseudo header fields can not be set"
                    : "`\(key.text ?? "")` is no name of a header field",
                expected: "letters, digits and hyphens")
            return false
        }
        guard !FieldNames.isGateways(name) else {
            file.report(
                .error, "wrong-name", key, "the field `\(name)` is the gateway's own to set")
            return false
        }
        return true
    }
}
