// SPDX-License-Identifier: Apache-2.0
// How much repeating an upstream is spared: a share of the calls made, and a few in any case.

package import NIOCore
internal import Synchronization

/// One for each upstream of the process. Every call pays in its share of a repetition, and a
/// repetition takes a whole one; so a backend that fails altogether gets little more than its
/// ordinary load. Exact under any interleaving: all of it is one atomic word and a time.
package final class RetryBudget: Sendable {
    /// In thousandths of a repetition.
    private static let whole = 1000
    private static let least = 3 * whole
    private static let most = 100 * whole
    private static let refillInterval = TimeAmount.seconds(10)

    private let balance = Atomic<Int>(RetryBudget.least)
    /// When the least was granted last, in nanoseconds of `NIODeadline`.
    private let granted = Atomic<UInt64>(0)

    package init() {}

    /// A call is made for the first time. `share`: repetitions for each call, from 0 to 1.
    package func callBegins(share: Double) {
        let paid = balance.wrappingAdd(Int(share * Double(Self.whole)), ordering: .relaxed).newValue
        if paid > Self.most { balance.store(Self.most, ordering: .relaxed) }
    }

    /// - Returns: whether a call may be repeated; then one repetition less is left.
    package func takeRepetition(now: NIODeadline = .now()) -> Bool {
        grant(now)
        if balance.wrappingSubtract(Self.whole, ordering: .relaxed).newValue >= 0 { return true }
        balance.wrappingAdd(Self.whole, ordering: .relaxed)
        return false
    }

    /// Where little is called, a share would be none: a few repetitions every ten seconds.
    private func grant(_ now: NIODeadline) {
        let last = granted.load(ordering: .relaxed)
        let time = now.uptimeNanoseconds
        // The first are there from the beginning.
        if last == 0 { return granted.store(time, ordering: .relaxed) }
        guard time >= last + UInt64(Self.refillInterval.nanoseconds),
            balance.load(ordering: .relaxed) < Self.least,
            granted.compareExchange(expected: last, desired: time, ordering: .relaxed).exchanged
        else { return }
        balance.store(Self.least, ordering: .relaxed)
    }
}
