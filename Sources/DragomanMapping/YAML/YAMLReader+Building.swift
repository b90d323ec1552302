// SPDX-License-Identifier: Apache-2.0
// From events to nodes: keys are checked, anchors remembered, aliases filled in within bounds.

internal import DragomanDocument

extension YAMLReader {
    mutating func build(
        _ event: Event, _ events: borrowing YAMLEvents
    ) throws(YAMLSyntaxError) -> Built {
        switch event {
        case .scalar(let text, let style, let start, let mayHoldExpression):
            checkTag(start)
            let node = YAMLNode(
                .scalar(text), style: style, position: start.mark.position, width: start.width)
            if mayHoldExpression, style == .plain,
                let cut = TemplateMender.commentProblem(node, source)
            {
                problems.append(cut)
            }
            return remember(start.anchor, Built(node: node, nodes: 1, height: 0))
        case .alias(let name, let start): return resolve(name, start)
        case .sequenceStart(let start):
            return try nested(start, events) { reader, built throws(YAMLSyntaxError) in
                try reader.readItems(start, events, &built)
            }
        case .mappingStart(let start):
            return try nested(start, events) { reader, built throws(YAMLSyntaxError) in
                try reader.readPairs(start, events, &built)
            }
        case .end, .documentStart, .documentEnd, .streamStart, .streamEnd:
            return Built(node: YAMLNode(.scalar(""), style: .plain), nodes: 0, height: 0)
        }
    }

    mutating func nested(
        _ start: Start, _ events: borrowing YAMLEvents,
        _ body: (inout YAMLReader, inout Built) throws(YAMLSyntaxError) -> Void
    ) throws(YAMLSyntaxError) -> Built {
        checkTag(start)
        var built = Built(node: YAMLNode(.scalar(""), style: .plain), nodes: 1, height: 1)
        guard depth < Self.depthMax, !hasFailed else {
            fail(
                "yaml-depth", start.position, "this is nested too deeply",
                expected: "at most \(Self.depthMax) lists and mappings inside one another")
            return built
        }
        depth += 1
        if let anchor = start.anchor { openAnchors.insert(anchor) }
        try body(&self, &built)
        if let anchor = start.anchor { openAnchors.remove(anchor) }
        depth -= 1
        return remember(start.anchor, built)
    }

    mutating func readItems(
        _ start: Start, _ events: borrowing YAMLEvents, _ built: inout Built
    ) throws(YAMLSyntaxError) {
        var items: [YAMLNode] = []
        while !hasFailed {
            let event = try next(events)
            if case .end = event { break }
            let item = try build(event, events)
            items.append(item.node)
            built.nodes += item.nodes
            built.height = max(built.height, item.height + 1)
        }
        built.node = YAMLNode(
            .sequence(items), style: start.isFlow ? .flow : .block,
            position: start.mark.position, width: start.width)
    }

    mutating func readPairs(
        _ start: Start, _ events: borrowing YAMLEvents, _ built: inout Built
    ) throws(YAMLSyntaxError) {
        var pairs: [YAMLNode.Pair] = []
        var seen: Set<String> = []
        while !hasFailed {
            let event = try next(events)
            if case .end = event { break }
            let key = try build(event, events)
            let value = try build(next(events), events)
            built.nodes += key.nodes + value.nodes
            built.height = max(built.height, max(key.height, value.height) + 1)
            guard let name = checkedName(key.node) else { continue }
            // Most mappings are so small that looking is quicker than hashing.
            if pairs.count == Self.scanMax { seen = Set(pairs.map(\.name)) }
            let isKnown =
                pairs.count < Self.scanMax
                ? pairs.contains { $0.key.text == name } : !seen.insert(name).inserted
            guard !isKnown else {
                reportDuplicate(key.node, name, pairs)
                continue
            }
            pairs.append(YAMLNode.Pair(key: key.node, value: value.node))
        }
        built.node = YAMLNode(
            .mapping(pairs), style: start.isFlow ? .flow : .block,
            position: start.mark.position, width: start.width)
    }

    mutating func reportDuplicate(
        _ key: YAMLNode, _ name: String, _ pairs: [YAMLNode.Pair]
    ) {
        let first = pairs.first { $0.key.text == name }?.key.position ?? key.position
        let earlier = Diagnostic.Related(
            file: source.path, position: first, message: "it is first here")
        problems.append(
            Diagnostic(
                code: "duplicate-key", file: source.path, position: key.position,
                width: key.width, message: "the key `\(name)` is here twice",
                related: [earlier]))
    }

    mutating func checkedName(_ key: YAMLNode) -> String? {
        guard let name = key.text else {
            problem(
                "yaml-key", key.position, "\(key.kindDescription) is no key",
                expected: "a string")
            return nil
        }
        if name == "<<", key.style == .plain {
            problem(
                "yaml-merge-key", key.position, "merge keys are not YAML 1.2",
                expected: "the members themselves, or an alias as a whole value")
            return nil
        }
        return name
    }

