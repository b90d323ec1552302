// SPDX-License-Identifier: Apache-2.0
// Templates to programs: YAML in the shape of a message becomes steps that build it, checked on
// the way against the type that is wanted.

internal import DragomanDocument
internal import DragomanSchema

/// Compiles one template.
struct TemplateCompiler {
    let scope: TemplateScope
    var parts = TemplateProgram.Parts()
    /// Inside `${if}`: what is made here need not be there.
    var isConditional = false
    /// What must be in the object that `${*}` fills, and is set by the template itself.
    private var failed = false

    init(scope: TemplateScope) { self.scope = scope }

    /// A template for a value of that shape; nil where something is wrong, which has been
    /// reported. `name`: the mapping's key, for messages.
    static func compile(
        _ node: YAMLNode, target: SchemaShape?, _ scope: TemplateScope
    ) -> TemplateProgram? {
        let before = scope.file.collector.errorCount
        var compiler = TemplateCompiler(scope: scope)
        compiler.value(node, target: target, key: -1, isRequired: true)
        guard scope.file.collector.errorCount == before else { return nil }
        return TemplateProgram(compiler.parts, arena: scope.arena)
    }

    /// `key`: index of the member's name in `parts.texts`, or -1.
    mutating func value(_ node: YAMLNode, target: SchemaShape?, key: Int32, isRequired: Bool) {
        switch node.content {
        case .scalar(let text): scalar(node, text, target, key, isRequired)
        case .sequence(let items): sequence(node, items, target, key)
        case .mapping(let pairs):
            if let only = pairs.first, pairs.count == 1, Directive(only.key)?.isLoop == true {
                scope.file.report(
                    .error, "misplaced-directive", only.key,
                    "a comprehension is the only item of a list", expected: "`- ` before it")
                return
            }
            guard expect(.object, node, target) else { return }
            emit(.beginObject, key: key)
            object(node, pairs, target)
            emit(.endObject)
        }
    }

    mutating func emit(
        _ operation: TemplateProgram.Operation, key: Int32 = -1, a: Int = 0, b: Int = 0,
        c: Int = 0
    ) {
        parts.instructions.append(
            TemplateProgram.Instruction(
                operation: operation, key: key, a: Int32(truncatingIfNeeded: a),
                b: Int32(truncatingIfNeeded: b), c: Int32(truncatingIfNeeded: c)))
    }

    mutating func text(_ string: String) -> Int {
        parts.texts.append(scope.arena.text(string))
        return parts.texts.count - 1
    }

    mutating func expression(_ expression: Expression) -> Int {
        parts.expressions.append(expression)
        return parts.expressions.count - 1
    }

    /// Whether a literal of that type may stand here; says so if not.
    func expect(_ type: SchemaTypes, _ node: YAMLNode, _ target: SchemaShape?) -> Bool {
        guard let target, target.types.isDisjoint(with: type) else { return true }
        // `{body.name}` without quotes is a mapping to YAML.
        var meant: String?
        if let only = node.pairs?.first, node.pairs?.count == 1, only.value.isNull,
            LooseExpression.resolves(only.name, scope)
        {
            meant = "\"${\(only.name)}\""
        }
        scope.file.report(
            .error, "wrong-type", node,
            node.isNull
                ? "nothing stands here"
                : "\(node.kindDescription) can not be \(TypeNames.article(target.types))",
            expected: "\(TypeNames.article(target.types)), as \(target.name) has it",
            suggestion: meant)
        return false
    }

    // MARK: Scalars

    private mutating func scalar(
        _ node: YAMLNode, _ source: String, _ target: SchemaShape?, _ key: Int32,
        _ isRequired: Bool
    ) {
        guard let text = split(node, source) else { return }
        if let constant = text.constant {
            return self.constant(node, constant, target, key)
        }
        if let (expression, offset) = text.whole {
            let place = ExpressionPlace(node: node, offset: offset)
            let use = ExpressionUse.whole(
                target: target, isRequired: isRequired && !isConditional)
            guard
                let compiled = scope.compile(expression, at: place, use)
            else { return }
            if let target, let shape = compiled.shape {
                ShapeFit.check(
                    shape, target, at: place, isConditional: isConditional, scope.file)
                if !isConditional {
                    ShapeFit.checkValues(shape, target, at: place, scope)
                }
            } else if let target {
                guard ComputedFit.check(compiled.type, target, expression, at: place, scope)
                else { return }
            }
            if let target, !check(compiled.literals, target, at: place) { return }
            if let target { check(compiled.lookups, target, at: place) }
            if let target, let parameter = scope.parameters.entry(compiled.expression) {
                checkParameter(parameter, target, place, expression)
            }
            if parts.instructions.isEmpty, let types = compiled.jsonTypes {
                parts.isList = types == .array
            }
            if case .reference(let reference) = compiled.expression {
                parts.references.append(reference)
                emit(.reference, key: key, a: parts.references.count - 1)
            } else {
                emit(.expression, key: key, a: self.expression(compiled.expression))
            }
            return
        }
        guard expect(.string, node, target),
            var interpolation = TextCompiler.interpolation(text, node, scope)
        else { return }
        interpolation.isMarkup = target?.view.contentMediaType == "application/xml"
        parts.interpolations.append(interpolation)
        emit(.interpolation, key: key, a: parts.interpolations.count - 1)
    }

