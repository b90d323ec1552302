// SPDX-License-Identifier: Apache-2.0
// What a content model means for JSON: groups flattened, single ones dissolved, and whether
// members could be put back in one way only (XML-FORM.md, Groups).

/// What a place of a content model becomes in JSON.
enum ModelKey: Hashable {
    case element(XMLName)
    case any, choice, sequence
}

enum ContentModel {
    /// The particle without groups that say nothing; nil where nothing can stand.
    static func simplify(_ particle: Particle) -> Particle? {
        guard case .group(let kind, let particles) = particle.term else { return particle }
        var children: [Particle] = []
        var hasEmptyBranch = false
        for child in particles {
            guard let simple = simplify(child) else {
                hasEmptyBranch = true
                continue
            }
            if case .group(let inner, let nested) = simple.term, inner == kind, kind != .all,
                simple.occurrence == .once
            {
                children += nested
            } else {
                children.append(simple)
            }
        }
        var occurrence = particle.occurrence
        if kind == .choice, hasEmptyBranch { occurrence.min = 0 }
        guard let first = children.first else { return nil }
        if children.count == 1, let merged = merge(first, occurrence) { return merged }
        if !occurrence.isRepeated, occurrence.min == 0, kind != .choice,
            children.allSatisfy(isEmptiable)
        {
            occurrence.min = 1
        }
        return Particle(
            occurrence: occurrence, term: .group(kind, children), place: particle.place)
    }

    /// A group of one child as that child, where that loses nothing.
    private static func merge(_ child: Particle, _ occurrence: Occurrence) -> Particle? {
        var merged = child
        if !occurrence.isRepeated {
            if occurrence.min == 0 { merged.occurrence.min = 0 }
            return merged
        }
        if case .group = child.term { return nil }
        merged.occurrence = child.occurrence.times(occurrence)
        return merged
    }

    static func isEmptiable(_ particle: Particle) -> Bool {
        if particle.occurrence.min == 0 { return true }
        guard case .group(let kind, let children) = particle.term else { return false }
        return kind == .choice
            ? children.contains(where: isEmptiable) : children.allSatisfy(isEmptiable)
    }

    /// Whether members by name could be put back in more than one way.
    static func isAmbiguous(_ particle: Particle) -> Bool { keys(of: particle) == nil }

    private struct Key: Hashable {
        let key: ModelKey
        /// A member by itself, not inside a repeated group.
        let isPlain: Bool
    }

    /// What stands in the particle, in order; nil where two places collide.
    private static func keys(of particle: Particle) -> [Key]? {
        switch particle.term {
        case .element(let declaration):
            return [Key(key: .element(declaration.name), isPlain: true)]
                + declaration.substitutes.map { Key(key: .element($0.name), isPlain: false) }
        case .wildcard: return [Key(key: .any, isPlain: true)]
        case .group(let kind, let children):
            var branches: [[Key]] = []
            for child in children {
                guard let keys = keys(of: child) else { return nil }
                branches.append(keys)
            }
            guard let joined = kind == .choice ? joinChoice(branches) : join(branches) else {
                return nil
            }
            guard particle.occurrence.isRepeated else { return joined }
            return [Key(key: kind == .choice ? .choice : .sequence, isPlain: false)]
                + joined.map { Key(key: $0.key, isPlain: false) }
        }
    }

    private static func join(_ parts: [[Key]]) -> [Key]? {
        var seen: Set<ModelKey> = []
        for part in parts {
            for key in part where !seen.insert(key.key).inserted { return nil }
        }
        return parts.flatMap { $0 }
    }

    /// Branches may share plain elements and wildcards, in the same order.
    private static func joinChoice(_ branches: [[Key]]) -> [Key]? {
        var joined: [Key] = []
        var plain: [ModelKey: Bool] = [:]
        for branch in branches {
            for key in branch {
                if let earlier = plain[key.key] {
                    guard earlier, key.isPlain else { return nil }
                } else {
                    joined.append(key)
                }
            }
            for key in branch { plain[key.key] = key.isPlain }
        }
        let long = branches.filter { $0.count > 1 }
        for (index, left) in long.enumerated() {
            var place: [ModelKey: Int] = [:]
            for (position, key) in left.enumerated() { place[key.key] = position }
            for right in long[(index + 1)...] {
                let shared = right.compactMap { place[$0.key] }
                if zip(shared, shared.dropFirst()).contains(where: { $0 > $1 }) { return nil }
            }
        }
        return joined
    }
}
