// SPDX-License-Identifier: Apache-2.0
// Runs an example through the very exchange that serves requests, with a backend that is not
// there, and says where what came differs from what is written (MAPPING.md, Examples are tests).

internal import DragomanDocument
package import DragomanMapping
internal import DragomanProtobuf
internal import DragomanXML

/// One example and how it went.
package struct ExampleOutcome: Sendable {
    package let route: RoutePlan
    package let example: RouteExample
    package var differences: [ExampleDifference]
    /// What was seen, for `--record`; nil where no call was made.
    package var recorded: RecordedReply?
    package var explanation: Explanation
}

extension Explainer {
    /// `sends`: the real backend is called, whatever the example says that it answers. `done` is
    /// called on the loop, once.
    package func run(
        _ example: RouteExample, of route: RoutePlan, sends: Bool = false,
        done: @escaping (ExampleOutcome) -> Void
    ) {
        var request = ExplainRequest(method: route.method, target: example.target)
        request.headers = example.headers
        request.body = example.body
        request.claims = example.claims
        request.given = example.given
        request.sends = sends
        if !sends, let reply = example.receives.first {
            var played = ExplainReply()
            played.bytes = reply.bytes
            played.status = reply.status
            played.headers = reply.headers
            request.reply = played
        }
        explain(request) { explanation in
            let comparison = ExampleComparison(
                route: route, example: example, explanation: explanation, wasSent: sends)
            done(
                ExampleOutcome(
                    route: route, example: example, differences: comparison.differences(),
                    recorded: explanation.recorded, explanation: explanation))
        }
    }
}

/// What is written against what came.
private struct ExampleComparison {
    let route: RoutePlan
    let example: RouteExample
    let explanation: Explanation
    let wasSent: Bool

    func differences() -> [ExampleDifference] {
        let place = example.node["request"]?.position ?? example.node.position
        if let refusal = explanation.refusal {
            return [ExampleDifference(.request, "is no HTTP request: \(refusal)", position: place)]
        }
        guard explanation.routeIndex == route.index else {
            let other = explanation.route.map {
                "another route: \($0.method) \($0.path) (\($0.file):\($0.line))"
            }
            return [
                ExampleDifference(
                    .request, "the request leads elsewhere",
                    expected: "\(route.method) \(route.template.text)",
                    actual: other ?? "no route at all", position: place)
            ]
        }
        return (wasSent ? [] : sent() + received()) + answered()
    }

    // MARK: What the backend gets

    private func sent() -> [ExampleDifference] {
        guard let wanted = example.sends.first else { return [] }
        guard let backend = explanation.backend, let call = route.call else {
            let status = explanation.response.map { "the answer is \($0.status) before any call" }
            return [
                ExampleDifference(
                    .sends, "no backend is called", actual: status,
                    position: wanted.node.position)
            ]
        }
        let found: Result<[ValueDifference], ExampleTextProblem>
        switch call {
        case .grpc(let call): found = Self.compareGRPC(wanted.bytes, backend.body, call)
        case .soap, .xml: found = Self.compareXML(wanted.bytes, backend.body)
        case .http: found = Self.compareHTTP(wanted.bytes, backend)
        }
        switch found {
        case .success(let differences):
            return differences.map { located($0, .sends, wanted.node) }
        case .failure(let problem):
            return [
                ExampleDifference(.sends, problem.message, position: wanted.node.position)
            ]
        }
    }

    private static func compareGRPC(
        _ wanted: [UInt8], _ body: [UInt8], _ call: GRPCCall
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        switch ProtoJSONText.wire(wanted, call.request, call.options) {
        case .failure(let failure):
            let message =
                failure.isJSON
                ? "`sends` is no \(call.contract.messages[call.method.input].fullName): "
                    + failure.detail
                : failure.detail
            return .failure(ExampleTextProblem(message: message))
        case .success(let bytes):
            guard let expected = ProtoJSONText.document(bytes, call.request),
                let actual = ProtoJSONText.document(body, call.request)
            else { return .failure(ExampleTextProblem(message: "the message can not be read")) }
            return .success(differences(expected, actual))
        }
    }

    private static func compareXML(
        _ wanted: [UInt8], _ body: [UInt8]
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        do throws(DragomanXML.ContractProblem) {
            let expected = try XMLFragment(wanted)
            let actual = try XMLFragment(body)
            // Body's own names differ by version; an Envelope is compared as a whole.
            return .success(
                expected.isEnvelope
                    ? XMLDifference.find(expected: expected.elements, actual: actual.elements)
                    : XMLDifference.find(expected: expected.elements, actual: actual.body))
        } catch {
            return .failure(ExampleTextProblem(message: "`sends` is no XML: \(error.message)"))
        }
    }

