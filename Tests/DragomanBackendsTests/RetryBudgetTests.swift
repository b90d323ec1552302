// SPDX-License-Identifier: Apache-2.0
// How many repetitions an upstream is spared.
// The budget of repeated calls: a share of the calls that are under way.

import NIOCore
import Testing

@testable import DragomanBackends

@Suite("RetryBudget")
struct RetryBudgetTests {
    @Test("a few in any case, then a share of the calls")
    func share() {
        let budget = RetryBudget()
        let now = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        var taken = 0
        for _ in 0..<10 where budget.takeRepetition(now: now) { taken += 1 }
        #expect(taken == 3)
        taken = 0
        for _ in 0..<1000 {
            budget.callBegins(share: 0.2)
            if budget.takeRepetition(now: now) { taken += 1 }
        }
        #expect(taken == 200)
    }

    @Test("a few more after ten seconds, and never hoarded without bound")
    func refill() {
        let budget = RetryBudget()
        let start = NIODeadline.uptimeNanoseconds(1_000_000_000_000)
        for _ in 0..<3 { #expect(budget.takeRepetition(now: start)) }
        #expect(!budget.takeRepetition(now: start + .seconds(9)))
        #expect(budget.takeRepetition(now: start + .seconds(11)))
        for _ in 0..<10_000 { budget.callBegins(share: 1) }
        var taken = 0
        while budget.takeRepetition(now: start + .seconds(12)) { taken += 1 }
        #expect(taken == 100)
    }
}
