// SPDX-License-Identifier: Apache-2.0
// The keys of gateway.yaml: what PRODUCT.md lists, with the texts that editors show.

enum GatewayShapes {
    private static let listenerTLS = ObjectShape(
        "listenerTLS", "`tls` of a listener",
        keys: [
            .required("certificate", .scalar(.path), "The certificate chain, PEM"),
            .required("key", .scalar(.path), "Its private key, PEM"),
            .optional("client_ca", .scalar(.path), "Clients must show a certificate of these"),
        ])

    private static let listener = ObjectShape(
        "listener", "a listener",
        keys: [
            .required("address", .scalar(.listenAddress), "Where to listen"),
            .optional("tls", .object(listenerTLS), "HTTPS"),
        ])

    private static let admin = ObjectShape(
        "admin", "`admin`",
        keys: [
            .required("address", .scalar(.listenAddress), "Where to listen"),
            .optional("token", .scalar(.secret), "A bearer token that every request must bear"),
            .optional("tls", .object(listenerTLS), "HTTPS"),
        ])

    private static let upstreamTLS = ObjectShape(
        "upstreamTLS", "`tls` of an upstream", isNullable: true,
        keys: [
            .optional("ca", .scalar(.path), "Authorities in place of the system's, PEM"),
            .optional("certificate", .scalar(.path), "Our certificate chain, PEM"),
            .optional("key", .scalar(.path), "Its private key, PEM"),
            .optional("server_name", .scalar(.text), "The name to ask for and to verify"),
        ])

    private static let breaker = ObjectShape(
        "breaker", "`breaker`",
        keys: [
            .optional(
                "failure_ratio", .scalar(.ratio), "Failures that open it", example: .string("50%")),
            .optional(
                "minimum", .integer(1...Int.max), "Calls in a window before it opens",
                example: .integer(20)),
            .optional("window", .scalar(.duration), "Where calls are counted"),
            .optional("open", .scalar(.duration), "How long it stays open"),
        ])

    private static let health = ObjectShape(
        "health", "`health`",
        keys: [
            .optional(
                "grpc", .either([.boolean, .scalar(.text)]),
                "The gRPC health service, of the server or of one service"),
            .optional("path", .scalar(.httpPath), "A path that answers 2xx"),
            .optional("interval", .scalar(.duration), "Between two probes"),
            .optional("timeout", .scalar(.duration), "Of one probe"),
            .optional("healthy", .integer(1...100), "Good answers that bring an endpoint back"),
            .optional("unhealthy", .integer(1...100), "Bad answers that take one out"),
        ])

    static let upstream = ObjectShape(
        "upstream", "an upstream", exactlyOne: ["url", "endpoints", "dns", "srv", "file"],
        keys: [
            .optional(
                "url", .scalar(.upstreamURL), "Where it is",
                example: .string("https://orders.internal:50051")),
            .optional("endpoints", .list(.scalar(.upstreamURL)), "Several places that are alike"),
            .optional("dns", .scalar(.hostPort), "A name whose addresses are all endpoints"),
            .optional("srv", .scalar(.serviceRecord), "The name of an SRV record"),
            .optional("file", .scalar(.path), "A file of endpoints, watched"),
            .optional(
                "protocol", .choice(["http1", "http2"]), "Where the backend's default is not wanted"
            ),
            .optional("tls", .object(upstreamTLS), "How https is spoken"),
            .optional("timeout", .scalar(.duration), "One call; 504", example: .string("2s")),
            .optional("retry", PolicyShapes.retry, "When a call is made again"),
            .optional("breaker", .object(breaker), "When to stop calling for a while"),
            .optional(
                "balance", .choice(UpstreamSettings.Balance.allCases.map(\.rawValue)),
                "Which endpoint is next"),
            .optional("health", .object(health), "How endpoints are probed"),
            .optional(
                "credentials", .object(SecurityShapes.credentials), "Who the gateway is, for HTTP"),
            .optional(
                "headers", .map(keys: .ownFieldName, values: .scalar(.fieldValue)),
                "Headers or metadata of each call, such as an API key; `{ env: }` or `{ file: }`",
                example: .object([("x-api-key", .object([("env", .string("API_KEY"))]))])),
            .optional(
                "security", .object(SecurityShapes.security), "WS-Security of SOAP messages"),
            .optional(
                "compression", .choice(UpstreamSettings.Compression.allCases.map(\.rawValue)),
                "How messages to gRPC backends are compressed, from 1 KiB on"),
        ])

    private static let limits = ObjectShape(
        "limits", "`limits`", isNullable: true,
        keys: PolicyShapes.overrides + [
            .optional("url", .scalar(.size), "Bytes of a request target; 414"),
            .optional("headers", .scalar(.size), "Bytes of a header section; 431"),
            .optional("header_count", .integer(1...100_000), "Header lines of a request; 431"),
            .optional("connections", .integer(1...10_000_000), "Client connections at once"),
            .optional("header_timeout", .scalar(.duration), "Until a header section is whole; 408"),
            .optional("keep_alive", .scalar(.duration), "A connection without a request"),
            .optional("idle", .scalar(.duration), "Gap between the messages of a stream"),
        ])

    private static let drain = ObjectShape(
        "drain", "`drain`", isNullable: true,
        keys: [
            .optional("wait", .scalar(.duration), "Before accepting ends", example: .string("0s")),
            .optional(
                "limit", .scalar(.duration), "For what is in flight", example: .string("30s")),
        ])

    static let policy = ObjectShape("policy", "a policy", keys: PolicyShapes.keys)

    private static let defaults = ObjectShape(
        "defaults", "`defaults`", isNullable: true, keys: [PolicyShapes.use] + PolicyShapes.keys)

    static let gateway = ObjectShape(
        "gateway", "gateway.yaml", isNullable: true,
        keys: [
            .optional(
                "listen",
                .either([
                    .scalar(.listenAddress),
                    .list(.either([.scalar(.listenAddress), .object(listener)])),
                    .object(listener),
                ]), "Where clients connect", example: .string("127.0.0.1:8080")),
            .optional(
                "admin", .either([.scalar(.listenAddress), .never, .object(admin)]),
                "Console, metrics and health, or `false`; elsewhere than on loopback with a token",
                example: .string("127.0.0.1:9901")),
            .optional(
                "trusted_proxies", .list(.scalar(.addressRange)),
                "Whose X-Forwarded-* and Forwarded are appended to",
                example: .array([.string("10.0.0.0/8")])),
            .optional(
                "upstreams", .map(keys: .name, values: .object(upstream)), "Backends by name"),
            .optional("limits", .object(limits), "Bounds on everything"),
            .optional(
                "expose_errors", .boolean, "Whether clients see what a backend's error says",
                example: .boolean(true)),
            .optional("drain", .object(drain), "How the gateway stops"),
            .optional(
                "policies", .map(keys: .name, values: .object(policy)),
                "Policies that routes name by `use`"),
            .optional("defaults", .object(defaults), "Policy keys for every route"),
            .optional(
                "openapi", .scalar(.httpPath), "Where the public listener serves its description",
                example: .string("/openapi.json")),
        ])

    /// The JSON Schema of gateway.yaml.
    static let schema = ShapeSchema.text(
        gateway, identifier: "urn:dragoman:schema:gateway", title: "Dragoman's gateway.yaml",
        allowsExternals: true)
}
