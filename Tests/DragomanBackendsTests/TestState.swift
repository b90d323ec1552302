// SPDX-License-Identifier: Apache-2.0
// State that answering closures share.

import DragomanHTTP2
import NIOConcurrencyHelpers

final class NIOLockedCount: Sendable {
    private let count = NIOLockedValueBox(0)

    /// Counts from 1.
    func next() -> Int {
        count.withLockedValue {
            $0 += 1
            return $0
        }
    }
}

/// A reply kept for later. Used on its server's loop only, which the lock stands for.
final class NIOLockedReply: @unchecked Sendable {
    // @unchecked: a test touches it on the one loop of its server.
    private var reply: ServerReply?

    var isKept: Bool { reply != nil }

    /// Keeps the first.
    func keep(_ reply: ServerReply) { self.reply = self.reply ?? reply }

    func send(_ response: ServerResponse) { reply?.send(response) }
}
