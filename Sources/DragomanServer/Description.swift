// SPDX-License-Identifier: Apache-2.0
// The OpenAPI document of what is served: made when it is first asked for, away from the event
// loops, and kept.

internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Makes and keeps the description of one gateway.
final class Description: Sendable {
    private let make: @Sendable () -> String?
    private let kept: Mutex<ByteBuffer?>

    /// `kept`: the text, where it is there already.
    /// `make` takes its time, on a thread of its own; it gives nil where it fails.
    init(kept: ByteBuffer?, _ make: @escaping @Sendable () -> String?) {
        self.kept = Mutex(kept)
        self.make = make
    }

    /// Calls `done` on the loop, which is the caller's, with the text; nil where there is none.
    func text(on loop: any EventLoop, done: @escaping (ByteBuffer?) -> Void) {
        if let text = kept.withLock({ $0 }) { return done(text) }
        let bound = NIOLoopBound(done, eventLoop: loop)
        NIOThreadPool.singleton.runIfActive(eventLoop: loop) { [self] in made() }
            .whenComplete { bound.value((try? $0.get()).flatMap { $0 }) }
    }

    private func made() -> ByteBuffer? {
        if let text = kept.withLock({ $0 }) { return text }
        guard let text = make().map({ ByteBuffer(string: $0 + "\n") }) else { return nil }
        kept.withLock { $0 = text }
        return text
    }
}
