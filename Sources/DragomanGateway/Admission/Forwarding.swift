// SPDX-License-Identifier: Apache-2.0
// Which header fields pass the gateway (PRODUCT.md, "What is forwarded"): to and from http
// backends the end-to-end ones, to all others the trace context only.

package import DragomanHTTP

package enum Forwarding {
    /// Fields of one hop (RFC 9110, 7.6.1), framing, and what the gateway answers for itself.
    private static let hopByHop: [StaticString] = [
        "connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding",
        "upgrade", "proxy-authenticate", "proxy-authorization", "proxy-authentication-info",
        "host", "content-length", "expect", "http2-settings",
    ]
    private static let forwarding: [StaticString] = [
        "forwarded", "x-forwarded-for", "x-forwarded-proto", "x-forwarded-host",
        "x-forwarded-port", "x-real-ip",
    ]

    /// `traceparent` and `tracestate`, for gRPC and SOAP backends.
    package static func trace(_ head: HeaderFields, into fields: inout HeaderFields) {
        for index in head.indices {
            let isTrace =
                head.nameEquals(at: index, "traceparent")
                || head.nameEquals(at: index, "tracestate")
            if isTrace { fields.append(fieldAt: index, of: head) }
        }
    }

    /// All end-to-end fields of a request, and who it is forwarded for.
    ///
    /// `isTrusted`: the connection is from one of `trusted_proxies`, so that what it
    ///   says of those before it is kept.
    package static func request(
        _ head: RequestHead, client: any ClientSide, isTrusted: Bool,
        into fields: inout HeaderFields
    ) {
        copy(head.fields, droppingForwarding: !isTrusted, into: &fields)
        let address = client.address
        let host = head.fields.firstIndex("host").map { head.fields.value(at: $0) } ?? ""
        append("x-forwarded-for", address, to: &fields, isTrusted)
        if !isTrusted || !fields.contains("x-forwarded-proto") {
            fields.append("x-forwarded-proto", client.isTLS ? "https" : "http")
        }
        if !host.isEmpty, !isTrusted || !fields.contains("x-forwarded-host") {
            fields.append("x-forwarded-host", host)
        }
        append("forwarded", forwarded(address, host, client.isTLS), to: &fields, isTrusted)
    }

    /// RFC 7239, 4.
    private static func forwarded(_ address: String, _ host: String, _ isTLS: Bool) -> String {
        var element = "for="
        element.reserveCapacity(64)
        if address.utf8.contains(0x3A) {
            element += "\"[\(address)]\""
        } else {
            element += address == "unix" ? "unknown" : address
        }
        if !host.isEmpty {
            element += ";host=\""
            element += host
            element += "\""
        }
        element += isTLS ? ";proto=https" : ";proto=http"
        return element
    }

    /// Appended to what a trusted proxy said of those before it; else alone.
    private static func append(
        _ name: StaticString, _ value: String, to fields: inout HeaderFields, _ isTrusted: Bool
    ) {
        guard isTrusted, fields.contains(name) else { return fields.append(name, value) }
        let before = fields.values(name.description)
        fields.remove(name)
        fields.append(name, (before + [value]).joined(separator: ", "))
    }

    /// All end-to-end fields of an http backend's answer.
    package static func response(_ head: HeaderFields, into fields: inout HeaderFields) {
        copy(head, droppingForwarding: false, into: &fields)
    }

    private static func copy(
        _ head: HeaderFields, droppingForwarding: Bool, into fields: inout HeaderFields
    ) {
        let namesMore = head.contains("connection")
        for index in head.indices {
            let isDropped = head.withField(at: index) { name, _ in
                hopByHop.contains { name.equals($0) }
                    || (droppingForwarding && forwarding.contains { name.equals($0) })
                    || (namesMore && isNamedByConnection(name, head))
            }
            if !isDropped { fields.append(fieldAt: index, of: head) }
        }
    }

    /// The Connection field names it as one of this hop's own.
    private static func isNamedByConnection(
        _ name: UnsafeRawBufferPointer, _ head: HeaderFields
    ) -> Bool {
        var index = head.firstIndex("connection")
        while let at = index {
            let found = head.withValue(at: at) { value in
                value.firstListMember { member in
                    member.count == name.count
                        && zip(member, name).allSatisfy { ($0 | 0x20) == ($1 | 0x20) }
                } != nil
            }
            if found { return true }
            index = head.firstIndex("connection", from: at + 1)
        }
        return false
    }
}
