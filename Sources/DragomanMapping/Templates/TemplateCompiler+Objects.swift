// SPDX-License-Identifier: Apache-2.0
// Objects of templates: members by name, `${*}`, `${if}` and `${else}`.

internal import DragomanDocument
internal import DragomanSchema

extension TemplateCompiler {
    /// Which members an object under construction has.
    struct ObjectState {
        /// Where each name is set first.
        var names: [String: YAMLNode] = [:]
        /// Names that are there whatever a condition says.
        var certain: Set<String> = []
        /// Those that are there whatever a request holds, and where they are set.
        var constant: [(name: String, key: YAMLNode)] = []
        /// What unknown names were most likely meant to be.
        var misspelt: Set<String> = []
        var spread: YAMLNode?
        /// Filters of this object's spreads, to be told all names.
        var filters: [Int] = []
    }

    /// The members between beginObject and endObject.
    mutating func object(
        _ node: YAMLNode, _ pairs: [YAMLNode.Pair], _ target: SchemaShape?
    ) {
        var state = ObjectState()
        let hidden = names(pairs)
        members(pairs, target, hidden, &state)
        if state.spread == nil, let target { checkRequired(node, state, target) }
        if let message = target?.message { checkOneofs(message, state) }
    }

    /// All names that an object's template sets, conditions or not.
    private func names(_ pairs: [YAMLNode.Pair]) -> [String] {
        var names: [String] = []
        for pair in pairs {
            switch Directive(pair.key) {
            case nil:
                if let text = pair.key.text, let name = (try? TemplateText(text))?.constant {
                    names.append(name)
                }
            case .condition, .otherwise: names += self.names(pair.value.pairs ?? [])
            default: break
            }
        }
        return names
    }

    private mutating func members(
        _ pairs: [YAMLNode.Pair], _ target: SchemaShape?, _ hidden: [String],
        _ state: inout ObjectState
    ) {
        var index = 0
        while index < pairs.count {
            let pair = pairs[index]
            index += 1
            switch Directive(pair.key) {
            case nil: member(pair, target, &state)
            case .spread: spread(pair, target, hidden, &state)
            case .condition(let source):
                var other: YAMLNode.Pair?
                if index < pairs.count, case .otherwise = Directive(pairs[index].key) {
                    other = pairs[index]
                    index += 1
                }
                condition(pair, source, other, target, hidden, &state)
            case .otherwise:
                scope.file.report(
                    .error, "misplaced-directive", pair.key,
                    "`${else}` follows its `${if …}` directly")
            case .loop:
                scope.file.report(
                    .error, "misplaced-directive", pair.key,
                    "a comprehension is the only item of a list", expected: "`- ` before it")
            case .unknown(let text):
                let words = ["*", "if", "else", "for"]
                let first = String(text.prefix { $0 != " " })
                let suggestion =
                    NearestName.find(first, in: words)
                    ?? Directive.mended(text)
                scope.file.report(
                    .error, "unknown-directive", pair.key,
                    "a key is a name, or `${*}`, `${if …}`, `${else}`, `${for x in …}`",
                    expected: text.hasPrefix("else if") || text.hasPrefix("elif")
                        ? "`${else}:`, and `${if …}:` in it" : nil,
                    suggestion: suggestion.map {
                        $0.hasPrefix("$") ? $0 : "${\($0)\(text.dropFirst(first.count))}"
                    })
            }
        }
    }

