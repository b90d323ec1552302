// SPDX-License-Identifier: Apache-2.0
// Whether the JSON form of an element is so flat that query parameters or header fields can carry
// it: an object of scalars.

internal import DragomanDocument

/// A member of an object whose value is a scalar, or an array of scalars.
struct FlatMember {
    let name: String
    let isRequired: Bool
    let isArray: Bool
    let isNillable: Bool
    /// Binary, or a QName, or a list or union with such.
    let isAwkward: Bool
    /// anySimpleType: what it is, the value says.
    let isUntyped: Bool
}

/// What an element's JSON form consists of.
struct FlatForm {
    /// Scalars and arrays of scalars, attributes first.
    var members: [FlatMember] = []
    /// Names of all other members, and of what has no name.
    var others: [String] = []
    /// Those of them without which there is no such element.
    var requiredOthers: [String] = []
    /// The element's own value is a scalar.
    var isScalar = false
    /// Members stand in a choice.
    var hasChoice = false

    init(_ element: ElementPlan, of plans: PlanSet) {
        let type = plans.types[plans.elements[element.index].type]
        switch type.kind {
        case .simple:
            isScalar = true
            return
        case .object: break
        default:
            others = ["its content"]
            return
        }
        if type.isAbstract {
            others.append("@type")
            requiredOthers.append("@type")
        }
        if type.anyAttribute >= 0 { others.append("@anyAttribute") }
        guard type.scope >= 0 else { return }
        let scope = plans.scopes[type.scope]
        for offset in 0..<scope.attributeCount {
            add(plans.attributes[scope.firstAttribute + offset], plans)
        }
        hasChoice = !scope.isFlat && scope.root >= 0 && FlatForm.hasChoice(scope.root, plans)
        for offset in 0..<scope.memberCount {
            let member = plans.members[scope.firstMember + offset]
            let count = others.count
            add(member, plans)
            let isDue = scope.isFlat && member.min > 0
            if others.count > count, isDue, !FlatForm.isEmptiable(member, plans) {
                requiredOthers.append(member.json.string)
            }
        }
    }

    private static func isEmptiable(_ member: MemberPlan, _ plans: PlanSet) -> Bool {
        member.scope >= 0 && plans.nodes[plans.scopes[member.scope].root].isEmptiable
    }

    private mutating func add(_ attribute: AttributePlan, _ plans: PlanSet) {
        guard !attribute.isOmitted else { return }
        let simple = plans.simples[attribute.simple]
        members.append(
            FlatMember(
                name: attribute.json.string,
                isRequired: attribute.isRequired && attribute.constraint < 0,
                isArray: simple.form == .array, isNillable: false,
                isAwkward: FlatForm.isAwkward(attribute.simple, plans), isUntyped: false))
    }

    private mutating func add(_ member: MemberPlan, _ plans: PlanSet) {
        guard !member.isOmitted else { return }
        let name = member.json.string
        guard member.kind == .element, !member.isUnwrapped, member.element >= 0 else {
            others.append(name)
            return
        }
        let element = plans.elements[member.element]
        let type = plans.types[element.type]
        let isUntyped = type.kind == .any && type.isSimpleOnly
        guard type.kind == .simple || isUntyped, element.substituteCount == 0 else {
            others.append(name)
            return
        }
        let isList = type.simple >= 0 && plans.simples[type.simple].form == .array
        if isList, member.isArray {
            others.append(name)
            return
        }
        members.append(
            FlatMember(
                name: name, isRequired: member.min > 0, isArray: member.isArray || isList,
                isNillable: element.isNillable,
                isAwkward: type.simple >= 0 && FlatForm.isAwkward(type.simple, plans),
                isUntyped: isUntyped))
    }

    private static func hasChoice(_ index: Int32, _ plans: PlanSet, depth: Int = 0) -> Bool {
        let node = plans.nodes[index]
        guard depth < 64 else { return true }
        if node.kind == .choice, node.childCount > 1 { return true }
        return (0..<node.childCount).contains {
            hasChoice(plans.children[node.firstChild + $0], plans, depth: depth + 1)
        }
    }

    private static func isAwkward(_ index: Int32, _ plans: PlanSet, depth: Int = 0) -> Bool {
        let simple = plans.simples[index]
        guard depth < 16 else { return true }
        switch simple.variety {
        case .atomic: return simple.builtIn.isBinary || simple.builtIn.isQName
        case .list: return simple.item >= 0 && isAwkward(simple.item, plans, depth: depth + 1)
        case .union:
            return (0..<simple.memberCount).contains {
                isAwkward(plans.unionMembers[simple.firstMember + $0], plans, depth: depth + 1)
            }
        }
    }
}
