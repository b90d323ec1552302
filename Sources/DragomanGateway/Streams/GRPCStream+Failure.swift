// SPDX-License-Identifier: Apache-2.0
// What goes wrong with a stream. Before the head of the answer it is a problem like any other;
// after it the form says it (MAPPING.md, "Streams"), and the connection closes without the last
// chunk.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

extension GRPCStream {
    /// The backend, or its answer, failed.
    func fail(_ error: ReplyError) {
        guard !isOver else { return }
        if isInBand {
            // A rule may look at the message that came last; the request is fine.
            return sayInBand(exchange.shownProblem(for: error))
        }
        finish()
        exchange.fail(error)
    }

    /// The request is at fault.
    func refuse(_ problem: Problem) {
        guard !isOver else { return }
        if isInBand { return sayInBand(exchange.shown(refusal: problem)) }
        finish()
        exchange.refuse(problem)
    }

    func backendFailed(_ failure: BackendFailure) {
        guard !isOver else { return }
        if isHolding, pending.readableBytes > 0 {
            pendingFailure = failure
        } else {
            fail(.backend(failure))
        }
    }

    /// A status line can not say it any more.
    private var isInBand: Bool { isHeadSent || isUpgraded }

    private func sayInBand(_ problem: Problem) {
        finish()
        exchange.call?.cancel()
        exchange.call = nil
        exchange.stage = .answered
        guard let client = exchange.client else { return }
        let output = exchange.output
        let document = Document()
        switch form {
        case .lines, .webSocket:
            if form == .webSocket { output.removeAll() }
            document.beginObject()
            document.key("error")
            problem.write(to: document)
            document.endObject()
            if let root = document.root { JSONWriter.write(root, to: output) }
            if form == .lines { output.append(0x0A) }
        case .events:
            output.append("event: error\ndata: ")
            problem.write(to: document)
            if let root = document.root { JSONWriter.write(root, to: output) }
            output.append("\n\n")
        case .array, .bytes, .produced, .single: break
        }
        if form == .webSocket {
            client.sendMessage(output.bytes)
            client.closeWebSocket(
                code: UInt16(4000 + problem.status), reason: problem.kind.slug)
        } else {
            flush()
            client.breakOff()
        }
    }

    // MARK: Time

    /// No message at all has come, of either side.
    func firstIsLate() {
        if exchange.call == nil || (intake != .whole && !isRequestEnded && !answersStream) {
            return refuse(exchange.tooSlow())
        }
        fail(.backend(late("no first message in time")))
    }

    func gapIsTooLong() {
        if !answersStream, !isRequestEnded {
            return refuse(
                exchange.limitProblem(
                    .tooSlow, "idle", "The stream's next message did not come in time."))
        }
        fail(.backend(late("no message for longer than `idle`")))
    }

    /// The client has sent all, and the one answer has not come.
    func answerIsLate() { fail(.backend(late("no answer in time"))) }

    private func late(_ detail: String) -> BackendFailure {
        BackendFailure(.timeout, detail, mayHaveBeenProcessed: true)
    }

    // MARK: The client's messages

    /// Errors of the current element, with pointers into the whole of what the client sends.
    func placed(_ problem: Problem) -> Problem {
        // An upload is one body, however it is cut.
        guard intake == .elements else { return problem }
        var problem = problem
        problem.errors = problem.errors.map { entry in
            guard case .pointer(let pointer) = entry.place else { return entry }
            return ProblemEntry(
                .pointer("/\(requestCount - 1)\(pointer)"), keyword: entry.keyword,
                detail: entry.detail)
        }
        return problem
    }

    /// The element is no JSON; its place is that in the whole body.
    func syntaxProblem(_ error: JSONSyntaxError) -> Problem {
        guard form != .webSocket, error.reason == .syntax else {
            return exchange.syntaxProblem(error)
        }
        let start = splitter.elementPlace
        return exchange.syntaxProblem(
            error.detail, offset: start.offset + error.offset, line: start.line + error.line - 1,
            column: error.line == 1 ? start.column + error.column - 1 : error.column)
    }

    func problem(of failure: ElementSplitter.Failure) -> Problem {
        switch failure.reason {
        case .tooLarge: return exchange.bodyTooLarge(route)
        case .syntax:
            return exchange.syntaxProblem(
                failure.detail, offset: failure.place.offset, line: failure.place.line,
                column: failure.place.column)
        case .noArray:
            var problem = Problem(.validation, detail: "There is one violation.")
            problem.errors = [
                ProblemEntry(
                    .pointer(""), keyword: "type",
                    detail: "must be an array of the stream's messages; NDJSON goes with "
                        + "Content-Type: application/x-ndjson")
            ]
            return problem
        }
    }
}
