// SPDX-License-Identifier: Apache-2.0
// Policies: the keys that gateway.yaml, mapping files and routes share, and how they are laid over
// one another (PRODUCT.md): a key replaces as a whole, but `limits` member by member, and `limit`
// adds.

internal import DragomanDocument

/// On what a call may be made again.
package enum RetryCondition: Sendable, Hashable {
    /// No connection came about, so that nothing was sent.
    case connect
    /// The connection or stream broke before an answer.
    case reset
    /// The call's `timeout` was over.
    case timeout
    /// A gRPC status, by its code.
    case grpc(Int)
    /// An HTTP status.
    case status(Int)

    package init?(_ text: String) {
        switch text {
        case "connect": self = .connect
        case "reset": self = .reset
        case "timeout": self = .timeout
        default:
            if let code = Self.grpcNames.firstIndex(of: text), code > 0 {
                self = .grpc(code)
            } else if let status = Int(text), text.utf8.count == 3, (400...599).contains(status) {
                self = .status(status)
            } else {
                return nil
            }
        }
    }

    /// By code.
    private static let grpcNames = [
        "ok", "cancelled", "unknown", "invalid_argument", "deadline_exceeded", "not_found",
        "already_exists", "permission_denied", "resource_exhausted", "failed_precondition",
        "aborted", "out_of_range", "unimplemented", "internal", "unavailable", "data_loss",
        "unauthenticated",
    ]
}

package struct RetryPolicy: Sendable, Equatable {
    /// Calls in all, the first included.
    package var attempts: Int
    package var conditions: Set<RetryCondition>
    /// Repeated calls by those under way, from 0 to 1.
    package var budget: Double

    package init(
        attempts: Int = 2, conditions: Set<RetryCondition> = [.connect, .reset, .grpc(14)],
        budget: Double = 0.2
    ) {
        self.attempts = attempts
        self.conditions = conditions
        self.budget = budget
    }
}

/// Members of `limits` that a policy may say; nil is inherited.
package struct LimitOverrides: Sendable, Equatable {
    package var body: Int?
    package var reply: Int?
    package var buffer: Int?
    package var depth: Int?
    package var members: Int?
    package var names: Int?
    package var text: Int?
    package var bodyIdle: Duration?
    package var timeout: Duration?
    package var connect: Duration?

    package init() {}

    /// These, laid over by others.
    package func overlaid(by other: LimitOverrides) -> LimitOverrides {
        var result = self
        result.body = other.body ?? body
        result.reply = other.reply ?? reply
        result.buffer = other.buffer ?? buffer
        result.depth = other.depth ?? depth
        result.members = other.members ?? members
        result.names = other.names ?? names
        result.text = other.text ?? text
        result.bodyIdle = other.bodyIdle ?? bodyIdle
        result.timeout = other.timeout ?? timeout
        result.connect = other.connect ?? connect
        return result
    }
}

/// Who may call.
package enum AuthPolicy: Sendable, Equatable {
    /// `auth: none`: an inherited one is left out.
    case none
    /// A token of the named authority, with all of these scopes.
    case token(authority: String, scopes: [String])
}

package struct RateLimitPolicy: Sendable, Equatable {
    package var rate: Rate
    package var burst: Int?
    /// `consumer`, `address`, …; nil counts all together.
    package var by: String?
}

/// How `format` of a JSON Schema is taken.
package enum FormatPolicy: String, Sendable {
    case assert
    case annotate
}

/// A name in a file, for messages that come later.
package struct LocatedText: Sendable {
    package let text: String
    package let node: YAMLNode

    package init(_ node: YAMLNode) {
        text = node.text ?? ""
        self.node = node
    }
}

/// What one place says of policies; nil is not said there.
package struct PolicySet: Sendable {
    package var use: [LocatedText]?
    package var auth: AuthPolicy?
    /// Each adds.
    package var limit: [RateLimitPolicy] = []
    package var cache: YAMLNode?
    package var cors: YAMLNode?
    /// Of one call.
    package var timeout: Duration?
    /// Gap between the messages of a stream.
    package var idle: Duration?
    package var retry: RetryPolicy?
    package var limits = LimitOverrides()
    package var decompress: Bool?
    package var format: FormatPolicy?
    /// Origins whose pages may open WebSockets, beside the gateway's own; `*` is every one.
    package var webSocketOrigins: [String]?

    package init() {}

    /// This, laid over by another.
    package func overlaid(by other: PolicySet) -> PolicySet {
        var result = self
        result.use = other.use ?? use
        result.auth = other.auth ?? auth
        result.limit = limit + other.limit
        result.cache = other.cache ?? cache
        result.cors = other.cors ?? cors
        result.timeout = other.timeout ?? timeout
        result.idle = other.idle ?? idle
        result.retry = other.retry ?? retry
        result.limits = limits.overlaid(by: other.limits)
        result.decompress = other.decompress ?? decompress
        result.format = other.format ?? format
        result.webSocketOrigins = other.webSocketOrigins ?? webSocketOrigins
        return result
    }
}

extension GatewayConfiguration {
    /// The policy of a route: `defaults`, the upstream's timeout and retry, the mapping file's
    /// keys, then what `use` names from left to right, then the route's own. `use` is a key like
    /// the others: the route's replaces the file's. Unknown names are reported elsewhere
    /// (`checkUse`) and skipped here.
    package func policy(
        upstream: UpstreamSettings?, file: PolicySet, route: PolicySet
    ) -> PolicySet {
        var result = defaults
        result.timeout = upstream?.timeout ?? result.timeout
        result.retry = upstream?.retry ?? result.retry
        result = result.overlaid(by: file)
        for name in route.use ?? result.use ?? [] {
            if let named = policies[name.text] { result = result.overlaid(by: named) }
        }
        return result.overlaid(by: route)
    }

    /// Reports the names in `use` that gateway.yaml does not know.
    package func checkUse(
        _ policy: PolicySet, file: String, into collector: DiagnosticCollector
    ) {
        for name in policy.use ?? [] where policies[name.text] == nil && !isUnread {
            collector.error(
                "unknown-policy", file, name.node,
                "gateway.yaml has no policy `\(name.text)`",
                suggestion: NearestName.find(name.text, in: policies.keys.sorted()))
        }
    }
}