    /// JSON by its value; a text that begins as a request line does is the request.
    private static func compareHTTP(
        _ wanted: [UInt8], _ backend: Explanation.Backend
    ) -> Result<[ValueDifference], ExampleTextProblem> {
        var found: [ValueDifference] = []
        var body = wanted
        if let request = HTTPExample(wanted) {
            let line = "\(backend.method) \(backend.path)"
            if request.line != line {
                found.append(
                    ValueDifference(
                        "", "is another request", expected: request.line, actual: line))
            }
            for (name, value) in request.headers {
                let values = backend.headers.filter { $0.name == name.lowercased() }.map(\.value)
                if !values.contains(value) {
                    found.append(
                        ValueDifference(
                            name, values.isEmpty ? "is missing" : "differs", expected: value,
                            actual: values.isEmpty ? nil : values.joined(separator: ", ")))
                }
            }
            guard let own = request.body else { return .success(found) }
            body = own
        }
        return .success(found + compareTexts(body, backend.body))
    }

    /// As JSON where both are, else byte by byte.
    private static func compareTexts(_ wanted: [UInt8], _ body: [UInt8]) -> [ValueDifference] {
        if let expected = JSONExample.document(wanted), let actual = JSONExample.document(body) {
            return differences(expected, actual)
        }
        let expected = String(decoding: wanted, as: UTF8.self)
        let actual = String(decoding: body, as: UTF8.self)
        if expected == actual || expected == actual + "\n" { return [] }
        return [ValueDifference("", "differs", expected: expected, actual: actual)]
    }

    private static func differences(_ expected: Document, _ actual: Document) -> [ValueDifference] {
        withExtendedLifetime((expected, actual)) {
            guard let first = expected.root, let second = actual.root else { return [] }
            return JSONDifference.find(expected: first, actual: second)
        }
    }

    // MARK: What the backend answers

    private func received() -> [ExampleDifference] {
        if let reply = example.receives.first {
            let place = reply.node?.position ?? example.node.position
            if let problem = explanation.replyProblem {
                return [ExampleDifference(.receives, problem, position: place)]
            }
            return []
        }
        guard explanation.backend != nil, let responds = example.responds else { return [] }
        return [
            ExampleDifference(
                .receives, "the backend is called, and nothing says what it answers",
                expected: "`receives`", position: responds.node.position)
        ]
    }

    // MARK: What the client is told

    private func answered() -> [ExampleDifference] {
        guard let wanted = example.responds else { return [] }
        guard let response = explanation.response else { return [] }
        var found: [ExampleDifference] = []
        if let status = wanted.status, status != response.status {
            let place = wanted.node["status"]?.position ?? wanted.node.position
            found.append(
                ExampleDifference(
                    .responds, path: "status", "differs", expected: String(status),
                    actual: "\(response.status)\(reason(response))", position: place))
        }
        for (key, value) in wanted.headers {
            let name = (key.text ?? "").lowercased()
            let values = response.headers.filter { $0.name.lowercased() == name }.map(\.value)
            guard !values.contains(value) else { continue }
            found.append(
                ExampleDifference(
                    .responds, path: "headers/\(name)",
                    values.isEmpty ? "is missing" : "differs", expected: value,
                    actual: values.isEmpty ? nil : values.joined(separator: ", "),
                    position: key.position))
        }
        if let body = wanted.body, let node = wanted.bodyNode {
            found += Self.compareTexts(body, response.body).map { located($0, .responds, node) }
        }
        return found
    }

    /// What a problem says, so that a wrong status explains itself.
    private func reason(_ response: Explanation.Response) -> String {
        guard response.status >= 400, let document = JSONExample.document(response.body),
            let detail = document.root?.member("detail")?.string
        else { return "" }
        let first = document.root?.member("errors")?.item(0).map { ": \($0.json)" } ?? ""
        return " (\(detail)\(first))"
    }

    private func located(
        _ difference: ValueDifference, _ part: ExampleDifference.Part, _ node: YAMLNode
    ) -> ExampleDifference {
        ExampleDifference(
            part, path: difference.path, difference.message, expected: difference.expected,
            actual: difference.actual,
            position: YAMLDocument.node(at: difference.path, in: node).position)
    }
}

private struct ExampleTextProblem: Error { let message: String }

enum JSONExample {
    static func document(_ bytes: [UInt8]) -> Document? {
        let document = Document()
        bytes.withUnsafeBytes { document.append(source: $0) }
        return (try? document.readJSON()) == nil ? nil : document
    }
}

/// `GET /items/3`, header lines, an empty line and a body: as much of it as is written.
private struct HTTPExample {
    let line: String
    var headers: [(name: String, value: String)] = []
    var body: [UInt8]?

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first else { return nil }
        let words = first.split(separator: " ")
        guard words.count >= 2, words[1].hasPrefix("/"), words[0].allSatisfy(\.isUppercase) else {
            return nil
        }
        line = "\(words[0]) \(words[1])"
        var index = 1
        while index < lines.count, !lines[index].isEmpty {
            let parts = lines[index].split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                headers.append((String(parts[0]), String(parts[1].drop { $0 == " " })))
            }
            index += 1
        }
        let rest = lines.dropFirst(index + 1).joined(separator: "\n")
        if !rest.allSatisfy(\.isWhitespace) { body = Array(rest.utf8) }
    }
}
