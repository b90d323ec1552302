// SPDX-License-Identifier: Apache-2.0
// One object's members out of a content model: JSON names, routes from element names to members,
// the tree that writers check structure with, and the bits that tell where an item ends.

internal import DragomanDocument

/// Builds one `ScopePlan`. Declare the content's members, add attributes, finish.
final class ScopeBuilder {
    enum Mode { case type, choiceItem, sequenceItem, content }

    struct Member {
        let key: ModelKey
        var particle: Particle
        var isArray: Bool
        /// Those of one member, each once, in the content model's order.
        var wildcards: [Wildcard] = []
        var json = ""
        var contractName = ""
    }

    struct Leaf {
        let member: Int
        let node: Int
        let isSingle: Bool
        let isRepeated: Bool
        var wildcard: Wildcard?
        /// Groups around the leaf, and which child of each it is in.
        let path: [(node: Int, kind: NodeKind, child: Int)]
    }

    let compiler: PlanCompiler
    let options: TypeNaming
    let mode: Mode
    /// Names that attributes must keep clear of.
    var reserved: Set<String> = []
    var members: [Member] = []
    private var attributes: [AttributePlan] = []
    private var attributeDocumentation: [Int: String] = [:]
    private var indexes: [ModelKey: Int] = [:]
    var nodes: [TreeNode] = []
    var childLists: [[Int32]] = []
    var leaves: [Leaf] = []
    private var isDeclared = false
    private var root: Int32 = -1

    static let ours: Set<String> = [
        "@type", "@nil", "@element", "@choice", "@sequence", "@content", "@mixed", "@any",
        "@anyAttribute", "@xml", "@mustUnderstand", "@role",
    ]

    init(_ compiler: PlanCompiler, _ options: TypeNaming, mode: Mode) {
        self.compiler = compiler
        self.options = options
        self.mode = mode
    }

    // MARK: Members

    /// Finds the members of a content model and names them.
    func declare(_ particle: Particle?) {
        guard !isDeclared else { return }
        isDeclared = true
        guard let particle else { return }
        root = Int32(node(particle, path: []))
        nameMembers()
    }

    private func node(
        _ particle: Particle, path: [(node: Int, kind: NodeKind, child: Int)]
    ) -> Int {
        let occurrence = particle.occurrence
        let most = occurrence.max.map { Int32(clamping: $0) } ?? -1
        let least = Int32(clamping: occurrence.min)
        let place = nodes.count
        var isRoot = path.isEmpty
        if case .group = particle.term, isRoot, mode == .choiceItem || mode == .sequenceItem {
            isRoot = true
        } else {
            isRoot = false
        }
        if case .group(let kind, let children) = particle.term,
            isRoot || mode == .content || !occurrence.isRepeated
        {
            let nodeKind: NodeKind =
                switch kind {
                case .sequence: .sequence
                case .choice: .choice
                case .all: .all
                }
            nodes.append(TreeNode(kind: nodeKind, min: least, max: most))
            childLists.append([])
            if isRoot {
                nodes[place].min = 1
                nodes[place].max = 1
            }
            for (position, child) in children.enumerated() {
                let index = node(child, path: path + [(place, nodeKind, position)])
                childLists[place].append(Int32(index))
            }
            nodes[place].isEmptiable = isEmptiable(place)
            return place
        }
        let isSingle =
            mode == .choiceItem && path.count == 1 && path[0].kind == .choice
            && particle.isLeaf
        let member = member(particle, isSingle: isSingle)
        nodes.append(
            TreeNode(
                kind: .leaf, member: Int32(member), min: least, max: isSingle ? 1 : most,
                isEmptiable: least == 0))
        if isSingle { nodes[place].min = 1 }
        if isSingle { nodes[place].isEmptiable = false }
        childLists.append([])
        var leaf = Leaf(
            member: member, node: place, isSingle: isSingle,
            isRepeated: occurrence.isRepeated, path: path)
        if case .wildcard(let wildcard) = particle.term { leaf.wildcard = wildcard }
        leaves.append(leaf)
        return place
    }

