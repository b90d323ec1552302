// SPDX-License-Identifier: Apache-2.0
// A light tree of a contract (WSDL, XSD), for load time only: messages are never read into one.

/// An attribute as it was written, namespaces resolved.
package struct XMLAttribute: Sendable, Hashable {
    package let name: XMLName
    /// Normalised by the parser (XML 1.0, 3.3.3).
    package let value: String
}

/// What stands between an element's tags.
package enum XMLContent: Sendable {
    case element(XMLElement)
    case text(String)
}

/// An element of a contract, with the place it was read from. Immutable.
package final class XMLElement: Sendable {
    package let name: XMLName
    /// Empty for none.
    package let prefix: String
    package let attributes: [XMLAttribute]
    package let content: [XMLContent]
    /// The namespaces in scope here.
    package let namespaces: XMLNamespaceScope
    /// Of the start tag; from 1, columns in Unicode scalars.
    package let line: Int
    package let column: Int

    init(
        name: XMLName, prefix: String, attributes: [XMLAttribute], content: [XMLContent],
        namespaces: XMLNamespaceScope, line: Int, column: Int
    ) {
        self.name = name
        self.prefix = prefix
        self.attributes = attributes
        self.content = content
        self.namespaces = namespaces
        self.line = line
        self.column = column
    }

    /// Child elements in order.
    package var elements: [XMLElement] {
        content.compactMap { if case .element(let element) = $0 { element } else { nil } }
    }

    package func elements(_ namespace: String, _ local: String) -> [XMLElement] {
        elements.filter { $0.name.local == local && $0.name.namespace == namespace }
    }

    package func first(_ namespace: String, _ local: String) -> XMLElement? {
        for case .element(let element) in content
        where element.name.local == local && element.name.namespace == namespace {
            return element
        }
        return nil
    }

    /// The element's own text, without its children's.
    package var text: String {
        var text = ""
        for case .text(let piece) in content { text += piece }
        return text
    }

    /// All text below, in document order (documentation with markup).
    package var deepText: String {
        var text = ""
        for piece in content {
            switch piece {
            case .element(let element): text += element.deepText
            case .text(let own): text += own
            }
        }
        return text
    }

    /// The attribute's value; nil where there is none.
    package func attribute(_ local: String, namespace: String = "") -> String? {
        for attribute in attributes
        where attribute.name.local == local && attribute.name.namespace == namespace {
            return attribute.value
        }
        return nil
    }

    /// As `attribute`, without white space around it.
    package func token(_ local: String, namespace: String = "") -> String? {
        attribute(local, namespace: namespace).map(XMLCharacters.trim)
    }

    /// The name that a QName stands for here; nil where its prefix is not declared.
    /// `usesDefault`: an unprefixed name is in the default namespace (as in XSD and
    ///   WSDL) and not in none.
    package func resolve(_ qname: String, usesDefault: Bool = true) -> XMLName? {
        let qname = XMLCharacters.trim(qname)
        guard let colon = qname.utf8.firstIndex(of: 0x3A) else {
            return XMLName(usesDefault ? namespaces.uri("") ?? "" : "", qname)
        }
        let local = String(qname[qname.index(after: colon)...])
        guard let uri = namespaces.uri(String(qname[..<colon])) else { return nil }
        return XMLName(uri, local)
    }
}

/// The namespaces declared on one element, and those around it.
package final class XMLNamespaceScope: Sendable {
    /// In the order of the text; prefix empty for the default namespace.
    package let declared: [(prefix: String, uri: String)]
    package let parent: XMLNamespaceScope?

    package init(declared: [(prefix: String, uri: String)], parent: XMLNamespaceScope?) {
        self.declared = declared
        self.parent = parent
    }

    /// The namespace of a prefix; nil where it is not declared, empty where it is undeclared.
    package func uri(_ prefix: String) -> String? {
        if prefix == "xml" { return XMLNamespace.xml }
        var scope: XMLNamespaceScope? = self
        while let current = scope {
            for entry in current.declared where entry.prefix == prefix { return entry.uri }
            scope = current.parent
        }
        return nil
    }
}
