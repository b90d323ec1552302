// SPDX-License-Identifier: Apache-2.0
// Members that a mapping leaves out and that the contract can not do without: a message with them
// missing is none, whatever a client sends.

internal import DragomanDocument

extension PlanSet {
    /// Omitted members without which an element's content is not what its type wants: of its own
    /// type and of those of the elements that must be in it.
    package func omittedRequired(in element: ElementPlan) -> [(type: String, member: String)] {
        var found: [(type: String, member: String)] = []
        var seen: Set<Int32> = []
        var waiting = [elements[element.index].type]
        while let type = waiting.popLast() {
            guard seen.insert(type).inserted, types[type].scope >= 0 else { continue }
            let scope = scopes[types[type].scope]
            let name =
                descriptions.typeNames[Int(type)] ?? descriptions.typePaths[type] ?? ""
            for index in scope.firstAttribute..<scope.firstAttribute + scope.attributeCount {
                let attribute = attributes[index]
                if attribute.isOmitted, attribute.isRequired, attribute.constraint < 0 {
                    found.append((name, names[attribute.name].local.string))
                }
            }
            guard scope.isFlat else { continue }
            for index in scope.firstMember..<scope.firstMember + scope.memberCount {
                let member = members[index]
                guard member.kind == .element, member.min > 0, member.element >= 0 else { continue }
                let entry = elements[member.element]
                if !member.isOmitted {
                    waiting.append(entry.type)
                } else if entry.constraint < 0 {
                    found.append((name, names[entry.name].local.string))
                }
            }
        }
        return found
    }
}
