// SPDX-License-Identifier: Apache-2.0
// Names, selections and indices: variables of macros, what the exchange or the suite binds, types.

internal import DragomanDocument
internal import DragomanSchema

extension CELChain {
    /// The chain that an expression is, and the parts behind it that are none of it, outermost
    /// last. Nil where it does not begin with a name.
    static func of(_ syntax: CELSyntax) -> (chain: CELChain, rest: [CELSyntax])? {
        var parts: [CELSyntax] = []
        var current = syntax
        while true {
            switch current.kind {
            case .select(let operand, _, _), .index(let operand, _, _):
                parts.append(current)
                current = operand
                continue
            default: break
            }
            break
        }
        guard case .identifier(let name, let isGlobal) = current.kind else { return nil }
        parts.reverse()
        var steps: [Step] = []
        for part in parts {
            guard let step = step(part) else { break }
            steps.append(step)
        }
        let chain = CELChain(
            root: CELName(text: name, start: current.start, end: current.end),
            isGlobal: isGlobal, steps: steps)
        return (chain, Array(parts[steps.count...]))
    }

    private static func step(_ part: CELSyntax) -> Step? {
        switch part.kind {
        case .select(_, let name, isOptional: false):
            return Step(kind: .member(name.text), start: name.start, end: name.end)
        case .index(_, let key, isOptional: false):
            switch key.kind {
            case .string(let name):
                return Step(kind: .member(name), start: key.start, end: key.end)
            case .int(let position) where position >= 0 && position < 1 << 31:
                return Step(kind: .item(Int(position)), start: key.start, end: key.end)
            default: return nil
            }
        default: return nil
        }
    }

    /// The chain as text up to that many steps; two chains of one text mean one value.
    func text(_ count: Int) -> String {
        steps.prefix(count).reduce(into: root.text) { text, step in
            switch step.kind {
            case .member(let name): text += "." + name
            case .item(let position): text += "[\(position)]"
            }
        }
    }

    /// The chain and all chains that it begins with.
    var prefixes: [String] { (0...steps.count).map(text) }
}

extension CELChecker {
    /// A name with what is selected from it.
    mutating func chain(_ syntax: CELSyntax, _ use: CELUse) -> CELChecked {
        var found = resolve(syntax, use)
        guard found.mayBeAbsent else { return found }
        switch use {
        case .operand, .range: break
        case .whole, .replaced, .presence, .path: return found
        }
        found.mayBeAbsent = false
        if !isTolerant, isMapping, !isGuarded(syntax) {
            problems.append(
                CELProblem(
                    severity: .warning, code: "may-be-absent", start: syntax.start,
                    end: syntax.end,
                    message: "this may be absent, and then the whole expression is",
                    expected: "default(…, …) around it, or has(…) before it"))
        }
        return found
    }

    private func isGuarded(_ syntax: CELSyntax) -> Bool {
        guard let (chain, rest) = CELChain.of(syntax), rest.isEmpty else { return false }
        return guards.contains(chain.text(chain.steps.count))
    }

    private mutating func resolve(_ syntax: CELSyntax, _ use: CELUse) -> CELChecked {
        guard let (chain, rest) = CELChain.of(syntax) else { return access(syntax) }
        if !chain.isGlobal, let local = locals.last(where: { $0.name == chain.root.text }) {
            if case .identifier = syntax.kind {
                return CELChecked(code: .local(local.slot), type: local.type)
            }
            return access(syntax)
        }
        if let (found, consumed) = names.resolve(chain, rest.isEmpty ? use : .path, &self) {
            return accessAbove(syntax, CELChain.partCount(syntax) - consumed, found)
        }
        if rest.isEmpty, let type = typeName(chain.text(chain.steps.count), chain) { return type }
        if case .identifier(let name, _) = syntax.kind { return unknown(name, syntax) }
        return access(syntax)
    }

    /// Resolves what is selected from a value that is no name.
    private mutating func access(_ syntax: CELSyntax) -> CELChecked {
        switch syntax.kind {
        case .select(let operand, let name, let isOptional):
            return select(check(operand, .path), name, isOptional: isOptional)
        case .index(let operand, let key, let isOptional):
            return index(syntax, check(operand, .path), key, isOptional: isOptional)
        default: return check(syntax)
        }
    }

    /// The outermost `count` parts of `syntax`, on a value that the rest of it was found to be.
    private mutating func accessAbove(
        _ syntax: CELSyntax, _ count: Int, _ value: CELChecked
    ) -> CELChecked {
        guard count > 0 else { return value }
        switch syntax.kind {
        case .select(let operand, let name, let isOptional):
            return select(
                accessAbove(operand, count - 1, value), name, isOptional: isOptional)
        case .index(let operand, let key, let isOptional):
            return index(
                syntax, accessAbove(operand, count - 1, value), key, isOptional: isOptional)
        default: return value
        }
    }

    private mutating func unknown(_ name: String, _ syntax: CELSyntax) -> CELChecked {
        if isLenient {
            return CELChecked(
                code: .failing("undeclared reference to `\(name)`"), type: .dyn)
        }
        let names = locals.map(\.name) + self.names.names
        let known = names.isEmpty ? nil : "one of " + names.joined(separator: ", ")
        return report(
            "unknown-root", syntax.start, syntax.end, "there is no `\(name)` here",
            expected: isMapping ? CELForeignNames.remark(name) ?? known : known,
            suggestion: isMapping
                ? CELForeignNames.root(name, in: names) ?? NearestName.find(name, in: names)
                : NearestName.find(name, in: names))
    }

