// SPDX-License-Identifier: Apache-2.0
// `limits` of gateway.yaml: everything that a client or a backend sends has a bound. The defaults
// are PRODUCT.md's.
package import DragomanDocument

package struct GatewayLimits: Sendable, Equatable {
    /// Bytes of a request body; 413.
    package var body = 4 << 20
    /// Bytes of a reply; 502.
    package var reply = 32 << 20
    /// Bytes up to which an exchange is held whole.
    package var buffer = 8 << 20
    /// Bytes of a request target; 414.
    package var url = 8 << 10
    /// Bytes of a request's header section; 431.
    package var headers = 32 << 10
    /// Header lines of a request; 431.
    package var headerCount = 100
    /// Containers inside one another, of a request body, 413, and of a reply, 502.
    package var depth = 100
    /// Members and items of a request body together; 413.
    package var members = 100_000
    /// Members of one object of a request body; 413. Without a bound of its own.
    package var names = Int.max
    /// Bytes of one name, string or number of a request body; 413. Without a bound of its own.
    package var text = Int.max
    /// Client connections at once.
    package var connections = 10_000
    /// From a connection's first byte of a request to the end of its header section; 408.
    package var headerTimeout: Duration = .seconds(10)
    /// Silence within a request body; 408.
    package var bodyIdle: Duration = .seconds(15)
    /// How long a client's connection is kept without a request.
    package var keepAlive: Duration = .seconds(75)
    /// The whole exchange, of a stream until its first message; 504.
    package var timeout: Duration = .seconds(15)
    /// Until a backend is connected; 503.
    package var connect: Duration = .seconds(2)
    /// Gap between the messages of a stream.
    package var idle: Duration = .seconds(60)

    package init() {}

    /// What a request body may grow to as a Document.
    package var document: DocumentLimits {
        DocumentLimits(depthMax: depth, membersMax: members, namesMax: names, textMax: text)
    }

    /// These, with what a route's policy says in their place.
    package func overlaid(by policy: LimitOverrides) -> GatewayLimits {
        var result = self
        result.body = policy.body ?? body
        result.reply = policy.reply ?? reply
        result.buffer = policy.buffer ?? buffer
        result.depth = policy.depth ?? depth
        result.members = policy.members ?? members
        result.names = policy.names ?? names
        result.text = policy.text ?? text
        result.bodyIdle = policy.bodyIdle ?? bodyIdle
        result.timeout = policy.timeout ?? timeout
        result.connect = policy.connect ?? connect
        return result
    }

    init(_ node: CheckedNode) {
        self = GatewayLimits().overlaid(by: PolicyReader.limits(node))
        url = node["url"].size ?? url
        headers = node["headers"].size ?? headers
        headerCount = node["header_count"].integer ?? headerCount
        connections = node["connections"].integer ?? connections
        headerTimeout = node["header_timeout"].duration ?? headerTimeout
        keepAlive = node["keep_alive"].duration ?? keepAlive
        idle = node["idle"].duration ?? idle
    }
}
