// SPDX-License-Identifier: Apache-2.0
// Texts of templates that only lack their `${…}`, `body.name`, `$body.name`, `$(body.name)`, and
// braces that lack their `$`: `{body.name}`.

internal import DragomanDocument
internal import DragomanSchema

enum LooseExpression {
    /// The expression that was meant; nil of any other text.
    static func meant(_ text: String, roots: [String]) -> String? {
        guard text.utf8.count <= 200 else { return nil }
        var source = text
        if source.hasPrefix("$(") && source.hasSuffix(")") {
            source = String(source.dropFirst(2).dropLast())
        } else if source.hasPrefix("$.") {
            source = String(source.dropFirst(2))
        } else if source.hasPrefix("$") || source.hasPrefix("@") {
            source = String(source.dropFirst())
        } else if source.hasPrefix("#{") && source.hasSuffix("}") {
            source = String(source.dropFirst(2).dropLast())
        }
        source = source.trimmed
        guard let syntax = try? CELParser.parse(source, isMapping: true),
            let (chain, rest) = CELChain.of(syntax), rest.isEmpty, !chain.steps.isEmpty,
            roots.contains(chain.root.text)
        else { return nil }
        return source
    }

    /// Braces without their `$`, around what is there.
    struct Braces {
        /// UTF-8 bytes into the text.
        let offset: Int
        /// In Unicode scalars, braces included.
        let width: Int
        /// The whole text, mended.
        let mended: String
    }

    /// The first `{path}` of a text that holds a value's path in the scope; nil for none. Texts of
    /// other kinds, such as JSON and templates of URIs, have no such braces.
    static func braces(_ text: String, _ scope: TemplateScope) -> Braces? {
        let bytes = Array(text.utf8)
        guard bytes.count <= 10_000, bytes.contains(0x7B) else { return nil }
        var first: (start: Int, end: Int)?
        var mended: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let isDouble = bytes[index...].starts(with: "{{".utf8)
            let start = index + (isDouble ? 2 : 1)
            guard bytes[index] == 0x7B, let end = bytes[start...].firstIndex(of: 0x7D) else {
                mended.append(bytes[index])
                index += 1
                continue
            }
            if index > 0, bytes[index - 1] == 0x24 {
                mended += bytes[index...end]
                index = end + 1
                continue
            }
            let inner = String(decoding: bytes[start..<end], as: UTF8.self)
            guard resolves(inner, scope) else {
                mended.append(bytes[index])
                index += 1
                continue
            }
            let isClosed = isDouble && bytes[end...].starts(with: "}}".utf8)
            if isDouble, !isClosed { mended.append(0x7B) }
            let next = end + (isClosed ? 2 : 1)
            if first == nil { first = (isDouble && !isClosed ? index + 1 : index, next) }
            mended += Array("${\(inner.trimmed)}".utf8)
            index = next
        }
        guard let first else { return nil }
        let width = String(decoding: bytes[first.start..<first.end], as: UTF8.self)
        return Braces(
            offset: first.start, width: width.unicodeScalars.count,
            mended: String(decoding: mended, as: UTF8.self))
    }

    /// Warns of the first braces of a scalar that lack their `$`.
    static func warnOfBraces(_ node: YAMLNode, _ scope: TemplateScope) {
        guard let text = node.text, let found = braces(text, scope) else { return }
        scope.file.report(
            .warning, "constant-expression", node, offset: found.offset, width: found.width,
            "these braces are text: an expression stands in `${…}`",
            expected: "`$` before the brace, if the value is meant", suggestion: found.mended)
    }

    /// Whether a text is a path, and leads to something that the scope has.
    static func resolves(_ source: String, _ scope: TemplateScope) -> Bool {
        guard source.utf8.count <= 200, !source.hasPrefix("{"),
            let syntax = try? CELParser.parse(source.trimmed, isMapping: true),
            let (chain, rest) = CELChain.of(syntax), rest.isEmpty, !chain.steps.isEmpty
        else { return false }
        let names = chain.steps.compactMap { step -> String? in
            if case .member(let name) = step.kind { name } else { nil }
        }
        let root = chain.root.text
        if let variable = scope.variables.last(where: { $0.name == root }) {
            return has(variable.shape, names)
        }
        guard let slot = RootSlot.allCases.first(where: { $0.name == root }) else { return false }
        switch (slot, scope.roots[slot]) {
        case (_, nil): return false
        case (.path, _):
            return scope.parameters.variables.contains {
                names.joined(separator: ".").hasPrefix($0)
            }
        case (_, .known(let shape)): return has(shape, names)
        case (_, .later(let find)): return has(find(), names)
        case (_, .members(let known, _)): return names.first.map(known.contains) ?? false
        case (_, .anything): return true
        }
    }

    private static func has(_ shape: SchemaShape?, _ names: [String]) -> Bool {
        var shape = shape
        for name in names {
            guard let known = shape else { return true }
            switch known.member(name) {
            case .known(let next): shape = next
            case .anything: shape = nil
            case .refused:
                guard case .known(let next)? = known.items?.member(name) else { return false }
                shape = next
            }
        }
        return true
    }
}
