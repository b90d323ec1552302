// SPDX-License-Identifier: Apache-2.0
// The scalars of our configuration files by name: grammar for the checks, pattern for editors.

extension ScalarKind {
    static let text = ScalarKind("text", expected: "a string", examples: ["text"])

    static let secret = ScalarKind(
        "secret", expected: "a string, or `{ env: NAME }` or `{ file: path }`", examples: ["text"],
        isSecret: true)

    /// A header's value, a table's value: numbers and text alike, by their source text.
    static let looseText = ScalarKind(
        "looseText", expected: "a string or a number", examples: ["text"], allowsNumbers: true)

    static let duration = ScalarKind(
        "duration", expected: "a duration such as 300ms, 2s or 5m",
        pattern: "^([0-9]+(\\.[0-9]+)?(ns|us|ms|s|m|h|d))+$", examples: ["300ms", "2s", "5m"],
        accepts: { ScalarGrammar.duration($0) != nil })

    static let size = ScalarKind(
        "size", expected: "a size such as 8KiB or 4MiB",
        pattern: "^[0-9]+(\\.[0-9]+)?(B|kB|KB|MB|GB|KiB|MiB|GiB)?$", examples: ["8KiB", "4MiB"],
        allowsNumbers: true, accepts: { ScalarGrammar.size($0).map { $0 > 0 } ?? false })

    static let ratio = ScalarKind(
        "ratio", expected: "a ratio such as 20% or 0.2", pattern: "^[0-9]+(\\.[0-9]+)?%?$",
        examples: ["20%"], allowsNumbers: true, accepts: { ScalarGrammar.ratio($0) != nil })

    static let rate = ScalarKind(
        "rate", expected: "a rate such as 100/s or 1000/h", pattern: "^[0-9]+/[smhd]$",
        examples: ["100/s"], accepts: { Rate($0) != nil })

    static let listenAddress = ScalarKind(
        "listenAddress",
        expected: "an address such as 127.0.0.1:8080, [::1]:8080, :8080 or unix:/path",
        pattern: "^(unix:/.+|.*:[0-9]{1,5})$", examples: ["127.0.0.1:8080", "unix:/run/api.sock"],
        accepts: { ListenAddress($0) != nil })

    static let addressRange = ScalarKind(
        "addressRange", expected: "an address range such as 10.0.0.0/8 or 2001:db8::/32",
        pattern: "^[0-9a-fA-F.:]+(/[0-9]{1,3})?$", examples: ["10.0.0.0/8"],
        accepts: { AddressRange($0) != nil })

    static let upstreamURL = ScalarKind(
        "upstreamURL",
        expected: "an http:// or https:// URL, or unix:/path",
        pattern: "^(https?://.+|unix:/.+)$", examples: ["https://orders.internal:50051"],
        accepts: { UpstreamURL($0) != nil })

    static let origin = ScalarKind(
        "origin", expected: "an origin such as https://app.example.com, or `*`",
        pattern: "^(\\*|[A-Za-z][A-Za-z0-9+.-]*://[^/?#@]+/?)$",
        examples: ["https://app.example.com"], accepts: isOrigin)

    static let hostPort = ScalarKind(
        "hostPort", expected: "a name and a port, such as orders.internal:50051",
        pattern: "^.+:[0-9]{1,5}$", examples: ["orders.internal:50051"],
        accepts: { text in
            guard let (host, port) = HostPort.split(text), let port else { return false }
            return HostPort.isHost(host) && port > 0
        })

    static let serviceRecord = ScalarKind(
        "serviceRecord", expected: "the name of an SRV record, such as _grpc._tcp.example.com",
        examples: ["_grpc._tcp.example.com"], accepts: { HostPort.isHost($0) })

    static let path = ScalarKind(
        "filePath", expected: "the path of a file", examples: ["certs/server.pem"],
        accepts: { !$0.isEmpty && !$0.utf8.contains(0) })

    static let httpPath = ScalarKind(
        "httpPath", expected: "a path that begins with `/`", pattern: "^/",
        examples: ["/openapi.json"], accepts: isHTTPPath)

    static let serviceName = ScalarKind(
        "serviceName", expected: "a name of lower-case letters, digits and hyphens",
        pattern: "^[a-z][a-z0-9-]*$", examples: ["countries"], accepts: isServiceName)

    static let name = ScalarKind(
        "name", expected: "a name of letters, digits, `-`, `_` and `.`",
        pattern: "^[A-Za-z0-9_][A-Za-z0-9_.-]*$", examples: ["orders"], accepts: isName)

    static let retryCondition = ScalarKind(
        "retryCondition",
        expected: "connect, reset, timeout, a gRPC status such as unavailable, or an HTTP status",
        examples: ["connect", "unavailable", "503"], allowsNumbers: true,
        accepts: { RetryCondition($0) != nil })

