// SPDX-License-Identifier: Apache-2.0
// The expanded names of XML (Namespaces in XML 1.0, 2.1), and the namespaces known by heart.

/// A namespace and a local name; the namespace is empty for a name in none.
package struct XMLName: Hashable, Sendable, CustomStringConvertible {
    package var namespace: String
    package var local: String

    package init(_ namespace: String, _ local: String) {
        self.namespace = namespace
        self.local = local
    }

    /// `{uri}local`, or `local` in no namespace: how names are printed and always read.
    package var description: String { namespace.isEmpty ? local : "{\(namespace)}\(local)" }
}

/// Namespaces whose meaning is fixed.
package enum XMLNamespace {
    package static let schema = "http://www.w3.org/2001/XMLSchema"
    package static let instance = "http://www.w3.org/2001/XMLSchema-instance"
    package static let xml = "http://www.w3.org/XML/1998/namespace"
    package static let xmlns = "http://www.w3.org/2000/xmlns/"
    package static let soapEncoding = "http://schemas.xmlsoap.org/soap/encoding/"
    package static let soap12Encoding = "http://www.w3.org/2003/05/soap-encoding"
    package static let wsdl = "http://schemas.xmlsoap.org/wsdl/"
}

/// What XML calls white space, and the lexical classes of names (XML 1.0, 2.3).
package enum XMLCharacters {
    @inline(__always)
    package static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }

    /// Whether every byte is white space.
    package static func isSpace(_ bytes: UnsafeRawBufferPointer) -> Bool {
        for byte in bytes where !isSpace(byte) { return false }
        return true
    }

    /// NameStartChar without the colon.
    package static func isNameStart(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x41...0x5A, 0x5F, 0x61...0x7A, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x2FF,
            0x370...0x37D, 0x37F...0x1FFF, 0x200C...0x200D, 0x2070...0x218F, 0x2C00...0x2FEF,
            0x3001...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFFD, 0x10000...0xEFFFF:
            true
        default: false
        }
    }

    /// NameChar without the colon.
    package static func isName(_ scalar: UInt32) -> Bool {
        switch scalar {
        case 0x2D, 0x2E, 0x30...0x39, 0xB7, 0x300...0x36F, 0x203F...0x2040: true
        default: isNameStart(scalar)
        }
    }

    /// An NCName (Namespaces in XML 1.0, 3).
    package static func isNCName(_ text: some StringProtocol) -> Bool {
        guard let first = text.unicodeScalars.first, isNameStart(first.value) else { return false }
        return text.unicodeScalars.allSatisfy { isName($0.value) }
    }

    /// The text without white space at either end.
    package static func trim(_ text: String) -> String {
        var view = text.utf8[...]
        while let first = view.first, isSpace(first) { view.removeFirst() }
        while let last = view.last, isSpace(last) { view.removeLast() }
        return String(Substring(view))
    }

    /// The tokens of a text, split at white space.
    package static func tokens(_ text: String) -> [String] {
        text.utf8.split(whereSeparator: isSpace).map { String(Substring($0)) }
    }
}
