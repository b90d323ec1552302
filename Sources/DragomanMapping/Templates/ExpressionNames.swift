// SPDX-License-Identifier: Apache-2.0
// What names mean in the expressions of a mapping: the roots of the exchange, parameters, steps,
// variables of comprehensions, and what is known of their members.

internal import DragomanDocument
internal import DragomanSchema

/// The names of one expression.
final class ExpressionNames: CELNames {
    let scope: TemplateScope
    private let use: ExpressionUse
    /// What is used of the body, where the whole expression is a value of it.
    private(set) var usage: BodyUsage?
    /// First members that were taken of roots which know nothing of them.
    private(set) var mentions: [(root: RootSlot, name: String, step: CELChain.Step)] = []
    /// Where claims are read.
    private(set) var claims: CELName?

    init(scope: TemplateScope, use: ExpressionUse) {
        self.scope = scope
        self.use = use
    }

    var names: [String] { scope.rootNames }

    func refuses(_ text: String, at shape: SchemaShape) -> Bool {
        scope.constants.problem(.string(text), shape) != nil
    }

    func resolve(
        _ chain: CELChain, _ use: CELUse, _ checker: inout CELChecker
    ) -> (value: CELChecked, consumed: Int)? {
        let root = chain.root.text
        if let variable = scope.variable(root) {
            var start = Start(variable.slot, variable.shape, variable.usage)
            start.mayBeAbsent = variable.mayBeAbsent
            return walk(chain, from: 0, start, use, &checker)
        }
        guard let slot = RootSlot.allCases.first(where: { $0.name == root }) else { return nil }
        guard let known = scope.roots[slot] else {
            return reportRoot(chain, &checker)
        }
        switch slot {
        case .path, .query, .header, .cookie: return parameter(chain, slot, use, &checker)
        case .body:
            scope.noteRequestRead()
            mention(chain, slot)
            checkBody(chain, &checker)
            var shape: SchemaShape?
            if case .known(let found) = known { shape = found }
            let usage = scope.bodyUsage ?? scope.acceptedUsage
            return walk(chain, from: 0, Start(slot.rawValue, shape, usage), use, &checker)
        case .claims, .consumer:
            scope.noteRequestRead()
            mention(chain, slot)
            if slot == .claims { claims = chain.root }
            if slot == .claims, let step = chain.steps.first,
                case .member(let name) = step.kind
            {
                checkElsewhere(name, slot, step, &checker)
            }
        default: break
        }
        var shape: SchemaShape?
        var certain: [String] = []
        switch known {
        case .known(let found): shape = found
        case .later(let find): shape = find()
        case .members(let names, let always):
            if let failed = checkName(chain, names, &checker) { return failed }
            certain = always
        case .anything: break
        }
        var start = Start(slot.rawValue, shape, nil)
        start.certain = certain
        return walk(chain, from: 0, start, use, &checker)
    }

    func mention(_ chain: CELChain, _ slot: RootSlot) {
        guard let step = chain.steps.first, case .member(let name) = step.kind else { return }
        mentions.append((slot, name, step))
    }

    /// Where a walk begins.
    struct Start {
        let slot: Int
        let shape: SchemaShape?
        let usage: BodyUsage?
        /// The value itself may be absent.
        var mayBeAbsent = false
        /// Members that are always there, where no schema says so.
        var certain: [String] = []

        init(_ slot: Int, _ shape: SchemaShape?, _ usage: BodyUsage?) {
            self.slot = slot
            self.shape = shape
            self.usage = usage
        }
    }

    private func checkName(
        _ chain: CELChain, _ names: [String], _ checker: inout CELChecker
    ) -> (CELChecked, Int)? {
        guard let first = chain.steps.first, case .member(let name) = first.kind,
            !names.contains(name)
        else { return nil }
        let failed = checker.report(
            "unknown-member", first.start, first.end,
            "`\(chain.root.text)` has no member `\(name)`",
            expected: "one of " + names.joined(separator: ", "),
            suggestion: NearestName.find(name, in: names), about: [chain.root.text, name])
        return (failed, chain.steps.count)
    }

    private func reportRoot(
        _ chain: CELChain, _ checker: inout CELChecker
    ) -> (CELChecked, Int) {
        let name = chain.root.text
        var message = "there is no `\(name)` here"
        switch (name, scope.stage) {
        case ("reply", .errors): message = "a call that failed has no `reply`"
        case ("reply", .request), ("reply_headers", .request):
            message = "`\(name)` is there only after the call"
        case ("fault", .errors), ("grpc", .errors):
            message = "an error of this backend has no `\(name)`"
        case ("fault", _), ("grpc", _), ("status", _):
            message = "`\(name)` is there only in `errors`"
        case ("body", _): message = "this route takes no body"
        default: break
        }
        let failed = checker.report(
            "unknown-root", chain.root.start, chain.root.end, message,
            expected: "one of " + scope.rootNames.joined(separator: ", "),
            suggestion: otherError(name) ?? NearestName.find(name, in: scope.rootNames))
        return (failed, chain.steps.count)
    }

    /// What this backend's errors are known by, where another's was named.
    private func otherError(_ name: String) -> String? {
        guard scope.stage == .errors else { return nil }
        switch name {
        case "fault": return scope.roots[.grpc] == nil ? nil : "grpc"
        case "grpc": return scope.roots[.fault] == nil ? nil : "fault"
        default: return nil
        }
    }

