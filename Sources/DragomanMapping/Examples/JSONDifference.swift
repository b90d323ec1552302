// SPDX-License-Identifier: Apache-2.0
// Two JSON values side by side: every place where they differ. Numbers are compared by what they
// are worth, objects without regard to the order of their members.

package import DragomanDocument

package enum JSONDifference {
    /// All differences, paths as JSON Pointers.
    package static func find(expected: Node, actual: Node) -> [ValueDifference] {
        var found: [ValueDifference] = []
        compare(expected, actual, "", &found)
        return found
    }

    private static func compare(
        _ expected: Node, _ actual: Node, _ path: String, _ found: inout [ValueDifference]
    ) {
        if expected.isObject, actual.isObject {
            return compareMembers(expected, actual, path, &found)
        }
        if expected.isArray, actual.isArray {
            return compareItems(expected, actual, path, &found)
        }
        guard !areEqual(expected, actual) else { return }
        found.append(
            ValueDifference(path, "differs", expected: expected.json, actual: actual.json))
    }

    /// Of two values that are not both objects and not both arrays.
    private static func areEqual(_ left: Node, _ right: Node) -> Bool {
        if left.isNumber, right.isNumber {
            return ExactNumber.compare(ExactNumber(left.bytes), ExactNumber(right.bytes)) == 0
        }
        guard left.kind == right.kind else { return false }
        return !left.isString || left.textEquals(right.bytes)
    }

    private static func compareMembers(
        _ expected: Node, _ actual: Node, _ path: String, _ found: inout [ValueDifference]
    ) {
        for member in expected.members {
            let name = member.name.string
            let inner = path + "/" + JSONPointer.escape(name)
            if let other = actual.member(named: name) {
                compare(member.value, other, inner, &found)
            } else {
                found.append(ValueDifference(inner, "is missing", expected: member.value.json))
            }
        }
        for member in actual.members where expected.member(named: member.name.string) == nil {
            found.append(
                ValueDifference(
                    path + "/" + JSONPointer.escape(member.name.string), "is not expected",
                    actual: member.value.json))
        }
    }

    private static func compareItems(
        _ expected: Node, _ actual: Node, _ path: String, _ found: inout [ValueDifference]
    ) {
        var wanted = expected.items
        var given = actual.items
        var index = 0
        while true {
            let inner = "\(path)/\(index)"
            index += 1
            switch (wanted.next(), given.next()) {
            case (let expected?, let actual?): compare(expected, actual, inner, &found)
            case (let expected?, nil):
                found.append(ValueDifference(inner, "is missing", expected: expected.json))
            case (nil, let actual?):
                found.append(ValueDifference(inner, "is not expected", actual: actual.json))
            case (nil, nil): return
            }
        }
    }
}
