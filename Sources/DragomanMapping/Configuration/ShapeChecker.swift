// SPDX-License-Identifier: Apache-2.0
// Holds a file's nodes against their shape: unknown keys, wrong kinds and broken grammars are
// reported where they stand, all of them. In gateway.yaml a scalar may come from the environment or
// from a file; the checked tree then holds what was found.

internal import DragomanDocument

struct ShapeChecker {
    let file: String
    let collector: DiagnosticCollector
    /// Nil in mapping files, which read neither.
    let externals: ExternalValues?

    /// The node with its external scalars filled in. `name`: the key it is the value of.
    func check(_ node: YAMLNode, _ shape: Shape, name: String) -> YAMLNode {
        changed(node, shape, name) ?? node
    }

    /// Nil where nothing was filled in.
    private func changed(_ node: YAMLNode, _ shape: Shape, _ name: String) -> YAMLNode? {
        if let externals, shape.takesScalar, let reference = ExternalReference(node) {
            guard let filled = externals.value(reference, node, file, collector) else {
                return nil
            }
            return changed(filled, shape, name) ?? filled
        }
        switch shape {
        case .scalar, .boolean, .integer, .choice, .never:
            if case .scalar(let kind) = shape, kind.isSecret { collector.conceal(node, in: file) }
            if !acceptsScalar(node, shape) { report(node, shape, name) }
            return nil
        case .list(let item): return checkList(node, item, shape, name)
        case .map(let keys, let values): return checkMap(node, keys, values, shape, name)
        case .object(let object): return checkObject(node, object, shape, name)
        case .either(let shapes): return checkEither(node, shapes, shape, name)
        case .anything: return nil
        case .anyMapping:
            if node.pairs == nil { report(node, shape, name) }
            return nil
        }
    }

    private func report(_ node: YAMLNode, _ shape: Shape, _ name: String) {
        if node.isNull {
            collector.error(
                "missing-value", file, node, "`\(name)` has no value", expected: shape.expected)
            return
        }
        // What comes from outside may be a secret: nothing of it is shown.
        if node.style == .external || !shape.mayShow(node) {
            collector.concealAll(node, in: file)
            let what = node.style == .external ? node.kindDescription : "this"
            var isNumber = false
            if case .scalar = shape, node.style != .external, node.text != nil {
                isNumber = !node.isQuoted
            }
            collector.error(
                "wrong-value", file, node, "`\(name)` cannot be \(what)",
                expected: shape.expected + (isNumber ? "; a number stands in quotes" : ""))
            return
        }
        var suggestion: String?
        if case .choice(let names) = shape, let text = node.text {
            suggestion = NearestName.find(text, in: names)
        }
        if case .boolean = shape, let text = node.text { suggestion = Self.boolean(text) }
        if case .scalar(let kind) = shape, let text = node.text {
            suggestion = Self.mended(text, kind)
        }
        if case .scalar(let kind) = shape, let text = node.text, !node.isQuoted,
            kind.accepts(text)
        {
            suggestion = "\(name): '\(text)'"
        }
        let hint = ShapeHints(shape: shape, name: name, readsEnvironment: externals != nil)
        collector.error(
            "wrong-value", file, node, "`\(name)` cannot be \(node.kindDescription)",
            expected: hint.expected(node) ?? shape.expected,
            suggestion: suggestion ?? hint.suggestion(node) { acceptsScalar(node, $0) })
    }

    /// YAML 1.1's other words for them are texts.
    private static func boolean(_ text: String) -> String? {
        switch text.lowercased() {
        case "yes", "on", "y": "true"
        case "no", "off", "n": "false"
        default: NearestName.find(text, in: ["true", "false"])
        }
    }

    /// The text with two neighbours swapped, where that makes it right; nil where none does.
    private static func mended(_ text: String, _ kind: ScalarKind) -> String? {
        if kind.name == ScalarKind.basePath.name {
            let path = "/" + text.drop { $0 == "/" }
            let ended = String(path.reversed().drop { $0 == "/" }.reversed())
            return kind.accepts(ended) ? ended : nil
        }
        let letters = Array(text.prefix(40))
        guard text.count <= 40, !kind.accepts(text) else { return nil }
        if kind.accepts(text.lowercased()) { return text.lowercased() }
        // A number without its unit.
        for unit in ["s", "%", "MiB"] where Int(text) != nil && kind.accepts(text + unit) {
            return text + unit
        }
        for index in letters.indices.dropLast() {
            var swapped = letters
            swapped.swapAt(index, index + 1)
            let candidate = String(swapped)
            if candidate != text, kind.accepts(candidate) { return candidate }
        }
        for index in letters.indices where letters.count > 1 {
            var shorter = letters
            shorter.remove(at: index)
            if kind.accepts(String(shorter)) { return String(shorter) }
        }
        return nil
    }

    private func acceptsScalar(_ node: YAMLNode, _ shape: Shape) -> Bool {
        guard let text = node.text, let value = node.value else { return false }
        let isExternal = node.style == .external
        switch shape {
        case .scalar(let kind):
            switch value {
            case .string: return kind.accepts(text)
            case .integer, .number: return (isExternal || kind.allowsNumbers) && kind.accepts(text)
            case .null, .boolean, .infinity, .notANumber: return isExternal && kind.accepts(text)
            }
        case .boolean:
            if case .boolean = value { return true }
            return false
        case .never: return value == .boolean(false)
        case .integer(let range):
            guard case .integer(let digits) = value, let number = Int(digits) else {
                return false
            }
            return range.contains(number)
        case .choice(let names):
            if case .string = value { return names.contains(text) }
            return (isExternal || node.style == .plain) && names.contains(text)
                && value != .null && value != .boolean(true) && value != .boolean(false)
        default: return false
        }
    }

