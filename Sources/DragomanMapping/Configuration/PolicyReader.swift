// SPDX-License-Identifier: Apache-2.0
// From checked nodes to policies. What the check has refused is nil here and said already.

/// Typed reads of a checked mapping.
struct CheckedNode {
    let node: YAMLNode?

    subscript(name: String) -> CheckedNode { CheckedNode(node: node?[name]) }

    var text: String? { node?.text }
    var texts: [String]? { node?.items?.compactMap(\.text) }
    var duration: Duration? { text.flatMap(ScalarGrammar.duration) }
    var size: Int? { text.flatMap(ScalarGrammar.size) }
    var ratio: Double? { text.flatMap(ScalarGrammar.ratio) }

    var integer: Int? {
        guard case .integer(let digits) = node?.value else { return nil }
        return Int(digits)
    }

    var boolean: Bool? {
        guard case .boolean(let value) = node?.value else { return nil }
        return value
    }
}

enum PolicyReader {
    /// Policy keys of a checked mapping; other keys are not looked at.
    static func read(
        _ node: YAMLNode?, _ file: String, _ collector: DiagnosticCollector
    ) -> PolicySet {
        var policy = PolicySet()
        guard let node, node.pairs != nil else { return policy }
        NotYetSupported.check(node, NotYetSupported.policyKeys, file, collector)
        let checked = CheckedNode(node: node)
        policy.use = node["use"]?.items?.map(LocatedText.init)
        policy.auth = auth(checked["auth"])
        if let rate = checked["limit"]["rate"].text.flatMap({ Rate($0) }) {
            policy.limit = [
                RateLimitPolicy(
                    rate: rate, burst: checked["limit"]["burst"].integer,
                    by: checked["limit"]["by"].text)
            ]
        }
        policy.cache = node["cache"]
        policy.cors = node["cors"]
        policy.timeout = checked["timeout"].duration
        policy.idle = checked["idle"].duration
        policy.retry = retry(checked["retry"])
        policy.limits = limits(checked["limits"])
        policy.decompress = checked["decompress"].boolean
        policy.format = checked["format"].text.flatMap(FormatPolicy.init)
        policy.webSocketOrigins = checked["websockets"]["origins"].texts?.map {
            $0.hasSuffix("/") ? String($0.dropLast()).lowercased() : $0.lowercased()
        }
        return policy
    }

    private static func auth(_ node: CheckedNode) -> AuthPolicy? {
        if node.text == "none" { return AuthPolicy.none }
        guard let authority = node["jwt"].text else { return nil }
        return .token(authority: authority, scopes: node["scopes"].texts ?? [])
    }

    static func retry(_ node: CheckedNode) -> RetryPolicy? {
        guard node.node?.pairs != nil else { return nil }
        var policy = RetryPolicy()
        if let attempts = node["attempts"].integer { policy.attempts = attempts }
        if let names = node["when"].texts {
            policy.conditions = Set(names.compactMap { RetryCondition($0) })
        }
        if let budget = node["budget"].ratio { policy.budget = budget }
        return policy
    }

    static func limits(_ node: CheckedNode) -> LimitOverrides {
        var limits = LimitOverrides()
        limits.body = node["body"].size
        limits.reply = node["reply"].size
        limits.buffer = node["buffer"].size
        limits.depth = node["depth"].integer
        limits.members = node["members"].integer
        limits.names = node["names"].integer
        limits.text = node["text"].size
        limits.bodyIdle = node["body_idle"].duration
        limits.timeout = node["timeout"].duration
        limits.connect = node["connect"].duration
        return limits
    }
}
