// SPDX-License-Identifier: Apache-2.0
// The connections of one event loop to all upstreams.

package import NIOCore

/// Carries calls to backends. Belongs to one event loop and is used on it only; holds no lock.
package final class BackendPool {
    package let loop: any EventLoop
    /// Deadlines of calls; whoever else needs cheap, coarse timers on this loop may use it too.
    package let timers: TimerWheel
    private let upstreams: [UpstreamPool]
    private var isShutDown = false

    package init(loop: any EventLoop, upstreams: [UpstreamConfiguration]) {
        self.loop = loop
        let timers = TimerWheel(loop: loop)
        self.timers = timers
        self.upstreams = upstreams.map { UpstreamPool($0, loop: loop, timers: timers) }
    }

    /// Begins a call to the upstream at that index. All events come later, never from inside.
    package func start(
        _ request: BackendRequest, upstream: Int, receiver: any BackendReceiver
    ) -> BackendCall {
        upstreams[upstream].start(request, receiver: receiver)
    }

    package func connectTimeout(of upstream: Int) -> TimeAmount {
        upstreams[upstream].configuration.limits.connectTimeout
    }

    package func retryBudget(of upstream: Int) -> RetryBudget {
        upstreams[upstream].configuration.retryBudget
    }

    /// Takes no more calls, lets those under way end, then closes. The future succeeds when the
    /// last connection is closed.
    @discardableResult
    package func shutdown() -> EventLoopFuture<Void> {
        EventLoopFuture.andAllComplete(upstreams.map { $0.shutdown() }, on: loop)
    }

    /// Closes everything now; calls under way fail with `.closed`.
    package func close() {
        for upstream in upstreams { upstream.close() }
    }
}