    private func checkList(
        _ node: YAMLNode, _ item: Shape, _ shape: Shape, _ name: String
    ) -> YAMLNode? {
        guard let items = node.items else {
            report(node, shape, name)
            return nil
        }
        var result: [YAMLNode]?
        for (index, child) in items.enumerated() {
            if let filled = changed(child, item, name) {
                if result == nil { result = items }
                result?[index] = filled
            }
        }
        return result.map {
            YAMLNode(
                .sequence($0), style: node.style, position: node.position, width: node.width)
        }
    }

    private func checkMap(
        _ node: YAMLNode, _ keys: ScalarKind, _ values: Shape, _ shape: Shape, _ name: String
    ) -> YAMLNode? {
        if node.isNull { return YAMLNode(.mapping([]), style: .flow, position: node.position) }
        guard let pairs = node.pairs else {
            report(node, shape, name)
            return nil
        }
        for pair in pairs where !keys.accepts(pair.name) {
            collector.error(
                "wrong-name", file, pair.key, "`\(pair.name)` cannot be a key of `\(name)`",
                expected: keys.expected)
        }
        return rebuilt(node, pairs) { changed($0.value, values, $0.name) }
    }

    private func checkObject(
        _ node: YAMLNode, _ object: ObjectShape, _ shape: Shape, _ name: String
    ) -> YAMLNode? {
        if node.isNull, object.isNullable {
            return YAMLNode(.mapping([]), style: .flow, position: node.position)
        }
        guard let pairs = node.pairs else {
            report(node, shape, name)
            return nil
        }
        checkPresence(node, pairs, object, name)
        return rebuilt(node, pairs) { pair in
            guard let key = object.key(pair.name) else {
                let names = object.keys.map(\.name)
                if !object.mayShow(valueOf: pair.name) {
                    collector.concealAll(pair.value, in: file)
                }
                collector.error(
                    "unknown-key", file, pair.key,
                    "\(object.description) has no key `\(pair.name)`",
                    expected: "one of " + names.joined(separator: ", "),
                    suggestion: NearestName.find(pair.name, in: names))
                return nil
            }
            return changed(pair.value, key.shape, key.name)
        }
    }

    private func checkPresence(
        _ node: YAMLNode, _ pairs: [YAMLNode.Pair], _ object: ObjectShape, _ name: String
    ) {
        for key in object.keys where key.isRequired && !object.isMisspelt(key.name, in: pairs) {
            if !pairs.contains(where: { $0.name == key.name }) {
                collector.error(
                    "missing-key", file, node, "\(object.description) has no `\(key.name)`",
                    expected: "`\(key.name)`: \(key.shape.expected)")
            }
        }
        guard !object.exactlyOne.isEmpty else { return }
        let present = pairs.filter { object.exactlyOne.contains($0.name) }
        let choices = Shape.alternatives(object.exactlyOne.map { "`\($0)`" })
        let isMisspelt = object.exactlyOne.contains { object.isMisspelt($0, in: pairs) }
        if present.isEmpty, !isMisspelt {
            collector.error(
                "missing-key", file, node, "\(object.description) has none of \(choices)",
                expected: "exactly one of \(choices)")
        }
        for extra in present.dropFirst() {
            collector.error(
                "too-many-keys", file, extra.key,
                "\(object.description) has `\(present[0].name)` and `\(extra.name)`",
                expected: "exactly one of \(choices)",
                related: [
                    Diagnostic.Related(
                        file: file, position: present[0].key.position,
                        message: "`\(present[0].name)` is here")
                ])
        }
    }

    private func rebuilt(
        _ node: YAMLNode, _ pairs: [YAMLNode.Pair], _ body: (YAMLNode.Pair) -> YAMLNode?
    ) -> YAMLNode? {
        var result: [YAMLNode.Pair]?
        for (index, pair) in pairs.enumerated() {
            if let filled = body(pair) {
                if result == nil { result = pairs }
                result?[index] = YAMLNode.Pair(key: pair.key, value: filled)
            }
        }
        return result.map {
            YAMLNode(.mapping($0), style: node.style, position: node.position, width: node.width)
        }
    }

    /// Checks against the alternative of the node's own kind, so that messages speak of that one.
    private func checkEither(
        _ node: YAMLNode, _ shapes: [Shape], _ shape: Shape, _ name: String
    ) -> YAMLNode? {
        switch node.content {
        case .scalar:
            let scalars = shapes.filter(\.takesScalar)
            if scalars.contains(where: { acceptsScalar(node, $0) }) { return nil }
            for case .anything in shapes { return nil }
            for case .object(let object) in shapes where object.isNullable && node.isNull {
                return checkObject(node, object, shape, name)
            }
            if scalars.count == 1, !node.isNull {
                report(node, scalars[0], name)
            } else {
                report(node, shape, name)
            }
            return nil
        case .sequence:
            for case .list(let item) in shapes { return checkList(node, item, shape, name) }
        case .mapping:
            for alternative in shapes {
                switch alternative {
                case .object, .map, .anyMapping: return changed(node, alternative, name)
                default: continue
                }
            }
        }
        for case .anything in shapes { return nil }
        report(node, shape, name)
        return nil
    }
}
