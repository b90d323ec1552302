// SPDX-License-Identifier: Apache-2.0
// Deadlines for very many short things: adding and removing one costs a few stores, where the
// event loop's own timers cost a heap and three allocations each.

package import NIOCore

/// Something with a deadline. Stands in at most one wheel, which does not retain it; it leaves
/// the wheel when it goes.
// `open`, because classes can not be inherited from across targets at `package` access.
open class TimedEntry {
    fileprivate var previous: Unmanaged<TimedEntry>?
    fileprivate var next: Unmanaged<TimedEntry>?
    /// Number of the tick at which the time is reached; 0 while it stands in no wheel.
    fileprivate var tick: UInt64 = 0
    /// The wheel it stands in.
    fileprivate var wheel: TimerWheel?

    package init() {}

    deinit { wheel?.remove(self) }

    /// The time added with has come; the entry is out of the wheel.
    open func timeReached() {}
}

/// A hashed wheel with slots of 8 ms. An entry fires on the loop, never early, at most about two
/// slots late.
package final class TimerWheel {
    private static let slotCount: UInt64 = 1024
    private static let slotNanoseconds: UInt64 = 8_000_000

    private let loop: any EventLoop
    private var slots: [Unmanaged<TimedEntry>?]
    private var entryCount = 0
    /// The last tick whose slot has been looked at.
    private var currentTick: UInt64 = 0
    private var isArmed = false

    package init(loop: any EventLoop) {
        self.loop = loop
        slots = Array(repeating: nil, count: Int(Self.slotCount))
    }

    package func add(_ entry: TimedEntry, deadline: NIODeadline) {
        remove(entry)
        if !isArmed { arm() }
        let wanted = deadline.uptimeNanoseconds / Self.slotNanoseconds &+ 1
        entry.tick = max(wanted, currentTick &+ 1)
        let slot = Int(entry.tick % Self.slotCount)
        let first = slots[slot]
        entry.next = first
        entry.previous = nil
        let own = Unmanaged.passUnretained(entry)
        first?._withUnsafeGuaranteedRef { $0.previous = own }
        slots[slot] = own
        entry.wheel = self
        entryCount &+= 1
    }

    /// Takes it out, if it is in.
    package func remove(_ entry: TimedEntry) {
        guard entry.tick != 0 else { return }
        if let previous = entry.previous {
            previous._withUnsafeGuaranteedRef { $0.next = entry.next }
        } else {
            slots[Int(entry.tick % Self.slotCount)] = entry.next
        }
        entry.next?._withUnsafeGuaranteedRef { $0.previous = entry.previous }
        entry.next = nil
        entry.previous = nil
        entry.tick = 0
        entry.wheel = nil
        entryCount &-= 1
    }

    private func arm() {
        isArmed = true
        currentTick = NIODeadline.now().uptimeNanoseconds / Self.slotNanoseconds
        schedule()
    }

    private func schedule() {
        let next = (currentTick &+ 1) &* Self.slotNanoseconds
        loop.assumeIsolated().scheduleTask(deadline: .uptimeNanoseconds(next)) { self.turn() }
    }

    private func turn() {
        let now = NIODeadline.now().uptimeNanoseconds / Self.slotNanoseconds
        // After a long stall every slot is looked at once; more would find nothing new.
        if now > currentTick &+ Self.slotCount { currentTick = now &- Self.slotCount }
        while currentTick < now {
            currentTick &+= 1
            fireSlot(Int(currentTick % Self.slotCount), upTo: now)
        }
        if entryCount == 0 { isArmed = false } else { schedule() }
    }

    /// An entry's call may add and remove others, so the slot is read anew after each.
    private func fireSlot(_ slot: Int, upTo now: UInt64) {
        while let due = firstDue(slot, upTo: now) {
            remove(due)
            due.timeReached()
        }
    }

    private func firstDue(_ slot: Int, upTo now: UInt64) -> TimedEntry? {
        var cursor = slots[slot]
        while let entry = cursor?.takeUnretainedValue() {
            if entry.tick <= now { return entry }
            cursor = entry.next
        }
        return nil
    }
}
