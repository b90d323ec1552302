// SPDX-License-Identifier: Apache-2.0
// What the pool must know of one upstream: where it is, what it speaks, and how long to wait.
// Made once at load, shared by the pools of all event loops.

package import NIOCore

/// Where one backend listens.
package enum EndpointAddress: Sendable, Hashable {
    /// A name or an address literal, IPv6 without brackets.
    case host(String, port: Int)
    /// The path of a socket in the file system.
    case unix(String)
}

/// One place of an upstream.
package struct Endpoint: Sendable {
    package var address: EndpointAddress
    /// What `Host` and `:authority` say where the request names nothing else.
    package var authority: String

    /// `authority` nil: host and port, or `localhost` for a socket in the file system.
    package init(_ address: EndpointAddress, authority: String? = nil) {
        self.address = address
        switch (authority, address) {
        case (let authority?, _): self.authority = authority
        case (nil, .host(let host, let port)):
            self.authority = host.utf8.contains(0x3A) ? "[\(host)]:\(port)" : "\(host):\(port)"
        case (nil, .unix): self.authority = "localhost"
        }
    }
}

/// What is spoken to the endpoints.
package enum BackendProtocol: Sendable {
    case http1
    /// On cleartext with prior knowledge; on TLS by ALPN, and anything else is refused.
    case http2
    /// On cleartext HTTP/2 with prior knowledge; on TLS what ALPN chooses, HTTP/1.1 without it.
    case negotiated
}

/// Which endpoint gets a call.
package enum Balance: Sendable {
    case roundRobin
    /// Of two chosen at random the one with fewer calls under way.
    case leastRequest
    case random
}

/// How long things may take, and how many there may be; for each event loop.
package struct UpstreamLimits: Sendable {
    /// From the first packet to a connection that can carry calls, TLS included.
    package var connectTimeout: TimeAmount = .seconds(2)
    /// How long a connection without calls is kept.
    package var idleTimeout: TimeAmount = .seconds(60)
    /// Silence after which a connection with calls under way is asked by PING whether it lives.
    /// Servers of gRPC count more than one in five minutes as abuse.
    package var pingInterval: TimeAmount = .minutes(5)
    /// How long the answer to a PING may take.
    package var pingTimeout: TimeAmount = .seconds(5)
    /// Names and values of a response's head, or of its trailers, with 32 octets for each field.
    package var fieldsBytesMax: Int = 64 * 1024
    package var fieldsMax: Int = 1000
    /// Connections of one event loop to one endpoint.
    package var http1ConnectionsMax: Int = 256
    package var http2ConnectionsMax: Int = 8
    /// Calls on one HTTP/2 connection, whatever its peer would allow.
    package var streamsMax: Int = 1000
    /// Calls of one event loop that wait for a connection to one endpoint.
    package var waitingMax: Int = 4096
    /// What a backend may send on one stream before the receiver has taken it.
    package var streamWindowBytes: Int = 256 * 1024
    package var connectionWindowBytes: Int = 16 * 1024 * 1024

    package init() {}
}

/// One named upstream.
package struct UpstreamConfiguration: Sendable {
    package var name: String
    /// At least one.
    package var endpoints: [Endpoint]
    package var backendProtocol: BackendProtocol
    /// Nil: cleartext.
    package var tls: BackendTLS?
    package var limits: UpstreamLimits
    package var balance = Balance.roundRobin
    /// Shared by the pools of all event loops.
    package let retryBudget = RetryBudget()

    package init(
        name: String, endpoints: [Endpoint], backendProtocol: BackendProtocol,
        tls: BackendTLS? = nil, limits: UpstreamLimits = UpstreamLimits()
    ) {
        self.name = name
        self.endpoints = endpoints
        self.backendProtocol = backendProtocol
        self.tls = tls
        self.limits = limits
    }
}
