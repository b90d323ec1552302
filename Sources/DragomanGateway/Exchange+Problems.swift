// SPDX-License-Identifier: Apache-2.0
// What goes wrong with an exchange, and what the client is told of it (PRODUCT.md, "Errors that a
// client sees"). Every way out but success ends in `refuse` or `fail`.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import NIOCore

/// Why a backend's answer can not become the client's.
enum ReplyError: Error {
    /// There is none, or not all of it.
    case backend(BackendFailure)
    /// It is not what its contract or its protocol allows; the text is for log and client.
    case invalid(String)
    case translation(TranslationError)
    /// The mapping's template failed.
    case mapping(TranslationError)
    /// The backend said that it failed, in its own way.
    case problem(Problem)
}

extension Exchange {
    // MARK: Before the call

    /// The request is refused: the client's answer is this problem.
    func refuse(_ problem: Problem) {
        stream?.abandoned()
        call?.cancel()
        call = nil
        let shown = shown(refusal: problem)
        stage = .answered
        worker.pool.timers.remove(self)
        if let stepCall { return stepCall.run.failed(stepCall, shown) }
        guard let client else { return }
        shown.send(to: client)
    }

    /// A refusal as the client may see it; the log has it if it is the gateway's fault.
    func shown(refusal problem: Problem) -> Problem {
        guard problem.status >= 500 else { return problem }
        record(problem, problem.detail ?? problem.title)
        var shown = problem
        if let plan, !plan.configuration.exposeErrors { shown.detail = nil }
        return shown
    }

    func record(_ problem: Problem, _ detail: String) {
        // Of several calls it matters which one it was.
        let detail = stepCall.map { "step `\($0.name)`: \(detail)" } ?? detail
        worker.log.failure(
            FailureRecord(
                reason: problem.kind.slug, status: problem.status, method: head.methodText,
                route: route.map { "\($0.method) \($0.template.text)" } ?? "",
                upstream: upstreamName,
                detail: detail))
    }

    var upstreamName: String? {
        guard let call = route?.call, let plan else { return nil }
        return plan.upstreams[call.upstream].name
    }

    func methodNotAllowed(_ allow: String) -> Problem {
        var problem = Problem(
            .methodNotAllowed, detail: "This path does not take \(head.methodText).")
        problem.fields.append("allow", allow)
        return problem
    }

    /// What is wrong with the body before any of it has come.
    func bodyProblem(_ route: RoutePlan) -> Problem? {
        if head.framing == .length(0), case .json(let plan) = route.body, plan.forms != nil,
            head.fields.contains("content-type")
        {
            // No bytes at all may be what is sent.
            return mediaTypeProblem(route)
        }
        guard head.framing != .none, head.framing != .length(0) else { return nil }
        if case .length(let length) = head.framing, length > route.limits.body {
            return bodyTooLarge(route)
        }
        switch route.body {
        case .passedThrough: return nil
        case .refused:
            return Problem(.unexpectedBody, detail: "This route takes no body.")
        case .json: break
        }
        if let problem = mediaTypeProblem(route) { return problem }
        return codingProblem(route)
    }

    func acceptProblem(_ route: RoutePlan) -> Problem? {
        if case .passedThrough = route.response.body { return nil }
        if route.response.isHTTPBody { return nil }
        if let produced = route.response.produced { return producedProblem(produced) }
        if Accept.admits("application", "json", head.fields) { return nil }
        return Problem(.notAcceptable, detail: "The answer is application/json.")
    }

    func bodyTooLarge(_ route: RoutePlan) -> Problem {
        limitProblem(.tooLarge, "body", "The body is too large.")
    }

    func tooSlow() -> Problem {
        limitProblem(.tooSlow, "timeout", "The request did not come in time.")
    }

    func limitProblem(_ kind: ProblemKind, _ name: String, _ detail: String) -> Problem {
        var problem = Problem(kind, detail: detail)
        let value = route?.limits.text(of: name) ?? plan?.configuration.limits.text(of: name)
        problem.limit = (name, value ?? "")
        return problem
    }

    func syntaxProblem(_ error: JSONSyntaxError) -> Problem {
        switch error.reason {
        case .depth: limitProblem(.tooLarge, "depth", error.detail)
        case .members: limitProblem(.tooLarge, "members", error.detail)
        case .names: limitProblem(.tooLarge, "names", error.detail)
        case .text: limitProblem(.tooLarge, "text", error.detail)
        case .syntax:
            syntaxProblem(
                error.detail, offset: error.offset, line: error.line, column: error.column)
        }
    }

    func syntaxProblem(_ detail: String, offset: Int, line: Int, column: Int) -> Problem {
        var problem = Problem(.malformedJSON, detail: "The body is not JSON: \(detail).")
        problem.errors = [
            ProblemEntry(
                .text(offset: offset, line: line, column: column), keyword: nil, detail: detail)
        ]
        return problem
    }