    private mutating func member(
        _ pair: YAMLNode.Pair, _ target: SchemaShape?, _ state: inout ObjectState
    ) {
        guard let written = pair.key.text, let split = split(pair.key, written) else { return }
        guard let name = split.constant else {
            return scope.file.report(
                .error, "unknown-directive", pair.key, "a member's name can not be computed")
        }
        if let first = state.names[name] {
            return scope.file.report(
                .error, "duplicate-member", pair.key,
                "the member `\(name)` is set twice, and both may come to be",
                expected: "one place, or the two branches of one `${if}`",
                related: [scope.file.related(first, "it is first set here")])
        }
        state.names[name] = pair.key
        if !isConditional {
            state.certain.insert(name)
            if !mayBeAbsent(pair.value) { state.constant.append((name, pair.key)) }
        }
        var shape: SchemaShape?
        var isRequired = false
        if let target {
            switch target.member(name) {
            case .known(let known): shape = known
            case .anything: break
            case .refused:
                let names = target.memberNames
                let remark = scope.file.remark(on: name, of: names)
                if let meant = remark?.suggestion ?? NearestName.find(name, in: names) {
                    state.misspelt.insert(meant)
                }
                return reportUnknown(name, pair.key, target)
            }
            isRequired = target.isRequired(name)
        }
        guard !isWrapped(pair, name, shape) else { return }
        let key = Int32(truncatingIfNeeded: text(name))
        value(pair.value, target: shape, key: key, isRequired: isRequired)
    }

    /// Whether a list that `unwrap` made is written with its wrapper's element; says so.
    private func isWrapped(
        _ pair: YAMLNode.Pair, _ name: String, _ shape: SchemaShape?
    ) -> Bool {
        guard let shape, shape.types.isSubset(of: [.array, .null]), let pairs = pair.value.pairs,
            pairs.count == 1, Directive(pairs[0].key) == nil,
            let unwrapped = scope.file.unwrapped(name)
        else { return false }
        scope.file.report(
            .error, "wrong-type", pair.value,
            "`\(name)` is a list here: its wrapper is taken off (`unwrap` of types, line "
                + "\(unwrapped.node.position.line))",
            expected: "the items themselves, without `\(pairs[0].name)`")
        return true
    }

    private func reportUnknown(_ name: String, _ key: YAMLNode, _ target: SchemaShape) {
        let names = target.memberNames
        if let remark = scope.file.remark(on: name, of: names) {
            return scope.file.report(
                .error, "unknown-member", key, remark.message, suggestion: remark.suggestion,
                about: [name])
        }
        scope.file.report(
            .error, "unknown-member", key, "`\(target.name)` has no member `\(name)` here",
            expected: NameList.oneOf(names),
            suggestion: NearestName.find(name, in: names), about: [name])
    }

    /// Every member that the target wants must be set somewhere.
    private func checkRequired(
        _ node: YAMLNode, _ state: ObjectState, _ target: SchemaShape
    ) {
        let missing = target.memberNames.filter {
            target.isRequired($0) && state.names[$0] == nil && !state.misspelt.contains($0)
        }
        guard let last = missing.last else { return }
        let quoted = missing.map { "`\($0)`" }
        let names =
            missing.count == 1
            ? "the member `\(last)`"
            : "the members " + quoted.dropLast().joined(separator: ", ") + " and `\(last)`"
        scope.file.report(
            .error, "missing-member", node,
            "`\(target.name)` wants \(names) here, and nothing sets "
                + (missing.count == 1 ? "it" : "them"),
            expected: NameList.listed(quoted), about: Set(missing))
    }

    /// Whether a value may leave its member out: one whole `${…}`.
    private func mayBeAbsent(_ node: YAMLNode) -> Bool {
        node.text.flatMap { try? TemplateText($0) }?.whole != nil
    }

    /// Of a oneof only one member may be set.
    private func checkOneofs(_ message: ProtoShape, _ state: ObjectState) {
        var first: [String: (name: String, key: YAMLNode)] = [:]
        for (name, key) in state.constant {
            guard let oneof = message.oneof(of: name) else { continue }
            guard let other = first[oneof] else {
                first[oneof] = (name, key)
                continue
            }
            scope.file.report(
                .error, "duplicate-member", key,
                "`\(other.name)` and `\(name)` are both of the oneof `\(oneof)`: one of them is sent",
                expected: "one of them, or the two branches of one `${if}`",
                related: [scope.file.related(other.key, "`\(other.name)` is set here")])
        }
    }

