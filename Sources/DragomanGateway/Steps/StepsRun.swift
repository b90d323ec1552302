// SPDX-License-Identifier: Apache-2.0
// The calls of one exchange whose route has several: each runs as an exchange of its own without
// a client, begins when what it reads is there, and tells here how it went.

internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

/// Which call of which exchange this is. The run outlives its calls: it gives them back.
struct StepCall {
    unowned let run: StepsRun
    let step: Int
    /// Position in the list of a step with `each`; 0 otherwise.
    let item: Int
    /// The step has `each`.
    let isOfList: Bool
    let name: String
}

/// The steps of one exchange, on its event loop.
final class StepsRun {
    private enum State {
        case waiting
        case running
        case succeeded
        case failed
    }

    /// The progress of a step with `each`.
    private final class List {
        let items: Node
        let itemCount: Int
        var next = 0
        var runningCount = 0
        var results: [Node?]

        init(items: Node) {
            self.items = items
            itemCount = items.count
            results = Array(repeating: nil, count: itemCount)
        }
    }

    unowned let exchange: Exchange
    private let plan: StepsPlan
    private var states: [State]
    private var lists: [List?]
    /// Lent from the worker until the exchange is over: their Documents hold the results.
    private var calls: [Exchange] = []
    /// Lists, fallbacks and results of `each`; kept as long as the calls.
    private var documents: [Document] = []
    private let overview = Document(tapeCapacity: 32, textCapacity: 64)
    private var isAdvancing = false
    private var isOver = false

    init(_ plan: StepsPlan, of exchange: Exchange) {
        self.plan = plan
        self.exchange = exchange
        states = Array(repeating: .waiting, count: plan.steps.count)
        lists = Array(repeating: nil, count: plan.steps.count)
    }

    // MARK: Order

    /// Begins every step whose dependencies are over; answers when all are.
    func advance() {
        // A call that fails at once ends inside `start`: the loop below sees it.
        guard !isAdvancing, !isOver else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        var hasBegun = true
        while hasBegun, !isOver {
            hasBegun = false
            for index in plan.steps.indices where !isOver && canBegin(index) {
                hasBegun = true
                states[index] = .running
                start(index)
            }
            for index in plan.steps.indices where !isOver { continueList(index) }
        }
        guard !isOver, states.allSatisfy({ $0 != .waiting && $0 != .running }) else { return }
        isOver = true
        setOverview()
        exchange.stepsEnded()
    }

    private func canBegin(_ index: Int) -> Bool {
        guard states[index] == .waiting else { return false }
        return plan.steps[index].dependencies.allSatisfy {
            states[$0] == .succeeded || states[$0] == .failed
        }
    }

    private func start(_ index: Int) {
        setOverview()
        let step = plan.steps[index]
        guard let each = step.each else { return call(index, item: 0, value: nil) }
        let document = newDocument()
        do throws(TranslationError) {
            guard let items = try each.items(exchange.context, into: document) else {
                return finishList(index, [])
            }
            if items.count == 0 { return finishList(index, []) }
            lists[index] = List(items: items)
        } catch {
            failed(index, exchange.requestProblem(error))
        }
    }

    private func continueList(_ index: Int) {
        guard states[index] == .running, let list = lists[index],
            let each = plan.steps[index].each
        else { return }
        while list.next < list.itemCount, list.runningCount < each.parallelMax,
            states[index] == .running, !isOver
        {
            let position = list.next
            list.next += 1
            list.runningCount += 1
            call(index, item: position, value: list.items.item(position))
        }
    }

    private func call(_ index: Int, item: Int, value: Node?) {
        let step = plan.steps[index]
        guard let call = exchange.worker.handler() as? Exchange else { return }
        calls.append(call)
        call.beginStep(
            step.route, of: exchange,
            StepCall(
                run: self, step: index, item: item, isOfList: step.each != nil, name: step.name)
        ) { context in
            if let each = step.each { context.set(slot: each.itemSlot, value) }
        }
    }

    // MARK: Results

    func succeeded(_ call: StepCall, _ reply: Node?) {
        guard !isOver, states[call.step] == .running else { return }
        if let list = lists[call.step] {
            list.results[call.item] = reply
            list.runningCount -= 1
            let isWhole = list.next == list.itemCount && list.runningCount == 0
            if isWhole { finishList(call.step, list.results) }
        } else {
            states[call.step] = .succeeded
            exchange.context.set(slot: plan.steps[call.step].slot, reply)
        }
        advance()
    }

    func failed(_ call: StepCall, _ problem: Problem) {
        guard !isOver, states[call.step] == .running else { return }
        let failing = calls.first {
            $0.stepCall?.step == call.step && $0.stepCall?.item == call.item
        }
        if let failing { exchange.context.takeFailure(of: failing.context) }
        failed(call.step, problem)
        advance()
    }

    private func failed(_ index: Int, _ problem: Problem) {
        let step = plan.steps[index]
        states[index] = .failed
        guard step.isOptional else { return end(with: problem) }
        cancel { $0.stepCall?.step == index }
        guard let fallback = step.fallback else { return }
        do throws(TranslationError) {
            exchange.context.set(
                slot: step.slot, try fallback.message(exchange.context, into: newDocument()))
        } catch {
            end(with: exchange.requestProblem(error))
        }
    }

    private func finishList(_ index: Int, _ results: [Node?]) {
        let document = newDocument()
        document.beginArray()
        for result in results {
            if let result { document.append(reference: result) } else { document.appendNull() }
        }
        document.endArray()
        states[index] = .succeeded
        exchange.context.set(slot: plan.steps[index].slot, document.root)
    }

    /// A required step failed: the others are of no use.
    private func end(with problem: Problem) {
        isOver = true
        cancel { _ in true }
        exchange.stepsFailed(problem)
    }

    /// `steps`, as far as its steps are over.
    private func setOverview() {
        guard let slot = plan.slot else { return }
        overview.removeAll()
        overview.beginObject()
        for (step, state) in zip(plan.steps, states) where state == .succeeded || state == .failed {
            overview.key(step.nameText)
            overview.beginObject()
            overview.key("ok")
            overview.append(state == .succeeded)
            overview.endObject()
        }
        overview.endObject()
        exchange.context.set(slot: slot, overview.root)
    }

    private func newDocument() -> Document {
        let document = Document(tapeCapacity: 32, textCapacity: 64)
        documents.append(document)
        return document
    }

    // MARK: The end

    /// The client is gone: so are the calls.
    func cancel() {
        isOver = true
        cancel { _ in true }
    }

    private func cancel(where isMeant: (Exchange) -> Bool) {
        for call in calls where isMeant(call) { call.clientGone() }
    }

    /// Gives the memory of the calls back.
    func release() {
        cancel()
        for call in calls { call.released() }
        calls = []
        documents = []
    }
}
