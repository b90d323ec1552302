// SPDX-License-Identifier: Apache-2.0
// Calls that bear the gateway's own credentials, and calls made again because a backend asked for
// them.

internal import DragomanBackends
internal import DragomanHTTP
internal import DragomanMapping

extension Exchange {
    /// Sets the headers of an upstream, and the Authorization field of its credentials.
    func authorize(_ request: inout BackendRequest, _ upstream: Int) {
        guard let plan, plan.upstreams[upstream].hasCredentials else { return }
        for (name, value) in plan.upstreams[upstream].settings.headers {
            request.fields.set(name, value)
        }
        guard let credentials = worker.identities(of: plan).credentials[upstream] else { return }
        if case .stream = request.body {
            challenged = nil
        } else {
            challenged = (request, upstream)
        }
        set(credentials, in: &request)
    }

    private func set(_ credentials: HTTPCredentials, in request: inout BackendRequest) {
        let value = credentials.authorization(method: request.method, path: request.path)
        guard let value else { return }
        request.fields.remove("authorization")
        request.fields.append("authorization", value)
    }

    /// Whether a 401 was a challenge that the call is made again for, once.
    func repeatAuthorized(_ fields: HeaderFields) -> Bool {
        guard let (request, upstream) = challenged, let plan,
            let credentials = worker.identities(of: plan).credentials[upstream],
            credentials.take(challenges: fields.values("www-authenticate"))
        else { return false }
        challenged = nil
        call?.cancel()
        var again = request
        set(credentials, in: &again)
        call = worker.start(again, upstream: upstream, receiver: self)
        return true
    }
}
