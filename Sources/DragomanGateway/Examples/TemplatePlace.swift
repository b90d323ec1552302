// SPDX-License-Identifier: Apache-2.0
// Where a part of a message is written in the template that makes it: what an example finds wrong
// is told at the template's line.

internal import DragomanMapping

struct TemplatePlace {
    /// The value that is written there, or the nearest one around it.
    let node: YAMLNode
    /// Its key; nil of an item and of the whole.
    let key: YAMLNode?
    /// How much of the path led there.
    let consumed: Int

    /// Where a message about the whole value is best placed.
    var place: YAMLNode {
        guard let key, node.position.line > key.position.line else { return node }
        return key
    }

    /// `path`: names of members and indices of items, outermost first.
    static func find(_ path: [String], in template: YAMLNode) -> TemplatePlace {
        find(path[...], template, key: nil, consumed: 0)
    }

    private static func find(
        _ path: ArraySlice<String>, _ node: YAMLNode, key: YAMLNode?, consumed: Int
    ) -> TemplatePlace {
        let own = TemplatePlace(node: node, key: key, consumed: consumed)
        guard let token = path.first else { return own }
        switch node.content {
        case .scalar: return own
        case .sequence(let items):
            if items.count == 1, let pair = items[0].pairs?.first, pair.name.hasPrefix("${for") {
                let rest = Int(token) == nil ? path : path.dropFirst()
                return find(rest, pair.value, key: pair.key, consumed: consumed + 1)
            }
            guard let index = Int(token) else {
                // Of XML, elements that repeat are told by their name alone.
                guard let first = items.first else { return own }
                return find(path, first, key: key, consumed: consumed)
            }
            guard items.indices.contains(index) else { return own }
            return find(path.dropFirst(), items[index], key: nil, consumed: consumed + 1)
        case .mapping(let pairs):
            if let pair = pairs.first(where: { isSame($0.name, token) }) {
                return find(
                    path.dropFirst(), pair.value, key: pair.key, consumed: consumed + 1)
            }
            // What stands under `${if …}` belongs to the object around it.
            let inner = pairs.filter { $0.name.hasPrefix("${") && $0.value.pairs != nil }.map {
                find(path, $0.value, key: $0.key, consumed: consumed)
            }
            return inner.max { $0.consumed < $1.consumed }.flatMap {
                $0.consumed > consumed ? $0 : nil
            } ?? own
        }
    }

    /// A contract's name and its JSON name may differ in case and in how words are joined.
    private static func isSame(_ left: String, _ right: String) -> Bool {
        left == right || folded(left) == folded(right)
    }

    private static func folded(_ name: String) -> String {
        name.lowercased().filter { $0 != "_" && $0 != "-" }
    }
}
