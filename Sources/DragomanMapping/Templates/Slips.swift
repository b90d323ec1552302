// SPDX-License-Identifier: Apache-2.0
// What a route's names were seen to do, so that a slip is told where it was made: a name that is
// given and never read while a like one is read and never given, a loop that never looks at its
// item, a value taken from a root that does not have it.

internal import DragomanDocument
internal import DragomanSchema

/// The names of one mapping file while it is compiled; what belongs to a route begins anew with it.
final class SlipLog {
    /// A name that the mapping itself gives: of a parameter, a step, a variable, a table.
    struct Definition {
        let name: String
        let node: YAMLNode
    }

    /// `body.room`: a first member of the body, of claims or of parameters that nothing declares.
    struct Mention {
        let root: String
        let name: String
        let node: YAMLNode
        /// UTF-8 bytes into the scalar's text.
        let offset: Int
        /// In Unicode scalars.
        let width: Int
    }

    var definitions: [Definition] = []
    private(set) var reads: Set<String> = []
    private(set) var mentions: [Mention] = []
    private var misses: [(wanted: String, near: String)] = []
    /// Members that `${*}` leaves out, and what they were most likely meant to be.
    private var dropped: [(name: String, target: String, near: String?)] = []
    /// Where the route reads claims first.
    private(set) var claims: Mention?
    private var tablesRead: Set<String> = []

    func beginRoute() {
        definitions = []
        reads = []
        mentions = []
        misses = []
        dropped = []
        claims = nil
    }

    func noteRead(_ name: String) { reads.insert(name) }
    func note(claims mention: Mention) { claims = claims ?? mention }
    func noteRead(tables: Set<String>) { tablesRead.formUnion(tables) }
    func note(_ mention: Mention) { mentions.append(mention) }

    /// `${*}` puts such a member nowhere, since `target` has none of that name.
    func noteDropped(_ name: String, target: String, near: String?) {
        dropped.append((name, target, near))
    }

    /// `wanted` was read, is nowhere, and `near` is like it.
    func noteMiss(_ wanted: String, near: String) {
        misses.append((wanted, near))
    }

    /// Warns of names of the route that nothing reads, where a like one was looked for in vain.
    func report(into file: MappingSource) {
        for definition in definitions where !reads.contains(definition.name) {
            report(definition, misses, file)
            guard let lost = dropped.first(where: { $0.name == definition.name }) else { continue }
            file.report(
                .warning, "unused-name", definition.node,
                "`\(lost.name)` is taken here and goes nowhere: `\(lost.target)` has no such "
                    + "member, so `${*}` leaves it out",
                suggestion: lost.near, about: [lost.name])
        }
    }

    /// As `report(into:)`, of the file's tables, once all routes are compiled.
    /// `isRight`: whatever reads a table was compiled.
    func report(tables: [Definition], into file: MappingSource, isRight: Bool) {
        guard isRight else { return }
        for table in tables where !tablesRead.contains(table.name) {
            file.report(
                .warning, "unused-name", table.node,
                "the table `\(table.name)` is read nowhere", about: [table.name])
        }
    }

    private func report(
        _ definition: Definition, _ misses: [(wanted: String, near: String)],
        _ file: MappingSource
    ) {
        guard let miss = misses.first(where: { $0.near == definition.name }) else { return }
        file.report(
            .warning, "unused-name", definition.node,
            "`\(definition.name)` is read nowhere, and `\(miss.wanted)`, which is, is not there",
            expected: "one name in both places", suggestion: miss.wanted,
            about: [definition.name, miss.wanted])
    }

    /// Warns of a variable that nothing read: where something else was taken that it has, or at
    /// the place that gives it.
    func reportUnread(
        _ name: String, _ what: String, shape: SchemaShape?, since: Int, at node: YAMLNode,
        _ file: MappingSource
    ) {
        let meant = mentions.dropFirst(since).first { mention in
            if case .known? = shape?.member(mention.name) { return true }
            return false
        }
        report(
            meant, suggestion: meant.map { "\(name).\($0.name)" }, (what, name), node, file)
    }

    /// As `reportUnread`, of a variable of the path; where something like it was looked for, that
    /// has been said.
    func reportUnread(variable name: String, at node: YAMLNode, _ file: MappingSource) {
        guard !misses.contains(where: { $0.near == name }) else { return }
        let meant = mentions.first { $0.name == name }
        report(
            meant, suggestion: meant.map { _ in "path.\(name)" }, ("the path variable", name),
            node, file)
    }

    private func report(
        _ meant: Mention?, suggestion: String?, _ unread: (what: String, name: String),
        _ node: YAMLNode, _ file: MappingSource
    ) {
        let what = "\(unread.what) `\(unread.name)`"
        guard let meant else {
            return file.report(
                .warning, "unused-name", node, "\(what) is read nowhere", about: [unread.name])
        }
        file.report(
            .warning, "wrong-root", meant.node, offset: meant.offset, width: meant.width,
            "`\(meant.root).\(meant.name)` is taken here, and \(what) is read nowhere",
            suggestion: suggestion, about: [unread.name])
    }
}

extension ExpressionNames {
    /// Warns where a name that nothing declares is taken from one root, and another one has it.
    func checkElsewhere(
        _ name: String, _ root: RootSlot, _ step: CELChain.Step, _ checker: inout CELChecker
    ) {
        if let meant = elsewhere(name, root) {
            return warn(
                "nothing says that there is a \(root.name) `\(name)`, and `\(meant)` is there",
                of: name, meant, root, step.start, step.end, &checker)
        }
        let isPart = scope.headerParts.contains { name == $0 || name.hasPrefix($0 + "-") }
        guard root == .header, !isPart, let meant = FieldNames.meant(name) else { return }
        warn(
            "`\(name)` is no usual header", of: name, "header.\(meant.lowercased())", root,
            step.start, step.end, &checker)
    }

