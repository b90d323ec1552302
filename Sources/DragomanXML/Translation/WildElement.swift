// SPDX-License-Identifier: Apache-2.0
// What wildcards admit: by namespace, and where they are strict only what the contract declares.

/// An element that stands where a wildcard does.
struct WildElement {
    let name: XMLName
    /// It has a JSON form, because the contract declares it.
    let isDeclared: Bool
}

extension PlanSet {
    /// Whether a wildcard admits elements of the namespace: of several at different places that
    /// are one member, one of them.
    func allows(_ wildcard: Int32, _ namespace: String) -> Bool {
        let plan = tables.wildcards[wildcard]
        guard plan.partCount > 0 else {
            return wildcardConstraints[Int(wildcard)].allows(namespace)
        }
        return (0..<plan.partCount).contains {
            wildcardConstraints[Int(tables.children[plan.firstPart &+ $0])].allows(namespace)
        }
    }

    /// Whether a wildcard admits the element.
    func admits(_ wildcard: Int32, _ element: WildElement) -> Bool {
        let plan = tables.wildcards[wildcard]
        guard plan.partCount == 0 else {
            return (0..<plan.partCount).contains {
                admits(tables.children[plan.firstPart &+ $0], element)
            }
        }
        return wildcardConstraints[Int(wildcard)].allows(element.name.namespace)
            && (plan.process != .strict || element.isDeclared)
    }
}