    private mutating func spread(
        _ pair: YAMLNode.Pair, _ target: SchemaShape?, _ hidden: [String],
        _ state: inout ObjectState
    ) {
        if let first = state.spread {
            return scope.file.report(
                .error, "duplicate-member", pair.key, "two `${*}` fill one object",
                related: [scope.file.related(first, "the first is here")])
        }
        state.spread = pair.key
        guard let source = pair.value.text, let split = split(pair.value, source) else {
            return spreadMisused(pair)
        }
        guard let (text, offset) = split.whole else { return spreadMisused(pair) }
        let place = ExpressionPlace(node: pair.value, offset: offset)
        let use = ExpressionUse.spread(
            target: target, hidden: hidden, isCertain: !isConditional)
        guard let compiled = scope.compile(text, at: place, use) else {
            return
        }
        if let types = compiled.jsonTypes, types.isDisjoint(with: .object) {
            return spreadMisused(pair)
        }
        if let target, let shape = compiled.shape {
            ShapeFit.checkMembers(shape, target, hidden: hidden, at: place, scope.file)
        }
        var allowed: [ConstantText]?
        if let target, target.isClosed {
            allowed = target.memberNames.map { scope.arena.text($0) }
        }
        parts.filters.append(
            TemplateProgram.SpreadFilter(
                hidden: hidden.map { scope.arena.text($0) }, allowed: allowed))
        emit(
            .spread, a: expression(compiled.expression), b: parts.filters.count - 1)
    }

    private func spreadMisused(_ pair: YAMLNode.Pair) {
        scope.file.report(
            .error, "wrong-type", pair.value, "`${*}` wants an object as one `${…}`",
            expected: "for example ${body}")
    }

    private mutating func condition(
        _ pair: YAMLNode.Pair, _ source: Directive.Source, _ other: YAMLNode.Pair?,
        _ target: SchemaShape?, _ hidden: [String], _ state: inout ObjectState
    ) {
        let place = ExpressionPlace(node: pair.key, offset: source.offset)
        let compiled = scope.compile(source.text, at: place, .condition)
        if let types = compiled?.jsonTypes, types.isDisjoint(with: .boolean) {
            scope.file.report(
                .error, "wrong-type", pair.key, offset: source.offset,
                width: source.text.count,
                "this is \(TypeNames.article(types)), and a condition wants a boolean",
                expected: types.isSubset(of: [.array, .object, .null])
                    ? "for example has(…) or size(…) > 0" : "for example has(…) or a comparison")
        }
        let start = parts.instructions.count
        emit(.unless, a: compiled.map { expression($0.expression) } ?? 0)
        let before = state
        let outer = scope.guards
        defer { scope.guards = outer }
        scope.guards += compiled?.guards.whenTrue ?? []
        branch(pair, target, hidden, &state)
        scope.guards = outer + (compiled?.guards.whenFalse ?? [])
        let first = state
        guard let other else {
            parts.instructions[start].b = Int32(truncatingIfNeeded: parts.instructions.count)
            return
        }
        let jump = parts.instructions.count
        emit(.jump)
        parts.instructions[start].b = Int32(truncatingIfNeeded: parts.instructions.count)
        state = before
        branch(other, target, hidden, &state)
        parts.instructions[jump].b = Int32(truncatingIfNeeded: parts.instructions.count)
        state.names.merge(first.names) { known, _ in known }
        state.spread = state.spread ?? first.spread
    }

    private mutating func branch(
        _ pair: YAMLNode.Pair, _ target: SchemaShape?, _ hidden: [String],
        _ state: inout ObjectState
    ) {
        guard let pairs = pair.value.pairs else {
            return scope.file.report(
                .error, "wrong-type", pair.value,
                "`\(pair.name)` holds the members that it adds", expected: "a mapping")
        }
        let outer = isConditional
        isConditional = true
        members(pairs, target, hidden, &state)
        isConditional = outer
    }
}
