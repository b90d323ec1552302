// SPDX-License-Identifier: Apache-2.0
// A value for every shape: what editors offer beside the description of a key, and what shows
// that a shape and its grammar agree.

extension Shape {
    /// A value that may stand here; nil where only the key itself can say one.
    var example: JSONText? {
        switch self {
        case .scalar(let kind): return kind.examples.first.map { .string($0) }
        case .boolean: return .boolean(true)
        case .integer(let range): return .integer(range.lowerBound)
        case .choice(let names): return names.first.map { .string($0) }
        case .never: return .boolean(false)
        case .list(let item): return item.example.map { .array([$0]) }
        case .map(let keys, let values):
            guard let name = keys.examples.first, let value = values.example else { return nil }
            return .object([(name, value)])
        case .object(let object): return object.example
        case .either(let shapes):
            for shape in shapes { if let example = shape.example { return example } }
            return nil
        case .anything: return .object([("id", .string("${path.id}"))])
        case .anyMapping: return .object([("name", .string("value"))])
        }
    }
}

extension ObjectShape {
    /// What must be there, else the first key that shows itself.
    var example: JSONText? {
        let wanted = keys.filter { $0.isRequired || $0.name == exactlyOne.first }
        let shown = wanted.isEmpty ? Array(keys.prefix(1)) : wanted
        let members = shown.compactMap { key in key.example.map { (key.name, $0) } }
        return members.count == shown.count ? .object(members) : nil
    }
}