    private func isEmptiable(_ place: Int) -> Bool {
        let node = nodes[place]
        if node.min == 0 { return true }
        let children = childLists[place]
        return node.kind == .choice
            ? children.contains { nodes[Int($0)].isEmptiable }
            : children.allSatisfy { nodes[Int($0)].isEmptiable }
    }

    private func member(_ particle: Particle, isSingle: Bool) -> Int {
        let key: ModelKey
        var isArray = particle.occurrence.isRepeated && !isSingle && mode != .content
        switch particle.term {
        case .element(let declaration): key = .element(declaration.name)
        case .wildcard:
            key = .any
            if mode == .type || mode == .sequenceItem { isArray = true }
        case .group(let kind, _):
            key = kind == .choice ? .choice : .sequence
            isArray = true
        }
        if let index = indexes[key] {
            if isArray { members[index].isArray = true }
            if case .wildcard(let other) = particle.term,
                !members[index].wildcards.contains(other)
            {
                members[index].wildcards.append(other)
            }
            return index
        }
        indexes[key] = members.count
        var member = Member(key: key, particle: particle, isArray: isArray)
        if case .wildcard(let wildcard) = particle.term { member.wildcards = [wildcard] }
        members.append(member)
        return members.count - 1
    }

    // MARK: Names

    private func nameMembers() {
        var holders: [String: [Int]] = [:]
        for (index, member) in members.enumerated() {
            if case .element(let name) = member.key {
                holders[name.local, default: []].append(index)
            }
        }
        for (index, member) in members.enumerated() {
            switch member.key {
            case .any: members[index].json = "@any"
            case .choice: members[index].json = "@choice"
            case .sequence: members[index].json = "@sequence"
            case .element(let name):
                if case .element(let declaration) = member.particle.term,
                    let part = declaration.partName
                {
                    members[index].contractName = part
                    members[index].json = options.json(part)
                    continue
                }
                let rivals = holders[name.local] ?? []
                let keeper = rivals.first { members[$0].namespace.isEmpty } ?? rivals.first
                if keeper == index {
                    members[index].contractName = name.local
                    members[index].json = options.json(name.local)
                } else {
                    let qualified = compiler.qualified(name)
                    members[index].contractName = qualified
                    members[index].json =
                        options.isRenamed(qualified)
                        ? options.json(qualified)
                        : "\(compiler.prefix(name)):\(options.camelOnly(name.local))"
                }
            }
        }
        reportClashes()
    }

    private func reportClashes() {
        var seen: [String: Int] = [:]
        for (index, member) in members.enumerated() {
            if let other = seen[member.json] {
                let names = [members[other].contractName, member.contractName]
                if let renamed = names.last(where: options.isRenamed) {
                    compiler.reportNaming(
                        NamingProblem(
                            type: options.path, option: .rename, member: renamed,
                            "the members `\(names[0])` and `\(names[1])` of `\(options.path)` are "
                                + "both `\(member.json)` in JSON"))
                    continue
                }
                compiler.problems.error(
                    member.particle.place, code: "name",
                    "the members \"\(members[other].contractName)\" and "
                        + "\"\(member.contractName)\" of \"\(options.path)\" are both "
                        + "\"\(member.json)\" in JSON")
            }
            seen[member.json] = index
        }
    }

    func addAttributes(_ uses: [AttributeUse]) {
        var taken = Set(members.map(\.json)).union(reserved)
        var holders: [String: [Int]] = [:]
        for (index, use) in uses.enumerated() {
            holders[use.declaration.name.local, default: []].append(index)
        }
        var named: [String: String] = [:]
        for (index, use) in uses.enumerated() {
            let name = use.declaration.name
            let rivals = holders[name.local] ?? []
            let keeper =
                rivals.first { uses[$0].declaration.name.namespace.isEmpty } ?? rivals.first
            let contractName = keeper == index ? name.local : compiler.qualified(name)
            var json =
                keeper == index || options.isRenamed(contractName)
                ? options.json(contractName)
                : "\(compiler.prefix(name)):\(options.camelOnly(name.local))"
            if taken.contains(json), !options.isRenamed(contractName) {
                json = "@" + json
                if ScopeBuilder.ours.contains(json) { json = "@" + json }
            }
            if taken.contains(json) || named[json] != nil {
                compiler.problems.error(
                    use.place, code: "name",
                    "the attribute \"\(contractName)\" and another member of "
                        + "\"\(options.path)\" are both \"\(json)\" in JSON")
            }
            named[json] = contractName
            append(use, json: json, contractName: contractName)
        }
        taken.formUnion(named.keys)
    }