    static let routeKey = ScalarKind(
        "routeKey", expected: "a method and a path template, such as GET /orders/{id}",
        pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+ +/", examples: ["GET /orders/{id}"])

    static let hostPattern = ScalarKind(
        "hostPattern", expected: "a host such as api.example.com or *.example.com",
        pattern: "^(\\*\\.)?[A-Za-z0-9_.:\\[\\]-]+$",
        examples: ["api.example.com", "*.example.com"], accepts: isHostPattern)

    static let basePath = ScalarKind(
        "basePath", expected: "a path such as /v1, without `/` at its end and without variables",
        pattern: "^/[^{}*:?#]*[^/{}*:?#]$", examples: ["/v1"], accepts: isBasePath)

    static let fieldName = ScalarKind(
        "fieldName", expected: "the name of a header", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        examples: ["x-version"], accepts: isToken)

    /// A field that the gateway may be told to set.
    static let ownFieldName = ScalarKind(
        "ownFieldName", expected: "the name of a header that is not the gateway's own to set",
        pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$", examples: ["x-api-key"],
        accepts: { isToken($0) && !FieldNames.isGateways($0) })

    static let fieldValue = ScalarKind(
        "fieldValue", expected: "a text without line breaks and control characters",
        examples: ["text"], allowsNumbers: true, isSecret: true,
        accepts: { !$0.isEmpty && FieldNames.isValue($0.utf8) })

    static let requestTarget = ScalarKind(
        "requestTarget", expected: "a path that begins with `/`, and a query where there is one",
        pattern: "^/", examples: ["/countries/FR/capital?lang=en"],
        accepts: { $0.hasPrefix("/") && $0.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F } })

    static let timestamp = ScalarKind(
        "timestamp", expected: "a moment such as 2026-11-21T09:00:00Z",
        pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}",
        examples: ["2026-11-21T09:00:00Z"], accepts: ScalarGrammar.isTimestamp)

    static let method = ScalarKind(
        "method", expected: "an HTTP method such as POST", pattern: "^[!#$%&'*+.^_`|~0-9A-Za-z-]+$",
        examples: ["POST"], accepts: isToken)

    static let mediaRange = ScalarKind(
        "mediaRange", expected: "a media type such as multipart/form-data, image/* or */*",
        pattern: "^[^ /;]+/[^ /;]+$", examples: ["multipart/form-data", "image/*"],
        accepts: isMediaRange)

    static let contractFile = ScalarKind(
        "contractFile", expected: "a file of the `schemas` folder",
        examples: ["countries/CountryInfo.wsdl"], accepts: { !$0.isEmpty })

    /// Contracts have names that are no URIs, and XML compares them as text (Namespaces, 2.3).
    static let namespaceName = ScalarKind(
        "namespaceName", expected: "the name of an XML namespace",
        examples: ["urn:example:orders"], accepts: { !$0.isEmpty })

    /// A scalar that is a template: its text is looked at by the compiler.
    static let expression = ScalarKind(
        "expression", expected: "a string, usually with `${…}`", examples: ["${body.id}"])
}

private func isOrigin(_ text: String) -> Bool {
    if text == "*" { return true }
    guard let mark = text.firstRange(of: "://"), mark.lowerBound > text.startIndex else {
        return false
    }
    let rest = text[mark.upperBound...]
    let host = rest.hasSuffix("/") ? rest.dropLast() : rest
    return !host.isEmpty
        && host.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && !"/?#@*".utf8.contains(byte)
        }
}

private func isServiceName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first >= 0x61, first <= 0x7A else { return false }
    return text.utf8.count <= 128
        && text.utf8.allSatisfy { byte in
            byte >= 0x61 && byte <= 0x7A || byte >= 0x30 && byte <= 0x39 || byte == 0x2D
        }
}

private func isName(_ text: String) -> Bool {
    guard let first = text.utf8.first, first != 0x2D, first != 0x2E else { return false }
    return text.utf8.count <= 128
        && text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
}

private func isToken(_ text: String) -> Bool {
    !text.isEmpty
        && text.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
            default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
        }
}

private func isMediaRange(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2, isToken(parts[0]), isToken(parts[1]) else { return false }
    let hasStar = parts.map { $0.contains("*") }
    return !hasStar[0] && !hasStar[1] || parts[1] == "*" && (!hasStar[0] || parts[0] == "*")
}

private func isHTTPPath(_ text: String) -> Bool {
    text.hasPrefix("/")
        && text.utf8.allSatisfy { byte in
            byte > 0x20 && byte < 0x7F && byte != 0x3F && byte != 0x23
        }
}

private func isBasePath(_ text: String) -> Bool {
    guard text.utf8.count > 1, let template = try? PathTemplate(text) else { return false }
    return template.verb == nil
        && template.segments.allSatisfy { segment in
            if case .literal = segment { true } else { false }
        } && template.variables.isEmpty
}

private func isHostPattern(_ text: String) -> Bool {
    HostPort.isHost(text.hasPrefix("*.") ? String(text.dropFirst(2)) : text)
}
