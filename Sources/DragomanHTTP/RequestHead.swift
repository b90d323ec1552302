// SPDX-License-Identifier: Apache-2.0
// A request's method, target and fields, as the parser has checked them.

/// Methods with a meaning here; any other token is `other`, and its text is the head's.
package enum RequestMethod: UInt8, Sendable {
    case get, head, post, put, delete, patch, options, trace, connect, other

    /// Exactly these octets; methods are case-sensitive (RFC 9110 section 9.1).
    package init(_ text: UnsafeRawBufferPointer) {
        switch text.count {
        case 3: self = text.equals("GET") ? .get : text.equals("PUT") ? .put : .other
        case 4: self = text.equals("POST") ? .post : text.equals("HEAD") ? .head : .other
        case 5: self = text.equals("PATCH") ? .patch : text.equals("TRACE") ? .trace : .other
        case 6: self = text.equals("DELETE") ? .delete : .other
        case 7:
            self = text.equals("OPTIONS") ? .options : text.equals("CONNECT") ? .connect : .other
        default: self = .other
        }
    }

    package init(_ text: String) {
        var text = text
        self = text.withUTF8 { RequestMethod(UnsafeRawBufferPointer($0)) }
    }
}

package enum HTTPVersion: Sendable { case http10, http11 }

/// The four forms of RFC 9112 section 3.2.
package enum TargetForm: Sendable { case origin, absolute, authority, asterisk }

/// One request's head. All octets are in the storage of `fields`; the rest are places in it.
/// The parser fills it; taking a copy of it costs no octets.
package struct RequestHead: Sendable {
    @usableFromInline
    struct Place: Sendable {
        @usableFromInline var start = 0
        @usableFromInline var count = 0

        init() {}

        init(_ start: Int, upTo end: Int) {
            self.start = start
            count = end - start
        }
    }

    package internal(set) var method = RequestMethod.other
    package internal(set) var version = HTTPVersion.http11
    package internal(set) var targetForm = TargetForm.origin
    package internal(set) var framing = BodyFraming.none
    /// The client lets the connection stay after the answer.
    package internal(set) var keepAlive = false
    /// The client waits for 100 (Continue) before it sends its body, which is to come.
    package internal(set) var expectsContinue = false
    /// There is an Upgrade field; nothing obliges to heed it.
    package internal(set) var hasUpgrade = false
    /// The fields in order. Host is the target's authority where the target has one.
    package var fields = HeaderFields()

    @usableFromInline var methodPlace = Place()
    @usableFromInline var targetPlace = Place()
    /// Path and query in origin form; `*` or the authority where the target is one of those.
    @usableFromInline var originPlace = Place()
    @usableFromInline var pathCount = 0
    @usableFromInline var hostPlace = Place()
    /// The port of the authority, nil where none is given.
    package internal(set) var port: Int?

    package init() {}

    @inlinable
    func withPlace<Result>(
        _ place: Place, _ body: (UnsafeRawBufferPointer) -> Result
    ) -> Result {
        fields.bytes.withUnsafeBytes {
            body(UnsafeRawBufferPointer(rebasing: $0[place.start..<(place.start &+ place.count)]))
        }
    }

    @inlinable
    package func withMethod<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withPlace(methodPlace, body)
    }

    /// The target as received.
    @inlinable
    package func withTarget<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withPlace(targetPlace, body)
    }

    /// Path and query as they go to a backend: undecoded, without scheme and authority.
    @inlinable
    package func withOrigin<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withPlace(originPlace, body)
    }

    /// The path, undecoded, with its leading slash; free of dot segments, NUL and bad escapes.
    @inlinable
    package func withPath<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withPlace(originPlace) { body(UnsafeRawBufferPointer(rebasing: $0[..<pathCount])) }
    }

    /// There is a `?`, with or without something after it.
    @inlinable package var hasQuery: Bool { pathCount < originPlace.count }

    /// What stands after the first `?`, undecoded and unchecked; empty where there is none.
    @inlinable
    package func withQuery<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        let start = hasQuery ? pathCount &+ 1 : pathCount
        return withPlace(originPlace) { body(UnsafeRawBufferPointer(rebasing: $0[start...])) }
    }

    /// The authority's host, in lower case and without the port; empty where HTTP/1.0 gave none.
    @inlinable
    package func withHost<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        withPlace(hostPlace, body)
    }

    package var methodText: String { withMethod { String(decoding: $0, as: UTF8.self) } }
    package var target: String { withTarget { String(decoding: $0, as: UTF8.self) } }
    package var path: String { withPath { String(decoding: $0, as: UTF8.self) } }
    package var query: String { withQuery { String(decoding: $0, as: UTF8.self) } }
    package var host: String { withHost { String(decoding: $0, as: UTF8.self) } }

    /// Forgets all but the memory; gives that back too where it has grown large.
    mutating func reset() {
        let keepsMemory = fields.bytes.capacity <= 16 << 10
        fields.removeAll(keepingCapacity: keepsMemory)
        method = .other
        targetForm = .origin
        framing = .none
        keepAlive = false
        expectsContinue = false
        hasUpgrade = false
        hostPlace = Place()
        port = nil
    }
}
