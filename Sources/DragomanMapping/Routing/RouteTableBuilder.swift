// SPDX-License-Identifier: Apache-2.0
// Builds the trie of a route table with dictionaries, finds routes that are alike, and lays the
// result out flat. Runs at load.

internal import DragomanDocument

struct RouteTableBuilder {
    private struct Child: Hashable {
        let parent: Int
        let text: [UInt8]
    }

    private struct Building {
        var single = -1
        var rest = -1
        var hasLiterals = false
        var terminals: [RouteTable.Terminal] = []
    }

    private var nodes: [Building] = []
    private var literals: [Child: Int] = [:]
    private var methods: [String: Int32] = ["*": 0]
    private var methodNames = ["*"]
    private var hosts = HostTable()
    private var groups: [RouteTable.HostGroup] = []
    private var anyHost = -1
    private var variables: [[RouteTable.Variable]] = []
    private var verbColonsMax = 0
    private var seenConflicts: Set<RouteConflict> = []
    private(set) var conflicts: [RouteConflict] = []

    private mutating func newNode() -> Int {
        nodes.append(Building())
        return nodes.count - 1
    }

    private mutating func literal(_ parent: Int, _ text: [UInt8]) -> Int {
        let child = Child(parent: parent, text: text)
        if let known = literals[child] { return known }
        let new = newNode()
        literals[child] = new
        nodes[parent].hasLiterals = true
        return new
    }

    mutating func insert(_ route: RouteEntry, _ index: Int) {
        variables.append(Self.variables(route.template))
        let method = method(route.method)
        for group in groupIndexes(route.hosts) {
            let node = node(route.template, groupRoot(group, route.template.verb))
            let terminal = RouteTable.Terminal(
                method: method, route: Int32(index), conditions: route.conditions)
            for other in nodes[node].terminals where Self.isAlike(other, terminal) {
                let conflict = RouteConflict(first: Int(other.route), second: index)
                if other.route != terminal.route, seenConflicts.insert(conflict).inserted {
                    conflicts.append(conflict)
                }
            }
            nodes[node].terminals.append(terminal)
        }
    }

    private mutating func method(_ name: String) -> Int32 {
        if let known = methods[name] { return known }
        methods[name] = Int32(methodNames.count)
        methodNames.append(name)
        return Int32(methodNames.count - 1)
    }

    private mutating func groupIndexes(_ patterns: [String]) -> [Int] {
        if patterns.isEmpty {
            if anyHost < 0 {
                anyHost = groups.count
                groups.append(RouteTable.HostGroup())
            }
            return [anyHost]
        }
        return patterns.map { pattern in
            hosts.insert(pattern) {
                groups.append(RouteTable.HostGroup())
                return groups.count - 1
            }
        }
    }

    private mutating func groupRoot(_ group: Int, _ verb: [UInt8]?) -> Int {
        guard let verb else {
            if groups[group].root < 0 { groups[group].root = Int32(newNode()) }
            return Int(groups[group].root)
        }
        verbColonsMax = max(verbColonsMax, verb.count { $0 == UInt8(ascii: ":") })
        if groups[group].verbs < 0 { groups[group].verbs = Int32(newNode()) }
        return literal(Int(groups[group].verbs), verb)
    }

    private mutating func node(_ template: PathTemplate, _ root: Int) -> Int {
        var node = root
        let rest = template.restIndex ?? template.segments.count
        for segment in template.segments[..<rest] {
            switch segment {
            case .literal(let text): node = literal(node, text)
            case .single, .rest:
                if nodes[node].single < 0 { nodes[node].single = newNode() }
                node = nodes[node].single
            }
        }
        guard rest < template.segments.count else { return node }
        if nodes[node].rest < 0 { nodes[node].rest = newNode() }
        node = nodes[node].rest
        for case .literal(let text) in template.segments[(rest + 1)...].reversed() {
            node = literal(node, text)
        }
        return node
    }

    /// One method, equally many conditions, and a request could meet them all.
    private static func isAlike(_ left: RouteTable.Terminal, _ right: RouteTable.Terminal) -> Bool {
        guard left.method == right.method, left.conditions.count == right.conditions.count else {
            return false
        }
        return !left.conditions.contains { one in
            right.conditions.contains { $0.name == one.name && $0.value != one.value }
        }
    }

    private static func variables(_ template: PathTemplate) -> [RouteTable.Variable] {
        let count = template.segments.count
        let rest = template.restIndex ?? count
        return template.variables.map { variable in
            let range = variable.segments
            let isFromEnd = range.lowerBound > rest
            return RouteTable.Variable(
                first: isFromEnd ? count - range.lowerBound : range.lowerBound,
                isFromEnd: isFromEnd, count: range.count,
                after: range.contains(rest) ? count - range.upperBound : -1,
                decoding: variable.isMultiple ? .allButReserved : .all)
        }
    }

    mutating func finish(_ table: inout RouteTable) {
        layOutNodes(&table)
        layOutLiterals(&table)
        hosts.finish()
        table.methods = methodNames.map { Array($0.utf8) }
        table.hosts = hosts
        table.groups = groups
        table.anyHost = Int32(anyHost)
        table.variables = variables
        table.verbColonsMax = verbColonsMax
    }

    private func layOutNodes(_ table: inout RouteTable) {
        for building in nodes {
            let first = Int32(table.terminals.count)
            // Equal ones keep the order of the entries.
            table.terminals += building.terminals.enumerated().sorted { left, right in
                let counts = (left.element.conditions.count, right.element.conditions.count)
                return counts.0 != counts.1 ? counts.0 > counts.1 : left.offset < right.offset
            }.map(\.element)
            table.nodes.append(
                RouteTable.Node(
                    single: Int32(building.single), rest: Int32(building.rest),
                    hasLiterals: building.hasLiterals,
                    terminals: first..<Int32(table.terminals.count)))
        }
    }

    private func layOutLiterals(_ table: inout RouteTable) {
        var capacity = 8
        while capacity < literals.count * 2 { capacity *= 2 }
        table.literals = Array(repeating: RouteTable.Literal(), count: capacity)
        for (child, node) in literals.sorted(by: { $0.value < $1.value }) {
            let hash = SegmentText.hash(child.text)
            let start = Int32(table.text.count)
            table.text += child.text
            var slot = RouteTable.slot(child.parent, hash) & (capacity - 1)
            while table.literals[slot].child >= 0 { slot = (slot + 1) & (capacity - 1) }
            table.literals[slot] = RouteTable.Literal(
                parent: Int32(child.parent), child: Int32(node), hash: hash,
                text: start..<Int32(table.text.count))
        }
    }
}
