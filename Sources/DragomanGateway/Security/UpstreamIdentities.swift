// SPDX-License-Identifier: Apache-2.0
// Who the gateway is for each upstream of a plan, on one event loop: made when the plan is first
// used, and kept with it.

internal import DragomanMapping

/// Credentials and message security by the upstreams of one plan.
final class UpstreamIdentities {
    let plan: GatewayPlan
    let credentials: [HTTPCredentials?]
    let securities: [MessageSecurity?]

    /// Files that could be read at load are not read again; what fails here failed there too.
    init(_ plan: GatewayPlan) {
        self.plan = plan
        credentials = plan.upstreams.map { $0.settings.credentials.map(HTTPCredentials.init) }
        securities = plan.upstreams.map { upstream in
            upstream.settings.security.flatMap { try? MessageSecurity($0) }
        }
    }
}
