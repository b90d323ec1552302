// SPDX-License-Identifier: Apache-2.0
// What newcomers write in place of a value of some shape, and how it is written: one value for a
// list of one, a list for a mapping by name, a scalar for the object whose main key it is.

struct ShapeHints {
    let shape: Shape
    /// The key that the value stands at.
    let name: String
    /// The file is gateway.yaml, where scalars may come from the environment.
    let readsEnvironment: Bool

    /// What is wanted, shorter than the whole shape; nil where the shape says it well.
    func expected(_ node: YAMLNode) -> String? {
        if readsEnvironment, let text = node.text, text.hasPrefix("$") {
            return "a value; one of the environment is `{ env: NAME }`"
        }
        switch shape {
        case .map(_, .object) where node.items != nil:
            return "a mapping: each item's name or key with `:` behind it, and no `- ` before it"
        case .object(let object) where node.items != nil:
            return "a mapping with keys such as "
                + object.keys.prefix(4).map { "`\($0.name)`" }.joined(separator: ", ")
        case .list where node.pairs != nil:
            return "a list: `- ` before each item"
        default: return nil
        }
    }

    /// The value as it was meant; `accepts`: whether the scalar is of another shape.
    func suggestion(_ node: YAMLNode, accepts: (Shape) -> Bool) -> String? {
        guard let text = node.text, !text.isEmpty else { return nil }
        if readsEnvironment, text.hasPrefix("$") {
            let name = text.filter { $0.isLetter || $0.isNumber || $0 == "_" }
            return name.isEmpty ? nil : "{ env: \(name) }"
        }
        switch shape {
        case .list(let item):
            return accepts(item) ? "[\(text)]" : nil
        case .object(let object):
            let required = object.keys.filter(\.isRequired)
            let candidates = (required.isEmpty ? object.keys : required).prefix(2)
            guard let key = candidates.first(where: { accepts($0.shape) }) else { return nil }
            return "{ \(key.name): \(node.isQuoted || text.contains(": ") ? "\"\(text)\"" : text) }"
        default: return nil
        }
    }
}
