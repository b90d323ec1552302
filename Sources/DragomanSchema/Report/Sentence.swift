// SPDX-License-Identifier: Apache-2.0
// The sentences that tell a person what is wrong with a value. They name what the schema asks for,
// and of the value only what is short: nothing that a client sent is echoed at length.
internal import DragomanDocument

enum Sentence {
    static let not = "is what it must not be"
    /// What stands before the name that was probably meant.
    static let question = "; did you mean "

    static func noBranch(_ count: Int) -> String {
        count == 1 ? "does not fit the only alternative" : "fits none of the \(count) alternatives"
    }

    static func tooManyBranches(_ matches: Int) -> String {
        "fits \(matches) alternatives, but must fit exactly one"
    }

    static func contains(least: Int, _ actual: Int) -> String {
        "must hold at least \(counted(least, "item")) of a certain kind, but holds \(actual)"
    }

    static func contains(most: Int, _ actual: Int) -> String {
        "must hold at most \(counted(most, "item")) of a certain kind, but holds \(actual)"
    }

    static func missing(_ name: Node) -> String { "the member \(quoted(name)) is missing" }

    static func missing(_ name: Node, besides other: Node) -> String {
        "the member \(quoted(name)) is missing, which must stand beside \(quoted(other))"
    }

    /// `names`: of the members that the schema knows and the object lacks.
    static func memberRefused(_ name: Node, _ names: [String]) -> String {
        "the member \(quoted(name)) is not allowed here" + meant(name, names)
    }

    /// The question whether one of `names` was meant; empty where none is near.
    private static func meant(_ text: Node, _ names: [String]) -> String {
        guard text.bytes.count <= 64, names.count <= 500,
            let name = NearestName.find(text.string, in: names)
        else { return "" }
        return "\(question)\(JSONText.quoted(name))?"
    }

    static func nameRefused(_ name: Node, _ reason: String?) -> String {
        let sentence = "the name \(quoted(name)) is not allowed"
        return reason.map { "\(sentence): it \($0)" } ?? sentence
    }

    static func bound(_ value: Node, _ isMinimum: Bool, _ isExclusive: Bool) -> String {
        let number = shortened(value.string)
        return switch (isMinimum, isExclusive) {
        case (true, false): "must be at least \(number)"
        case (true, true): "must be greater than \(number)"
        case (false, false): "must be at most \(number)"
        case (false, true): "must be less than \(number)"
        }
    }

    static func count(_ kind: Kind, _ isMinimum: Bool, _ bound: Int, _ actual: Int) -> String {
        let unit =
            switch kind {
            case .string: "character"
            case .array: "item"
            default: "member"
            }
        return "must have at \(isMinimum ? "least" : "most") \(counted(bound, unit)), "
            + "but has \(actual)"
    }

    /// Which two items are equal.
    static func twins(_ array: Node) -> String {
        var firstByHash: [UInt64: [(Int, Node)]] = [:]
        for (position, item) in array.items.enumerated() {
            let hash = ValueHash.hash(item)
            for (other, node) in firstByHash[hash] ?? [] where ValueEquality.equal(node, item) {
                return "the items at \(other) and \(position) are equal"
            }
            firstByHash[hash, default: []].append((position, item))
        }
        return "two items are equal"
    }

    // MARK: Types and values

    static func type(_ types: SchemaTypes, _ node: Node) -> String {
        "must be \(listed(names(of: types))), not \(phrase(of: node, besides: types))"
    }

    static func names(of types: SchemaTypes) -> [String] {
        var names: [String] = []
        if types.contains(.string) { names.append("a string") }
        if types.contains(.number) {
            names.append("a number")
        } else if types.contains(.integer) {
            names.append("a whole number")
        }
        if types.contains(.boolean) { names.append("a boolean") }
        if types.contains(.object) { names.append("an object") }
        if types.contains(.array) { names.append("an array") }
        if types.contains(.null) { names.append("null") }
        return names
    }

    private static func phrase(of node: Node, besides types: SchemaTypes) -> String {
        switch node.kind {
        case .null: "null"
        case .true, .false: "a boolean"
        case .integer: "a number"
        case .decimal: types.contains(.integer) ? "a number with a fraction" : "a number"
        case .array: "an array"
        case .object: "an object"
        default: "a string"
        }
    }

    static func values(_ values: [Node], isConstant: Bool, _ node: Node) -> String {
        let values = withoutLongNames(values)
        let sentence = Sentence.values(values, isConstant: isConstant)
        guard node.kind == .string else { return sentence }
        return sentence + meant(node, values.filter(\.isString).map(\.string))
    }

    private static func values(_ values: [Node], isConstant: Bool) -> String {
        if values.isEmpty { return "no value is allowed here" }
        let shown = values.prefix(12).map { shortened($0.json) }
        if isConstant || values.count == 1 { return "must be \(shown[0])" }
        if values.count > shown.count {
            let more = values.count - shown.count
            return "must be one of \(shown.joined(separator: ", ")) or \(more) more"
        }
        return "must be one of \(listed(shown))"
    }

    /// Without names of XML that are spelled with their namespace, `{uri}name`, where a shorter
    /// spelling stands beside them.
    private static func withoutLongNames(_ values: [Node]) -> [Node] {
        func local(_ name: String, after mark: Character) -> String {
            name.split(separator: mark).last.map(String.init) ?? name
        }
        let names = values.filter(\.isString).map(\.string)
        guard names.contains(where: { $0.hasPrefix("{") }) else { return values }
        let short = Set(names.filter { !$0.hasPrefix("{") }.map { local($0, after: ":") })
        return values.filter {
            !$0.isString || !$0.string.hasPrefix("{")
                || !short.contains(local($0.string, after: "}"))
        }
    }

    // MARK: Words

    /// `a, b or c`.
    static func listed(_ words: [String]) -> String {
        guard let last = words.last, words.count > 1 else { return words.first ?? "nothing" }
        return words.dropLast().joined(separator: ", ") + " or " + last
    }

    private static func counted(_ count: Int, _ unit: String) -> String {
        count == 1 ? "1 \(unit)" : "\(count) \(unit)s"
    }

    private static func shortened(_ text: String) -> String {
        text.count > 100 ? text.prefix(100) + "…" : text
    }

    private static func quoted(_ name: Node) -> String {
        JSONText.quoted(shortened(name.string))
    }
}
