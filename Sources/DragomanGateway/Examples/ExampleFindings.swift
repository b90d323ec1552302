// SPDX-License-Identifier: Apache-2.0
// Examples that do not hold, for `dragoman check`: each difference is a warning where the mapping
// makes the value, since that is the line to mend, or else where the example says otherwise.

internal import DragomanDocument
package import DragomanMapping

/// What the outcomes of all examples say about the mapping files.
package struct ExampleFindings {
    private let sources: [String: SourceText]
    private var files: [String: YAMLNode] = [:]
    private var found: [Diagnostic] = []

    /// Warnings, by route and example. `sources`: the files' texts, by path.
    package static func diagnostics(
        _ outcomes: [ExampleOutcome], sources: [String: SourceText]
    ) -> [Diagnostic] {
        var findings = ExampleFindings(sources: sources)
        var index = 0
        while index < outcomes.count {
            let route = outcomes[index].route
            let ofRoute = outcomes[index...].prefix { $0.route === route }
            findings.judge(Array(ofRoute))
            index += ofRoute.count
        }
        return findings.found
    }

    private init(sources: [String: SourceText]) { self.sources = sources }

    private mutating func judge(_ outcomes: [ExampleOutcome]) {
        let failed = outcomes.filter { !$0.differences.isEmpty }
        guard let first = failed.first, let node = first.route.texts.node else { return }
        if outcomes.allSatisfy({ $0.differences.first?.part == .request }) {
            return judgePath(first)
        }
        let places = ExamplePlaces(
            route: first.route, node: node, root: file(first.route.texts.file))
        for outcome in failed {
            if outcome.isRefused { judgeRefusal(outcome, places) } else { judge(outcome, places) }
        }
    }

    private mutating func file(_ path: String) -> YAMLNode? {
        if let known = files[path] { return known }
        guard let source = sources[path] else { return nil }
        let root = YAMLReader.read(source, into: DiagnosticCollector())
        files[path] = root
        return root
    }

    private mutating func report(
        _ outcome: ExampleOutcome, _ message: String, at place: ExamplePlaces.Place?,
        said: SourcePosition, expected: String? = nil, suggestion: String? = nil
    ) {
        let file = outcome.route.texts.file
        found.append(
            Diagnostic(
                .warning, code: "example", file: file, position: place?.position ?? said,
                width: place?.width ?? 1,
                message: "the example `\(outcome.example.name)` \(message)",
                expected: expected.map(Self.short), suggestion: suggestion ?? place?.suggestion,
                related: place.map { $0.position == said } ?? true
                    ? []
                    : [.init(file: file, position: said, message: "the example says so here")]))
    }

    private static let shownMax = 200

    /// The first line of a value.
    private static func short(_ value: String) -> String {
        let line = value.prefix { $0 != "\n" }
        return line.count > shownMax ? line.prefix(shownMax) + "…" : String(line)
    }

    // MARK: Paths

    /// No example of the route asks for it: the path of the route is what is wrong.
    private mutating func judgePath(_ outcome: ExampleOutcome) {
        let route = outcome.route
        let own = Self.segments(route.template.text)
        let asked = Self.segments(String(outcome.example.target.prefix { $0 != "?" }))
        let base = file(route.texts.file)?["base"]
        let count = own.count - Self.segments(base?.text ?? "").count
        let key = YAMLNode(
            .scalar(""), style: .plain, position: route.texts.position,
            width: route.texts.node?.width ?? 1)
        var place = ExamplePlaces.Place(key)
        if let base, asked.count >= count, Self.isAlike(own.suffix(count), asked.suffix(count)) {
            place = ExamplePlaces.Place(
                base, suggestion: "/" + asked.dropLast(count).joined(separator: "/"))
        } else if asked.count == own.count {
            let words = zip(own, asked).map { $0.contains("{") || $0.contains("*") ? $0 : $1 }
            place.suggestion = "\(route.method) /" + words.suffix(count).joined(separator: "/")
        }
        let asks = outcome.example.node["request"]?["path"] ?? outcome.example.node
        report(
            outcome, "asks for `\(outcome.example.target)`, which is not this route", at: place,
            said: asks.position, expected: "a path that the route's examples ask for")
    }

    private static func segments(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }

    private static func isAlike(_ template: ArraySlice<String>, _ path: ArraySlice<String>) -> Bool
    {
        zip(template, path).allSatisfy { $0.contains("{") || $0.contains("*") || $0 == $1 }
    }

    // MARK: Refusals

    private mutating func judgeRefusal(_ outcome: ExampleOutcome, _ places: ExamplePlaces) {
        let status = outcome.explanation.response?.status ?? 0
        var message = "is refused with \(status)"
        if let violation = outcome.explanation.violations.first {
            let place =
                switch violation.place {
                case .parameter(let name): "the parameter `\(name)`"
                case .pointer(let pointer): pointer.isEmpty ? "the body" : "`\(pointer)`"
                }
            message += ": \(place) \(violation.detail)"
        } else if let detail = outcome.detail {
            message += ": \(detail)"
        }
        let said = outcome.example.node["request"]?.position ?? outcome.example.node.position
        report(
            outcome, message, at: places.refusal(outcome), said: said,
            expected: "\(outcome.example.responds?.status ?? 200)")
    }

    // MARK: Differences

    private mutating func judge(_ outcome: ExampleOutcome, _ places: ExamplePlaces) {
        var told: Set<SourcePosition> = []
        let renamed = Self.renamed(outcome.differences)
        var rest: ExampleDifference?
        for difference in outcome.differences {
            // Told with the name that stands in its place.
            if renamed.values.contains(difference.path), difference.actual == nil { continue }
            guard let place = places.place(difference, outcome) else {
                rest = rest ?? difference
                continue
            }
            guard told.insert(place.position).inserted else { continue }
            report(
                outcome, Self.message(difference), at: place, said: difference.position,
                expected: difference.expected,
                suggestion: renamed[difference.path].map(Self.last))
        }
        if let rest, told.isEmpty {
            report(
                outcome, Self.message(rest), at: nil, said: rest.position,
                expected: rest.expected)
        }
    }

    private static func message(_ difference: ExampleDifference) -> String {
        var place = difference.path.isEmpty ? "" : "`\(difference.path)` of "
        switch difference.part {
        case .sends: place += "what is sent"
        case .responds: place += "the answer"
        case .receives: place = "what the backend answers"
        case .request: place = "the request"
        }
        if let step = difference.step { place += " (step `\(step)`)" }
        var text = "does not hold: of \(place), "
        text = difference.path.isEmpty ? text : "does not hold: \(place) "
        text += difference.message
        if let actual = difference.actual { text += ": \(short(actual))" }
        return text
    }

    /// What the answer has and the example has not, and what it has in its place.
    private static func renamed(_ differences: [ExampleDifference]) -> [String: String] {
        var found: [String: String] = [:]
        let missing = differences.filter { $0.actual == nil && $0.expected != nil }.map(\.path)
        for difference in differences
        where difference.expected == nil && difference.path.contains("/") {
            let parent = parent(difference.path)
            let beside = missing.filter { Self.parent($0) == parent }.map(last)
            if let near = NearestName.find(last(difference.path), in: beside) {
                found[difference.path] = parent + "/" + near
            }
        }
        return found
    }

    private static func parent(_ path: String) -> String {
        path.split(separator: "/", omittingEmptySubsequences: false).dropLast()
            .joined(separator: "/")
    }

    private static func last(_ path: String) -> String {
        String(path.split(separator: "/", omittingEmptySubsequences: false).last ?? "")
    }
}

extension ExampleOutcome {
    /// The gateway refused it, and the example says nothing of that.
    fileprivate var isRefused: Bool {
        guard explanation.isRefused, let status = explanation.response?.status, status >= 400,
            differences.first?.part != .request
        else { return false }
        return status != example.responds?.status
    }

    /// What the problem says.
    fileprivate var detail: String? {
        JSONExample.document(explanation.response?.body ?? []).flatMap { document in
            withExtendedLifetime(document) { document.root?.member("detail")?.string }
        }
    }
}