    /// All violations that the context has collected.
    func violationsProblem() -> Problem {
        var problem = Problem(.validation)
        problem.errors = context.violations.map { violation in
            switch violation.place {
            case .pointer(let pointer):
                ProblemEntry(
                    .pointer(pointer), keyword: violation.keyword, detail: violation.detail)
            case .parameter(let name):
                ProblemEntry(
                    .parameter(name), keyword: violation.keyword, detail: violation.detail)
            }
        }
        problem.errorsOmitted = context.violationsOmitted
        let count = problem.errors.count + problem.errorsOmitted
        problem.detail = count == 1 ? "There is one violation." : "There are \(count) violations."
        return problem
    }

    /// A value that passed the schema and is refused by the contract, or by the mapping.
    func requestProblem(_ error: TranslationError) -> Problem {
        switch error.reason {
        case .depth: return limitProblem(.tooLarge, "depth", error.detail)
        case .members: return limitProblem(.tooLarge, "members", error.detail)
        case .size: return limitProblem(.tooLarge, "body", error.detail)
        case .value, .message: break
        }
        guard error.keyword != "header" else {
            return Problem(.headerValue, detail: error.detail)
        }
        for violation in context.violations(for: error, body: body) { context.report(violation) }
        return violationsProblem()
    }

    // MARK: After the call

    /// There is no answer, or none that can be passed on as success.
    func fail(_ error: ReplyError) {
        if isRepeated(after: error) { return }
        call?.cancel()
        call = nil
        if isPassing {
            // No status line can say it any more: the log does, and the missing end.
            let (problem, detail) = problem(for: error)
            record(problem, detail)
            stage = .answered
            client?.breakOff()
            return
        }
        let shown = shownProblem(for: error)
        stage = .answered
        worker.pool.timers.remove(self)
        if let stepCall { return stepCall.run.failed(stepCall, shown) }
        guard let client else { return }
        shown.send(to: client)
    }

    /// What the client is told of a failure; the log has it from 500 on.
    func shownProblem(for error: ReplyError) -> Problem {
        let (problem, detail) = problem(for: error)
        if problem.status >= 500 { record(problem, detail) }
        var shown = problem
        if !shown.fields.contains("retry-after"), let fields = stream?.fields ?? reply.fields,
            let index = fields.firstIndex("retry-after")
        {
            shown.fields.append(fieldAt: index, of: fields)
        }
        if let plan, !plan.configuration.exposeErrors, !shown.isRuled { shown.hideBackend() }
        return shown
    }

    /// - Returns: the problem, and what the log says of it.
    private func problem(for error: ReplyError) -> (Problem, String) {
        switch error {
        case .problem(let problem):
            let ruled = ruled(problem)
            return (ruled, ruled.detail ?? ruled.title)
        case .invalid(let detail):
            return (upstreamProblem(.invalidReply, detail), detail)
        case .translation(let error):
            let place = error.path.map { " (\($0))" } ?? ""
            let detail = error.detail + place
            switch error.reason {
            case .depth, .members, .size:
                var problem = upstreamProblem(.invalidReply, detail)
                let name = error.reason == .size ? "reply" : "\(error.reason)"
                problem.limit = (name, route?.limits.text(of: name) ?? "")
                return (problem, detail)
            case .value, .message: return (upstreamProblem(.invalidReply, detail), detail)
            }
        case .mapping(let error):
            var problem = Problem(.mapping, detail: "The mapping could not make the answer.")
            problem.errors = [
                ProblemEntry(.pointer(""), keyword: error.keyword, detail: error.detail)
            ]
            let place = context.failed.map { " (\($0.file):\($0.position.line))" } ?? ""
            return (problem, error.detail + place)
        case .backend(let failure): return failureProblem(failure)
        }
    }

    func upstreamProblem(_ kind: ProblemKind, _ detail: String) -> Problem {
        var problem = Problem(kind, detail: detail)
        problem.upstream = upstreamName
        return problem
    }

    private func failureProblem(_ failure: BackendFailure) -> (Problem, String) {
        let kind: ProblemKind
        let detail: String
        switch failure.kind {
        case .connect, .connectTimeout:
            (kind, detail) = (.noConnection, "No connection to the backend.")
        case .overloaded:
            (kind, detail) = (.overloaded, "Too many calls wait for the backend.")
        case .timeout: (kind, detail) = (.timeout, "The backend did not answer in time.")
        case .reset, .closed:
            (kind, detail) = (.broken, "The backend broke off before its answer was whole.")
        case .protocolViolation, .tooLarge:
            (kind, detail) = (.invalidReply, "The backend's answer is not valid HTTP.")
        }
        return (upstreamProblem(kind, detail), failure.detail)
    }
}

extension Problem {
    /// Leaves what the gateway says of itself, and takes out what the backend said.
    mutating func hideBackend() {
        detail = nil
        members = []
        upstream = nil
    }
}

extension Exchange {
    /// A route may have less patience than its upstream's connections.
    func limitConnecting(_ request: inout BackendRequest, _ upstream: Int) {
        guard let route, worker.interceptor == nil else { return }
        let time = TimeAmount(route.limits.connect)
        let bound = worker.pool.connectTimeout(of: upstream)
        if time < bound { request.connectTimeout = time }
    }

    /// When the backend's answer is due: the route's time for a call, within the exchange's.
    func callDeadline() -> NIODeadline {
        guard let timeout = route?.timeout else { return deadline }
        return min(deadline, .now() + TimeAmount(timeout))
    }
}
