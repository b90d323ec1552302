// SPDX-License-Identifier: Apache-2.0
// The prefixes of a mapping: one for each namespace, never the message's (XML-FORM.md, Names).

/// Gives prefixes to namespaces: the mapping's own, then the contract's in document order.
struct NamespaceTable {
    private(set) var entries: [(prefix: String, uri: String)] = []
    private var indexes: [String: Int] = [:]
    private var taken: Set<String> = ["xml", "xmlns", "xsi", "xs", "soap"]
    private let preferred: [(prefix: String, uri: String)]

    /// - Parameters:
    ///   - own: of the mapping; these win.
    ///   - preferred: the contract's, in document order.
    init(
        own: [(prefix: String, uri: String)], preferred: [(prefix: String, uri: String)]
    ) {
        self.preferred = preferred
        add("xsi", XMLNamespace.instance)
        add("xs", XMLNamespace.schema)
        add("xml", XMLNamespace.xml)
        for entry in own where indexes[entry.uri] == nil { add(entry.prefix, entry.uri) }
    }

    static let instance = 0
    static let schema = 1
    static let xml = 2

    private mutating func add(_ prefix: String, _ uri: String) {
        indexes[uri] = entries.count
        entries.append((prefix, uri))
        taken.insert(prefix)
    }

    /// The index of a namespace, which gets a prefix if it has none; nil for the empty one.
    mutating func index(_ uri: String) -> Int? {
        if uri.isEmpty { return nil }
        if let index = indexes[uri] { return index }
        let wanted = preferred.first { $0.uri == uri }?.prefix ?? ""
        add(free(wanted), uri)
        return entries.count - 1
    }

    func known(_ uri: String) -> Int? { indexes[uri] }

    private func free(_ wanted: String) -> String {
        if !wanted.isEmpty, !taken.contains(wanted) { return wanted }
        var number = wanted.isEmpty ? 1 : 2
        let stem = wanted.isEmpty ? "ns" : wanted
        while taken.contains("\(stem)\(number)") { number += 1 }
        return "\(stem)\(number)"
    }
}
