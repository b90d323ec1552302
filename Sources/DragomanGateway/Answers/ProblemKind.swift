// SPDX-License-Identifier: Apache-2.0
// Every kind of problem that a client can be told of: its slug, which is also the reason in logs
// and metrics, its fixed title, and its usual status (PRODUCT.md; docs/errors.md lists them).

package struct ProblemKind: Sendable, Equatable {
    package let slug: String
    package let title: String
    package let status: Int

    private init(_ slug: String, _ status: Int, _ title: String) {
        self.slug = slug
        self.status = status
        self.title = title
    }

    package var type: String { "urn:dragoman:problem:\(slug)" }

    // The request itself.
    package static let malformedRequest = Self("malformed-request", 400, "Malformed request")
    package static let malformedJSON = Self("malformed-json", 400, "Malformed JSON")
    package static let malformedForm = Self("malformed-form", 400, "Malformed form")
    package static let validation = Self(
        "validation", 400, "The request does not fit its contract")
    package static let unexpectedBody = Self("unexpected-body", 400, "No body is taken here")
    package static let headerValue = Self("header-value", 400, "Not a value for a header")
    package static let originNotAllowed = Self("origin-not-allowed", 403, "Not from this page")
    package static let notFound = Self("not-found", 404, "No such path")
    package static let methodNotAllowed = Self("method-not-allowed", 405, "Method not allowed")
    package static let notAcceptable = Self("not-acceptable", 406, "Not acceptable")
    package static let unsupportedMediaType = Self(
        "unsupported-media-type", 415, "Unsupported media type")
    package static let tooSlow = Self("too-slow", 408, "The request came too slowly")
    package static let tooLarge = Self("too-large", 413, "The request is too large")
    package static let addressTooLong = Self("url-too-long", 414, "The URL is too long")
    package static let upgradeRequired = Self(
        "upgrade-required", 426, "Another protocol version is needed")
    package static let headersTooLarge = Self(
        "headers-too-large", 431, "The header fields are too large")
    package static let versionNotSupported = Self(
        "http-version", 505, "HTTP version not supported")

    // The gateway.
    package static let mapping = Self("mapping", 500, "The answer could not be made")
    package static let notImplemented = Self("not-implemented", 501, "Not implemented")
    package static let shuttingDown = Self("shutting-down", 503, "The gateway is shutting down")
    package static let overloaded = Self("overloaded", 503, "The gateway is at its limit")

    // The backend.
    package static let noConnection = Self(
        "backend-unreachable", 503, "The backend can not be reached")
    package static let broken = Self("backend-broken", 502, "The backend broke off")
    package static let invalidReply = Self(
        "backend-invalid", 502, "The backend's answer is not what its contract allows")
    package static let timeout = Self("backend-timeout", 504, "The backend did not answer in time")
    package static let backendStatus = Self(
        "backend-status", 502, "The backend answered with an error")
    package static let fault = Self("soap-fault", 502, "The backend answered with a SOAP fault")

    /// A gRPC status other than OK, by its name in lower case with hyphens.
    package static func grpc(_ name: String, status: Int) -> Self {
        let slug = name.lowercased().replacing("_", with: "-")
        return Self("grpc-\(slug)", status, "The backend answered with the status \(name)")
    }

    /// The problem for a bare status of HTTP, where the rules of HTTP were broken.
    package static func http(_ status: Int) -> Self {
        switch status {
        case 408: tooSlow
        case 413: tooLarge
        case 414: addressTooLong
        case 431: headersTooLarge
        case 501: notImplemented
        case 503: shuttingDown
        case 505: versionNotSupported
        default: malformedRequest
        }
    }

    package static let all: [Self] = [
        malformedRequest, malformedJSON, malformedForm, validation, unexpectedBody,
        headerValue, originNotAllowed, notFound,
        methodNotAllowed, notAcceptable, unsupportedMediaType, tooSlow, tooLarge, addressTooLong,
        upgradeRequired, headersTooLarge, versionNotSupported, mapping, notImplemented,
        shuttingDown, overloaded,
        noConnection, broken, invalidReply, timeout, backendStatus, fault,
    ]
}
