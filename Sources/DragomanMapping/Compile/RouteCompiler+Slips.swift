// SPDX-License-Identifier: Apache-2.0
// Names that a route gives and never reads: most often a slip, and never what was meant.

internal import DragomanDocument

extension RouteCompiler {
    /// Begins to watch the names that this route gives.
    func beginSlips() {
        file.slips.beginRoute()
        for written in route.parameters {
            file.slips.definitions.append(.init(name: written.name.text, node: written.name.node))
        }
        for variable in parameters.variables {
            file.slips.definitions.append(.init(name: variable, node: route.key))
        }
        if case .inline(let node)? = route.accepts { defineProperties(node, depth: 0) }
    }

    private static let depthMax = 16

    private func defineProperties(_ schema: YAMLNode, depth: Int) {
        guard depth < Self.depthMax else { return }
        for pair in schema["properties"]?.pairs ?? [] {
            file.slips.definitions.append(.init(name: pair.name, node: pair.key))
            defineProperties(pair.value, depth: depth + 1)
        }
        if let items = schema["items"] { defineProperties(items, depth: depth + 1) }
    }

    /// Warns of what is read nowhere; `isRight`: whatever reads something was compiled.
    func checkUnused(isRight: Bool) {
        file.slips.report(into: file)
        checkClaims()
        guard route.request != nil || route.steps != nil else { return }
        if isRight { checkVariables() }
        for entry in parameters.entries
        where entry.isDeclared && !entry.isUsed && entry.source != .path {
            guard let node = entry.node, entry.schema == nil, !entry.isRequired else { continue }
            file.report(
                .warning, "unused-parameter", node,
                "the \(entry.source.name) parameter `\(entry.name)` is read nowhere",
                about: [entry.name])
        }
    }

    /// Claims are what authentication finds; an example that gives them says that they are meant.
    private func checkClaims() {
        guard let read = file.slips.claims else { return }
        switch policy.auth {
        case .token: return
        case .none?, nil: break
        }
        let given = route.node["examples"]?.items ?? []
        guard !given.contains(where: { $0["given"]?["claims"] != nil }) else { return }
        file.report(
            .warning, "no-claims", read.node, offset: read.offset, width: read.width,
            "nobody is authenticated on this route, so that `claims` is always absent",
            expected: "an `auth` policy, or another root")
    }

    /// A variable of the path whose schema is written is there to be judged, if for nothing else.
    private func checkVariables() {
        if case .http = operation.target, route.call == nil { return }
        for name in parameters.variables {
            let known = parameters.entries.filter { $0.source == .path && $0.name == name }
            guard !known.contains(where: { $0.isUsed || ($0.isDeclared && $0.schema != nil) })
            else { continue }
            file.slips.reportUnread(variable: name, at: route.key, file)
        }
    }
}
