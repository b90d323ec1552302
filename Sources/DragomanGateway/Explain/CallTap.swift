// SPDX-License-Identifier: Apache-2.0
// Between an exchange that is explained and the backends: writes every call down, and lets it
// through only where it is really to be made.

internal import DragomanBackends

final class CallTap: CallInterceptor {
    private(set) var calls: [Explanation.Call] = []
    private let sends: Bool
    /// By call; of those that were really made.
    private var recorders: [Int: ReplyRecorder] = [:]
    /// Calls that wait for their answer. It comes when the exchange has done all else, as a
    /// backend's would.
    private var waiting: [(exchange: Exchange, call: Int)] = []

    init(_ request: ExplainRequest) { sends = request.sends }

    func receiver(
        of request: BackendRequest, _ upstream: Int, _ exchange: Exchange
    ) -> (any BackendReceiver)? {
        var call = Explanation.Call(backend: exchange.describe(request, isSent: sends))
        call.step = exchange.stepCall?.name
        if exchange.stepCall?.isOfList == true { call.item = exchange.stepCall?.item }
        calls.append(call)
        guard sends else {
            waiting.append((exchange, calls.count - 1))
            return nil
        }
        let recorder = ReplyRecorder(exchange)
        recorders[calls.count - 1] = recorder
        return recorder
    }

    func noted(_ mismatches: [String], of exchange: Exchange) {
        let step = exchange.stepCall
        let index = calls.lastIndex { call in
            call.step == step?.name && (call.item == nil || call.item == step?.item)
        }
        if let index { calls[index].mismatches += mismatches }
    }

    /// Answers the calls, and those that are made upon the answers.
    func play(_ request: ExplainRequest, while isWanted: () -> Bool) {
        while !waiting.isEmpty, isWanted() {
            let (exchange, index) = waiting.removeFirst()
            guard exchange.isWaiting else { continue }
            if let reply = request.reply(to: calls[index]) {
                calls[index].replyProblem = exchange.play(reply)
            } else {
                calls[index].lacksReply = true
            }
        }
    }

    /// The calls, with what was really answered.
    var finished: [Explanation.Call] {
        var finished = calls
        for (index, recorder) in recorders { finished[index].recorded = recorder.recorded }
        return finished
    }
}
