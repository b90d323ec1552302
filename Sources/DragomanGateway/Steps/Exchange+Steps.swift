// SPDX-License-Identifier: Apache-2.0
// Both sides of a call that is one step of several: the exchange whose route has steps, and the
// exchange that carries out one of them.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

extension Exchange {
    // MARK: The exchange whose route has steps

    func beginSteps(_ plan: StepsPlan) {
        stage = .calling
        let run = StepsRun(plan, of: self)
        steps = run
        run.advance()
    }

    /// All steps are over, and none that is required failed.
    func stepsEnded() {
        do throws(ReplyError) {
            try answerReply(nil)
        } catch {
            fail(error)
        }
    }

    /// A required step failed; its problem is ready to be sent, and has been logged.
    func stepsFailed(_ problem: Problem) {
        stage = .answered
        worker.pool.timers.remove(self)
        guard let client else { return }
        problem.send(to: client)
    }

    // MARK: The exchange that carries out one of them

    /// `prepare`: sets what only this call knows.
    func beginStep(
        _ route: RoutePlan, of exchange: Exchange, _ call: StepCall,
        prepare: (TranslationContext) -> Void
    ) {
        stepCall = call
        head = exchange.head
        plan = exchange.plan
        self.route = route
        deadline = exchange.deadline
        stage = .receiving
        context.begin(route, within: exchange.context)
        prepare(context)
        translateAndCall()
    }

    /// The step's reply, in its contract's JSON form.
    func stepAnswered(_ call: StepCall) {
        stage = .answered
        call.run.succeeded(call, context.value(.reply))
    }
}