    /// A parameter is one text, or several where its name may be repeated: never an object.
    private func checkParameter(
        _ entry: ParameterCollector.Entry, _ target: SchemaShape, _ place: ExpressionPlace,
        _ source: String
    ) {
        guard !entry.isDeclared, target.types != .all else { return }
        let never: SchemaTypes =
            entry.source == .path ? [.object, .array, .null] : [.object, .null]
        guard target.types.isSubset(of: never) else { return }
        scope.file.report(
            .error, "wrong-type", place.node, offset: place.offset,
            width: source.unicodeScalars.count,
            "the \(entry.source.name) parameter `\(entry.name)` is a single text, and "
                + "\(TypeNames.article(target.types.subtracting(.null))) is wanted",
            expected: "\(TypeNames.article(target.types)), as \(target.name) has it",
            suggestion: target.types.contains(.array) ? "[\"${\(source)}\"]" : nil)
    }

    /// The scalar's parts; nil where an expression has no end, which is reported.
    func split(_ node: YAMLNode, _ source: String) -> TemplateText? {
        TextCompiler.split(node, source, scope.file)
    }

    // MARK: Lists

    private mutating func sequence(
        _ node: YAMLNode, _ items: [YAMLNode], _ target: SchemaShape?, _ key: Int32
    ) {
        guard expect(.array, node, target) else { return }
        emit(.beginArray, key: key)
        defer { emit(.endArray) }
        for item in items {
            guard let pair = item.pairs?.first, item.pairs?.count == 1,
                let directive = Directive(pair.key), case .loop(let variable, let list) = directive
            else {
                value(item, target: target?.items, key: -1, isRequired: false)
                continue
            }
            guard items.count == 1 else {
                scope.file.report(
                    .error, "misplaced-directive", pair.key,
                    "a comprehension is the only item of a list")
                continue
            }
            comprehension(pair, variable, list, target)
        }
    }

    private mutating func comprehension(
        _ pair: YAMLNode.Pair, _ variable: String, _ list: Directive.Source,
        _ target: SchemaShape?
    ) {
        if RootSlot.allCases.contains(where: { $0.name == variable }) {
            return scope.file.report(
                .error, "misplaced-directive", pair.key,
                "`\(variable)` is a root, and can not be a variable's name")
        }
        let place = ExpressionPlace(node: pair.key, offset: list.offset)
        guard
            let compiled = scope.compile(list.text, at: place, .list)
        else { return }
        checkCount(compiled, list, target, at: place)
        if let types = compiled.jsonTypes, types.isDisjoint(with: .array) {
            return scope.file.report(
                .error, "wrong-type", pair.key, offset: list.offset, width: list.text.count,
                "this is \(TypeNames.article(types)), and a comprehension wants a list")
        }
        let slot = scope.slots.take()
        scope.variables.append(
            TemplateScope.Variable(
                name: variable, slot: slot, shape: compiled.itemShape,
                usage: compiled.usage?.anyItem()))
        scope.file.slips.definitions.append(.init(name: variable, node: pair.key))
        let mentionCount = scope.file.slips.mentions.count
        let errorCount = scope.file.collector.errorCount
        let wasRead = scope.used.contains(variable)
        scope.forget(variable)
        let start = parts.instructions.count
        emit(.forEach, a: expression(compiled.expression), c: slot)
        let outer = (isConditional, scope.isRepeated)
        (isConditional, scope.isRepeated) = (false, true)
        value(pair.value, target: target?.items, key: -1, isRequired: true)
        (isConditional, scope.isRepeated) = outer
        scope.variables.removeLast()
        if !scope.used.contains(variable), scope.file.collector.errorCount == errorCount {
            scope.file.slips.reportUnread(
                variable, "the variable", shape: compiled.itemShape, since: mentionCount,
                at: pair.key, scope.file)
        }
        if wasRead { scope.remember(variable) }
        parts.instructions[start].b = Int32(truncatingIfNeeded: parts.instructions.count)
    }
}

extension TemplateCompiler {
    /// A list that must have items has as many as the list that it is made of: which the body is
    /// then asked for, where it is one of the body's. Of one that is computed nothing is known.
    private func checkCount(
        _ list: CompiledExpression, _ source: Directive.Source, _ target: SchemaShape?,
        at place: ExpressionPlace
    ) {
        guard scope.stage == .request, !isConditional, let target, target.itemsMin > 0 else {
            return
        }
        if case .reference = list.expression {
            list.usage?.holds(atLeast: target.itemsMin)
            return
        }
        let count = target.itemsMin == 1 ? "an item" : "\(target.itemsMin) items"
        scope.file.report(
            .warning, "may-be-empty", place.node, offset: source.offset,
            width: source.text.unicodeScalars.count,
            "this list may have too few items: \(target.name) wants \(count) here at least",
            expected: "a list of the body as it is, of which the items are then asked for")
    }
}

/// JSON types as people read them.
enum TypeNames {
    static func article(_ types: SchemaTypes) -> String {
        var names: [String] = []
        if types.contains(.object) { names.append("an object") }
        if types.contains(.array) { names.append("an array") }
        if types.contains(.string) { names.append("a string") }
        if types.isSuperset(of: .number) {
            names.append("a number")
        } else if types.contains(.integer) {
            names.append("an integer")
        } else if types.contains(.fraction) {
            names.append("a number")
        }
        if types.contains(.boolean) { names.append("a boolean") }
        if types.contains(.null) { names.append("null") }
        guard let last = names.last else { return "nothing" }
        if names.count == 1 { return last }
        return names.dropLast().joined(separator: ", ") + " or " + last
    }
}
