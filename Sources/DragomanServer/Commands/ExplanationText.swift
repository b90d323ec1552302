// SPDX-License-Identifier: Apache-2.0
// An explanation for people: the whole way, step by step, in colour on a terminal.

internal import DragomanGateway
internal import DragomanMapping

struct ExplanationText {
    private let explanation: Explanation
    private let style: TerminalStyle
    private static let margin = "           "

    init(_ explanation: Explanation, colored: Bool) {
        self.explanation = explanation
        style = TerminalStyle(colored: colored)
    }

    var text: String {
        (route + others + parameters + violations + values + calls + response)
            .joined(separator: "\n")
    }

    // MARK: Lines

    /// `route      GET /orders`
    private func line(_ head: String, _ text: String) -> String {
        let space = String(repeating: " ", count: max(1, Self.margin.count - head.count))
        return style.bold(head) + space + text
    }

    private func indented(_ text: String) -> [String] {
        guard !text.isEmpty else { return [] }
        return text.split(separator: "\n", omittingEmptySubsequences: false).map {
            Self.margin + $0
        }
    }

    // MARK: Parts

    private var route: [String] {
        guard let route = explanation.route else { return [line("route", style.red("none"))] }
        return [
            line("route", style.cyan("\(route.method) \(route.path)")),
            Self.margin + "\(route.service): \(route.operation)",
            Self.margin + style.dim("\(route.file):\(route.line)"),
        ]
    }

    private var others: [String] {
        explanation.others.map { other in
            line("not", "\(other.method) \(other.path): \(other.reason) ")
                + style.dim("(\(other.file):\(other.line))")
        }
    }

    private var parameters: [String] {
        explanation.parameters.map { line("parameter", "\($0.name) = \($0.value)") }
    }

    private var violations: [String] {
        var lines = explanation.violations.map { violation in
            let text = "\(name(violation.place)) \(violation.keyword): \(violation.detail)"
            return line("violation", style.red(text))
        }
        if let refusal = explanation.refusal { lines.append(line("refused", style.red(refusal))) }
        if let failure = explanation.failure {
            lines.append(
                line("failed", style.red("${\(failure.source)} "))
                    + style.dim("(\(failure.file):\(failure.line))"))
        }
        return lines
    }

    private func name(_ place: RequestViolation.Place) -> String {
        switch place {
        case .pointer(let pointer): pointer.isEmpty ? "(body)" : pointer
        case .parameter(let name): name
        }
    }

    private var values: [String] {
        let file = explanation.route?.file ?? ""
        return explanation.values.map { value in
            let source = "${" + value.source.trimmingSpaces + "}"
            return line("value", "\(style.cyan(source)) = \(value.value) ")
                + style.dim("(\(file):\(value.line))")
        }
    }

    private var calls: [String] {
        explanation.calls.flatMap { call -> [String] in
            var name = call.step.map { "\($0): " } ?? ""
            if let step = call.step, let item = call.item { name = "\(step)[\(item)]: " }
            let backend = call.backend
            var lines = [
                line("backend", "\(name)\(backend.protocolName) \(backend.upstream)"),
                Self.margin + style.cyan("\(backend.method) \(backend.path)"),
            ]
            for (name, value) in backend.headers {
                lines.append(Self.margin + style.dim("\(name):") + " \(value)")
            }
            let readable = backend.readable.flatMap { $0.isEmpty ? nil : $0 }
            if let message = backend.message {
                lines += indented(message)
                if let readable { lines += indented(readable).map(style.dim) }
                lines += compression(backend)
            } else {
                lines += indented(readable ?? String(decoding: backend.body, as: UTF8.self))
            }
            if let encrypted = backend.encrypted {
                lines.append(Self.margin + style.cyan("and encrypted"))
                lines += indented(encrypted).map(style.dim)
            }
            return lines
                + call.mismatches.map { line("mismatch", style.red("\(name)\($0)")) }
        }
    }

    private func compression(_ backend: Explanation.Backend) -> [String] {
        guard let compression = backend.compression else { return [] }
        let text =
            compression.sentBytes.map { "\(compression.bytes) bytes, \($0) on the wire" }
            ?? "not worth it for \(compression.bytes) bytes"
        return [line("compressed", "\(compression.encoding): \(text)")]
    }

    private var response: [String] {
        guard let response = explanation.response else { return [] }
        let status = String(response.status)
        var lines = [
            line("response", response.status < 400 ? style.green(status) : style.red(status))
        ]
        for (name, value) in response.headers {
            lines.append(Self.margin + style.dim("\(name):") + " \(value)")
        }
        lines += indented(String(decoding: response.body, as: UTF8.self))
        if response.breaksOff {
            lines.append(
                line("broken off", style.red("the stream failed here, and the connection closes")))
        }
        return lines
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        var text = self[...]
        while text.first == " " { text = text.dropFirst() }
        while text.last == " " { text = text.dropLast() }
        return String(text)
    }
}
