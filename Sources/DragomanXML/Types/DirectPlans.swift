// SPDX-License-Identifier: Apache-2.0
// What can be said beforehand of the ordinary element: one whose type nothing stands in for, and
// that is text or an object. Readers and writers ask one question for it instead of a dozen; what
// is out of the ordinary goes the long way.

internal import DragomanDocument

/// What an ordinary element holds.
enum DirectKind: UInt8 {
    /// It is none: the long way.
    case none
    /// Text that is taken as it is.
    case string
    /// Text of another simple type.
    case literal
    case object
}

extension PlanDraft {
    /// Fills in what the finished tables say; call once.
    mutating func settle() {
        for index in members.indices { members[index].direct = written(members[index]) }
        for scope in scopes {
            for offset in 0..<Int(scope.routeCount) {
                settleRoute(Int(scope.firstRoute) + offset, scope)
            }
        }
        for index in scopes.indices { scopes[index].dispensable = dispensable(scopes[index]) }
    }

    /// The element's type where no other can take its place and no default fills it.
    private func ordinaryType(_ element: Int32) -> TypePlan? {
        guard element >= 0 else { return nil }
        let entry = elements[Int(element)]
        let type = types[Int(entry.type)]
        guard entry.constraint < 0, !type.isAbstract else { return nil }
        return type
    }

    private func kind(_ type: TypePlan) -> DirectKind {
        switch type.kind {
        case .simple:
            let simple = simples[Int(type.simple)]
            return simple.isPlainString && simple.whiteSpace == .preserve ? .string : .literal
        case .object: return isNarrow(type.scope) ? .object : .none
        default: return .none
        }
    }

    /// One word has a bit for each of its members.
    private func isNarrow(_ scope: Int32) -> Bool {
        scope >= 0 && scopes[Int(scope)].memberCount <= 64
    }

    private mutating func settleRoute(_ index: Int, _ scope: ScopePlan) {
        let route = routes[index]
        let member = members[Int(scope.firstMember + route.member)]
        guard member.kind == .element, !member.isOmitted, !member.isUnwrapped,
            !route.isSubstitute, scope.memberCount <= 64, !scope.isItem,
            let type = ordinaryType(route.element)
        else { return }
        routes[index].direct = kind(type)
        routes[index].isArray = member.isArray
        routes[index].type = elements[Int(route.element)].type
        routes[index].simple = type.simple
        routes[index].scope = type.scope
    }

    private func written(_ member: MemberPlan) -> DirectKind {
        guard member.kind == .element, !member.isOmitted, !member.isUnwrapped,
            let type = ordinaryType(member.element), type.derivedCount == 0
        else { return .none }
        let entry = elements[Int(member.element)]
        guard !entry.isAbstract, entry.substituteCount == 0 else { return .none }
        if type.kind == .simple {
            return simples[Int(type.simple)].isPlainString ? .string : .literal
        }
        return type.kind == .object ? .object : .none
    }

    private func dispensable(_ scope: ScopePlan) -> UInt64 {
        var bits = UInt64.max
        guard scope.memberCount <= 64 else { return 0 }
        for index in 0..<scope.memberCount {
            let member = members[Int(scope.firstMember + index)]
            let isPrinted = printsEmptyArrays && member.isArray
            if isPrinted || (scope.isFlat && member.min > 0) { bits &= ~(1 << UInt64(index)) }
        }
        return bits
    }
}
