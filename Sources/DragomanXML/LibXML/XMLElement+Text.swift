// SPDX-License-Identifier: Apache-2.0
// A tree as text again, indented for people: what `explain` shows of a message and what a
// recorded example holds. Namespaces come along; white space between elements does not.

extension XMLElement {
    /// The element with everything in it, a line for each tag that holds others. Text is as it
    /// was wherever text and elements are mixed.
    package var indented: String {
        var writer = XMLIndenter()
        writer.write(self, in: nil, declared: [:], depth: 0)
        return writer.text
    }
}

extension XMLNamespaceScope {
    /// All that is declared here and around, the inner of two winning.
    package var all: [String: String] {
        var all = parent?.all ?? [:]
        for (prefix, uri) in declared { all[prefix] = uri }
        return all
    }
}

private struct XMLIndenter {
    var text = ""

    /// `scope`: of the element around; nil of the first. `declared`: what is written already.
    mutating func write(
        _ element: XMLElement, in scope: XMLNamespaceScope?, declared: [String: String],
        depth: Int
    ) {
        let name = Self.name(element.prefix, element.name.local)
        text += "<" + name
        var inner = declared
        for (prefix, uri) in Self.declarations(element, scope, declared) {
            inner[prefix] = uri
            text += prefix.isEmpty ? " xmlns=\"" : " xmlns:\(prefix)=\""
            text += Self.escaped(uri, inAttribute: true) + "\""
        }
        for attribute in element.attributes {
            let prefix = Self.prefix(of: attribute.name.namespace, element.namespaces)
            text += " " + Self.name(prefix, attribute.name.local) + "=\""
            text += Self.escaped(attribute.value, inAttribute: true) + "\""
        }
        guard !element.content.isEmpty else { return text += "/>" }
        text += ">"
        let isMixed = element.elements.isEmpty || !element.text.allSatisfy(\.isWhitespace)
        for piece in element.content {
            switch piece {
            case .text(let own): if isMixed { text += Self.escaped(own, inAttribute: false) }
            case .element(let child):
                if !isMixed { text += "\n" + String(repeating: "  ", count: depth + 1) }
                write(child, in: element.namespaces, declared: inner, depth: depth + 1)
            }
        }
        if !isMixed { text += "\n" + String(repeating: "  ", count: depth) }
        text += "</\(name)>"
    }

    /// What this tag must declare: the first tag all that is used below, the others their own.
    private static func declarations(
        _ element: XMLElement, _ scope: XMLNamespaceScope?, _ declared: [String: String]
    ) -> [(prefix: String, uri: String)] {
        var wanted: [(prefix: String, uri: String)] = []
        if let scope {
            if scope !== element.namespaces { wanted = element.namespaces.declared }
        } else {
            var used: Set<String> = []
            element.collectPrefixes(into: &used)
            wanted = element.namespaces.all.filter { used.contains($0.key) && !$0.value.isEmpty }
                .map { (prefix: $0.key, uri: $0.value) }
        }
        return wanted.filter { declared[$0.prefix] != $0.uri }.sorted { $0.prefix < $1.prefix }
    }

    private static func name(_ prefix: String, _ local: String) -> String {
        prefix.isEmpty ? local : "\(prefix):\(local)"
    }

    static func prefix(of uri: String, _ scope: XMLNamespaceScope) -> String {
        if uri.isEmpty { return "" }
        if uri == XMLNamespace.xml { return "xml" }
        return scope.all.filter { $0.value == uri && !$0.key.isEmpty }.keys.min() ?? ""
    }

    private static func escaped(_ text: String, inAttribute: Bool) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped += "&lt;"
            case "&": escaped += "&amp;"
            case ">": escaped += "&gt;"
            case "\r": escaped += "&#13;"
            case "\"" where inAttribute: escaped += "&quot;"
            case "\n" where inAttribute: escaped += "&#10;"
            case "\t" where inAttribute: escaped += "&#9;"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return escaped
    }
}

extension XMLElement {
    /// Prefixes of names here and below, and of what may be a name in a value (`xsi:type`).
    fileprivate func collectPrefixes(into used: inout Set<String>) {
        used.insert(prefix)
        let prefixes = namespaces.all.keys
        func look(_ value: String) {
            guard value.utf8.contains(0x3A) else { return }
            for prefix in prefixes where value.contains(prefix + ":") { used.insert(prefix) }
        }
        for attribute in attributes {
            used.insert(XMLIndenter.prefix(of: attribute.name.namespace, namespaces))
            look(attribute.value)
        }
        for piece in content {
            switch piece {
            case .text(let text): look(text)
            case .element(let child): child.collectPrefixes(into: &used)
            }
        }
    }
}
