// SPDX-License-Identifier: Apache-2.0
// Two XML documents as infosets: names by namespace, attributes in any order, and no white space
// between elements. Prefixes, comments and how a character is written do not count.

package import DragomanXML

package enum XMLDifference {
    /// All differences of two lists of elements, paths as `/Order/Line[2]/@id`.
    package static func find(
        expected: [XMLElement], actual: [XMLElement]
    ) -> [ValueDifference] {
        var found: [ValueDifference] = []
        compare(expected, actual, "", &found)
        return found
    }

    private static func compare(
        _ expected: [XMLElement], _ actual: [XMLElement], _ path: String,
        _ found: inout [ValueDifference]
    ) {
        for index in 0..<max(expected.count, actual.count) {
            guard index < actual.count else {
                let missing = expected[index]
                found.append(
                    ValueDifference(
                        step(path, expected, index), "is missing", expected: missing.indented))
                continue
            }
            guard index < expected.count else {
                found.append(
                    ValueDifference(
                        step(path, actual, index), "is not expected",
                        actual: actual[index].indented))
                continue
            }
            compare(expected[index], actual[index], step(path, expected, index), &found)
        }
    }

    /// `/Line`, or `/Line[2]` where there are several of that name.
    private static func step(_ path: String, _ elements: [XMLElement], _ index: Int) -> String {
        let name = elements[index].name
        let alike = elements.indices.filter { elements[$0].name == name }
        guard alike.count > 1, let place = alike.firstIndex(of: index) else {
            return "\(path)/\(name.local)"
        }
        return "\(path)/\(name.local)[\(place + 1)]"
    }

    private static func compare(
        _ expected: XMLElement, _ actual: XMLElement, _ path: String,
        _ found: inout [ValueDifference]
    ) {
        guard expected.name == actual.name else {
            found.append(
                ValueDifference(
                    path, "is another element", expected: clark(expected.name),
                    actual: clark(actual.name)))
            return
        }
        compareAttributes(expected, actual, path, &found)
        if expected.elements.isEmpty, actual.elements.isEmpty {
            guard !areEqual(expected.text, expected, actual.text, actual) else { return }
            found.append(
                ValueDifference(path, "differs", expected: expected.text, actual: actual.text))
            return
        }
        let (wanted, given) = (XMLCharacters.trim(expected.text), XMLCharacters.trim(actual.text))
        if wanted != given {
            found.append(
                ValueDifference(
                    path + "/text()", "differs", expected: wanted, actual: given))
        }
        compare(expected.elements, actual.elements, path, &found)
    }

    private static func compareAttributes(
        _ expected: XMLElement, _ actual: XMLElement, _ path: String,
        _ found: inout [ValueDifference]
    ) {
        for attribute in expected.attributes {
            let inner = "\(path)/@\(attribute.name.local)"
            let other = actual.attribute(
                attribute.name.local, namespace: attribute.name.namespace)
            guard let other else {
                found.append(ValueDifference(inner, "is missing", expected: attribute.value))
                continue
            }
            if !areEqual(attribute.value, expected, other, actual) {
                found.append(
                    ValueDifference(
                        inner, "differs", expected: attribute.value, actual: other))
            }
        }
        for attribute in actual.attributes
        where expected.attribute(attribute.name.local, namespace: attribute.name.namespace) == nil {
            found.append(
                ValueDifference(
                    "\(path)/@\(attribute.name.local)", "is not expected",
                    actual: attribute.value))
        }
    }

    /// Equal as text, or as qualified names whose prefixes differ.
    private static func areEqual(
        _ left: String, _ leftElement: XMLElement, _ right: String, _ rightElement: XMLElement
    ) -> Bool {
        if left == right { return true }
        guard left.utf8.contains(0x3A) || right.utf8.contains(0x3A),
            let first = leftElement.resolve(left), let second = rightElement.resolve(right)
        else { return false }
        return first == second && !first.namespace.isEmpty
    }

    private static func clark(_ name: XMLName) -> String {
        name.namespace.isEmpty ? name.local : "{\(name.namespace)}\(name.local)"
    }
}
