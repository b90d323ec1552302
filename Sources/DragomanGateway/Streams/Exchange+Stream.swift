// SPDX-License-Identifier: Apache-2.0
// Where an exchange turns into a stream: what can be refused before anything is sent, the form of
// the answer, and the client's own deadline.

internal import DragomanBackends
internal import DragomanDocument
internal import DragomanHTTP
internal import DragomanMapping
internal import DragomanProtobuf
internal import NIOCore

extension Exchange {
    func beginStream(_ route: RoutePlan, _ call: GRPCCall) {
        guard let form = streamForm(route, call) else {
            let several =
                "The answer is application/json, application/x-ndjson or "
                + "text/event-stream."
            return refuse(
                call.method.isServerStreaming && route.response.produced == nil
                    ? Problem(.notAcceptable, detail: several)
                    : acceptProblem(route) ?? Problem(.notAcceptable, detail: several))
        }
        let stream = GRPCStream(self, route, call, form)
        if let problem = streamBodyProblem(route, stream) { return refuse(problem) }
        if !route.parameters.isEmpty { readParameters(route.parameters) }
        self.stream = stream
        stream.begin()
    }

    /// Nil where Accept excludes every form.
    private func streamForm(_ route: RoutePlan, _ call: GRPCCall) -> StreamForm? {
        guard call.method.isServerStreaming else {
            return acceptProblem(route) == nil ? .single : nil
        }
        if call.reply.fullName == HTTPBodyMessage.fullName, case .reply = route.response.body {
            return .bytes
        }
        if route.response.produced != nil {
            return acceptProblem(route) == nil ? .produced : nil
        }
        return StreamForm.chosen(by: head.fields)
    }

    /// What is wrong with the body before any of it has come. A stream's has no bound but that of
    /// each message, and may be NDJSON.
    private func streamBodyProblem(_ route: RoutePlan, _ stream: GRPCStream) -> Problem? {
        let hasBody = head.framing != .none && head.framing != .length(0)
        switch stream.intake {
        case .whole: return bodyProblem(route)
        case .bytes: return nil
        case .elements, .upload: break
        }
        // No bytes at all may be what is sent.
        guard hasBody || takesForms(route) && head.fields.contains("content-type") else {
            return nil
        }
        if let problem = mediaTypeProblem(route, isStream: true) { return problem }
        if form != nil { stream.intake = .upload }
        return hasBody ? codingProblem(route) : nil
    }

    private func takesForms(_ route: RoutePlan) -> Bool {
        guard case .json(let plan) = route.body else { return false }
        return plan.forms != nil
    }

    /// Reads `grpc-timeout`, by which a client bounds its call: the exchange ends then if not
    /// before.
    func takeClientDeadline() -> Problem? {
        guard let index = head.fields.firstIndex("grpc-timeout") else { return nil }
        let time = head.fields.withValue(at: index) { GRPCTimeoutText.read($0) }
        guard let time else {
            return Problem(
                .headerValue,
                detail: "grpc-timeout must be up to eight digits and a unit: H, M, S, m, u or n.")
        }
        let end = NIODeadline.now() + time
        clientDeadline = end
        deadline = min(deadline, end)
        return nil
    }
}

/// `grpc-timeout` as a client sends it.
enum GRPCTimeoutText {
    static func text(_ nanoseconds: Int64) -> String {
        GRPCTimeout.format(nanoseconds: nanoseconds)
    }

    static func read(_ text: UnsafeRawBufferPointer) -> TimeAmount? {
        guard text.count >= 2, text.count <= 9 else { return nil }
        var number: Int64 = 0
        for byte in text.dropLast() {
            guard byte >= 0x30, byte <= 0x39 else { return nil }
            number = number * 10 + Int64(byte - 0x30)
        }
        switch text[text.count - 1] {
        case UInt8(ascii: "H"): return .hours(min(number, 1_000_000))
        case UInt8(ascii: "M"): return .minutes(number)
        case UInt8(ascii: "S"): return .seconds(number)
        case UInt8(ascii: "m"): return .milliseconds(number)
        case UInt8(ascii: "u"): return .microseconds(number)
        case UInt8(ascii: "n"): return .nanoseconds(number)
        default: return nil
        }
    }
}