    /// Follows the steps behind a value, as far as something is known of it.
    func walk(
        _ chain: CELChain, from first: Int, _ start: Start, _ use: CELUse,
        _ checker: inout CELChecker
    ) -> (value: CELChecked, consumed: Int) {
        var shape = start.shape
        var reading = shape?.reading ?? .plain
        var usage = start.usage
        var mayBeAbsent = start.mayBeAbsent
        var steps: [ReferenceStep] = []
        for step in chain.steps[first...] {
            switch step.kind {
            case .member(let name):
                let absent = shape?.message.flatMap { message in
                    scope.arena.constant { message.appendDefault(of: name, to: $0) }
                }
                steps.append(.member(scope.arena.text(name), absent: absent))
                scope.file.slips.noteRead(name)
                usage = usage?.member(name)
                let isCertain = steps.count == 1 && start.certain.contains(name)
                if absent == nil, shape?.isRequired(name) != true, !isCertain {
                    mayBeAbsent = true
                }
                let inner = shape.flatMap { CELReading.of(name, in: $0) }
                switch shape?.member(name) {
                case .known(let next): (shape, reading) = (next, inner ?? next.reading)
                case .anything, nil: (shape, reading) = (nil, inner ?? reading.inner)
                case .refused:
                    let failed = reportMember(name, step, shape, &checker)
                    return (failed, chain.steps.count)
                }
            case .item(let position):
                steps.append(.item(position, scope.arena.text("")))
                usage = usage?.anyItem()
                if let shape, !shape.types.isEmpty, shape.types.isDisjoint(with: .array) {
                    return (reportItem(position, step, shape, &checker), chain.steps.count)
                }
                (shape, reading) = (shape?.items, reading.inner)
            }
        }
        note(use, usage)
        let reference = Reference(slot: start.slot, steps: steps, arena: scope.arena)
        let type = shape.map { CELType.json($0, reading) } ?? reading.own.type ?? .dyn
        return (
            CELChecked(
                code: .reference(reference, reading), type: type, mayBeAbsent: mayBeAbsent),
            chain.steps.count
        )
    }

    private func note(_ use: CELUse, _ usage: BodyUsage?) {
        guard let usage else { return }
        switch use {
        case .presence: return
        case .operand, .path, .range: usage.isAnything = true
        case .whole, .replaced: note(whole: usage, isReplaced: use.isReplaced)
        }
    }

    private func note(whole usage: BodyUsage, isReplaced: Bool) {
        self.usage = usage
        let isSent = scope.stage == .request
        switch use {
        case .whole(let target, let isRequired):
            // What an answer makes of a value says nothing about what may be sent.
            usage.stands(
                at: isSent ? target : nil, isRequired: isSent && isRequired && !isReplaced)
        case .operand, .condition: usage.isAnything = true
        case .list: _ = usage.anyItem()
        case .spread(let target, let hidden, let isCertain):
            usage.spreads(
                into: target, hidden: hidden, isCertain: isCertain && isSent && !isReplaced)
        }
    }

    private func reportMember(
        _ name: String, _ step: CELChain.Step, _ shape: SchemaShape?,
        _ checker: inout CELChecker
    ) -> CELChecked {
        guard let shape else { return .failed }
        let names = shape.memberNames
        if let remark = scope.file.remark(on: name, of: names) {
            return checker.report(
                "unknown-member", step.start, step.end, remark.message,
                suggestion: remark.suggestion, about: [name])
        }
        let isList = shape.types.isSubset(of: [.array, .null])
        if isList, case .known? = shape.items?.member(name) {
            return checker.report(
                "unknown-member", step.start, step.end,
                "what stands before `\(name)` is a list in `\(shape.name)`: its items have that",
                expected: "one item, or a comprehension over all of them",
                suggestion: "[0].\(name)", about: [name])
        }
        let message =
            shape.types.contains(.object)
            ? "`\(shape.name)` has no member `\(name)` here"
            : "what stands before `\(name)` is \(TypeNames.article(shape.types)) in "
                + "`\(shape.name)`, and no object"
        return checker.report(
            "unknown-member", step.start, step.end, message,
            expected: NameList.oneOf(names),
            suggestion: NearestName.find(name, in: names), about: [name])
    }

    private func reportItem(
        _ position: Int, _ step: CELChain.Step, _ shape: SchemaShape, _ checker: inout CELChecker
    ) -> CELChecked {
        checker.report(
            "wrong-type", step.start, step.end,
            "what stands before `[\(position)]` is \(TypeNames.article(shape.types)) in "
                + "`\(shape.name)`, and no list",
            expected: shape.memberNames.isEmpty
                ? nil : "a member: one of " + NameList.listed(shape.memberNames))
    }

    /// The target of the whole expression, where this is the whole of it.
    func target(_ use: CELUse) -> (target: SchemaShape, isRequired: Bool)? {
        guard scope.stage == .request, case .whole(let target?, let isRequired) = self.use else {
            return nil
        }
        switch use {
        case .whole: return (target, isRequired)
        case .replaced: return (target, false)
        default: return nil
        }
    }
}

extension CELUse {
    fileprivate var isReplaced: Bool { if case .replaced = self { true } else { false } }
}

extension SchemaShape {
    /// How a value of it is read: a whole number is one also in arithmetic.
    var reading: CELReading {
        CELReading(own: scalar, element: items?.scalar ?? .plain)
    }

    private var scalar: CELScalar {
        let types = types.subtracting(.null)
        return types == .integer ? .int : .plain
    }
}

extension CELReading {
    /// What the contract says of a member's texts and numbers; nil where it is no contract of
    /// protobuf.
    static func of(_ name: String, in shape: SchemaShape) -> CELReading? {
        shape.message?.reading(of: name)
    }
}
