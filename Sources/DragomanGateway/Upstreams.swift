// SPDX-License-Identifier: Apache-2.0
// Upstreams of a plan as the pools of the backends want them: addresses, protocol, TLS.

package import DragomanBackends
package import DragomanMapping
internal import NIOCore

/// An upstream that can not be used, found before anything is served.
package struct UpstreamError: Error, CustomStringConvertible {
    package let description: String
}

extension GatewayPlan {
    /// In the order of `upstreams`; files of TLS are read.
    package func backendConfigurations() throws(UpstreamError) -> [UpstreamConfiguration] {
        var configurations: [UpstreamConfiguration] = []
        let connect = connectTimes()
        for (index, upstream) in upstreams.enumerated() {
            var made = try upstream.configuration(configuration.limits)
            // What a route allows beyond that is for its calls to wait.
            made.limits.connectTimeout = TimeAmount(connect[index])
            configurations.append(made)
        }
        return configurations
    }

    /// The longest that a route of each upstream waits for a connection.
    private func connectTimes() -> [Duration] {
        var times = [Duration](repeating: configuration.limits.connect, count: upstreams.count)
        for route in routes {
            guard let upstream = route.call?.upstream else { continue }
            times[upstream] = max(times[upstream], route.limits.connect)
        }
        return times
    }
}

extension UpstreamPlan {
    private func failure(_ text: String) -> UpstreamError {
        UpstreamError(description: "upstream \(name): \(text)")
    }

    fileprivate func configuration(
        _ limits: GatewayLimits
    ) throws(UpstreamError) -> UpstreamConfiguration {
        let urls: [UpstreamURL]
        switch settings.location {
        case .urls(let list): urls = list
        case .dns, .srv, .file:
            throw failure("dns, srv and file are not carried yet; use url or endpoints")
        }
        if let security = settings.security {
            do throws(MessageSecurityError) {
                _ = try MessageSecurity(security)
            } catch {
                throw failure("security: \(error.detail)")
            }
        }
        let isSecure = urls.contains { $0.isSecure }
        let backendProtocol: BackendProtocol
        switch version {
        case .http1: backendProtocol = .http1
        case .http2: backendProtocol = allowsHTTP1 && isSecure ? .negotiated : .http2
        }
        var tls: BackendTLS?
        if isSecure {
            let files = settings.tls
            do throws(BackendTLSError) {
                tls = try BackendTLS(
                    TLSSettings(
                        authorityFile: files?.ca, certificateFile: files?.certificate,
                        keyFile: files?.key, serverName: files?.serverName),
                    backendProtocol: backendProtocol)
            } catch {
                throw failure("tls \(error.setting.rawValue): \(error.detail)")
            }
        }
        var upstreamLimits = UpstreamLimits()
        upstreamLimits.connectTimeout = TimeAmount(limits.connect)
        var made = UpstreamConfiguration(
            name: name, endpoints: urls.map(Endpoint.init), backendProtocol: backendProtocol,
            tls: tls, limits: upstreamLimits)
        switch settings.balance {
        case .roundRobin: made.balance = .roundRobin
        case .leastRequest: made.balance = .leastRequest
        case .random: made.balance = .random
        }
        return made
    }
}

extension Endpoint {
    init(_ url: UpstreamURL) {
        switch url.target {
        case .unix(let path): self.init(.unix(path))
        case .host(let host, let port):
            let name = host.contains(":") ? "[\(host)]" : host
            let isDefault = port == (url.isSecure ? 443 : 80)
            self.init(
                .host(host, port: port), authority: isDefault ? name : "\(name):\(port)")
        }
    }
}