    private static let types: Set<String> = [
        "bool", "int", "uint", "double", "string", "bytes", "list", "map", "null_type", "type",
        "optional_type", "google.protobuf.Timestamp", "google.protobuf.Duration",
    ]

    /// The candidates for a name, innermost container first.
    func candidates(_ name: String, isGlobal: Bool) -> [String] {
        guard !isGlobal, !container.isEmpty else { return [name] }
        var found: [String] = []
        var parts = container.split(separator: ".").map(String.init)
        while !parts.isEmpty {
            found.append(parts.joined(separator: ".") + "." + name)
            parts.removeLast()
        }
        return found + [name]
    }

    private func typeName(_ name: String, _ chain: CELChain) -> CELChecked? {
        for step in chain.steps {
            guard case .member = step.kind else { return nil }
        }
        for candidate in candidates(name, isGlobal: chain.isGlobal) {
            if Self.types.contains(candidate) || messages[candidate] != nil
                || CELMessageType.wellKnown(candidate) != nil
            {
                return CELChecked(code: .constant(.type(candidate)), type: .type)
            }
        }
        return nil
    }

    // MARK: Selection

    private mutating func select(
        _ value: CELChecked, _ name: CELName, isOptional: Bool
    ) -> CELChecked {
        var operand = value.type
        var isChained = isOptional
        if case .optional(let inner) = operand {
            operand = inner
            isChained = true
        }
        let found = member(operand, name)
        let member = CELMember(
            name: pool.text(name.text), reading: found.reading, absent: found.absent)
        return CELChecked(
            code: .select(value.code, member, isOptional: isOptional),
            type: isChained ? .optional(found.type) : found.type,
            mayBeAbsent: value.mayBeAbsent || !isChained && found.mayBeAbsent)
    }

    /// Reports a member that can not be there.
    mutating func checkMember(_ type: CELType, _ name: CELName) {
        _ = member(type.unwrapped, name)
    }

    /// What is known of a member.
    private struct Member {
        var type = CELType.dyn
        var reading = CELReading.plain
        var absent: ConstantNode?
        var mayBeAbsent = false
    }

    private mutating func member(_ type: CELType, _ name: CELName) -> Member {
        switch type {
        case .dyn, .parameter: return Member()
        case .map(_, let value): return Member(type: value)
        case .json(let shape, let reading): return member(shape, reading, name)
        case .message(let message):
            if let field = message.fields[name.text] { return Member(type: field.type) }
            _ = report(
                "unknown-member", name.start, name.end,
                "`\(message.name)` has no field `\(name.text)`",
                suggestion: NearestName.find(name.text, in: Array(message.fields.keys)),
                about: [name.text])
        default:
            _ = report(
                "wrong-type", name.start, name.end,
                "what stands before `\(name.text)` is \(type.name), which has no members")
        }
        return Member()
    }

    private mutating func member(
        _ shape: SchemaShape, _ reading: CELReading, _ name: CELName
    ) -> Member {
        let absent = shape.message.flatMap { message in
            pool.constant { message.appendDefault(of: name.text, to: $0) }
        }
        var found = Member(
            absent: absent, mayBeAbsent: absent == nil && !shape.isRequired(name.text))
        switch shape.member(name.text) {
        case .known(let known):
            found.reading = CELReading.of(name.text, in: shape) ?? known.reading
            found.type = .json(known, found.reading)
        case .anything: found.reading = reading.inner
        case .refused:
            found.mayBeAbsent = false
            _ = report(
                "unknown-member", name.start, name.end,
                shape.types.contains(.object)
                    ? "`\(shape.name)` has no member `\(name.text)` here"
                    : "what stands before `\(name.text)` is no object in `\(shape.name)`",
                expected: NameList.oneOf(shape.memberNames),
                suggestion: NearestName.find(name.text, in: shape.memberNames),
                about: [name.text])
        }
        return found
    }

    private mutating func index(
        _ syntax: CELSyntax, _ value: CELChecked, _ key: CELSyntax, isOptional: Bool
    ) -> CELChecked {
        let position = check(key)
        if isMapping, !isLenient, case .int(let place) = key.kind, place < 0 {
            return report(
                "wrong-index", key.start, key.end, "items are counted from 0, and from the front",
                expected: "list[size(list) - \(place.magnitude)] for one from the end")
        }
        var operand = value.type
        var isChained = isOptional
        if case .optional(let inner) = operand {
            operand = inner
            isChained = true
        }
        let type: CELType
        switch operand.plain {
        case .list(let item): type = item
        case .map(_, let item): type = item
        case .dyn, .parameter: type = .dyn
        default:
            return report(
                "wrong-type", syntax.start, syntax.end,
                "`[…]` wants a list or a map, and this is \(operand.name)")
        }
        return CELChecked(
            code: .index(value.code, position.code, isOptional: isOptional),
            type: isChained ? .optional(type) : type,
            mayBeAbsent: value.mayBeAbsent)
    }
}

extension CELChain {
    /// Selections and indices of an expression down to its name.
    static func partCount(_ syntax: CELSyntax) -> Int {
        switch syntax.kind {
        case .select(let operand, _, _), .index(let operand, _, _): partCount(operand) + 1
        default: 0
        }
    }
}
