// SPDX-License-Identifier: Apache-2.0
// Where gateway.yaml holds secrets, so that what is wrong there is told without them: also where
// it is wrong because a secret stands in the wrong place.

internal import DragomanDocument

extension Shape {
    /// Whether whoever writes something here may well have written the secret itself.
    var holdsSecret: Bool {
        switch self {
        case .scalar(let kind): kind.isSecret
        case .list(let item): item.holdsSecret
        case .map(_, let values): values.holdsSecret
        case .object(let object):
            object.keys.contains {
                ($0.isRequired || object.exactlyOne.contains($0.name)) && $0.shape.holdsSecret
            }
        case .either(let shapes): shapes.contains { $0.holdsSecret }
        case .boolean, .integer, .choice, .never, .anything, .anyMapping: false
        }
    }

    /// Whether there is a place for a secret somewhere below.
    fileprivate var hasSecretBelow: Bool {
        switch self {
        case .list(let item): item.hasSecretBelow
        case .map(_, let values): values.hasSecretBelow
        case .object(let object): object.keys.contains { $0.shape.hasSecretBelow }
        case .either(let shapes): shapes.contains { $0.hasSecretBelow }
        default: holdsSecret
        }
    }

    /// Whether what is wrong here may be shown: no secret, and no address with a password or a key
    /// in it.
    func mayShow(_ node: YAMLNode) -> Bool {
        if holdsSecret { return false }
        guard case .scalar(let kind) = self, kind.name == ScalarKind.upstreamURL.name else {
            return true
        }
        return node.text.map { !$0.contains("@") && !$0.contains("?") } ?? true
    }
}

extension ObjectShape {
    /// Whether the value of a key that is not known may be shown: it may be a secret whose key, or
    /// a key above it, is misspelt.
    func mayShow(valueOf name: String) -> Bool {
        let hasSecret = keys.contains {
            if case .scalar(let kind) = $0.shape { kind.isSecret } else { false }
        }
        if hasSecret { return false }
        let near = NearestName.find(name, in: keys.map(\.name))
        return near.flatMap { key($0) }.map { !$0.shape.hasSecretBelow } ?? true
    }
}

extension DiagnosticCollector {
    /// As `conceal`, of all scalars below a node.
    func concealAll(_ node: YAMLNode, in path: String) {
        switch node.content {
        case .scalar: conceal(node, in: path)
        case .sequence(let items): for item in items { concealAll(item, in: path) }
        case .mapping(let pairs): for pair in pairs { concealAll(pair.value, in: path) }
        }
    }
}
