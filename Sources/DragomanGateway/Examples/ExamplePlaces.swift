// SPDX-License-Identifier: Apache-2.0
// The line of a mapping file that an example's failure comes from: a template, a constant of a
// table or of a rule for errors, a schema that refuses what the example sends.

internal import DragomanDocument
internal import DragomanMapping

struct ExamplePlaces {
    struct Place {
        let position: SourcePosition
        let width: Int
        var suggestion: String?

        init(_ node: YAMLNode, suggestion: String? = nil) {
            position = node.position
            width = node.width
            self.suggestion = suggestion
        }
    }

    let route: RoutePlan
    /// The route as written.
    let node: YAMLNode
    /// The mapping file.
    let root: YAMLNode?

    // MARK: What differs

    /// The line that makes what differs; nil where none is known.
    func place(_ difference: ExampleDifference, _ outcome: ExampleOutcome) -> Place? {
        if let constant = constant(difference) { return made(constant, difference) }
        switch difference.part {
        case .request, .receives: return nil
        case .sends:
            let call = difference.step.flatMap { node["steps"]?[$0] } ?? node
            guard let template = call["request"], template.pairs != nil else { return nil }
            let names =
                switch route.callPlan(of: difference.step) {
                case .soap, .xml: Self.elements(difference.path)
                default: JSONPointer.tokens(difference.path) ?? []
                }
            return place(names, template, difference)
        case .responds:
            let status = outcome.explanation.response?.status ?? 0
            if difference.path == "status" {
                return status < 400
                    ? node["status"].map { made($0, difference) }
                    : rule(difference, outcome).map { Place($0) }
            }
            if difference.path.hasPrefix("headers/") {
                let name = difference.path.dropFirst("headers/".count)
                let pair = node["headers"]?.pairs?.first { $0.name.lowercased() == name }
                return pair.map { made($0.value, difference) }
            }
            guard status < 400, let template = node["response"] else { return nil }
            return place(JSONPointer.tokens(difference.path) ?? [], template, difference)
        }
    }

    private func place(
        _ path: [String], _ template: YAMLNode, _ difference: ExampleDifference
    ) -> Place? {
        let place = TemplatePlace.find(path, in: template)
        // Of a value that no line makes, the example's own line says most.
        if difference.actual == nil, place.consumed < path.count { return nil }
        if difference.expected == nil, place.consumed == path.count {
            return Place(place.key ?? place.node)
        }
        return place.consumed == 0 && !path.isEmpty ? nil : made(place.place, difference)
    }

    /// Names of a path into XML, below its root.
    private static func elements(_ path: String) -> [String] {
        path.split(separator: "/").dropFirst().map { String($0.prefix { $0 != "[" }) }
    }

    /// A place, and the text that would have given what is expected.
    private func made(_ node: YAMLNode, _ difference: ExampleDifference) -> Place {
        guard let text = node.text, let expected = difference.expected,
            let actual = difference.actual
        else { return Place(node) }
        let wanted = Self.unquoted(expected)
        if text.contains("${") {
            return Place(
                node, suggestion: Self.mended(text, from: Self.unquoted(actual), to: wanted))
        }
        return Place(node, suggestion: wanted == text ? nil : wanted)
    }

    private static func unquoted(_ value: String) -> String {
        value.hasPrefix("\"") && value.count > 1 ? String(value.dropFirst().dropLast()) : value
    }

    /// A template with the one word mended in which its outcome differs.
    private static func mended(_ template: String, from actual: String, to wanted: String)
        -> String?
    {
        let (left, right) = (words(actual), words(wanted))
        guard left.count == right.count else { return nil }
        let pairs = zip(left, right).filter { $0 != $1 }
        guard pairs.count == 1, let (wrong, meant) = pairs.first.map({ ($0.0, $0.1) }) else {
            return nil
        }
        var parts = words(template)
        guard let place = parts.firstIndex(of: wrong) else { return nil }
        parts[place] = meant
        return parts.joined()
    }

