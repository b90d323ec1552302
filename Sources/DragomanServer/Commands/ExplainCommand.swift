// SPDX-License-Identifier: Apache-2.0
// `dragoman explain`: one translation, step by step, as text for people or as JSON.

internal import DragomanDocument
package import DragomanGateway
internal import DragomanMapping
internal import NIOCore
internal import NIOPosix

package struct ExplainCommand: Sendable {
    package var source: GatewaySource
    package var request: ExplainRequest
    package var format = OutputFormat.text

    package init(source: GatewaySource, request: ExplainRequest) {
        self.source = source
        self.request = request
    }

    package func run() async -> Int32 {
        guard let plan = source.plan() else { return ExitCode.input }
        let explanation: Explanation
        do {
            explanation = try await explain(plan)
        } catch {
            Console.error("error: \(error)")
            return ExitCode.input
        }
        if format == .json {
            Console.line(ExplanationReport(explanation).json)
        } else {
            Console.line(ExplanationReport(explanation).text)
        }
        return explanation.isRefused ? ExitCode.no : ExitCode.fine
    }

    private func explain(_ plan: GatewayPlan) async throws -> Explanation {
        let upstreams = try plan.backendConfigurations()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let loop = group.next()
        let request = request
        let result = loop.makePromise(of: Explanation.self)
        loop.execute {
            let explainer = Explainer(loop: loop, plan: plan, upstreams: upstreams)
            explainer.explain(request) { explanation in
                result.succeed(explanation)
                explainer.close()
            }
        }
        let explanation = try await result.futureResult.get()
        try? await group.shutdownGracefully()
        return explanation
    }
}

/// An explanation in the two forms of PRODUCT.md.
struct ExplanationReport {
    let explanation: Explanation

    init(_ explanation: Explanation) { self.explanation = explanation }

    // MARK: Text

    var text: String {
        var lines: [String] = []
        if let route = explanation.route {
            lines.append("route      \(route.method) \(route.path)")
            lines.append("           \(route.service): \(route.operation)")
            lines.append("           \(route.file):\(route.line)")
        } else {
            lines.append("route      none")
        }
        for (name, value) in explanation.parameters {
            lines.append("parameter  \(name) = \(value)")
        }
        for violation in explanation.violations {
            lines.append(
                "violation  \(name(violation.place)) \(violation.keyword): \(violation.detail)")
        }
        if let refusal = explanation.refusal { lines.append("refused    \(refusal)") }
        if let backend = explanation.backend {
            lines.append("backend    \(backend.protocolName) \(backend.upstream)")
            lines.append("           \(backend.method) \(backend.path)")
            for (name, value) in backend.headers { lines.append("           \(name): \(value)") }
            let body = backend.message ?? String(decoding: backend.body, as: UTF8.self)
            lines += indented(body)
            if backend.message != nil { lines.append("           \(hexadecimal(backend.body))") }
        }
        if let response = explanation.response {
            lines.append("response   \(response.status)")
            for (name, value) in response.headers { lines.append("           \(name): \(value)") }
            lines += indented(String(decoding: response.body, as: UTF8.self))
        }
        return lines.joined(separator: "\n")
    }

    private func indented(_ text: String) -> [String] {
        text.isEmpty
            ? []
            : text.split(separator: "\n", omittingEmptySubsequences: false).map {
                "           \($0)"
            }
    }

    private func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = bytes.prefix(512).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return digits.joined(separator: " ") + (bytes.count > 512 ? " …" : "")
    }

    private func name(_ place: RequestViolation.Place) -> String {
        switch place {
        case .pointer(let pointer): pointer.isEmpty ? "(body)" : pointer
        case .parameter(let name): name
        }
    }

    // MARK: JSON

    var json: String {
        let document = Document()
        document.beginObject()
        appendRoute(to: document)
        appendViolations(to: document)
        appendBackend(to: document)
        appendResponse(to: document)
        document.endObject()
        return document.root?.indentedJSON ?? "{}"
    }

    private func member(_ name: String, _ value: String, _ document: Document) {
        document.key(name)
        document.append(string: value)
    }

    private func appendRoute(to document: Document) {
        document.key("route")
        if let route = explanation.route {
            document.beginObject()
            member("method", route.method, document)
            member("path", route.path, document)
            member("service", route.service, document)
            member("operation", route.operation, document)
            member("file", route.file, document)
            document.key("line")
            document.append(Int64(route.line))
            document.endObject()
        } else {
            document.appendNull()
        }
        document.key("parameters")
        document.beginObject()
        for (name, value) in explanation.parameters {
            document.key(name)
            append(json: Array(value.utf8), to: document)
        }
        document.endObject()
    }

    private func appendViolations(to document: Document) {
        document.key("violations")
        document.beginArray()
        for violation in explanation.violations {
            document.beginObject()
            switch violation.place {
            case .pointer(let pointer): member("pointer", pointer, document)
            case .parameter(let name): member("parameter", name, document)
            }
            member("keyword", violation.keyword, document)
            member("detail", violation.detail, document)
            document.endObject()
        }
        document.endArray()
    }

    private func appendBackend(to document: Document) {
        guard let backend = explanation.backend else { return }
        document.key("backend")
        document.beginObject()
        member("protocol", backend.protocolName, document)
        member("upstream", backend.upstream, document)
        member("method", backend.method, document)
        member("path", backend.path, document)
        append(headers: backend.headers, to: document)
        if let message = backend.message {
            document.key("message")
            append(json: Array(message.utf8), to: document)
            member("body_base64", Base64Text.encode(backend.body), document)
        } else if !backend.body.isEmpty {
            member("body", String(decoding: backend.body, as: UTF8.self), document)
        }
        document.endObject()
    }

    private func appendResponse(to document: Document) {
        guard let response = explanation.response else { return }
        document.key("response")
        document.beginObject()
        document.key("status")
        document.append(Int64(response.status))
        append(headers: response.headers, to: document)
        if !response.body.isEmpty {
            document.key("body")
            append(json: response.body, to: document)
        }
        document.endObject()
    }

    private func append(headers: [(name: String, value: String)], to document: Document) {
        document.key("headers")
        document.beginObject()
        var seen: Set<String> = []
        for (name, _) in headers where seen.insert(name).inserted {
            document.key(name)
            document.beginArray()
            for header in headers where header.name == name {
                document.append(string: header.value)
            }
            document.endArray()
        }
        document.endObject()
    }

    /// The value itself, or a string where the text is no JSON.
    private func append(json bytes: [UInt8], to document: Document) {
        let value = Document()
        bytes.withUnsafeBytes { value.append(source: $0) }
        if (try? value.readJSON()) != nil, let root = value.root {
            document.append(copy: root)
        } else {
            document.append(string: String(decoding: bytes, as: UTF8.self))
        }
    }
}

enum Base64Text {
    private static let alphabet = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)

    /// RFC 4648, 4, with padding.
    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        var index = 0
        while index < bytes.count {
            let left = bytes.count - index
            let second = left > 1 ? bytes[index + 1] : 0
            let third = left > 2 ? bytes[index + 2] : 0
            let bits = UInt32(bytes[index]) << 16 | UInt32(second) << 8 | UInt32(third)
            text.append(alphabet[Int(bits >> 18 & 63)])
            text.append(alphabet[Int(bits >> 12 & 63)])
            text.append(left > 1 ? alphabet[Int(bits >> 6 & 63)] : 0x3D)
            text.append(left > 2 ? alphabet[Int(bits & 63)] : 0x3D)
            index += 3
        }
        return String(decoding: text, as: UTF8.self)
    }
}
