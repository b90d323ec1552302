// SPDX-License-Identifier: Apache-2.0
// The keys of policies, and those of them whose runtime is still to come.

enum PolicyShapes {
    static let overrides: [ObjectShape.Key] = [
        .optional("body", .scalar(.size), "Bytes of a request body; 413", example: .string("4MiB")),
        .optional("reply", .scalar(.size), "Bytes of a reply; 502", example: .string("32MiB")),
        .optional(
            "buffer", .scalar(.size), "Up to here an exchange is held whole",
            example: .string("8MiB")),
        .optional(
            "depth", .integer(1...10_000), "Nesting of a request body, 413, and of a reply, 502",
            example: .integer(100)),
        .optional(
            "members", .integer(1...Int.max), "Members and items of a request body together; 413",
            example: .integer(100_000)),
        .optional(
            "names", .integer(16...Int.max), "Members of one object of a request body; 413",
            example: .integer(1000)),
        .optional(
            "text", .scalar(.size), "Bytes of one name, string or number of a request body; 413",
            example: .string("1MiB")),
        .optional(
            "body_idle", .scalar(.duration), "Silence within a request body; 408",
            example: .string("15s")),
        .optional(
            "timeout", .scalar(.duration), "The whole exchange; 504", example: .string("15s")),
        .optional(
            "connect", .scalar(.duration), "Until a backend is connected; 503",
            example: .string("2s")),
    ]

    static let limits = Shape.object(
        ObjectShape(
            "routeLimits", "`limits` of a policy", isNullable: true, keys: overrides))

    static let retry = Shape.object(
        ObjectShape(
            "retry", "`retry`",
            keys: [
                .optional(
                    "attempts", .integer(1...10), "Calls in all, the first included",
                    example: .integer(2)),
                .optional(
                    "when", .list(.scalar(.retryCondition)), "What a call is made again after",
                    example: .array([.string("connect"), .string("reset"), .integer(503)])),
                .optional(
                    "budget", .scalar(.ratio), "Repeated calls by those under way",
                    example: .string("20%")),
            ]))

    private static let auth = ObjectShape(
        "auth", "`auth`",
        keys: [
            .required("jwt", .scalar(.name), "The authority whose tokens are taken"),
            .optional(
                "scopes", .list(.scalar(.text)), "Scopes that a token must have, all of them"),
        ])

    private static let limit = ObjectShape(
        "rateLimit", "`limit`",
        keys: [
            .required("rate", .scalar(.rate), "Requests in a time", example: .string("100/s")),
            .optional("burst", .integer(1...Int.max), "Requests at once", example: .integer(200)),
            .optional("by", .scalar(.text), "What is counted apart", example: .string("consumer")),
        ])

    private static let webSockets = ObjectShape(
        "websockets", "`websockets`",
        keys: [
            .required(
                "origins", .list(.scalar(.origin)),
                "Whose pages may open them, beside the gateway's own; `*` is everyone's",
                example: .array([.string("https://app.example.com")]))
        ])

    static let use = ObjectShape.Key.optional(
        "use", .list(.scalar(.name)), "Policies of gateway.yaml, from left to right",
        example: .array([.string("partner")]))

    /// Every policy key but `use`.
    static let keys: [ObjectShape.Key] = [
        .optional(
            "auth", .either([.choice(["none"]), .object(auth)]),
            "Who may call; `none` leaves out an inherited one"),
        .optional("limit", .object(limit), "How often; adds to what is inherited"),
        .optional(
            "cache", .anything("how replies are kept"), "How replies are kept",
            example: .object([("ttl", .string("60s"))])),
        .optional(
            "cors", .anything("which origins may call"), "Which origins may call",
            example: .object([("origins", .array([.string("https://app.example.com")]))])),
        .optional(
            "timeout", .scalar(.duration), "One call; 504", example: .string("2s")),
        .optional(
            "idle", .scalar(.duration), "Gap between the messages of a stream",
            example: .string("60s")),
        .optional("retry", retry, "When a call is made again"),
        .optional("limits", limits, "Bounds, member by member"),
        .optional(
            "decompress", .boolean, "Whether compressed request bodies are taken",
            example: .boolean(true)),
        .optional(
            "format", .choice(["assert", "annotate"]), "Whether `format` of JSON Schema is checked",
            example: .string("annotate")),
        .optional("websockets", .object(webSockets), "Which pages may open WebSockets"),
    ]
}

/// Keys that are understood and not yet obeyed. A gateway must never ignore protection silently, so
/// a file that uses one is refused. To lift a key, take it from here.
enum NotYetSupported {
    static let policyKeys: Set = ["auth", "limit", "cache", "cors"]
    static let upstreamKeys: Set = ["breaker", "health", "dns", "srv", "file"]

    /// Reports keys of `node` that are among `keys`; `auth: none` asks for nothing.
    static func check(
        _ node: YAMLNode, _ keys: Set<String>, _ file: String, _ collector: DiagnosticCollector
    ) {
        for pair in node.pairs ?? [] where keys.contains(pair.name) {
            if pair.name == "auth", pair.value.text == "none" { continue }
            collector.error(
                "not-yet-supported", file, pair.key,
                "this version does not yet do `\(pair.name)`, and will not ignore it")
        }
    }
}