    /// Words and what stands between them.
    private static func words(_ text: String) -> [String] {
        var parts: [String] = []
        var wasWord = false
        for character in text {
            let isWord = character.isLetter || character.isNumber || character == "-"
            if isWord == wasWord, !parts.isEmpty {
                parts[parts.count - 1].append(character)
            } else {
                parts.append(String(character))
            }
            wasWord = isWord
        }
        return parts
    }

    // MARK: Tables and rules

    private var rules: [YAMLNode] {
        (node["errors"]?.items ?? []) + (root?["errors"]?.items ?? [])
    }

    /// A constant of a table or of a rule for errors whose very text came out.
    private func constant(_ difference: ExampleDifference) -> YAMLNode? {
        guard let actual = difference.actual, actual.count > 2, actual.hasPrefix("\"") else {
            return nil
        }
        let text = Self.unquoted(actual)
        let tables = (root?["tables"]?.pairs ?? []).flatMap { $0.value.pairs ?? [] }.map(\.value)
        let texts = rules.flatMap { rule in
            ["type", "title", "detail"].compactMap { rule[$0] }
                + (rule["members"]?.pairs ?? []).map(\.value)
        }
        let alike = (tables + texts).filter { $0.text == text }
        return alike.count == 1 ? alike[0] : nil
    }

    /// The rule that answered, or the one that was to answer.
    private func rule(_ difference: ExampleDifference, _ outcome: ExampleOutcome) -> YAMLNode? {
        guard !outcome.explanation.calls.isEmpty else { return nil }
        let document = JSONExample.document(outcome.explanation.response?.body ?? [])
        let type = document.flatMap { document in
            withExtendedLifetime(document) { document.root?.member("type")?.string }
        }
        if let answered = rules.first(where: { type != nil && $0["type"]?.text == type }) {
            let meant = rules.first { $0["status"]?.text == difference.expected }
            return meant?["when"] ?? answered["status"] ?? answered["when"]
        }
        return rules.first { $0["status"]?.text == difference.expected }?["when"]
    }

    // MARK: Refusals

    /// The line that refuses what an example sends.
    func refusal(_ outcome: ExampleOutcome) -> Place? {
        if outcome.explanation.response?.status == 415 { return node["consumes"].map { Place($0) } }
        for violation in outcome.explanation.violations {
            if let place = refusal(violation) { return place }
        }
        return nil
    }

    private func refusal(_ violation: RequestViolation) -> Place? {
        switch violation.place {
        case .parameter(let name):
            return node["parameters"]?.pair(name).map { Place($0.value) }
        case .pointer(let pointer):
            var path = JSONPointer.tokens(pointer) ?? []
            let isUnknown =
                violation.keyword.hasSuffix("Properties") && violation.keyword != "minProperties"
            guard isUnknown, let name = path.popLast() else {
                return schema(path).map { Place($0) }
            }
            return unknown(name, path)
        }
    }

    /// The part of an inline `accepts` that judges a value.
    private func schema(_ path: [String]) -> YAMLNode? {
        guard var schema = node["accepts"], schema.pairs != nil else { return nil }
        for token in path {
            guard let inner = schema["properties"]?[token] ?? schema["items"] else { break }
            schema = inner
        }
        return schema
    }

    /// Where a name is written that is like the one that the example has.
    private func unknown(_ name: String, _ path: [String]) -> Place? {
        let properties = schema(path)?["properties"]?.pairs ?? []
        if let near = NearestName.find(name, in: properties.map(\.name)) {
            return properties.first { $0.name == near }.map { Place($0.key, suggestion: name) }
        }
        let renames = (root?["types"]?.pairs ?? []).flatMap { $0.value["rename"]?.pairs ?? [] }
        if let near = NearestName.find(name, in: renames.compactMap(\.value.text)) {
            return renames.first { $0.value.text == near }.map {
                Place($0.value, suggestion: name)
            }
        }
        return nil
    }
}
