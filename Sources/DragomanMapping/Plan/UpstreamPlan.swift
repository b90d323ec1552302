// SPDX-License-Identifier: Apache-2.0
// Where calls go: each upstream once for each version of HTTP that it is spoken to in.

/// An upstream as routes refer to it, by its place in `GatewayPlan.upstreams`.
package struct UpstreamPlan: Sendable {
    package let index: Int
    package let name: String
    /// Where it is and how it is treated; overrides of the command line applied.
    package let settings: UpstreamSettings
    package let version: UpstreamSettings.Version
    /// On `https://` HTTP/1.1 is taken as well where ALPN chooses it: http backends only.
    package let allowsHTTP1: Bool
    /// No file names it: it is a SOAP contract's own address.
    package let isImplicit: Bool

    /// Calls bear credentials of HTTP, or headers of the upstream's own.
    package let hasCredentials: Bool
    /// Messages bear, or must bear, WS-Security.
    package let hasSecurity: Bool

    init(
        index: Int, name: String, settings: UpstreamSettings, version: UpstreamSettings.Version,
        allowsHTTP1: Bool, isImplicit: Bool
    ) {
        self.index = index
        self.name = name
        self.settings = settings
        self.version = version
        self.allowsHTTP1 = allowsHTTP1
        self.isImplicit = isImplicit
        hasCredentials = settings.credentials != nil || !settings.headers.isEmpty
        hasSecurity = settings.security != nil
    }
}
