// SPDX-License-Identifier: Apache-2.0
// What templates were seen to take from the request's body, as a tree of its members: what
// `accepts` is derived from where the mapping does not write one (MAPPING.md, Derived accepts).

internal import DragomanDocument
internal import DragomanSchema

/// One value of the body, by how it is used.
final class BodyUsage {
    /// In the order of first use.
    private(set) var members: [(name: String, usage: BodyUsage)] = []
    private(set) var item: BodyUsage?
    /// Targets that the value stands at as a whole.
    private(set) var targets: [SchemaShape] = []
    /// Its members go to the members of this object, but for those that the template sets.
    private(set) var spread: (target: SchemaShape, hidden: [String])?
    /// It stands inside an operator.
    var isAnything = false
    /// It stands where nothing is known of the target, or in an answer.
    private var isUntyped = false
    var isRequired = false
    /// How many items it must have, where it is taken apart by them.
    private var itemsMin = 0

    func member(_ name: String) -> BodyUsage {
        if let known = members.first(where: { $0.name == name }) { return known.usage }
        let usage = BodyUsage()
        members.append((name, usage))
        return usage
    }

    /// Members that something was made of already.
    var knownMembers: [String] {
        members.map(\.name) + (spread?.target.memberNames ?? [])
            + targets.flatMap(\.memberNames)
    }

    /// What the contract takes of a member; nil where that is not known.
    func shape(_ name: String) -> SchemaShape? {
        let targets = [spread?.target].compactMap { $0 } + targets
        for target in targets {
            if case .known(let shape) = target.member(name) { return shape }
        }
        return known(name)?.targets.first
    }

    /// What was made of a member; nil where nothing was by its name.
    func known(_ name: String) -> BodyUsage? { members.first { $0.name == name }?.usage }

    func anyItem() -> BodyUsage {
        let usage = item ?? BodyUsage()
        item = usage
        return usage
    }

    /// As a list that is taken apart by its items.
    func holds(atLeast count: Int) {
        itemsMin = max(itemsMin, count)
        isRequired = true
    }

    func stands(at target: SchemaShape?, isRequired: Bool) {
        if let target, target.reference != nil {
            targets.append(target)
        } else {
            isUntyped = true
        }
        if isRequired { self.isRequired = true }
    }

    func spreads(into target: SchemaShape?, hidden: [String], isCertain: Bool = false) {
        if isCertain, let target, target.required.contains(where: { !hidden.contains($0) }) {
            isRequired = true
        }
        if let target, target.types.contains(.object), !target.memberNames.isEmpty {
            spread = (target, hidden)
        } else {
            isAnything = true
        }
    }

    /// Nothing of the body is used.
    var isUnused: Bool {
        members.isEmpty && item == nil && targets.isEmpty && spread == nil && !isAnything
            && !isUntyped
    }

    /// Appends the schema of what may be sent.
    func appendSchema(to document: Document) {
        document.beginObject()
        appendKeywords(to: document)
        document.endObject()
    }

    private func appendKeywords(to document: Document) {
        // An operator may meet anything; the contract still judges what comes out.
        if isAnything { return }
        let hasObject = !members.isEmpty || spread != nil
        if isUntyped, targets.isEmpty { return }
        if targets.count == 1, !hasObject, item == nil {
            document.key("$ref")
            return document.append(string: targets[0].reference ?? "#")
        }
        if !targets.isEmpty {
            document.key("allOf")
            document.beginArray()
            for target in targets {
                document.beginObject()
                document.key("$ref")
                document.append(string: target.reference ?? "#")
                document.endObject()
            }
            document.endArray()
        }
        if hasObject {
            appendObject(to: document)
        } else if let item {
            document.key("type")
            document.append(string: "array")
            document.key("items")
            item.appendSchema(to: document)
            if itemsMin > 0 {
                document.key("minItems")
                document.append(Int64(itemsMin))
            }
        }
    }

    /// An answer alone reads it, beside the `${*}` that sends it: it is what the contract takes.
    private func isSpread(_ name: String, _ usage: BodyUsage) -> Bool {
        guard let spread, !spread.hidden.contains(name), usage.isUntyped, !usage.isAnything,
            usage.targets.isEmpty, usage.members.isEmpty, usage.item == nil, usage.spread == nil,
            case .known = spread.target.member(name)
        else { return false }
        return true
    }

    private func appendObject(to document: Document) {
        document.key("type")
        document.append(string: "object")
        document.key("properties")
        document.beginObject()
        for (name, usage) in members where !isSpread(name, usage) {
            document.key(name)
            usage.appendSchema(to: document)
        }
        var required = members.filter(\.usage.isRequired).map(\.name)
        if let spread {
            for name in spread.target.memberNames where !spread.hidden.contains(name) {
                let known = known(name)
                guard case .known(let shape) = spread.target.member(name) else { continue }
                if let known, !isSpread(name, known) {
                    if spread.target.isRequired(name), !known.isRequired { required.append(name) }
                    continue
                }
                document.key(name)
                document.beginObject()
                if let reference = shape.reference {
                    document.key("$ref")
                    document.append(string: reference)
                }
                document.endObject()
                if spread.target.isRequired(name) { required.append(name) }
            }
        }
        document.endObject()
        if !required.isEmpty {
            document.key("required")
            document.beginArray()
            for name in required { document.append(string: name) }
            document.endArray()
        }
        // Beside a whole value's own schema the members are only a closer look at it.
        if targets.isEmpty {
            document.key("additionalProperties")
            document.append(false)
        }
    }
}
