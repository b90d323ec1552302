// SPDX-License-Identifier: Apache-2.0
// One upstream on one event loop: its endpoints, and which of them gets the next call.

internal import NIOCore

/// Chooses an endpoint for each call, in turn.
final class UpstreamPool {
    let configuration: UpstreamConfiguration
    private var endpoints: [EndpointPool] = []
    private var next = 0

    init(_ configuration: UpstreamConfiguration, loop: any EventLoop, timers: TimerWheel) {
        self.configuration = configuration
        endpoints = configuration.endpoints.map {
            EndpointPool($0, configuration: configuration, loop: loop, timers: timers)
        }
        for endpoint in endpoints { endpoint.upstream = self }
    }

    func start(_ request: BackendRequest, receiver: any BackendReceiver) -> BackendCall {
        let endpoint = endpoints.count == 1 ? endpoints[0] : chosen()
        let call = BackendCall(request: request, receiver: receiver, pool: endpoint)
        endpoint.start(call)
        return call
    }

    private func chosen() -> EndpointPool {
        let count = endpoints.count
        switch configuration.balance {
        case .roundRobin:
            defer { next = (next + 1) % count }
            return endpoints[next]
        case .random: return endpoints[Int.random(in: 0..<count)]
        case .leastRequest:
            let first = Int.random(in: 0..<count)
            let second = (first + 1 + Int.random(in: 0..<(count - 1))) % count
            let isSecond = endpoints[second].callsUnderWay < endpoints[first].callsUnderWay
            return endpoints[isSecond ? second : first]
        }
    }

    /// A call that found no connection goes to the next endpoint, until it has been at each.
    func moveOn(_ call: BackendCall, _ failure: BackendFailure) {
        call.endpointsTried += 1
        guard call.endpointsTried < endpoints.count,
            let index = endpoints.firstIndex(where: { $0 === call.pool })
        else { return call.deliverFailure(failure) }
        call.move(to: endpoints[(index + 1) % endpoints.count])
        call.pool.startAgain(call)
    }

    func shutdown() -> EventLoopFuture<Void> {
        let ends = endpoints.map { $0.shutdown() }
        return EventLoopFuture.andAllComplete(ends, on: endpoints[0].loop)
    }

    func close() {
        for endpoint in endpoints { endpoint.close() }
    }
}