    mutating func checkTag(_ start: Start) {
        guard start.hasTag else { return }
        problem(
            "yaml-tag", start.position, "tags are not allowed",
            expected: "a value without one; quotes make a string")
    }

    mutating func remember(_ anchor: String?, _ built: Built) -> Built {
        if let anchor {
            anchors[anchor] = Anchor(
                node: built.node, nodes: built.nodes, height: built.height)
        }
        return built
    }

    mutating func resolve(_ name: String, _ start: Start) -> Built {
        let nothing = Built(node: YAMLNode(.scalar(""), style: .plain), nodes: 1, height: 0)
        guard let anchor = anchors[name] else {
            let isOpen = openAnchors.contains(name)
            let suggestion = NearestName.find(name, in: anchors.keys.sorted())
            fail(
                "yaml-alias", start.position,
                isOpen
                    ? "`*\(name)` stands inside what it stands for"
                    : "no anchor `&\(name)` comes before this alias",
                suggestion: suggestion.map { "*" + $0 })
            return nothing
        }
        aliasedNodes += anchor.nodes
        guard aliasedNodes <= Self.aliasedNodesMax else {
            fail(
                "yaml-alias", start.position, "the aliases of this file stand for too much",
                expected: "at most \(Self.aliasedNodesMax) values by way of aliases")
            return nothing
        }
        guard depth + anchor.height <= Self.depthMax else {
            fail(
                "yaml-depth", start.position, "what this alias stands for is nested too deeply",
                expected: "at most \(Self.depthMax) lists and mappings inside one another")
            return nothing
        }
        return Built(node: anchor.node, nodes: anchor.nodes, height: anchor.height)
    }

    mutating func fail(
        _ code: String, _ position: SourcePosition, _ message: String,
        expected: String? = nil, suggestion: String? = nil
    ) {
        guard !hasFailed else { return }
        hasFailed = true
        problem(code, position, message, expected: expected, suggestion: suggestion)
    }

    mutating func problem(
        _ code: String, _ position: SourcePosition, _ message: String,
        expected: String? = nil, suggestion: String? = nil
    ) {
        problems.append(
            Diagnostic(
                code: code, file: source.path, position: position, message: message,
                expected: expected, suggestion: suggestion))
    }

    mutating func report(_ error: YAMLSyntaxError, _ source: SourceText) {
        var message = error.problem
        if let context = error.context { message += " " + context }
        let first = source.lineRange(error.position.line)?.first.map { source.bytes[$0] }
        let related = error.contextPosition.map { position in
            [Diagnostic.Related(file: source.path, position: position, message: "it begins here")]
        }
        if first != 0x09, let place = keyWithoutColon(error, source) {
            return problems.append(
                Diagnostic(
                    code: "yaml-syntax", file: source.path, position: place.position,
                    width: place.text.unicodeScalars.count,
                    message: "`\(place.text)` has no `:` behind it",
                    suggestion: place.text + ":"))
        }
        problems.append(
            Diagnostic(
                code: "yaml-syntax", file: source.path, position: error.position,
                message: message,
                expected: first == 0x09
                    ? "spaces, because a tab is no indentation" : Self.hint(error.problem),
                related: error.contextPosition == error.position ? [] : related ?? []))
    }

    /// What people most often did where the parser says that.
    private static func hint(_ problem: String) -> String? {
        if problem.hasPrefix("mapping values are not allowed") {
            return "keys that belong together at one indentation, a blank behind each `:`, and "
                + "quotes around a text with `: ` in it"
        }
        if problem.hasPrefix("did not find expected key") {
            return "the indentation of the keys before it"
        }
        if problem.hasPrefix("did not find expected ',' or") {
            return "a `,` between two, and a bracket at the end"
        }
        return nil
    }

    /// The line before the error, or that of its beginning, if it is a key and nothing else.
    private func keyWithoutColon(
        _ error: YAMLSyntaxError, _ source: SourceText
    ) -> (position: SourcePosition, text: String)? {
        let lines: [Int]
        if error.problem.hasPrefix("could not find expected ':'") {
            lines = [error.contextPosition?.line ?? error.position.line]
        } else if error.problem.hasPrefix("mapping values are not allowed") {
            lines = [error.position.line - 1]
        } else {
            return nil
        }
        for line in lines where line > 0 {
            guard let text = source.line(line), let below = source.line(line + 1) else { continue }
            let indentation = text.prefix { $0 == " " }.count
            let key = text.dropFirst(indentation)
            guard !key.isEmpty, !key.contains(":"), !key.hasPrefix("#"), !key.hasPrefix("-"),
                !key.contains("\""), below.prefix(while: { $0 == " " }).count > indentation
            else { continue }
            return (SourcePosition(line: line, column: indentation + 1), key.trimmed)
        }
        return nil
    }
}
