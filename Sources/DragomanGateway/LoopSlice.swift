// SPDX-License-Identifier: Apache-2.0
// Giving the loop back in the middle of a large translation, so that a large neighbour does not
// stall small ones.

internal import NIOCore

enum LoopSlice {
    /// Bodies and messages above this are translated in several slices.
    static let bytesMin = 256 * 1024
    /// How long one takes, about.
    static let length = TimeAmount.milliseconds(1)
    /// Values and names of a JSON text that are read in about that time.
    static let entries = 1 << 16
    /// Parts of a form whose value is made in that time.
    static let parts = 1 << 13
    /// A task that were due at once would run before the loop looks at its sockets again.
    static let pause = TimeAmount.microseconds(20)
}

extension Exchange {
    /// Goes on once the loop has served others; not at all where the request is over by then.
    func afterOthers(_ body: @escaping (Exchange) -> Void) {
        let life = lifeNumber
        worker.loop.assumeIsolated().scheduleTask(in: LoopSlice.pause) {
            if case .answered = self.stage { return }
            if self.lifeNumber == life { body(self) }
        }
    }
}
