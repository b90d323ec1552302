// SPDX-License-Identifier: Apache-2.0
// URIs of schemas, for those who follow references without compiling them.

package enum SchemaURI {
    /// The reference seen from `base` (RFC 3986, 5.2.2), with its fragment.
    package static func resolve(_ reference: String, against base: String) -> String {
        let resolved = URIReference(reference).resolved(against: URIReference(base))
        let fragment = resolved.fragment.map { "#" + $0 } ?? ""
        return resolved.withoutFragment + fragment
    }

    /// The URI and its fragment, which is empty where there is none.
    package static func split(_ reference: String) -> (uri: String, fragment: String) {
        let parsed = URIReference(reference)
        return (parsed.withoutFragment, parsed.fragment ?? "")
    }

    /// A fragment with its percent-encoding undone.
    package static func decoded(_ fragment: String) -> String {
        URIReference.decoded(fragment) ?? fragment
    }
}
