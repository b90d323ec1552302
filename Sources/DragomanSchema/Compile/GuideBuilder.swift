// SPDX-License-Identifier: Apache-2.0
// What every object that fits a schema has in common, as far as it can be read off the schema:
// the basis of a `BranchGuide`. To know less is always right.
internal import DragomanDocument

/// Names that an object must have, and texts that members may have where they are there.
struct ObjectTraits {
    struct Choice {
        var texts: Set<TextKey>
        /// The value may also be something else than a string.
        var allowsOthers: Bool
    }

    var required: Set<TextKey> = []
    var choices: [TextKey: Choice] = [:]
    /// No object fits.
    var isImpossible = false

    /// Both hold.
    mutating func and(_ other: ObjectTraits) {
        isImpossible = isImpossible || other.isImpossible
        required.formUnion(other.required)
        for (name, choice) in other.choices { narrow(name, choice) }
    }

    mutating func narrow(_ name: TextKey, _ choice: Choice) {
        guard let known = choices[name] else {
            choices[name] = choice
            return
        }
        choices[name] = Choice(
            texts: known.texts.intersection(choice.texts),
            allowsOthers: known.allowsOthers && choice.allowsOthers)
    }

    /// One of them holds.
    static func either(_ all: [ObjectTraits]) -> ObjectTraits {
        let possible = all.filter { !$0.isImpossible }
        guard var result = possible.first else {
            var none = ObjectTraits()
            none.isImpossible = true
            return none
        }
        for other in possible.dropFirst() {
            result.required.formIntersection(other.required)
            for (name, choice) in result.choices {
                guard let more = other.choices[name] else {
                    result.choices[name] = nil
                    continue
                }
                result.choices[name] = Choice(
                    texts: choice.texts.union(more.texts),
                    allowsOthers: choice.allowsOthers || more.allowsOthers)
            }
        }
        return result
    }
}

/// Reads traits off schemas; remembers them, for definitions are referred to over and over.
struct GuideBuilder {
    private var known: [ObjectIdentifier: ObjectTraits] = [:]
    private static let depthMax = 8
    /// More texts than that are no cheap look-up any more.
    private static let textsMax = 256

    mutating func traits(_ schema: Subschema, depth: Int = 0) -> ObjectTraits {
        if let traits = known[ObjectIdentifier(schema)] { return traits }
        var traits = ObjectTraits()
        traits.isImpossible = schema.always == false
        guard depth < GuideBuilder.depthMax else { return traits }
        for rule in schema.rules { add(rule, to: &traits, depth) }
        known[ObjectIdentifier(schema)] = traits
        return traits
    }

    private mutating func add(_ rule: Rule, to traits: inout ObjectTraits, _ depth: Int) {
        switch (rule.name, rule.content) {
        case (_, .types(let types)):
            if !types.allows(.object) { traits.isImpossible = true }
        case (.required, .names(let names)):
            for name in names { traits.required.insert(TextKey(name)) }
        case (.properties, .schemasByName(let members)):
            for member in members {
                if let choice = choice(member.schema, 0) {
                    traits.narrow(TextKey(member.name), choice)
                }
            }
        case (_, .reference(let target)): traits.and(self.traits(target, depth: depth + 1))
        case (.allOf, .schemas(let schemas)):
            for schema in schemas { traits.and(self.traits(schema, depth: depth + 1)) }
        case (.anyOf, .schemas(let schemas)), (.oneOf, .schemas(let schemas)):
            traits.and(.either(schemas.map { self.traits($0, depth: depth + 1) }))
        default: break
        }
    }

    private func choice(_ schema: Subschema, _ depth: Int) -> ObjectTraits.Choice? {
        guard depth < GuideBuilder.depthMax else { return nil }
        var target: Subschema?
        for rule in schema.rules {
            switch rule.content {
            case .values(let values):
                guard values.count <= GuideBuilder.textsMax else { return nil }
                return ObjectTraits.Choice(
                    texts: Set(values.filter(\.isString).map { TextKey($0) }),
                    allowsOthers: values.contains { !$0.isString })
            case .reference(let schema): target = schema
            default: break
            }
        }
        return target.flatMap { choice($0, depth + 1) }
    }

    /// A guide to branches with these traits; nil where it would leave none out.
    static func guide(_ branches: [ObjectTraits], _ arena: ProgramArena) -> BranchGuide? {
        guard branches.count > 1, branches.count <= BranchGuide.branchesMax else { return nil }
        let all = UInt64.max >> UInt64(64 - branches.count)
        func bits(_ isMeant: (ObjectTraits) -> Bool) -> UInt64 {
            branches.enumerated().reduce(0) { $0 | (isMeant($1.element) ? 1 << $1.offset : 0) }
        }
        var names: Set<TextKey> = []
        for branch in branches { names.formUnion(branch.required.union(branch.choices.keys)) }
        var chosen: [(name: TextKey, needs: UInt64, choice: BranchChoice)] = []
        for name in names {
            let needs = bits { $0.required.contains(name) }
            let choice = choice(of: name, branches, arena, bits)
            // What all branches ask for alike tells none from the others.
            if (needs != 0 && needs != all) || choice.values != nil {
                chosen.append((name, needs, choice))
            }
        }
        guard !chosen.isEmpty, chosen.count <= BranchGuide.namesMax else { return nil }
        return BranchGuide(
            names: NameIndex(chosen.map(\.name.bytes), arena),
            needs: arena.copy(chosen.map(\.needs)), choices: arena.copy(chosen.map(\.choice)),
            all: all)
    }

    private static func choice(
        of name: TextKey, _ branches: [ObjectTraits], _ arena: ProgramArena,
        _ bits: ((ObjectTraits) -> Bool) -> UInt64
    ) -> BranchChoice {
        var texts: Set<TextKey> = []
        for branch in branches { texts.formUnion(branch.choices[name]?.texts ?? []) }
        let others = bits { $0.choices[name]?.allowsOthers ?? true }
        let indifferent = bits { $0.choices[name] == nil }
        let ordered = Array(texts)
        let fits = ordered.map { text in
            bits { $0.choices[name].map { $0.texts.contains(text) } ?? true }
        }
        let all = UInt64.max >> UInt64(64 - branches.count)
        let isDifferent = (fits + [indifferent, others]).contains { $0 != all }
        guard isDifferent, ordered.count <= textsMax else {
            return BranchChoice(values: nil, fits: arena.copy([]), others: all)
        }
        return BranchChoice(
            values: arena.copy([NameIndex(ordered.map(\.bytes), arena)]),
            fits: arena.copy(fits + [indifferent]), others: others)
    }
}