    /// Warns of members of the body that nothing sends, where others are meant.
    func checkBody(_ chain: CELChain, _ checker: inout CELChecker) {
        let first = chain.steps.first
        var name: String?
        if case .member(let written)? = first?.kind { name = written }
        if !scope.carriesBody {
            return warn(
                "such a request has no body that means anything, and the route no `accepts`",
                of: name, name.flatMap { elsewhere($0, .body) }, .body,
                first?.start ?? chain.root.start, first?.end ?? chain.root.end, &checker)
        }
        guard let name, let step = first else { return }
        if scope.stage == .errors, let meant = elsewhere(name, .body) {
            let isKnown = scope.bodyShape.map {
                if case .refused = $0.member(name) { false } else { true }
            }
            guard isKnown == true || scope.bodyUsage?.knownMembers.contains(name) == true else {
                return warn(
                    "nothing says that there is such a member, and `\(meant)` is there",
                    of: name, meant, .body, step.start, step.end, &checker)
            }
        }
        if let shape = scope.bodyShape {
            return checkImplied(name, step, shape, &checker)
        }
        guard scope.stage != .request, var usage = scope.bodyUsage, !usage.isUnused else { return }
        for (index, step) in chain.steps.enumerated() {
            guard case .member(let name) = step.kind else { return }
            let known = usage.knownMembers
            if known.contains(name) {
                if let shape = usage.shape(name),
                    checkInside(shape, chain.steps.dropFirst(index + 1).first, &checker)
                {
                    return
                }
                guard let next = usage.known(name) else { return }
                usage = next
                continue
            }
            guard let near = NearestName.find(name, in: known) else { break }
            checker.problems.append(
                CELProblem(
                    severity: .warning, code: "unknown-member", start: step.start, end: step.end,
                    message: "nothing that is sent to the backend has the member `\(name)`",
                    expected: "a member that `request` takes", suggestion: near,
                    about: [name]))
            return
        }
        if let meant = elsewhere(name, .body), !usage.knownMembers.contains(name) {
            warn(
                "`request` takes no `\(name)` of the body, and `\(meant)` is there", of: name,
                meant, .body, step.start, step.end, &checker)
        }
    }

    /// Whether a member was taken of what is sent as something that has none.
    private func checkInside(
        _ shape: SchemaShape, _ step: CELChain.Step?, _ checker: inout CELChecker
    ) -> Bool {
        guard case .member(let name)? = step?.kind, let step, !shape.types.isEmpty,
            shape.types.isDisjoint(with: .object)
        else { return false }
        checker.problems.append(
            CELProblem(
                severity: .warning, code: "unknown-member", start: step.start, end: step.end,
                message: "what stands before `\(name)` is sent as "
                    + "\(TypeNames.article(shape.types)), and no object", about: [name]))
        return true
    }

    /// The body is the message itself: it has the contract's members.
    private func checkImplied(
        _ name: String, _ step: CELChain.Step, _ shape: SchemaShape,
        _ checker: inout CELChecker
    ) {
        guard case .refused = shape.member(name) else { return }
        let names = shape.memberNames
        checker.problems.append(
            CELProblem(
                severity: .warning, code: "unknown-member", start: step.start, end: step.end,
                message: "the body is a `\(shape.name)` here, which has no member `\(name)`",
                expected: "one of " + NameList.listed(names),
                suggestion: NearestName.find(name, in: names) ?? elsewhere(name, .body),
                about: [name]))
    }

    private func warn(
        _ message: String, of name: String?, _ meant: String?, _ root: RootSlot, _ start: Int,
        _ end: Int, _ checker: inout CELChecker
    ) {
        let declaration =
            switch root {
            case .body: "`accepts`"
            case .claims: "another name"
            default: "`parameters`"
            }
        checker.problems.append(
            CELProblem(
                severity: .warning, code: "wrong-root", start: start, end: end, message: message,
                expected: "\(declaration), if it is meant",
                suggestion: meant, about: name.map { [$0] } ?? []))
    }

    /// What is surely there under that name: a variable of the path, a declared parameter, a
    /// member of a step or of the reply.
    private func elsewhere(_ name: String, _ root: RootSlot) -> String? {
        let isOfPath = scope.parameters.variables.contains(name)
        // A body and claims may well repeat what the path says.
        if isOfPath, root != .claims, root != .body || !scope.carriesBody { return "path.\(name)" }
        if root != .header, name == "authorization" { return "header.authorization" }
        for (source, other) in [
            (ParameterPlan.Source.query, RootSlot.query), (.header, .header), (.cookie, .cookie),
        ] where other != root && scope.parameters.declared(source).contains(name) {
            return "\(other.name).\(name)"
        }
        if root != .body, case .known(let shape)? = scope.roots[.body],
            case .known = shape.member(name)
        {
            return "body.\(name)"
        }
        if scope.stage == .errors { return ofError(name) }
        guard scope.stage == .response else { return nil }
        for variable in scope.variables.reversed() {
            if case .known? = variable.shape?.member(name) { return "\(variable.name).\(name)" }
        }
        if case .later(let find)? = scope.roots[.reply], case .known? = find()?.member(name) {
            return "reply.\(name)"
        }
        return nil
    }

    private func ofError(_ name: String) -> String? {
        for root in [RootSlot.fault, .grpc] {
            switch scope.roots[root] {
            case .members(let names, _)? where names.contains(name): return "\(root.name).\(name)"
            case .later(let find)?:
                if case .known? = find()?.member(name) { return "\(root.name).\(name)" }
            default: continue
            }
        }
        return nil
    }
}
