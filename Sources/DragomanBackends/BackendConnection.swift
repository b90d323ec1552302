// SPDX-License-Identifier: Apache-2.0
// What the pool and a call know of one connection, whatever it speaks.

internal import DragomanHTTP
package import NIOCore

/// A connection to one endpoint. Subclasses speak HTTP/1.1 and HTTP/2; everything happens on the
/// pool's event loop.
///
/// A subclass tells the pool: `pool?.connectionHasRoom(self)` whenever a call more fits and
/// `callsMore` was 0 before; `pool?.connectionEnded(self)` once, when the channel is gone. It tells
/// a call by its `deliver…` methods, from channel events or the end of the turn only, never from
/// inside a method called by the call or the pool; and lets go of a call before `deliverEnd` and
/// `deliverFailure`.
package class BackendConnection {
    package let channel: any Channel
    package let limits: UpstreamLimits
    let isTLS: Bool
    /// Kept by the pool: nil before it takes the connection, and after `connectionEnded`.
    var pool: EndpointPool?
    /// Kept by the pool: whether this connection stands in its list of those with room.
    var isListed = false
    /// Kept by the pool: that a call has begun on it before.
    var isUsed = false

    init(channel: any Channel, limits: UpstreamLimits, isTLS: Bool) {
        self.channel = channel
        self.limits = limits
        self.isTLS = isTLS
    }

    /// How many calls may begin now; 0 for a connection that takes no more.
    var callsMore: Int { 0 }

    /// Whether `callsMore` may still grow without a call ending: HTTP/2 before its first SETTINGS.
    var isSettling: Bool { false }

    /// How many calls at a time the peer has said to allow; nil before it has.
    var streamsAllowed: Int? { nil }

    /// Whether it will never have room again.
    var isEnding: Bool { false }

    /// Whether it carries several calls at a time.
    var isMultiplexed: Bool { false }

    /// Adds its handlers at the end of the channel's pipeline. The channel is active, TLS done.
    func install() throws {}

    /// Begins the call: `callsMore` is at least 1. Must call `call.began(on: self)` first, and take
    /// over `call.early` and `call.isReadingPaused`.
    func begin(_ call: BackendCall) {}

    func send(_ bytes: ByteBuffer, for call: BackendCall) {}
    func finish(trailers: HeaderFields?, for call: BackendCall) {}
    /// The call has ended on our side; nothing may reach it any more.
    func cancel(_ call: BackendCall) {}
    /// As `cancel`, because its deadline has passed: the peer may be dead.
    func timedOut(_ call: BackendCall) { cancel(call) }
    func pauseReading(_ call: BackendCall) {}
    func resumeReading(_ call: BackendCall) {}

    /// Takes no more calls, and closes when those under way have ended.
    func drain() {}
    /// Closes now; calls under way fail with `.closed`.
    func closeNow() { channel.close(promise: nil) }
}
