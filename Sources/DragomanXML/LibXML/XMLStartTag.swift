// SPDX-License-Identifier: Apache-2.0
// A start tag as libxml2's SAX2 interface hands it over: pointers into the parser, valid only
// while the handler runs.

/// A start tag with its namespaces resolved. Valid only inside `XMLEventHandler.startElement`.
///
/// `local` and `uri` are interned by the parser: within one `XMLPushParser`, equal names have
/// equal pointers, and `XMLPushParser.intern` gives the pointer of a name before it is seen.
package struct XMLStartTag {
    /// NUL-terminated.
    package let local: UnsafePointer<UInt8>
    /// NUL-terminated; nil in no namespace.
    package let uri: UnsafePointer<UInt8>?
    /// NUL-terminated; nil for none.
    package let prefix: UnsafePointer<UInt8>?
    /// Pairs of prefix (nil for the default) and URI (nil or empty to undeclare).
    let namespaces: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    package let namespaceCount: Int
    /// Five pointers each: local name, prefix, URI, first byte and end of the value.
    let attributes: UnsafeMutablePointer<UnsafePointer<UInt8>?>?
    package let attributeCount: Int

    package var localBytes: UnsafeRawBufferPointer { XMLText.bytes(local) }
    package var uriBytes: UnsafeRawBufferPointer { XMLText.bytes(uri) }
    package var prefixBytes: UnsafeRawBufferPointer { XMLText.bytes(prefix) }

    /// Makes Strings, so not for the request's path.
    package var name: XMLName { XMLName(XMLText.string(uri), XMLText.string(local)) }

    /// `index`: from 0 to `attributeCount - 1`.
    @inline(__always)
    package func attribute(_ index: Int) -> XMLAttributeView {
        guard let attributes else { return XMLAttributeView(local: local, uri: nil, prefix: nil) }
        let place = attributes + index &* 5
        guard let local = place[0] else {
            return XMLAttributeView(local: self.local, uri: nil, prefix: nil)
        }
        return XMLAttributeView(
            local: local, uri: place[2], prefix: place[1], start: place[3], end: place[4])
    }

    /// The value of the attribute of that name; compares bytes, so for few and rare names.
    package func attribute(_ local: StaticString, uri: StaticString? = nil)
        -> UnsafeRawBufferPointer?
    {
        for index in 0..<attributeCount {
            let attribute = attribute(index)
            guard XMLText.equals(attribute.local, local) else { continue }
            if let uri {
                guard let own = attribute.uri, XMLText.equals(own, uri) else { continue }
            } else if attribute.uri != nil {
                continue
            }
            return attribute.value
        }
        return nil
    }

    /// A namespace that this tag declares.
    package func namespace(
        _ index: Int
    ) -> (prefix: UnsafePointer<UInt8>?, uri: UnsafePointer<UInt8>?) {
        guard let namespaces else { return (nil, nil) }
        return (namespaces[index &* 2], namespaces[index &* 2 &+ 1])
    }
}

/// One attribute of a start tag; valid as long as the tag.
package struct XMLAttributeView {
    package let local: UnsafePointer<UInt8>
    package let uri: UnsafePointer<UInt8>?
    package let prefix: UnsafePointer<UInt8>?
    /// Normalised by the parser (XML 1.0, 3.3.3), references resolved.
    package let value: UnsafeRawBufferPointer

    @inline(__always)
    init(
        local: UnsafePointer<UInt8>, uri: UnsafePointer<UInt8>?, prefix: UnsafePointer<UInt8>?,
        start: UnsafePointer<UInt8>? = nil, end: UnsafePointer<UInt8>? = nil
    ) {
        self.local = local
        self.uri = uri
        self.prefix = prefix
        if let start, let end {
            value = UnsafeRawBufferPointer(start: start, count: end - start)
        } else {
            value = UnsafeRawBufferPointer(start: nil, count: 0)
        }
    }
}

/// Texts of libxml2: NUL-terminated UTF-8.
package enum XMLText {
    package static func bytes(_ text: UnsafePointer<UInt8>?) -> UnsafeRawBufferPointer {
        guard let text else { return UnsafeRawBufferPointer(start: nil, count: 0) }
        var count = 0
        while text[count] != 0 { count &+= 1 }
        return UnsafeRawBufferPointer(start: text, count: count)
    }

    package static func string(_ text: UnsafePointer<UInt8>?) -> String {
        String(decoding: bytes(text), as: UTF8.self)
    }

    package static func equals(_ text: UnsafePointer<UInt8>, _ other: StaticString) -> Bool {
        let bytes = other.utf8Start
        var index = 0
        while index < other.utf8CodeUnitCount {
            if text[index] != bytes[index] { return false }
            index &+= 1
        }
        return text[index] == 0
    }

    /// Both are NUL-terminated.
    package static func equal(
        _ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>
    ) -> Bool {
        var index = 0
        while left[index] == right[index] {
            if left[index] == 0 { return true }
            index &+= 1
        }
        return false
    }
}