    private func append(_ use: AttributeUse, json: String, contractName: String) {
        let name = compiler.nameIndex(use.declaration.name)
        let type = use.declaration.type
        let simple = compiler.simpleIndex(type, numbers: options.numberForm(contractName))
        compiler.checkNumber(contractName, of: options, .simple(type))
        var plan = AttributePlan(
            name: name, json: compiler.draft.pool.text(json),
            open: compiler.draft.pool.text(" \(compiler.qualified(use.declaration.name))=\""),
            namespace: compiler.draft.names[Int(name)].namespace, simple: simple,
            isRequired: use.isRequired)
        plan.isOmitted = options.isOmitted(contractName)
        if let value = use.fixedValue ?? use.defaultValue {
            if compiler.accepts(type, value, nil) {
                plan.constraint = compiler.constant(value)
                plan.isFixed = use.fixedValue != nil
            } else {
                compiler.problems.warning(
                    use.place, code: "default",
                    "the value \"\(value)\" is none of the attribute's type, and is not filled in")
            }
        }
        if let text = use.documentation { attributeDocumentation[attributes.count] = text }
        attributes.append(plan)
    }

    // MARK: Result

    /// - Returns: the scope's index.
    func finish(_ particle: Particle?) -> Int32 {
        declare(particle)
        var names = attributes.map(\.json.string)
        let plans = members.map { plan($0) }
        names += plans.map(\.json.string)
        for leaf in leaves {
            nodes[leaf.node].isArray = plans[leaf.member].isArray
            if let wildcard = leaf.wildcard, members[leaf.member].wildcards.count > 1 {
                nodes[leaf.node].wildcard = compiler.wildcardIndex(wildcard)
            }
        }
        let firstAttribute = compiler.draft.attributes.count
        compiler.draft.attributes += attributes
        for (offset, text) in attributeDocumentation {
            compiler.draft.descriptions.attributeDocumentation[Int32(firstAttribute + offset)] =
                text
        }
        let firstMember = compiler.draft.members.count
        compiler.draft.members += plans
        let routes = routes(plans)
        let firstRoute = compiler.draft.routes.count
        compiler.draft.routes += routes
        let (hash, mask) = hashTable(names)
        var scope = ScopePlan(
            firstMember: Int32(firstMember), memberCount: Int32(plans.count),
            firstRoute: Int32(firstRoute), routeCount: Int32(routes.count),
            root: copyTree(), isFlat: isFlat,
            wildcardMember: Int32(members.firstIndex { $0.key == .any } ?? -1),
            continues: mode == .type || mode == .content ? -1 : continuations(),
            isItem: mode == .choiceItem || mode == .content, hash: hash, hashMask: mask)
        scope.firstAttribute = Int32(firstAttribute)
        scope.attributeCount = Int32(attributes.count)
        setBounds(firstMember)
        compiler.draft.scopes.append(scope)
        return Int32(compiler.draft.scopes.count - 1)
    }
}

extension ScopeBuilder.Member {
    var namespace: String {
        if case .element(let name) = key { return name.namespace }
        return ""
    }
}

extension Particle {
    var isLeaf: Bool {
        if case .group = term { return false }
        return true
    }
}

extension TypeNaming {
    /// A name under `naming` alone, without renames.
    func camelOnly(_ name: String) -> String { isCamelCase ? Naming.camelCase(name) : name }
}
