// SPDX-License-Identifier: Apache-2.0
// Calls made again by the policy `retry`: where nothing was sent, or where the call may be
// repeated and the answer says that it should be. Never once the client has got anything.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

/// A call that can be made again.
struct RepeatableCall {
    var request: BackendRequest
    let upstream: Int
    let policy: RetryPolicy
    let budget: RetryBudget
    /// Calls made, the first included.
    var attempts = 1
    /// A wait before the next one is under way.
    var isWaiting = false
}

extension Exchange {
    /// Keeps what a repetition needs, where the route allows one.
    func remember(_ request: BackendRequest, upstream: Int) {
        guard let policy = route?.retry, policy.attempts > 1, worker.interceptor == nil else {
            return
        }
        if case .stream = request.body { return }
        let budget = worker.pool.retryBudget(of: upstream)
        budget.callBegins(share: policy.budget)
        repeatable = RepeatableCall(
            request: request, upstream: upstream, policy: policy, budget: budget)
    }

    /// - Returns: whether the call is made again, instead of failing.
    func isRepeated(after error: ReplyError) -> Bool {
        guard let repeatable, case .calling = stage else { return false }
        switch error {
        case .backend(let failure):
            let isSafe = !failure.mayHaveBeenProcessed || repeatable.request.isIdempotent
            guard isSafe, let condition = RetryCondition(failure.kind),
                repeatable.policy.conditions.contains(condition)
            else { return isRepeated(afterStatus: backendStatus) }
        case .problem, .invalid, .translation:
            let code = statusCode.map { RetryCondition.grpc($0) }
            let isMeant = code.map { repeatable.policy.conditions.contains($0) } ?? false
            guard isMeant, repeatable.request.isIdempotent else {
                return isRepeated(afterStatus: backendStatus)
            }
        case .mapping: return false
        }
        return beginWait()
    }

    /// - Returns: whether an answer with that HTTP status is not taken, and the call made again.
    func isRepeated(afterStatus status: Int) -> Bool {
        guard let repeatable, case .calling = stage, repeatable.request.isIdempotent,
            repeatable.policy.conditions.contains(.status(status))
        else { return false }
        return beginWait()
    }

    /// Exponential, with jitter: 25 ms, 50 ms … and up to as much again.
    private func beginWait() -> Bool {
        guard let repeatable, repeatable.attempts < repeatable.policy.attempts else { return false }
        let base = Int64(25) << min(repeatable.attempts - 1, 4)
        let wait = TimeAmount.milliseconds(Int64.random(in: base / 2...base + base / 2))
        let next = NIODeadline.now() + wait
        guard next < deadline, repeatable.budget.takeRepetition() else { return false }
        call?.cancel()
        call = nil
        giveBackReply()
        replyDocument.removeAll()
        for slot in [RootSlot.reply, .replyHeaders, .grpc, .fault, .status] {
            context.set(slot, nil)
        }
        self.repeatable?.isWaiting = true
        worker.pool.timers.add(self, deadline: next)
        return true
    }

    /// The wait is over.
    func callAgain() {
        guard var again = repeatable, again.isWaiting, case .calling = stage else { return }
        again.isWaiting = false
        again.attempts += 1
        let end = callDeadline()
        again.request.deadline = end
        if again.request.fields.contains("grpc-timeout") {
            let left = max((end - .now()).nanoseconds, 1_000_000)
            again.request.fields.set("grpc-timeout", GRPCTimeoutText.text(left))
        }
        repeatable = again
        call = worker.start(again.request, upstream: again.upstream, receiver: self)
    }
}

extension RetryCondition {
    /// What a call that got no answer is called in `when`; nil for what no repetition mends.
    fileprivate init?(_ kind: BackendFailure.Kind) {
        switch kind {
        case .connect, .connectTimeout: self = .connect
        case .reset, .closed: self = .reset
        case .timeout: self = .timeout
        case .protocolViolation, .tooLarge, .overloaded: return nil
        }
    }
}
