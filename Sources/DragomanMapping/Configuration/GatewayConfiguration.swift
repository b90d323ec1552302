// SPDX-License-Identifier: Apache-2.0
// gateway.yaml as values: listeners, upstreams, limits, policies. Immutable once read; the same
// file gives the same values on every node.

package struct GatewayConfiguration: Sendable {
    package var listeners: [ListenerSettings] = [ListenerSettings(.host("127.0.0.1", port: 8080))]
    /// Nil: `admin: false`.
    package var admin: AdminSettings? = AdminSettings(
        listener: ListenerSettings(.host("127.0.0.1", port: 9901)))
    package var trustedProxies: [AddressRange] = []
    /// In the file's order.
    package var upstreams: [UpstreamSettings] = []
    package var limits = GatewayLimits()
    package var exposeErrors = true
    package var drain = DrainSettings()
    package var policies: [String: PolicySet] = [:]
    package var defaults = PolicySet()
    /// Where the public listener serves the OpenAPI description.
    package var openAPIPath: String?
    /// What the file says of upstreams and policies could not be read, which has been reported.
    var isUnread = false
    /// As diagnostics name it.
    var file = "gateway.yaml"

    /// What holds where the file says nothing.
    package init() {}

    /// What stands for a file that can not be read.
    static var unread: GatewayConfiguration {
        var configuration = GatewayConfiguration()
        configuration.isUnread = true
        return configuration
    }

    package func upstream(_ name: String) -> UpstreamSettings? {
        upstreams.first { $0.name == name }
    }
}

package struct ListenerSettings: Sendable, Hashable {
    package var address: ListenAddress
    package var tls: ListenerTLS?

    package init(_ address: ListenAddress, tls: ListenerTLS? = nil) {
        self.address = address
        self.tls = tls
    }
}

/// Files of PEM, by paths that can be opened.
package struct ListenerTLS: Sendable, Hashable {
    package var certificate: String
    package var key: String
    /// Client certificates are asked for and verified against these.
    package var clientCA: String?
}

package struct AdminSettings: Sendable, Hashable {
    package var listener: ListenerSettings
    package var token: String?

    package init(listener: ListenerSettings, token: String? = nil) {
        self.listener = listener
        self.token = token
    }
}

package struct DrainSettings: Sendable, Hashable {
    /// Between `/readyz` saying 503 and the end of accepting.
    package var wait: Duration = .zero
    /// How long what is in flight may take.
    package var limit: Duration = .seconds(30)
}

package struct UpstreamSettings: Sendable {
    package enum Location: Sendable, Hashable {
        /// `url` or `endpoints`; at least one, all with the same scheme and path.
        case urls([UpstreamURL])
        /// A name whose addresses are all endpoints.
        case dns(host: String, port: Int)
        case srv(String)
        /// A watched file of endpoints.
        case file(String)
    }

    package enum Version: String, Sendable {
        case http1
        case http2
    }

    package enum Balance: String, Sendable, CaseIterable {
        case roundRobin = "round_robin"
        case leastRequest = "least_request"
        case random
    }

    package enum Compression: String, Sendable, CaseIterable {
        case gzip
        case deflate
    }

    package var name: String
    package var location: Location
    /// Nil: by the kind of backend.
    package var version: Version?
    package var tls: UpstreamTLS?
    package var timeout: Duration?
    package var retry: RetryPolicy?
    package var breaker: BreakerSettings?
    package var balance: Balance = .leastRequest
    package var health: HealthSettings?
    package var credentials: UpstreamCredentials?
    /// Of each call, in lower case; they stand in the place of any other of their names.
    package var headers: [(name: String, value: String)] = []
    /// Where it is comes from the environment or a file, and so may hold a secret.
    package var isLocationExternal = false
    package var security: SecuritySettings?
    /// Of messages to gRPC backends; nil: none.
    package var compression: Compression?
    /// Where gateway.yaml names it.
    package var node: YAMLNode

    /// An upstream that no file names, such as the implicit one of a SOAP contract's address.
    package init(name: String, url: UpstreamURL) {
        self.init(
            name: name, location: .urls([url]), node: YAMLNode(.scalar(name), style: .plain))
    }

    /// Stands where gateway.yaml has an upstream in which something is wrong: nothing is served.
    static func placeholder(_ name: String, _ node: YAMLNode? = nil) -> UpstreamSettings {
        UpstreamSettings(
            name: name, location: .urls(UpstreamURL("http://backend.invalid").map { [$0] } ?? []),
            node: node ?? YAMLNode(.scalar(name), style: .plain))
    }

    init(name: String, location: Location, node: YAMLNode) {
        self.name = name
        self.location = location
        self.node = node
    }

    /// Moves it, as `--upstream NAME=URL` does; everything else stays.
    package mutating func move(to url: UpstreamURL) {
        location = .urls([url])
    }
}

/// Files of PEM, by paths that can be opened.
package struct UpstreamTLS: Sendable, Hashable {
    package var ca: String?
    package var certificate: String?
    package var key: String?
    package var serverName: String?
}

package struct BreakerSettings: Sendable, Equatable {
    package var failureRatio = 0.5
    package var minimum = 20
    package var window: Duration = .seconds(10)
    package var open: Duration = .seconds(5)
}

package struct HealthSettings: Sendable, Equatable {
    package enum Probe: Sendable, Equatable {
        /// grpc.health.v1, of the whole server or of one service.
        case grpc(service: String)
        case http(path: String)
        case connect
    }

    package var probe: Probe
    package var interval: Duration = .seconds(5)
    package var timeout: Duration = .seconds(1)
    /// Answers in a row that bring an endpoint back, and that take it out.
    package var healthy = 1
    package var unhealthy = 3
}
